# METADATA
# title: Database has no snapshot of the last month
# description: |
#   Automated backups reach back 35 days at most and go with the database when it is deleted. Damage that is noticed
#   later, or someone who deletes the database, leaves nothing, unless a snapshot outlives both.
#
#   Standalone instances are judged, and Aurora and Multi-AZ DB clusters that follow nothing. Snapshots that someone
#   made and backups in the vaults of AWS Backup count, in every Region that was scanned, by the age of the data in them;
#   what AWS Backup keeps to restore any point in time reaches back 35 days at most and does not. Without one, the
#   verdict is unknown where a listing of snapshots or of backups is missing, where only one Region was scanned, where a
#   schedule copies to an account or Region that was not scanned together with this one, and where a snapshot does not
#   say how old it is.
# scope: package
# related_resources:
# - description: Creating a DB snapshot for Amazon RDS
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CreateSnapshot.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: backup
#   scenarios: [deletion, ransom]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters]
#   parameters:
#     maximum_age:
#       default: 3024000
#       description: >-
#         Seconds within which the newest snapshot must have been made. The default is 35 days: a month, and four days
#         in which a monthly job may be late.
#   controls:
#     aws-well-architected: [REL09-BP03]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.4]
#     dora: [12(1)]
#     soc2: [A1.2]
#   practices: [monthly-snapshot]
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
#       one snapshot is made, and next month needs another; without a standby, the storage stands still for some seconds
#       to minutes
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
#     - --query=DBSnapshots[0].[Status,SnapshotCreateTime]
#     - --region={{region}}
#     cost: snapshot storage by GB and month, until the snapshot is deleted
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - create-db-cluster-snapshot
#     - --db-cluster-identifier={{name}}
#     - --db-cluster-snapshot-identifier={{params.snapshot}}
#     - --region={{region}}
#     effect: one snapshot is made, without an interruption, and next month needs another
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
#     - --query=DBClusterSnapshots[0].[Status,SnapshotCreateTime]
#     - --region={{region}}
#     cost: snapshot storage by GB and month, until the snapshot is deleted
#   since: 0.1.0
package hadr.rds.no_monthly_snapshot

import data.hadr.lib.backup
import data.hadr.lib.rds
import data.hadr.lib.rds.sources

_maximum_age := data.parameters["rds-no-monthly-snapshot"].maximum_age

_without_recent := [database |
	some database in sources
	not _has_recent(database.copies.newest)
]

subjects contains database.arn if {
	some database in sources
}

unknowns contains database.arn if {
	some database in _without_recent
	_could_have_recent(database)
}

violations contains violation if {
	some database in _without_recent
	not _could_have_recent(database)
	ages := [copy.age |
		some copy in database.copies.known
		copy.kind in {"aws_backup_snapshot", "manual_snapshot"}
	]
	violation := {
		"resource": database.arn,
		"message": _message(database, ages),
		"evidence": {"ages_of_snapshots": ages, "maximum_age": _maximum_age},
		"params": rds.snapshot_params(database, "monthly"),
	}
}

_has_recent(newest) if newest.manual_snapshot <= _maximum_age

_has_recent(newest) if newest.aws_backup_snapshot <= _maximum_age

_could_have_recent(database) if {
	some listing in database.copies.unseen
	listing.operation in {
		"backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault", "rds:DescribeDBClusterSnapshots",
		"rds:DescribeDBSnapshots",
	}
}

_could_have_recent(database) if backup.is_copied_out_of_sight(database)

_could_have_recent(database) if _has_recent(database.copies.at_best)

_message(database, ages) := sprintf("%s has no snapshot", [database.name]) if count(ages) == 0

_message(database, ages) := sprintf(
	"%s has no recent snapshot: the newest is %s old",
	[database.name, rds.words(rds.least(ages))],
) if {
	count(ages) > 0
}
