package hadr.rds.instance_standby_pending_test

import data.hadr.lib.test
import data.hadr.rds.instance_standby_pending as policy

_pending := {"multi_az": false, "pending_modified_values": {"multi_az": true}}

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

test_violated_while_the_standby_waits_for_the_window if {
	document := test.input_of([test.db_instance("orders", _pending)])
	_violated(document) == {test.arn("db:orders")}
}

test_message_names_the_window if {
	document := test.input_of([test.db_instance("orders", _pending)])
	some violation in policy.violations with input as document
	violation.message == "orders gets its standby only in the maintenance window sun:04:00-sun:05:00"
	violation.evidence == {
		"multi_az": false,
		"pending_modified_values.multi_az": true,
		"preferred_maintenance_window": "sun:04:00-sun:05:00",
	}
}

test_message_without_a_known_window if {
	instance := test.db_instance("orders", object.union(_pending, {"preferred_maintenance_window": null}))
	some violation in policy.violations with input as test.input_of([instance])
	violation.message == "orders gets its standby only in the maintenance window to come"
}

test_satisfied_once_the_standby_is_there if {
	document := test.input_of([test.db_instance("orders", {"multi_az": true})])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {test.arn("db:orders")} with input as document
}

test_unknown_when_the_api_did_not_say if {
	instance := test.db_instance("orders", {"multi_az": null, "pending_modified_values": {"multi_az": true}})
	document := test.input_of([instance])
	_violated(document) == set()
	policy.unknowns == {test.arn("db:orders")} with input as document
}

test_not_applicable_where_no_standby_was_asked_for_or_could_be if {
	document := test.input_of([
		test.db_instance("single", {"multi_az": false}),
		test.db_instance("replica", object.union(_pending, {"role": "read_replica"})),
		test.db_instance("custom", object.union(_pending, {"engine": "custom-oracle-ee"})),
		test.db_instance("outpost", object.union(_pending, {"backup_target": "outposts"})),
		test.db_instance("leaving", object.union(_pending, {"db_instance_status": "deleting"})),
	])
	policy.subjects == set() with input as document
}
