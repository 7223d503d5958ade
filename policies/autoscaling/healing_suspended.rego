# METADATA
# title: Processes by which the Auto Scaling group heals itself are suspended
# description: |
#   A process that was suspended for a deployment or an investigation stays so until somebody resumes it. Meanwhile
#   failed instances are not found, not terminated, not replaced, or not put behind the load balancer, and nothing says
#   so until a zone fails.
#
#   The processes that heal are judged: Launch, Terminate, HealthCheck, ReplaceUnhealthy, AZRebalance and, where there
#   is a load balancer, AddToLoadBalancer. AZRebalance alone is a lesser finding: the group comes back from the loss of
#   a zone, and only its instances stay where they were put. In groups of Kubernetes it is hardly one, since the Cluster
#   Autoscaler asks for that.
#
#   Suspended for less than a day, a process may be part of a deployment or forgotten. That is unknown, and so is a
#   suspension whose beginning AWS does not tell. Groups that may have no instances at all are not judged.
# scope: package
# related_resources:
# - description: Suspend and resume Amazon EC2 Auto Scaling processes
#   ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: operations
#   scenarios: [instance, zone]
#   resource_types: [AWS::AutoScaling::AutoScalingGroup]
#   requires: [autoscaling:DescribeAutoScalingGroups]
#   parameters:
#     fresh_seconds:
#       default: 86400
#       description: Seconds for which a process may be suspended for a deployment.
#   controls:
#     aws-well-architected: [REL11-BP03]
#     nist-800-53: [SI-13(4)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [failed-instances-replaced]
#   remediation:
#   - argv:
#     - aws
#     - autoscaling
#     - resume-processes
#     - --auto-scaling-group-name={{name}}
#     - --scaling-processes={{params.processes}}
#     - --region={{region}}
#     effect: >-
#       the group makes up for what it has not done: it terminates unhealthy instances, starts those that are missing
#       and moves others between the zones; ask first who suspended it and why
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - suspend-processes
#     - --auto-scaling-group-name={{name}}
#     - --scaling-processes={{params.processes}}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].SuspendedProcesses[].[ProcessName,SuspensionReason]
#     - --region={{region}}
#     cost: none, or the instances that were missing
#   since: 0.1.0
package hadr.autoscaling.healing_suspended

_limit := data.parameters["autoscaling-healing-suspended"].fresh_seconds

_groups := [group |
	some group in input.resources["AWS::AutoScaling::AutoScalingGroup"]
	group.attributes.max_size != 0
]

subjects contains group.arn if {
	some group in _groups
}

# Groups with their processes that are suspended, and the names of those that have been for long.
_suspended := [{"group": group, "processes": processes, "long": long} |
	some group in _groups
	count(group.attributes.suspended_processes) > 0
	processes := [process |
		some process in group.attributes.suspended_processes
		_heals(process.process_name, group.attributes)
	]
	count(processes) > 0
	long := {process.process_name |
		some process in processes
		is_string(process.suspended_at)
		_now - _seconds(process.suspended_at) > _limit
	}
]

_heals(name, _) if name in {"Launch", "Terminate", "HealthCheck", "ReplaceUnhealthy", "AZRebalance"}

_heals("AddToLoadBalancer", attributes) if count(attributes.target_group_arns) > 0

_heals("AddToLoadBalancer", attributes) if count(attributes.load_balancer_names) > 0

_heals("AddToLoadBalancer", attributes) if count(attributes.traffic_sources) > 0

unknowns contains entry.group.arn if {
	some entry in _suspended
	count(entry.long) == 0
}

violations contains violation if {
	some entry in _suspended
	count(entry.long) > 0
	violation := object.union(_limits(entry), {
		"resource": entry.group.arn,
		"message": concat("", [
			entry.group.name,
			" has had ",
			concat(", ", entry.long),
			sprintf(" suspended for more than %d hours", [floor(_limit / 3600)]),
		]),
		"evidence": {"suspended_processes": entry.processes},
		"params": {"processes": [name | some name in entry.long]},
	})
}

_limits(entry) := {} if {
	entry.long != {"AZRebalance"}
} else := {"at_most": "info"} if {
	_is_of_kubernetes(entry.group)
} else := {"at_most": "low"}

_is_of_kubernetes(group) if {
	some tag in ["eks:cluster-name", "k8s.io/cluster-autoscaler/enabled"]
	is_string(group.tags[tag])
}

_now := _seconds(input.captured_at)

# Seconds since the beginning of the calendar, of an instant as the snapshot writes them.
_seconds(text) := (((((_days(text) * 24) + _pair(text, 11)) * 60) + _pair(text, 14)) * 60) + _pair(text, 17)

# January and February are counted as the last months of the year before, so that a leap day is the last of its year.
_days(text) := _days_of(to_number(substring(text, 0, 4)), month - 3) + _pair(text, 8) if {
	month := _pair(text, 5)
	month > 2
} else := _days_of(to_number(substring(text, 0, 4)) - 1, _pair(text, 5) + 9) + _pair(text, 8)

_days_of(year, month) := ((((365 * year) + floor(year / 4)) - floor(year / 100)) + floor(year / 400)) + in_year if {
	in_year := floor(((153 * month) + 2) / 5)
}

# Two digits. Engines differ in whether `09` is a number.
_pair(text, at) := to_number(concat("", ["1", substring(text, at, 2)])) - 100
