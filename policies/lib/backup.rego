# METADATA
# description: |
#   What several policies ask about backups: which resources hold data, what makes backups of them again and again, what
#   keeps their past without that, and where copies of them go.
package hadr.lib.backup

import data.hadr.lib.ec2.volumes
import data.hadr.lib.efs.file_systems
import data.hadr.lib.rds.sources
import data.hadr.lib.s3

# Resources whose data nothing else makes again: databases that follow no other, tables, volumes in use, and buckets and
# file systems that are no copies.
holders := array.concat(
	array.concat(array.concat(_databases, _documents), array.concat(_graphs, _tables)),
	array.concat(volumes, array.concat(_buckets, _file_systems)),
)

# The same by the service in the name of their type.
holders_by_service := {
	"DocDB": _documents,
	"DynamoDB": _tables,
	"EC2": volumes,
	"EFS": _file_systems,
	"Neptune": _graphs,
	"RDS": _databases,
	"S3": _buckets,
}

_databases := [database |
	some database in sources
	database.role.value == "authoritative"
]

_documents := [cluster |
	some cluster in input.resources["AWS::DocDB::DBCluster"]
	cluster.role.value == "authoritative"
	not input.relations.reads_from[cluster.arn]
]

_graphs := [cluster |
	some cluster in input.resources["AWS::Neptune::DBCluster"]
	cluster.role.value == "authoritative"
	not input.relations.reads_from[cluster.arn]
]

_tables := [table |
	some table in input.resources["AWS::DynamoDB::Table"]
	table.role.value == "authoritative"
]

_buckets := [bucket |
	some bucket in input.resources["AWS::S3::Bucket"]
	bucket.role.value == "authoritative"
	not s3.is_replica(bucket)
]

_file_systems := [file_system |
	some file_system in file_systems
	file_system.role.value == "authoritative"
]

# Schedules that have a resource and are not known never to run.
running(resource) := [schedule |
	some schedule in resource.schedules.known
	schedule.never_runs == false
]

is_scheduled(resource) if count(resource.schedules.known) > 0

# EFS has a plan of its own for what it backs up.
is_scheduled(resource) if resource.attributes.automatic_backups == true

# A schedule could have the resource without having been seen.
may_be_scheduled(resource) if count(resource.schedules.possible) > 0

may_be_scheduled(resource) if resource.attributes.automatic_backups == null

may_be_scheduled(resource) if {
	some listing in resource.schedules.unseen
	_is_about(listing.operation, resource)
}

# Nobody could say in which Region it is.
may_be_scheduled(resource) if resource.region == "global"

# Nobody asked for plans there.
may_be_scheduled(resource) if {
	resource.region != "global"
	not input.coverage["backup:ListBackupPlans"][resource.region]
}

# Data Lifecycle Manager has volumes only.
_is_about(operation, _) if not startswith(operation, "dlm:")

_is_about(_, resource) if resource.type == "AWS::EC2::Volume"

# The resource was made so short a time ago that no schedule that has it need have run yet.
is_new(resource) if resource.schedules.is_waiting == true

# What keeps the past of a resource without a schedule, in words.
native(resource) := "automated backups" if {
	is_number(resource.attributes.backup_retention_period)
	resource.attributes.backup_retention_period > 0
}

native(resource) := "point-in-time recovery" if resource.attributes.point_in_time_recovery.enabled == true

native(resource) := "versions of its objects" if resource.attributes.versioning.status == "enabled"

# Something does. This is asked of every resource, so that the first that does settles it.
is_native(resource) if resource.attributes.backup_retention_period > 0

is_native(resource) if resource.attributes.versioning.status == "enabled"

is_native(resource) if resource.attributes.point_in_time_recovery.enabled == true

# It is not known whether anything does.
is_native_unknown(resource) if resource.attributes.backup_retention_period == null

is_native_unknown(resource) if resource.attributes.point_in_time_recovery == null

is_native_unknown(resource) if resource.attributes.point_in_time_recovery.enabled == null

is_native_unknown(resource) if resource.attributes.versioning == null

# A schedule copies backups of the resource to where nobody looked.
is_copied_out_of_sight(resource) if count(resource.schedules.out_of_sight) > 0

# The same, into another Region than that of the resource.
is_copied_off_region_out_of_sight(resource) if {
	some destination in resource.schedules.out_of_sight
	destination.region != resource.region
}

# The same, into another account.
is_copied_off_account_out_of_sight(resource) if {
	some destination in resource.schedules.out_of_sight
	is_string(destination.account)
	destination.account != resource.account
}

# The last part of the ARN of a vault or a plan.
name_of(arn) := split(arn, ":")[6] if is_string(arn)

# Placeholder for the command that lets a bucket keep versions, without which AWS Backup makes no backups of it.
unversioned_params(resource) := s3.unversioned_params(resource) if {
	resource.type == "AWS::S3::Bucket"
} else := {}

# A list in words.
listed(words) := concat(" and ", words) if count(words) < 3

listed(words) := sprintf("%s and %s", [concat(", ", array.slice(words, 0, count(words) - 1)), words[count(words) - 1]]) if {
	count(words) > 2
}
