# METADATA
# title: Drills of the workload left out steps of its recovery
# description: |
#   A drill proves what was done in it. A step that nobody tried, such as promoting the database or going back, is where
#   the recovery stops on the day.
#
#   Workloads are judged that were drilled within the last quarter, or the last year where the tier is general, other
#   than by somebody's word. A step counts if evidence of that time proves it, whether it is of the same drill, of
#   another one, or of a restore. A database has to be promoted only where one of the workload follows, or is followed
#   from, another Region. What only services saw may have been more than they saw: where people write down no drills, and
#   no ledger has watched for that time, the verdict is then unknown, and also where a service that could tell of a drill
#   refused to.
# scope: package
# related_resources:
# - description: Test disaster recovery implementation to validate the implementation, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_dr_tested.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: info
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
#       description: Days for which a drill counts.
#     grace_days:
#       default: 7
#       description: Days by which a drill may be late.
#   controls:
#     aws-well-architected: [REL13-BP03]
#     nist-800-53: [CP-4]
#     iso-22301: [8.5]
#     soc2: [A1.3]
#   practices:
#   - drill-stop-primary
#   - drill-dns-failover
#   - drill-promote-replica
#   - drill-application-reachable
#   - drill-data-integrity
#   - drill-rollback
#   remediation:
#   - argv:
#     - hadr-scan
#     - attest
#     - drill
#     - --workload={{name}}
#     - --date={{choose.date}}
#     - --steps={{params.steps}}
#     - --report={{choose.report_url}}
#     - --person={{choose.person}}
#     effect: >-
#       writes down a drill of the missing steps, once it was done, in a file for the repository; leave out those that
#       were not
#     risk: safe
#     verify:
#     - hadr-scan
#     - evidence
#     - snapshot.json
#     cost: none
#   since: 0.1.0
package hadr.testing.drill_incomplete

import data.hadr.lib.evidence
import data.hadr.lib.rds

_parameters := data.parameters["testing-drill-incomplete"]

_database_types := {
	"AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster",
}

_tried := [workload |
	some workload in input.workloads
	count(_recent(workload)) > 0
]

_partly_tried := [entry |
	some workload in _tried
	missing := _missing(workload)
	count(missing) > 0
	entry := {"workload": workload, "missing": missing}
]

subjects contains workload.arn if {
	some workload in _tried
}

unknowns contains entry.workload.arn if {
	some entry in _partly_tried
	not evidence.is_complete(_window(entry.workload))
}

violations contains violation if {
	some entry in _partly_tried
	evidence.is_complete(_window(entry.workload))
	newest := _recent(entry.workload)[0]
	days := floor(newest.age / 86400)
	violation := {
		"resource": entry.workload.arn,
		"message": sprintf("%s was drilled %d days ago, and nothing proves these steps: %s", [
			entry.workload.name,
			days,
			concat(", ", entry.missing),
		]),
		"evidence": {
			"missing": entry.missing,
			"proven": evidence.proven(entry.workload, _window(entry.workload)),
			"newest": {"days_ago": days, "strength": newest.strength, "source": newest.source},
		},
		"params": {"steps": concat(",", entry.missing)},
	}
}

_window(workload) := (_parameters.maximum_days[workload.criticality] + _parameters.grace_days) * 86400

# Newest first. Somebody's word is no drill.
_recent(workload) := [record |
	drills := evidence.drills(workload, _window(workload))
	some record in drills
	record.strength != "D"
]

_missing(workload) := [step |
	proven := evidence.proven(workload, _window(workload))
	steps := evidence.steps
	some step in steps
	not step in proven
	_applies(step, workload)
]

_applies(step, _) if step != "database-promoted"

_applies("database-promoted", workload) if {
	some arn in workload.resources
	database := input.by_arn[arn]
	database.type in _database_types
	_is_elsewhere(database)
}

_is_elsewhere(database) if rds.lives_elsewhere(database)

_is_elsewhere(database) if {
	some source in input.relations.reads_from[database.arn]
	split(source, ":")[3] != database.region
}
