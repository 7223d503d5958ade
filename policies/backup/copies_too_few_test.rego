package hadr.backup.copies_too_few_test

import data.hadr.backup.copies_too_few as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_compute as compute
import data.hadr.lib.test_dynamodb

_orders := test.db_instance("orders", {})

_ledger := test.db_cluster("ledger", {})

_table := test_dynamodb.table("carts", {})

_bucket := test.bucket("invoices", {})

_volume := compute.volume("vol-1", ["i-1"], {})

# A scan that listed everything.
_document(resource, known) := _document_with(resource, {"known": known, "unseen": []}, {})

_document_with(resource, copies, parts) := test_backup.input_with([resource], object.union(
	{
		"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "collected", "eu-west-1": "collected"}},
		"copies": {resource.arn: copies},
	},
	parts,
))

_volume_document(known) := test_backup.input_with(
	[_volume, compute.instance("i-1", {})],
	{
		"relations": {"attached_to": {_volume.arn: [compute.arn("instance/i-1")]}, "member_of": {}},
		"copies": {_volume.arn: {"known": known, "unseen": []}},
	},
)

_automated := test.copy("automated_backup", "eu-west-1", 300)

_snapshot := test.copy("manual_snapshot", "eu-west-1", 86400)

_snapshot_elsewhere := test.copy("manual_snapshot", "eu-central-1", 86400)

_replica_elsewhere := test.copy("replica", "eu-central-1", null)

_replica_bucket(a_region, an_account) := {
	"kind": "replica_bucket",
	"arn": test.bucket_arn("invoices-copy"),
	"region": a_region,
	"account": an_account,
	"vault": null,
	"off_region": _is_elsewhere(a_region),
	"age": null,
}

_is_elsewhere(a_region) := a_region != test.region if {
	is_string(a_region)
} else := null

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_missing(document) := {part |
	found := policy.violations with input as document
	some violation in found
	some part in violation.evidence.missing
}

test_violated_where_there_is_nothing_but_the_data if {
	every resource in [_orders, _ledger, _table, _bucket] {
		document := _document(resource, [])
		_violated(document) == {resource.arn}
		_messages(document) == {sprintf(
			"%s has 1 of 3 copies, 1 of 2 storage systems and no copy outside eu-west-1",
			[resource.name],
		)}
	}
	some violation in policy.violations with input as _document(_orders, [])
	violation.evidence == {
		"copies": 1,
		"storage_systems": {"live"},
		"places": set(),
		"missing": ["copies", "storage systems", "region"],
		"maximum_age": 2678400,
	}
	not violation.at_most
}

test_each_part_is_missed_for_itself if {
	in_one_region := _document(_orders, [_automated, _snapshot])
	_messages(in_one_region) == {"orders has no copy outside eu-west-1"}
	some violation in policy.violations with input as in_one_region
	not violation.at_most
	violation.evidence.storage_systems == {"automated backups", "live", "snapshots"}

	in_one_system := _document(_table, [
		test.copy("replica", "eu-central-1", null),
		object.union(test.copy("replica", "us-west-1", null), {"arn": "x"}),
	])
	_messages(in_one_system) == {"carts has 1 of 2 storage systems"}
	some other in policy.violations with input as in_one_system
	other.at_most == "medium"

	too_few := _document(_orders, [_snapshot_elsewhere])
	_messages(too_few) == {"orders has 2 of 3 copies"}
	some third in policy.violations with input as too_few
	third.at_most == "medium"
}

test_generations_in_one_place_are_one_copy if {
	older := object.union(_snapshot_elsewhere, {"arn": "older", "age": 172800})
	_messages(_document(_orders, [_snapshot_elsewhere, older])) == {"orders has 2 of 3 copies"}
}

test_copies_that_nobody_renews_are_none if {
	old := test.copy("manual_snapshot", "eu-central-1", 2678401)
	_missing(_document(_orders, [_automated, _snapshot, old])) == {"region"}
	parameters := _with_parameters({"maximum_age": 2678401})
	found := policy.violations with input as _document(_orders, [_automated, _snapshot, old])
		with data.parameters as parameters
	found == set()
	lenient := {"config": {"tiers": {"mission-critical": {"rpo": 5184000}}}}
	_violated(_document_with(_orders, {"known": [_automated, _snapshot, old], "unseen": []}, lenient)) == set()
}

test_satisfied_by_three_copies_in_two_systems_one_elsewhere if {
	every case in [
		[_orders, [_automated, _snapshot_elsewhere]],
		[_orders, [_automated, _replica_elsewhere]],
		[_orders, [_automated, test.copy("replicated_automated_backup", "eu-central-1", null)]],
		[_orders, [_automated, test_backup.copy(test_backup.vault_arn_in("eu-central-1", "dr"), 86400)]],
		[_table, [_automated, _replica_elsewhere]],
		[_bucket, [
			_replica_bucket("eu-central-1", test.account),
			test_backup.copy(test_backup.vault_arn("main"), 86400),
		]],
	] {
		document := _document(case[0], case[1])
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {case[0].arn}
	}
	volume := _volume_document([_snapshot, _snapshot_elsewhere])
	_violated(volume) == set()
	_judged(volume) == {_volume.arn}
}

test_satisfied_by_another_region_of_the_global_cluster if {
	global := test.with_members(test.global_cluster("world", {}), {"placement": {
		"regions": ["eu-central-1", "eu-west-1"],
	}})
	document := _document_with(_ledger, {"known": [_automated], "unseen": []}, {
		"relations": {"member_of": {_ledger.arn: [global.arn]}},
		"by_arn": {global.arn: global},
	})
	_violated(document) == set()
	_unknown(document) == set()
}

test_another_account_is_another_system if {
	foreign := _replica_bucket("eu-central-1", "210987654321")
	near := object.union(_replica_bucket("eu-west-1", test.account), {"arn": test.bucket_arn("near")})
	_violated(_document(_bucket, [foreign, near])) == set()
	_missing(_document(_bucket, [object.union(foreign, {"account": test.account}), near])) == {"storage systems"}
}

test_unknown_where_what_is_missing_could_be_hidden if {
	every case in [
		[[_automated], "eu-central-1"],
		[[_automated, _snapshot], "eu-central-1"],
		[[_automated, _snapshot], "other Regions"],
		[[_snapshot_elsewhere], "eu-west-1"],
	] {
		copies := {"known": case[0], "unseen": [test.unseen(case[1], "backup:ListRecoveryPointsByBackupVault")]}
		document := _document_with(_orders, copies, {})
		_unknown(document) == {_orders.arn}
		_violated(document) == set()
	}
}

# What lies in the Region itself is no copy outside it.
test_a_listing_of_its_own_region_hides_no_copy_elsewhere if {
	copies := {"known": [], "unseen": [test.unseen("eu-west-1", "rds:DescribeDBSnapshots")]}
	_messages(_document_with(_orders, copies, {})) == {"orders has no copy outside eu-west-1"}
}

test_unknown_where_a_schedule_copies_to_where_nobody_looked if {
	schedule := test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn("eu-central-1")))
	copies := {"known": [_automated], "unseen": []}
	schedules := {_orders.arn: test_backup.scheduled_out_of_sight([schedule])}
	document := _document_with(_orders, copies, {"schedules": schedules})
	_unknown(document) == {_orders.arn}
	_violated(document) == set()
	seen := _document_with(_orders, copies, {"schedules": {_orders.arn: test_backup.scheduled([schedule])}})
	_missing(seen) == {"copies", "region"}
}

test_violated_where_what_is_copied_to_where_nobody_looked_stays_in_the_region if {
	schedule := test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn(test.region)))
	copies := {"known": [_automated], "unseen": []}
	schedules := {_orders.arn: test_backup.scheduled_out_of_sight([schedule])}
	_missing(_document_with(_orders, copies, {"schedules": schedules})) == {"region"}
}

test_unknown_where_a_copy_does_not_say_how_old_it_is if {
	document := _document(_orders, [_automated, test.copy("manual_snapshot", "eu-central-1", null)])
	_unknown(document) == {_orders.arn}
	_violated(document) == set()
}

_with_possible(copies) := test.with_derived(
	_volume_document([_snapshot]),
	{"copies": {_volume.arn: {"known": [_snapshot], "possible": copies}}},
)

test_unknown_where_a_copy_may_be_of_the_volume if {
	document := _with_possible([{"region": "eu-central-1", "age": 2678400}])
	_unknown(document) == {_volume.arn}
	_violated(document) == set()
	_missing(_with_possible([{"region": "eu-central-1", "age": 2678401}])) == {"copies", "region"}

	# Another one in its own Region does not help where the Region is lost.
	_missing(_with_possible([{"region": "eu-west-1", "age": 0}])) == {"region"}
}

test_unknown_where_replicas_were_not_collected if {
	every resource in [
		test.bucket("invoices", {"replication": null}),
		test.bucket_in("global", "invoices", {}),
		test_dynamodb.undescribed("carts"),
		test_dynamodb.table("carts", {"global_table_version": "2017.11.29"}),
	] {
		document := _document(resource, [])
		_unknown(document) == {resource.arn}
		_violated(document) == set()
	}
	hidden := {"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "denied", "eu-west-1": "denied"}}}
	cluster := _document_with(_ledger, {"known": [_automated, _snapshot], "unseen": []}, hidden)
	_unknown(cluster) == {_ledger.arn}
}

test_a_destination_that_was_not_collected_may_be_anywhere if {
	document := _document(_bucket, [
		_replica_bucket(null, null),
		test_backup.copy(test_backup.vault_arn("main"), 60),
	])
	_unknown(document) == {_bucket.arn}
	_violated(document) == set()

	# And of any account, which would be another system.
	_messages(_document(_bucket, [_replica_bucket(null, null)])) == {"invoices has 2 of 3 copies"}

	# Two of them need not be in one place.
	other := object.union(_replica_bucket(null, null), {"arn": test.bucket_arn("invoices-archive")})
	document_of_two := _document(_bucket, [_replica_bucket(null, null), other])
	_unknown(document_of_two) == {_bucket.arn}
	_violated(document_of_two) == set()
}

test_not_applicable_to_what_is_a_copy_or_can_be_made_again if {
	document := test_backup.input_with(
		[
			test.db_instance("replica", {"role": "read_replica"}),
			test_dynamodb.rebuildable(_table),
			test.in_role("log", _bucket),
			_volume,
		],
		{},
	)
	_judged(document) == set()
}

# AWS Backup makes no backups of it before.
test_a_bucket_without_versions_gets_them_first if {
	bucket := test.bucket("invoices", {"versioning": {"status": "never", "mfa_delete": null}})
	some violation in policy.violations with input as _document(bucket, [])
	violation.params == {"unversioned_bucket": "invoices"}
}

test_other_resources_and_buckets_with_versions_need_none if {
	every resource in [_orders, _table, _bucket] {
		{violation.params | some violation in policy.violations with input as _document(resource, [])} == {{}}
	}
}

_with_parameters(changed) := {"backup-copies-too-few": object.union(
	{"minimum_copies": 3, "minimum_systems": 2, "minimum_out_of_reach": 0, "maximum_age": 2678400},
	changed,
)}

_strict(document) := {violation.message |
	found := policy.violations with input as document
		with data.parameters as _with_parameters({"minimum_out_of_reach": 1})
	some violation in found
}

# The rule 3-2-1-1-0.
test_one_copy_can_be_asked_for_that_nobody_can_delete if {
	_strict(_document(_orders, [_automated, _snapshot_elsewhere])) == {
		"orders has 0 of 1 copies that an administrator cannot delete",
	}
	locked := object.union(_snapshot_elsewhere, {"out_of_reach": true})
	_strict(_document(_orders, [_automated, locked])) == set()
	bucket := test.bucket("invoices", {"object_lock": {"enabled": true, "mode": "COMPLIANCE", "retention_days": 30}})
	copies := [
		_replica_bucket("eu-central-1", test.account),
		test_backup.copy(test_backup.vault_arn("main"), 86400),
	]
	_strict(_document(bucket, copies)) == set()
}

test_unknown_where_it_is_not_known_whether_one_can_be_deleted if {
	unclear := object.union(_snapshot_elsewhere, {"out_of_reach": null})
	document := _document(_orders, [_automated, unclear])
	_strict(document) == set()
	found := policy.unknowns with input as document
		with data.parameters as _with_parameters({"minimum_out_of_reach": 1})
	found == {_orders.arn}
}
