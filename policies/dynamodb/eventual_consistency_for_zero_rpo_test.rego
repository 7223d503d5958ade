package hadr.dynamodb.eventual_consistency_for_zero_rpo_test

import data.hadr.dynamodb.eventual_consistency_for_zero_rpo as policy
import data.hadr.lib.test
import data.hadr.lib.test_dynamodb

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_carts := {test_dynamodb.arn("carts")}

_zero := {"config": {"tiers": {"mission-critical": {"rpo": 0}}}}

_replicated(consistency) := test_dynamodb.table("carts", object.union(
	test_dynamodb.global([test_dynamodb.replica("eu-central-1", "carts", {})]),
	{"multi_region_consistency": consistency},
))

test_violated_by_eventual_consistency if {
	every consistency in ["EVENTUAL", null] {
		document := test.input_with([_replicated(consistency)], _zero)
		_violated(document) == _carts
		some violation in policy.violations with input as document
		violation.message == "carts is replicated with a delay, and its tier allows no loss of data"
	}
}

test_satisfied_by_strong_consistency if {
	document := test.input_with([_replicated("STRONG")], _zero)
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _carts with input as document
}

test_unknown_where_the_table_was_not_described if {
	document := test.input_with([test_dynamodb.undescribed("carts")], _zero)
	_unknown(document) == _carts
	_violated(document) == set()
}

test_not_applicable_where_loss_is_allowed_and_without_replicas if {
	policy.subjects == set() with input as test.input_of([_replicated("EVENTUAL")])
	policy.subjects == set() with input as test.input_with([test_dynamodb.table("carts", {})], _zero)
}

test_not_applicable_to_what_can_be_made_again if {
	document := test.input_with([test_dynamodb.rebuildable(_replicated("EVENTUAL"))], _zero)
	policy.subjects == set() with input as document
}
