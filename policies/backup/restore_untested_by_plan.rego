# METADATA
# title: No restore testing plan restores the backups of the Region
# description: |
#   A backup that was never restored is a hope: whether it can be, how long that takes and what is missing then is found
#   out when it counts.
#
#   Regions are judged in which production resources are that AWS Backup has backups of. Each type of them needs a
#   restore testing plan that has run within `maximum_age` and selects the type, in the Region of the resources or in
#   one that their backups are copied to. What such a plan restored is deleted again; whether it worked is not looked at
#   here. Types that somebody has restored by hand within the last 30 days are worth knowing only.
#
#   A Region has no tier of its own: the severity is medium where a mission-critical resource has such backups, low
#   where a business-critical one has, and otherwise it is worth knowing. The verdict is unknown where the plans of a
#   Region with such backups, or what one of them selects, could not be listed. Backups of what is not collected, such
#   as file systems of FSx, are not looked for.
# scope: package
# related_resources:
# - description: Restore testing of AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing.html
# - description: Perform periodic recovery of the data to verify backup integrity and processes
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_backing_up_data_periodic_recovery_testing_data.html
# custom:
#   severity: medium
#   concern: backup
#   scenarios: [deletion]
#   resource_types: [AWS::Region]
#   requires: [backup:ListBackupVaults, backup:ListRecoveryPointsByBackupVault, backup:ListRestoreTestingPlans]
#   parameters:
#     maximum_age:
#       default: 7948800
#       description: Seconds within which a plan must have run; 92 days by default, the longest quarter.
#   controls:
#     aws-well-architected: [REL09-BP04]
#     nist-800-53: [CP-9(1)]
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
#       --restore-testing-plan={"RestoreTestingPlanName":"quarterly",
#       "ScheduleExpression":"cron(0 4 1 1,4,7,10 ? *)","StartWindowHours":8,
#       "RecoveryPointSelection":{"Algorithm":"LATEST_WITHIN_WINDOW","IncludeVaults":["*"],
#       "RecoveryPointTypes":["SNAPSHOT","CONTINUOUS"],"SelectionWindowDays":30}}
#     - --region={{region}}
#     effect: a plan that runs every quarter; it restores nothing before the next step, and is there once for the Region
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-restore-testing-plan
#     - --restore-testing-plan-name=quarterly
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-restore-testing-plans
#     - --query=RestoreTestingPlans[].[RestoreTestingPlanName,LastExecutionTime]
#     - --region={{region}}
#     cost: none before it selects something
#   - argv:
#     - aws
#     - backup
#     - create-restore-testing-selection
#     - --restore-testing-plan-name=quarterly
#     - >-
#       --restore-testing-selection={"RestoreTestingSelectionName":"{{params.resource_type}}",
#       "ProtectedResourceType":"{{params.resource_type}}","IamRoleArn":"{{inputs.backup_role_arn}}",
#       "ProtectedResourceArns":["*"],"ValidationWindowHours":4}
#     - --region={{region}}
#     effect: >-
#       the plan restores the newest backup of each resource of the type beside it, leaves it for four hours to whoever
#       validates it, and deletes it. The role has to be allowed to restore
#     risk: review
#     undo:
#     - aws
#     - backup
#     - delete-restore-testing-selection
#     - --restore-testing-plan-name=quarterly
#     - --restore-testing-selection-name={{params.resource_type}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-restore-testing-selections
#     - --restore-testing-plan-name=quarterly
#     - --query=RestoreTestingSelections[].[RestoreTestingSelectionName,ProtectedResourceType]
#     - --region={{region}}
#     cost: a charge for each test, and what is restored for as long as it is there
#   since: 0.1.0
package hadr.backup.restore_untested_by_plan

import data.hadr.lib.instant

_maximum_age := data.parameters["backup-restore-untested-by-plan"].maximum_age

# What there is to test: Region of the resource, its type, where the backup lies, and what the resource is worth.
_kept := {[held.source.region, held.resource_type, vault.region, held.source.criticality] |
	some vault in input.resources["AWS::Backup::BackupVault"]
	some held in vault.holds
	held.is_restorable == true
	is_string(held.resource_type)
	held.source.account == input.account.name
	held.source.criticality != "non-production"
}

_recent_plans := [plan |
	some plan in input.resources["AWS::Backup::RestoreTestingPlan"]
	instant.age(plan.attributes.last_execution_time) <= _maximum_age
]

# Where which types are restored.
_tested := {[plan.region, type] |
	some plan in _recent_plans
	is_array(plan.attributes.protected_resource_types)
	some type in plan.attributes.protected_resource_types
}

# Where it is not known which.
_unclear := {plan.region |
	some plan in _recent_plans
	plan.attributes.protected_resource_types == null
} | {region.name |
	some region in input.regions
	not input.coverage["backup:ListRestoreTestingPlans"][region.name] in {"collected", "region_disabled"}
}

# Regions with the types that something restores, or may.
_covered := {[entry[0], entry[1]] | some entry in _kept; [entry[2], entry[1]] in _tested}

_perhaps_covered := {[entry[0], entry[1]] | some entry in _kept; entry[2] in _unclear}

_uncovered := {[entry[0], entry[1]] | some entry in _kept} - _covered

subjects contains region.arn if {
	kept := {entry[0] | some entry in _kept}
	some region in input.regions
	region.name in kept
}

unknowns contains region.arn if {
	some pair in _uncovered & _perhaps_covered
	some region in input.regions
	region.name == pair[0]
}

violations contains violation if {
	some pair in _uncovered - _perhaps_covered
	some region in input.regions
	region.name == pair[0]
	violation := object.union(_bound(pair), {
		"resource": region.arn,
		"message": sprintf("%s has backups of %s that no restore testing plan restores", [region.name, pair[1]]),
		"evidence": {
			"resource_type": pair[1],
			"kept_in": [name | some name in {entry[2] | some entry in _kept; [entry[0], entry[1]] == pair}],
			"plans": [{"name": plan.name, "last_execution_time": plan.attributes.last_execution_time} |
				some plan in input.resources["AWS::Backup::RestoreTestingPlan"]
				plan.region == region.name
			],
			"restored_by_hand": pair in _by_hand,
			"maximum_age": _maximum_age,
		},
		"params": {"resource_type": pair[1]},
		"discriminator": pair[1],
	})
}

# What somebody has restored without a plan lately.
_by_hand := {[source.region, job.attributes.resource_type] |
	some job in input.resources["AWS::Backup::RestoreJob"]
	job.attributes.restore_testing_plan_arn == null
	job.attributes.validation_status != "FAILED"
	source := input.by_arn[job.attributes.source_resource_arn]
}

_bound(pair) := {"at_most": "info"} if {
	pair in _by_hand
} else := {} if {
	"mission-critical" in _worth(pair)
} else := {"at_most": "low"} if {
	"business-critical" in _worth(pair)
} else := {"at_most": "info"}

_worth(pair) := {entry[3] | some entry in _kept; [entry[0], entry[1]] == pair}
