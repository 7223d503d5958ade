package hadr.backup.deletable_by_account_test

import data.hadr.backup.deletable_by_account as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_dynamodb

_orders := test.db_instance("orders", {})

_bucket := test.bucket("invoices", {})

_main := test_backup.vault_arn("main")

_dr := test_backup.vault_arn_in("eu-central-1", "dr")

# A backup in a vault, of which the index says whether it is out of reach.
_kept(is_out_of_reach) := _kept_in({}, is_out_of_reach)

_kept_in(settings, is_out_of_reach) := _document(
	_orders,
	[object.union(test_backup.copy(_main, 86400), {"out_of_reach": is_out_of_reach})],
	[test_backup.vault(_main, settings)],
	{},
)

_document(resource, known, others, parts) := test_backup.input_with(
	array.concat([resource], others),
	object.union({"copies": {resource.arn: {"known": known, "unseen": []}}}, parts),
)

_replica_bucket := {
	"kind": "replica_bucket",
	"arn": test.bucket_arn("invoices-copy"),
	"region": "eu-central-1",
	"account": test.account,
	"vault": null,
	"off_region": true,
	"age": null,
}

_locked(mode) := {"object_lock": {"enabled": true, "mode": mode, "retention_days": 30}}

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_where_every_copy_is_in_the_account if {
	every resource in [_orders, test.db_cluster("ledger", {}), test_dynamodb.table("carts", {})] {
		_violated(_document(resource, [test.copy("automated_backup", test.region, 300)], [], {})) == {resource.arn}
		_violated(_document(resource, [], [], {})) == {resource.arn}
	}
}

test_violated_by_a_vault_that_keeps_nothing_from_anybody if {
	document := _kept(false)
	_violated(document) == {_orders.arn}
	_unknown(document) == set()
}

test_message_evidence_and_vault if {
	document := _kept(false)
	some violation in policy.violations with input as document
	violation.message == "orders has no copy that an administrator of the account could not delete"
	violation.evidence.vaults == [{"arn": _main, "vault_type": "BACKUP_VAULT", "locked": false, "lock_date": null}]
	violation.evidence.copies == 1
	violation.params == {"vault": "main", "lock": {"MinRetentionDays": 7}}
	some other in policy.violations with input as _document(_orders, [], [], {})
	other.params == {"vault": null, "lock": {"MinRetentionDays": 7}}
}

test_satisfied_by_a_vault_that_does if {
	document := _kept(true)
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_orders.arn}
}

test_satisfied_by_a_copy_in_another_account if {
	document := _document(_orders, [test_backup.copy(test_backup.foreign_vault_arn("eu-central-1"), 86400)], [], {})
	_violated(document) == set()
	_unknown(document) == set()
}

test_satisfied_by_objects_that_are_locked if {
	_violated(_document(test.bucket("invoices", _locked("COMPLIANCE")), [], [], {})) == set()
	locked := object.union(_replica_bucket, {"out_of_reach": true})
	_violated(_document(_bucket, [locked], [], {})) == set()
}

test_violated_where_objects_are_locked_for_others_only if {
	governed := test.bucket("invoices", _locked("GOVERNANCE"))
	_violated(_document(governed, [_replica_bucket], [], {})) == {_bucket.arn}
}

test_a_copy_that_nobody_renews_does_not_count if {
	old := object.union(test_backup.copy(_main, 2678401), {"out_of_reach": true})
	document := _document(_orders, [old], [], {})
	_violated(document) == {_orders.arn}
	parameters := {"backup-deletable-by-account": {"maximum_age": 2678401}}
	found := policy.violations with input as document with data.parameters as parameters
	found == set()
}

test_unknown_where_vaults_were_not_seen if {
	document := test_backup.input_with([_orders], {"copies": {_orders.arn: {
		"known": [test.copy("automated_backup", test.region, 300)],
		"unseen": [test.unseen("eu-central-1", "backup:ListBackupVaults")],
	}}})
	_unknown(document) == {_orders.arn}
	_violated(document) == set()
}

test_unknown_where_a_schedule_copies_to_an_account_that_nobody_looked_into if {
	foreign := test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn(test.region)))
	document := _document(_orders, [], [], {"schedules": {_orders.arn: test_backup.scheduled_out_of_sight([foreign])}})
	_unknown(document) == {_orders.arn}
	_violated(document) == set()
	own := test_backup.schedule(test_backup.copies_to(_dr))
	schedules := {_orders.arn: test_backup.scheduled_out_of_sight([own])}
	_violated(_document(_orders, [], [], {"schedules": schedules})) == {_orders.arn}
}

test_unknown_where_a_lock_is_not_known if {
	document := _kept(null)
	_unknown(document) == {_orders.arn}
	_violated(document) == set()
	every bucket in [test.bucket("invoices", {"object_lock": null}), test.bucket("invoices", {"replication": null})] {
		_unknown(_document(bucket, [], [], {})) == {_bucket.arn}
	}
}

test_unknown_where_an_age_is_not_known if {
	document := _document(_orders, [test_backup.copy(test_backup.foreign_vault_arn(test.region), null)], [], {})
	_unknown(document) == {_orders.arn}
	_violated(document) == set()
}

test_violated_where_what_may_be_locked_is_too_old if {
	old := object.union(test_backup.copy(_main, 2678401), {"out_of_reach": null})
	_violated(_document(_orders, [old], [], {})) == {_orders.arn}
}

test_not_applicable_to_what_is_a_copy_or_can_be_made_again if {
	document := test_backup.input_with(
		[test.db_instance("replica", {"role": "read_replica"}), test.in_role("log", _bucket)],
		{},
	)
	_judged(document) == set()
}

# AWS Backup makes no backups of it before.
test_a_bucket_without_versions_gets_them_first if {
	bucket := test.bucket("invoices", {"versioning": {"status": "never", "mfa_delete": null}})
	some violation in policy.violations with input as _document(bucket, [], [], {})
	violation.params.unversioned_bucket == "invoices"
}

# Neither is loosened by the lock that nobody can remove.
test_the_bounds_of_a_lock_that_is_there_stay if {
	document := _kept_in({"locked": true, "min_retention_days": 30, "max_retention_days": 365}, false)
	some violation in policy.violations with input as document
	violation.params.lock == {"MinRetentionDays": 30, "MaxRetentionDays": 365}
}
