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

# A target of Application Auto Scaling, such as `table/orders` and `WriteCapacityUnits`.
target(id, units, attributes) := test.resource(
	"AWS::ApplicationAutoScaling::ScalableTarget",
	sprintf("arn:aws:application-autoscaling:%s:%s:scalable-target/%s/%s", [test.region, test.account, id, units]),
	id,
	object.union(
		{
			"service_namespace": "dynamodb",
			"resource_id": id,
			"scalable_dimension": sprintf("dynamodb:%s:%s", [_scaled_part(id), units]),
			"min_capacity": 5,
			"max_capacity": 50,
		},
		attributes,
	),
)

_scaled_part(id) := "index" if contains(id, "/index/")

_scaled_part(id) := "table" if not contains(id, "/index/")

# A global table of 2017 with tables in these Regions.
global_2017(name, regions) := test.with_members(
	test.resource(
		"AWS::DynamoDB::GlobalTable",
		sprintf("arn:aws:dynamodb::%s:global-table/%s", [test.account, name]),
		name,
		{"replication_group": regions},
	),
	{"region": "global"},
)
