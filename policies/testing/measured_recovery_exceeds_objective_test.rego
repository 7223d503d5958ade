package hadr.testing.measured_recovery_exceeds_objective_test

import data.hadr.lib.test
import data.hadr.lib.test_workload
import data.hadr.testing.measured_recovery_exceeds_objective as policy

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_orders := "arn:aws:rds:eu-west-1:123456789012:db:orders"

_document(members, records) := test_workload.input_with(
	[test_workload.workload("shop", object.union({"resources": [_orders]}, members))],
	[test.db_instance("orders", {})],
	test_workload.unkept(records),
)

_drill(days, rto, rpo) := test_workload.drill(days, {"rto": rto, "rpo": rpo})

_restore(days, rto) := test_workload.restored(_orders, days, {"rto": rto})

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_by_a_recovery_within_the_objectives if {
	document := _document({}, [_drill(30, 3600, 900), _restore(40, 3600)])
	_messages(document) == set()
	policy.subjects == {_shop} with input as document
}

test_violated_by_a_drill_that_took_too_long if {
	document := _document({}, [_drill(30, 10800, null)])
	_messages(document) == {
		"shop was away for 3 hours in the drill of 30 days ago, and 60 minutes are promised",
	}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.discriminator == "rto"
	violation.evidence.measured == 10800
	violation.evidence.source == "attestations/drill-30.toml"
	not violation.at_most
}

test_violated_by_a_drill_that_lost_too_much if {
	document := _document({"rpo": test_workload.implied(0)}, [_drill(30, null, 30)])
	_messages(document) == {
		"shop lost the writes of 30 seconds in the drill of 30 days ago, and its tier allows 0 seconds",
	}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.discriminator == "rpo"
}

test_both_are_told_apart if {
	document := _document({}, [_drill(30, 10800, 10800)])
	found := {violation.discriminator | some violation in policy.violations with input as document}
	found == {"rto", "rpo"}
}

test_only_the_newest_drill_that_measured_it_counts if {
	better := _document({}, [_drill(10, 1800, null), _drill(30, 10800, 7200)])
	_messages(better) == {
		"shop lost the writes of 2 hours in the drill of 30 days ago, and 15 minutes are promised",
	}
	worse := _document({}, [_drill(10, 7200, null), _drill(30, 1800, null)])
	_messages(worse) == {
		"shop was away for 2 hours in the drill of 10 days ago, and 60 minutes are promised",
	}
}

test_violated_by_a_restore_that_took_too_long if {
	document := _document({}, [_restore(30, 10800)])
	_messages(document) == {"shop took 3 hours to restore orders 30 days ago, and 60 minutes are promised"}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.at_most == "medium"
	violation.discriminator == "restore arn:aws:rds:eu-west-1:123456789012:db:orders"
}

test_a_newer_restore_of_the_resource_takes_the_place_of_an_older_one if {
	_messages(_document({}, [_restore(10, 600), _restore(30, 10800)])) == set()
	_messages(_document({}, [_restore(10, 7200), _restore(30, 10800)])) == {
		"shop took 2 hours to restore orders 10 days ago, and 60 minutes are promised",
	}
	other := test_workload.restored("arn:aws:rds:eu-west-1:123456789012:db:users", 10, {"rto": 600})
	_messages(_document({}, [other, _restore(30, 10800)])) == {
		"shop took 3 hours to restore orders 30 days ago, and 60 minutes are promised",
	}
}

test_a_resource_that_is_gone_is_named_by_its_arn if {
	gone := "arn:aws:rds:eu-west-1:123456789012:db:users"
	document := _document({}, [test_workload.restored(gone, 10, {"rto": 7200})])
	_messages(document) == {concat(" ", [
		"shop took 2 hours to restore arn:aws:rds:eu-west-1:123456789012:db:users 10 days ago,",
		"and 60 minutes are promised",
	])}
}

test_not_applicable_where_nothing_was_measured if {
	document := _document({}, [
		_drill(30, null, null),
		_restore(10, null),
		test_workload.drill(20, {"workload": "carts", "rto": 10800}),
	])
	policy.subjects == set() with input as document
	_messages(document) == set()
}

test_not_applicable_where_somebody_decided_to_promise_nothing if {
	document := _document({"accepted": true}, [_drill(30, 10800, 10800), _restore(30, 10800)])
	policy.subjects == set() with input as document
	_messages(document) == set()
}
