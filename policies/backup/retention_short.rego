# METADATA
# title: Backups of a plan are deleted before damage is noticed
# description: |
#   Data that was damaged without anybody noticing is backed up as it is. Once the last backup from before is deleted,
#   nothing brings back what was right.
#
#   Plans of AWS Backup are judged that have a rule which is not known never to run, by the most critical authoritative
#   data that they have, or by their own tags where those say more. All rules of a plan have the same resources, so that
#   one rule that keeps its backups, or copies of them, for `minimum_days` is enough for the others. What is not deleted
#   is kept for ever. A rule with continuous backups cannot keep them for more than 35 days, and more is not asked of it.
#   A rule that never runs keeps nothing. Other plans for the same resources do not count. The severity follows the data
#   as well: medium, or low where nothing is of a higher tier than general.
#
#   The verdict is unknown where the backups are kept for long enough for what the plan is known to have, and it cannot
#   be told whether it has something more critical.
# scope: package
# related_resources:
# - description: Creating a backup plan of AWS Backup, with its lifecycle
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: medium
#     non-production: medium
#   concern: backup
#   scenarios: [deletion, ransom]
#   resource_types: [AWS::Backup::BackupPlan]
#   requires: [backup:ListBackupPlans, backup:GetBackupPlan]
#   parameters:
#     minimum_days:
#       default:
#         mission-critical: 35
#         business-critical: 35
#         general: 14
#         non-production: 1
#       description: Days for which backups have to be kept, which is the time within which damage is noticed.
#   controls:
#     aws-well-architected: [REL09-BP01]
#     aws-config: [backup-plan-min-frequency-and-min-retention-check, backup-recovery-point-minimum-retention-check]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.4]
#     dora: [12(1)]
#     soc2: [A1.2]
#   practices: [backups-kept-35-days]
#   remediation:
#   - argv:
#     - aws
#     - backup
#     - get-backup-plan
#     - --backup-plan-id={{params.plan_id}}
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
#     - --backup-plan-id={{params.plan_id}}
#     - --query=BackupPlan.Rules[].RuleName
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - backup
#     - update-backup-plan
#     - --backup-plan-id={{params.plan_id}}
#     - --backup-plan={{choose.backup_plan}}
#     - --region={{region}}
#     effect: >-
#       backups that are made from now on are kept for longer; those that are there keep the time that they have; give
#       all that the step above prints but each RuleId, which the command refuses, with more DeleteAfterDays in the rule
#       that the finding names
#     risk: review
#     undo:
#     - aws
#     - backup
#     - update-backup-plan
#     - --backup-plan-id={{params.plan_id}}
#     - --backup-plan={{choose.present_backup_plan}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - get-backup-plan
#     - --backup-plan-id={{params.plan_id}}
#     - --query=BackupPlan.Rules[].[RuleName,Lifecycle.DeleteAfterDays]
#     - --region={{region}}
#     cost: backup storage by GB and month, for the additional days
#   since: 0.1.0
package hadr.backup.retention_short

import data.hadr.lib.backup

_resting contains [plan.arn, schedule.rule] if {
	some plan in input.resources["AWS::Backup::BackupPlan"]
	some schedule in plan.schedules.known
	schedule.never_runs == true
}

# Plans in production, with their rules that are not known never to run, and what is asked of them.
_plans := [{"plan": plan, "rules": rules, "asked": asked, "perhaps_asked": perhaps_asked} |
	some plan in input.resources["AWS::Backup::BackupPlan"]
	rules := _live(plan)
	rules != []
	asked := plan.schedules.serves
	perhaps_asked := plan.schedules.may_serve
	perhaps_asked != "non-production"
]

_live(plan) := null if plan.attributes.rules == null

_live(plan) := [rule |
	some rule in plan.attributes.rules
	not [plan.arn, rule.rule_name] in _resting
] if {
	is_array(plan.attributes.rules)
}

_days(criticality) := data.parameters["backup-retention-short"].minimum_days[criticality]

subjects contains entry.plan.arn if {
	some entry in _plans
}

unknowns contains entry.plan.arn if {
	some entry in _plans
	entry.rules == null
}

unknowns contains entry.plan.arn if {
	some entry in _plans
	is_array(entry.rules)
	not _keeps(entry.rules, _days(entry.perhaps_asked))
}

violations contains violation if {
	some entry in _plans
	is_array(entry.rules)
	entry.asked != "non-production"
	days := _days(entry.asked)
	not _keeps(entry.rules, days)
	some rule in entry.rules
	kept := _kept(rule)
	violation := object.union(_bound(entry.asked), {
		"resource": entry.plan.arn,
		"message": sprintf(
			"%s keeps what its rule %s makes for %d days, and %d are asked for",
			[entry.plan.name, rule.rule_name, kept, _needed(rule, days)],
		),
		"evidence": {
			"rule": rule.rule_name,
			"delete_after_days": rule.delete_after_days,
			"copies": [{
				"destination_backup_vault_arn": copy.destination_backup_vault_arn,
				"delete_after_days": copy.delete_after_days,
			} |
				some copy in rule.copy_actions
			],
			"minimum_days": days,
			"criticality": entry.asked,
		},
		"params": {"plan_id": backup.name_of(entry.plan.arn)},
		"discriminator": rule.rule_name,
	})
}

_bound(criticality) := {} if {
	criticality in {"mission-critical", "business-critical"}
} else := {"at_most": "low"}

_keeps(rules, days) if {
	some rule in rules
	_is_long(rule, _needed(rule, days))
}

_is_long(rule, _) if rule.delete_after_days == null

_is_long(rule, days) if {
	is_number(rule.delete_after_days)
	rule.delete_after_days >= days
}

_is_long(rule, days) if {
	some copy in rule.copy_actions
	_is_copy_long(copy, days)
}

_is_copy_long(copy, _) if copy.delete_after_days == null

_is_copy_long(copy, days) if {
	is_number(copy.delete_after_days)
	copy.delete_after_days >= days
}

# AWS Backup keeps no more of what is continuous.
_needed(rule, days) := 35 if {
	rule.enable_continuous_backup == true
	days > 35
} else := days

# Days for which the longest-lived backup of a rule is kept.
_kept(rule) := max(array.concat([rule.delete_after_days], [copy.delete_after_days | some copy in rule.copy_actions]))
