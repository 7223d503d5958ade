package hadr.rds.no_monthly_snapshot_test

import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.rds.no_monthly_snapshot as policy

_orders := test.db_instance("orders", {})

_ledger := test.db_cluster("ledger", {})

_document(database, known) := test.input_with(
	[database],
	{"copies": {database.arn: {"known": known, "unseen": []}}},
)

_hidden(known, operation) := test.input_with([_orders], {"copies": {_orders.arn: {
	"known": known,
	"unseen": [test.unseen("eu-west-1", operation)],
}}})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

test_violated_without_a_recent_snapshot if {
	copies := [
		test.copy("automated_backup", "eu-west-1", 300),
		test.copy("replica", "eu-central-1", null),
		test.copy("continuous_backup", "eu-west-1", null),
		test.copy("manual_snapshot", "eu-west-1", 3024001),
	]
	_violated(_document(_orders, copies)) == {_orders.arn}
	_violated(_document(_ledger, copies)) == {_ledger.arn}
}

test_message_tells_none_from_an_old_one if {
	none := {violation.message | some violation in policy.violations with input as _document(_orders, [])}
	none == {"orders has no snapshot"}

	copies := [test.copy("aws_backup_snapshot", "eu-west-1", 5184000), test.copy("manual_snapshot", "eu-west-1", 3456000)]
	old := _document(_orders, copies)
	some violation in policy.violations with input as old
	violation.message == "orders has no recent snapshot: the newest is 40 days old"
	violation.evidence == {"ages_of_snapshots": [5184000, 3456000], "maximum_age": 3024000}
	violation.params.snapshot == "orders-monthly-2026-11-22"
}

test_satisfied_up_to_35_days_in_any_region if {
	every copy in [
		test.copy("manual_snapshot", "eu-west-1", 3024000),
		test.copy("manual_snapshot", "eu-central-1", 60),
		test.copy("aws_backup_snapshot", "eu-west-1", 86400),
		test_backup.copy(test_backup.vault_arn_in("eu-central-1", "dr"), 86400),
	] {
		document := _document(_orders, [copy])
		_violated(document) == set()
		policy.unknowns == set() with input as document
		policy.subjects == {_orders.arn} with input as document
	}
}

test_the_age_can_be_configured if {
	document := _document(_orders, [test.copy("manual_snapshot", "eu-west-1", 604801)])
	parameters := {"rds-no-monthly-snapshot": {"maximum_age": 604800}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == {_orders.arn}
}

test_unknown_when_snapshots_could_be_hidden if {
	every operation in ["backup:ListRecoveryPointsByBackupVault", "rds:DescribeDBSnapshots"] {
		document := _hidden([test.copy("manual_snapshot", "eu-west-1", 3456000)], operation)
		_violated(document) == set()
		policy.unknowns == {_orders.arn} with input as document
	}
}

test_unknown_when_a_schedule_copies_to_where_nobody_looked if {
	foreign := test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn("eu-west-1")))
	document := test.with_derived(_document(_orders, []), {"schedules": {_orders.arn: test_backup.scheduled_out_of_sight([foreign])}})
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_hidden_automated_backups_do_not_matter if {
	_violated(_hidden([], "rds:DescribeDBInstanceAutomatedBackups")) == {_orders.arn}
}

test_a_recent_snapshot_settles_what_is_hidden if {
	document := _hidden([test.copy("manual_snapshot", "eu-west-1", 60)], "rds:DescribeDBSnapshots")
	policy.unknowns == set() with input as document
}

test_unknown_when_a_snapshot_does_not_say_how_old_it_is if {
	document := _document(_orders, [test.copy("manual_snapshot", "eu-west-1", null)])
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_not_applicable_to_what_follows_another_database if {
	document := test.input_of([
		test.db_instance("replica", {"role": "read_replica"}),
		test.db_instance("reader", {"role": "aurora_member"}),
		test.db_instance("new", {"db_instance_status": "creating"}),
		test.docdb_cluster("documents", {}),
	])
	policy.subjects == set() with input as document
}
