# METADATA
# title: Provisioned capacity of the table does not follow the load
# description: |
#   When a zone or a Region fails, its load comes to what is left, and a table with fixed capacity refuses what exceeds
#   it: the failover succeeds and the application fails nonetheless.
#
#   Tables with provisioned capacity are judged, and each of their global secondary indexes, for one that cannot keep up
#   makes the table refuse writes. Reads and writes both have to be targets of Application Auto Scaling with room
#   between their bounds. Whether a policy is attached to a target, whether scaling is suspended, and whether the bounds
#   of a replica are as wide as those of its source is not collected or compared yet.
# scope: package
# related_resources:
# - description: Managing throughput capacity automatically with DynamoDB auto scaling
#   ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types: [AWS::DynamoDB::Table]
#   requires: [dynamodb:ListTables, dynamodb:DescribeTable, application-autoscaling:DescribeScalableTargets]
#   controls:
#     aws-well-architected: [REL01-BP06, REL07-BP01]
#     aws-config: [dynamodb-autoscaling-enabled]
#     aws-security-hub: [DynamoDB.1]
#     nist-800-53: [CP-2(2)]
#     iso-22301: [8.3.4]
#     dora: [7(c)]
#     soc2: [A1.1]
#   remediation:
#   - argv:
#     - aws
#     - dynamodb
#     - update-table
#     - --table-name={{name}}
#     - --billing-mode=PAY_PER_REQUEST
#     - --region={{region}}
#     effect: >-
#       the table and its indexes take what load comes; the change takes some minutes without interruption. The way back
#       is open once in 24 hours, with ProvisionedThroughput, and GlobalSecondaryIndexUpdates for the indexes, as JSON
#     risk: review
#     undo:
#     - aws
#     - dynamodb
#     - update-table
#     - --table-name={{name}}
#     - --billing-mode=PROVISIONED
#     - --cli-input-json={{choose.provisioned_capacity}}
#     - --region={{region}}
#     verify:
#     - aws
#     - dynamodb
#     - describe-table
#     - --table-name={{name}}
#     - --query=Table.BillingModeSummary.BillingMode
#     - --region={{region}}
#     cost: by request instead of by hour, which is more for a steady load
#   since: 0.1.0
package hadr.dynamodb.capacity_fixed

_tables := [table |
	some table in input.resources["AWS::DynamoDB::Table"]
	table.attributes.billing_mode in {"PROVISIONED", null}
]

subjects contains table.arn if {
	some table in _tables
}

unknowns contains table.arn if {
	some table in _tables
	table.attributes.billing_mode == null
}

violations contains violation if {
	some table in _tables
	table.attributes.billing_mode == "PROVISIONED"
	scaled := _scaled(table)
	fixed := [dimension | some dimension in _dimensions(table); not dimension in scaled]
	count(fixed) > 0
	violation := {
		"resource": table.arn,
		"message": sprintf("%s has provisioned capacity that does not follow the load", [table.name]),
		"evidence": {"billing_mode": "PROVISIONED", "fixed": fixed},
	}
}

# What of a table has a capacity, such as `table/orders/index/by-date WriteCapacityUnits`.
_dimensions(table) := array.concat(
	[sprintf("table/%s %s", [table.name, units]) | some units in _units],
	[sprintf("table/%s/index/%s %s", [table.name, index, units]) |
		some index in table.attributes.global_secondary_indexes
		some units in _units
	],
)

_units := ["ReadCapacityUnits", "WriteCapacityUnits"]

# The same of its targets. One whose bounds are equal holds the capacity where it is.
_scaled(table) := {sprintf("%s %s", [target.resource_id, units]) |
	some arn in input.relations.scaled_by[table.arn]
	target := input.by_arn[arn].attributes
	target.min_capacity != target.max_capacity
	is_string(target.scalable_dimension)
	units := split(target.scalable_dimension, ":")[2]
}
