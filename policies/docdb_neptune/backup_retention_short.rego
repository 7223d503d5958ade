# METADATA
# title: DocumentDB or Neptune cluster keeps its backups for too short a time
# description: |
#   Damage that is noticed after the last backup has expired cannot be undone. The default of one day does not outlast
#   a weekend.
#
#   DocumentDB and Neptune clusters are judged by the retention of their automated backups, since only those can be
#   restored to any second; snapshots and what AWS Backup keeps do not count for it. A cluster whose retention the API
#   did not give stays unknown.
# scope: package
# related_resources:
# - description: Backing up and restoring in Amazon DocumentDB
#   ref: https://docs.aws.amazon.com/documentdb/latest/developerguide/backup_restore.html
# - description: Backing up and restoring an Amazon Neptune DB cluster
#   ref: https://docs.aws.amazon.com/neptune/latest/userguide/backup-restore.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: backup
#   scenarios: [deletion]
#   resource_types: [AWS::DocDB::DBCluster, AWS::Neptune::DBCluster]
#   requires: [rds:DescribeDBClusters]
#   parameters:
#     minimum_days:
#       default: 7
#       description: Days that automated backups have to be kept; the services allow 1 to 35.
#   controls:
#     aws-well-architected: [REL09-BP03]
#     aws-config: [docdb-cluster-backup-retention-check, neptune-cluster-backup-retention-check]
#     aws-security-hub: [DocumentDB.2, Neptune.5]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.4]
#     dora: [12(1)]
#     soc2: [A1.2]
#   control_types:
#     docdb-cluster-backup-retention-check: [AWS::DocDB::DBCluster]
#     neptune-cluster-backup-retention-check: [AWS::Neptune::DBCluster]
#     DocumentDB.2: [AWS::DocDB::DBCluster]
#     Neptune.5: [AWS::Neptune::DBCluster]
#   practices: [document-and-graph-databases-redundant]
#   remediation:
#   - resource_types: [AWS::DocDB::DBCluster]
#     argv:
#     - aws
#     - docdb
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --backup-retention-period={{params.minimum_days}}
#     - --region={{region}}
#     effect: backups are kept longer from now on; those that have expired do not come back
#     risk: safe
#     undo:
#     - aws
#     - docdb
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --backup-retention-period={{params.current_days}}
#     - --region={{region}}
#     verify:
#     - aws
#     - docdb
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].BackupRetentionPeriod
#     - --region={{region}}
#     cost: backup storage beyond the size of the cluster
#   - resource_types: [AWS::Neptune::DBCluster]
#     argv:
#     - aws
#     - neptune
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --backup-retention-period={{params.minimum_days}}
#     - --region={{region}}
#     effect: backups are kept longer from now on; those that have expired do not come back
#     risk: safe
#     undo:
#     - aws
#     - neptune
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --backup-retention-period={{params.current_days}}
#     - --region={{region}}
#     verify:
#     - aws
#     - neptune
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].BackupRetentionPeriod
#     - --region={{region}}
#     cost: backup storage beyond the size of the cluster
#   since: 0.1.0
package hadr.docdb_neptune.backup_retention_short

_clusters := [database |
	some kind in ["AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"]
	some database in input.resources[kind]
]

_minimum := data.parameters["docdb-neptune-backup-retention-short"].minimum_days

subjects contains database.arn if {
	some database in _clusters
}

unknowns contains database.arn if {
	some database in _clusters
	not is_number(database.attributes.backup_retention_period)
}

violations contains violation if {
	some database in _clusters
	days := database.attributes.backup_retention_period
	is_number(days)
	days < _minimum
	violation := {
		"resource": database.arn,
		"message": sprintf("%s keeps backups for less than %d days", [database.name, _minimum]),
		"evidence": {"backup_retention_period": days, "minimum_days": _minimum},
		"params": {"minimum_days": _minimum, "current_days": days},
	}
}
