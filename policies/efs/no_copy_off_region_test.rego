package hadr.efs.no_copy_off_region_test

import data.hadr.efs.no_copy_off_region as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_efs

_file_system := test_efs.file_system("fs-1", {})

_arn := _file_system.arn

_elsewhere := test_backup.vault_arn_in("eu-central-1", "dr")

_with_copies(file_system, known) := test.input_with(
	[file_system],
	{"copies": {_arn: {"known": known, "unseen": []}}},
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

test_violated_without_a_copy_elsewhere if {
	document := _with_copies(_file_system, [test_backup.copy(test_backup.vault_arn("main"), 60)])
	_violated(document) == {_arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "home has no copy outside eu-west-1"
	violation.evidence == {
		"region": "eu-west-1",
		"replications": [],
		"ages_of_copies_elsewhere": [],
		"maximum_age": 2678400,
	}
	violation.params == {"file_system_id": "fs-1"}
}

test_satisfied_by_a_replica_elsewhere if {
	document := _with_copies(_file_system, [test.copy("replica", "eu-central-1", 600)])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_arn} with input as document
}

test_satisfied_by_a_backup_elsewhere if {
	document := _with_copies(_file_system, [test_backup.copy(_elsewhere, 2678400)])
	_violated(document) == set()
	_unknown(document) == set()
}

test_violated_by_copies_that_nobody_renews if {
	every known in [test_backup.copy(_elsewhere, 2678401), test.copy("replica", "eu-central-1", 2678401)] {
		document := _with_copies(_file_system, [known])
		_violated(document) == {_arn}
	}
	document := _with_copies(_file_system, [test_backup.copy(_elsewhere, 2678401)])
	some violation in policy.violations with input as document
	violation.message == "home has no recent copy outside eu-west-1: the newest is 31 days old"
}

test_unknown_where_a_copy_elsewhere_may_be_hidden if {
	every document in [
		_with_copies(test_efs.file_system("fs-1", {"replications": null}), []),
		test.input_with([_file_system], {"copies": {_arn: {
			"known": [],
			"unseen": [test.unseen("eu-central-1", "backup:ListRecoveryPointsByBackupVault")],
		}}}),
		test.input_with([_file_system], {"schedules": {_arn: test_backup.scheduled_out_of_sight([
			test_backup.schedule(test_backup.copies_to(test_backup.foreign_vault_arn("eu-central-1"))),
		])}}),
		_with_copies(_file_system, [test_backup.copy(_elsewhere, null)]),
	] {
		_unknown(document) == {_arn}
		_violated(document) == set()
	}
}

test_not_applicable_to_a_replica if {
	document := _with_copies(test_efs.file_system("fs-1", {"replication_overwrite_protection": "REPLICATING"}), [])
	policy.subjects == set() with input as document
	_violated(document) == set()
}
