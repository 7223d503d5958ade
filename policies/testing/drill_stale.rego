# METADATA
# title: Recovery of the workload has not been tried lately
# description: |
#   What was never tried does not work on the day: a permission, a quota, a replica or a person is missing, and it is
#   found out while the business waits. Every change since the last drill may be such a thing.
#
#   Every workload is judged, by the evidence of drills of the last quarter, or of the last year where the tier is
#   general. One drill suffices that a service saw work (`A`) or that people attest with a report (`C`). What services
#   saw in part (`B`) suffices if there are two pieces, and the evidence of that time proves enough steps. Somebody's
#   word (`D`) does not, and lowers the severity by one, like what was seen in part. Restores alone are no drill, and a
#   failover that nobody asked for shows that it works, not that it was tried.
#
#   Services forget within that time. So where people write down no drills, and no ledger has watched for as long, the
#   verdict is unknown, and also where a service that could tell of a drill refused to. A workload that is younger than
#   that time could not have been tried as often; nothing says how old it is, so that it is judged like the others.
# scope: package
# related_resources:
# - description: Test disaster recovery implementation to validate the implementation, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_dr_tested.html
# - description: AWS Fault Injection Service User Guide
#   ref: https://docs.aws.amazon.com/fis/latest/userguide/what-is.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: low
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types: [Workload]
#   requires: []
#   parameters:
#     maximum_days:
#       default:
#         mission-critical: 92
#         business-critical: 92
#         general: 365
#         non-production: 365
#       description: Days from one drill to the next, at most.
#     grace_days:
#       default: 7
#       description: Days by which a drill may be late.
#     minimum_steps:
#       default: 4
#       description: Steps, of the six that a drill has, that evidence which services saw in part has to prove together.
#   controls:
#     aws-well-architected: [REL12-BP04, REL13-BP03]
#     nist-800-53: [CP-4]
#     iso-22301: [8.5]
#     dora: [11(6)(a)]
#     soc2: [A1.3]
#   practices: [drill-quarterly]
#   remediation:
#   - argv:
#     - aws
#     - fis
#     - start-experiment
#     - --experiment-template-id={{choose.experiment_template_id}}
#     - --region={{params.region}}
#     effect: >-
#       what the template of the experiment names fails for as long as it says, in production if it is there, so that
#       the workload has to do without it; announce it, and let the template have a stop condition
#     risk: disruptive
#     undo:
#     - aws
#     - fis
#     - stop-experiment
#     - --id={{choose.experiment_id}}
#     - --region={{params.region}}
#     verify:
#     - aws
#     - fis
#     - list-experiments
#     - --query=experiments[].[id,experimentTemplateId,state.status]
#     - --region={{params.region}}
#     cost: the minutes of each action, and what the drill starts elsewhere
#   - argv:
#     - hadr-scan
#     - attest
#     - drill
#     - --workload={{name}}
#     - --date={{choose.date}}
#     - --steps={{choose.steps}}
#     - --rto={{choose.rto}}
#     - --rpo={{choose.rpo}}
#     - --report={{choose.report_url}}
#     - --person={{choose.person}}
#     effect: writes down a drill that was done, in a file for the repository
#     risk: safe
#     verify:
#     - hadr-scan
#     - evidence
#     - snapshot.json
#     cost: none
#   since: 0.1.0
package hadr.testing.drill_stale

import data.hadr.lib.evidence

_parameters := data.parameters["testing-drill-stale"]

_lower := {
	"mission-critical": "medium",
	"business-critical": "medium",
	"general": "info",
	"non-production": "info",
}

_untried := [workload |
	some workload in input.workloads
	not _is_tried(workload)
]

_is_tried(workload) if {
	some record in _recent(workload)
	record.strength in {"A", "C"}
}

_is_tried(workload) if {
	seen := [record | some record in _recent(workload); record.strength == "B"]
	count(seen) > 1
	count(evidence.proven(workload, _window(workload))) >= _parameters.minimum_steps
}

subjects contains workload.arn if {
	some workload in input.workloads
}

unknowns contains workload.arn if {
	some workload in _untried
	not evidence.is_complete(_window(workload))
}

violations contains violation if {
	some workload in _untried
	evidence.is_complete(_window(workload))
	violation := object.union(
		{
			"resource": workload.arn,
			"message": concat(" ", [workload.name, _fact(workload)]),
			"evidence": {
				"drills": array.slice(_summary(workload), 0, 3),
				"steps": evidence.proven(workload, _window(workload)),
				"within_days": _days(workload),
			},
			"params": {"region": _region(workload)},
		},
		_limit(workload),
	)
}

_days(workload) := _parameters.maximum_days[workload.criticality] + _parameters.grace_days

_window(workload) := _days(workload) * 86400

_recent(workload) := evidence.drills(workload, _window(workload))

_summary(workload) := [{
	"days_ago": floor(record.age / 86400),
	"strength": record.strength,
	"steps": record.steps,
	"source": record.source,
} |
	some record in input.evidence.records
	record.kind == "drill"
	record.workload == workload.name
]

_limit(workload) := {"at_most": _lower[workload.criticality]} if {
	count(_recent(workload)) > 0
} else := {}

_fact(workload) := sprintf("was only seen to be drilled in part in the last %d days", [_days(workload)]) if {
	_is_seen(workload)
} else := sprintf("has only somebody's word for a drill in the last %d days", [_days(workload)]) if {
	count(_recent(workload)) > 0
} else := sprintf("was last drilled %d days ago, and %d are allowed", [newest.days_ago, _days(workload)]) if {
	newest := _summary(workload)[0]
	is_object(newest)
} else := "has no evidence of a drill"

_is_seen(workload) if {
	some record in _recent(workload)
	record.strength == "B"
}

_region(workload) := workload.regions[0] if {
	count(workload.regions) > 0
} else := null
