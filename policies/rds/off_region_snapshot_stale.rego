# METADATA
# title: Newest snapshot in another Region is older than the recovery point objective
# description: |
#   When the Region fails, the database comes back as it was when the newest snapshot elsewhere was taken; what was
#   written since is lost, and that is more than the tier allows. A monthly copy loses up to a month.
#
#   Only databases whose one way out of the Region is a snapshot are judged: a replica, a global cluster or replicated
#   automated backups lose less and make the age of snapshots unimportant, and having no copy at all is what
#   `rds-no-copy-off-region` is about. Backups in a vault of AWS Backup are snapshots here. The verdict is unknown
#   where a listing that could hold a newer snapshot or another way is missing, where a schedule copies to an account or
#   Region that was not scanned together with this one, and where the age of a snapshot is not known.
# scope: package
# related_resources:
# - description: Copying a DB snapshot for Amazon RDS
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html
# - description: Replicating automated backups to another AWS Region
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [region]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   exempt_environments: [disaster-recovery]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL09-BP03, REL13-BP02]
#     nist-800-53: [CP-6(2), CP-9(5)]
#     iso-22301: [8.3.5]
#     dora: [12(1)]
#     soc2: [A1.2]
#   practices: [snapshot-copied-to-another-region]
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
#     - --source-db-snapshot-identifier={{params.encrypted_snapshot_arn}}
#     - --target-db-snapshot-identifier={{params.snapshot}}
#     - --kms-key-id={{inputs.dr_kms_key_arn}}
#     - --copy-tags
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the snapshot is copied once, and soon is as old as the one before; replicated automated backups renew themselves
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-snapshot
#     - --db-snapshot-identifier={{params.snapshot}}
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-snapshots
#     - --db-snapshot-identifier={{params.snapshot}}
#     - --query=DBSnapshots[0].[Status,PercentProgress]
#     - --region={{inputs.dr_region}}
#     cost: transfer between Regions by GB, and snapshot storage in the other Region by GB and month
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - copy-db-snapshot
#     - --source-db-snapshot-identifier={{params.plain_snapshot_arn}}
#     - --target-db-snapshot-identifier={{params.snapshot}}
#     - --copy-tags
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the snapshot is copied once, and soon is as old as the one before; replicated automated backups renew themselves
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-snapshot
#     - --db-snapshot-identifier={{params.snapshot}}
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-snapshots
#     - --db-snapshot-identifier={{params.snapshot}}
#     - --query=DBSnapshots[0].[Status,PercentProgress]
#     - --region={{inputs.dr_region}}
#     cost: transfer between Regions by GB, and snapshot storage in the other Region by GB and month
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
#     - --source-db-cluster-snapshot-identifier={{params.encrypted_snapshot_arn}}
#     - --target-db-cluster-snapshot-identifier={{params.snapshot}}
#     - --kms-key-id={{inputs.dr_kms_key_arn}}
#     - --copy-tags
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the snapshot is copied once, and soon is as old as the one before; a plan of AWS Backup or a global cluster
#       renews itself
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-cluster-snapshot
#     - --db-cluster-snapshot-identifier={{params.snapshot}}
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-cluster-snapshots
#     - --db-cluster-snapshot-identifier={{params.snapshot}}
#     - --query=DBClusterSnapshots[0].[Status,PercentProgress]
#     - --region={{inputs.dr_region}}
#     cost: transfer between Regions by GB, and snapshot storage in the other Region by GB and month
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - copy-db-cluster-snapshot
#     - --source-db-cluster-snapshot-identifier={{params.plain_snapshot_arn}}
#     - --target-db-cluster-snapshot-identifier={{params.snapshot}}
#     - --copy-tags
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the snapshot is copied once, and soon is as old as the one before; a plan of AWS Backup or a global cluster
#       renews itself
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-cluster-snapshot
#     - --db-cluster-snapshot-identifier={{params.snapshot}}
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-cluster-snapshots
#     - --db-cluster-snapshot-identifier={{params.snapshot}}
#     - --query=DBClusterSnapshots[0].[Status,PercentProgress]
#     - --region={{inputs.dr_region}}
#     cost: transfer between Regions by GB, and snapshot storage in the other Region by GB and month
#   since: 0.1.0
package hadr.rds.off_region_snapshot_stale

import data.hadr.lib.backup
import data.hadr.lib.rds
import data.hadr.lib.rds.confined

_databases := [database |
	some database in confined
	not rds.backups_replicated(database)
	_may_have_snapshots(database)
]

_may_have_snapshots(database) if {
	some copy in database.copies.known
	_elsewhere(copy)
}

_may_have_snapshots(database) if rds.elsewhere_unseen(database)

_elsewhere(copy) if {
	copy.kind in {"aws_backup_snapshot", "manual_snapshot"}
	copy.off_region == true
}

_stale := [database |
	some database in _databases
	not _fresh(database)
]

subjects contains database.arn if {
	some database in _databases
}

unknowns contains database.arn if {
	some database in _stale
	_could_be_fresh(database)
}

violations contains violation if {
	some database in _stale
	not _could_be_fresh(database)
	age := rds.least([copy.age | some copy in database.copies.known; _elsewhere(copy)])
	rpo := database.rpo.value
	violation := {
		"resource": database.arn,
		"message": sprintf(
			"%s would lose %s with its Region, and its objective allows %s",
			[database.name, rds.words(age), rds.words(rpo)],
		),
		"evidence": {"newest_snapshot_elsewhere_age": age, "rpo": rpo},
		"params": _params(database),
	}
}

# A key is refused for clusters that are not encrypted, and what is encrypted needs one of the other Region.
_params(database) := {"snapshot": names.snapshot, "plain_snapshot_arn": names.snapshot_arn} if {
	database.attributes.storage_encrypted == false
	names := rds.snapshot_params(database, "renewed")
} else := {"snapshot": names.snapshot, "encrypted_snapshot_arn": names.snapshot_arn} if {
	names := rds.snapshot_params(database, "renewed")
}

_fresh(database) if {
	some copy in database.copies.known
	_elsewhere(copy)
	copy.age != null
	copy.age <= database.rpo.value
}

_could_be_fresh(database) if rds.elsewhere_unseen(database)

_could_be_fresh(database) if backup.is_copied_off_region_out_of_sight(database)

_could_be_fresh(database) if {
	some copy in database.copies.known
	_elsewhere(copy)
	copy.age == null
}
