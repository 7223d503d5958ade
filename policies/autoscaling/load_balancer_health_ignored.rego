# METADATA
# title: Auto Scaling group ignores what its load balancer finds unhealthy
# description: |
#   An instance whose application hangs passes the checks of EC2. The load balancer sends it nothing more, and the group
#   keeps it: capacity is lost one instance after the other, and nobody replaces it.
#
#   Groups are judged that register their instances with a load balancer or with VPC Lattice, each of which has a health
#   check type of its own. Groups of EKS and of ECS are not: those services move containers off a node that fails, and
#   replacing the node because a container on it does not answer would take the others with it.
# scope: package
# related_resources:
# - description: About the health checks for your Auto Scaling group
#   ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: failover
#   scenarios: [instance, zone]
#   resource_types: [AWS::AutoScaling::AutoScalingGroup]
#   requires: [autoscaling:DescribeAutoScalingGroups]
#   parameters:
#     grace_period:
#       default: 300
#       description: Seconds of grace period that the remediation sets where the group has none.
#   controls:
#     aws-well-architected: [REL11-BP01, REL11-BP03]
#     aws-config: [autoscaling-group-elb-healthcheck-required]
#     aws-security-hub: [AutoScaling.1]
#     nist-800-53: [SI-13(4)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [failed-instances-replaced]
#   remediation:
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --health-check-type={{params.health_check_type}}
#     - --health-check-grace-period={{params.grace_period}}
#     - --region={{region}}
#     effect: >-
#       instances that fail the checks are replaced from now on, and at once those that fail now, so look at the targets
#       first; the grace period has to be longer than the application takes to start, or else it never gets to run
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --health-check-type={{params.current_health_check_type}}
#     - --health-check-grace-period={{params.current_grace_period}}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].[HealthCheckType,HealthCheckGracePeriod]
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.autoscaling.load_balancer_health_ignored

# Groups with the health check types that they need.
_groups := [{"group": group, "needed": needed} |
	some group in input.resources["AWS::AutoScaling::AutoScalingGroup"]
	needed := _needed(group.attributes)
	count(needed) > 0
	not _is_of_containers(group)
]

# The type that each of those that it registers with is checked by. Target groups of both have ARNs.
_needed(attributes) := {kind |
	some source in _sources(attributes)
	kind := _type_of(source)
}

_sources(attributes) := array.concat(
	array.concat(attributes.target_group_arns, attributes.load_balancer_names),
	[other.identifier | some other in attributes.traffic_sources],
)

_type_of(source) := "VPC_LATTICE" if {
	contains(source, ":vpc-lattice:")
} else := "ELB"

_is_of_containers(group) if {
	some key in ["eks:cluster-name", "eks:nodegroup-name", "AmazonECSManaged"]
	is_string(group.tags[key])
}

subjects contains entry.group.arn if {
	some entry in _groups
}

_ignoring := [entry |
	some entry in _groups
	count(_missing(entry)) > 0
]

_missing(entry) := [kind |
	some kind in entry.needed
	not kind in entry.group.attributes.health_check_type
]

unknowns contains entry.group.arn if {
	some entry in _ignoring
	_is_unclear(entry.group)
}

_is_unclear(group) if group.tags == null

# There is always one.
_is_unclear(group) if count(group.attributes.health_check_type) == 0

violations contains violation if {
	some entry in _ignoring
	group := entry.group
	not _is_unclear(group)
	missing := _missing(entry)
	attributes := group.attributes
	violation := {
		"resource": group.arn,
		"message": concat("", [group.name, " keeps instances that ", _checkers(missing), " finds unhealthy"]),
		"evidence": {
			"health_check_type": attributes.health_check_type,
			"target_group_arns": attributes.target_group_arns,
			"load_balancer_names": attributes.load_balancer_names,
			"traffic_sources": attributes.traffic_sources,
		},
		"params": {
			"health_check_type": concat(",", array.concat(attributes.health_check_type, missing)),
			"grace_period": _grace_period(attributes.health_check_grace_period),
			"current_health_check_type": concat(",", attributes.health_check_type),
			"current_grace_period": attributes.health_check_grace_period,
		},
	}
}

_checkers(missing) := concat(" or ", [_names[kind] | some kind in missing])

_names := {"ELB": "its load balancer", "VPC_LATTICE": "VPC Lattice"}

_grace_period(seconds) := data.parameters["autoscaling-load-balancer-health-ignored"].grace_period if {
	seconds in {0, null}
} else := seconds
