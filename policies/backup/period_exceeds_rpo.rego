# METADATA
# title: Backups come too rarely for the recovery point objective
# description: |
#   What is lost with the data is what was written since the last backup was begun. Between two of them lies up to the
#   period of the schedule, and the next one may begin as late as its start window allows. That is more than the tier
#   allows to be lost, every day and without anything having failed.
#
#   Resources are judged whose data is authoritative and that schedules of AWS Backup or of Data Lifecycle Manager have,
#   unless something restores any point in time: automated backups, point-in-time recovery, versions of objects, or a
#   rule with continuous backups. The best schedule counts. Of a volume less is not asked for than snapshots can
#   promise, `shortest_period`. Snapshots that programs make besides do not count, as nothing says when the next one
#   comes; nor do replicas, which follow every deletion. A schedule that never runs again is a finding of its own,
#   unless another one runs.
#
#   The verdict is unknown where the expression of a schedule cannot be read, where another schedule may have the
#   resource, where it is not known whether something restores any point in time, and where several schedules would be
#   enough together if their hours are well apart, which is not looked at.
# scope: package
# related_resources:
# - description: Creating a backup plan of AWS Backup, with its schedule and start window
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
# - description: Continuous backups and point-in-time recovery in AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [zone, deletion]
#   resource_types:
#   - AWS::RDS::DBInstance
#   - AWS::RDS::DBCluster
#   - AWS::DocDB::DBCluster
#   - AWS::Neptune::DBCluster
#   - AWS::DynamoDB::Table
#   - AWS::EC2::Volume
#   - AWS::EFS::FileSystem
#   - AWS::S3::Bucket
#   requires: [backup:ListBackupPlans]
#   parameters:
#     shortest_period:
#       default: 7200
#       description: >-
#         Seconds of a volume's data that may be lost, however little the tier allows. Data Lifecycle Manager and AWS
#         Backup make snapshots once an hour at most and begin them within an hour; less takes replication.
#   controls:
#     aws-well-architected: [REL09-BP03, REL13-BP02]
#     aws-config: [backup-plan-min-frequency-and-min-retention-check]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.3]
#     dora: [12(1), 12(6)]
#     soc2: [A1.2]
#   practices: [strategy-backup-and-restore]
#   remediation:
#   - resource_types: [AWS::DynamoDB::Table]
#     argv:
#     - aws
#     - dynamodb
#     - update-continuous-backups
#     - --table-name={{name}}
#     - >-
#       --point-in-time-recovery-specification={"PointInTimeRecoveryEnabled":true,"RecoveryPeriodInDays":35}
#     - --region={{region}}
#     effect: the table can be restored to any second from now on, as a new table; nothing earlier comes back
#     risk: safe
#     undo:
#     - aws
#     - dynamodb
#     - update-continuous-backups
#     - --table-name={{name}}
#     - --point-in-time-recovery-specification=PointInTimeRecoveryEnabled=false
#     - --region={{region}}
#     verify:
#     - aws
#     - dynamodb
#     - describe-continuous-backups
#     - --table-name={{name}}
#     - --query=ContinuousBackupsDescription.PointInTimeRecoveryDescription
#     - --region={{region}}
#     cost: by GB of the table and month, whatever the number of days
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --backup-retention-period=35
#     - --no-apply-immediately
#     - --region={{region}}
#     effect: >-
#       from the next maintenance window on any point in time of the last 35 days can be restored; without a standby, the
#       storage stands still for some seconds to minutes when the first backup is taken
#     risk: disruptive
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --backup-retention-period=0
#     - --no-apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].[BackupRetentionPeriod,PendingModifiedValues,LatestRestorableTime]
#     - --region={{region}}
#     cost: backups beyond the size of the database are billed by GB and month
#   - resource_types: [AWS::EC2::Volume, AWS::EFS::FileSystem]
#     argv:
#     - aws
#     - backup
#     - create-backup-plan
#     - >-
#       --backup-plan={"BackupPlanName":"every-{{params.hours}}h","Rules":[{"RuleName":"every-{{params.hours}}h",
#       "TargetBackupVaultName":"{{inputs.backup_vault}}","ScheduleExpression":"cron(0 0/{{params.hours}} * * ? *)",
#       "StartWindowMinutes":60,"Lifecycle":{"DeleteAfterDays":14}}]}
#     - --region={{region}}
#     effect: >-
#       a plan that makes a backup every so many hours and begins within one; once for the Region, not for each resource
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-backup-plan
#     - --backup-plan-id={{choose.plan_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-backup-plans
#     - --query=BackupPlansList[].[BackupPlanId,BackupPlanName]
#     - --region={{region}}
#     cost: none before it selects something
#   - resource_types: [AWS::EC2::Volume, AWS::EFS::FileSystem]
#     argv:
#     - aws
#     - backup
#     - create-backup-selection
#     - --backup-plan-id={{choose.plan_id}}
#     - >-
#       --backup-selection={"SelectionName":"{{choose.selection_name}}","IamRoleArn":"{{inputs.backup_role_arn}}",
#       "Resources":["{{arn}}"]}
#     - --region={{region}}
#     effect: the plan makes backups of the resource besides those that it has
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-backup-selection
#     - --backup-plan-id={{choose.plan_id}}
#     - --selection-id={{choose.selection_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-backup-selections
#     - --backup-plan-id={{choose.plan_id}}
#     - --query=BackupSelectionsList[].[SelectionId,SelectionName]
#     - --region={{region}}
#     cost: backup storage by GB and month, for what changes from one backup to the next
#   - resource_types: [AWS::S3::Bucket]
#     argv:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{name}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{region}}
#     effect: >-
#       every version is kept from now on, so that what is overwritten or deleted comes back; they are billed until a
#       lifecycle rule expires them
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{name}}
#     - --versioning-configuration=Status=Suspended
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-versioning
#     - --bucket={{name}}
#     - --region={{region}}
#     cost: storage of the versions that are no longer current
#   since: 0.1.0
package hadr.backup.period_exceeds_rpo

import data.hadr.lib.backup
import data.hadr.lib.backup.holders
import data.hadr.lib.rds

_periodic := [resource |
	some resource in holders
	count(resource.schedules.known) > 0
	not backup.is_native(resource)
	not _is_continuous(resource)
]

_is_continuous(resource) if {
	some schedule in resource.schedules.known
	schedule.continuous == true
	schedule.never_runs == false
}

_is_continuous(resource) if is_number(resource.copies.newest.continuous_backup)

subjects contains resource.arn if {
	some resource in _periodic
}

_rare := [resource |
	some resource in _periodic
	not _is_enough(resource)
]

unknowns contains resource.arn if {
	some resource in _rare
	_may_be_enough(resource)
}

violations contains violation if {
	some resource in _rare
	not _may_be_enough(resource)
	running := backup.running(resource)
	loss := _loss(running)
	is_number(loss)
	limit := _limit(resource)
	violation := {
		"resource": resource.arn,
		"message": sprintf(
			"%s would lose up to %s, and its objective allows %s",
			[resource.name, rds.words(loss), rds.words(resource.rpo.value)],
		),
		"evidence": {
			"schedules": _summary(running),
			"loss": loss,
			"tier": resource.tier,
			"rpo": resource.rpo.value,
			"limit": limit,
		},
		"params": {"hours": _hours(limit)},
	}
}

violations contains violation if {
	some resource in _rare
	not _may_be_enough(resource)
	count(backup.running(resource)) == 0
	violation := {
		"resource": resource.arn,
		"message": sprintf("%s is only in backup plans that never run", [resource.name]),
		"evidence": {
			"schedules": _summary(resource.schedules.known),
			"tier": resource.tier,
			"rpo": resource.rpo.value,
		},
		"params": {"hours": _hours(_limit(resource))},
	}
}

_is_enough(resource) if {
	loss := _loss(backup.running(resource))
	is_number(loss)
	loss <= _limit(resource)
}

# Seconds that may be lost with the best of some schedules. Undefined if the period of none is known.
_loss(schedules) := rds.least([loss |
	some schedule in schedules
	is_number(schedule.period)
	loss := schedule.period + schedule.start_window
])

# Seconds that may be lost, as far as snapshots can promise them.
_limit(resource) := shortest if {
	resource.type == "AWS::EC2::Volume"
	shortest := data.parameters["backup-period-exceeds-rpo"].shortest_period
	shortest > resource.rpo.value
} else := resource.rpo.value

_may_be_enough(resource) if backup.is_native_unknown(resource)

_may_be_enough(resource) if backup.may_be_scheduled(resource)

_may_be_enough(resource) if {
	some schedule in resource.schedules.known
	schedule.never_runs == false
	schedule.period == null
}

# So many runs come as often as that if each is as far from the next as the others are.
_may_be_enough(resource) if {
	periodic := [schedule | some schedule in backup.running(resource); schedule.period > 0]
	count(periodic) > 1
	runs := sum([rate | some schedule in periodic; rate := 1 / schedule.period])
	window := rds.least([schedule.start_window | some schedule in periodic])
	(1 / runs) + window <= _limit(resource)
}

_summary(schedules) := [{
	"arn": schedule.arn,
	"rule": schedule.rule,
	"period": schedule.period,
	"start_window": schedule.start_window,
} |
	some schedule in schedules
]

# The longest interval that a day is a multiple of and that leaves an hour in which to begin.
_hours(limit) := 12 if {
	limit >= 13 * 3600
} else := 8 if {
	limit >= 9 * 3600
} else := 4 if {
	limit >= 5 * 3600
} else := 2 if {
	limit >= 3 * 3600
} else := 1
