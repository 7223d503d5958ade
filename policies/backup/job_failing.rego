# METADATA
# title: Backups that are scheduled do not come about
# description: |
#   The plan says that there are backups, and there are none, or none of late: what was written since the last good one
#   cannot be restored. Nobody looks at a plan that once worked, and permissions, keys and quotas change.
#
#   Resources are judged whose data is authoritative and that a schedule has which runs, unless they are so new that it
#   need not have run yet. It is a violation where a backup or copy into a vault failed and none there is newer, and
#   where the newest backup of a schedule is older than `periods` periods and the start window. Jobs into vaults that no
#   schedule names do not count, nor do those of an instance for its volumes, whose snapshots say more. Such a snapshot
#   counts for every schedule of the volume, unless it lies in a vault, which is that of some of them. A failed copy
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

# Jobs that failed and that nothing made up for, as far as was seen, each with its resource.
_unmended := [{"resource": resource, "job": job} |
	some resource in _scheduled
	some job in resource.schedules.failed
	_is_unmended(resource, job)
]

_is_unmended(resource, job) if {
	is_string(job.vault)
	_is_scheduled_into(resource, job)
	not _is_mended(resource, job)
}

_is_scheduled_into(resource, job) if count(_schedules_into(resource, job)) > 0

_schedules_into(resource, job) := [schedule |
	some schedule in backup.running(resource)
	job.vault in _vaults(schedule, job.kind)
]

_vaults(schedule, "backup") := {schedule.vault}

_vaults(schedule, "copy") := {copy.vault | some copy in schedule.copies}

# A newer one is there.
_is_mended(resource, job) if {
	age := instant.age(job.began) + _slack(resource, job)
	some copy in resource.copies.known
	copy.vault == job.vault
	is_number(copy.age)
	copy.age <= age
}

# What failed was what keeps it continuously, and that still does. A copy of it is a snapshot.
_is_mended(resource, job) if {
	job.kind == "backup"
	_is_only_continuous(resource, job)
	some copy in resource.copies.known
	copy.vault == job.vault
	copy.kind == "continuous_backup"
}

_is_only_continuous(resource, job) if {
	every schedule in _schedules_into(resource, job) {
		schedule.continuous == true
	}
}

# A copy has the instant of what it is a copy of, which is nearer than that of the run before.
_slack(_, job) := 0 if job.kind == "backup"

_slack(resource, job) := half if {
	job.kind == "copy"
	periods := [schedule.period | some schedule in _schedules_into(resource, job); is_number(schedule.period)]
	half := rds.least(array.concat(periods, [_month])) / 2
}

# As far back as jobs are listed.
_month := 2592000

unknowns contains failure.resource.arn if {
	some failure in _unmended
	_may_be_mended(failure.resource, failure.job)
}

_may_be_mended(_, job) if not input.by_arn[job.vault]

_may_be_mended(resource, job) if {
	region := split(job.vault, ":")[3]
	some listing in resource.copies.unseen
	listing.region == region
}

_may_be_mended(resource, job) if {
	some copy in resource.copies.known
	copy.vault == job.vault
	copy.behind == null
}

_may_be_mended(_, job) if job.began == null

violations contains violation if {
	some failure in _unmended
	resource := failure.resource
	job := failure.job
	not _may_be_mended(resource, job)
	violation := {
		"resource": resource.arn,
		"message": sprintf("%s has had no %s in %s since one ended as %s %s ago", [
			resource.name,
			job.kind,
			backup.name_of(job.vault),
			job.state,
			rds.words(instant.age(job.began)),
		]),
		"evidence": {
			"job": job.kind,
			"state": job.state,
			"message_category": job.message_category,
			"began": job.began,
			"vault": job.vault,
		},
		"params": _params(resource, job),
		"discriminator": concat(" ", [job.kind, job.vault]),
	}
}

_params(_, job) := {"vault": backup.name_of(job.vault)} if job.kind == "backup"

_params(resource, job) := {
	"source_vault": backup.name_of(_schedules_into(resource, job)[0].vault),
	"destination_vault_arn": job.vault,
	"destination_vault": backup.name_of(job.vault),
	"destination_region": split(job.vault, ":")[3],
} if {
	job.kind == "copy"
}

# What is late, where no job says why, with the backups that each schedule made.
_late := [found |
	some resource in _scheduled
	overdue := [late |
		some schedule in resource.schedules.known
		schedule.never_runs == false
		is_number(schedule.period)
		not _is_on_time(resource, schedule, _allowed(schedule))
		late := {"schedule": schedule, "made": _made(resource, schedule)}
	]
	count(overdue) > 0
	not _is_failing(resource)
	found := {
		"resource": resource,
		"overdue": overdue,
		"may_be_on_time": _may_be_on_time(resource, overdue),
	}
]

_is_failing(resource) if {
	some job in resource.schedules.failed
	_is_unmended(resource, job)
}

_made(resource, schedule) := [copy |
	kinds := _telling(resource.type)
	some copy in resource.copies.known
	copy.kind in kinds
	_is_of(copy, schedule, resource)
]

# What the instance of a volume is backed up by, and what Data Lifecycle Manager makes, shows in the snapshots.
_telling("AWS::EC2::Volume") := ["aws_backup_snapshot", "manual_snapshot"]

_telling(type) := ["aws_backup_snapshot"] if type != "AWS::EC2::Volume"

_is_of(copy, schedule, _) if {
	is_string(copy.vault)
	copy.vault == schedule.vault
}

# The service that keeps it does not say in which vault, or it is in none.
_is_of(copy, _, resource) if {
	copy.vault == null
	copy.region == resource.region
}

_is_on_time(resource, schedule, allowed) if {
	resource.copies.newest.aws_backup_snapshot <= allowed
	_has_made(resource, schedule, "aws_backup_snapshot", allowed)
}

_is_on_time(resource, schedule, allowed) if {
	resource.type == "AWS::EC2::Volume"
	resource.copies.newest.manual_snapshot <= allowed
	_has_made(resource, schedule, "manual_snapshot", allowed)
}

_has_made(resource, schedule, kind, allowed) if {
	some copy in resource.copies.known
	copy.kind == kind
	copy.age <= allowed
	is_number(copy.age)
	_is_of(copy, schedule, resource)
}

# What another rule keeps continuously says nothing of the snapshots of this one.
_is_on_time(resource, schedule, _) if {
	schedule.continuous == true
	some copy in resource.copies.known
	copy.kind == "continuous_backup"
	copy.vault == schedule.vault
}

# The resource is not old enough to be late.
_is_on_time(resource, _, allowed) if resource.age <= allowed

_allowed(schedule) := (data.parameters["backup-job-failing"].periods * schedule.period) + schedule.start_window

unknowns contains found.resource.arn if {
	some found in _late
	found.may_be_on_time == true
}

# Where no schedule made one of a known age, nothing says since when they have it.
_may_be_on_time(resource, overdue) if {
	count([copy | some late in overdue; some copy in late.made; is_number(copy.age)]) == 0
} else if {
	_has_unseen(resource)
} else if {
	_has_undated(overdue)
} else := false

_has_unseen(resource) if {
	some listing in resource.copies.unseen
	listing.region == resource.region
}

_has_undated(overdue) if {
	some late in overdue
	some copy in late.made
	copy.behind == null
}

violations contains violation if {
	some found in _late
	found.may_be_on_time == false
	late := _most_frequent([overdue | some overdue in found.overdue; count(_ages(overdue)) > 0])
	schedule := late.schedule
	age := rds.least(_ages(late))
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

_ages(late) := [copy.age | some copy in late.made; is_number(copy.age)]

_most_frequent(overdue) := frequent[0] if {
	period := rds.least([late.schedule.period | some late in overdue])
	frequent := [late | some late in overdue; late.schedule.period == period]
}

_vault_param(schedule) := {"vault": backup.name_of(schedule.vault)} if is_string(schedule.vault)

# Data Lifecycle Manager has no jobs that somebody could start.
_vault_param(schedule) := {} if schedule.vault == null
