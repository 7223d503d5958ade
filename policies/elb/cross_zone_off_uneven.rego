# METADATA
# title: Traffic stays in its zone, and the zones have unequal targets
# description: |
#   Clients spread over the zones of the load balancer evenly, and each zone sends only to its own targets. Where a
#   zone has few of them, these get too much while others are idle. A zone in which a group has no healthy target is
#   taken out of the name of the load balancer, for all of its groups: it is in fewer zones than it seems, and clients
#   that keep an address of that zone get no answer.
#
#   Network and Gateway Load Balancers of two or more zones are judged that send to a target group, each of their
#   groups for itself. What a group says of its zones counts before what the load balancer says. Groups of Gateway
#   Load Balancers and of Application Load Balancers as targets cannot say anything. Keeping traffic in its zone is
#   right where it is meant to keep faults there; it only asks for equal zones. A group without any healthy target is
#   left to `elb-targets-in-one-zone`. The verdict is unknown where targets are being registered in unequal zones, or
#   where the zone of a healthy target is not known.
#
#   Application Load Balancers send across zones, and what a group of theirs says otherwise is not collected.
# scope: package
# related_resources:
# - description: Cross-zone load balancing for target groups
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html
# - description: Gateway Load Balancers
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-load-balancers.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: redundancy
#   scenarios: [zone]
#   resource_types: [AWS::ElasticLoadBalancingV2::LoadBalancer]
#   requires:
#   - elasticloadbalancing:DescribeLoadBalancers
#   - elasticloadbalancing:DescribeLoadBalancerAttributes
#   - elasticloadbalancing:DescribeTargetGroups
#   - elasticloadbalancing:DescribeTargetGroupAttributes
#   - elasticloadbalancing:DescribeTargetHealth
#   parameters:
#     maximum_ratio:
#       default: 2
#       description: Healthy targets in the fullest zone for each one in the emptiest, at most.
#   controls:
#     aws-well-architected: [REL11-BP02]
#     aws-config: [nlb-cross-zone-load-balancing-enabled]
#     nist-800-53: [SC-36]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [load-balancers-in-several-zones]
#   remediation:
#   - argv:
#     - aws
#     - elbv2
#     - modify-load-balancer-attributes
#     - --load-balancer-arn={{params.load_balancer}}
#     - --attributes=Key=load_balancing.cross_zone.enabled,Value=true
#     - --region={{region}}
#     effect: >-
#       every zone sends to the healthy targets of all zones, for all groups that do not say otherwise; a fault in one
#       zone then shows in the others. Where it is to stay in its zone, put as many targets into each zone instead
#     risk: review
#     undo:
#     - aws
#     - elbv2
#     - modify-load-balancer-attributes
#     - --load-balancer-arn={{params.load_balancer}}
#     - --attributes=Key=load_balancing.cross_zone.enabled,Value=false
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-load-balancer-attributes
#     - --load-balancer-arn={{arn}}
#     - --query=Attributes[].[Key,Value]
#     - --region={{region}}
#     cost: traffic between the zones is billed
#   - argv:
#     - aws
#     - elbv2
#     - modify-target-group-attributes
#     - --target-group-arn={{params.target_group}}
#     - --attributes=Key=load_balancing.cross_zone.enabled,Value=true
#     - --region={{region}}
#     effect: >-
#       every zone sends to the healthy targets of this group in all zones; a fault in one zone then shows in the
#       others. Where it is to stay in its zone, put as many targets into each zone instead
#     risk: review
#     undo:
#     - aws
#     - elbv2
#     - modify-target-group-attributes
#     - --target-group-arn={{params.target_group}}
#     - --attributes=Key=load_balancing.cross_zone.enabled,Value=false
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-target-group-attributes
#     - --target-group-arn={{params.target_group}}
#     - --query=Attributes[].[Key,Value]
#     - --region={{region}}
#     cost: traffic between the zones is billed
#   since: 0.1.0
package hadr.elb.cross_zone_off_uneven

_balancers := [balancer |
	some balancer in input.resources["AWS::ElasticLoadBalancingV2::LoadBalancer"]
	balancer.attributes.type != "application"
	count(balancer.zones) > 1
]

subjects contains balancer.arn if {
	some balancer in _balancers
	count(input.relations.forwards_to[balancer.arn]) > 0
}

# Nobody knows what it sends to.
subjects contains balancer.arn if {
	some balancer in _balancers
	not balancer.region in _listed
}

_listed := {region.name |
	some region in input.regions
	input.coverage["elasticloadbalancing:DescribeTargetGroups"][region.name] == "collected"
}

unknowns contains balancer.arn if {
	some balancer in _balancers
	not balancer.region in _listed
}

# Load balancers with those of their groups that are not known to be served across zones.
_zonal := [entry |
	some balancer in _balancers
	some arn in input.relations.forwards_to[balancer.arn]
	group := input.by_arn[arn]
	crosses := _crosses(balancer, group)
	crosses != true
	healthy := object.get(group, ["placement", "healthy"], {})
	entry := {
		"balancer": balancer,
		"group": group,
		"crosses": crosses,
		"healthy": {zone.name: object.get(healthy, zone.name, 0) | some zone in balancer.zones},
		"unplaced": object.get(group, ["placement", "unplaced"], []),
	}
]

_crosses(balancer, group) := group.attributes.cross_zone_enabled == "true" if {
	group.attributes.cross_zone_enabled in {"true", "false"}
} else := balancer.attributes.cross_zone_enabled if {
	_follows(group)
} else := null

_follows(group) if group.attributes.cross_zone_enabled == "use_load_balancer_configuration"

# These have no such setting.
_follows(group) if group.attributes.protocol == "GENEVE"

_follows(group) if group.attributes.target_type == "alb"

# The zones are unequal. Without a healthy target in any, they are equal.
_uneven := [entry |
	some entry in _zonal
	counts := [number | some number in entry.healthy]
	max(counts) > data.parameters["elb-cross-zone-off-uneven"].maximum_ratio * min(counts)
]

unknowns contains entry.balancer.arn if {
	some entry in _zonal
	_is_unplaced(entry)
}

unknowns contains entry.balancer.arn if {
	some entry in _uneven
	entry.crosses == null
}

unknowns contains entry.balancer.arn if {
	some entry in _uneven
	_is_changing(entry.group)
}

_is_unplaced(entry) if entry.group.attributes.targets == null

_is_unplaced(entry) if count(entry.unplaced) > 0

_is_changing(group) if {
	is_array(group.attributes.targets)
	some target in group.attributes.targets
	target.state in {"initial", "unavailable", null}
}

violations contains violation if {
	some entry in _uneven
	entry.crosses == false
	not _is_unplaced(entry)
	not _is_changing(entry.group)
	violation := {
		"resource": entry.balancer.arn,
		"message": sprintf(
			"%s keeps traffic in its zones, and %s has %s",
			[entry.balancer.name, entry.group.name, _contrast(entry.healthy)],
		),
		"evidence": {
			"target_group": entry.group.arn,
			"healthy": entry.healthy,
			"cross_zone_enabled": entry.balancer.attributes.cross_zone_enabled,
			"target_group_cross_zone_enabled": entry.group.attributes.cross_zone_enabled,
		},
		"params": _params(entry),
		"discriminator": entry.group.name,
	}
}

_contrast(healthy) := sprintf("no healthy target in %s", [concat(", ", missing)]) if {
	missing := [name | some name in object.keys(healthy); healthy[name] == 0]
	count(missing) > 0
} else := sprintf("%d healthy targets in one and %d in another", [max(counts), min(counts)]) if {
	counts := [number | some number in healthy]
}

# What decides is what has to be changed.
_params(entry) := {"target_group": entry.group.arn} if {
	entry.group.attributes.cross_zone_enabled == "false"
} else := {"load_balancer": entry.balancer.arn}
