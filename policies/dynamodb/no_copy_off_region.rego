# METADATA
# title: Table has no replica outside its Region
# description: |
#   When the Region fails, the table is out of reach for as long as it lasts, and gone if the Region does not come back.
#   Point-in-time recovery does not help: what it restores from lies in the same Region.
#
#   Every table is judged unless the role of its data is `cache` or `rebuildable`. Where there are replicas in other
#   Regions but none is active, dynamodb-replica-degraded says so instead. A table that says that it belongs to a
#   global table of 2017, whose Regions were not listed, is unknown. Copies that AWS Backup makes in other Regions and
#   exports to S3 are not collected yet: the evidence says that only replicas were looked for.
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
#   requires: [dynamodb:ListTables, dynamodb:DescribeTable]
#   controls:
#     aws-well-architected: [REL10-BP01, REL13-BP02]
#     aws-config: [dynamodb-resources-protected-by-backup-plan]
#     aws-security-hub: [DynamoDB.4]
#     nist-800-53: [CP-6, CP-6(1), SC-36]
#     iso-22301: [8.3.4]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [tables-in-several-regions, data-outlives-its-region]
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

import data.hadr.lib.dynamodb
import data.hadr.lib.dynamodb.tables

_unreplicated := [table |
	some table in tables
	not _is_replicated(table)
]

_is_replicated(table) if {
	some copy in input.copies[table.arn].known
	copy.kind == "replica"
	copy.off_region == true
}

subjects contains table.arn if {
	some table in tables
	not table.arn in _degraded
}

_degraded := {table.arn |
	some table in _unreplicated
	count(table.attributes.replicas) > 0
}

unknowns contains table.arn if {
	some table in _unreplicated
	not table.arn in _degraded
	_may_be_replicated(table)
}

violations contains violation if {
	some table in _unreplicated
	not table.arn in _degraded
	not _may_be_replicated(table)
	violation := {
		"resource": table.arn,
		"message": sprintf("%s has no replica outside %s", [table.name, table.region]),
		"evidence": {"region": table.region, "replicas": [], "looked_for": "replicas"},
	}
}

_may_be_replicated(table) if dynamodb.is_undescribed(table)

_may_be_replicated(table) if table.attributes.global_table_version == "2017.11.29"
