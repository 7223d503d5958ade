# METADATA
# description: What several policies ask about databases.
package hadr.lib.rds

# A DB instance that RDS could give a standby in another zone. RDS Custom and storage outside the Region, on Outposts
# or in a Local Zone, have none.
can_have_standby(instance) if {
	instance.attributes.backup_target in {null, "region"}
	not runs(instance, "custom-")
}

# The engine is of a family, such as `sqlserver-`. One that is not known is of none.
runs(database, family) if {
	is_string(database.attributes.engine)
	startswith(database.attributes.engine, family)
}

# Instances that hold their data themselves. Replicas and members of clusters have the data of what they belong to.
standalone_instances := [instance |
	some instance in input.resources["AWS::RDS::DBInstance"]
	instance.attributes.role == "standalone"
]

# Those that have a standby or could be given one.
standby_capable := [instance |
	some instance in standalone_instances
	can_have_standby(instance)
]

# Aurora and Multi-AZ DB clusters that follow nothing: no secondary of a global cluster, no replica of another cluster.
leading_clusters := [cluster |
	some cluster in input.resources["AWS::RDS::DBCluster"]
	not input.relations.reads_from[cluster.arn]
]

# Databases whose data is nowhere else first. Backups and copies are asked of these.
sources := array.concat(standalone_instances, leading_clusters)

# Those that nothing in another Region follows.
confined := [database |
	some database in sources
	not lives_elsewhere(database)
]

# Something in another Region follows the database: a read replica of it, a replica of its replica, or another member
# of its global cluster. The global cluster is asked as well, because it does not always say who its writer is.
lives_elsewhere(database) if is_number(database.copies.newest.off_region_replica)

lives_elsewhere(database) if {
	some replica in input.relations.replicates_to[database.arn]
	some copy in input.by_arn[replica].copies.known
	copy.kind == "replica"
	is_string(copy.region)
	copy.region != database.region
}

lives_elsewhere(database) if {
	some group in input.relations.member_of[database.arn]
	count(input.by_arn[group].placement.regions) > 1
}

# RDS replicates the automated backups of the database to another Region.
backups_replicated(database) if {
	some copy in database.copies.known
	copy.kind == "replicated_automated_backup"
	copy.off_region == true
}

# A copy in another Region could exist without having been seen.
elsewhere_unseen(database) if {
	some listing in database.copies.unseen
	listing.region != database.region
}

elsewhere_unseen(cluster) if {
	cluster.attributes.family == "aurora"
	not input.relations.member_of[cluster.arn]
	_global_cluster_unseen(cluster)
}

_global_cluster_unseen(cluster) if cluster.attributes.global_cluster_identifier != null

_global_cluster_unseen(_) if not _global_clusters_listed

# Each Region lists every global cluster of the account, so that one answer is enough.
_global_clusters_listed if {
	some outcome in input.coverage["rds:DescribeGlobalClusters"]
	outcome == "collected"
}

# The least of some numbers, undefined if there are none. The built-in is not used, as rego-cpp compares text.
least(numbers) := number if {
	some number in numbers
	every other in numbers {
		number <= other
	}
}

# A duration as people say it, rounded down.
words(seconds) := sprintf("%d days", [floor(seconds / 86400)]) if seconds >= 172800

words(seconds) := sprintf("%d hours", [floor(seconds / 3600)]) if {
	seconds >= 7200
	seconds < 172800
}

words(seconds) := sprintf("%d minutes", [floor(seconds / 60)]) if seconds < 7200

# Placeholders for the command that gives the subnet group of a database a second zone, where it is known to offer one
# only. RDS refuses to place anything in another one before.
narrow_subnet_group(database) := {
	"narrow_subnet_group": narrow[0].name,
	"subnet_ids": [subnet.subnet_identifier | some subnet in narrow[0].attributes.subnets],
} if {
	narrow := [input.by_arn[group] |
		some group in input.relations.placed_in[database.arn]
		count(input.by_arn[group].placement.zones) == 1
		not _is_unclear(input.by_arn[group])
	]
	count(narrow) > 0
} else := {}

_is_unclear(group) if {
	some subnet in group.attributes.subnets
	null in [subnet.subnet_status, subnet.zone]
}

# Placeholder for the command that turns on automated backups, where they are off. What copies them needs them.
unbacked(instance) := {"unbacked_instance": instance.name} if {
	instance.attributes.backup_retention_period == 0
} else := {}

# Placeholders for the commands that make a snapshot of a database and copy it. Its name holds what it is for, so that
# those of several policies do not get in each other's way, and the day of the scan.
snapshot_params(database, purpose) := {
	"snapshot": concat("-", [database.name, purpose, _today]),
	"snapshot_arn": concat("-", [_snapshot_arn(database.arn), purpose, _today]),
}

_snapshot_arn(arn) := replace(replace(arn, ":db:", ":snapshot:"), ":cluster:", ":cluster-snapshot:")

_today := substring(input.captured_at, 0, 10)
