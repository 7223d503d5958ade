# METADATA
# title: Table belongs to a global table of the version of 2017
# description: |
#   Global tables of version 2017.11.29 need items to carry attributes of the replication, cannot get a replica once
#   there is data, write more for each change, and have no backup or setting that is kept the same by DynamoDB. AWS
#   keeps them for what is there already; a recovery that rests on them is harder to extend and to test.
#
#   Tables that say that they are global are judged, and those that a global table of 2017 names, each for itself: the
#   severity follows from the tags of the table, and a global table of 2017 has none.
# scope: package
# related_resources:
# - description: Determining the version of global table you are using, and updating it
#   ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_upgrade.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: operations
#   scenarios: [region]
#   resource_types: [AWS::DynamoDB::Table]
#   requires: [dynamodb:ListTables, dynamodb:DescribeTable]
#   controls:
#     aws-well-architected: [REL13-BP04]
#   practices: [tables-in-several-regions, table-replicas-checked]
#   remediation:
#   - argv:
#     - aws
#     - dynamodb
#     - describe-global-table
#     - --global-table-name={{name}}
#     - --region={{region}}
#     effect: >-
#       shows the Regions of the global table; nothing is changed; the version is updated in the console of DynamoDB, on
#       the tab for global tables, once for all Regions, and cannot be taken back
#     risk: safe
#     verify:
#     - aws
#     - dynamodb
#     - describe-table
#     - --table-name={{name}}
#     - --query=Table.GlobalTableVersion
#     - --region={{region}}
#     cost: none; replicated writes cost less afterwards
#   since: 0.1.0
package hadr.dynamodb.global_table_legacy

import data.hadr.lib.dynamodb

_legacy_version := "2017.11.29"

# Regions of each global table of 2017, by the name that its tables share.
_groups := {global.name: global.attributes.replication_group |
	some global in input.resources["AWS::DynamoDB::GlobalTable"]
}

_legacy := {table.arn |
	some table in input.resources["AWS::DynamoDB::Table"]
	_is_legacy(table)
}

_is_legacy(table) if table.attributes.global_table_version == _legacy_version

_is_legacy(table) if table.region in _groups[table.name]

subjects contains table.arn if {
	some table in input.resources["AWS::DynamoDB::Table"]
	table.attributes.global_table_version != null
}

subjects contains arn if {
	some arn in _legacy
}

subjects contains table.arn if {
	some table in input.resources["AWS::DynamoDB::Table"]
	dynamodb.is_undescribed(table)
}

unknowns contains table.arn if {
	some table in input.resources["AWS::DynamoDB::Table"]
	dynamodb.is_undescribed(table)
	not table.arn in _legacy
}

violations contains violation if {
	some table in input.resources["AWS::DynamoDB::Table"]
	table.arn in _legacy
	violation := {
		"resource": table.arn,
		"message": sprintf("%s belongs to a global table of version %s", [table.name, _legacy_version]),
		"evidence": {
			"global_table_version": _legacy_version,
			# Empty where the global table was not listed.
			"replication_group": object.get(_groups, table.name, []),
		},
	}
}
