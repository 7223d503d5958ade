# METADATA
# title: Auto Scaling group is in too few Availability Zones
# description: |
#   When the zone fails, all instances of the group are lost, and the group may start new ones only in the zone that has
#   failed. The workload is down until the zone is back, or until somebody adds subnets while everybody else does.
#
#   Local Zones and zones of Wavelength do not count, for they hang on one zone of the Region. Mission-critical groups
#   should be in three zones where the Region has as many; two of them are the lesser finding, because the loss of one
#   takes half of the capacity. Groups of nodes of one Kubernetes cluster are judged together, since a group for each
#   zone is what volumes ask for.
#
#   Groups of at most one instance are not judged here: a second zone makes them no less a single instance. Those behind
#   a load balancer have a finding of `autoscaling-zone-loss-not-absorbed`. Groups that are in Local Zones, in zones of
#   Wavelength or on Outposts only are where their users are, and have no second zone there.
# scope: package
# related_resources:
# - description: Add an Availability Zone
#   ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-add-availability-zone.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: redundancy
#   scenarios: [zone]
#   resource_types: [AWS::AutoScaling::AutoScalingGroup]
#   requires: [autoscaling:DescribeAutoScalingGroups, ec2:DescribeAvailabilityZones]
#   controls:
#     aws-well-architected: [REL10-BP01]
#     aws-config: [autoscaling-multiple-az]
#     aws-security-hub: [AutoScaling.2]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [groups-in-several-zones]
#   remediation:
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --vpc-zone-identifier={{params.current_subnets}},{{choose.subnets_to_add}}
#     - --region={{region}}
#     effect: >-
#       the group starts instances in the new subnets and terminates as many in the old ones until the zones have the
#       same; enable the zones at its load balancer first; what a stack or another service made has to be changed there
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --vpc-zone-identifier={{params.current_subnets}}
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
#     - eks
#     - create-nodegroup
#     - --cluster-name={{params.cluster}}
#     - --nodegroup-name={{choose.nodegroup_name}}
#     - --subnets={{choose.subnet_ids}}
#     - --node-role={{choose.node_role_arn}}
#     - --region={{region}}
#     effect: >-
#       a second node group, in subnets of other zones, which are a list as JSON, with two nodes of the default type
#       unless options say otherwise; the subnets of a managed node group cannot be changed
#     risk: safe
#     undo:
#     - aws
#     - eks
#     - delete-nodegroup
#     - --cluster-name={{params.cluster}}
#     - --nodegroup-name={{choose.nodegroup_name}}
#     - --region={{region}}
#     verify:
#     - aws
#     - eks
#     - describe-nodegroup
#     - --cluster-name={{params.cluster}}
#     - --nodegroup-name={{choose.nodegroup_name}}
#     - --query=nodegroup.[status,subnets]
#     - --region={{region}}
#     cost: the nodes of the new group
#   since: 0.1.0
package hadr.autoscaling.group_single_az

import data.hadr.lib.zones
import data.hadr.lib.zones.usable

_groups := [group |
	some group in input.resources["AWS::AutoScaling::AutoScalingGroup"]
	not group.attributes.max_size in {0, 1}
	not zones.is_at_the_edge(group, group.attributes.vpc_zone_identifier)
]

subjects contains group.arn if {
	some group in _groups
}

# Groups that are in fewer zones than they should be, as far as is known.
_narrow := [{"group": group, "zones": span} |
	some group in _groups
	own := zones.of(group)
	wanted := _wanted(group)
	count(own) < wanted
	span := own | _shared(group)
	count(span) < wanted
]

_wanted(group) := 3 if {
	group.criticality == "mission-critical"
} else := 3 if {
	# It could be mission-critical.
	group.tags == null
} else := 2

# The zones of all groups of its clusters.
_shared(group) := {zone |
	some cluster in _clusters(group)
	some zone in usable[group.region]
	_place(group.region, cluster, zone) in _places_of_clusters
}

_places_of_clusters := {_place(group.region, cluster, zone) |
	some group in input.resources["AWS::AutoScaling::AutoScalingGroup"]
	some cluster in _clusters(group)
	some zone in zones.of(group)
}

_place(region, cluster, zone) := concat(" ", [region, cluster, zone])

# Names of the Kubernetes clusters that the instances are nodes of. One is usual.
_clusters(group) := {name |
	some key in ["eks:cluster-name"]
	name := group.tags[key]
} | {trim_prefix(key, _owned) |
	is_object(group.tags)
	some key in object.keys(group.tags)
	startswith(key, _owned)
}

_owned := "kubernetes.io/cluster/"

unknowns contains entry.group.arn if {
	some entry in _narrow
	_is_unclear(entry.group)
}

_is_unclear(group) if group.tags == null

_is_unclear(group) if group.attributes.max_size == null

_is_unclear(group) if count(group.zones) == 0

_is_unclear(group) if zones.is_outside(group)

_is_unclear(group) if group.region in zones.unclear_regions

violations contains violation if {
	some entry in _narrow
	count(entry.zones) < 2
	not _is_unclear(entry.group)
	violation := object.union(_found(entry), {"message": concat("", [
		entry.group.name,
		_company(entry.group),
		" is in ",
		_extent(entry.zones),
	])})
}

violations contains violation if {
	some entry in _narrow
	count(entry.zones) == 2
	not _is_unclear(entry.group)
	available := count(usable[entry.group.region])
	available > 2
	violation := object.union(_found(entry), {
		"message": sprintf(
			"%s%s is in 2 of the %d Availability Zones of its Region",
			[entry.group.name, _company(entry.group), available],
		),
		"at_most": "medium",
	})
}

_company(group) := ", with all groups of its cluster," if {
	count(_clusters(group)) > 0
} else := ""

_extent(names) := concat("", ["one Availability Zone, ", concat("", names)]) if {
	count(names) == 1
} else := "no Availability Zone"

_found(entry) := {
	"resource": entry.group.arn,
	"evidence": {
		"zones": entry.zones,
		"zones_of_region": usable[entry.group.region],
		"clusters": _clusters(entry.group),
		"max_size": entry.group.attributes.max_size,
	},
	"params": _params(entry.group),
}

_params(group) := {"cluster": group.tags["eks:cluster-name"]} if {
	is_string(group.tags["eks:cluster-name"])
} else := {"current_subnets": _joined(group.attributes.vpc_zone_identifier)}

_joined(names) := concat(",", names) if {
	count(names) > 0
} else := null
