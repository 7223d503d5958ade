# METADATA
# title: Key that encrypts data is disabled or about to be deleted
# description: |
#   What a key encrypts cannot be read without it: volumes do not attach, databases stop, and no backup that is encrypted
#   with it can be restored. Once the key is deleted, nothing brings the data back, copies with the same key included.
#
#   Keys are judged that encrypt something which was collected: databases, tables, volumes, file systems, buckets,
#   secrets, snapshots, vaults and backups, in any Region. One that is disabled, whose deletion is scheduled, whose key
#   store cannot be reached or whose imported material has expired is a violation. It is high at most where nothing of
#   what it encrypts is of a higher tier than general, and low where all of that is not production; the tags of the key
#   do not raise it. What encrypts nothing that was collected is not judged, as it may be on its way out for good
#   reasons.
#
#   The verdict is unknown for a key whose policy does not allow its state to be read. It also is for one in such a state
#   that nothing seen is encrypted with, where any of that could not be listed in its Region, where the encryption of a
#   bucket there could not be read, and where something there names its key by an alias: which key that is, is not
#   collected.
# scope: package
# related_resources:
# - description: Deleting AWS KMS keys
#   ref: https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
# - description: Key states of AWS KMS keys
#   ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: critical
#     general: critical
#     non-production: low
#   concern: protection
#   scenarios: [deletion, ransom, region]
#   resource_types: [AWS::KMS::Key]
#   requires: [kms:ListKeys, kms:DescribeKey]
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-config: [kms-cmk-not-scheduled-for-deletion]
#     aws-security-hub: [KMS.3]
#     nist-800-53: [CP-9]
#     dora: [9(3)]
#     soc2: [A1.2]
#   practices: [replica-encrypted, copies-encrypted-with-usable-key]
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
#   since: 0.1.0
package hadr.kms.key_pending_deletion

_in_use := [key |
	some key in input.resources["AWS::KMS::Key"]
	input.relations.encrypts[key.arn]
]

_states := {
	"Disabled": "is disabled",
	"PendingDeletion": "is about to be deleted",
	"PendingImport": "has lost its material",
	"PendingReplicaDeletion": "is about to be deleted",
	"Unavailable": "cannot be reached",
}

# What it encrypts may not have been seen.
_perhaps_in_use := [key |
	some key in input.resources["AWS::KMS::Key"]
	_states[key.attributes.key_state]
	not input.relations.encrypts[key.arn]
	_is_use_hidden(key)
]

_is_use_hidden(key) if {
	some operation in [
		"backup:ListBackupVaults", "dynamodb:ListTables", "ec2:DescribeSnapshots", "ec2:DescribeVolumes",
		"elasticfilesystem:DescribeFileSystems", "rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots",
		"rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "secretsmanager:ListSecrets",
	]
	not input.coverage[operation][key.region] in {"collected", "region_disabled"}
}

_is_use_hidden(_) if not input.coverage["s3:ListBuckets"].global == "collected"

_is_use_hidden(key) if {
	some bucket in input.resources["AWS::S3::Bucket"]
	bucket.attributes.encryption == null
	bucket.region in {key.region, "global"}
}

_is_use_hidden(key) if {
	some place in [[key.account, key.region], [key.account, "global"]]
	place in _aliased
}

# Accounts and Regions in which something names its key by an alias.
_aliased contains place if {
	some arn, names in input.relations.encrypted_by
	some name in names
	contains(name, "alias/")
	not contains(name, "alias/aws/")
	place := _place(input.by_arn[arn], split(name, ":"))
}

_place(_, parts) := [parts[4], parts[3]] if count(parts) > 4

_place(resource, parts) := [resource.account, resource.region] if count(parts) == 1

subjects contains key.arn if {
	some key in _in_use
}

subjects contains key.arn if {
	some key in _perhaps_in_use
}

unknowns contains key.arn if {
	some key in _perhaps_in_use
}

unknowns contains key.arn if {
	some key in _in_use
	key.attributes.key_state == null
}

violations contains violation if {
	some key in _in_use
	state := key.attributes.key_state
	words := _states[state]
	encrypted := input.relations.encrypts[key.arn]
	violation := object.union(_bound(encrypted), {
		"resource": key.arn,
		"message": sprintf("%s %s and encrypts %s", [key.name, words, _number(encrypted)]),
		"evidence": {
			"key_state": state,
			"deletion_date": key.attributes.deletion_date,
			"encrypts": array.slice([arn | some arn in encrypted], 0, 10),
			"number_of_resources": count(encrypted),
		},
		"params": _params(state, key.name),
	})
}

_number(encrypted) := sprintf("%d resources", [count(encrypted)]) if count(encrypted) > 1

_number(encrypted) := _names(encrypted)[0] if count(encrypted) == 1

_names(encrypted) := [input.by_arn[arn].name | some arn in encrypted]

_bound(encrypted) := {} if {
	_is_any_of(encrypted, {"mission-critical", "business-critical"})
} else := {"at_most": "high"} if {
	_is_any_of(encrypted, {"general"})
} else := {"at_most": "low"}

_is_any_of(encrypted, criticalities) if {
	some arn in encrypted
	input.by_arn[arn].criticality in criticalities
}

_params(state, key) := {"pending_key": key, "disabled_key": key} if {
	state in {"PendingDeletion", "PendingReplicaDeletion"}
} else := {"disabled_key": key} if {
	state == "Disabled"
} else := {}
