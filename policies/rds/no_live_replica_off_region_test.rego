package hadr.rds.no_live_replica_off_region_test

import data.hadr.lib.test
import data.hadr.rds.no_live_replica_off_region as policy

_orders := test.db_instance("orders", {})

_business := test.with_members(_orders, {
	"tier": {"value": "business-critical"},
	"criticality": "business-critical",
})

_document(instance, known) := test.input_with(
	[instance],
	{"copies": {instance.arn: {"known": known, "unseen": []}}},
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_violated_without_a_replica_elsewhere if {
	copies := [test.copy("replica", "eu-west-1", null), test.copy("manual_snapshot", "eu-central-1", 60)]
	_violated(_document(_orders, copies)) == {_orders.arn}
	_violated(_document(_business, copies)) == {_orders.arn}
}

test_message_and_evidence_say_the_fact if {
	some violation in policy.violations with input as _document(_orders, [])
	violation.message == "orders has no live replica outside eu-west-1"
	violation.evidence == {
		"region": "eu-west-1",
		"replicas": [],
		"storage_encrypted": true,
		"backup_retention_period": 35,
	}
}

# An encrypted replica needs an encrypted source, so the step for this one names no key.
test_steps_follow_the_encryption_of_the_source if {
	every encrypted, name in {true: "encrypted_arn", false: "plain_arn"} {
		instance := test.db_instance("orders", {"storage_encrypted": encrypted})
		some violation in policy.violations with input as _document(instance, [])
		violation.params == {"db_instance_class": "db.r6g.large", name: instance.arn}
	}
}

test_message_says_what_has_to_come_first if {
	off := test.db_instance("orders", {"backup_retention_period": 0})
	_messages(_document(off, [])) == {concat("", [
		"orders has no live replica outside eu-west-1",
		"; its automated backups are off and have to come first",
	])}
	some violation in policy.violations with input as _document(off, [])
	violation.params.unbacked_instance == "orders"
}

test_message_says_nothing_about_what_is_not_known if {
	quiet := test.db_instance("orders", {"storage_encrypted": null, "backup_retention_period": null})
	_messages(_document(quiet, [])) == {"orders has no live replica outside eu-west-1"}
}

test_satisfied_with_a_replica_elsewhere if {
	document := _document(_orders, [test.copy("replica", "eu-central-1", null)])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_orders.arn} with input as document
}

test_replicated_backups_are_enough_only_for_business_critical if {
	copies := [test.copy("replicated_automated_backup", "eu-central-1", 1500)]
	_violated(_document(_business, copies)) == set()
	_violated(_document(_orders, copies)) == {_orders.arn}
}

test_unknown_when_replicated_backups_could_be_hidden if {
	hidden := {"known": [], "unseen": [test.unseen("eu-central-1", "rds:DescribeDBInstanceAutomatedBackups")]}
	document := test.input_with([_business], {"copies": {_orders.arn: hidden}})
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document

	# They would not be enough for this one.
	_violated(test.input_with([_orders], {"copies": {_orders.arn: hidden}})) == {_orders.arn}
}

test_hidden_snapshots_do_not_matter if {
	hidden := {"known": [], "unseen": [test.unseen("eu-central-1", "rds:DescribeDBSnapshots")]}
	_violated(test.input_with([_business], {"copies": {_orders.arn: hidden}})) == {_orders.arn}
}

test_the_strategy_of_the_tier_decides if {
	general := test.with_members(_orders, {"tier": {"value": "general"}, "criticality": "general"})
	policy.subjects == set() with input as _document(general, [])

	relaxed := {"config": {"tiers": {"mission-critical": {"strategy_rank": 0}}}}
	policy.subjects == set() with input as test.input_with([_orders], relaxed)
}

test_not_applicable_where_there_can_be_no_replica_elsewhere if {
	document := test.input_of([
		test.db_instance("express", {"engine": "sqlserver-ex"}),
		test.db_instance("standard", {"engine": "oracle-se2"}),
		test.db_instance("custom", {"engine": "custom-sqlserver-ee"}),
		test.db_instance("outpost", {"backup_target": "outposts"}),
		test.db_instance("replica", {"role": "read_replica"}),
		test.db_instance("trio-1", {"role": "multi_az_cluster_member"}),
		test.db_instance("new", {"db_instance_status": "creating"}),
	])
	policy.subjects == set() with input as document
}
