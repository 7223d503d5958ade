package hadr.backup.plan_selects_nothing_test

import data.hadr.backup.plan_selects_nothing as policy
import data.hadr.lib.test_backup

_plan := test_backup.plan("nightly", {})

_selection := test_backup.selection("nightly")

_never := {"never_runs": true, "period": null}

_with_schedules(lists) := test_backup.input_with(
	[_plan, _selection],
	{"schedules": {_plan.arn: object.union({"known": [], "possible": [], "unseen": []}, lists)}},
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_without_a_selection if {
	document := test_backup.input_with([_plan, test_backup.selection("other")], {})
	_violated(document) == {_plan.arn}
	some violation in policy.violations with input as document
	violation.message == "nightly selects nothing"
	violation.params == {"unselective_plan": "nightly"}
	violation.discriminator == "selection"
}

test_violated_without_rules if {
	document := test_backup.input_with([test_backup.plan("nightly", {"rules": []}), _selection], {})
	_violated(document) == {_plan.arn}
	some violation in policy.violations with input as document
	violation.message == "nightly has no rules"
	violation.params == {"idle_plan": "nightly"}
}

test_violated_where_no_rule_ever_runs if {
	document := _with_schedules({"known": [test_backup.schedule(_never)]})
	_violated(document) == {_plan.arn}
	some violation in policy.violations with input as document
	violation.message == "nightly has only rules that never run"
	violation.discriminator == "schedule"
	not violation.at_most
}

test_satisfied_where_every_rule_runs if {
	weekly := test_backup.schedule({"rule": "weekly"})
	document := _with_schedules({"known": [test_backup.schedule({}), weekly]})
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_plan.arn}
	_violated(test_backup.input_with([_plan, _selection], {})) == set()
}

test_low_where_one_rule_never_runs_and_another_does if {
	yearly := test_backup.schedule(object.union(_never, {"rule": "yearly"}))
	every other in [test_backup.schedule({}), test_backup.schedule({"period": null})] {
		document := _with_schedules({"known": [other, yearly]})
		_violated(document) == {_plan.arn}
		violations := policy.violations with input as document
		count(violations) == 1
		some violation in violations
		violation.message == "nightly has the rule yearly, which never runs"
		violation.evidence.rule == "yearly"
		violation.params == {"idle_plan": "nightly"}
		violation.discriminator == "schedule yearly"
		violation.at_most == "low"
	}
}

test_unknown_where_a_schedule_cannot_be_read if {
	unreadable := test_backup.schedule({"rule": "weekly", "period": null})
	every schedules in [[unreadable], [test_backup.schedule({}), unreadable]] {
		document := _with_schedules({"known": schedules})
		_unknown(document) == {_plan.arn}
		_violated(document) == set()
	}
}

test_unknown_where_the_rules_were_not_collected if {
	document := test_backup.input_with([test_backup.plan("nightly", {"rules": null}), _selection], {})
	_unknown(document) == {_plan.arn}
	_violated(document) == set()
}

test_not_applicable_without_a_plan if {
	_judged(test_backup.input_with([], {})) == set()
}
