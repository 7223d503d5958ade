package hadr.s3.backup_bucket_mutable_test

import data.hadr.lib.test
import data.hadr.s3.backup_bucket_mutable as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_dumps := {test.bucket_arn("dumps")}

_backup(attributes) := test.in_role("backup", test.bucket("dumps", attributes))

_lock(mode, days) := {"object_lock": {"enabled": true, "mode": mode, "retention_days": days}}

_replicated := test.replication([test.replication_rule("vault", {})])

# A bucket of another account that was scanned together with this one.
_with_vault(source, attributes) := test.input_of([source, test.foreign(vault)]) if {
	vault := test.replica_bucket("vault", attributes)
}

test_violated_without_a_lock if {
	document := test.input_of([_backup({})])
	_violated(document) == _dumps
	some violation in policy.violations with input as document
	violation.message == "dumps has no object lock, so backups in it can be deleted"
	violation.evidence == {
		"object_lock": {"enabled": false, "mode": null, "retention_days": null},
		"detect_days": 30,
		"role": {"value": "backup", "source": "tag hadr:role"},
	}
	violation.params == {"retention_days": 30}
	not violation.at_most
}

test_satisfied_by_a_lock_in_compliance_mode_that_lasts_long_enough if {
	document := test.input_of([_backup(_lock("COMPLIANCE", 30))])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _dumps with input as document
}

test_violated_by_a_lock_that_ends_too_early if {
	document := test.input_of([_backup(_lock("COMPLIANCE", 29))])
	_violated(document) == _dumps
	some violation in policy.violations with input as document
	violation.message == "dumps locks its objects for less than 30 days"
	not violation.at_most
}

test_seven_days_are_enough_for_general_workloads if {
	week := test.with_members(_backup(_lock("COMPLIANCE", 7)), {"criticality": "general"})
	_violated(test.input_of([week])) == set()
	less := test.with_members(_backup(_lock("COMPLIANCE", 6)), {"criticality": "general"})
	_violated(test.input_of([less])) == _dumps
}

test_a_lock_that_can_be_bypassed_is_medium_at_most if {
	document := test.input_of([_backup(_lock("GOVERNANCE", 365))])
	_violated(document) == _dumps
	some violation in policy.violations with input as document
	violation.message == "dumps has an object lock that can be bypassed"
	violation.at_most == "medium"
}

test_a_lock_that_each_object_has_to_ask_for_is_medium_at_most if {
	document := test.input_of([_backup(_lock(null, null))])
	_violated(document) == _dumps
	some violation in policy.violations with input as document
	violation.message == "dumps locks no object by default"
	violation.at_most == "medium"
}

test_unknown_when_the_lock_was_not_collected if {
	document := test.input_of([_backup({"object_lock": null})])
	_violated(document) == set()
	_unknown(document) == _dumps
}

test_unknown_when_the_api_did_not_say_for_how_long if {
	document := test.input_of([_backup(_lock("COMPLIANCE", null))])
	_violated(document) == set()
	_unknown(document) == _dumps
}

test_satisfied_by_a_locked_copy_in_another_account if {
	document := _with_vault(_backup(_replicated), _lock("COMPLIANCE", 30))
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _dumps with input as document
}

test_violated_when_the_copy_in_another_account_is_not_locked_for_long_enough if {
	_violated(_with_vault(_backup(_replicated), {})) == _dumps
	_violated(_with_vault(_backup(_replicated), _lock("COMPLIANCE", 29))) == _dumps
}

test_violated_when_only_a_part_is_in_another_account_or_the_rule_is_disabled if {
	every settings in [{"covers_all_objects": false}, {"enabled": false}] {
		source := _backup(test.replication([test.replication_rule("vault", settings)]))
		_violated(_with_vault(source, _lock("COMPLIANCE", 30))) == _dumps
	}
}

test_violated_when_the_locked_copy_is_in_the_same_account if {
	vault := test.replica_bucket("vault", _lock("COMPLIANCE", 30))
	_violated(test.input_of([_backup(_replicated), vault])) == _dumps
}

test_unknown_when_a_copy_that_may_be_locked_was_not_collected if {
	unseen := test.input_of([_backup(_replicated)])
	_violated(unseen) == set()
	_unknown(unseen) == _dumps

	unread := _with_vault(_backup(_replicated), {"object_lock": null})
	_violated(unread) == set()
	_unknown(unread) == _dumps

	without_replication := test.input_of([_backup({"replication": null})])
	_violated(without_replication) == set()
	_unknown(without_replication) == _dumps
}

test_not_applicable_to_buckets_that_hold_no_backups if {
	document := test.input_of([test.bucket("orders", {}), test.in_role("log", test.bucket("access-logs", {}))])
	policy.subjects == set() with input as document
}

test_unknown_whether_a_bucket_holds_backups_without_tags if {
	role := {"value": "authoritative", "source": "default, since the tags were not collected"}
	guessed := test.with_members(test.bucket("orders", {}), {"tags": null, "role": role})
	document := test.input_of([guessed])
	_violated(document) == set()
	_unknown(document) == {test.bucket_arn("orders")}

	configured := test.with_members(guessed, {"role": {"value": "authoritative", "source": "role in the configuration"}})
	policy.subjects == set() with input as test.input_of([configured])
}

test_a_longer_retention_is_not_shortened if {
	some violation in policy.violations with input as test.input_of([_backup(_lock("GOVERNANCE", 365))])
	violation.params == {"retention_days": 365}
}

test_a_bucket_without_versions_gets_them_first if {
	document := test.input_of([_backup({"versioning": {"status": "suspended", "mfa_delete": null}})])
	some violation in policy.violations with input as document
	violation.params == {"retention_days": 30, "unversioned_bucket": "dumps"}
}
