package hadr.dynamodb.deletion_protection_off_test

import data.hadr.dynamodb.deletion_protection_off as policy
import data.hadr.lib.test
import data.hadr.lib.test_dynamodb

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_carts := {test_dynamodb.arn("carts")}

_off := {"deletion_protection_enabled": false}

test_violated_without_protection if {
	document := test.input_of([test_dynamodb.table("carts", _off)])
	_violated(document) == _carts
	some violation in policy.violations with input as document
	violation.message == "carts has no deletion protection"
	violation.evidence == {"deletion_protection_enabled": false}
}

test_satisfied_with_protection if {
	document := test.input_of([test_dynamodb.table("carts", {})])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _carts with input as document
}

test_unknown_where_the_table_was_not_described if {
	document := test.input_of([test_dynamodb.undescribed("carts")])
	_unknown(document) == _carts
	_violated(document) == set()
}

test_not_applicable_to_what_comes_and_goes if {
	document := test.input_of([
		test_dynamodb.rebuildable(test_dynamodb.table("report", _off)),
		test_dynamodb.table("leaving", object.union(_off, {"table_status": "DELETING"})),
	])
	policy.subjects == set() with input as document
}
