package hadr.dynamodb.no_copy_off_region_test

import data.hadr.dynamodb.no_copy_off_region as policy
import data.hadr.lib.test
import data.hadr.lib.test_dynamodb

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_arn := test_dynamodb.arn("carts")

_with_copies(table, known) := test.input_with([table], {"copies": {_arn: {"known": known, "unseen": []}}})

_recovery := test.copy("automated_backup", test.region, 300)

test_violated_without_a_replica if {
	document := _with_copies(test_dynamodb.table("carts", {}), [_recovery])
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.message == "carts has no replica outside eu-west-1"
	violation.evidence.looked_for == "replicas"
}

test_satisfied_with_an_active_replica if {
	table := test_dynamodb.table("carts", test_dynamodb.global([test_dynamodb.replica("eu-central-1", "carts", {})]))
	document := _with_copies(table, [_recovery, test.copy("replica", "eu-central-1", null)])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_arn} with input as document
}

test_unknown_where_the_table_was_not_described if {
	document := _with_copies(test_dynamodb.undescribed("carts"), [])
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_unknown_where_the_regions_of_a_global_table_of_2017_were_not_listed if {
	document := _with_copies(test_dynamodb.table("carts", {"global_table_version": "2017.11.29"}), [])
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_not_applicable_where_replicas_are_not_active if {
	creating := test_dynamodb.replica("eu-central-1", "carts", {"replica_status": "CREATING"})
	document := _with_copies(test_dynamodb.table("carts", test_dynamodb.global([creating])), [])
	policy.subjects == set() with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

test_not_applicable_to_what_can_be_made_again if {
	document := _with_copies(test_dynamodb.rebuildable(test_dynamodb.table("carts", {})), [])
	policy.subjects == set() with input as document
}
