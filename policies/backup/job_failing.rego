# METADATA
# title: Backups that are scheduled do not come about
# description: |
#   The plan says that there are backups, and there are none, or none of late: what was written since the last good one
#   cannot be restored. Nobody looks at a plan that once worked, and permissions, keys and quotas change.
#
#   Resources are judged whose data is authoritative and that a schedule has which runs, unless they are so new that it
#   need not have run yet. It is a violation where a backup or copy into a vault failed and none there is newer, and
#   where the newest backup of a schedule is older than `periods` periods and the start window. Jobs into vaults that no
#   schedule names do not count, nor do those of an instance for its volumes, whose snapshots say more. A failed copy
#   is made up for by a copy of about the same instant, because a copy is of a backup that was begun before it. What is
#   kept continuously makes up for jobs of rules that keep it so, and not for the snapshots of a rule beside them.
#
#   The verdict is unknown where the backups could not be listed, where a copy failed into a vault of an account or
#   Region that was not scanned, in which a later one may have come to its end, and where there has never been a backup
#   and none has failed: nothing says since when the schedule has the resource. AWS Backup lists the jobs of 30 days.
# scope: package
# related_resources:
# - description: Monitoring AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/monitoring.html
# - description: Troubleshooting AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/troubleshooting.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [region, deletion]
#   resource_types:
#   - AWS::RDS::DBInstance
#   - AWS::RDS::DBCluster
#   - AWS::DocDB::DBCluster
#   - AWS::Neptune::DBCluster
#   - AWS::DynamoDB::Table
#   - AWS::EC2::Volume
#   - AWS::EFS::FileSystem
#   - AWS::S3::Bucket
#   requires: [backup:ListBackupJobs, backup:ListBackupPlans, backup:ListBackupVaults, backup:ListCopyJobs]
#   parameters:
#     periods:
#       default: 2
#       description: Periods of its schedule, as a number, that the newest backup may be old, besides the start window.
#   controls:
#     aws-well-architected: [REL06-BP01, REL09-BP03]
#     aws-config:
#     - aurora-last-backup-recovery-point-created
#     - dynamodb-last-backup-recovery-point-created
#     - ebs-last-backup-recovery-point-created
#     - efs-last-backup-recovery-point-created
#     - rds-last-backup-recovery-point-created
#     - s3-last-backup-recovery-point-created
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.5]
#     dora: [12(1)]
#     soc2: [A1.2]
#   control_types:
#     aurora-last-backup-recovery-point-created: [AWS::RDS::DBCluster]
#     dynamodb-last-backup-recovery-point-created: [AWS::DynamoDB::Table]
#     ebs-last-backup-recovery-point-created: [AWS::EC2::Volume]
#     efs-last-backup-recovery-point-created: [AWS::EFS::FileSystem]
#     rds-last-backup-recovery-point-created: [AWS::RDS::DBInstance]
#     s3-last-backup-recovery-point-created: [AWS::S3::Bucket]
#   practices: [backup-jobs-succeed]
#   remediation:
#   - argv:
#     - aws
#     - backup
#     - start-backup-job
#     - --backup-vault-name={{params.vault}}
#     - --resource-arn={{arn}}
#     - --iam-role-arn={{inputs.backup_role_arn}}
#     - --region={{region}}
#     effect: >-
#       one backup now. Where it fails, the job says why; where it does not, the role of the selection is to blame
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-recovery-point
#     - --backup-vault-name={{params.vault}}
#     - --recovery-point-arn={{choose.recovery_point_arn}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-backup-jobs
#     - --by-resource-arn={{arn}}
#     - --query=BackupJobs[].[BackupJobId,State,StatusMessage,CreationDate]
#     - --region={{region}}
#     cost: backup storage by GB and month
#   - argv:
#     - aws
#     - backup
#     - start-copy-job
#     - --recovery-point-arn={{choose.recovery_point_arn}}
#     - --source-backup-vault-name={{params.source_vault}}
#     - --destination-backup-vault-arn={{params.destination_vault_arn}}
#     - --iam-role-arn={{inputs.backup_role_arn}}
#     - --region={{region}}
#     effect: >-
#       one copy now, of a backup that is there. Where it fails, the job says why: often the policy of the vault there,
#       or a key that the role or the other account may not use
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-recovery-point
#     - --backup-vault-name={{params.destination_vault}}
#     - --recovery-point-arn={{choose.copy_arn}}
#     - --region={{params.destination_region}}
#     verify:
#     - aws
#     - backup
#     - list-copy-jobs
#     - --by-resource-arn={{arn}}
#     - --query=CopyJobs[].[CopyJobId,State,StatusMessage,CreationDate]
#     - --region={{region}}
#     cost: transfer between Regions by GB, and backup storage there by GB and month
#   since: 0.1.0
package hadr.backup.job_failing

import data.hadr.lib.backup
import data.hadr.lib.backup.holders
import data.hadr.lib.instant
import data.hadr.lib.rds

_scheduled := [resource |
	some resource in holders
	_is_scheduled(resource)
]

_is_scheduled(resource) if {
	resource.schedules.is_waiting == false
	some schedule in resource.schedules.known
	schedule.never_runs == false
}

subjects contains resource.arn if {
	some resource in _scheduled
}

# Jobs that failed and that nothing made up for, as far as was seen.
_unmended := [failure |
	arns := {resource.arn | count(_failures) > 0; some resource in _scheduled}
	some failure in _failures
	failure.resource_arn in arns
	is_string(failure.vault)
	resource := input.by_arn[failure.resource_arn]
	_is_scheduled_into(resource, failure)
	not _is_mended(failure)
]

_failures := array.concat(
	[_failure(job, "backup") | some job in input.resources["AWS::Backup::BackupJob"]],
	[_failure(job, "copy") | some job in input.resources["AWS::Backup::CopyJob"]],
)

_failure(job, kind) := {
	"kind": kind,
	"resource_arn": job.attributes.resource_arn,
	"vault": job.attributes.destination_vault_arn,
	"state": job.attributes.state,
	"category": job.attributes.message_category,
	"began": job.attributes.creation_date,
}

_is_scheduled_into(resource, failure) if count(_schedules_into(resource, failure)) > 0

_schedules_into(resource, failure) := [schedule |
	some schedule in backup.running(resource)
	failure.vault in _vaults(schedule, failure.kind)
]

_vaults(schedule, "backup") := {schedule.vault}

_vaults(schedule, "copy") := {copy.vault | some copy in schedule.copies}

# A newer one is there.
_is_mended(failure) if {
	age := instant.age(failure.began) + _slack(failure)
	some copy in input.by_arn[failure.resource_arn].copies.known
	copy.vault == failure.vault
	_is_as_new(copy, age)
}

# What failed was what keeps it continuously, and that still does. A copy of it is a snapshot.
_is_mended(failure) if {
	failure.kind == "backup"
	_is_only_continuous(failure)
	some copy in input.by_arn[failure.resource_arn].copies.known
	copy.vault == failure.vault
	copy.kind == "continuous_backup"
}

_is_only_continuous(failure) if {
	every schedule in _schedules_into(input.by_arn[failure.resource_arn], failure) {
		schedule.continuous == true
	}
}

_is_as_new(copy, age) if {
	is_number(copy.age)
	copy.age <= age
}

# A copy has the instant of what it is a copy of, which is nearer than that of the run before.
_slack(failure) := 0 if failure.kind == "backup"

_slack(failure) := half if {
	failure.kind == "copy"
	resource := input.by_arn[failure.resource_arn]
	periods := [schedule.period | some schedule in _schedules_into(resource, failure); is_number(schedule.period)]
	half := rds.least(array.concat(periods, [_month])) / 2
}

# As far back as jobs are listed.
_month := 2592000

unknowns contains failure.resource_arn if {
	some failure in _unmended
	_may_be_mended(failure)
}

_may_be_mended(failure) if not input.by_arn[failure.vault]

_may_be_mended(failure) if {
	region := split(failure.vault, ":")[3]
	some listing in input.by_arn[failure.resource_arn].copies.unseen
	listing.region == region
}

_may_be_mended(failure) if {
	some copy in input.by_arn[failure.resource_arn].copies.known
	copy.vault == failure.vault
	copy.behind == null
}

_may_be_mended(failure) if failure.began == null

_failed := [failure | some failure in _unmended; not _may_be_mended(failure)]

violations contains violation if {
	some failure in _failed
	resource := input.by_arn[failure.resource_arn]
	violation := {
		"resource": resource.arn,
		"message": sprintf("%s has had no %s in %s since one ended as %s %s ago", [
			resource.name,
			failure.kind,
			backup.name_of(failure.vault),
			failure.state,
			rds.words(instant.age(failure.began)),
		]),
		"evidence": {
			"job": failure.kind,
			"state": failure.state,
			"message_category": failure.category,
			"began": failure.began,
			"vault": failure.vault,
		},
		"params": _params(resource, failure),
		"discriminator": concat(" ", [failure.kind, failure.vault]),
	}
}

_params(_, failure) := {"vault": backup.name_of(failure.vault)} if failure.kind == "backup"

_params(resource, failure) := {
	"source_vault": backup.name_of(_schedules_into(resource, failure)[0].vault),
	"destination_vault_arn": failure.vault,
	"destination_vault": backup.name_of(failure.vault),
	"destination_region": split(failure.vault, ":")[3],
} if {
	failure.kind == "copy"
}

# What is late, where no job says why.
_late := [found |
	failing := {failure.resource_arn | some failure in _unmended}
	some resource in _scheduled
	not resource.arn in failing
	overdue := [schedule |
		some schedule in resource.schedules.known
		schedule.never_runs == false
		is_number(schedule.period)
		not _is_on_time(resource, schedule)
	]
	count(overdue) > 0
	found := {"resource": resource, "schedules": overdue}
]

_is_on_time(resource, schedule) if {
	allowed := _allowed(schedule)
	some copy in resource.copies.known
	_is_by(resource, schedule, copy)
	_is_as_new(copy, allowed)
}

# What another rule keeps continuously says nothing of the snapshots of this one.
_is_on_time(resource, schedule) if {
	schedule.continuous == true
	some copy in resource.copies.known
	_is_by(resource, schedule, copy)
	copy.kind == "continuous_backup"
}

# The resource is not old enough to be late.
_is_on_time(resource, schedule) if backup.age(resource) <= _allowed(schedule)

_allowed(schedule) := (data.parameters["backup-job-failing"].periods * schedule.period) + schedule.start_window

_is_by(_, schedule, copy) if {
	is_string(schedule.vault)
	copy.vault == schedule.vault
}

# The service that keeps it does not say in which vault.
_is_by(resource, _, copy) if {
	copy.kind == "aws_backup_snapshot"
	not is_string(copy.vault)
	copy.region == resource.region
}

# What the instance is backed up by, and what Data Lifecycle Manager makes, shows in the snapshots.
_is_by(resource, _, copy) if {
	resource.type == "AWS::EC2::Volume"
	copy.kind == "manual_snapshot"
	copy.region == resource.region
}

unknowns contains found.resource.arn if {
	some found in _late
	_may_be_on_time(found)
}

_may_be_on_time(found) if {
	some listing in found.resource.copies.unseen
	listing.region == found.resource.region
}

_may_be_on_time(found) if {
	some schedule in found.schedules
	some copy in found.resource.copies.known
	_is_by(found.resource, schedule, copy)
	copy.behind == null
}

# Nothing says since when the schedule has it.
_may_be_on_time(found) if {
	every schedule in found.schedules {
		count(_ages(found.resource, schedule)) == 0
	}
}

_ages(resource, schedule) := [copy.age |
	some copy in resource.copies.known
	_is_by(resource, schedule, copy)
	is_number(copy.age)
]

violations contains violation if {
	some found in _late
	not _may_be_on_time(found)
	schedule := _most_frequent([overdue |
		some overdue in found.schedules
		count(_ages(found.resource, overdue)) > 0
	])
	age := rds.least(_ages(found.resource, schedule))
	violation := {
		"resource": found.resource.arn,
		"message": sprintf("%s was last backed up %s ago, and its schedule says every %s", [
			found.resource.name,
			rds.words(age),
			rds.words(schedule.period),
		]),
		"evidence": {
			"newest_backup_age": age,
			"allowed": _allowed(schedule),
			"schedule": schedule.arn,
			"rule": schedule.rule,
			"vault": schedule.vault,
		},
		"params": _vault_param(schedule),
		"discriminator": "late",
	}
}

_most_frequent(schedules) := frequent[0] if {
	period := rds.least([schedule.period | some schedule in schedules])
	frequent := [schedule | some schedule in schedules; schedule.period == period]
}

_vault_param(schedule) := {"vault": backup.name_of(schedule.vault)} if is_string(schedule.vault)

# Data Lifecycle Manager has no jobs that somebody could start.
_vault_param(schedule) := {} if schedule.vault == null
