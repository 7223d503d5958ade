package hadr.automation.failover_unproven_test

import data.hadr.automation.failover_unproven as policy
import data.hadr.lib.test
import data.hadr.lib.test_recovery

_function := test_recovery.function("fail-over")

_count(name, value) := test_recovery.metric(_function.arn, name, value, {
	"namespace": "AWS/Lambda",
	"statistic": "Sum",
	"period": 86400,
	"window": 7948800,
})

_ran(runs, errors) := test_recovery.input_with([_function, _count("Invocations", runs), _count("Errors", errors)], {})

_plan_arn := test_recovery.plan_arn("shop")

_listed := {"coverage": test_recovery.answered(["arc-region-switch:ListPlanExecutions"])}

# The plan with these runs.
_planned(settings, runs) := test_recovery.input_with(
	array.concat([test_recovery.plan("shop", settings)], runs),
	_listed,
)

_run(id, settings) := test_recovery.execution("shop", id, settings)

_violated(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_by_a_function_that_never_ran if {
	document := _ran(0, 0)
	_violated(document) == {[_function.arn, "never"]}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "fail-over has not run in the last 92 days"
	violation.evidence == {"runs": 0, "within_days": 92}
}

test_violated_by_a_function_that_always_failed if {
	document := _ran(2, 2)
	_violated(document) == {[_function.arn, "failed"]}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "fail-over failed each time that it ran in the last 92 days"
	violation.evidence == {"runs": 2, "errors": 2, "within_days": 92}
}

test_satisfied_by_a_function_that_ran if {
	document := _ran(1, 0)
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_function.arn}
}

test_unknown_where_some_runs_failed if {
	document := _ran(3, 1)
	_unknown(document) == {_function.arn}
	_violated(document) == set()
}

test_unknown_without_the_counts if {
	every document in [_ran(null, 0), _ran(3, null), test_recovery.input_with([_function], {})] {
		_unknown(document) == {_function.arn}
		_violated(document) == set()
	}
}

test_unknown_for_what_has_runs_that_are_not_read if {
	every program in [test_recovery.document("fail-over"), test_recovery.state_machine("fail-over")] {
		document := test_recovery.input_with([program], {})
		_unknown(document) == {program.arn}
		_violated(document) == set()
	}
}

test_satisfied_by_a_plan_that_ran if {
	every state in ["completed", "completedMonitoringApplicationHealth"] {
		document := _planned({}, [_run("1", {"execution_state": state})])
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_plan_arn}
	}
}

test_violated_by_a_plan_that_has_not_run_lately if {
	every runs in [
		[],
		[_run("1", {"start_time": "2026-08-01T00:00:00Z"})],
		[_run("1", {"execution_state": "canceled"}), _run("2", {"execution_state": "inProgress"})],
		[test_recovery.execution("other", "1", {})],
	] {
		shown := _planned({}, runs)
		_violated(shown) == {[_plan_arn, "never"]}
		_messages(shown) == {"shop has not run in the last 92 days"}
	}
}

test_violated_by_a_plan_that_failed_last if {
	every state, words in {"failed": "failed", "planExecutionTimedOut": "took too long and ended"} {
		shown := _planned({}, [
			_run("1", {}),
			_run("2", {"execution_state": state, "start_time": "2026-11-02T00:00:00Z"}),
		])
		_violated(shown) == {[_plan_arn, "failed"]}
		_messages(shown) == {sprintf("shop %s when it ran last", [words])}
	}
	document := _planned({}, [_run("1", {"execution_state": "completedWithExceptions"})])
	some violation in policy.violations with input as document
	violation.evidence == {
		"run": sprintf("%s/execution/1", [_plan_arn]),
		"execution_state": "completedWithExceptions",
		"start_time": "2026-11-01T00:00:00Z",
	}
	violation.at_most == "medium"
	later := _planned({}, [
		_run("1", {"execution_state": "failed"}),
		_run("2", {"start_time": "2026-11-02T00:00:00Z"}),
	])
	_violated(later) == set()
}

test_violated_by_a_plan_that_could_not_run if {
	document := _planned({"evaluation_state": "actionRequired"}, [_run("1", {})])
	_violated(document) == {[_plan_arn, "evaluation"]}
	some violation in policy.violations with input as document
	violation.message == "shop could not run, by what ARC finds"
	violation.params == {"refused_plan": _plan_arn}
}

test_the_days_can_be_changed if {
	document := _planned({}, [_run("1", {})])
	found := {violation.message | some violation in policy.violations} with input as document
		with data.parameters as {"automation-failover-unproven": {"maximum_days": 7}}
	found == {"shop has not run in the last 7 days"}
}

test_unknown_where_arc_has_not_looked if {
	every state in [null, "PENDING_EVALUATION"] {
		document := _planned({"evaluation_state": state}, [_run("1", {})])
		_unknown(document) == {_plan_arn}
		_violated(document) == set()
	}
}

test_unknown_where_runs_were_not_listed if {
	skipped := test_recovery.input_with([test_recovery.plan("shop", {})], {})
	_unknown(skipped) == {_plan_arn}
	_violated(skipped) == set()
	gaps := {"gaps": [{"operation": "arc-region-switch:ListPlanExecutions", "outcome": "denied", "code": null}]}
	denied := test_recovery.input_with([test.with_members(test_recovery.plan("shop", {}), gaps)], _listed)
	_unknown(denied) == {_plan_arn}
	_violated(denied) == set()
}

test_not_applicable_to_programs_for_something_else if {
	restore := object.union(_function, {"attributes": {"purpose": "restore"}})
	_judged(test_recovery.input_with([restore, _count("Invocations", 0)], {})) == set()
}
