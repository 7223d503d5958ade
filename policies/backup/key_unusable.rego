# METADATA
# title: Backups in the vault cannot be decrypted, or are not encrypted
# description: |
#   A backup whose key is disabled or gone cannot be restored, and neither can a copy of it be made. Once the key is
#   deleted, nothing brings the data back. It is found out in the restore.
#
#   Vaults that hold backups are judged by their own key and by the keys of the newest backups of each resource in
#   them, which for databases, volumes and file systems are those of the resource. A key of this account that is not
#   among the keys of its Region was deleted. A key in another Region than the vault is not there when that Region is
#   not. Backups without encryption can be restored; they are reported with a low severity, as they cannot be copied
#   everywhere and everyone who gets them can read them.
#
#   The verdict is unknown where the state of a key was not collected, where keys of its Region could not be listed,
#   and for keys of accounts that were not scanned together with this one. The keys of logically air-gapped vaults
#   belong to AWS and are not judged.
# scope: package
# related_resources:
# - description: Encryption for backups in AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html
# - description: Key states of AWS KMS keys
#   ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: backup
#   scenarios: [region, deletion]
#   resource_types: [AWS::Backup::BackupVault]
#   requires: [backup:ListBackupVaults, backup:ListRecoveryPointsByBackupVault, kms:ListKeys]
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-config: [backup-recovery-point-encrypted]
#     aws-security-hub: [Backup.1]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.5]
#     dora: [12(2)]
#     soc2: [A1.2]
#   practices: [copies-encrypted-with-usable-key]
#   remediation:
#   - argv:
#     - aws
#     - kms
#     - cancel-key-deletion
#     - --key-id={{params.pending_key}}
#     - --region={{region}}
#     effect: the key is not deleted; it is disabled until the next step
#     risk: safe
#     undo:
#     - aws
#     - kms
#     - schedule-key-deletion
#     - --key-id={{params.pending_key}}
#     - --pending-window-in-days=30
#     - --region={{region}}
#     verify:
#     - aws
#     - kms
#     - describe-key
#     - --key-id={{params.pending_key}}
#     - --query=KeyMetadata.[KeyState,DeletionDate]
#     - --region={{region}}
#     cost: a charge for the key and month
#   - argv:
#     - aws
#     - kms
#     - enable-key
#     - --key-id={{params.disabled_key}}
#     - --region={{region}}
#     effect: everyone whom the policy of the key allows it can use it again
#     risk: review
#     undo:
#     - aws
#     - kms
#     - disable-key
#     - --key-id={{params.disabled_key}}
#     - --region={{region}}
#     verify:
#     - aws
#     - kms
#     - describe-key
#     - --key-id={{params.disabled_key}}
#     - --query=KeyMetadata.KeyState
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - backup
#     - start-copy-job
#     - --recovery-point-arn={{choose.recovery_point_arn}}
#     - --source-backup-vault-name={{params.unencrypted_in}}
#     - --destination-backup-vault-arn={{choose.destination_vault_arn}}
#     - --iam-role-arn={{inputs.backup_role_arn}}
#     - --region={{region}}
#     effect: >-
#       a copy in another vault, encrypted with the key of that vault; copies of clusters of Aurora, DocumentDB and Neptune
#       stay as they are. What is not encrypted itself has backups that are not, so that the resource has to be set up
#       anew with encryption
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-recovery-point
#     - --backup-vault-name={{choose.destination_vault}}
#     - --recovery-point-arn={{choose.copy_arn}}
#     - --region={{choose.destination_region}}
#     verify:
#     - aws
#     - backup
#     - list-copy-jobs
#     - --query=CopyJobs[].[CopyJobId,State,StatusMessage]
#     - --region={{region}}
#     cost: backup storage by GB and month, and transfer by GB where the vault is in another Region
#   since: 0.1.0
package hadr.backup.key_unusable

_vaults := [vault |
	some vault in input.resources["AWS::Backup::BackupVault"]
	vault.attributes.number_of_recovery_points != 0
]

# Vaults with the keys of what they hold.
_uses := {[vault.arn, vault.attributes.encryption_key_arn] |
	some vault in _vaults
	_is_key(vault.attributes.encryption_key_arn)
} | {[vault.arn, held.encryption_key_arn] |
	some vault in _vaults
	some held in vault.holds
	_is_key(held.encryption_key_arn)
}

# Nothing says which key an alias is.
_is_key(arn) if {
	is_string(arn)
	contains(arn, ":key/")
}

subjects contains vault.arn if {
	some vault in _vaults
}

unknowns contains use[0] if {
	some use in _uses
	_is_unknown(input.by_arn[use[0]], use[1])
}

_is_unknown(_, key) if input.by_arn[key].attributes.key_state == null

_is_unknown(vault, key) if {
	not input.by_arn[key]
	_account(key) == vault.account
	not _is_listed(key)
}

_is_unknown(vault, key) if {
	not input.by_arn[key]
	_account(key) != vault.account
	vault.attributes.vault_type != "LOGICALLY_AIR_GAPPED_BACKUP_VAULT"
}

_is_listed(key) if input.coverage["kms:ListKeys"][_region(key)] == "collected"

_region(arn) := split(arn, ":")[3]

_account(arn) := split(arn, ":")[4]

_states := {
	"Disabled": "is disabled",
	"PendingDeletion": "is about to be deleted",
	"PendingImport": "has lost its material",
	"PendingReplicaDeletion": "is about to be deleted",
	"Unavailable": "cannot be reached",
}

violations contains violation if {
	some use in _uses
	state := input.by_arn[use[1]].attributes.key_state
	vault := input.by_arn[use[0]]
	words := _states[state]
	violation := {
		"resource": vault.arn,
		"message": sprintf("%s holds backups with the key %s, which %s", [vault.name, _id(use[1]), words]),
		"evidence": {
			"key": use[1],
			"key_state": state,
			"deletion_date": input.by_arn[use[1]].attributes.deletion_date,
		},
		"params": _params(state, use[1]),
		"discriminator": use[1],
	}
}

violations contains violation if {
	some use in _uses
	vault := input.by_arn[use[0]]
	not input.by_arn[use[1]]
	_account(use[1]) == vault.account
	_is_listed(use[1])
	violation := {
		"resource": vault.arn,
		"message": sprintf("%s holds backups with the key %s, which was deleted", [vault.name, _id(use[1])]),
		"evidence": {"key": use[1], "key_state": null, "deletion_date": null},
		"discriminator": use[1],
	}
}

violations contains violation if {
	some vault in _vaults
	key := vault.attributes.encryption_key_arn
	_is_key(key)
	_region(key) != vault.region
	violation := {
		"resource": vault.arn,
		"message": sprintf("%s is encrypted with a key of %s", [vault.name, _region(key)]),
		"evidence": {"key": key, "region": vault.region},
		"discriminator": "region of the key",
	}
}

violations contains violation if {
	some entry in _unencrypted
	vault := input.by_arn[entry[0]]
	violation := {
		"resource": vault.arn,
		"message": sprintf("%s holds backups of %s that are not encrypted", [vault.name, entry[1]]),
		"evidence": {"resource_type": entry[1], "is_encrypted": false},
		"params": {"unencrypted_in": vault.name},
		"discriminator": concat(" ", ["unencrypted", entry[1]]),
		"at_most": "low",
	}
}

# Vaults with the types of what is not encrypted in them.
_unencrypted := {[vault.arn, held.resource_type] |
	some vault in _vaults
	some held in vault.holds
	held.is_encrypted == false
}

_id(key) := split(key, "/")[1]

_params(state, key) := {"pending_key": key, "disabled_key": key} if {
	state in {"PendingDeletion", "PendingReplicaDeletion"}
} else := {"disabled_key": key} if {
	state == "Disabled"
} else := {}
