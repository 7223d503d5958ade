package hadr.s3.delete_markers_replicated_test

import data.hadr.lib.test
import data.hadr.s3.delete_markers_replicated as policy

_violated(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_orders := test.bucket_arn("orders")

# A rule that replicates deletions.
_rule(settings) := test.replication_rule("orders-copy", object.union({"delete_marker_replication": true}, settings))

_source := test.bucket_with_rules("orders", [_rule({})])

_copy(attributes) := test.replica_bucket("orders-copy", attributes)

_expiring(days) := {"lifecycle": {"rules": [test.lifecycle_rule({"noncurrent_days": days})]}}

_locked(days) := {"object_lock": {"enabled": true, "mode": "GOVERNANCE", "retention_days": days}}

_second_factor := {"versioning": {"status": "enabled", "mfa_delete": true}}

# The copy belongs to another account that was scanned together with this one.
_with_foreign_copy(attributes) := test.input_of([_source, test.foreign(copy)]) if {
	copy := _copy(attributes)
}

test_violated_when_the_same_account_can_empty_the_copy if {
	_violated(test.input_of([_source, _copy({})])) == {[_orders, "all"]}
}

test_message_names_both_buckets_and_evidence_what_protects_the_copy if {
	document := test.input_of([_source, _copy(_expiring(7))])
	some violation in policy.violations with input as document
	violation.message == "orders replicates deletions to orders-copy, which is not protected from them"
	violation.evidence == {
		"rule": "all",
		"destination_bucket": test.bucket_arn("orders-copy"),
		"object_lock": {"enabled": false, "mode": null, "retention_days": null},
		"versioning": {"status": "enabled", "mfa_delete": null},
		"account": "the same",
		"short_lived": [test.lifecycle_rule({"noncurrent_days": 7})],
		"detect_days": 30,
	}
}

test_satisfied_when_deletions_are_left_out if {
	source := test.bucket_with_rules("orders", [_rule({"delete_marker_replication": false})])
	document := test.input_of([source, _copy(_expiring(1))])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_orders} with input as document
}

test_a_lock_protects_the_copy_if_it_lasts_long_enough if {
	long := test.input_of([_source, _copy(_locked(30))])
	_violated(long) == set()
	_unknown(long) == set()
	_violated(test.input_of([_source, _copy(_locked(29))])) == {[_orders, "all"]}
}

test_unknown_what_a_lock_without_a_default_retention_covers if {
	document := test.input_of([_source, _copy({"object_lock": {"enabled": true, "mode": null, "retention_days": null}})])
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_a_second_factor_protects_versions_that_are_kept_long_enough if {
	long := test.input_of([_source, _copy(object.union(_second_factor, _expiring(30)))])
	_violated(long) == set()
	_unknown(long) == set()
	short := test.input_of([_source, _copy(object.union(_second_factor, _expiring(29)))])
	_violated(short) == {[_orders, "all"]}
}

test_another_account_protects_versions_that_are_kept_long_enough if {
	_violated(_with_foreign_copy({})) == set()
	_unknown(_with_foreign_copy({})) == set()
	_violated(_with_foreign_copy(_expiring(30))) == set()
	_violated(_with_foreign_copy(_expiring(29))) == {[_orders, "all"]}
}

test_three_versions_that_stay_make_up_for_a_short_time if {
	rule := test.lifecycle_rule({"noncurrent_days": 1, "newer_noncurrent_versions": 3})
	document := _with_foreign_copy({"lifecycle": {"rules": [rule]}})
	_violated(document) == set()
	_unknown(document) == set()
}

test_seven_days_are_enough_for_general_workloads if {
	source := test.with_members(_source, {"criticality": "general"})
	_violated(test.input_of([source, _copy(_locked(7))])) == set()
	_violated(test.input_of([source, _copy(_locked(6))])) == {[_orders, "all"]}
}

test_unknown_when_the_destination_was_not_collected if {
	document := test.input_of([_source])
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_unknown_when_what_decides_at_the_destination_was_not_collected if {
	every unseen in ["object_lock", "versioning"] {
		document := test.input_of([_source, _copy({unseen: null})])
		_violated(document) == set()
		_unknown(document) == {_orders}
	}
	foreign := _with_foreign_copy({"lifecycle": null})
	_violated(foreign) == set()
	_unknown(foreign) == {_orders}
}

test_unknown_when_it_was_not_collected_whether_versions_of_the_copy_expire if {
	rule := test.lifecycle_rule({"noncurrent_days": 7, "enabled": null})
	document := _with_foreign_copy({"lifecycle": {"rules": [rule]}})
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_another_rule_for_everything_can_save_the_bucket if {
	archive := test.replication_rule("archive", {"id": "archive", "delete_marker_replication": false})
	saved := test.input_of([test.bucket_with_rules("orders", [_rule({}), archive]), _copy({})])
	_violated(saved) == set()
	_unknown(saved) == set()

	part := object.union(archive, {"covers_all_objects": false})
	endangered := test.input_of([test.bucket_with_rules("orders", [_rule({}), part]), _copy({})])
	_violated(endangered) == {[_orders, "all"]}
}

test_unknown_when_a_copy_that_was_not_collected_may_save_the_bucket if {
	unseen := test.replication_rule("unseen", {"id": "unseen", "delete_marker_replication": true})
	document := test.input_of([test.bucket_with_rules("orders", [_rule({}), unseen]), _copy({})])
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_unknown_when_the_api_did_not_say_whether_deletions_are_replicated if {
	source := test.bucket_with_rules("orders", [_rule({"delete_marker_replication": null})])
	document := test.input_of([source, _copy({})])
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_unknown_when_replication_was_not_collected if {
	_unknown(test.input_of([test.bucket("orders", {"replication": null})])) == {_orders}
}

test_not_applicable_without_a_rule_in_force if {
	disabled := test.bucket_with_rules("orders", [_rule({"enabled": false})])
	policy.subjects == set() with input as test.input_of([disabled, _copy({})])
	policy.subjects == set() with input as test.input_of([test.bucket("orders", {})])
}
