# METADATA
# title: Health check that decides about a failover has failed all day
# description: |
#   Where the check of a primary fails for a day, its name has failed over, and nothing is left to fail over to. Where
#   that of a secondary does, the failover leads nowhere. A check that asks for the wrong thing fails as well, and then
#   traffic goes to the place that was meant for emergencies.
#
#   Health checks are judged that failover records name, by their status over the last day: one that was healthy at any
#   time passes. Those of routing controls are not judged, which people switch off on purpose, nor are disabled ones,
#   which Route 53 takes for healthy. One that only a calculated check looks at is not judged: its parent is, by its own
#   status.
#
#   The verdict is unknown where the status was not collected or has samples of a few hours only, as that of a new check
#   has, and for an inverted check that was never healthy.
# scope: package
# related_resources:
# - description: How Amazon Route 53 determines whether a health check is healthy
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
# - description: Monitoring health checks using CloudWatch
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types: [AWS::Route53::HealthCheck]
#   requires:
#   - route53:ListHealthChecks
#   - route53:ListHostedZones
#   - route53:ListResourceRecordSets
#   parameters:
#     minimum_samples:
#       default: 12
#       description: Hours of the last day for which there has to be a status.
#   controls:
#     aws-well-architected: [REL11-BP01, REL11-BP02]
#     iso-22301: [8.3.4]
#     dora: [10(1)]
#     soc2: [A1.2]
#   practices: [multi-region-names-fail-over, secondary-record-survives]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - get-health-check-last-failure-reason
#     - --health-check-id={{name}}
#     effect: tells what the checkers got the last time that the check failed; nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - route53
#     - get-health-check-status
#     - --health-check-id={{name}}
#     cost: none
#   since: 0.1.0
package hadr.route53.health_check_failing

import data.hadr.lib.metric

_minimum := data.parameters["route53-health-check-failing"].minimum_samples

# Records that fail over, by their check.
_pairs := [{"check": check, "record": record} |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.failover != null
	check := input.by_arn[record.attributes.health_check]
	check.account == input.account.name
	check.attributes.check_type != "RECOVERY_CONTROL"
	check.attributes.disabled != true
]

_checks := {pair.check.arn: pair.check | some pair in _pairs}

# How healthy it was at best: 1 or 0; `null` where that is not known.
_best := {check.arn: _status(check) | some check in _checks}

_status(check) := 1 if {
	metric.value(check.arn, "HealthCheckStatus") > 0
} else := 0 if {
	check.attributes.inverted != true
	_samples(check) >= _minimum
} else := null

_samples(check) := readings[0].samples if {
	readings := metric.readings(check.arn, "HealthCheckStatus")
	count(readings) > 0
}

subjects contains arn if {
	some arn, _ in _checks
}

unknowns contains arn if {
	some arn, best in _best
	best == null
}

violations contains violation if {
	some arn, best in _best
	best == 0
	check := _checks[arn]
	records := _records(arn)
	violation := {
		"resource": arn,
		"message": sprintf("%s was not healthy at any time of the last day: %s", [check.name, _consequence(arn)]),
		"evidence": {
			"records": array.slice(records, 0, 10),
			"hours_with_a_status": _samples(check),
			"check_type": check.attributes.check_type,
		},
	}
}

_records(arn) := [pair.record.arn |
	some pair in _pairs
	pair.check.arn == arn
]

_primaries := {pair.check.arn | some pair in _pairs; pair.record.attributes.failover == "PRIMARY"}

_secondaries := {pair.check.arn | some pair in _pairs; pair.record.attributes.failover == "SECONDARY"}

_consequence(arn) := "what it checks cannot take over" if {
	not arn in _primaries
} else := "what it checks is out of use, and nothing is left to fail over to" if {
	not arn in _secondaries
} else := "what it checks is primary and secondary"
