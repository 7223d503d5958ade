package hadr.rds.instance_single_az_test

import data.hadr.lib.test
import data.hadr.rds.instance_single_az as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

test_violated_without_a_standby if {
	document := test.input_of([test.db_instance("orders", {"multi_az": false})])
	_violated(document) == {test.arn("db:orders")}
}

test_message_names_the_instance if {
	document := test.input_of([test.db_instance("orders", {"multi_az": false})])
	some violation in policy.violations with input as document
	violation.message == "orders runs in one Availability Zone and has no standby"
	violation.evidence == {"multi_az": false, "zones": ["eu-west-1a"]}
}

test_satisfied_with_a_standby if {
	document := test.input_of([test.db_instance("orders", {"multi_az": true})])
	_violated(document) == set()
	policy.subjects == {test.arn("db:orders")} with input as document
}

test_unknown_when_the_api_did_not_say if {
	document := test.input_of([test.db_instance("orders", {"multi_az": null})])
	_violated(document) == set()
	policy.unknowns == {test.arn("db:orders")} with input as document
}

test_not_applicable_where_the_standby_is_elsewhere if {
	document := test.input_of([
		test.db_instance("replica", {"multi_az": false, "role": "read_replica"}),
		test.db_instance("reader", {"multi_az": false, "role": "aurora_member"}),
		test.db_instance("custom", {"multi_az": false, "engine": "custom-oracle-ee"}),
		test.db_instance("outpost", {"multi_az": false, "backup_target": "outposts"}),
		test.db_instance("leaving", {"multi_az": false, "db_instance_status": "deleting"}),
		test.db_instance("pending", {"multi_az": false, "pending_modified_values": {"multi_az": true}}),
	])
	policy.subjects == set() with input as document
}
