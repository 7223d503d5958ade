package hadr.rds.subnet_group_too_few_zones_test

import data.hadr.lib.test
import data.hadr.rds.subnet_group_too_few_zones as policy

_orders := test.db_instance("orders", {})

_listed := {
	"rds:DescribeDBInstances": {"eu-west-1": "collected", "us-west-1": "collected"},
	"rds:DescribeDBClusters": {"eu-west-1": "collected", "us-west-1": "collected"},
}

# A group in these zones, which the databases use.
_document(group, zones, databases) := _document_with(group, zones, databases, {"coverage": _listed})

_document_with(group, zones, databases, parts) := test.input_with(
	array.concat([group], databases),
	object.union(
		{
			"placement": {group.arn: {"zones": zones, "regions": [group.region], "unplaced": []}},
			"relations": {"placed_in": {database.arn: [group.arn] | some database in databases}},
		},
		parts,
	),
)

_group(zones) := test.db_subnet_group("default", zones)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_arn := test.arn("subgrp:default")

_trio := test.db_cluster("trio", {"family": "multi_az", "engine": "postgres"})

_two := ["eu-west-1a", "eu-west-1b"]

_three := ["eu-west-1a", "eu-west-1b", "eu-west-1c"]

test_violated_in_one_zone if {
	_violated(_document(_group(["eu-west-1a"]), ["eu-west-1a"], [_orders])) == {_arn}
}

test_message_gives_both_numbers if {
	document := _document(_group(["eu-west-1a"]), ["eu-west-1a"], [_orders])
	some violation in policy.violations with input as document
	violation.message == "default spans 1 of the 2 Availability Zones that a database in it needs"
	violation.evidence == {"zones": ["eu-west-1a"], "needed": 2}
	violation.params == {"subnet_ids": ["subnet-eu-west-1a"]}
}

test_violated_in_two_zones_where_three_are_needed if {
	aurora := test.db_cluster("ledger", {})
	_violated(_document(_group(_two), _two, [_trio])) == {_arn}
	_violated(_document(_group(_two), _two, [_orders, aurora])) == {_arn}
}

test_satisfied_in_as_many_zones_as_are_needed if {
	lesser := test.with_members(test.db_cluster("ledger", {}), {"criticality": "business-critical"})
	every document in [
		_document(_group(_two), _two, [_orders]),
		_document(_group(_two), _two, [lesser]),
		_document(_group(_three), _three, [_trio]),
	] {
		_violated(document) == set()
		policy.unknowns == set() with input as document
		policy.subjects == {_arn} with input as document
	}
}

test_two_zones_are_enough_in_a_region_of_two if {
	zones := ["us-west-1a", "us-west-1b"]
	group := test.with_members(_group(zones), {"region": "us-west-1"})
	document := _document(group, zones, [_trio])
	_violated(document) == set()
	policy.subjects == {_arn} with input as document
}

test_only_active_subnets_count if {
	# The index leaves the zone of the other one out.
	one := test.with_members(_group(_two), {"attributes": {"subnets": [
		{"subnet_identifier": "subnet-1", "zone": {"name": "eu-west-1a", "id": null}, "subnet_status": "Active"},
		{"subnet_identifier": "subnet-2", "zone": {"name": "eu-west-1b", "id": null}, "subnet_status": "Inactive"},
	]}})
	_violated(_document(one, ["eu-west-1a"], [_orders])) == {_arn}
}

test_unknown_when_a_subnet_does_not_say_where_it_is if {
	every subnet in [
		{"subnet_identifier": "subnet-2", "zone": null, "subnet_status": "Active"},
		{"subnet_identifier": "subnet-2", "zone": {"name": "eu-west-1b", "id": null}, "subnet_status": null},
	] {
		group := test.with_members(_group(_two), {"attributes": {"subnets": [subnet]}})
		document := _document(group, ["eu-west-1a"], [_orders])
		_violated(document) == set()
		policy.unknowns == {_arn} with input as document
	}
}

test_unknown_when_databases_could_not_be_listed if {
	denied := {"coverage": {
		"rds:DescribeDBInstances": {"eu-west-1": "collected"},
		"rds:DescribeDBClusters": {"eu-west-1": "denied"},
	}}
	document := _document_with(_group(_two), _two, [_orders], denied)
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document

	# More than this is asked of no group.
	wide := _document_with(_group(_three), _three, [_orders], denied)
	policy.unknowns == set() with input as wide
	policy.subjects == {_arn} with input as wide
}

test_not_applicable_to_a_group_that_no_database_in_the_region_uses if {
	unused := _document(_group(["eu-west-1a"]), ["eu-west-1a"], [])
	policy.subjects == set() with input as unused

	outpost := test.db_instance("orders", {"backup_target": "outposts"})
	away := _document(_group(["eu-west-1a"]), ["eu-west-1a"], [outpost])
	policy.subjects == set() with input as away
}
