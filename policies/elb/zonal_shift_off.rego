# METADATA
# title: Traffic cannot be shifted out of a zone that half works
# description: |
#   A zone that fails in part passes health checks and loses requests. A zonal shift takes the load balancer out of it
#   within minutes, without finding the cause first; where it was not allowed beforehand, somebody changes settings by
#   hand while the control plane is impaired, too.
#
#   Application and Network Load Balancers with two zones or more are judged, and groups where the setting was
#   collected. An Application Load Balancer behind a Network Load Balancer is not, as it is shifted there. A Network
#   Load Balancer across zones cannot be shifted with targets that are a load balancer or use UDP, so that it is only a
#   note; so is one that a controller of Kubernetes made, whose settings are written in the cluster. A group without the
#   setting starts instances in the zone, which is the lesser evil. Where shifts are allowed and AWS does not begin them
#   by itself, that is worth knowing only, for it takes practice runs and spare capacity in the other zones, and people
#   may shift instead. Where a group behind the load balancer has too few instances for the loss of a zone, a shift
#   overloads the rest: that it is not allowed has a low severity then, and no autoshift is advised before
#   `autoscaling-zone-loss-not-absorbed` is mended, or `autoscaling-group-single-az` where the group is in one
#   zone. Behind AWS Global Accelerator, Application Load Balancers cannot be shifted, which is not seen here.
#
#   The verdict is unknown where the setting was not collected, or where shifts are allowed and it is not known whether
#   AWS begins them.
# scope: package
# related_resources:
# - description: Zonal shift for your Application Load Balancer
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/zonal-shift.html
# - description: Network Load Balancers, in the Amazon Application Recovery Controller (ARC) Developer Guide
#   ref: https://docs.aws.amazon.com/r53recovery/latest/dg/arc-zonal-shift.resource-types.network-load-balancers.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: info
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [zone]
#   resource_types: [AWS::ElasticLoadBalancingV2::LoadBalancer, AWS::AutoScaling::AutoScalingGroup]
#   requires:
#   - autoscaling:DescribeAutoScalingGroups
#   - elasticloadbalancing:DescribeLoadBalancers
#   controls:
#     aws-well-architected: [REL11-BP02, REL11-BP04]
#     iso-22301: [8.3.4]
#     dora: [11(5)]
#     soc2: [A1.2]
#   remediation:
#   - argv:
#     - aws
#     - elbv2
#     - modify-load-balancer-attributes
#     - --load-balancer-arn={{params.load_balancer}}
#     - --attributes=Key=zonal_shift.config.enabled,Value=true
#     - --region={{region}}
#     effect: >-
#       zonal shifts of the load balancer are allowed, and none begins; before one does, see that the other zones carry
#       the load alone. A controller of Kubernetes sets it back unless the same is in its annotation
#     risk: safe
#     undo:
#     - aws
#     - elbv2
#     - modify-load-balancer-attributes
#     - --load-balancer-arn={{params.load_balancer}}
#     - --attributes=Key=zonal_shift.config.enabled,Value=false
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-load-balancer-attributes
#     - --load-balancer-arn={{params.load_balancer}}
#     - --query=Attributes[].[Key,Value]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{params.group}}
#     - >-
#       --availability-zone-impairment-policy={"ZonalShiftEnabled":true,
#       "ImpairedZoneHealthCheckBehavior":"{{choose.behavior}}"}
#     - --region={{region}}
#     effect: >-
#       while the zone of a shift is left, the group starts its instances in the others; the behavior is
#       ReplaceUnhealthy, or IgnoreUnhealthy where the group has enough instances without the zone
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{params.group}}
#     - >-
#       --availability-zone-impairment-policy={"ZonalShiftEnabled":false,
#       "ImpairedZoneHealthCheckBehavior":"{{choose.behavior}}"}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{params.group}}
#     - --query=AutoScalingGroups[0].AvailabilityZoneImpairmentPolicy
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - arc-zonal-shift
#     - create-practice-run-configuration
#     - --resource-identifier={{params.unattended}}
#     - --outcome-alarms=type=CLOUDWATCH,alarmIdentifier={{choose.outcome_alarm_arn}}
#     - --region={{region}}
#     effect: >-
#       AWS shifts the traffic out of one zone for half an hour each week, to see that the others carry it, and ends
#       that when the alarm goes off
#     risk: disruptive
#     undo:
#     - aws
#     - arc-zonal-shift
#     - delete-practice-run-configuration
#     - --resource-identifier={{params.unattended}}
#     - --region={{region}}
#     verify:
#     - aws
#     - arc-zonal-shift
#     - get-managed-resource
#     - --resource-identifier={{params.unattended}}
#     - --query=practiceRunConfiguration
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - arc-zonal-shift
#     - update-zonal-autoshift-configuration
#     - --resource-identifier={{params.unattended}}
#     - --zonal-autoshift-status=ENABLED
#     - --region={{region}}
#     effect: AWS shifts the traffic by itself when it finds that a zone fails; it takes the practice runs above
#     risk: review
#     undo:
#     - aws
#     - arc-zonal-shift
#     - update-zonal-autoshift-configuration
#     - --resource-identifier={{params.unattended}}
#     - --zonal-autoshift-status=DISABLED
#     - --region={{region}}
#     verify:
#     - aws
#     - arc-zonal-shift
#     - get-managed-resource
#     - --resource-identifier={{params.unattended}}
#     - --query=zonalAutoshiftStatus
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.elb.zonal_shift_off

import data.hadr.lib.headroom.cramped

_resources := array.concat(_balancers, _groups)

_balancers := [balancer |
	some balancer in input.resources["AWS::ElasticLoadBalancingV2::LoadBalancer"]
	balancer.attributes.type in {"application", "network"}
	count(balancer.zones) > 1
	not balancer.arn in _fronted
]

# Load balancers that are targets of others.
_fronted := {end |
	some group in input.resources["AWS::ElasticLoadBalancingV2::TargetGroup"]
	group.attributes.target_type == "alb"
	some end in input.relations.forwards_to[group.arn]
}

_groups := [group |
	some group in input.resources["AWS::AutoScaling::AutoScalingGroup"]
	is_boolean(group.attributes.zonal_shift_enabled)
	count(group.zones) > 1
	not _is_of_kubernetes(group)
]

# Its zones are left by a shift of the cluster.
_is_of_kubernetes(group) if {
	some key in ["eks:cluster-name", "eks:nodegroup-name"]
	is_string(group.tags[key])
}

subjects contains resource.arn if {
	some resource in _resources
}

unknowns contains resource.arn if {
	some resource in _resources
	resource.attributes.zonal_shift_enabled == null
}

unknowns contains resource.arn if {
	some resource in _resources
	resource.attributes.zonal_shift_enabled == true
	not _autoshift(resource)
}

violations contains violation if {
	some resource in _resources
	resource.attributes.zonal_shift_enabled == false
	violation := object.union(_limit(resource), {
		"resource": resource.arn,
		"message": sprintf("%s does not allow zonal shifts%s", [resource.name, _reservation(resource)]),
		"evidence": object.union(
			{"zonal_shift_enabled": false, "zones": [zone.name | some zone in resource.zones]},
			_too_small(resource),
		),
		"params": _params(resource),
		"discriminator": "shift",
	})
}

violations contains violation if {
	some resource in _resources
	resource.attributes.zonal_shift_enabled == true
	_autoshift(resource) == "DISABLED"
	violation := {
		"resource": resource.arn,
		"message": sprintf("%s leaves a zone only when somebody begins the zonal shift%s", [
			resource.name,
			_reservation(resource),
		]),
		"evidence": object.union(
			{"zonal_shift_enabled": true, "zonal_autoshift_status": "DISABLED"},
			_too_small(resource),
		),
		"params": _unattended(resource),
		"discriminator": "autoshift",
		"at_most": "info",
	}
}

# ARNs of the groups behind it, or its own, that have too few instances for the loss of a zone: a shift overloads them.
_small(resource) := array.concat(_narrow(resource), [arn |
	some arn in array.concat(_fillers(resource), [resource.arn])
	arn in cramped
])

# However many instances fill a target group, they all go with their zone if it is the only one. Groups for one zone
# each make up for each other.
_narrow(balancer) := [arn |
	some group in object.get(input.relations.forwards_to, balancer.arn, [])
	fillers := object.get(input.relations.filled_by, group, [])
	count({zone.name | some filler in fillers; some zone in input.by_arn[filler].zones}) == 1
	some arn in fillers
	not arn in cramped
]

_fillers(balancer) := [arn |
	some group in object.get(input.relations.forwards_to, balancer.arn, [])
	some arn in object.get(input.relations.filled_by, group, [])
]

_reservation(resource) := "" if {
	count(_small(resource)) == 0
} else := ", and has too few instances without a zone" if {
	resource.arn in cramped
} else := sprintf(", and %s has too few instances without a zone", [input.by_arn[_small(resource)[0]].name])

_too_small(resource) := {} if {
	count(_small(resource)) == 0
} else := {"too_small": _small(resource)}

# No shift should begin by itself that the other zones do not carry.
_unattended(resource) := {"unattended": resource.arn} if {
	count(_small(resource)) == 0
} else := {}

# Whether AWS shifts it by itself. Undefined where that is not known.
_autoshift(resource) := statuses[0] if {
	statuses := [status |
		some arn in input.relations.shifted_by[resource.arn]
		status := input.by_arn[arn].attributes.zonal_autoshift_status
		is_string(status)
	]
	count(statuses) > 0
}

_params(resource) := {"load_balancer": resource.arn} if {
	resource.type == "AWS::ElasticLoadBalancingV2::LoadBalancer"
} else := {"group": resource.name}

_limit(resource) := {"at_most": "low"} if {
	resource.type == "AWS::AutoScaling::AutoScalingGroup"
} else := {"at_most": "info"} if {
	_is_managed(resource)
} else := {"at_most": "info"} if {
	_is_refused(resource)
} else := {"at_most": "low"} if {
	count(_small(resource)) > 0
} else := {}

# A controller of Kubernetes made it.
_is_managed(balancer) if {
	some key in ["elbv2.k8s.aws/cluster", "eks:eks-cluster-name", "kubernetes.io/service-name"]
	is_string(balancer.tags[key])
}

# Its targets do not allow shifts across zones.
_is_refused(balancer) if {
	balancer.attributes.type == "network"
	balancer.attributes.cross_zone_enabled == true
	some arn in input.relations.forwards_to[balancer.arn]
	_is_unshiftable(input.by_arn[arn].attributes)
}

_is_unshiftable(group) if group.target_type == "alb"

_is_unshiftable(group) if group.protocol in {"QUIC", "TCP_QUIC", "TCP_UDP", "UDP"}
