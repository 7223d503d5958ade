# METADATA
# title: Target group has no healthy targets in a second Availability Zone
# description: |
#   The load balancer is in several zones, and all that it can send to is in one: when that zone fails, every request
#   is answered with an error, and the load balancer in the other zones helps nobody. Where no target is healthy, this
#   is so already, or the checks are wrong and requests go to all targets alike.
#
#   Target groups that a load balancer of two or more zones uses are judged by their healthy targets; a single target
#   is enough to be in one zone. Healthy targets in one zone are the lesser finding. Groups of functions are not
#   judged, for functions have no zone. A group that nothing is registered with is not judged where another group of
#   its load balancer serves, because it is the idle half of a blue/green deployment, nor where its Auto Scaling
#   groups are scaled to zero, which is what a pilot light is. The rules and weights of listeners are not collected:
#   whether a group with targets is the idle half is not known, and it is judged; a group without targets that has
#   paths of its own is not found. Services of containers are not collected either, so that one which is scaled to
#   zero is a group without targets.
#
#   The verdict is unknown while targets are being registered or their health is not known, and where healthy targets
#   whose zone is not known, such as addresses outside of the VPC, could be in a second one. Targets that leave do not
#   count. How many of the targets are unhealthy changes by the minute and is for an alarm, not for a scan.
# scope: package
# related_resources:
# - description: Target groups for your Application Load Balancers
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
# - description: Health checks for Network Load Balancer target groups
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: high
#     non-production: none
#   concern: redundancy
#   scenarios: [instance, zone]
#   resource_types: [AWS::ElasticLoadBalancingV2::TargetGroup]
#   requires:
#   - elasticloadbalancing:DescribeTargetGroups
#   - elasticloadbalancing:DescribeLoadBalancers
#   - elasticloadbalancing:DescribeTargetHealth
#   controls:
#     aws-well-architected: [REL10-BP01, REL11-BP02]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [load-balancers-in-several-zones]
#   remediation:
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{params.auto_scaling_group}}
#     - --vpc-zone-identifier={{choose.subnets}}
#     - --min-size={{choose.min_size}}
#     - --max-size={{choose.max_size}}
#     - --region={{region}}
#     effect: >-
#       the group that fills the target group starts instances in the zones of these subnets, as many in each. The
#       list, with commas, takes the place of the present one; the minimum has to be two at least, and the load
#       balancer has to be in these zones
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{params.auto_scaling_group}}
#     - --vpc-zone-identifier={{params.present_subnets}}
#     - --min-size={{params.present_min_size}}
#     - --max-size={{params.present_max_size}}
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-target-health
#     - --target-group-arn={{arn}}
#     - --query=TargetHealthDescriptions[].[Target.Id,TargetHealth.State]
#     - --region={{region}}
#     cost: instances that are started beyond the present ones; traffic between the zones is billed
#   - argv:
#     - aws
#     - elbv2
#     - register-targets
#     - --target-group-arn={{params.target_group}}
#     - --targets=[{"Id":"{{choose.target_id}}"}]
#     - --region={{region}}
#     effect: >-
#       a target in another zone, which has to run already, gets its share of the requests once it passes its checks;
#       a service of containers registers its own, and needs subnets in several zones and two tasks instead
#     risk: review
#     undo:
#     - aws
#     - elbv2
#     - deregister-targets
#     - --target-group-arn={{params.target_group}}
#     - --targets=[{"Id":"{{choose.target_id}}"}]
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-target-health
#     - --target-group-arn={{arn}}
#     - --query=TargetHealthDescriptions[].[Target.Id,TargetHealth.State]
#     - --region={{region}}
#     cost: the new target; traffic between the zones is billed
#   - argv:
#     - aws
#     - elbv2
#     - describe-target-health
#     - --target-group-arn={{params.failing_group}}
#     - --region={{region}}
#     effect: >-
#       shows why each target is not healthy: whether it does not answer, answers with a code that does not pass, is
#       stopped, or is in a zone that the load balancer is not in; nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - elbv2
#     - describe-target-health
#     - --target-group-arn={{arn}}
#     - --query=TargetHealthDescriptions[].[Target.Id,TargetHealth.State]
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.elb.targets_in_one_zone

_groups := [group |
	some group in input.resources["AWS::ElasticLoadBalancingV2::TargetGroup"]
	group.attributes.target_type != "lambda"
	not group.arn in _spared
	some balancer in group.attributes.load_balancer_arns
	not balancer in _zonal_balancers
]

# Any other may be in several zones, also one that was not collected.
_zonal_balancers := {balancer.arn |
	some balancer in input.resources["AWS::ElasticLoadBalancingV2::LoadBalancer"]
	count(balancer.zones) < 2
}

# Groups in use with which nothing is registered that stays.
_empty := [group |
	some group in input.resources["AWS::ElasticLoadBalancingV2::TargetGroup"]
	count(object.get(group, ["placement", "healthy"], {})) == 0
	is_array(group.attributes.targets)
	count(_registered(group)) == 0
]

_registered(group) := [target |
	some target in group.attributes.targets
	not target.state in {"draining", "unhealthy.draining"}
]

_spared := _idle | _scaled_to_zero

_idle := {group.arn |
	some group in _empty
	some balancer in group.attributes.load_balancer_arns
	balancer in _serving
}

# Load balancers of these groups that have another group which serves.
_serving := {balancer |
	some group in input.resources["AWS::ElasticLoadBalancingV2::TargetGroup"]
	some balancer in group.attributes.load_balancer_arns
	balancer in _balancers_of_empty
	_serves(group)
}

_balancers_of_empty := {balancer |
	some group in _empty
	some balancer in group.attributes.load_balancer_arns
}

_serves(group) if group.attributes.target_type == "lambda"

_serves(group) if {
	is_array(group.attributes.targets)
	some target in group.attributes.targets
	target.state == "healthy"
}

_scaled_to_zero := {group.arn |
	some group in _empty
	sizes := [filler.attributes.desired_capacity | some filler in _fillers(group)]
	count(sizes) > 0
	count([size | some size in sizes; size != 0]) == 0
}

# The Auto Scaling groups that register their instances with a target group.
_fillers(group) := [input.by_arn[arn] | some arn in input.relations.filled_by[group.arn]]

subjects contains group.arn if {
	some group in _groups
}

# Those that do not have healthy targets in two zones, as far as is known.
_narrow := [{"group": group, "healthy": healthy} |
	some group in _groups
	healthy := object.get(group, ["placement", "healthy"], {})
	count(healthy) < 2
]

unknowns contains entry.group.arn if {
	some entry in _narrow
	_is_unclear(entry.group)
}

_is_unclear(group) if group.attributes.targets == null

_is_unclear(group) if {
	is_array(group.attributes.targets)
	some target in group.attributes.targets
	target.state in {"initial", "unavailable", null}
}

_is_unclear(group) if count(object.get(group, ["placement", "unplaced"], [])) > 0

_is_unclear(group) if {
	group.arn in _empty_arns
	some balancer in group.attributes.load_balancer_arns
	balancer in _unseen
}

_is_unclear(group) if {
	group.arn in _empty_arns
	some filler in _fillers(group)
	filler.attributes.desired_capacity == null
}

# Nobody knows whether something fills it.
_is_unclear(group) if {
	group.arn in _empty_arns
	not input.coverage["autoscaling:DescribeAutoScalingGroups"][group.region] == "collected"
}

_empty_arns := {group.arn | some group in _empty}

# Load balancers that have a group of which nobody knows whether it serves.
_unseen := {balancer |
	some group in input.resources["AWS::ElasticLoadBalancingV2::TargetGroup"]
	group.attributes.targets == null
	some balancer in group.attributes.load_balancer_arns
}

violations contains violation if {
	some entry in _narrow
	count(entry.healthy) == 1
	group := entry.group
	not _is_unclear(group)
	violation := {
		"resource": group.arn,
		"message": sprintf("%s has healthy targets only in %s", [group.name, concat("", object.keys(entry.healthy))]),
		"evidence": {
			"healthy": entry.healthy,
			"registered": count(_registered(group)),
			"load_balancers": group.attributes.load_balancer_arns,
			"load_balancer_zones": _zones_of_balancers(group),
		},
		"params": _params(group),
		"discriminator": "one-zone",
		"at_most": _limits[group.criticality],
	}
}

# One zone is left, where the severity is for none.
_limits := {
	"mission-critical": "high",
	"business-critical": "medium",
	"general": "medium",
	"non-production": "info",
}

violations contains violation if {
	some entry in _narrow
	count(entry.healthy) == 0
	group := entry.group
	not _is_unclear(group)
	registered := _registered(group)
	violation := {
		"resource": group.arn,
		"message": _without(group, registered),
		"evidence": {
			"registered": count(registered),
			"states": {target.state | some target in registered},
			"reasons": {target.reason | some target in registered; target.reason != null},
			"load_balancers": group.attributes.load_balancer_arns,
			"load_balancer_zones": _zones_of_balancers(group),
		},
		"params": {"failing_group": group.arn},
		"discriminator": "none-healthy",
	}
}

_without(group, registered) := sprintf("%s has no target", [group.name]) if {
	count(registered) == 0
} else := sprintf("%s has no healthy target out of %d", [group.name, count(registered)])

_zones_of_balancers(group) := {zone.name |
	some balancer in group.attributes.load_balancer_arns
	some zone in input.by_arn[balancer].zones
}

_params(group) := {
	"auto_scaling_group": filler.name,
	"present_subnets": _joined(filler.attributes.vpc_zone_identifier),
	"present_min_size": filler.attributes.min_size,
	"present_max_size": filler.attributes.max_size,
} if {
	fillers := _fillers(group)
	count(fillers) == 1
	filler := fillers[0]
} else := {"auto_scaling_group": null} if {
	count(_fillers(group)) > 1
} else := {"target_group": group.arn}

_joined(names) := concat(",", names) if {
	count(names) > 0
} else := null
