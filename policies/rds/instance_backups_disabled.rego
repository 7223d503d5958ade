# METADATA
# title: DB instance has no automated backups
# description: |
#   Without automated backups no point in time can be restored: what is deleted or overwritten comes back only as far
#   as the newest snapshot that someone made, and without one not at all. A failed zone without a standby loses the
#   same.
#
#   Standalone instances are judged; clusters cannot switch backups off, and replicas and members have the backups of
#   what they belong to. Recent snapshots by AWS Backup do not restore a point in time, but make it less bad: the
#   severity is then medium at most. A change that waits for the maintenance window lowers it to info if it switches
#   backups on, and is a violation already if it switches them off. Where the snapshots could not be listed, the
#   severity stays.
# scope: package
# related_resources:
# - description: Enabling automated backups of Amazon RDS
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.Enabling.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: critical
#     general: high
#     non-production: low
#   concern: backup
#   scenarios: [deletion, zone]
#   resource_types: [AWS::RDS::DBInstance]
#   requires: [rds:DescribeDBInstances]
#   parameters:
#     recent_snapshot:
#       default: 129600
#       description: >-
#         Seconds within which the newest snapshot by AWS Backup must have been made to lower the severity. The default
#         is a day and a half, so that a daily plan may be late.
#     retention_days:
#       default: 35
#       description: Days of retention that the remediation sets, 1 to 35.
#   controls:
#     aws-well-architected: [REL09-BP03]
#     aws-config: [db-instance-backup-enabled]
#     aws-security-hub: [RDS.11]
#     nist-800-53: [CP-9, CP-10]
#     iso-22301: [8.3.4]
#     dora: [12(1), 12(2)]
#     soc2: [A1.2]
#   practices: [automated-backups-on]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --backup-retention-period={{params.retention_days}}
#     - --no-apply-immediately
#     - --region={{region}}
#     effect: >-
#       in the next maintenance window RDS takes the first backup; without a standby, the storage stands still for some
#       seconds to minutes meanwhile. With --apply-immediately instead, that is now
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
#   since: 0.1.0
package hadr.rds.instance_backups_disabled

import data.hadr.lib.rds
import data.hadr.lib.rds.standalone_instances

_parameters := data.parameters["rds-instance-backups-disabled"]

# Instances whose backups are off, or may be.
_without_backups := [instance |
	some instance in standalone_instances
	not instance.attributes.backup_retention_period > 0
]

_disabled := [instance |
	some instance in _without_backups
	instance.attributes.backup_retention_period == 0
]

subjects contains instance.arn if {
	some instance in standalone_instances
}

unknowns contains instance.arn if {
	some instance in _without_backups
	instance.attributes.backup_retention_period == null
}

# Off, and nothing else to say.
violations contains violation if {
	some instance in _disabled
	not _scheduled(instance)
	not _newest_snapshot(instance)
	violation := _violation(instance, "%s has no automated backups", [instance.name], {})
}

violations contains violation if {
	some instance in _disabled
	not _scheduled(instance)
	age := _newest_snapshot(instance)
	is_number(age)
	violation := object.union(
		_violation(
			instance,
			"%s has no automated backups, only snapshots by AWS Backup, the newest %s old",
			[instance.name, rds.words(age)],
			{"newest_aws_backup_snapshot_age": age},
		),
		{"at_most": "medium"},
	)
}

violations contains violation if {
	some instance in _disabled
	_scheduled(instance)
	violation := object.union(
		_violation(instance, "%s has no automated backups before the next maintenance window", [instance.name], {}),
		{"at_most": "info"},
	)
}

violations contains violation if {
	some instance in standalone_instances
	instance.attributes.pending_modified_values.backup_retention_period == 0
	instance.attributes.backup_retention_period != 0
	violation := _violation(
		instance,
		"%s loses its automated backups in the next maintenance window",
		[instance.name],
		{},
	)
}

_scheduled(instance) if {
	is_number(_pending(instance))
	_pending(instance) > 0
}

# Age of the newest snapshot by AWS Backup, if that is recent.
_newest_snapshot(instance) := age if {
	age := instance.copies.newest.aws_backup_snapshot
	age <= _parameters.recent_snapshot
}

_violation(instance, form, values, evidence) := {
	"resource": instance.arn,
	"message": sprintf(form, values),
	"evidence": object.union(evidence, {
		"backup_retention_period": instance.attributes.backup_retention_period,
		"pending_modified_values.backup_retention_period": _pending(instance),
	}),
	"params": {"retention_days": _parameters.retention_days},
}

_pending(instance) := instance.attributes.pending_modified_values.backup_retention_period
