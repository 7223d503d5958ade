package hadr.backup.retention_short_test

import data.hadr.backup.retention_short as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup

# A plan that has mission-critical data.
_plan(rules) := _serving(test_backup.plan("nightly", {"rules": rules}), "mission-critical", "mission-critical")

# The same plan where the most critical data that it has, and that it may have, is such.
_serving(plan, certain, perhaps) := test.with_members(plan, {"schedules": {
	"known": [],
	"serves": certain,
	"may_serve": perhaps,
}})

_short := test_backup.rule("daily", {"delete_after_days": 7})

_general(plan) := _serving(plan, "general", "general")

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_discriminators(document) := {violation.discriminator | some violation in policy.violations with input as document}

_arn := test_backup.plan_arn("nightly")

test_violated_where_no_rule_keeps_for_long_enough if {
	document := test_backup.input_with([_plan([_short])], {})
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.message == "nightly keeps what its rule daily makes for 7 days, and 35 are asked for"
	violation.evidence == {
		"rule": "daily",
		"delete_after_days": 7,
		"copies": [],
		"minimum_days": 35,
		"criticality": "mission-critical",
	}
	violation.params == {"plan_id": "nightly"}
	violation.discriminator == "daily"
}

test_each_rule_is_named if {
	rules := [_short, test_backup.rule("hourly", {"delete_after_days": 1})]
	_discriminators(test_backup.input_with([_plan(rules)], {})) == {"daily", "hourly"}
}

test_the_longest_lived_copy_of_a_rule_is_named if {
	copy := {"destination_backup_vault_arn": test_backup.foreign_vault_arn("eu-central-1"), "delete_after_days": 14}
	rule := test_backup.rule("daily", {"delete_after_days": 7, "copy_actions": [copy]})
	document := test_backup.input_with([_plan([rule])], {})
	some violation in policy.violations with input as document
	violation.message == "nightly keeps what its rule daily makes for 14 days, and 35 are asked for"
	violation.evidence.copies == [copy]
}

test_satisfied_where_one_rule_keeps_for_long_enough if {
	every rules in [
		[test_backup.rule("daily", {})],
		[_short, test_backup.rule("monthly", {"delete_after_days": 365})],
		[_short, test_backup.rule("yearly", {"delete_after_days": null})],
		[test_backup.rule("daily", {"delete_after_days": 7, "copy_actions": [
			{"destination_backup_vault_arn": test_backup.vault_arn("far"), "delete_after_days": 35},
		]})],
		[test_backup.rule("daily", {"delete_after_days": 7, "copy_actions": [
			{"destination_backup_vault_arn": test_backup.vault_arn("far"), "delete_after_days": null},
		]})],
	] {
		document := test_backup.input_with([_plan(rules)], {})
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_arn}
	}
}

test_the_days_are_those_of_the_plan if {
	fortnight := _plan([test_backup.rule("daily", {"delete_after_days": 14})])
	_violated(test_backup.input_with([fortnight], {})) == {_arn}
	_violated(test_backup.input_with([_general(fortnight)], {})) == set()
	_violated(test_backup.input_with([_general(_plan([_short]))], {})) == {_arn}
}

# The rules of the plan, as the index reads them.
_with_rules(document, rules) := test.with_derived(document, {"schedules": {_arn: {"known": rules}}})

_fortnight := _general(_plan([test_backup.rule("daily", {"delete_after_days": 14})]))

test_the_days_are_those_of_the_most_critical_data_that_it_has if {
	every criticality in ["mission-critical", "business-critical"] {
		document := test_backup.input_with([_serving(_fortnight, criticality, criticality)], {})
		_violated(document) == {_arn}
		some violation in policy.violations with input as document
		violation.evidence.criticality == criticality
		violation.evidence.minimum_days == 35
		not violation.at_most
	}
	_violated(test_backup.input_with([_fortnight], {})) == set()
}

test_low_where_nothing_is_more_critical_than_general if {
	document := test_backup.input_with([_general(_plan([_short]))], {})
	{violation.at_most | some violation in policy.violations with input as document} == {"low"}
}

test_unknown_where_it_may_have_data_that_is_more_critical if {
	document := test_backup.input_with([_serving(_fortnight, "general", "mission-critical")], {})
	_unknown(document) == {_arn}
	_violated(document) == set()
	_unknown(test_backup.input_with([_fortnight], {})) == set()

	# What it is too short for in any case does not depend on that.
	short := _serving(_plan([_short]), "general", "mission-critical")
	_violated(test_backup.input_with([short], {})) == {_arn}
}

test_a_rule_that_never_runs_keeps_nothing if {
	plan := _plan([_short, test_backup.rule("yearly", {"delete_after_days": 365})])
	never := test_backup.schedule({"rule": "yearly", "never_runs": true, "period": null})
	serving := test_backup.input_with([plan], {})
	document := _with_rules(serving, [test_backup.schedule({}), never])
	_violated(document) == {_arn}
	_discriminators(document) == {"daily"}
	runs := test_backup.schedule({"rule": "yearly"})
	_violated(_with_rules(serving, [test_backup.schedule({}), runs])) == set()
}

test_not_applicable_to_what_makes_nothing if {
	never := test_backup.schedule({"never_runs": true, "period": null})
	_judged(_with_rules(test_backup.input_with([_plan([_short])], {}), [never])) == set()
	_judged(test_backup.input_with([_plan([])], {})) == set()
}

test_not_applicable_where_nothing_is_production if {
	plan := _serving(_plan([_short]), "non-production", "non-production")
	_judged(test_backup.input_with([plan], {})) == set()
}

test_no_more_is_asked_of_continuous_backups_than_they_can if {
	parameters := {"backup-retention-short": {"minimum_days": {"mission-critical": 90}}}
	continuous := test_backup.rule("daily", {"enable_continuous_backup": true})
	kept := policy.violations with input as test_backup.input_with([_plan([continuous])], {})
		with data.parameters as parameters
	kept == set()
	document := test_backup.input_with([_plan([test_backup.rule("daily", {})])], {})
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == {_arn}
}

test_unknown_where_the_rules_were_not_collected if {
	document := test_backup.input_with([_plan(null)], {})
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_not_applicable_without_a_plan if {
	_judged(test_backup.input_with([test.db_instance("orders", {})], {})) == set()
}
