# METADATA
# title: Table can be deleted in one step
# description: |
#   One call, by mistake or by someone who has stolen credentials, deletes the table. DynamoDB keeps a backup of it for
#   35 days only where point-in-time recovery was on, and a restore takes hours and has another name.
#
#   Every table is judged, the replicas of a global table each for itself, for a replica does not take over the
#   protection. What the role of its data calls a cache or rebuildable is meant to come and go.
# scope: package
# related_resources:
# - description: Using deletion protection to protect your table
#   ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: protection
#   scenarios: [deletion, ransom]
#   resource_types: [AWS::DynamoDB::Table]
#   requires: [dynamodb:ListTables, dynamodb:DescribeTable]
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-config: [dynamodb-table-deletion-protection-enabled]
#     aws-security-hub: [DynamoDB.6]
#     dora: [9(3)]
#   remediation:
#   - argv:
#     - aws
#     - dynamodb
#     - update-table
#     - --table-name={{name}}
#     - --deletion-protection-enabled
#     - --region={{region}}
#     effect: the API refuses to delete the table until the protection is taken off; this applies at once
#     risk: safe
#     undo:
#     - aws
#     - dynamodb
#     - update-table
#     - --table-name={{name}}
#     - --no-deletion-protection-enabled
#     - --region={{region}}
#     verify:
#     - aws
#     - dynamodb
#     - describe-table
#     - --table-name={{name}}
#     - --query=Table.DeletionProtectionEnabled
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.dynamodb.deletion_protection_off

import data.hadr.lib.dynamodb.tables

_unprotected := [table |
	some table in tables
	table.attributes.deletion_protection_enabled != true
]

subjects contains table.arn if {
	some table in tables
}

unknowns contains table.arn if {
	some table in _unprotected
	table.attributes.deletion_protection_enabled == null
}

violations contains violation if {
	some table in _unprotected
	table.attributes.deletion_protection_enabled == false
	violation := {
		"resource": table.arn,
		"message": sprintf("%s has no deletion protection", [table.name]),
		"evidence": {"deletion_protection_enabled": false},
	}
}
