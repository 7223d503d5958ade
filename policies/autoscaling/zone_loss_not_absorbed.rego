# METADATA
# title: Auto Scaling group has too few instances for the loss of a zone
# description: |
#   When a zone fails, what is left has to carry the load. New instances come late or not at all: everybody who was in
#   the zone asks for some, and the control plane that starts them may be impaired itself. A group stands it without
#   help if it has enough instances before.
#
#   Groups are judged that register their instances with a load balancer or VPC Lattice. The clear case is one that may
#   shrink to a single instance, or to none. Otherwise the desired capacity, spread over the zones as the group does it,
#   less the share of one zone is held against the capacity that is required. The tag `hadr:required-capacity` of the
#   group says how much that is; a value that is no number is unknown, and 0 means that nothing is required. Without the
#   tag it is the minimum size, and the finding is a lesser one: nobody has said whether the load needs as much, and a
#   group that is at its minimum is below it after every loss. What scaling takes away in quiet hours is not held
#   against the tag, for the load is less as well.
#
#   Groups without a load balancer are judged only if they have the tag, since work in a queue can wait. The same goes
#   for groups of EKS and of ECS, whose services spread containers over several groups, and for those that are scaled to
#   zero, which have nothing to lose. That a group is in one zone has a finding of its own.
# scope: package
# related_resources:
# - description: Static stability
#   ref: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html
# - description: Use static stability to prevent bimodal behavior
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_static_stability.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: redundancy
#   scenarios: [zone, control-plane]
#   resource_types: [AWS::AutoScaling::AutoScalingGroup]
#   requires: [autoscaling:DescribeAutoScalingGroups, ec2:DescribeAvailabilityZones]
#   controls:
#     aws-well-architected: [REL10-BP01, REL11-BP05]
#     nist-800-53: [CP-2(2), SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.1, A1.2]
#   practices: [capacity-for-zone-loss]
#   remediation:
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --vpc-zone-identifier={{params.subnets_of_one_zone}},{{choose.subnets_to_add}}
#     - --region={{region}}
#     effect: >-
#       where the group is in one zone, more instances there would go with it: the group gets subnets in a second one,
#       starts instances there and terminates as many in the present one; enable the zone at its load balancer first
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --vpc-zone-identifier={{params.subnets_of_one_zone}}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].AvailabilityZones
#     - --region={{region}}
#     cost: none for the group; traffic between the zones is billed
#   - argv:
#     - aws
#     - autoscaling
#     - create-or-update-tags
#     - >-
#       --tags=[{"ResourceId":"{{name}}","ResourceType":"auto-scaling-group","Key":"hadr:required-capacity",
#       "Value":"{{params.required_capacity}}","PropagateAtLaunch":false}]
#     - --region={{region}}
#     effect: >-
#       says what has to be left after the loss of a zone; put in what the load needs, of which the minimum size is only
#       a guess
#     risk: safe
#     undo:
#     - aws
#     - autoscaling
#     - delete-tags
#     - >-
#       --tags=[{"ResourceId":"{{name}}","ResourceType":"auto-scaling-group","Key":"hadr:required-capacity"}]
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-tags
#     - --filters=[{"Name":"auto-scaling-group","Values":["{{name}}"]}]
#     - --query=Tags[].[Key,Value]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --min-size={{params.min_size}}
#     - --max-size={{params.max_size}}
#     - --desired-capacity={{params.desired_capacity}}
#     - --region={{region}}
#     effect: >-
#       the group starts the instances that are missing, and does not shrink below them; check that the subnets have
#       addresses left and the account quota
#     risk: safe
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --min-size={{params.current_min_size}}
#     - --max-size={{params.current_max_size}}
#     - --desired-capacity={{params.current_desired_capacity}}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].[MinSize,DesiredCapacity,MaxSize,AvailabilityZones]
#     - --region={{region}}
#     cost: half as many instances again over three zones, as many again over two
#   since: 0.1.0
package hadr.autoscaling.zone_loss_not_absorbed

import data.hadr.lib.headroom
import data.hadr.lib.headroom.groups
import data.hadr.lib.headroom.others
import data.hadr.lib.headroom.single

subjects contains entry.group.arn if {
	some entry in groups
}

unknowns contains entry.group.arn if {
	some entry in others
	headroom.is_unclear(entry)
}

violations contains violation if {
	some entry in single
	violation := _found(entry, _at_least(1, entry.required), {
		"message": sprintf("%s may shrink to %s", [entry.group.name, _remnant(entry.group.attributes.min_size)]),
		"evidence": {},
	})
}

_remnant(size) := "one instance, and has none without its zone" if {
	size == 1
} else := "no instance at all"

violations contains violation if {
	some entry in others
	not headroom.is_unclear(entry)
	remaining := headroom.left(entry)
	remaining < entry.required
	violation := _found(entry, entry.required, object.union(
		{
			"message": sprintf("%s has %s over %d Availability Zones, and without one of them %d of the %d that %s", [
				entry.group.name,
				_instances(entry.group.attributes.desired_capacity),
				count(entry.zones),
				remaining,
				entry.required,
				_demand(entry.group),
			]),
			"evidence": {"capacity_without_a_zone": remaining, "required_capacity": entry.required},
		},
		_limit(entry.group),
	))
}

_instances(number) := "1 instance" if {
	number == 1
} else := sprintf("%d instances", [number])

_demand(group) := "are required" if {
	headroom.is_tagged(group)
} else := "are its minimum"

# One step less than the policy has, where the minimum size stands for what is required.
_limit(group) := {} if {
	headroom.is_tagged(group)
} else := {"at_most": "medium"} if {
	group.criticality == "mission-critical"
} else := {"at_most": "low"}

# The violation with the sizes that mend it.
_found(entry, required, members) := object.union(members, {
	"resource": entry.group.arn,
	"evidence": {
		"min_size": attributes.min_size,
		"max_size": attributes.max_size,
		"desired_capacity": attributes.desired_capacity,
		"zones": entry.zones,
	},
	"params": object.union(object.union(_unsaid(entry.group, required), _narrow(entry)), {
		"min_size": enough,
		"max_size": _at_least(enough, attributes.max_size),
		"desired_capacity": _at_least(enough, attributes.desired_capacity),
		"current_min_size": attributes.min_size,
		"current_max_size": attributes.max_size,
		"current_desired_capacity": attributes.desired_capacity,
	}),
}) if {
	attributes := entry.group.attributes
	enough := _enough(required, count(entry.zones))
}

_unsaid(group, required) := {} if {
	headroom.is_tagged(group)
} else := {"required_capacity": required}

# Its subnets, where a second zone comes first.
_narrow(entry) := {"subnets_of_one_zone": concat(",", subnets)} if {
	count(entry.zones) == 1
	subnets := entry.group.attributes.vpc_zone_identifier
	count(subnets) > 0
} else := {}

# Instances of which as many are left as are required. What is in a single zone gets a second one first.
_enough(required, number_of_zones) := ceil((required * number_of_zones) / (number_of_zones - 1)) if {
	number_of_zones > 1
} else := 2 * required

_at_least(least, number) := number if {
	is_number(number)
	number > least
} else := least
