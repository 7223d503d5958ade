package hadr.backup.job_failing_test

import data.hadr.backup.job_failing as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_compute as compute

_orders := test.db_instance("orders", {})

_main := test_backup.vault_arn("main")

_dr := test_backup.vault_arn_in("eu-central-1", "dr")

_foreign := test_backup.foreign_vault_arn("eu-central-1")

# A daily rule with a copy, and a scan that saw both vaults.
_document(known, failed) := _document_with(
	_orders,
	{"known": known, "unseen": []},
	[test_backup.schedule(test_backup.copies_to(_dr))],
	failed,
)

_document_with(resource, copies, schedules, failed) := test_backup.input_with(
	[resource, test_backup.vault(_main, {}), test_backup.vault(_dr, {}), compute.instance("i-1", {})],
	{
		"copies": {resource.arn: copies},
		"schedules": {resource.arn: object.union(test_backup.scheduled(schedules), {"failed": failed})},
	},
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

# In order, the last of them two hours ago.
_good := [test_backup.copy(_main, 7200), test_backup.copy(_dr, 7200)]

test_violated_by_a_failed_backup_that_nothing_made_up_for if {
	job := test_backup.failed_backup(_main, {"began": "2026-11-22T01:00:00Z"})
	document := _document([test_backup.copy(_main, 7201), test_backup.copy(_dr, 7200)], [job])
	_violated(document) == {_orders.arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "orders has had no backup in main since one ended as FAILED 2 hours ago"
	violation.evidence == {
		"job": "backup",
		"state": "FAILED",
		"message_category": "AccessDenied",
		"began": "2026-11-22T01:00:00Z",
		"vault": _main,
	}
	violation.params == {"vault": "main"}
	violation.discriminator == sprintf("backup %s", [_main])
}

test_violated_by_a_failed_copy if {
	job := test_backup.failed_copy(_dr, {"state": "PARTIAL"})
	document := _document([test_backup.copy(_main, 7200), test_backup.copy(_dr, 93600)], [job])
	_messages(document) == {"orders has had no copy in dr since one ended as PARTIAL 2 hours ago"}
	some violation in policy.violations with input as document
	violation.params == {
		"source_vault": "main",
		"destination_vault_arn": _dr,
		"destination_vault": "dr",
		"destination_region": "eu-central-1",
	}
}

test_satisfied_where_a_newer_one_is_there if {
	backup := test_backup.failed_backup(_main, {})
	copy := test_backup.failed_copy(_dr, {})

	# The copy is of a backup that was made before the copy began.
	document := _document([test_backup.copy(_main, 7200), test_backup.copy(_dr, 10800)], [backup, copy])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_orders.arn}
}

_continuous := test_backup.schedule({"continuous": true})

_snapshots := test_backup.schedule({"rule": "snapshots"})

_kept := object.union(test_backup.copy(_main, null), {"kind": "continuous_backup"})

test_satisfied_where_it_is_kept_continuously if {
	job := test_backup.failed_backup(_main, {})
	every failed in [[], [job]] {
		document := _document_with(_orders, {"known": [_kept], "unseen": []}, [_continuous], failed)
		_violated(document) == set()
		_unknown(document) == set()
	}
}

# What is kept continuously is not what the other rule makes.
test_violated_where_what_failed_may_be_a_snapshot if {
	job := test_backup.failed_backup(_main, {})
	every schedules in [[_snapshots], [_continuous, _snapshots]] {
		copies := {"known": [_kept, test_backup.copy(_main, 93600)], "unseen": []}
		document := _document_with(_orders, copies, schedules, [job])
		_violated(document) == {_orders.arn}
		_unknown(document) == set()
		fresh := {"known": [_kept, test_backup.copy(_main, 3600)], "unseen": []}
		_violated(_document_with(_orders, fresh, schedules, [job])) == set()
	}
}

# A copy of what is kept continuously is a snapshot.
test_violated_where_a_copy_failed_of_what_is_kept_continuously if {
	schedule := object.union(_continuous, test_backup.copies_to(_dr))
	there := object.union(test_backup.copy(_dr, null), {"kind": "continuous_backup"})
	job := test_backup.failed_copy(_dr, {})
	document := _document_with(_orders, {"known": [_kept, there], "unseen": []}, [schedule], [job])
	_messages(document) == {"orders has had no copy in dr since one ended as FAILED 2 hours ago"}
}

test_violated_where_snapshots_are_late_and_the_rest_is_kept_continuously if {
	copies := {"known": [_kept, test_backup.copy(_main, 864000)], "unseen": []}
	document := _document_with(_orders, copies, [_continuous, _snapshots], [])
	_messages(document) == {"orders was last backed up 10 days ago, and its schedule says every 24 hours"}
	violations := policy.violations with input as document
	{violation.evidence.rule | some violation in violations} == {"snapshots"}

	# Since when there should have been snapshots, nothing says.
	never := _document_with(_orders, {"known": [_kept], "unseen": []}, [_continuous, _snapshots], [])
	_unknown(never) == {_orders.arn}
	_violated(never) == set()
}

test_jobs_into_other_vaults_do_not_count if {
	elsewhere := test_backup.failed_backup(test_backup.vault_arn("by-hand"), {})
	nowhere := test_backup.failed_backup(_main, {"vault": null})
	document := _document(_good, [elsewhere, nowhere])
	_violated(document) == set()
	_unknown(document) == set()
}

test_violated_where_the_newest_backup_is_too_old if {
	document := _document([test_backup.copy(_main, 176401), test_backup.copy(_main, 864000)], [])
	_messages(document) == {"orders was last backed up 2 days ago, and its schedule says every 24 hours"}
	some violation in policy.violations with input as document
	violation.evidence == {
		"newest_backup_age": 176401,
		"allowed": 176400,
		"schedule": test_backup.plan_arn("nightly"),
		"rule": "daily",
		"vault": _main,
	}
	violation.params == {"vault": "main"}
	_violated(_document([test_backup.copy(_main, 176400)], [])) == set()
}

# The day that S3 tells of is the one on which the policy of the bucket was changed.
test_violated_where_the_newest_backup_of_a_bucket_is_older_than_its_policy if {
	bucket := test.bucket("invoices", {"creation_date": "2026-11-21T03:00:00Z"})
	copies := {"known": [test_backup.copy(_main, 864000)], "unseen": []}
	document := _document_with(bucket, copies, [test_backup.schedule({})], [])
	_messages(document) == {"invoices was last backed up 10 days ago, and its schedule says every 24 hours"}
	_unknown(document) == set()
}

test_satisfied_where_the_resource_is_not_old_enough_to_be_late if {
	every case in [[176400, set()], [176401, {_orders.arn}]] {
		young := test.with_members(_orders, {"age": case[0]})
		copies := {"known": [test_backup.copy(_main, 864000)], "unseen": []}
		_violated(_document_with(young, copies, [test_backup.schedule({})], [])) == case[1]
	}
}

test_the_number_of_periods_can_be_configured if {
	document := _document([test_backup.copy(_main, 90001)], [])
	parameters := {"backup-job-failing": {"periods": 1}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == {_orders.arn}
}

# A backup of the week is not one of the month.
test_each_schedule_has_to_come_about if {
	monthly := {"rule": "monthly", "period": 2678400, "vault": test_backup.vault_arn("archive")}
	schedules := [test_backup.schedule({}), test_backup.schedule(monthly)]
	old := test_backup.copy(test_backup.vault_arn("archive"), 6000000)
	copies := {"known": [test_backup.copy(_main, 7200), old], "unseen": []}
	_messages(_document_with(_orders, copies, schedules, [])) == {
		"orders was last backed up 69 days ago, and its schedule says every 31 days",
	}
}

_volume := compute.volume("vol-1", ["i-1"], {})

_volume_snapshot(vault, age) := {
	"kind": "manual_snapshot",
	"arn": sprintf("arn:aws:ec2:eu-west-1::snapshot/snap-%d", [age]),
	"region": test.region,
	"account": test.account,
	"vault": vault,
	"off_region": false,
	"age": age,
}

_document_of_volume(snapshots, schedule) := object.union(
	_document_with(_volume, {"known": snapshots, "unseen": []}, [schedule], []),
	{"relations": {"attached_to": {_volume.arn: [compute.arn("instance/i-1")]}, "member_of": {}}},
)

test_snapshots_of_a_volume_count_whoever_made_them if {
	every schedule in [test_backup.lifecycle_schedule({}), test_backup.schedule({})] {
		_violated(_document_of_volume([_volume_snapshot(null, 3600)], schedule)) == set()
		_violated(_document_of_volume([_volume_snapshot(null, 864000)], schedule)) == {_volume.arn}
	}
}

test_a_snapshot_in_a_vault_is_of_no_other_schedule if {
	snapshots := [_volume_snapshot(_main, 3600), _volume_snapshot(null, 864000)]
	_violated(_document_of_volume(snapshots, test_backup.schedule({}))) == set()
	archive := {"vault": test_backup.vault_arn("archive")}
	every schedule in [test_backup.lifecycle_schedule({}), test_backup.schedule(archive)] {
		_violated(_document_of_volume(snapshots, schedule)) == {_volume.arn}
	}
}

test_a_failed_job_says_it_once if {
	job := test_backup.failed_backup(_main, {})
	document := _document([test_backup.copy(_main, 864000)], [job])
	count(policy.violations) == 1 with input as document
	_messages(document) == {"orders has had no backup in main since one ended as FAILED 2 hours ago"}
}

test_unknown_where_there_has_never_been_a_backup if {
	document := _document([], [])
	_unknown(document) == {_orders.arn}
	_violated(document) == set()

	# One that failed says since when, at least.
	_violated(_document([], [test_backup.failed_backup(_main, {})])) == {_orders.arn}
}

test_unknown_where_backups_could_not_be_listed if {
	unseen := [test.unseen(test.region, "backup:ListRecoveryPointsByBackupVault")]
	every failed in [[], [test_backup.failed_backup(_main, {})]] {
		copies := {"known": [test_backup.copy(_main, 864000)], "unseen": unseen}
		document := _document_with(_orders, copies, [test_backup.schedule({})], failed)
		_unknown(document) == {_orders.arn}
		_violated(document) == set()
	}
}

test_unknown_where_a_copy_failed_into_a_vault_that_nobody_looked_into if {
	schedule := test_backup.schedule(test_backup.copies_to(_foreign))
	job := test_backup.failed_copy(_foreign, {})
	document := _document_with(_orders, {"known": _good, "unseen": []}, [schedule], [job])
	_unknown(document) == {_orders.arn}
	_violated(document) == set()
}

test_unknown_where_a_backup_does_not_say_how_old_it_is if {
	every failed in [[], [test_backup.failed_backup(_main, {})]] {
		document := _document([test_backup.copy(_main, null)], failed)
		_unknown(document) == {_orders.arn}
		_violated(document) == set()
	}
}

test_not_applicable_to_what_is_new if {
	job := test_backup.failed_backup(_main, {})
	document := _document_with(_orders, {"known": [], "unseen": []}, [test_backup.schedule({})], [job])
	_judged(document) == {_orders.arn}
	young := test.with_derived(document, {"schedules": {_orders.arn: test_backup.waiting([test_backup.schedule({})])}})
	_judged(young) == set()
}

test_not_applicable_without_a_schedule_that_runs if {
	every schedules in [[], [test_backup.schedule({"never_runs": true, "period": null})]] {
		job := test_backup.failed_backup(_main, {})
		_judged(_document_with(_orders, {"known": [], "unseen": []}, schedules, [job])) == set()
	}
}
