# METADATA
# title: Tier allows no loss of data, and the table is replicated with a delay
# description: |
#   A global table with eventual consistency replicates after it has confirmed a write, usually within a second. What
#   was not replicated when the Region fails is out of reach, and is lost if the Region does not come back: that is more
#   than a recovery point objective of zero allows. Multi-Region strong consistency confirms a write only when another
#   Region has it.
#
#   Tables with replicas in other Regions are judged whose tier promises a recovery point of zero, unless the role of
#   their data is `cache` or `rebuildable`. Without replicas, dynamodb-no-copy-off-region says so instead.
# scope: package
# related_resources:
# - description: Multi-Region consistency modes of global tables
#   ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: none
#     general: none
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::DynamoDB::Table]
#   requires: [dynamodb:ListTables, dynamodb:DescribeTable]
#   controls:
#     aws-well-architected: [REL13-BP02]
#     nist-800-53: [CP-9(6)]
#     iso-22301: [8.3.3]
#     dora: [12(6)]
#     soc2: [A1.2]
#   practices: [strategy-multi-site, tables-in-several-regions]
#   remediation:
#   - argv:
#     - aws
#     - dynamodb
#     - update-table
#     - --table-name={{choose.target}}
#     - --replica-updates=[{"Create":{"RegionName":"{{inputs.dr_region}}"}}]
#     - --global-table-witness-updates=[{"Create":{"RegionName":"{{choose.region}}"}}]
#     - --multi-region-consistency=STRONG
#     - --region={{region}}
#     effect: >-
#       makes a new, empty table, which has to be there already, global with strong consistency, with a replica in one
#       Region and a witness in a third of the same set of Regions; the consistency of a table that is global already
#       cannot be changed, so the data has to be moved; writes take longer, and transactions and TTL are not available
#     risk: review
#     verify:
#     - aws
#     - dynamodb
#     - describe-table
#     - --table-name={{choose.target}}
#     - --query=Table.[MultiRegionConsistency,GlobalTableWitnesses]
#     - --region={{region}}
#     cost: storage and writes a second time in the other Region, and writes for the witness
#   since: 0.1.0
package hadr.dynamodb.eventual_consistency_for_zero_rpo

import data.hadr.lib.dynamodb
import data.hadr.lib.dynamodb.tables

_tables := [table |
	some table in tables
	table.rpo.value == 0
]

_undescribed := [table | some table in _tables; dynamodb.is_undescribed(table)]

_replicated := [table |
	some table in _tables
	count(table.attributes.replicas) > 0
]

subjects contains table.arn if {
	some table in _undescribed
}

subjects contains table.arn if {
	some table in _replicated
}

unknowns contains table.arn if {
	some table in _undescribed
}

# DynamoDB leaves the consistency out where it is eventual.
violations contains violation if {
	some table in _replicated
	not dynamodb.is_undescribed(table)
	table.attributes.multi_region_consistency in {"EVENTUAL", null}
	violation := {
		"resource": table.arn,
		"message": sprintf("%s is replicated with a delay, and its tier allows no loss of data", [table.name]),
		"evidence": {"multi_region_consistency": "EVENTUAL", "rpo": 0, "tier": table.tier},
	}
}
