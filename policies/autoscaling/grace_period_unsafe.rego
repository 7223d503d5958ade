# METADATA
# title: Grace period of the Auto Scaling group is none or too long
# description: |
#   Without a grace period, an instance is replaced when the load balancer finds it unhealthy while its application
#   still starts. After the loss of a zone, when all the load comes to instances that are new, the group can go on
#   replacing them without any getting to serve. A long grace period leaves instances alone that failed soon after their
#   start.
#
#   Groups are judged whose load balancer or VPC Lattice decides which instances are healthy; what EC2 checks does not
#   depend on the application. No grace period at all is the lesser finding, since a lifecycle hook may hold new
#   instances back until they are ready, and hooks are not collected. A default instance warmup is about metrics, and
#   delays no health check.
# scope: package
# related_resources:
# - description: Set the health check grace period for an Auto Scaling group
#   ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: failover
#   scenarios: [instance]
#   resource_types: [AWS::AutoScaling::AutoScalingGroup]
#   requires: [autoscaling:DescribeAutoScalingGroups]
#   parameters:
#     maximum_seconds:
#       default: 900
#       description: Seconds that a grace period may last, at most.
#     grace_period:
#       default: 300
#       description: Seconds that the remediation sets.
#   controls:
#     aws-well-architected: [REL11-BP03]
#     nist-800-53: [SI-13(4)]
#     iso-22301: [8.3.5]
#     soc2: [A1.2]
#   practices: [grace-period-fits]
#   remediation:
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --health-check-grace-period={{params.grace_period}}
#     - --region={{region}}
#     effect: >-
#       health checks count that long after the start of an instance; it has to be longer than the application takes to
#       start; where a lifecycle hook waits for the application, none is right
#     risk: safe
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --health-check-grace-period={{params.current_grace_period}}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].HealthCheckGracePeriod
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.autoscaling.grace_period_unsafe

_maximum := data.parameters["autoscaling-grace-period-unsafe"].maximum_seconds

# Groups that register their instances with something and ask it, as far as is known.
_groups := [group |
	some group in input.resources["AWS::AutoScaling::AutoScalingGroup"]
	_asks(group.attributes.health_check_type)
	_is_registered(group.attributes)
]

_asks(types) if count(types) == 0

_asks(types) if {
	some kind in types
	kind in {"ELB", "VPC_LATTICE"}
}

# Without it, nothing is there that could find an instance unhealthy.
_is_registered(attributes) if count(attributes.target_group_arns) > 0

_is_registered(attributes) if count(attributes.load_balancer_names) > 0

_is_registered(attributes) if count(attributes.traffic_sources) > 0

subjects contains group.arn if {
	some group in _groups
}

unknowns contains group.arn if {
	some group in _groups
	_is_unclear(group.attributes)
}

_is_unclear(attributes) if attributes.health_check_grace_period == null

_is_unclear(attributes) if count(attributes.health_check_type) == 0

violations contains violation if {
	some group in _groups
	group.attributes.health_check_grace_period == 0
	not _is_unclear(group.attributes)
	violation := object.union(_found(group), {
		"message": sprintf("%s replaces new instances that do not answer at once", [group.name]),
		"at_most": "low",
	})
}

violations contains violation if {
	some group in _groups
	seconds := group.attributes.health_check_grace_period
	seconds > _maximum
	not _is_unclear(group.attributes)
	violation := object.union(_found(group), {"message": sprintf(
		"%s keeps new instances for %d seconds even if they do not answer",
		[group.name, seconds],
	)})
}

_found(group) := {
	"resource": group.arn,
	"evidence": {
		"health_check_grace_period": group.attributes.health_check_grace_period,
		"health_check_type": group.attributes.health_check_type,
		"maximum_seconds": _maximum,
	},
	"params": {
		"grace_period": data.parameters["autoscaling-grace-period-unsafe"].grace_period,
		"current_grace_period": group.attributes.health_check_grace_period,
	},
}
