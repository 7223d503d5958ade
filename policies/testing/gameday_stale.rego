# METADATA
# title: Nobody has practised a failure of the workload for a year
# description: |
#   A drill proves that the machinery works; a game day shows whether people find out what is wrong, know whom to call
#   and decide in time. Without one, the first time is the outage.
#
#   Every workload is judged, by the game days of the last year that people attest with a report (`C`) and with who took
#   part. Somebody's word (`D`), or a game day of which nobody says who took part, does not suffice, and lowers the
#   severity by one. Without attestations the verdict is unknown, as no service sees a game day. Nothing says how old a
#   workload is, so that a young one is judged like the others.
# scope: package
# related_resources:
# - description: Conduct game days regularly, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_testing_resiliency_game_days_resiliency.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: info
#     non-production: none
#   concern: governance
#   scenarios: [zone, region]
#   resource_types: [Workload]
#   requires: []
#   parameters:
#     maximum_days:
#       default: 365
#       description: Days from one game day to the next, at most.
#     grace_days:
#       default: 14
#       description: Days by which a game day may be late.
#   controls:
#     aws-well-architected: [REL12-BP05]
#     nist-800-53: [CP-4]
#     iso-22301: [8.5]
#     soc2: [A1.3]
#   practices: [gameday-yearly]
#   remediation:
#   - argv:
#     - hadr-scan
#     - attest
#     - gameday
#     - --workload={{name}}
#     - --date={{choose.date}}
#     - --report={{choose.report_url}}
#     - --person={{choose.person}}
#     effect: writes down a game day that was held, in a file for the repository; --person may be repeated
#     risk: safe
#     verify:
#     - hadr-scan
#     - evidence
#     - snapshot.json
#     cost: none
#   since: 0.1.0
package hadr.testing.gameday_stale

_parameters := data.parameters["testing-gameday-stale"]

_days := _parameters.maximum_days + _parameters.grace_days

_lower := {
	"mission-critical": "low",
	"business-critical": "low",
	"general": "info",
	"non-production": "info",
}

# Newest first, as all evidence.
_gamedays := [record |
	some record in input.evidence.records
	record.kind == "gameday"
]

_practised := {record.workload |
	some record in _gamedays
	record.age <= _days * 86400
	record.strength != "D"
	count(record.people) > 0
}

# With a report, and without anybody who took part.
_unattended := {record.workload |
	some record in _gamedays
	record.age <= _days * 86400
	record.strength != "D"
	count(record.people) == 0
}

_said := {record.workload |
	some record in _gamedays
	record.age <= _days * 86400
	record.strength == "D"
}

_unpractised := [workload |
	some workload in input.workloads
	not workload.name in _practised
]

subjects contains workload.arn if {
	some workload in input.workloads
}

unknowns contains workload.arn if {
	some workload in _unpractised
	input.evidence.is_attested == false
}

violations contains violation if {
	some workload in _unpractised
	input.evidence.is_attested == true
	violation := object.union(
		{
			"resource": workload.arn,
			"message": concat(" ", [workload.name, _fact(workload)]),
			"evidence": {"gamedays": array.slice(_summary(workload), 0, 3), "within_days": _days},
		},
		_limit(workload),
	)
}

_summary(workload) := [{
	"days_ago": floor(record.age / 86400),
	"people": count(record.people),
	"strength": record.strength,
	"source": record.source,
} |
	some record in _gamedays
	record.workload == workload.name
]

_limit(workload) := {"at_most": _lower[workload.criticality]} if {
	workload.name in _said | _unattended
} else := {}

_fact(workload) := sprintf("has only a game day in the last %d days that names nobody who took part", [_days]) if {
	workload.name in _unattended
} else := sprintf("has only somebody's word for a game day in the last %d days", [_days]) if {
	workload.name in _said
} else := sprintf("had its last game day %d days ago, and %d are allowed", [newest.days_ago, _days]) if {
	newest := _summary(workload)[0]
	is_object(newest)
} else := "has had no game day"
