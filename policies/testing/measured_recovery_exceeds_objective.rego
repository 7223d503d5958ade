# METADATA
# title: The last recovery took longer, or lost more, than was promised
# description: |
#   It was tried, and it was not good enough: what the business was promised will not be kept in the outage either,
#   which has no date that suits everybody.
#
#   Workloads are judged of which somebody measured a recovery: a drill with the time until the service was back or the
#   time of writes that were lost, or a restore by AWS Backup, whose duration the service knows. Only the newest drill
#   that measured it counts, and the newest restore of each resource, so that a better one takes the place of a worse
#   one. A restore is only a part of a recovery, but none is shorter than its longest part; as a workload may fail over
#   instead, it is medium at most. A workload for which somebody has decided to promise nothing is left out.
# scope: package
# related_resources:
# - description: Test disaster recovery implementation to validate the implementation, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_dr_tested.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: failover
#   scenarios: [zone, region, deletion]
#   resource_types: [Workload]
#   requires: []
#   controls:
#     aws-well-architected: [REL13-BP02, REL13-BP03]
#     nist-800-53: [CP-10]
#     iso-22301: [8.5]
#     soc2: [A1.3]
#   practices: [recovery-measured]
#   remediation:
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
#     effect: >-
#       writes down the next drill, which takes the place of the last one. Before that, shorten the longest part, by
#       replicas instead of restores or by programs instead of people, or agree on what can be kept
#     risk: safe
#     verify:
#     - hadr-scan
#     - evidence
#     - snapshot.json
#     cost: none for the file; what shortens a recovery has its own
#   since: 0.1.0
package hadr.testing.measured_recovery_exceeds_objective

import data.hadr.lib.rds

# Newest first, as all evidence.
_drills := [record |
	some record in input.evidence.records
	record.kind == "drill"
	_is_measured(record)
]

_restores := [record |
	some record in input.evidence.records
	record.kind == "restore"
	is_number(record.rto)
	is_string(record.resource)
]

_is_measured(record) if is_number(record.rto)

_is_measured(record) if is_number(record.rpo)

_measured := {record.workload | some record in _drills} | {record.workload | some record in _restores}

_promising := [workload |
	some workload in input.workloads
	workload.accepted == false
	workload.name in _measured
]

subjects contains workload.arn if {
	some workload in _promising
}

violations contains violation if {
	some workload in _promising
	some objective in ["rto", "rpo"]
	record := _newest(workload, objective)
	is_object(record)
	record[objective] > workload[objective].value
	violation := {
		"resource": workload.arn,
		"message": sprintf("%s %s %s in the drill of %d days ago, and %s", [
			workload.name,
			_verbs[objective],
			_words(record[objective]),
			floor(record.age / 86400),
			_promise(workload[objective]),
		]),
		"evidence": {
			"objective": objective,
			"measured": record[objective],
			"promised": workload[objective],
			"source": record.source,
		},
		"discriminator": objective,
	}
}

violations contains violation if {
	some record in _slow
	workload := _by_name[record.workload]
	violation := {
		"resource": workload.arn,
		"message": sprintf("%s took %s to restore %s %d days ago, and %s", [
			workload.name,
			_words(record.rto),
			_name(record.resource),
			floor(record.age / 86400),
			_promise(workload.rto),
		]),
		"evidence": {
			"objective": "rto",
			"measured": record.rto,
			"promised": workload.rto,
			"resource": record.resource,
			"source": record.source,
		},
		"discriminator": concat(" ", ["restore", record.resource]),
		"at_most": "medium",
	}
}

_verbs := {"rto": "was away for", "rpo": "lost the writes of"}

# The newest drill of a workload that measured it. Undefined if none did.
_newest(workload, objective) := _measuring(workload, objective)[0]

_measuring(workload, objective) := [record |
	some record in _drills
	record.workload == workload.name
	is_number(record[objective])
]

_by_name := {workload.name: workload | some workload in _promising}

# The newest restore of a resource is the first of those that it has here. Ages have as many digits each, because one
# engine sorts numbers as text.
_ages := sort([[record.resource, record.age + _digits] | some record in _restores])

_digits := 1000000000000

_newest_ages := {entry[0]: entry[1] |
	ages := _ages
	some number, entry in ages
	not ages[number - 1][0] == entry[0]
}

# Restores that took too long, and that no newer one of the same resource takes the place of.
_slow := [record |
	workloads := _by_name
	newest := _newest_ages
	some record in _restores
	record.rto > workloads[record.workload].rto.value
	record.age + _digits == newest[record.resource]
]

_promise(objective) := sprintf("%s are promised", [_words(objective.value)]) if objective.implied == false

_promise(objective) := sprintf("its tier allows %s", [_words(objective.value)]) if objective.implied == true

_words(seconds) := rds.words(seconds) if seconds >= 60

_words(seconds) := sprintf("%d seconds", [seconds]) if seconds < 60

_name(arn) := input.by_arn[arn].name

_name(arn) := arn if not input.by_arn[arn]
