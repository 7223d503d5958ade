package hadr.backup.not_in_plan_test

import data.hadr.backup.not_in_plan as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_compute as compute
import data.hadr.lib.test_dynamodb
import data.hadr.lib.test_efs

_off := {"backup_retention_period": 0}

_orders := test.db_instance("orders", _off)

_table := test_dynamodb.table("carts", {"point_in_time_recovery": {"enabled": false}})

_volume := compute.volume("vol-1", ["i-1"], {})

_with(resource, schedules) := test_backup.input_with([resource], {"schedules": {resource.arn: schedules}})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_volume_document(copies) := test_backup.input_with([_volume, compute.instance("i-1", {})], {
	"relations": {"attached_to": {_volume.arn: [compute.arn("instance/i-1")]}, "member_of": {}},
	"copies": {_volume.arn: {"known": copies, "unseen": []}},
})

_file_system_document(attributes) := test_backup.input_with([test_efs.file_system("fs-1", attributes)], {})

_snapshot(age) := {
	"kind": "manual_snapshot",
	"arn": "arn:aws:ec2:eu-west-1::snapshot/snap-1",
	"region": test.region,
	"account": test.account,
	"vault": null,
	"off_region": false,
	"age": age,
}

test_violated_where_nothing_has_it if {
	bucket := test.bucket("invoices", {"versioning": {"status": "never", "mfa_delete": null}})
	document := test_backup.input_with([_orders, _table, bucket], {})
	_violated(document) == {_orders.arn, _table.arn, bucket.arn}

	# AWS Backup makes no backups of it before.
	{violation.params | some violation in policy.violations with input as document} == {
		{},
		{"unversioned_bucket": "invoices"},
	}
	"orders is in no backup plan" in _messages(document)
	found := policy.violations with input as document
	{violation.evidence.otherwise_kept | some violation in found} == {null}
	{violation.at_most | some violation in found} == set()
}

test_violated_for_a_volume_without_recent_snapshots if {
	every copies in [[], [_snapshot(129601)], [_snapshot(null)]] {
		document := _volume_document(copies)
		_violated(document) == {_volume.arn}
		some violation in policy.violations with input as document
		not violation.at_most
	}
}

test_low_where_something_else_keeps_the_past if {
	every case in [
		[test.db_instance("orders", {}), "orders is in no backup plan and has automated backups only"],
		[test.db_cluster("ledger", {}), "ledger is in no backup plan and has automated backups only"],
		[test.docdb_cluster("documents", {}), "documents is in no backup plan and has automated backups only"],
		[test.neptune_cluster("graph", {}), "graph is in no backup plan and has automated backups only"],
		[test_dynamodb.table("carts", {}), "carts is in no backup plan and has point-in-time recovery only"],
		[test.bucket("invoices", {}), "invoices is in no backup plan and has versions of its objects only"],
	] {
		document := test_backup.input_with([case[0]], {})
		_messages(document) == {case[1]}
		some violation in policy.violations with input as document
		violation.resource == case[0].arn
		violation.at_most == "low"
	}
	_messages(_volume_document([_snapshot(129600)])) == {
		"vol-1 is in no backup plan and has snapshots that somebody makes only",
	}
}

test_satisfied_by_a_plan_or_a_lifecycle_policy if {
	every schedule in [test_backup.schedule({}), test_backup.lifecycle_schedule({})] {
		document := _with(_orders, test_backup.scheduled([schedule]))
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_orders.arn}
	}
}

test_satisfied_where_a_replica_is_in_a_plan if {
	replica := test.moved_to(_table, "eu-central-1")
	document := test_backup.input_with([_table, test.foreign(replica)], {
		"relations": {"replicates_to": {_table.arn: [replica.arn]}},
		"schedules": {replica.arn: test_backup.scheduled([test_backup.schedule({})])},
	})
	_violated(document) == set()
	_judged(document) == {_table.arn}
}

test_file_systems_have_the_plan_of_efs_if_they_have_no_other if {
	arn := test_efs.arn_in(test.region, "fs-1")
	_violated(_file_system_document({})) == {arn}
	backed_up := _file_system_document({"automatic_backups": true})
	_judged(backed_up) == {arn}
	_violated(backed_up) == set()
	_unknown(backed_up) == set()
	_unknown(_file_system_document({"automatic_backups": null})) == {arn}
	_judged(_file_system_document({"replication_overwrite_protection": "REPLICATING"})) == set()
}

test_unknown_where_a_schedule_may_have_it if {
	every schedules in [
		{"known": [], "possible": [test_backup.schedule({})], "unseen": []},
		{"known": [], "possible": [], "unseen": [test.unseen(test.region, "backup:GetBackupSelection")]},
	] {
		document := _with(_orders, schedules)
		_unknown(document) == {_orders.arn}
		_violated(document) == set()
	}
}

test_unknown_where_nobody_asked_for_plans if {
	every resource in [_orders, test.bucket_in("global", "invoices", {})] {
		document := test.input_of([resource])
		_unknown(document) == {resource.arn}
		_violated(document) == set()
	}
}

# Data Lifecycle Manager makes no backups of databases.
test_lifecycle_policies_that_were_not_seen_hide_volumes_only if {
	unseen := {"known": [], "possible": [], "unseen": [test.unseen(test.region, "dlm:GetLifecyclePolicies")]}
	_violated(_with(_orders, unseen)) == {_orders.arn}
	document := test.with_derived(_volume_document([]), {"schedules": {_volume.arn: unseen}})
	_unknown(document) == {_volume.arn}
	_violated(document) == set()
}

test_not_applicable_to_what_is_a_copy_or_can_be_made_again if {
	followers := [
		test.db_instance("replica", object.union(_off, {"role": "read_replica"})),
		test.db_cluster("secondary", {}),
		test.docdb_cluster("documents-dr", {}),
		test_dynamodb.rebuildable(_table),
		test.in_role("log", test.bucket("logs", {})),
		test.in_role("cache", test.db_instance("sessions", _off)),
		test.replica_bucket("invoices-copy", {}),
	]
	document := test_backup.input_with(followers, {"relations": {"reads_from": {
		test.arn("cluster:secondary"): [test.arn("cluster:ledger")],
		test.arn("cluster:documents-dr"): [test.arn("cluster:documents")],
		test.bucket_arn("invoices-copy"): [test.bucket_arn("invoices")],
	}}})
	_judged(document) == set()
}
