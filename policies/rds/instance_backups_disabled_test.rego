package hadr.rds.instance_backups_disabled_test

import data.hadr.lib.test
import data.hadr.rds.instance_backups_disabled as policy

_off := {"backup_retention_period": 0}

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_with_copies(known) := test.input_with(
	[test.db_instance("orders", _off)],
	{"copies": {test.arn("db:orders"): {"known": known, "unseen": []}}},
)

test_violated_without_retention if {
	document := test.input_of([test.db_instance("orders", _off)])
	_violated(document) == {test.arn("db:orders")}
}

test_message_and_evidence_without_retention if {
	some violation in policy.violations with input as test.input_of([test.db_instance("orders", _off)])
	violation.message == "orders has no automated backups"
	violation.evidence == {"backup_retention_period": 0, "pending_modified_values.backup_retention_period": null}
	violation.params == {"retention_days": 35}
	not violation.at_most
}

test_satisfied_with_retention if {
	document := test.input_of([test.db_instance("orders", {"backup_retention_period": 1})])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {test.arn("db:orders")} with input as document
}

test_unknown_when_the_api_did_not_say if {
	document := test.input_of([test.db_instance("orders", {"backup_retention_period": null})])
	_violated(document) == set()
	policy.unknowns == {test.arn("db:orders")} with input as document
}

test_recent_snapshots_by_aws_backup_make_it_less_bad if {
	document := _with_copies([
		test.copy("aws_backup_snapshot", "eu-west-1", 7200),
		test.copy("aws_backup_snapshot", "eu-central-1", 90000),
	])
	some violation in policy.violations with input as document
	violation.message == "orders has no automated backups, only snapshots by AWS Backup, the newest 2 hours old"
	violation.at_most == "medium"
	violation.evidence.newest_aws_backup_snapshot_age == 7200
}

test_old_snapshots_and_those_of_people_do_not if {
	document := _with_copies([
		test.copy("aws_backup_snapshot", "eu-west-1", 129601),
		test.copy("aws_backup_snapshot", "eu-central-1", null),
		test.copy("manual_snapshot", "eu-west-1", 60),
	])
	some violation in policy.violations with input as document
	violation.message == "orders has no automated backups"
	not violation.at_most
}

test_backups_that_come_with_the_window_are_worth_knowing if {
	pending := {"pending_modified_values": {"backup_retention_period": 7}}
	document := test.input_of([test.db_instance("orders", object.union(_off, pending))])
	some violation in policy.violations with input as document
	violation.message == "orders has no automated backups before the next maintenance window"
	violation.at_most == "info"
}

test_backups_that_go_with_the_window_are_as_good_as_gone if {
	instance := test.db_instance("orders", {"pending_modified_values": {"backup_retention_period": 0}})
	some violation in policy.violations with input as test.input_of([instance])
	violation.message == "orders loses its automated backups in the next maintenance window"
	not violation.at_most
}

test_not_applicable_to_what_has_no_backups_of_its_own if {
	document := test.input_of([
		test.db_instance("replica", object.union(_off, {"role": "read_replica"})),
		test.db_instance("reader", object.union(_off, {"role": "aurora_member"})),
		test.db_instance("trio-1", object.union(_off, {"role": "multi_az_cluster_member"})),
		test.db_instance("new", object.union(_off, {"db_instance_status": "creating"})),
	])
	policy.subjects == set() with input as document
}
