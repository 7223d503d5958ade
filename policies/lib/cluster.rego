# METADATA
# description: |
#   What several policies ask about clusters of Aurora, DocumentDB and Neptune: where their instances are, how large
#   they are, and what the cluster is to a global cluster.
package hadr.lib.cluster

# Instances are in fewer than two zones, even if each one whose place is not known were in a zone of its own.
in_one_zone(cluster) if {
	place := cluster.placement
	count(place.zones) + count(place.unplaced) < 2
}

# Instances are in two zones, wherever those are whose place is not known.
in_two_zones(cluster) if count(cluster.placement.zones) >= 2

# A zone of the subnets in which no instance is; `null` where that is not known.
free_zone(cluster) := min(free) if {
	place := cluster.placement
	count(place.unplaced) == 0
	taken := {zone | some zone in place.zones}
	free := {zone |
		some group in input.relations.placed_in[cluster.arn]
		some zone in input.by_arn[group].placement.zones
		not zone in taken
	}
	count(free) > 0
} else := null

writers(cluster) := [member |
	some member in cluster.attributes.db_cluster_members
	member.is_cluster_writer == true
]

# Undefined where the instance was not collected.
class_of(member) := input.by_arn[member.arn].attributes.db_instance_class

# Class of the instance that writes; `null` where that is not known.
writer_class(cluster) := class_of(writers(cluster)[0]) if {
	count(writers(cluster)) == 1
	is_string(class_of(writers(cluster)[0]))
} else := null

# What a cluster is to a global cluster: `primary`, `secondary`, or `standalone` where it belongs to none. It is
# `unknown` where the global clusters were not listed, or name no cluster, or several, that write.
global_role(cluster) := "primary" if {
	_primaries(cluster) == [cluster.arn]
} else := "secondary" if {
	count(_primaries(cluster)) == 1
} else := "standalone" if {
	cluster.attributes.global_cluster_identifier == null
	not input.relations.member_of[cluster.arn]
	input.coverage["rds:DescribeGlobalClusters"][cluster.region] == "collected"
} else := "unknown"

# Most clusters belong to no global cluster, and this is asked of all of them.
is_secondary(cluster) if {
	input.relations.member_of[cluster.arn]
	global_role(cluster) == "secondary"
}

# ARN of the cluster that a secondary follows.
primary_of(cluster) := _primaries(cluster)[0] if is_secondary(cluster)

_primaries(cluster) := [member.db_cluster_arn |
	some global_arn in input.relations.member_of[cluster.arn]
	some member in input.by_arn[global_arn].attributes.global_cluster_members
	member.is_writer == true
]
