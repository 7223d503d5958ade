package hadr.dynamodb.global_table_legacy_test

import data.hadr.dynamodb.global_table_legacy as policy
import data.hadr.lib.test
import data.hadr.lib.test_dynamodb

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_carts := {test_dynamodb.arn("carts")}

_global_2017 := test_dynamodb.global_2017("carts", ["eu-central-1", "eu-west-1"])

test_violated_where_the_table_says_its_version if {
	document := test.input_of([test_dynamodb.table("carts", {"global_table_version": "2017.11.29"})])
	_violated(document) == _carts
	some violation in policy.violations with input as document
	violation.message == "carts belongs to a global table of version 2017.11.29"
}

test_violated_where_a_global_table_names_it if {
	abroad := test.moved_to(test_dynamodb.table("carts", {}), "us-west-1")
	document := test.input_of([test_dynamodb.table("carts", {}), abroad, _global_2017])
	_violated(document) == _carts
	policy.subjects == _carts with input as document
	some violation in policy.violations with input as document
	violation.evidence.replication_group == ["eu-central-1", "eu-west-1"]
}

test_satisfied_by_the_version_of_2019 if {
	table := test_dynamodb.table("carts", test_dynamodb.global([test_dynamodb.replica("us-west-1", "carts", {})]))
	document := test.input_of([table])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _carts with input as document
}

test_unknown_where_the_table_was_not_described if {
	document := test.input_of([test_dynamodb.undescribed("carts")])
	_unknown(document) == _carts
	_violated(document) == set()
}

test_not_applicable_to_tables_of_one_region if {
	policy.subjects == set() with input as test.input_of([test_dynamodb.table("carts", {})])
}
