# METADATA
# title: Table cannot be restored to a point in time
# description: |
#   What is deleted or overwritten by mistake, or by someone who has stolen credentials, is lost: without point-in-time
#   recovery, DynamoDB keeps nothing of the past. Replicas are no way back, as they follow every deletion at once.
#
#   Every table is judged, the replicas of a global table each for itself, unless the role of its data is `cache` or
#   `rebuildable`. Recovery that does not go back for `minimum_days` is a milder violation. Recent backups by AWS Backup
#   do not restore a point in time, but make it less bad: the severity is then medium at most, and low where their
#   schedule comes as often as the tier asks for. Where the backups could not be listed, the severity stays. On-demand
#   backups of DynamoDB itself are not collected yet; where they are enough for the objective, a waiver can say so.
# scope: package
# related_resources:
# - description: Point-in-time backups for DynamoDB
#   ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [deletion, ransom]
#   resource_types: [AWS::DynamoDB::Table]
#   requires: [dynamodb:ListTables, dynamodb:DescribeContinuousBackups]
#   parameters:
#     minimum_days:
#       default:
#         mission-critical: 35
#         business-critical: 7
#         general: 1
#         non-production: 1
#       description: Days that point-in-time recovery has to go back; DynamoDB allows 1 to 35.
#     recent_backup:
#       default: 129600
#       description: >-
#         Seconds within which the newest backup by AWS Backup must have been made to lower the severity. The default is
#         a day and a half, so that a daily plan may be late.
#   controls:
#     aws-well-architected: [REL09-BP03]
#     aws-config: [dynamodb-pitr-enabled]
#     aws-security-hub: [DynamoDB.2]
#     nist-800-53: [CP-9, CP-10(2)]
#     iso-22301: [8.3.4]
#     dora: [12(1)]
#     soc2: [A1.2]
#   practices: [automated-backups-on]
#   remediation:
#   - argv:
#     - aws
#     - dynamodb
#     - update-continuous-backups
#     - --table-name={{name}}
#     - >-
#       --point-in-time-recovery-specification={"PointInTimeRecoveryEnabled":true,
#       "RecoveryPeriodInDays":{{params.retention_days}}}
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
#   - argv:
#     - aws
#     - dynamodb
#     - update-continuous-backups
#     - --table-name={{name}}
#     - >-
#       --point-in-time-recovery-specification={"PointInTimeRecoveryEnabled":true,
#       "RecoveryPeriodInDays":{{params.minimum_days}}}
#     - --region={{region}}
#     effect: the time that can be restored grows day by day until it reaches the new period
#     risk: safe
#     undo:
#     - aws
#     - dynamodb
#     - update-continuous-backups
#     - --table-name={{name}}
#     - >-
#       --point-in-time-recovery-specification={"PointInTimeRecoveryEnabled":true,
#       "RecoveryPeriodInDays":{{params.current_days}}}
#     - --region={{region}}
#     verify:
#     - aws
#     - dynamodb
#     - describe-continuous-backups
#     - --table-name={{name}}
#     - --query=ContinuousBackupsDescription.PointInTimeRecoveryDescription
#     - --region={{region}}
#     cost: none, as the number of days does not count
#   since: 0.1.0
package hadr.dynamodb.point_in_time_recovery_off

import data.hadr.lib.backup
import data.hadr.lib.dynamodb.tables
import data.hadr.lib.rds

_minimum_days := data.parameters["dynamodb-point-in-time-recovery-off"].minimum_days

_unprotected := [table |
	some table in tables
	not _is_protected(table)
]

_is_protected(table) if {
	recovery := table.attributes.point_in_time_recovery
	recovery.enabled == true
	is_number(recovery.recovery_period_in_days)
	recovery.recovery_period_in_days >= _minimum_days[table.criticality]
}

subjects contains table.arn if {
	some table in tables
}

unknowns contains table.arn if {
	some table in _unprotected
	table.attributes.point_in_time_recovery == null
}

unknowns contains table.arn if {
	some table in _unprotected
	table.attributes.point_in_time_recovery.enabled == null
}

unknowns contains table.arn if {
	some table in _unprotected
	table.attributes.point_in_time_recovery.enabled == true
	table.attributes.point_in_time_recovery.recovery_period_in_days == null
}

violations contains violation if {
	some table in _unprotected
	table.attributes.point_in_time_recovery.enabled == false
	not _newest_backup(table)
	violation := {
		"resource": table.arn,
		"message": sprintf("%s has no point-in-time recovery", [table.name]),
		"evidence": {"point_in_time_recovery": false},
		"params": {"retention_days": 35},
	}
}

violations contains violation if {
	some table in _unprotected
	table.attributes.point_in_time_recovery.enabled == false
	age := _newest_backup(table)
	is_number(age)
	violation := {
		"resource": table.arn,
		"message": sprintf(
			"%s has no point-in-time recovery, only backups by AWS Backup, the newest %s old",
			[table.name, rds.words(age)],
		),
		"evidence": {
			"point_in_time_recovery": false,
			"newest_aws_backup_age": age,
			"rpo": table.rpo.value,
			"periods": [schedule.period | some schedule in backup.running(table)],
		},
		"params": {"retention_days": 35},
		"at_most": _bound(table),
	}
}

# Age of the newest backup by AWS Backup, if that is recent.
_newest_backup(table) := age if {
	age := table.copies.newest.aws_backup_snapshot
	age <= data.parameters["dynamodb-point-in-time-recovery-off"].recent_backup
}

_bound(table) := "low" if {
	_meets_objective(table)
} else := "medium"

_meets_objective(table) if {
	some schedule in backup.running(table)
	is_number(schedule.period)
	schedule.period + schedule.start_window <= table.rpo.value
}

violations contains violation if {
	some table in _unprotected
	recovery := table.attributes.point_in_time_recovery
	recovery.enabled == true
	is_number(recovery.recovery_period_in_days)
	minimum := _minimum_days[table.criticality]
	violation := {
		"resource": table.arn,
		"message": sprintf("%s can be restored only to the last %d days", [table.name, recovery.recovery_period_in_days]),
		"evidence": {"recovery_period_in_days": recovery.recovery_period_in_days, "minimum_days": minimum},
		"params": {"minimum_days": minimum, "current_days": recovery.recovery_period_in_days},
		"at_most": "medium",
	}
}
