package hadr.backup.key_unusable_test

import data.hadr.backup.key_unusable as policy
import data.hadr.lib.test_backup

_arn := test_backup.vault_arn("main")

_vault := test_backup.vault(_arn, {})

_key := test_backup.key_arn("1")

_foreign_key := "arn:aws:kms:eu-west-1:210987654321:key/9"

_with_key(settings) := test_backup.input_with([_vault, test_backup.key("1", settings)], {})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_violated_by_the_key_of_the_vault if {
	every state, words in {
		"Disabled": "is disabled",
		"PendingDeletion": "is about to be deleted",
		"PendingImport": "has lost its material",
		"PendingReplicaDeletion": "is about to be deleted",
		"Unavailable": "cannot be reached",
	} {
		document := _with_key({"key_state": state})
		_violated(document) == {_arn}
		_messages(document) == {sprintf("main holds backups with the key 1, which %s", [words])}
	}
}

test_evidence_and_steps_by_state if {
	pending := _with_key({"key_state": "PendingDeletion", "deletion_date": "2026-12-01T00:00:00Z"})
	some violation in policy.violations with input as pending
	violation.evidence == {
		"key": _key,
		"key_state": "PendingDeletion",
		"deletion_date": "2026-12-01T00:00:00Z",
	}
	violation.params == {"pending_key": _key, "disabled_key": _key}
	violation.discriminator == _key
	disabled := _with_key({"key_state": "Disabled"})
	some other in policy.violations with input as disabled
	other.params == {"disabled_key": _key}
}

test_violated_by_the_key_of_a_backup if {
	vault := test_backup.vault_with(_arn, [test_backup.held({"encryption_key_arn": test_backup.key_arn("2")})])
	document := test_backup.input_with(
		[vault, test_backup.key("1", {}), test_backup.key("2", {"key_state": "Disabled"})],
		{},
	)
	_messages(document) == {"main holds backups with the key 2, which is disabled"}
}

test_violated_by_a_key_that_is_gone if {
	document := test_backup.input_with([_vault], {})
	_messages(document) == {"main holds backups with the key 1, which was deleted"}
	_violated(document) == {_arn}
}

test_violated_by_a_key_of_another_region if {
	far := "arn:aws:kms:eu-central-1:123456789012:key/3"
	key := object.union(test_backup.key("3", {}), {"arn": far, "region": "eu-central-1"})
	document := test_backup.input_with([test_backup.vault(_arn, {"encryption_key_arn": far}), key], {})
	_messages(document) == {"main is encrypted with a key of eu-central-1"}
}

test_backups_without_encryption_are_less_bad if {
	open := test_backup.held({"is_encrypted": false, "encryption_key_arn": null})
	document := test_backup.input_with([test_backup.vault_with(_arn, [open]), test_backup.key("1", {})], {})
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.message == "main holds backups of RDS that are not encrypted"
	violation.at_most == "low"
	violation.params == {"unencrypted_in": "main"}
}

test_satisfied_where_the_keys_work if {
	vault := test_backup.vault_with(_arn, [test_backup.held({})])
	document := test_backup.input_with([vault, test_backup.key("1", {})], {})
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_arn}
}

test_keys_of_air_gapped_vaults_belong_to_aws if {
	settings := {"vault_type": "LOGICALLY_AIR_GAPPED_BACKUP_VAULT", "encryption_key_arn": _foreign_key}
	document := test_backup.input_with([test_backup.vault(_arn, settings)], {})
	_violated(document) == set()
	_unknown(document) == set()
}

test_unknown_where_a_key_was_not_described if {
	document := _with_key({"key_state": null})
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_unknown_where_keys_were_not_listed if {
	denied := {"coverage": {"kms:ListKeys": {"eu-west-1": "denied"}}}
	document := test_backup.input_with([_vault], denied)
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_unknown_where_the_key_is_in_another_account if {
	document := test_backup.input_with([test_backup.vault(_arn, {"encryption_key_arn": _foreign_key})], {})
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_not_applicable_to_what_holds_nothing if {
	document := test_backup.input_with([test_backup.vault(_arn, {"number_of_recovery_points": 0})], {})
	_judged(document) == set()
	_violated(document) == set()
}
