# METADATA
# title: Backups of a plan are deleted before damage is noticed
# description: |
#   Data that was damaged without anybody noticing is backed up as it is. Once the last backup from before is deleted,
#   nothing brings back what was right.
#
#   Every plan of AWS Backup is judged, by its own tags. All rules of a plan have the same resources, so that one rule
#   that keeps its backups, or copies of them, for `minimum_days` is enough for the others. What is not deleted is kept
#   for ever. A rule with continuous backups cannot keep them for more than 35 days, and more is not asked of it. Other
#   plans for the same resources do not count, nor is it looked at what a plan selects.
# scope: package
# related_resources:
# - description: Creating a backup plan of AWS Backup, with its lifecycle
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
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
#     - update-backup-plan
#     - --backup-plan-id={{params.plan_id}}
#     - --backup-plan={{choose.backup_plan}}
#     - --region={{region}}
#     effect: >-
#       backups that are made from now on are kept for longer; those that are there keep the time that they have. The
#       command replaces the whole plan: put all rules as get-backup-plan prints them, with other DeleteAfterDays
#     risk: review
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

_plans := input.resources["AWS::Backup::BackupPlan"]

_days(plan) := data.parameters["backup-retention-short"].minimum_days[plan.criticality]

subjects contains plan.arn if {
	some plan in _plans
}

unknowns contains plan.arn if {
	some plan in _plans
	plan.attributes.rules == null
}

violations contains violation if {
	some plan in _plans
	is_array(plan.attributes.rules)
	days := _days(plan)
	not _keeps(plan, days)
	some rule in plan.attributes.rules
	kept := _kept(rule)
	violation := {
		"resource": plan.arn,
		"message": sprintf(
			"%s keeps what its rule %s makes for %d days, and %d are asked for",
			[plan.name, rule.rule_name, kept, _needed(rule, days)],
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
		},
		"params": {"plan_id": backup.name_of(plan.arn)},
		"discriminator": rule.rule_name,
	}
}

_keeps(plan, days) if {
	some rule in plan.attributes.rules
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
