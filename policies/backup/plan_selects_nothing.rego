# METADATA
# title: Backup plan, or one of its rules, makes no backups
# description: |
#   A plan without a selection, without rules, or whose rules never run again makes nothing, and a rule that never runs
#   adds nothing to the others. Whoever sees it among the plans takes the data for protected.
#
#   Every plan of AWS Backup is judged. A selection counts whatever it selects: one whose tags or ARNs no resource has
#   is not told from one that has resources of types that are not collected. That a schedule never runs, because its
#   dates are over or do not exist, is known of plans that select something that was collected. Where another rule of
#   the plan runs, one that never does is of low severity, because there are backups all the same.
#
#   The verdict is unknown where the rules of a plan were not collected, or where the expression of a schedule cannot be
#   read.
# scope: package
# related_resources:
# - description: Assigning resources to a backup plan of AWS Backup
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: backup
#   scenarios: [deletion]
#   resource_types: [AWS::Backup::BackupPlan]
#   requires: [backup:ListBackupPlans, backup:GetBackupPlan, backup:ListBackupSelections]
#   controls:
#     aws-well-architected: [REL09-BP03]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.5]
#     dora: [12(1)]
#     soc2: [A1.2]
#   practices: [backup-plan-covers-everything]
#   remediation:
#   - argv:
#     - aws
#     - backup
#     - create-backup-selection
#     - --backup-plan-id={{params.unselective_plan}}
#     - >-
#       --backup-selection={"SelectionName":"{{choose.selection_name}}","IamRoleArn":"{{inputs.backup_role_arn}}",
#       "ListOfTags":[{"ConditionType":"STRINGEQUALS","ConditionKey":"{{choose.tag_key}}",
#       "ConditionValue":"{{choose.tag_value}}"}]}
#     - --region={{region}}
#     effect: the plan makes backups of everything with the tag that the Region has opted in
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-backup-selection
#     - --backup-plan-id={{params.unselective_plan}}
#     - --selection-id={{choose.selection_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-backup-selections
#     - --backup-plan-id={{params.unselective_plan}}
#     - --query=BackupSelectionsList[].[SelectionId,SelectionName]
#     - --region={{region}}
#     cost: backup storage by GB and month
#   - argv:
#     - aws
#     - backup
#     - get-backup-plan
#     - --backup-plan-id={{params.idle_plan}}
#     - --query=BackupPlan
#     - --region={{region}}
#     effect: >-
#       prints the whole plan, which the next step replaces; keep it for the way back, and read it again where another
#       finding has changed it in the meantime. Nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - backup
#     - get-backup-plan
#     - --backup-plan-id={{params.idle_plan}}
#     - --query=BackupPlan.Rules[].RuleName
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - backup
#     - update-backup-plan
#     - --backup-plan-id={{params.idle_plan}}
#     - --backup-plan={{choose.backup_plan}}
#     - --region={{region}}
#     effect: >-
#       the plan has rules with schedules that come again; give all that the step above prints but each RuleId, which
#       the command refuses, with other schedules, or rules where there are none
#     risk: review
#     undo:
#     - aws
#     - backup
#     - update-backup-plan
#     - --backup-plan-id={{params.idle_plan}}
#     - --backup-plan={{choose.present_backup_plan}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - get-backup-plan
#     - --backup-plan-id={{params.idle_plan}}
#     - --query=BackupPlan.Rules[].[RuleName,ScheduleExpression]
#     - --region={{region}}
#     cost: backup storage by GB and month
#   since: 0.1.0
package hadr.backup.plan_selects_nothing

import data.hadr.lib.backup

_plans := input.resources["AWS::Backup::BackupPlan"]

_selective := {selection.attributes.backup_plan |
	some selection in input.resources["AWS::Backup::BackupSelection"]
}

# What becomes of the rules of plans.
_rules contains [plan.arn, schedule.rule, state] if {
	some plan in _plans
	some schedule in plan.schedules.known
	state := _state(schedule)
}

_state(schedule) := "rests" if {
	schedule.never_runs == true
} else := "runs" if {
	is_number(schedule.period)
} else := "unreadable"

_resting contains rule[0] if {
	some rule in _rules
	rule[2] == "rests"
}

# Plans with a rule that runs, or of which that is not known.
_running contains rule[0] if {
	some rule in _rules
	rule[2] != "rests"
}

subjects contains plan.arn if {
	some plan in _plans
}

unknowns contains plan.arn if {
	some plan in _plans
	plan.attributes.rules == null
}

unknowns contains plan.arn if {
	some plan in _plans
	some rule in _rules
	rule[0] == plan.arn
	rule[2] == "unreadable"
}

violations contains violation if {
	selective := _selective
	some plan in _plans
	not plan.arn in selective
	violation := _violation(plan, "selects nothing", "selection", {"unselective_plan": backup.name_of(plan.arn)})
}

violations contains violation if {
	some plan in _plans
	plan.attributes.rules == []
	violation := _violation(plan, "has no rules", "rules", {"idle_plan": backup.name_of(plan.arn)})
}

violations contains violation if {
	idle := _resting - _running
	some plan in _plans
	plan.arn in idle
	violation := _violation(plan, "has only rules that never run", "schedule", {"idle_plan": backup.name_of(plan.arn)})
}

violations contains violation if {
	some plan in _plans
	plan.arn in _running
	some rule in _rules
	rule[0] == plan.arn
	rule[2] == "rests"
	fact := sprintf("has the rule %s, which never runs", [rule[1]])
	discriminator := concat(" ", ["schedule", rule[1]])
	idle := _violation(plan, fact, discriminator, {"idle_plan": backup.name_of(plan.arn)})
	violation := object.union(idle, {"evidence": {"rule": rule[1]}, "at_most": "low"})
}

_violation(plan, fact, discriminator, params) := {
	"resource": plan.arn,
	"message": concat(" ", [plan.name, fact]),
	"evidence": {"rules": plan.attributes.rules, "last_execution_date": plan.attributes.last_execution_date},
	"params": params,
	"discriminator": discriminator,
}
