package hadr.rds.backup_retention_short_test

import data.hadr.lib.test
import data.hadr.rds.backup_retention_short as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_general(days) := test.with_members(
	test.db_instance("general", {"backup_retention_period": days}),
	{"criticality": "general"},
)

test_violated_below_the_days_of_the_tier if {
	document := test.input_of([
		test.db_instance("orders", {"backup_retention_period": 29}),
		test.db_cluster("ledger", {"backup_retention_period": 7}),
		_general(6),
	])
	_violated(document) == {test.arn("db:orders"), test.arn("cluster:ledger"), test.arn("db:general")}
}

test_message_gives_both_numbers if {
	document := test.input_of([test.db_instance("orders", {"backup_retention_period": 7})])
	some violation in policy.violations with input as document
	violation.message == "orders keeps automated backups for 7 of the 30 days that its tier asks for"
	violation.evidence == {"backup_retention_period": 7, "minimum_days": 30}
	violation.params == {"retention_days": 7, "minimum_days": 30}
}

test_satisfied_from_the_days_of_the_tier_on if {
	document := test.input_of([
		test.db_instance("orders", {"backup_retention_period": 30}),
		test.db_cluster("ledger", {"backup_retention_period": 35}),
		_general(7),
		test.with_members(
			test.db_instance("sandbox", {"backup_retention_period": 1}),
			{"criticality": "non-production"},
		),
	])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {
		test.arn("db:orders"),
		test.arn("cluster:ledger"),
		test.arn("db:general"),
		test.arn("db:sandbox"),
	} with input as document
}

test_the_days_can_be_configured if {
	document := test.input_of([_general(10)])
	parameters := {"rds-backup-retention-short": {"minimum_days": {"general": 14}}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == {test.arn("db:general")}
}

test_unknown_when_the_api_did_not_say if {
	document := test.input_of([test.db_instance("orders", {"backup_retention_period": null})])
	_violated(document) == set()
	policy.unknowns == {test.arn("db:orders")} with input as document
}

test_unknown_when_aws_backup_sets_a_short_retention if {
	point := "arn:aws:backup:eu-west-1:123456789012:recovery-point:continuous:db-A"
	document := test.input_of([
		test.db_instance("orders", {"backup_retention_period": 7, "aws_backup_recovery_point_arn": point}),
		test.db_instance("billing", {"backup_retention_period": 35, "aws_backup_recovery_point_arn": point}),
	])
	_violated(document) == set()
	policy.unknowns == {test.arn("db:orders")} with input as document
}

test_not_applicable_to_what_has_no_backups_of_its_own if {
	document := test.input_with(
		[
			test.db_instance("off", {"backup_retention_period": 0}),
			test.db_instance("replica", {"backup_retention_period": 1, "role": "read_replica"}),
			test.db_instance("reader", {"backup_retention_period": 1, "role": "aurora_member"}),
			test.db_instance("new", {"backup_retention_period": 1, "db_instance_status": "creating"}),
			test.db_cluster("secondary", {"backup_retention_period": 1}),
			test.docdb_cluster("documents", {"backup_retention_period": 1}),
		],
		{"relations": {"reads_from": {test.arn("cluster:secondary"): [test.arn("cluster:ledger")]}}},
	)
	policy.subjects == set() with input as document
}
