# METADATA
# title: Key managed by AWS keeps snapshots in the account
# description: |
#   A snapshot that is encrypted with the key that AWS manages for RDS can be neither shared with nor copied to another
#   account, because nobody can change the policy of that key. Someone with the credentials of the account then reaches
#   the database and every backup of it.
#
#   Encrypted standalone instances are judged, and encrypted Aurora and Multi-AZ DB clusters that follow nothing; what
#   is not encrypted has no key in the way. KMS tells who manages a key. Where it was not asked or did not say, the ARN of
#   the key may: an alias below `alias/aws/` is a key of AWS; any other alias, a key of another account and a
#   multi-Region key are not. The verdict is unknown where neither tells.
# scope: package
# related_resources:
# - description: Sharing encrypted snapshots for Amazon RDS
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html
# - description: AWS managed keys
#   ref: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: none
#     non-production: none
#   concern: backup
#   scenarios: [ransom]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL09-BP02]
#     nist-800-53: [CP-9]
#     dora: [12(3)]
#     soc2: [A1.2]
#   practices: [replica-encrypted, copies-encrypted-with-usable-key]
#   remediation:
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - create-db-snapshot
#     - --db-instance-identifier={{name}}
#     - --db-snapshot-identifier={{params.snapshot}}
#     - --region={{region}}
#     effect: >-
#       a snapshot is made; without a standby, the storage stands still for some seconds to minutes. The next step needs
#       it to be available, which `verify` shows
#     risk: review
#     undo:
#     - aws
#     - rds
#     - delete-db-snapshot
#     - --db-snapshot-identifier={{params.snapshot}}
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-snapshots
#     - --db-snapshot-identifier={{params.snapshot}}
#     - --query=DBSnapshots[0].Status
#     - --region={{region}}
#     cost: snapshot storage by GB and month
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - copy-db-snapshot
#     - --source-db-snapshot-identifier={{params.snapshot}}
#     - --target-db-snapshot-identifier={{params.snapshot}}-rekeyed
#     - --kms-key-id={{inputs.kms_key_arn}}
#     - --copy-tags
#     - --region={{region}}
#     effect: >-
#       the copy has a key of yours and can be shared. The database keeps its key until it is restored from such a copy,
#       which gives it a new address
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-snapshot
#     - --db-snapshot-identifier={{params.snapshot}}-rekeyed
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-snapshots
#     - --db-snapshot-identifier={{params.snapshot}}-rekeyed
#     - --query=DBSnapshots[0].[Status,KmsKeyId]
#     - --region={{region}}
#     cost: snapshot storage by GB and month, and the key by month
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - create-db-cluster-snapshot
#     - --db-cluster-identifier={{name}}
#     - --db-cluster-snapshot-identifier={{params.snapshot}}
#     - --region={{region}}
#     effect: a snapshot is made; the next step needs it to be available, which `verify` shows
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-cluster-snapshot
#     - --db-cluster-snapshot-identifier={{params.snapshot}}
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-cluster-snapshots
#     - --db-cluster-snapshot-identifier={{params.snapshot}}
#     - --query=DBClusterSnapshots[0].Status
#     - --region={{region}}
#     cost: snapshot storage by GB and month
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - copy-db-cluster-snapshot
#     - --source-db-cluster-snapshot-identifier={{params.snapshot}}
#     - --target-db-cluster-snapshot-identifier={{params.snapshot}}-rekeyed
#     - --kms-key-id={{inputs.kms_key_arn}}
#     - --copy-tags
#     - --region={{region}}
#     effect: >-
#       the copy has a key of yours and can be shared. The database keeps its key until it is restored from such a copy,
#       which gives it a new address
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-cluster-snapshot
#     - --db-cluster-snapshot-identifier={{params.snapshot}}-rekeyed
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-cluster-snapshots
#     - --db-cluster-snapshot-identifier={{params.snapshot}}-rekeyed
#     - --query=DBClusterSnapshots[0].[Status,KmsKeyId]
#     - --region={{region}}
#     cost: snapshot storage by GB and month, and the key by month
#   since: 0.1.0
package hadr.rds.aws_managed_key_blocks_copy

import data.hadr.lib.rds
import data.hadr.lib.rds.sources

# Databases that are encrypted, with who manages their key, as far as is known.
_encrypted := [{"database": database, "manager": _manager(database.attributes.kms_key_id)} |
	some database in sources
	database.attributes.storage_encrypted != false
]

_manager(key) := null if {
	not is_string(key)
} else := "AWS" if {
	_is_of_aws(key)
} else := "CUSTOMER" if {
	_is_of_customer(key)
} else := null

subjects contains found.database.arn if {
	some found in _encrypted
}

unknowns contains found.database.arn if {
	some found in _encrypted
	found.manager == null
}

violations contains violation if {
	some found in _encrypted

	# Nothing has a key that is not encrypted, even where the API does not say so.
	found.manager == "AWS"
	database := found.database
	violation := {
		"resource": database.arn,
		"message": sprintf("%s is encrypted with a key that AWS manages", [database.name]),
		"evidence": {"kms_key_id": database.attributes.kms_key_id},
		"params": rds.snapshot_params(database, "own-key"),
	}
}

_is_of_aws(key) if input.by_arn[key].attributes.key_manager == "AWS"

# Aliases that start so are reserved for keys of AWS.
_is_of_aws(key) if startswith(_alias(key), "aws/")

_is_of_customer(key) if input.by_arn[key].attributes.key_manager == "CUSTOMER"

# Other aliases cannot be given to them.
_is_of_customer(key) if {
	alias := _alias(key)
	is_string(alias)
	not startswith(alias, "aws/")
}

# They lie in the account that uses them.
_is_of_customer(key) if split(key, ":")[4] != split(input.account.arn, ":")[4]

# They are never multi-Region keys, whose ids start so.
_is_of_customer(key) if contains(key, ":key/mrk-")

_alias(key) := split(key, "alias/")[1]
