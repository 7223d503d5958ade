# METADATA
# title: Automation of the failover has not been seen to work lately
# description: |
#   A program that runs in emergencies only has its first run in an emergency, with the permissions, names and versions
#   of the day on which it was written.
#
#   Functions with the tag `hadr:automation` and the value `failover` are judged by what CloudWatch counted in the last
#   92 days: none ran, or each run failed. Plans for a switch of the Region are judged by their last run, and by what
#   ARC finds when it looks whether they could run. A run that was called off, or is not over, says nothing. Whether a
#   run moved the traffic or only tried the program is not known. How old a program is, is not known either, so that a
#   new one is judged like the others. A workload without any such program has a finding of its own.
#
#   The verdict is unknown for documents and state machines, whose runs are not read; for a function of which some runs
#   failed and others did not, as nothing says which was the last; and where metrics, runs or what ARC finds were not
#   collected.
# scope: package
# related_resources:
# - description: Test disaster recovery implementation to validate the implementation, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_dr_tested.html
# - description: Region switch in Amazon Application Recovery Controller (ARC)
#   ref: https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types:
#   - AWS::ARCRegionSwitch::Plan
#   - AWS::Lambda::Function
#   - AWS::SSM::Document
#   - AWS::StepFunctions::StateMachine
#   requires: [arc-region-switch:ListPlans, tag:GetAutomationResources]
#   parameters:
#     maximum_days:
#       default: 92
#       description: Days from one run of a plan to the next, at most.
#   controls:
#     aws-well-architected: [REL13-BP03, REL13-BP05]
#     nist-800-53: [CP-4]
#     iso-22301: [8.5]
#     dora: [11(6)(a)]
#     soc2: [A1.3]
#   practices: [failover-automation-proven]
#   remediation:
#   - argv:
#     - aws
#     - arc-region-switch
#     - start-plan-execution
#     - --plan-arn={{arn}}
#     - --target-region={{choose.target_region}}
#     - --action=activate
#     - --mode=graceful
#     - --region={{choose.target_region}}
#     effect: moves the workload to the other Region, so do it in a drill that is announced
#     risk: disruptive
#     undo:
#     - aws
#     - arc-region-switch
#     - cancel-plan-execution
#     - --plan-arn={{arn}}
#     - --execution-id={{choose.execution_id}}
#     - --region={{choose.target_region}}
#     verify:
#     - aws
#     - arc-region-switch
#     - list-plan-executions
#     - --plan-arn={{arn}}
#     - --region={{choose.target_region}}
#     cost: what runs in the other Region in the meantime
#     resource_types: [AWS::ARCRegionSwitch::Plan]
#   - argv:
#     - aws
#     - arc-region-switch
#     - get-plan-evaluation-status
#     - --plan-arn={{params.refused_plan}}
#     - --region={{choose.target_region}}
#     effect: tells what ARC finds wrong with the plan; nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - arc-region-switch
#     - get-plan-evaluation-status
#     - --plan-arn={{params.refused_plan}}
#     - --query=evaluationState
#     - --region={{choose.target_region}}
#     cost: none
#     resource_types: [AWS::ARCRegionSwitch::Plan]
#   - argv:
#     - aws
#     - lambda
#     - invoke
#     - --function-name={{arn}}
#     - --payload={{choose.payload}}
#     - --region={{region}}
#     - response.json
#     effect: >-
#       does what the function does, so do it in a drill that is announced, or with a payload that only tries it;
#       version 2 of the AWS CLI takes the payload in base64
#     risk: disruptive
#     verify:
#     - aws
#     - cloudwatch
#     - list-metrics
#     - --namespace=AWS/Lambda
#     - --metric-name=Errors
#     - --dimensions=Name=FunctionName,Value={{name}}
#     - --region={{region}}
#     cost: the run, and what it starts
#     resource_types: [AWS::Lambda::Function]
#   since: 0.1.0
package hadr.automation.failover_unproven

import data.hadr.lib.automation.failovers
import data.hadr.lib.instant
import data.hadr.lib.metric

_days := data.parameters["automation-failover-unproven"].maximum_days

_plans := input.resources["AWS::ARCRegionSwitch::Plan"]

_functions := [{
	"function": program,
	"runs": _count(program, "Invocations"),
	"errors": _count(program, "Errors"),
} |
	some program in failovers
	program.type == "AWS::Lambda::Function"
]

# `null` where that is not known.
_count(function, name) := metric.value(function.arn, name) if {
	is_number(metric.value(function.arn, name))
} else := null

subjects contains program.arn if {
	some program in failovers
}

subjects contains plan.arn if {
	some plan in _plans
}

# Nothing reads their runs.
unknowns contains program.arn if {
	some program in failovers
	program.type != "AWS::Lambda::Function"
}

unknowns contains entry.function.arn if {
	some entry in _functions
	entry.runs == null
}

unknowns contains entry.function.arn if {
	some entry in _functions
	entry.runs > 0
	entry.errors == null
}

unknowns contains entry.function.arn if {
	some entry in _functions
	entry.errors > 0
	entry.errors < entry.runs
}

unknowns contains plan.arn if {
	some plan in _plans
	plan.attributes.evaluation_state != "passed"
	plan.attributes.evaluation_state != "actionRequired"
}

unknowns contains plan.arn if {
	some plan in _plans
	not _are_runs_known(plan)
}

violations contains violation if {
	some entry in _functions
	entry.runs == 0
	violation := {
		"resource": entry.function.arn,
		"message": sprintf("%s has not run in the last %d days", [entry.function.name, _window(entry.function)]),
		"evidence": {"runs": 0, "within_days": _window(entry.function)},
		"discriminator": "never",
	}
}

violations contains violation if {
	some entry in _functions
	entry.runs > 0
	is_number(entry.errors)
	entry.errors >= entry.runs
	violation := {
		"resource": entry.function.arn,
		"message": sprintf("%s failed each time that it ran in the last %d days", [
			entry.function.name,
			_window(entry.function),
		]),
		"evidence": {"runs": entry.runs, "errors": entry.errors, "within_days": _window(entry.function)},
		"discriminator": "failed",
	}
}

violations contains violation if {
	some plan in _plans
	plan.attributes.evaluation_state == "actionRequired"
	violation := {
		"resource": plan.arn,
		"message": sprintf("%s could not run, by what ARC finds", [plan.name]),
		"evidence": {
			"evaluation_state": "actionRequired",
			"last_evaluation_time": plan.attributes.last_evaluation_time,
		},
		"params": {"refused_plan": plan.arn},
		"discriminator": "evaluation",
	}
}

violations contains violation if {
	some plan in _plans
	_are_runs_known(plan)
	count(_recent(plan)) == 0
	violation := {
		"resource": plan.arn,
		"message": sprintf("%s has not run in the last %d days", [plan.name, _days]),
		"evidence": {"runs": [], "within_days": _days},
		"discriminator": "never",
	}
}

violations contains violation if {
	some plan in _plans
	_are_runs_known(plan)
	run := _last(plan)
	words := _bad[run.attributes.execution_state]
	violation := object.union(_limit(run), {
		"resource": plan.arn,
		"message": sprintf("%s %s when it ran last", [plan.name, words]),
		"evidence": {
			"run": run.arn,
			"execution_state": run.attributes.execution_state,
			"start_time": run.attributes.start_time,
		},
		"discriminator": "failed",
	})
}

# Days that its metrics are of.
_window(function) := readings[0].window / 86400 if {
	readings := metric.readings(function.arn, "Invocations")
	count(readings) > 0
}

_bad := {
	"completedWithExceptions": "left steps out",
	"failed": "failed",
	"planExecutionTimedOut": "took too long and ended",
}

_good := {"completed", "completedMonitoringApplicationHealth"}

_limit(run) := {"at_most": "medium"} if {
	run.attributes.execution_state == "completedWithExceptions"
} else := {}

# Runs that came to an end lately.
_recent(plan) := [run |
	some run in input.resources["AWS::ARCRegionSwitch::PlanExecution"]
	run.attributes.plan_arn == plan.arn
	_has_ended(run)
	instant.age(run.attributes.start_time) <= _days * 86400
]

_has_ended(run) if run.attributes.execution_state in _good

_has_ended(run) if _bad[run.attributes.execution_state]

_last(plan) := runs[0] if {
	recent := _recent(plan)
	runs := [run |
		some run in recent
		every other in recent { other.attributes.start_time <= run.attributes.start_time }
	]
	count(runs) > 0
}

# They were listed, and for this plan.
_are_runs_known(plan) if {
	some outcome in input.coverage["arc-region-switch:ListPlanExecutions"]
	outcome == "collected"
	not _lacks_runs(plan)
}

_lacks_runs(plan) if {
	some gap in plan.gaps
	gap.operation == "arc-region-switch:ListPlanExecutions"
}
