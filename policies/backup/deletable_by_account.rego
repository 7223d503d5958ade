# METADATA
# title: An administrator of the account can delete all copies
# description: |
#   Whoever takes over the account, or a program that errs with its rights, deletes the backups first and the data next.
#   Where every copy obeys the account, nothing is left to restore from.
#
#   Databases that follow no other, tables, volumes in use, buckets and file systems are judged whose data is
#   authoritative. A copy counts that is not older than `maximum_age` and lies in another account, in a logically
#   air-gapped vault, or in a vault whose lock nobody can remove any more: one in compliance mode, whose grace time is
#   over. A lock in governance mode can be removed by those who may. For buckets an object lock in compliance mode
#   counts as well, of the bucket or of one that it is replicated to. That somebody schedules the deletion of the key of
#   a vault is not followed here; a key that is about to be deleted is what `kms-key-pending-deletion` is about.
#
#   The verdict is unknown where a vault or its backups could not be listed, where only one Region was scanned, where a
#   schedule copies to another account, or a bucket is replicated to one, that was not scanned together with this one,
#   and where it is not known whether a vault or a bucket is locked.
# scope: package
# related_resources:
# - description: AWS Backup Vault Lock
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
# - description: Logically air-gapped vault
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: protection
#   scenarios: [ransom]
#   resource_types:
#   - AWS::RDS::DBInstance
#   - AWS::RDS::DBCluster
#   - AWS::DocDB::DBCluster
#   - AWS::Neptune::DBCluster
#   - AWS::DynamoDB::Table
#   - AWS::EC2::Volume
#   - AWS::EFS::FileSystem
#   - AWS::S3::Bucket
#   requires: [backup:ListBackupVaults]
#   parameters:
#     maximum_age:
#       default: 2678400
#       description: Seconds after which a copy does not count any more; 31 days by default.
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-config: [backup-recovery-point-manual-deletion-disabled]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.5]
#     dora: [12(3)]
#     soc2: [A1.2]
#   practices: [backups-survive-compromise]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{region}}
#     effect: >-
#       the bucket keeps versions from now on, without which AWS Backup makes no backups of it; they are billed until a
#       lifecycle rule expires them
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --versioning-configuration=Status=Suspended
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --region={{region}}
#     cost: storage of the versions that are no longer current
#   - argv:
#     - aws
#     - backup
#     - create-logically-air-gapped-backup-vault
#     - --backup-vault-name={{choose.air_gapped_vault}}
#     - --min-retention-days=7
#     - --max-retention-days=35
#     - --region={{region}}
#     effect: >-
#       either a vault that nobody can delete backups from before their time; its least and most days can never be
#       changed. The rules of the plans have to copy there, for between 7 and 35 days
#     risk: review
#     undo:
#     - aws
#     - backup
#     - delete-backup-vault
#     - --backup-vault-name={{choose.air_gapped_vault}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-backup-vaults
#     - --query=BackupVaultList[].[BackupVaultName,VaultType,VaultState]
#     - --region={{region}}
#     cost: storage of the copies in it, by GB and month, for at least the 7 days
#   - argv:
#     - aws
#     - backup
#     - put-backup-vault-lock-configuration
#     - --backup-vault-name={{params.vault}}
#     - --changeable-for-days=3
#     - --cli-input-json={{params.lock}}
#     - --region={{region}}
#     effect: >-
#       or, instead of such a vault, a lock on the one that there is: in three days it is for ever, backups in the vault
#       stay until their time is over, nobody can shorten that, not even the root user, and rules that keep backups
#       there for less than its least days, 7 or more, fail. The way back takes off a lock that was there before as well
#     risk: irreversible
#     undo:
#     - aws
#     - backup
#     - delete-backup-vault-lock-configuration
#     - --backup-vault-name={{params.vault}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-backup-vaults
#     - --query=BackupVaultList[].[BackupVaultName,Locked,LockDate]
#     - --region={{region}}
#     cost: storage of every backup in the vault, for as long as it is kept
#   since: 0.1.0
package hadr.backup.deletable_by_account

import data.hadr.lib.backup
import data.hadr.lib.backup.holders

_maximum_age := data.parameters["backup-deletable-by-account"].maximum_age

# What nothing keeps for sure, and whether something may.
_deletable := [found |
	some resource in holders
	not _survives(resource)
	found := {"resource": resource, "may_survive": _may_survive(resource)}
]

subjects contains resource.arn if {
	some resource in holders
}

unknowns contains found.resource.arn if {
	some found in _deletable
	found.may_survive == true
}

violations contains violation if {
	some found in _deletable
	found.may_survive == false
	resource := found.resource
	vaults := {copy.vault |
		some copy in resource.copies.known
		is_string(copy.vault)
	}
	violation := {
		"resource": resource.arn,
		"message": sprintf("%s has no copy that an administrator of the account could not delete", [resource.name]),
		"evidence": {
			"copies": count(object.get(resource, ["copies", "known"], [])),
			"vaults": [_vault(vault) | some vault in vaults],
			"maximum_age": _maximum_age,
		},
		"params": object.union(_lock(_nearest(resource, vaults)), backup.unversioned_params(resource)),
	}
}

_vault(arn) := {
	"arn": arn,
	"vault_type": input.by_arn[arn].attributes.vault_type,
	"locked": input.by_arn[arn].attributes.locked,
	"lock_date": input.by_arn[arn].attributes.lock_date,
}

# A lock that is there already asks for as many days as before, and allows no more than it did.
_lock(vault) := {"vault": backup.name_of(vault), "lock": object.union(_least(bounds), _most(bounds))} if {
	is_string(vault)
	bounds := object.get(input.by_arn, [vault, "attributes"], {})
} else := {"vault": null, "lock": {"MinRetentionDays": _days}}

# The least that a logically air-gapped vault asks for, too.
_days := 7

_least(bounds) := {"MinRetentionDays": bounds.min_retention_days} if {
	is_number(bounds.min_retention_days)
	bounds.min_retention_days > _days
} else := {"MinRetentionDays": _days}

_most(bounds) := {"MaxRetentionDays": bounds.max_retention_days} if {
	is_number(bounds.max_retention_days)
} else := {}

# A vault in the Region of the resource, `null` if it has backups in none.
_nearest(resource, vaults) := near[0] if {
	near := [vault | some vault in vaults; split(vault, ":")[3] == resource.region]
	count(near) > 0
} else := null

_survives(resource) if resource.copies.newest.out_of_reach[1] <= _maximum_age

_may_survive(resource) if {
	count(resource.copies.unseen) > 0
} else if {
	backup.is_copied_off_account_out_of_sight(resource)
} else if {
	resource.copies.at_best.out_of_reach[1] <= _maximum_age
} else if {
	resource.type == "AWS::S3::Bucket"
	resource.attributes.replication == null
} else := false
