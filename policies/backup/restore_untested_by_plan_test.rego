package hadr.backup.restore_untested_by_plan_test

import data.hadr.backup.restore_untested_by_plan as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup

_orders := test.db_instance("orders", {})

_main := test_backup.vault_arn("main")

_dr := test_backup.vault_arn_in("eu-central-1", "dr")

_vault := test_backup.vault_with(_main, [test_backup.held({})])

_copies := test_backup.vault_with(_dr, [test_backup.held({})])

# The vault with backups of something that is worth so much.
_vault_of(criticality) := test_backup.vault_with(
	_main,
	[test_backup.held({"source": {"account": test.account, "region": test.region, "criticality": criticality}})],
)

_region(name) := sprintf("arn:aws:account::%s:region/%s", [test.account, name])

_here := _region("eu-west-1")

_document(others) := test_backup.input_with(array.concat([_orders, _vault], others), {})

_plan(attributes) := test_backup.restore_testing_plan("quarterly", attributes)

_restore(attributes) := test.resource("AWS::Backup::RestoreJob", test_backup.arn("restore-job/1"), "1", object.union(
	{
		"source_resource_arn": _orders.arn,
		"resource_type": "RDS",
		"creation_date": "2026-11-20T01:00:00Z",
		"completion_date": "2026-11-20T02:00:00Z",
		"validation_status": null,
		"restore_testing_plan_arn": null,
	},
	attributes,
))

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_bounds(document) := {violation.at_most | some violation in policy.violations with input as document}

test_violated_without_a_plan if {
	document := _document([])
	_violated(document) == {_here}
	some violation in policy.violations with input as document
	violation.message == "eu-west-1 has backups of RDS that no restore testing plan restores"
	violation.evidence == {
		"resource_type": "RDS",
		"kept_in": ["eu-west-1"],
		"plans": [],
		"restored_by_hand": false,
		"maximum_age": 7948800,
	}
	violation.params == {"resource_type": "RDS"}
	violation.discriminator == "RDS"
	not violation.at_most
}

test_violated_by_plans_that_do_not_run_or_select_something_else if {
	every attributes in [
		{"last_execution_time": null},
		{"last_execution_time": "2026-08-22T02:59:59Z"},
		{"protected_resource_types": ["DynamoDB"]},
		{"protected_resource_types": []},
	] {
		document := _document([_plan(attributes)])
		_violated(document) == {_here}
		_unknown(document) == set()
	}
	_violated(_document([_plan({"last_execution_time": "2026-08-22T03:00:00Z"})])) == set()
}

test_each_type_is_missed_for_itself if {
	vault := test_backup.vault_with(_main, [test_backup.held({}), test_backup.held({"resource_type": "EBS"})])
	document := test_backup.input_with([vault, _plan({})], {})
	{violation.discriminator | some violation in policy.violations with input as document} == {"EBS"}
}

test_satisfied_by_a_plan_that_ran_within_the_quarter if {
	document := _document([_plan({})])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_here}
}

test_satisfied_by_a_plan_where_the_copies_are if {
	plan := test.with_members(_plan({}), {"region": "eu-central-1"})
	_violated(_document([plan])) == {_here}
	_violated(_document([plan, _copies])) == set()
}

test_the_age_can_be_configured if {
	document := _document([_plan({})])
	parameters := {"backup-restore-untested-by-plan": {"maximum_age": 86400}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == {_here}
}

test_the_severity_is_that_of_what_is_worth_most if {
	every case in [["mission-critical", set()], ["business-critical", {"low"}], ["general", {"info"}]] {
		held := array.concat(_vault_of(case[0]).holds, _vault_of("general").holds)
		document := test_backup.input_with([test_backup.vault_with(_main, held)], {})
		_violated(document) == {_here}
		_bounds(document) == case[1]
	}
}

test_what_was_restored_by_hand_is_worth_knowing if {
	_bounds(_document([_restore({})])) == {"info"}
	_bounds(_document([_restore({"validation_status": "FAILED"})])) == set()
	by_plan := _restore({"restore_testing_plan_arn": test_backup.arn("restore-testing-plan:quarterly")})
	_bounds(_document([by_plan])) == set()
}

test_unknown_where_it_is_not_known_what_a_plan_restores if {
	document := _document([_plan({"protected_resource_types": null})])
	_unknown(document) == {_here}
	_violated(document) == set()
}

test_unknown_where_plans_of_the_region_of_a_copy_were_not_listed if {
	denied := {"coverage": {"backup:ListRestoreTestingPlans": {"eu-central-1": "denied"}}}
	document := test_backup.input_with([_vault, _copies], denied)
	_unknown(document) == {_here}
	_violated(document) == set()
	_violated(test_backup.input_with([_vault], denied)) == {_here}
}

test_not_applicable_without_backups_of_production if {
	foreign := {"account": "210987654321", "region": test.region, "criticality": "general"}
	every vault in [
		test_backup.vault(_main, {}),
		_vault_of("non-production"),
		test_backup.vault_with(_main, [test_backup.held({"source": null})]),
		test_backup.vault_with(_main, [test_backup.held({"source": foreign})]),
		test_backup.vault_with(_main, [test_backup.held({"is_restorable": false})]),
		test_backup.vault_with(_main, [test_backup.held({"resource_type": null})]),
	] {
		_judged(test_backup.input_with([vault], {})) == set()
	}
}
