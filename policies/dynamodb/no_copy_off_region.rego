# METADATA
# title: Table has no copy outside its Region
# description: |
#   When the Region fails, the table is out of reach for as long as it lasts, and gone if the Region does not come back.
#   Point-in-time recovery does not help: what it restores from lies in the same Region.
#
#   Every table is judged unless the role of its data is `cache` or `rebuildable`. A replica counts, and so does a backup
#   in a vault of AWS Backup in another Region, up to an age, for one that nobody renews is not a copy any more; how much
#   of the recovery point objective it takes is another question. Where there are replicas in other Regions but none is
#   active, dynamodb-replica-degraded says so instead.
#
#   The verdict is unknown for a table that says that it belongs to a global table of 2017, whose Regions were not
#   listed; where the vaults of another Region could not be listed, or only one Region was scanned; and where a schedule
#   copies to an account or Region that was not scanned together with this one. Exports to S3 are not collected yet.
# scope: package
# related_resources:
# - description: Global tables, multi-Region replication for DynamoDB
#   ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: high
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::DynamoDB::Table]
#   exempt_environments: [disaster-recovery]
#   requires: [dynamodb:ListTables, dynamodb:DescribeTable]
#   parameters:
#     maximum_age:
#       default: 2678400
#       description: >-
#         Seconds after which a backup does not count any more; 31 days by default. Where the tier allows more data to be
#         lost, that is the limit.
#   controls:
#     aws-well-architected: [REL10-BP01, REL13-BP02]
#     nist-800-53: [CP-6, CP-6(1), SC-36]
#     iso-22301: [8.3.4]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [tables-in-several-regions, data-outlives-its-region, mission-critical-in-several-regions]
#   remediation:
#   - argv:
#     - aws
#     - dynamodb
#     - update-table
#     - --table-name={{name}}
#     - --replica-updates=[{"Create":{"RegionName":"{{inputs.dr_region}}"}}]
#     - --region={{region}}
#     effect: >-
#       DynamoDB makes a table of the same name in the other Region and keeps both the same; deletions of items reach
#       it, too; provisioned capacity has to scale by itself first, and the replica has to get its own point-in-time
#       recovery, deletion protection and alarms
#     risk: review
#     undo:
#     - aws
#     - dynamodb
#     - update-table
#     - --table-name={{name}}
#     - --replica-updates=[{"Delete":{"RegionName":"{{inputs.dr_region}}"}}]
#     - --region={{region}}
#     verify:
#     - aws
#     - dynamodb
#     - describe-table
#     - --table-name={{name}}
#     - --query=Table.Replicas[].[RegionName,ReplicaStatus]
#     - --region={{region}}
#     cost: storage and writes a second time in the other Region, and transfer between Regions by GB
#   since: 0.1.0
package hadr.dynamodb.no_copy_off_region

import data.hadr.lib.backup
import data.hadr.lib.dynamodb
import data.hadr.lib.dynamodb.tables
import data.hadr.lib.rds

_unsaved := [table |
	some table in tables
	not _is_replicated(table)
	not _has_recent_backup(table)
	not _is_degraded(table)
]

# It has replicas, which do not work.
_is_degraded(table) if {
	count(table.attributes.replicas) > 0
	not _is_replicated(table)
	not _has_recent_backup(table)
}

_is_replicated(table) if is_number(table.copies.newest.off_region_replica)

_has_recent_backup(table) if table.copies.newest.off_region <= _limit(table)

_limit(table) := rpo if {
	rpo := table.rpo.value
	rpo > data.parameters["dynamodb-no-copy-off-region"].maximum_age
} else := data.parameters["dynamodb-no-copy-off-region"].maximum_age

subjects contains table.arn if {
	some table in tables
	not _is_degraded(table)
}

unknowns contains table.arn if {
	some table in _unsaved
	_may_be_saved(table)
}

violations contains violation if {
	some table in _unsaved
	not _may_be_saved(table)
	ages := [copy.age |
		some copy in table.copies.known
		copy.off_region == true
	]
	violation := {
		"resource": table.arn,
		"message": _message(table, ages),
		"evidence": {
			"region": table.region,
			"replicas": [],
			"ages_of_backups_elsewhere": ages,
			"maximum_age": _limit(table),
		},
	}
}

_message(table, ages) := sprintf("%s has no copy outside %s", [table.name, table.region]) if count(ages) == 0

_message(table, ages) := sprintf(
	"%s has no recent copy outside %s: the newest is %s old",
	[table.name, table.region, rds.words(rds.least(ages))],
) if {
	count(ages) > 0
}

_may_be_saved(table) if dynamodb.is_undescribed(table)

_may_be_saved(table) if table.attributes.global_table_version == "2017.11.29"

_may_be_saved(table) if {
	some listing in table.copies.unseen
	listing.region != table.region
}

_may_be_saved(table) if backup.is_copied_off_region_out_of_sight(table)

_may_be_saved(table) if table.copies.at_best.off_region <= _limit(table)
