# METADATA
# description: |
#   Plans, schedules, vaults, backups, jobs and keys for the tests of policies, as `hadr.lib.test` has the rest.
package hadr.lib.test_backup

import data.hadr.lib.test

# An ARN of AWS Backup in the Region of the tests.
arn(resource) := arn_in(test.region, resource)

arn_in(a_region, resource) := sprintf("arn:aws:backup:%s:%s:%s", [a_region, test.account, resource])

plan_arn(id) := arn(sprintf("backup-plan:%s", [id]))

vault_arn(name) := vault_arn_in(test.region, name)

vault_arn_in(a_region, name) := arn_in(a_region, sprintf("backup-vault:%s", [name]))

# The vault of another account.
foreign_vault_arn(a_region) := sprintf("arn:aws:backup:%s:210987654321:backup-vault:vaulted", [a_region])

key_arn(id) := sprintf("arn:aws:kms:%s:%s:key/%s", [test.region, test.account, id])

# A plan of one rule, as `rule` makes it, that ran tonight.
plan(id, attributes) := test.resource("AWS::Backup::BackupPlan", plan_arn(id), id, object.union(
	{
		"rules": [rule("daily", {})],
		"last_execution_date": "2026-11-22T01:00:00Z",
		"creation_date": "2025-01-01T00:00:00Z",
	},
	attributes,
))

# A rule that makes a backup a day and keeps it for 35 days.
rule(name, settings) := object.union(
	{
		"rule_name": name,
		"target_backup_vault_name": "main",
		"target_logically_air_gapped_backup_vault_arn": null,
		"schedule_expression": "cron(0 1 ? * * *)",
		"start_window_minutes": 60,
		"completion_window_minutes": 1440,
		"delete_after_days": 35,
		"enable_continuous_backup": false,
		"copy_actions": [],
	},
	settings,
)

# What a plan selects.
selection(plan_id) := test.resource(
	"AWS::Backup::BackupSelection",
	sprintf("%s/selection/1", [plan_arn(plan_id)]),
	"all",
	{
		"backup_plan": plan_arn(plan_id),
		"resources": ["*"],
		"not_resources": [],
		"list_of_tags": [],
		"conditions": {"string_equals": [], "string_not_equals": [], "string_like": [], "string_not_like": []},
	},
)

# A rule that has a resource, as the index lists it below `schedules.known` of a resource: once a day, begun within an hour.
schedule(settings) := object.union(
	{
		"by": "aws_backup",
		"arn": plan_arn("nightly"),
		"rule": "daily",
		"period": 86400,
		"never_runs": false,
		"start_window": 3600,
		"retention": 3024000,
		"continuous": false,
		"vault": vault_arn("main"),
		"copies": [],
	},
	settings,
)

# One of Data Lifecycle Manager.
lifecycle_schedule(settings) := schedule(object.union(
	{
		"by": "dlm",
		"arn": sprintf("arn:aws:dlm:%s:%s:policy/policy-1", [test.region, test.account]),
		"vault": null,
	},
	settings,
))

# Where it copies its backups to.
copies_to(a_vault_arn) := {"copies": [{
	"vault": a_vault_arn,
	"region": split(a_vault_arn, ":")[3],
	"account": split(a_vault_arn, ":")[4],
	"retention": null,
}]}

# What makes backups of a resource, as the index says.
scheduled(known) := {"known": known, "possible": [], "unseen": [], "is_waiting": false}

# The same where nobody looked into what they copy their backups to.
scheduled_out_of_sight(known) := object.union(
	scheduled(known),
	{"out_of_sight": [destination | some entry in known; some destination in entry.copies]},
)

# The same of a resource that was made so short a time ago that none need have run.
waiting(known) := {"known": known, "possible": [], "unseen": [], "is_waiting": true}

# A backup in a vault, as the index lists it below `copies.known` of a resource.
copy(a_vault_arn, age) := {
	"kind": "aws_backup_snapshot",
	"arn": sprintf("%s/point", [a_vault_arn]),
	"region": split(a_vault_arn, ":")[3],
	"account": split(a_vault_arn, ":")[4],
	"vault": a_vault_arn,
	"off_region": split(a_vault_arn, ":")[3] != test.region,
	"age": age,
}

# A vault without a lock, in the Region of its ARN.
vault(a_vault_arn, attributes) := test.with_members(
	test.resource("AWS::Backup::BackupVault", a_vault_arn, split(a_vault_arn, ":")[6], object.union(
		{
			"vault_type": "BACKUP_VAULT",
			"vault_state": "AVAILABLE",
			"locked": false,
			"lock_date": null,
			"min_retention_days": null,
			"max_retention_days": null,
			"number_of_recovery_points": 1,
			"encryption_key_arn": key_arn("1"),
		},
		attributes,
	)),
	{"region": split(a_vault_arn, ":")[3], "account": split(a_vault_arn, ":")[4]},
)

# A vault with what is in it, as the index says.
vault_with(a_vault_arn, held) := test.with_members(vault(a_vault_arn, {}), {"holds": held})

# Backups of databases of this account that work.
held(settings) := object.union(
	{
		"resource_type": "RDS",
		"source": {"account": test.account, "region": test.region, "criticality": "mission-critical"},
		"is_restorable": true,
		"is_encrypted": true,
		"encryption_key_arn": key_arn("1"),
	},
	settings,
)

# A backup that failed two hours ago on its way into a vault, as the index lists it below `schedules.failed` of a resource.
failed_backup(a_vault_arn, settings) := object.union(
	{
		"kind": "backup",
		"vault": a_vault_arn,
		"state": "FAILED",
		"message_category": "AccessDenied",
		"began": "2026-11-22T01:00:00Z",
	},
	settings,
)

failed_copy(a_vault_arn, settings) := object.union(failed_backup(a_vault_arn, {"kind": "copy"}), settings)

# A plan that restored databases a month ago.
restore_testing_plan(name, attributes) := test.resource(
	"AWS::Backup::RestoreTestingPlan",
	arn(sprintf("restore-testing-plan:%s", [name])),
	name,
	object.union(
		{
			"schedule_expression": "cron(0 4 1 * ? *)",
			"last_execution_time": "2026-10-22T04:00:00Z",
			"protected_resource_types": ["RDS"],
		},
		attributes,
	),
)

# A key that customers manage and that works.
key(id, attributes) := test.resource("AWS::KMS::Key", key_arn(id), id, object.union(
	{
		"key_state": "Enabled",
		"key_manager": "CUSTOMER",
		"deletion_date": null,
		"multi_region": false,
		"multi_region_keys": [],
	},
	attributes,
))

# The input with these resources, where everything about backups was asked for.
input_with(resources, parts) := test.input_with(resources, object.union(
	{"coverage": {operation: {region: "collected" | some region in ["eu-central-1", "eu-west-1", "us-west-1"]} |
		some operation in [
			"backup:ListBackupPlans", "backup:ListBackupVaults", "backup:ListRestoreTestingPlans", "kms:ListKeys",
		]
	}},
	parts,
))
