# METADATA
# title: Database has no recent copy outside its Region
# description: |
#   When the Region fails, the database cannot be brought back anywhere else before the Region returns, and what the
#   Region loses is lost.
#
#   Standalone instances are judged, and Aurora and Multi-AZ DB clusters that follow nothing. A replica or another
#   Region of a global cluster, replicated automated backups, snapshots and backups in a vault of AWS Backup count;
#   backups and snapshots only up to an age, for one that nobody renews is not a copy any more. Without a copy that
#   counts, the verdict is unknown where a listing that could hold one is missing, where only one Region was scanned,
#   where a schedule copies to an account or Region that was not scanned together with this one, and where the age of a
#   copy is not known. Regions left out of a scan of several are taken to hold nothing.
# scope: package
# related_resources:
# - description: Replicating automated backups to another AWS Region
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
# - description: Copying a DB cluster snapshot
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-copy-snapshot.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: high
#     non-production: none
#   concern: backup
#   scenarios: [region]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   exempt_environments: [disaster-recovery]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters]
#   parameters:
#     maximum_age:
#       default: 2678400
#       description: >-
#         Seconds after which a copy does not count any more; 31 days by default. Where the tier allows more data to be
#         lost, that is the limit.
#   controls:
#     aws-well-architected: [REL09-BP01, REL13-BP02]
#     nist-800-53: [CP-6, CP-6(1), CP-9(5)]
#     iso-22301: [8.3.4]
#     dora: [12(3)]
#     soc2: [A1.2]
#   practices:
#   - replica-in-another-region
#   - one-copy-off-site
#   - snapshot-copied-to-another-region
#   - data-outlives-its-region
#   - general-backup-and-restore
#   remediation:
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{params.unbacked_instance}}
#     - --backup-retention-period=35
#     - --no-apply-immediately
#     - --region={{region}}
#     effect: >-
#       the instance has no automated backups, which the next step needs: in the next maintenance window RDS takes the
#       first, and without a standby, the storage stands still for some seconds to minutes meanwhile
#     risk: disruptive
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{params.unbacked_instance}}
#     - --backup-retention-period=0
#     - --no-apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{params.unbacked_instance}}
#     - --query=DBInstances[0].[BackupRetentionPeriod,PendingModifiedValues,LatestRestorableTime]
#     - --region={{region}}
#     cost: backups beyond the size of the database are billed by GB and month
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - start-db-instance-automated-backups-replication
#     - --source-db-instance-arn={{params.encrypted_arn}}
#     - --backup-retention-period=14
#     - --kms-key-id={{inputs.dr_kms_key_arn}}
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       RDS copies snapshots and transaction logs to the other Region from now on; the instance must have automated
#       backups
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - stop-db-instance-automated-backups-replication
#     - --source-db-instance-arn={{arn}}
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instance-automated-backups
#     - --query=DBInstanceAutomatedBackups[].[DBInstanceArn,Status,RestoreWindow.LatestTime]
#     - --region={{inputs.dr_region}}
#     cost: transfer between Regions by GB, and backup storage in the other Region by GB and month
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - start-db-instance-automated-backups-replication
#     - --source-db-instance-arn={{params.plain_arn}}
#     - --backup-retention-period=14
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       RDS copies snapshots and transaction logs to the other Region from now on; the instance must have automated
#       backups
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - stop-db-instance-automated-backups-replication
#     - --source-db-instance-arn={{arn}}
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instance-automated-backups
#     - --query=DBInstanceAutomatedBackups[].[DBInstanceArn,Status,RestoreWindow.LatestTime]
#     - --region={{inputs.dr_region}}
#     cost: transfer between Regions by GB, and backup storage in the other Region by GB and month
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
#       the snapshot is copied once; a copy that renews itself needs a plan of AWS Backup or, for less loss, a global
#       cluster
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
#       the snapshot is copied once; a copy that renews itself needs a plan of AWS Backup or, for less loss, a global
#       cluster
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
package hadr.rds.no_copy_off_region

import data.hadr.lib.backup
import data.hadr.lib.rds
import data.hadr.lib.rds.confined
import data.hadr.lib.rds.sources

_unsaved := [database |
	some database in confined
	not _has_recent(database.copies.newest, database)
]

subjects contains database.arn if {
	some database in sources
}

unknowns contains database.arn if {
	some database in _unsaved
	_could_be_saved(database)
}

violations contains violation if {
	some database in _unsaved
	not _could_be_saved(database)
	ages := _ages(database)
	violation := {
		"resource": database.arn,
		"message": _message(database, ages),
		"evidence": {
			"region": database.region,
			"ages_of_copies_elsewhere": ages,
			"maximum_age": _maximum_age,
			"rpo": database.rpo.value,
		},
		"params": object.union(object.union(_snapshot(database), _source(database)), rds.unbacked(database)),
	}
}

_snapshot(database) := rds.snapshot_params(database, "off-region")

# A key is refused for what is not encrypted, and what is encrypted needs one of the other Region: the steps differ.
_source(database) := {
	"plain_arn": database.arn,
	"plain_snapshot_arn": _snapshot(database).snapshot_arn,
} if {
	database.attributes.storage_encrypted == false
} else := {
	"encrypted_arn": database.arn,
	"encrypted_snapshot_arn": _snapshot(database).snapshot_arn,
}

_maximum_age := data.parameters["rds-no-copy-off-region"].maximum_age

_has_recent(newest, _) if newest.off_region <= _maximum_age

_has_recent(newest, database) if newest.off_region <= database.rpo.value

_could_be_saved(database) if rds.elsewhere_unseen(database)

_could_be_saved(database) if backup.is_copied_off_region_out_of_sight(database)

_could_be_saved(database) if _has_recent(database.copies.at_best, database)

# Of copies in other Regions. All of them are too old.
_ages(database) := [copy.age |
	some copy in database.copies.known
	copy.off_region == true
]

_message(database, ages) := sprintf("%s has no copy outside %s", [database.name, database.region]) if count(ages) == 0

_message(database, ages) := sprintf(
	"%s has no recent copy outside %s: the newest is %s old",
	[database.name, database.region, rds.words(rds.least(ages))],
) if {
	count(ages) > 0
}
