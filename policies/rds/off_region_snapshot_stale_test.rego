package hadr.rds.off_region_snapshot_stale_test

import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.rds.off_region_snapshot_stale as policy

_orders := test.db_instance("orders", {})

_ledger := test.db_cluster("ledger", {})

_document(database, known) := _document_with(database, {"known": known, "unseen": []})

_document_with(database, copies) := test.input_with([database], {
	"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "collected", "eu-west-1": "collected"}},
	"copies": {database.arn: copies},
})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_general := test.with_members(_orders, {"tier": {"value": "general"}, "criticality": "general"})

test_violated_when_the_newest_snapshot_elsewhere_is_too_old if {
	copies := [
		test.copy("aws_backup_snapshot", "eu-central-1", 901),
		test.copy("manual_snapshot", "eu-central-1", 86400),
		test.copy("manual_snapshot", "eu-west-1", 60),
	]
	_violated(_document(_orders, copies)) == {_orders.arn}
	_violated(_document(_ledger, copies)) == {_ledger.arn}
}

test_a_monthly_copy_is_too_old_for_every_tier if {
	document := _document(_general, [test.copy("manual_snapshot", "eu-central-1", 1987200)])
	_violated(document) == {_orders.arn}
	some violation in policy.violations with input as document
	violation.message == "orders would lose 23 days with its Region, and its objective allows 12 hours"
	violation.evidence == {"newest_snapshot_elsewhere_age": 1987200, "rpo": 43200}
	violation.params.snapshot == "orders-renewed-2026-11-22"
}

test_satisfied_up_to_the_objective if {
	document := _document(_orders, [
		test.copy("manual_snapshot", "eu-central-1", 86400),
		test.copy("aws_backup_snapshot", "eu-central-1", 900),
	])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_orders.arn} with input as document
}

test_the_objective_is_that_of_the_tier if {
	_violated(_document(_general, [test.copy("manual_snapshot", "eu-central-1", 43200)])) == set()
	_violated(_document(_general, [test.copy("manual_snapshot", "eu-central-1", 43201)])) == {_orders.arn}
}

test_unknown_when_a_newer_snapshot_could_be_hidden if {
	copies := {
		"known": [test.copy("manual_snapshot", "eu-central-1", 86400)],
		"unseen": [test.unseen("eu-north-1", "rds:DescribeDBSnapshots")],
	}
	document := _document_with(_orders, copies)
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_unknown_when_nothing_was_seen_elsewhere if {
	copies := {"known": [], "unseen": [test.unseen("other Regions", "rds:DescribeDBSnapshots")]}
	document := _document_with(_orders, copies)
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_unknown_when_a_schedule_copies_to_where_nobody_looked if {
	foreign := test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn("eu-central-1")))
	document := test.with_derived(
		_document(_orders, [test.copy("manual_snapshot", "eu-central-1", 86400)]),
		{"schedules": {_orders.arn: test_backup.scheduled_out_of_sight([foreign])}},
	)
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_unknown_when_an_age_is_not_known if {
	document := _document(_orders, [
		test.copy("manual_snapshot", "eu-central-1", null),
		test.copy("aws_backup_snapshot", "eu-central-1", 86400),
	])
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_a_fresh_snapshot_settles_what_is_hidden if {
	copies := {
		"known": [test.copy("manual_snapshot", "eu-central-1", 60)],
		"unseen": [test.unseen("eu-north-1", "rds:DescribeDBSnapshots")],
	}
	policy.unknowns == set() with input as _document_with(_orders, copies)
}

test_not_applicable_where_there_is_a_better_way_or_none if {
	old := test.copy("manual_snapshot", "eu-central-1", 86400)
	every known in [
		[old, test.copy("replica", "eu-north-1", null)],
		[old, test.copy("replicated_automated_backup", "eu-north-1", 1500)],
		[test.copy("manual_snapshot", "eu-west-1", 86400)],
		[],
	] {
		policy.subjects == set() with input as _document(_orders, known)
	}
}

test_not_applicable_to_what_follows_another_database if {
	replica := test.db_instance("replica", {"role": "read_replica"})
	document := _document(replica, [test.copy("manual_snapshot", "eu-central-1", 86400)])
	policy.subjects == set() with input as document
}

_copied := [test.copy("manual_snapshot", "eu-central-1", 86400)]

# A key is refused for clusters that are not encrypted, so the two have steps of their own.
test_the_parameters_tell_what_is_encrypted_from_what_is_not if {
	some violation in policy.violations with input as _document(_ledger, _copied)
	violation.params == {
		"snapshot": "ledger-renewed-2026-11-22",
		"encrypted_snapshot_arn": "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:ledger-renewed-2026-11-22",
	}
}

test_the_copy_of_what_is_not_encrypted_has_no_key if {
	ledger := test.db_cluster("ledger", {"storage_encrypted": false})
	some violation in policy.violations with input as _document(ledger, _copied)
	violation.params == {
		"snapshot": "ledger-renewed-2026-11-22",
		"plain_snapshot_arn": "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:ledger-renewed-2026-11-22",
	}
}
