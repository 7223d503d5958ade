# METADATA
# title: Runbook of the workload has not been read again lately
# description: |
#   Instructions from before the last changes lead those who follow them astray, and those who never read them lose the
#   time that the recovery has. Who wrote them may be on holiday.
#
#   Every workload is judged, by what people attest of the last half year: that the runbook was read again, where it is
#   (`C`), and who knows it. Without a place (`D`) it does not suffice, and lowers the severity by one; without people
#   it does neither. Whether the workload was changed since is not known, and nothing says how old it is, so that a
#   young one is judged like the others. Without attestations the verdict is unknown, as no service sees it.
# scope: package
# related_resources:
# - description: Test disaster recovery implementation to validate the implementation, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_dr_tested.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: governance
#   scenarios: [zone, region]
#   resource_types: [Workload]
#   requires: []
#   parameters:
#     maximum_days:
#       default: 180
#       description: Days after which the runbook has to be read again, at most.
#   controls:
#     aws-well-architected: [REL13-BP03]
#     nist-800-53: [CP-2, CP-3]
#     iso-22301: [8.6]
#   practices: [runbook-current, runbook-known-to-team]
#   remediation:
#   - argv:
#     - hadr-scan
#     - attest
#     - runbook
#     - --workload={{name}}
#     - --date={{choose.date}}
#     - --report={{choose.report_url}}
#     - --person={{choose.person}}
#     effect: >-
#       writes down that the runbook was read again, where it is, and who knows it, in a file for the repository;
#       --person may be repeated
#     risk: safe
#     verify:
#     - hadr-scan
#     - evidence
#     - snapshot.json
#     cost: none
#   since: 0.1.0
package hadr.testing.runbook_stale

_days := data.parameters["testing-runbook-stale"].maximum_days

_lower := {
	"mission-critical": "low",
	"business-critical": "low",
	"general": "info",
	"non-production": "info",
}

# Newest first, as all evidence.
_readings := [record |
	some record in input.evidence.records
	record.kind == "runbook"
]

_recent := [record |
	some record in _readings
	record.age <= _days * 86400
]

_read := {record.workload |
	some record in _recent
	record.strength != "D"
	count(record.people) > 0
}

_said := {record.workload |
	some record in _recent
	record.strength == "D"
	count(record.people) > 0
}

_peopleless := {record.workload |
	some record in _recent
	count(record.people) == 0
}

_unread := [workload |
	some workload in input.workloads
	not workload.name in _read
]

subjects contains workload.arn if {
	some workload in input.workloads
}

unknowns contains workload.arn if {
	some workload in _unread
	input.evidence.is_attested == false
}

violations contains violation if {
	some workload in _unread
	input.evidence.is_attested == true
	violation := object.union(
		{
			"resource": workload.arn,
			"message": concat(" ", [workload.name, _fact(workload)]),
			"evidence": {"readings": array.slice(_summary(workload), 0, 3), "within_days": _days},
		},
		_limit(workload),
	)
}

_summary(workload) := [{
	"days_ago": floor(record.age / 86400),
	"strength": record.strength,
	"people": record.people,
	"source": record.source,
} |
	some record in _readings
	record.workload == workload.name
]

_limit(workload) := {"at_most": _lower[workload.criticality]} if {
	workload.name in _said
} else := {}

_fact(workload) := "has a runbook of which nobody says where it is" if {
	workload.name in _said
} else := "has a runbook that nobody is said to know" if {
	workload.name in _peopleless
} else := sprintf("had its runbook read %d days ago, and %d are allowed", [newest.days_ago, _days]) if {
	newest := _summary(workload)[0]
	is_object(newest)
} else := "has no runbook that is known"
