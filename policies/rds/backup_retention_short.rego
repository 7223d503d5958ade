# METADATA
# title: Automated backups are kept for less time than the tier asks for
# description: |
#   Damage that is noticed after the oldest backup has gone cannot be undone: a point in time can only be restored
#   within the retention.
#
#   Standalone instances with backups and clusters that follow nothing are judged; members of clusters and replicas
#   have the backups of what they belong to, and backups that are off are another policy's. Where AWS Backup runs the
#   continuous backups, it sets the retention, and its plans are not looked at here: a short one is unknown there.
# scope: package
# related_resources:
# - description: Backup retention period of Amazon RDS
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html
# - description: Continuous backups and point-in-time recovery in AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: info
#   concern: backup
#   scenarios: [deletion]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters]
#   parameters:
#     minimum_days:
#       default:
#         mission-critical: 30
#         business-critical: 30
#         general: 7
#         non-production: 1
#       description: Days that automated backups must be kept. RDS keeps them for 35 at most.
#   controls:
#     aws-well-architected: [REL09-BP01, REL09-BP03]
#     aws-config: [db-instance-backup-enabled]
#     aws-security-hub: [RDS.11]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.4]
#     dora: [12(1)]
#     soc2: [A1.2]
#   control_types:
#     db-instance-backup-enabled: [AWS::RDS::DBInstance]
#     RDS.11: [AWS::RDS::DBInstance]
#   practices: [automated-backups-on, backups-kept-35-days]
#   remediation:
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --backup-retention-period={{params.minimum_days}}
#     - --region={{region}}
#     effect: backups are kept longer from now on, without an interruption and without the maintenance window
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --backup-retention-period={{params.retention_days}}
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].BackupRetentionPeriod
#     - --region={{region}}
#     cost: backups beyond the size of the database are billed by GB and month
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --backup-retention-period={{params.minimum_days}}
#     - --apply-immediately
#     - --region={{region}}
#     effect: >-
#       backups are kept longer from now on, without an interruption; whatever else waits for the maintenance window
#       is applied too
#     risk: review
#     undo:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --backup-retention-period={{params.retention_days}}
#     - --apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].BackupRetentionPeriod
#     - --region={{region}}
#     cost: backups beyond the size of the database are billed by GB and month
#   since: 0.1.0
package hadr.rds.backup_retention_short

import data.hadr.lib.rds.sources

_minimums := data.parameters["rds-backup-retention-short"].minimum_days

# Those of which nothing says that they keep their backups for long enough.
_doubtful := [database |
	minimums := _minimums
	some database in sources
	not database.attributes.backup_retention_period >= minimums[database.criticality]
]

_short := [database |
	some database in _doubtful
	database.attributes.backup_retention_period > 0
	database.attributes.backup_retention_period < _minimums[database.criticality]
]

subjects contains database.arn if {
	some database in sources
	database.attributes.backup_retention_period != 0
}

unknowns contains database.arn if {
	some database in _doubtful
	database.attributes.backup_retention_period == null
}

unknowns contains database.arn if {
	some database in _short
	database.attributes.aws_backup_recovery_point_arn != null
}

violations contains violation if {
	some database in _short
	database.attributes.aws_backup_recovery_point_arn == null
	days := database.attributes.backup_retention_period
	minimum := _minimums[database.criticality]
	violation := {
		"resource": database.arn,
		"message": sprintf(
			"%s keeps automated backups for %d of the %d days that its tier asks for",
			[database.name, days, minimum],
		),
		"evidence": {"backup_retention_period": days, "minimum_days": minimum},
		"params": {"retention_days": days, "minimum_days": minimum},
	}
}
