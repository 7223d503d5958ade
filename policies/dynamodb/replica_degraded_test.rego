package hadr.dynamodb.replica_degraded_test

import data.hadr.dynamodb.replica_degraded as policy
import data.hadr.lib.test
import data.hadr.lib.test_dynamodb

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_carts := {test_dynamodb.arn("carts")}

# A table with an active replica, and another with these settings.
_with_replica(settings) := test_dynamodb.table("carts", test_dynamodb.global([
	test_dynamodb.replica("us-west-1", "carts", {}),
	test_dynamodb.replica("eu-central-1", "carts", settings),
]))

test_violated_where_a_replica_is_not_active if {
	every status in ["CREATION_FAILED", "DELETING", "INACCESSIBLE_ENCRYPTION_CREDENTIALS", "REGION_DISABLED"] {
		document := test.input_of([_with_replica({"replica_status": status})])
		_violated(document) == _carts
		_unknown(document) == set()
	}
}

test_message_names_the_region_and_the_status if {
	document := test.input_of([_with_replica({"replica_status": "REGION_DISABLED"})])
	some violation in policy.violations with input as document
	violation.message == "carts has a replica in eu-central-1 that is REGION_DISABLED"
	violation.evidence.replica == test_dynamodb.arn_in("eu-central-1", "carts")
	violation.discriminator == "eu-central-1"
	violation.params == {"region": "eu-central-1"}
}

test_violated_where_a_replica_cannot_be_reached if {
	document := test.input_of([_with_replica({"replica_inaccessible_date_time": "2026-11-20T00:00:00Z"})])
	_violated(document) == _carts
	some violation in policy.violations with input as document
	violation.message == "carts has a replica in eu-central-1 that cannot be reached since 2026-11-20T00:00:00Z"
}

test_satisfied_while_replicas_are_active if {
	every status in ["ACTIVE", "UPDATING"] {
		document := test.input_of([_with_replica({"replica_status": status})])
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _carts with input as document
	}
}

test_unknown_while_a_replica_is_being_made_or_has_no_status if {
	every status in ["CREATING", null] {
		document := test.input_of([_with_replica({"replica_status": status})])
		_unknown(document) == _carts
		_violated(document) == set()
	}
}

test_unknown_where_the_table_was_not_described if {
	_unknown(test.input_of([test_dynamodb.undescribed("carts")])) == _carts
}

test_not_applicable_without_replicas_and_to_what_can_be_made_again if {
	document := test.input_of([
		test_dynamodb.table("orders", {}),
		test_dynamodb.rebuildable(_with_replica({"replica_status": "DELETING"})),
	])
	policy.subjects == set() with input as document
}
