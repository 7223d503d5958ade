# METADATA
# title: Resource that holds data is in no backup plan
# description: |
#   Nothing makes backups of the data again and again that outlive the resource and its own settings: whoever deletes
#   the resource, or sets it up anew without them, may leave nothing to restore.
#
#   Databases that follow no other, tables, volumes in use, buckets and file systems are judged whose data is
#   authoritative. A rule of a plan of AWS Backup counts if one of its selections has the resource, by ARN, tags and
#   conditions as AWS evaluates them, and what the Region has opted in; a schedule of Data Lifecycle Manager counts for
#   volumes, and the automatic backups of EFS, which are a plan of AWS Backup, for file systems. Where the data is
#   replicated to a table, bucket, file system or database that a plan has, that is enough. A plan that has the resource
#   and fails, or never runs, is what other policies are about.
#
#   Where something else keeps the past, such as automated backups, point-in-time recovery, versions of objects or
#   recent snapshots that somebody makes, the severity is low: only the rules that hold for all backups are missing. The
#   verdict is unknown where a plan, a selection, tags or the settings of the Region could not be collected.
# scope: package
# related_resources:
# - description: Assigning resources to a backup plan of AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# - description: Automate backups with Amazon Data Lifecycle Manager
#   ref: https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [deletion]
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
#     recent_snapshot:
#       default: 129600
#       description: >-
#         Seconds within which the newest snapshot of a volume must have been made to lower the severity. The default is
#         a day and a half, so that a daily program may be late.
#   controls:
#     aws-well-architected: [REL09-BP01, REL09-BP03]
#     aws-config:
#     - aurora-resources-protected-by-backup-plan
#     - dynamodb-resources-protected-by-backup-plan
#     - ebs-resources-protected-by-backup-plan
#     - efs-resources-protected-by-backup-plan
#     - rds-resources-protected-by-backup-plan
#     - s3-resources-protected-by-backup-plan
#     aws-security-hub: [DynamoDB.4, EC2.28, EFS.2, RDS.26]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.4]
#     dora: [12(1)]
#     soc2: [A1.2]
#   control_types:
#     aurora-resources-protected-by-backup-plan: [AWS::RDS::DBCluster]
#     dynamodb-resources-protected-by-backup-plan: [AWS::DynamoDB::Table]
#     ebs-resources-protected-by-backup-plan: [AWS::EC2::Volume]
#     efs-resources-protected-by-backup-plan: [AWS::EFS::FileSystem]
#     rds-resources-protected-by-backup-plan: [AWS::RDS::DBInstance]
#     s3-resources-protected-by-backup-plan: [AWS::S3::Bucket]
#     DynamoDB.4: [AWS::DynamoDB::Table]
#     EC2.28: [AWS::EC2::Volume]
#     EFS.2: [AWS::EFS::FileSystem]
#     RDS.26: [AWS::RDS::DBInstance]
#   practices: [backup-plan-covers-everything]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{region}}
#     effect: >-
#       the bucket keeps versions from now on, without which AWS Backup makes no backups of it; they are billed until a
#       lifecycle rule expires them
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --versioning-configuration=Status=Suspended
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --region={{region}}
#     cost: storage of the versions that are no longer current
#   - argv:
#     - aws
#     - backup
#     - create-backup-selection
#     - --backup-plan-id={{choose.plan_id}}
#     - >-
#       --backup-selection={"SelectionName":"{{choose.selection_name}}","IamRoleArn":"{{inputs.backup_role_arn}}",
#       "Resources":["{{arn}}"]}
#     - --region={{region}}
#     effect: >-
#       the plan makes backups of the resource from its next run on. Where plans select by tag, the tag on the resource
#       says the same and needs no selection of its own
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
#     cost: backup storage by GB and month
#   since: 0.1.0
package hadr.backup.not_in_plan

import data.hadr.lib.backup
import data.hadr.lib.backup.holders

_unplanned := [resource |
	some resource in holders
	not backup.is_scheduled(resource)
	not _is_followed(resource)
]

# What has the same data is in a plan.
_is_followed(resource) if {
	some follower in input.relations.replicates_to[resource.arn]
	backup.is_scheduled(input.by_arn[follower])
}

subjects contains resource.arn if {
	some resource in holders
}

unknowns contains resource.arn if {
	some resource in _unplanned
	backup.may_be_scheduled(resource)
}

violations contains violation if {
	some resource in _unplanned
	not backup.may_be_scheduled(resource)
	not _keeper(resource)
	violation := {
		"resource": resource.arn,
		"message": sprintf("%s is in no backup plan", [resource.name]),
		"evidence": {"schedules": [], "otherwise_kept": null, "role": resource.role},
		"params": backup.unversioned_params(resource),
	}
}

violations contains violation if {
	some resource in _unplanned
	not backup.may_be_scheduled(resource)
	keeper := _keeper(resource)
	is_string(keeper)
	violation := {
		"resource": resource.arn,
		"message": sprintf("%s is in no backup plan and has %s only", [resource.name, keeper]),
		"evidence": {"schedules": [], "otherwise_kept": keeper, "role": resource.role},
		"params": backup.unversioned_params(resource),
		"at_most": "low",
	}
}

_keeper(resource) := backup.native(resource)

_keeper(resource) := "snapshots that somebody makes" if {
	resource.type == "AWS::EC2::Volume"
	_has_recent_snapshot(resource)
}

_has_recent_snapshot(volume) if {
	volume.copies.newest.manual_snapshot <= data.parameters["backup-not-in-plan"].recent_snapshot
}
