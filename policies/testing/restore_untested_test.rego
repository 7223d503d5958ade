package hadr.testing.restore_untested_test

import data.hadr.lib.test
import data.hadr.lib.test_dynamodb
import data.hadr.lib.test_workload
import data.hadr.testing.restore_untested as policy

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_orders := "arn:aws:rds:eu-west-1:123456789012:db:orders"

_images := "arn:aws:s3:::images"

_volume := "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1"

_instance := "arn:aws:ec2:eu-west-1:123456789012:instance/i-1"

_owned(entry) := test.with_members(entry, {"workload": {"value": "shop", "source": "tag hadr:workload"}})

_database := _owned(test.db_instance("orders", {}))

_table := _owned(test_dynamodb.table("carts", {}))

_document(resources, evidence) := _of_tier("mission-critical", resources, evidence)

# Everything has an automated backup.
_of_tier(tier, resources, evidence) := test.with_derived(
	test_workload.input_with(
		[test_workload.workload("shop", object.union(
			{"resources": [entry.arn | some entry in resources]},
			test_workload.of_tier(tier),
		))],
		resources,
		evidence,
	),
	{"copies": {entry.arn: {"known": [test.copy("automated_backup", "eu-west-1", 300)], "unseen": []} |
		some entry in resources
	}},
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

test_satisfied_by_a_restore_of_the_last_quarter if {
	document := _document([_database], test_workload.watched(400, [test_workload.restored(_orders, 92, {})]))
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_shop} with input as document
}

test_one_restore_of_a_type_suffices_for_all_of_it if {
	resources := [_database, _owned(test.db_instance("users", {}))]
	document := _document(resources, test_workload.unkept([test_workload.restored(_orders, 10, {})]))
	_violated(document) == set()
	_unknown(document) == set()
}

test_violated_for_each_type_that_was_not_restored if {
	evidence := test_workload.watched(92, [test_workload.restored(_orders, 93, {})])
	document := _document([_database, _table], evidence)
	_messages(document) == {
		"shop had none of its DB instances restored in the last 92 days",
		"shop had none of its tables restored in the last 92 days",
	}
	found := {[violation.resource, violation.discriminator, violation.params.backup_type, violation.params.region] |
		some violation in policy.violations with input as document
	}
	found == {
		[_shop, "AWS::RDS::DBInstance", "RDS", "eu-west-1"],
		[_shop, "AWS::DynamoDB::Table", "DynamoDB", "eu-west-1"],
	}
}

test_one_type_does_not_suffice_for_another if {
	evidence := test_workload.watched(400, [test_workload.restored(_orders, 10, {})])
	_messages(_document([_database, _table], evidence)) == {
		"shop had none of its tables restored in the last 92 days",
	}
}

test_a_general_workload_has_a_year if {
	satisfied := test_workload.watched(400, [test_workload.restored(_orders, 365, {})])
	_violated(_of_tier("general", [_database], satisfied)) == set()
	violated := test_workload.watched(400, [test_workload.restored(_orders, 366, {})])
	_messages(_of_tier("general", [_database], violated)) == {
		"shop had none of its DB instances restored in the last 365 days",
	}
}

test_the_restore_of_another_workload_does_not_count if {
	other := test_workload.restored(_orders, 10, {"workload": "carts"})
	nobodys := test_workload.restored(_orders, 11, {"workload": null})
	_violated(_document([_database], test_workload.watched(400, [other, nobodys]))) == {_shop}
}

test_a_drill_is_no_restore if {
	document := _document([_database], test_workload.watched(400, [test_workload.drill(10, {})]))
	_violated(document) == {_shop}
}

test_with_an_instance_its_volumes_are_restored if {
	volume := _owned(test.resource("AWS::EC2::Volume", _volume, "vol-1", {"state": "in-use", "attachments": []}))
	machine := _owned(test.resource("AWS::EC2::Instance", _instance, "i-1", {
		"state": "running",
		"auto_scaling_group": null,
		"operator": null,
		"instance_lifecycle": null,
	}))
	attached := {"relations": {"attached_to": {_volume: [_instance]}}}
	restored := _document([volume, machine], test_workload.watched(400, [test_workload.restored(_instance, 10, {})]))
	_violated(object.union(restored, attached)) == set()
	policy.subjects == {_shop} with input as object.union(restored, attached)
	unrestored := _document([volume, machine], test_workload.watched(400, []))
	_messages(object.union(unrestored, attached)) == {
		"shop had none of its volumes restored in the last 92 days",
	}
}

test_unknown_until_the_ledger_has_watched_for_long_enough if {
	young := _document([_database], test_workload.watched(91, []))
	_violated(young) == set()
	_unknown(young) == {_shop}
	_unknown(_document([_database], test_workload.unkept([]))) == {_shop}
}

test_unknown_where_a_service_refused_to_tell if {
	refused := object.union(test_workload.watched(999, []), {"unseen": ["backup:ListRestoreJobs"]})
	document := _document([_database], refused)
	_violated(document) == set()
	_unknown(document) == {_shop}
}

test_attestations_say_nothing_about_restores if {
	document := _document([_database], test_workload.kept([]))
	_violated(document) == set()
	_unknown(document) == {_shop}
}

test_not_applicable_without_backups_to_restore if {
	evidence := test_workload.watched(400, [])
	bare := test.with_derived(_document([_database], evidence), {"copies": {_orders: {"known": [], "unseen": []}}})
	policy.subjects == set() with input as bare
	bucket := _owned(test.bucket("images", {}))
	replicated := test.with_derived(_document([bucket], evidence), {"copies": {_images: {
		"known": [test.copy("replica_bucket", "eu-central-1", null)],
		"unseen": [],
	}}})
	policy.subjects == set() with input as replicated
}

test_a_bucket_with_backups_in_a_vault_is_judged if {
	bucket := _owned(test.bucket("images", {}))
	document := test.with_derived(_document([bucket], test_workload.watched(400, [])), {"copies": {_images: {
		"known": [test.copy("continuous_backup", "eu-west-1", null)],
		"unseen": [],
	}}})
	_messages(document) == {"shop had none of its buckets restored in the last 92 days"}
}

test_not_applicable_to_what_can_be_made_again_or_belongs_to_no_workload if {
	evidence := test_workload.watched(400, [])
	rebuildable := _owned(test_dynamodb.rebuildable(test_dynamodb.table("carts", {})))
	policy.subjects == set() with input as _document([rebuildable], evidence)
	policy.subjects == set() with input as _document([test.db_instance("orders", {})], evidence)
}
