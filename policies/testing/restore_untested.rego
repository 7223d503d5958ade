# METADATA
# title: Nothing shows that the backups of the workload can be restored
# description: |
#   A backup that was never restored is a hope: the key may be gone, the role may lack a permission, the data may be
#   damaged, and nobody knows how long it takes. Those who lose data find out then.
#
#   Workloads are judged that have databases, tables, volumes or file systems with backups, or buckets with backups in
#   vaults, whose data is authoritative; once for each type. One restore of a type within the last quarter suffices for
#   all of the workload's resources of it, or within the last year where the tier is general; that of an instance counts
#   for its volumes. It is looked for among the restores of the last 30 days, what vaults remember of the last restore
#   from each backup, what CloudTrail remembers of databases and tables that were restored, and the ledger. A plan for
#   restore testing makes it seen, and repeats it.
#
#   Until a ledger has watched for all that time, the verdict is unknown where no restore is known, and also where a
#   service that could tell of one refused to. Attestations do not change that, as restores are seen by the services and
#   are not attested. A workload that is younger than that time is judged like the others, because nothing says how old
#   it is.
# scope: package
# related_resources:
# - description: Perform periodic recovery of the data to verify backup integrity and processes, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_backing_up_data_periodic_recovery_testing_data.html
# - description: Restore testing, in AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [deletion, ransom]
#   resource_types: [Workload]
#   requires: [backup:ListRestoreJobs]
#   parameters:
#     maximum_days:
#       default:
#         mission-critical: 92
#         business-critical: 92
#         general: 365
#         non-production: 365
#       description: Days from one restore to the next, at most.
#   controls:
#     aws-well-architected: [REL09-BP04]
#     nist-800-53: [CP-4, CP-9(1)]
#     iso-22301: [8.5]
#     dora: [12(2)]
#     soc2: [A1.3]
#   practices: [restores-tested]
#   remediation:
#   - argv:
#     - aws
#     - backup
#     - create-restore-testing-plan
#     - >-
#       --restore-testing-plan={"RestoreTestingPlanName":"monthly","ScheduleExpression":"cron(0 4 1 * ? *)",
#       "StartWindowHours":24,"RecoveryPointSelection":{"Algorithm":"LATEST_WITHIN_WINDOW","IncludeVaults":["*"],
#       "RecoveryPointTypes":["SNAPSHOT","CONTINUOUS"],"SelectionWindowDays":30}}
#     - --region={{params.region}}
#     effect: >-
#       a plan that restores what its selections name on the first day of each month, from the newest backup in any
#       vault of the Region; once for the Region
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-restore-testing-plan
#     - --restore-testing-plan-name=monthly
#     - --region={{params.region}}
#     verify:
#     - aws
#     - backup
#     - list-restore-testing-plans
#     - --query=RestoreTestingPlans[].[RestoreTestingPlanName,LastExecutionTime]
#     - --region={{params.region}}
#     cost: none before it selects something
#   - argv:
#     - aws
#     - backup
#     - create-restore-testing-selection
#     - --restore-testing-plan-name=monthly
#     - >-
#       --restore-testing-selection={"RestoreTestingSelectionName":"{{choose.selection_name}}",
#       "ProtectedResourceType":"{{params.backup_type}}","IamRoleArn":"{{inputs.backup_role_arn}}",
#       "ProtectedResourceArns":["*"],"ValidationWindowHours":4}
#     - --region={{params.region}}
#     effect: >-
#       AWS Backup restores one resource of the type, leaves it for four hours in which a program can validate it, and
#       deletes it. Only what is in a vault is restored
#     risk: review
#     undo:
#     - aws
#     - backup
#     - delete-restore-testing-selection
#     - --restore-testing-plan-name=monthly
#     - --restore-testing-selection-name={{choose.selection_name}}
#     - --region={{params.region}}
#     verify:
#     - aws
#     - backup
#     - list-restore-jobs
#     - --by-status=COMPLETED
#     - --query=RestoreJobs[].[ResourceType,CompletionDate,ValidationStatus]
#     - --region={{params.region}}
#     cost: a restore test for each resource, and the resource for as long as it is there
#   since: 0.1.0
package hadr.testing.restore_untested

import data.hadr.lib.backup.holders

_maximum := data.parameters["testing-restore-untested"].maximum_days

# What a type is called, and how AWS Backup calls it.
_types := {
	"AWS::RDS::DBInstance": ["DB instances", "RDS"],
	"AWS::RDS::DBCluster": ["DB clusters", "Aurora"],
	"AWS::DocDB::DBCluster": ["DocumentDB clusters", "DocumentDB"],
	"AWS::Neptune::DBCluster": ["Neptune clusters", "Neptune"],
	"AWS::DynamoDB::Table": ["tables", "DynamoDB"],
	"AWS::EC2::Volume": ["volumes", "EBS"],
	"AWS::EFS::FileSystem": ["file systems", "EFS"],
	"AWS::S3::Bucket": ["buckets", "S3"],
}

_backups := {
	"automated_backup", "aws_backup_snapshot", "continuous_backup", "manual_snapshot",
	"replicated_automated_backup",
}

_workloads := {workload.name: workload | some workload in input.workloads}

# Workloads and the types of which they have something with a backup.
_backed_up := {[resource.workload.value, resource.type] |
	some resource in holders
	is_string(resource.workload.value)
	_has_backup(resource)
}

_has_backup(resource) if {
	some copy in resource.copies.known
	copy.kind in _backups
}

# Of those, the ones of which something was restored lately.
_restored := {[workload.name, type] |
	some record in input.evidence.records
	record.kind == "restore"
	workload := _workloads[record.workload]
	is_object(workload)
	record.age <= _window(workload)
	type := _tested(input.by_arn[record.resource].type)
	is_string(type)
}

# With an instance, its volumes are restored.
_tested(type) := "AWS::EC2::Volume" if type == "AWS::EC2::Instance"

_tested(type) := type if type != "AWS::EC2::Instance"

_untested := [{"workload": _workloads[pair[0]], "type": pair[1]} |
	restored := _restored
	some pair in _backed_up
	not pair in restored
]

_days(workload) := _maximum[workload.criticality]

_window(workload) := _days(workload) * 86400

subjects contains _workloads[pair[0]].arn if {
	some pair in _backed_up
}

unknowns contains entry.workload.arn if {
	some entry in _untested
	not _is_known(_window(entry.workload))
}

violations contains violation if {
	some entry in _untested
	_is_known(_window(entry.workload))
	words := _types[entry.type]
	arns := _arns(entry)
	violation := {
		"resource": entry.workload.arn,
		"message": sprintf("%s had none of its %s restored in the last %d days", [
			entry.workload.name,
			words[0],
			_days(entry.workload),
		]),
		"evidence": {"resource_type": entry.type, "resources": count(arns), "within_days": _days(entry.workload)},
		"params": {"backup_type": words[1], "region": input.by_arn[arns[0]].region},
		"discriminator": entry.type,
	}
}

# A ledger was there when the services still remembered it, and all of them answer.
_is_known(seconds) if {
	count(input.evidence.unseen) == 0
	is_number(input.evidence.watched)
	input.evidence.watched >= seconds
}

_arns(entry) := [arn |
	some arn in entry.workload.resources
	input.by_arn[arn].type == entry.type
]
