package hadr.rds.no_copy_off_region_test

import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.rds.no_copy_off_region as policy

_orders := test.db_instance("orders", {})

_ledger := test.db_cluster("ledger", {})

# A scan that listed everything.
_document(database, known) := _document_with(database, {"known": known, "unseen": []}, {})

_document_with(database, copies, parts) := test.input_with([database], object.union(
	{
		"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "collected", "eu-west-1": "collected"}},
		"copies": {database.arn: copies},
	},
	parts,
))

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

test_violated_when_everything_is_in_one_region if {
	copies := [
		test.copy("automated_backup", "eu-west-1", 300),
		test.copy("manual_snapshot", "eu-west-1", 300),
		test.copy("replica", "eu-west-1", null),
	]
	_violated(_document(_orders, copies)) == {_orders.arn}
	_violated(_document(_ledger, copies)) == {_ledger.arn}
}

test_message_names_the_region if {
	some violation in policy.violations with input as _document(_orders, [])
	violation.message == "orders has no copy outside eu-west-1"
	violation.evidence == {
		"region": "eu-west-1",
		"ages_of_copies_elsewhere": [],
		"maximum_age": 2678400,
		"rpo": 900,
	}
	violation.params.snapshot == "orders-off-region-2026-11-22"
}

test_violated_by_copies_that_nobody_renews if {
	copies := [
		test.copy("manual_snapshot", "eu-central-1", 3456000),
		test.copy("aws_backup_snapshot", "eu-central-1", 2678401),
		test.copy("replicated_automated_backup", "eu-central-1", 8640000),
	]
	some violation in policy.violations with input as _document(_orders, copies)
	violation.message == "orders has no recent copy outside eu-west-1: the newest is 31 days old"
	violation.evidence.ages_of_copies_elsewhere == [3456000, 2678401, 8640000]
}

test_satisfied_by_each_kind_of_copy_elsewhere if {
	every copy in [
		test.copy("replica", "eu-central-1", null),
		test.copy("replicated_automated_backup", "eu-central-1", 1500),
		test.copy("replicated_automated_backup", "eu-central-1", null),
		test.copy("manual_snapshot", "eu-central-1", 2678400),
		test.copy("aws_backup_snapshot", "eu-central-1", 86400),
		test_backup.copy(test_backup.vault_arn_in("eu-central-1", "dr"), 86400),
	] {
		document := _document(_orders, [copy])
		_violated(document) == set()
		policy.unknowns == set() with input as document
		policy.subjects == {_orders.arn} with input as document
	}
}

test_satisfied_by_another_region_of_the_global_cluster if {
	global := test.with_members(test.global_cluster("world", {}), {"placement": {
		"regions": ["eu-central-1", "eu-west-1"],
	}})
	document := _document_with(_ledger, {"known": [], "unseen": []}, {
		"relations": {"member_of": {_ledger.arn: [global.arn]}},
		"by_arn": {global.arn: global},
	})
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_a_tier_that_may_lose_more_allows_older_copies if {
	parts := {"config": {"tiers": {"mission-critical": {"rpo": 5184000}}}}
	copies := {"known": [test.copy("manual_snapshot", "eu-central-1", 3456000)], "unseen": []}
	_violated(_document_with(_orders, copies, parts)) == set()
}

test_the_age_can_be_configured if {
	document := _document(_orders, [test.copy("manual_snapshot", "eu-central-1", 604801)])
	parameters := {"rds-no-copy-off-region": {"maximum_age": 604800}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == {_orders.arn}
}

test_unknown_when_a_listing_of_another_region_is_missing if {
	copies := {
		"known": [test.copy("manual_snapshot", "eu-central-1", 3456000)],
		"unseen": [test.unseen("eu-north-1", "rds:DescribeDBSnapshots")],
	}
	document := _document_with(_orders, copies, {})
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_a_listing_of_its_own_region_hides_nothing_that_helps if {
	copies := {"known": [], "unseen": [test.unseen("eu-west-1", "rds:DescribeDBSnapshots")]}
	_violated(_document_with(_orders, copies, {})) == {_orders.arn}
}

test_a_missing_listing_does_not_matter_once_there_is_a_copy if {
	copies := {
		"known": [test.copy("replica", "eu-central-1", null)],
		"unseen": [test.unseen("eu-north-1", "rds:DescribeDBSnapshots")],
	}
	policy.unknowns == set() with input as _document_with(_orders, copies, {})
}

test_unknown_when_the_age_of_the_only_copy_is_not_known if {
	document := _document(_orders, [test.copy("manual_snapshot", "eu-central-1", null)])
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_unknown_while_replicated_backups_hold_nothing_yet if {
	backup := object.union(test.copy("replicated_automated_backup", "eu-central-1", null), {"behind": null})
	document := test.input_with(
		[_orders],
		{"copies": {_orders.arn: {"known": [backup], "unseen": []}}},
	)
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document
}

test_unknown_when_a_schedule_copies_to_where_nobody_looked if {
	every case in [["eu-central-1", {_orders.arn}], ["eu-west-1", set()]] {
		schedule := test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn(case[0])))
		document := _document_with(
			_orders,
			{"known": [], "unseen": []},
			{"schedules": {_orders.arn: test_backup.scheduled_out_of_sight([schedule])}},
		)
		policy.unknowns == case[1] with input as document
		_violated(document) == {_orders.arn} - case[1]
	}
}

test_unknown_when_the_cluster_could_be_global if {
	denied := {"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "denied", "eu-west-1": "denied"}}}
	document := _document_with(_ledger, {"known": [], "unseen": []}, denied)
	_violated(document) == set()
	policy.unknowns == {_ledger.arn} with input as document
}

test_not_applicable_to_what_follows_another_database if {
	document := test.input_with(
		[
			test.db_instance("replica", {"role": "read_replica"}),
			test.db_instance("reader", {"role": "aurora_member"}),
			test.db_instance("leaving", {"db_instance_status": "deleting"}),
			test.db_cluster("secondary", {}),
			test.docdb_cluster("documents", {}),
			test.neptune_cluster("graph", {}),
		],
		{"relations": {"reads_from": {test.arn("cluster:secondary"): [_ledger.arn]}}},
	)
	policy.subjects == set() with input as document
}

# A key is refused for what is not encrypted, so the two have steps of their own.
test_the_parameters_tell_what_is_encrypted_from_what_is_not if {
	document := test.input_of([test.db_instance("orders", {}), test.db_instance("plain", {"storage_encrypted": false})])
	found := policy.violations with input as document
	{violation.params.encrypted_arn | some violation in found} == {test.arn("db:orders")}
	{violation.params.plain_arn | some violation in found} == {test.arn("db:plain")}
}

# What replicates backups is refused where there are none.
test_backups_come_before_their_copies if {
	document := test.input_of([test.db_instance("orders", {"backup_retention_period": 0})])
	some violation in policy.violations with input as document
	violation.params.unbacked_instance == "orders"
	kept := policy.violations with input as test.input_of([test.db_instance("orders", {})])
	{other.params.unbacked_instance | some other in kept} == set()
}
