# METADATA
# description: Tables for the tests of policies. A test gives what matters to it; the rest is in order.
package hadr.lib.test_dynamodb

import data.hadr.lib.test

arn(name) := arn_in(test.region, name)

arn_in(a_region, name) := sprintf("arn:aws:dynamodb:%s:%s:table/%s", [a_region, test.account, name])

# A table on demand in one Region.
table(name, attributes) := test.resource("AWS::DynamoDB::Table", arn(name), name, object.union(_table, attributes))

_table := {
	"table_status": "ACTIVE",
	"creation_date_time": "2025-01-01T00:00:00Z",
	"billing_mode": "PAY_PER_REQUEST",
	"global_secondary_indexes": [],
	"deletion_protection_enabled": true,
	"global_table_version": null,
	"multi_region_consistency": null,
	"replicas": [],
	"witnesses": [],
	"point_in_time_recovery": {
		"enabled": true,
		"recovery_period_in_days": 35,
		"earliest_restorable_date_time": "2026-10-18T03:00:00Z",
		"latest_restorable_date_time": "2026-11-22T02:55:00Z",
	},
}

# A table that was listed, and whose description failed.
undescribed(name) := table(name, {
	"table_status": null,
	"creation_date_time": null,
	"billing_mode": null,
	"deletion_protection_enabled": null,
})

# Settings of a table with replicas.
global(replicas) := {"global_table_version": "2019.11.21", "replicas": replicas}

# An active replica of the table of that name, as another Region tells of it.
replica(a_region, name, attributes) := object.union(
	{
		"arn": arn_in(a_region, name),
		"region": a_region,
		"replica_status": "ACTIVE",
		"replica_inaccessible_date_time": null,
	},
	attributes,
)

# The role of what can be made again.
rebuildable(entry) := test.in_role("rebuildable", entry)
