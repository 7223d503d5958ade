package hadr.dynamodb.no_copy_off_region_test

import data.hadr.dynamodb.no_copy_off_region as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_dynamodb

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_arn := test_dynamodb.arn("carts")

_with_copies(table, known) := test.input_with([table], {"copies": {_arn: {"known": known, "unseen": []}}})

_recovery := test.copy("automated_backup", test.region, 300)

_elsewhere := test_backup.vault_arn_in("eu-central-1", "dr")

_table := test_dynamodb.table("carts", {})

test_violated_without_a_copy_elsewhere if {
	document := _with_copies(_table, [_recovery, test_backup.copy(test_backup.vault_arn("main"), 86400)])
	_violated(document) == {_arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "carts has no copy outside eu-west-1"
	violation.evidence == {
		"region": "eu-west-1",
		"replicas": [],
		"ages_of_backups_elsewhere": [],
		"maximum_age": 2678400,
	}
}

test_violated_by_backups_that_nobody_renews if {
	document := _with_copies(_table, [test_backup.copy(_elsewhere, 2678401)])
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.message == "carts has no recent copy outside eu-west-1: the newest is 31 days old"
	parameters := {"dynamodb-no-copy-off-region": {"maximum_age": 2678401}}
	found := policy.violations with input as document with data.parameters as parameters
	found == set()
	lenient := _with_copies(test.may_lose(2678401, _table), [test_backup.copy(_elsewhere, 2678401)])
	_violated(lenient) == set()
}

test_satisfied_by_a_backup_in_a_vault_elsewhere if {
	document := _with_copies(_table, [test_backup.copy(_elsewhere, 2678400)])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_arn} with input as document
}

test_unknown_where_a_backup_elsewhere_may_be_hidden if {
	every document in [
		test.input_with([_table], {"copies": {_arn: {
			"known": [],
			"unseen": [test.unseen("eu-central-1", "backup:ListRecoveryPointsByBackupVault")],
		}}}),
		test.input_with([_table], {"schedules": {_arn: test_backup.scheduled_out_of_sight([
			test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn("eu-central-1"))),
		])}}),
		_with_copies(_table, [test_backup.copy(_elsewhere, null)]),
	] {
		_unknown(document) == {_arn}
		_violated(document) == set()
	}
	here := test.input_with([_table], {"copies": {_arn: {
		"known": [],
		"unseen": [test.unseen("eu-west-1", "backup:ListRecoveryPointsByBackupVault")],
	}}})
	_violated(here) == {_arn}
}

test_satisfied_with_an_active_replica if {
	table := test_dynamodb.table("carts", test_dynamodb.global([test_dynamodb.replica("eu-central-1", "carts", {})]))
	document := _with_copies(table, [_recovery, test.copy("replica", "eu-central-1", null)])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_arn} with input as document
}

test_unknown_where_the_table_was_not_described if {
	document := _with_copies(test_dynamodb.undescribed("carts"), [])
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_unknown_where_the_regions_of_a_global_table_of_2017_were_not_listed if {
	document := _with_copies(test_dynamodb.table("carts", {"global_table_version": "2017.11.29"}), [])
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_not_applicable_where_replicas_are_not_active if {
	creating := test_dynamodb.replica("eu-central-1", "carts", {"replica_status": "CREATING"})
	document := _with_copies(test_dynamodb.table("carts", test_dynamodb.global([creating])), [])
	policy.subjects == set() with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

test_not_applicable_to_what_can_be_made_again if {
	document := _with_copies(test_dynamodb.rebuildable(test_dynamodb.table("carts", {})), [])
	policy.subjects == set() with input as document
}
