package hadr.s3.replication_ineffective_test

import data.hadr.lib.test
import data.hadr.s3.replication_ineffective as policy

# Buckets and why, since one bucket can have several defects.
_violated(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_orders := test.bucket_arn("orders")

_rule(settings) := test.replication_rule("orders-copy", settings)

_orders_with(rules) := test.bucket_with_rules("orders", rules)

_encrypted(sse_algorithm, entry) := test.with_members(entry, {"attributes": {"encryption": {
	"sse_algorithm": sse_algorithm,
	"kms_master_key_id": null,
}}})

# The bucket `orders` in a document with its copy in another Region.
_with_copy(source) := test.input_with([source, test.replica_bucket("orders-copy", {})], _pair)

_pair := {"relations": test.replicating([["orders", "orders-copy"]])}

test_satisfied_by_one_rule_for_everything if {
	document := _with_copy(_orders_with([_rule({})]))
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_orders} with input as document
}

test_satisfied_when_another_rule_has_no_defect if {
	rules := [_rule({}), _rule({"id": "part", "covers_all_objects": false}), _rule({"id": "off", "enabled": false})]
	document := _with_copy(_orders_with(rules))
	_violated(document) == set()
	_unknown(document) == set()
}

test_violated_when_every_rule_is_disabled if {
	source := _orders_with([_rule({"enabled": false})])
	document := test.input_of([source, test.replica_bucket("orders-copy", {})])
	_violated(document) == {[_orders, "disabled"]}
}

test_violated_when_only_a_part_is_copied if {
	document := _with_copy(_orders_with([_rule({"covers_all_objects": false})]))
	_violated(document) == {[_orders, "partial"]}
}

test_satisfied_by_a_part_that_the_tag_accepts if {
	source := _orders_with([_rule({"covers_all_objects": false})])
	document := _with_copy(test.with_members(source, {"tags": {"hadr:crr-scope": "invoices/"}}))
	_violated(document) == set()
	_unknown(document) == set()
}

test_unknown_whether_a_tag_that_was_not_collected_accepts_a_part if {
	source := _orders_with([_rule({"covers_all_objects": false})])
	document := _with_copy(test.with_members(source, {"tags": null}))
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_violated_when_the_destination_keeps_no_versions if {
	suspended := {"versioning": {"status": "suspended", "mfa_delete": null}}
	document := test.input_of([_orders_with([_rule({})]), test.replica_bucket("orders-copy", suspended)])
	_violated(document) == {[_orders, "destination_unversioned"]}
}

test_unknown_when_the_versions_of_the_destination_were_not_collected if {
	copy := test.replica_bucket("orders-copy", {"versioning": null})
	document := test.input_with([_orders_with([_rule({})]), copy], _pair)
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_violated_when_the_destination_is_gone_from_the_account_that_the_rule_names if {
	source := _orders_with([_rule({"destination_account": test.account})])
	collected := {"coverage": {"s3:ListBuckets": {"global": "collected"}}}
	_violated(test.input_with([source], collected)) == {[_orders, "destination_missing"]}

	denied := {"coverage": {"s3:ListBuckets": {"global": "denied"}}}
	_violated(test.input_with([source], denied)) == set()
	_unknown(test.input_with([source], denied)) == {_orders}
}

test_unknown_where_the_destination_is_in_an_account_that_was_not_scanned if {
	document := test.input_of([_orders_with([_rule({"destination_account": "210987654321"})])])
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_violated_wherever_the_destination_is_when_only_a_part_goes_there if {
	document := test.input_of([_orders_with([_rule({"covers_all_objects": false})])])
	_violated(document) == {[_orders, "partial"]}
}

test_satisfied_with_a_destination_in_an_account_that_was_scanned_together if {
	document := test.input_of([_orders_with([_rule({})]), test.foreign(test.replica_bucket("orders-copy", {}))])
	_violated(document) == set()
	_unknown(document) == set()
}

test_violated_when_objects_with_kms_keys_are_left_out if {
	every sse_algorithm in ["aws:kms", "aws:kms:dsse"] {
		every asked in [null, false] {
			source := _orders_with([_rule({"sse_kms_encrypted_objects": asked})])
			_violated(_with_copy(_encrypted(sse_algorithm, source))) == {[_orders, "kms_left_out"]}
		}
	}
}

test_satisfied_when_objects_with_kms_keys_are_asked_for if {
	document := _with_copy(_encrypted("aws:kms", _orders_with([_rule({"sse_kms_encrypted_objects": true})])))
	_violated(document) == set()
	_unknown(document) == set()
}

test_unknown_when_the_encryption_was_not_collected_and_decides if {
	unseen := {"attributes": {"encryption": null}}
	document := _with_copy(test.with_members(_orders_with([_rule({})]), unseen))
	_violated(document) == set()
	_unknown(document) == {_orders}

	asked := test.with_members(_orders_with([_rule({"sse_kms_encrypted_objects": true})]), unseen)
	_unknown(_with_copy(asked)) == set()
}

test_violated_when_locked_objects_go_to_a_bucket_without_a_lock if {
	locked := {"object_lock": {"enabled": true, "mode": "COMPLIANCE", "retention_days": 30}}
	source := test.bucket("orders", object.union(locked, test.replication([_rule({})])))
	_violated(_with_copy(source)) == {[_orders, "destination_without_lock"]}

	both := test.input_of([source, test.replica_bucket("orders-copy", locked)])
	_violated(both) == set()
	_unknown(both) == set()

	unseen := test.input_of([source, test.replica_bucket("orders-copy", {"object_lock": null})])
	_violated(unseen) == set()
	_unknown(unseen) == {_orders}
}

test_unknown_when_the_lock_was_not_collected_and_decides if {
	source := test.bucket("orders", object.union({"object_lock": null}, test.replication([_rule({})])))
	_violated(_with_copy(source)) == set()
	_unknown(_with_copy(source)) == {_orders}
}

test_each_defect_is_a_finding_of_its_own if {
	source := _encrypted("aws:kms", _orders_with([_rule({"covers_all_objects": false})]))
	_violated(_with_copy(source)) == {[_orders, "partial"], [_orders, "kms_left_out"]}
}

test_message_says_the_defect_and_evidence_the_rules if {
	document := _with_copy(_encrypted("aws:kms", _orders_with([_rule({})])))
	some violation in policy.violations with input as document
	violation.message == "orders encrypts with a KMS key, but its replication leaves such objects out"
	violation.evidence == {
		"rules": [{
			"id": "all",
			"enabled": true,
			"destination_bucket": test.bucket_arn("orders-copy"),
			"covers_all_objects": true,
		}],
		"role": {"value": "authoritative", "source": "default"},
		"sse_algorithm": "aws:kms",
	}
	violation.params == {"bucket": "orders", "bucket_with_key": "orders"}
}

_params(document) := {violation.discriminator: violation.params |
	some violation in policy.violations with input as document
}

# Each defect is mended by steps of its own.
test_the_parameters_follow_from_the_defect if {
	document := _with_copy(_orders_with([_rule({"covers_all_objects": false})]))
	_params(document) == {"partial": {"bucket": "orders", "bucket_of_rule": "orders"}}
}

test_a_destination_without_versions_or_lock_is_what_is_changed if {
	locked := test.with_members(_orders_with([_rule({})]), {"attributes": {"object_lock": {"enabled": true}}})
	unversioned := test.replica_bucket("orders-copy", {"versioning": {"status": "never", "mfa_delete": null}})
	_params(test.input_with([locked, unversioned], _pair)) == {
		"destination_unversioned": {"unversioned_destination": "orders-copy", "destination_region": "eu-central-1"},
		"destination_without_lock": {"lockless_destination": "orders-copy", "destination_region": "eu-central-1"},
	}
}

test_unknown_when_replication_was_not_collected if {
	document := test.input_of([test.bucket("orders", {"replication": null})])
	_violated(document) == set()
	_unknown(document) == {_orders}
}

test_not_applicable_without_a_rule_that_leaves_the_region if {
	near := test.input_of([_orders_with([_rule({})]), test.bucket("orders-copy", {})])
	policy.subjects == set() with input as near
	policy.subjects == set() with input as test.input_of([test.bucket("orders", {})])
}

test_not_applicable_to_a_copy_whose_rules_wait_for_the_way_back if {
	back := test.replication([test.replication_rule("orders", {"enabled": false})])
	resources := [_orders_with([_rule({})]), test.replica_bucket("orders-copy", back)]
	document := test.input_with(resources, _pair)
	policy.subjects == {_orders} with input as document
	_violated(document) == set()
}
