package hadr.kms.key_pending_deletion_test

import data.hadr.kms.key_pending_deletion as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup

_orders := test.db_instance("orders", {})

_arn := test_backup.key_arn("1")

_document(settings) := _encrypting([_orders], settings)

_encrypting(resources, settings) := test_backup.input_with(
	array.concat(resources, [test_backup.key("1", settings)]),
	{"relations": {"encrypts": {_arn: [resource.arn | some resource in resources]}}},
)

_idle(settings, outcome) := test_backup.input_with([test_backup.key("1", settings)], {"coverage": {operation: {
	"eu-west-1": outcome,
} |
	some operation in [
		"backup:ListBackupVaults", "ec2:DescribeSnapshots", "ec2:DescribeVolumes", "rds:DescribeDBClusters",
		"rds:DescribeDBClusterSnapshots", "rds:DescribeDBInstances", "rds:DescribeDBSnapshots",
	]
}})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_in_every_state_in_which_nothing_can_be_decrypted if {
	every state, words in {
		"Disabled": "is disabled",
		"PendingDeletion": "is about to be deleted",
		"PendingImport": "has lost its material",
		"PendingReplicaDeletion": "is about to be deleted",
		"Unavailable": "cannot be reached",
	} {
		document := _document({"key_state": state})
		_violated(document) == {_arn}
		_unknown(document) == set()
		messages := {violation.message | some violation in policy.violations with input as document}
		messages == {sprintf("1 %s and encrypts orders", [words])}
	}
}

test_evidence_and_steps_by_state if {
	pending := _document({"key_state": "PendingDeletion", "deletion_date": "2026-12-01T00:00:00Z"})
	some violation in policy.violations with input as pending
	violation.evidence == {
		"key_state": "PendingDeletion",
		"deletion_date": "2026-12-01T00:00:00Z",
		"encrypts": [_orders.arn],
		"number_of_resources": 1,
	}
	violation.params == {"pending_key": "1", "disabled_key": "1"}
	not violation.at_most
	disabled := _document({"key_state": "Disabled"})
	some other in policy.violations with input as disabled
	other.params == {"disabled_key": "1"}
	unavailable := _document({"key_state": "Unavailable"})
	some third in policy.violations with input as unavailable
	third.params == {}
}

test_the_severity_is_that_of_what_it_encrypts if {
	every case in [
		["mission-critical", set()],
		["business-critical", set()],
		["general", {"high"}],
		["non-production", {"low"}],
	] {
		volume := test.with_members(_orders, {"arn": "volume", "criticality": case[0]})
		least := test.with_members(_orders, {"criticality": "non-production"})
		document := _encrypting([least, volume], {"key_state": "Disabled"})
		{violation.at_most | some violation in policy.violations with input as document} == case[1]
		{violation.message | some violation in policy.violations with input as document} == {
			"1 is disabled and encrypts 2 resources",
		}
	}
}

test_satisfied_where_the_key_works if {
	document := _document({})
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_arn}
}

test_unknown_where_the_state_was_not_collected if {
	document := _document({"key_state": null})
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_unknown_where_it_was_not_seen_what_it_encrypts if {
	document := _idle({"key_state": "PendingDeletion"}, "denied")
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_not_applicable_to_what_encrypts_nothing if {
	_judged(_idle({"key_state": "PendingDeletion"}, "collected")) == set()
	_judged(_idle({}, "denied")) == set()
}
