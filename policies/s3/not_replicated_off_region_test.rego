package hadr.s3.not_replicated_off_region_test

import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.s3.not_replicated_off_region as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_orders := {test.bucket_arn("orders")}

_rule(settings) := test.replication_rule("orders-copy", settings)

_orders_with(rules) := test.bucket_with_rules("orders", rules)

_pair := {"relations": test.replicating([["orders", "orders-copy"]])}

test_violated_without_replication if {
	_violated(test.input_of([test.bucket("orders", {})])) == _orders
}

test_violated_when_the_copy_is_in_the_same_region if {
	document := test.input_with([_orders_with([_rule({})]), test.bucket("orders-copy", {})], _pair)
	_violated(document) == _orders
	policy.subjects == _orders with input as document
}

test_message_names_the_bucket if {
	document := test.input_with([_orders_with([_rule({})]), test.bucket("orders-copy", {})], _pair)
	some violation in policy.violations with input as document
	violation.message == "orders is not replicated to another Region"
	violation.evidence == {
		"region": "eu-west-1",
		"rules": [{
			"id": "all",
			"enabled": true,
			"destination_bucket": test.bucket_arn("orders-copy"),
			"covers_all_objects": true,
		}],
		"role": {"value": "authoritative", "source": "default"},
		"ages_of_backups_elsewhere": [],
		"maximum_age": 2678400,
	}
}

_params(document) := {params |
	some violation in policy.violations with input as document
	params := violation.params
}

# A command that replaces all rules is given only where there are none.
test_rules_that_are_there_are_kept if {
	_params(test.input_of([test.bucket("orders", {})])) == {{"unreplicated_bucket": "orders"}}
	document := test.input_with([_orders_with([_rule({})]), test.bucket("orders-copy", {})], _pair)
	_params(document) == {{"replicated_bucket": "orders"}}
}

test_a_bucket_without_versions_gets_them_first if {
	never := {"versioning": {"status": "never", "mfa_delete": null}}
	_params(test.input_of([test.bucket("orders", never)])) == {{
		"unreplicated_bucket": "orders",
		"unversioned_bucket": "orders",
	}}
}

test_satisfied_with_a_rule_to_another_region if {
	document := test.input_with([_orders_with([_rule({})]), test.replica_bucket("orders-copy", {})], _pair)
	_violated(document) == set()
	policy.unknowns == set() with input as document

	# The copy is no subject.
	policy.subjects == _orders with input as document
}

test_satisfied_when_one_of_several_rules_leaves_the_region if {
	rules := [_rule({}), test.replication_rule("orders-near", {"id": "near"})]
	document := test.input_of([
		_orders_with(rules),
		test.bucket("orders-near", {}),
		test.replica_bucket("orders-copy", {}),
	])
	not test.bucket_arn("orders") in _violated(document)
	not test.bucket_arn("orders") in policy.unknowns with input as document
}

_backed_up(copies) := test.input_with(
	[test.bucket("orders", {})],
	{"copies": {test.bucket_arn("orders"): copies}},
)

_elsewhere := test_backup.vault_arn_in("eu-central-1", "dr")

test_satisfied_by_a_recent_backup_elsewhere if {
	document := _backed_up({"known": [test_backup.copy(_elsewhere, 2678400)], "unseen": []})
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == _orders with input as document
}

test_violated_by_backups_that_nobody_renews_or_in_the_same_region if {
	every copy in [test_backup.copy(_elsewhere, 2678401), test_backup.copy(test_backup.vault_arn("main"), 60)] {
		_violated(_backed_up({"known": [copy], "unseen": []})) == _orders
	}
	document := _backed_up({"known": [test_backup.copy(_elsewhere, 2678401)], "unseen": []})
	parameters := {"s3-not-replicated-off-region": {"maximum_age": 2678401}}
	found := policy.violations with input as document with data.parameters as parameters
	found == set()
}

test_unknown_where_a_backup_elsewhere_may_be_hidden if {
	foreign := test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn("eu-central-1")))
	every document in [
		_backed_up({
			"known": [],
			"unseen": [test.unseen("eu-central-1", "backup:ListRecoveryPointsByBackupVault")],
		}),
		_backed_up({"known": [test_backup.copy(_elsewhere, null)], "unseen": []}),
		test.with_derived(
			_backed_up({"known": [], "unseen": []}),
			{"schedules": {test.bucket_arn("orders"): test_backup.scheduled_out_of_sight([foreign])}},
		),
	] {
		_violated(document) == set()
		policy.unknowns == _orders with input as document
	}
	here := {"known": [], "unseen": [test.unseen("eu-west-1", "backup:ListRecoveryPointsByBackupVault")]}
	_violated(_backed_up(here)) == _orders
}

test_each_of_a_pair_that_replicates_both_ways_is_judged if {
	back := test.replication_rule("orders", {})
	relations := {"relations": test.replicating([["orders", "orders-copy"], ["orders-copy", "orders"]])}
	both := {test.bucket_arn("orders"), test.bucket_arn("orders-copy")}

	far := [_orders_with([_rule({})]), test.replica_bucket("orders-copy", test.replication([back]))]
	_violated(test.input_with(far, relations)) == set()
	policy.subjects == both with input as test.input_with(far, relations)

	near := [_orders_with([_rule({})]), test.bucket_with_rules("orders-copy", [back])]
	_violated(test.input_with(near, relations)) == both
}

test_unknown_where_the_destination_was_not_collected if {
	document := test.input_of([_orders_with([_rule({"destination_account": "210987654321"})])])
	_violated(document) == set()
	policy.unknowns == _orders with input as document

	# Without an owner in the rule it may still be in any account.
	nameless := test.input_of([_orders_with([_rule({})])])
	policy.unknowns == _orders with input as nameless
}

test_unknown_where_nobody_could_say_in_which_region_the_destination_is if {
	document := test.input_of([_orders_with([_rule({})]), test.bucket_in("global", "orders-copy", {})])
	test.bucket_arn("orders") in policy.unknowns with input as document
}

test_satisfied_with_a_copy_in_an_account_that_was_scanned_together if {
	document := test.input_of([_orders_with([_rule({})]), test.foreign(test.replica_bucket("orders-copy", {}))])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == _orders with input as document
}

test_unknown_when_replication_was_not_collected if {
	document := test.input_of([test.bucket("orders", {"replication": null})])
	_violated(document) == set()
	policy.unknowns == _orders with input as document
}

test_not_applicable_where_rules_that_leave_the_region_do_not_work if {
	disabled := [_orders_with([_rule({"enabled": false})]), test.replica_bucket("orders-copy", {})]
	policy.subjects == {test.bucket_arn("orders-copy")} with input as test.input_of(disabled)

	gone := [_orders_with([_rule({"destination_account": test.account})])]
	collected := {"coverage": {"s3:ListBuckets": {"global": "collected"}}}
	policy.subjects == set() with input as test.input_with(gone, collected)
}

test_violated_when_the_only_rule_is_disabled_and_stays_in_the_region if {
	copy := test.in_role("log", test.bucket("orders-copy", {}))
	document := test.input_of([_orders_with([_rule({"enabled": false})]), copy])
	_violated(document) == _orders
}

test_backups_need_a_copy_and_logs_do_not if {
	document := test.input_of([
		test.in_role("backup", test.bucket("dumps", {})),
		test.in_role("log", test.bucket("access-logs", {})),
		test.in_role("rebuildable", test.bucket("assets", {})),
	])
	_violated(document) == {test.bucket_arn("dumps")}
	policy.subjects == {test.bucket_arn("dumps")} with input as document
}
