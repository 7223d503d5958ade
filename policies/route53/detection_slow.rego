# METADATA
# title: Failover by DNS takes too much of the recovery time
# description: |
#   From a failure to the last query that goes to the wrong place, a failover takes the checks that have to fail,
#   their time-out, half a minute until the answers have changed, and the time for which resolvers keep the old one.
#   What it takes is not left for the rest of the recovery.
#
#   Records with alternatives and a health check of an endpoint are judged: the interval times the failures, plus 6
#   seconds for HTTP and 10 for TCP, plus 30, plus the time to live, which is 60 seconds for an alias. Calculated
#   checks, alarms and routing controls have no interval of their own and are not judged, nor are clients that keep
#   an answer longer than they may. The interval of a health check cannot be changed, so that a faster one takes its
#   place.
# scope: package
# related_resources:
# - description: How Route 53 determines whether a health check is healthy
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
# - description: Values for health checks
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [AWS::Route53::RecordSet]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets, route53:ListHealthChecks]
#   parameters:
#     share_percent:
#       default: {mission-critical: 10, business-critical: 25, general: 25, non-production: 25}
#       description: Percent of the recovery time objective that a failover by DNS may take.
#   controls:
#     aws-well-architected: [REL11-BP01]
#     nist-800-53: [CP-10, SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [10(1), 12(6)]
#     soc2: [A1.2]
#   practices: [failure-detected-in-time]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - create-health-check
#     - --caller-reference={{choose.caller_reference}}
#     - >-
#       --health-check-config={"Type":"HTTPS","FullyQualifiedDomainName":"{{choose.endpoint}}","Port":443,
#       "ResourcePath":"/health","RequestInterval":10,"FailureThreshold":3,"EnableSNI":true}
#     effect: >-
#       a health check of the endpoint itself, by a name that is not the one of the record; its path has to fail when
#       the application does
#     risk: safe
#     undo:
#     - aws
#     - route53
#     - delete-health-check
#     - --health-check-id={{choose.health_check_id}}
#     verify:
#     - aws
#     - route53
#     - list-health-checks
#     - --query=HealthChecks[].Id
#     cost: a charge for each health check and month, more with a short interval and HTTPS
#   - argv:
#     - aws
#     - route53
#     - change-resource-record-sets
#     - --hosted-zone-id={{params.zone_id}}
#     - --change-batch={{choose.change_batch}}
#     effect: >-
#       the record is decided by the faster check; put the record as list-resource-record-sets prints it into an
#       UPSERT with the new HealthCheckId, and a lower TTL where it has one
#     risk: review
#     undo:
#     - aws
#     - route53
#     - change-resource-record-sets
#     - --hosted-zone-id={{params.zone_id}}
#     - --change-batch={{choose.previous_change_batch}}
#     verify:
#     - aws
#     - route53
#     - list-resource-record-sets
#     - --hosted-zone-id={{params.zone_id}}
#     - --start-record-name={{name}}
#     - --start-record-type={{params.record_type}}
#     - --query=ResourceRecordSets[].HealthCheckId
#     cost: none
#   since: 0.1.0
package hadr.route53.detection_slow

import data.hadr.lib.route53

_shares := data.parameters["route53-detection-slow"].share_percent

# Seconds that a check waits for an answer.
_timeouts := {"HTTP": 6, "HTTP_STR_MATCH": 6, "HTTPS": 6, "HTTPS_STR_MATCH": 6, "TCP": 10}

# Seconds until all name servers answer anew.
_propagation := 30

_decided := [{"record": record, "check": check} |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.routing_policy != "simple"
	check := input.by_arn[record.attributes.health_check]
	_timeouts[check.attributes.check_type]
]

subjects contains decided.record.arn if {
	some decided in _decided
}

unknowns contains decided.record.arn if {
	some decided in _decided
	not is_number(_seconds(decided))
}

violations contains violation if {
	some decided in _decided
	seconds := _seconds(decided)
	record := decided.record
	allowed := (record.rto.value * _shares[record.criticality]) / 100
	seconds > allowed
	violation := {
		"resource": record.arn,
		"message": sprintf("%s takes up to %v seconds to fail over, of %v that it may take", [
			route53.label(record),
			seconds,
			allowed,
		]),
		"evidence": {
			"seconds": seconds,
			"allowed_seconds": allowed,
			"request_interval": decided.check.attributes.request_interval,
			"failure_threshold": decided.check.attributes.failure_threshold,
			"ttl": record.attributes.ttl,
		},
		"params": {"zone_id": route53.zone_id(record), "record_type": record.attributes.record_type},
	}
}

# Seconds at most from a failure to the last query that goes wrong.
_seconds(decided) := ((checks + _timeouts[check.check_type]) + _propagation) + _ttl(decided.record) if {
	check := decided.check.attributes
	is_number(check.request_interval)
	is_number(check.failure_threshold)
	checks := check.request_interval * check.failure_threshold
}

_ttl(record) := 60 if record.attributes.alias_target != null

_ttl(record) := record.attributes.ttl if {
	record.attributes.alias_target == null
	is_number(record.attributes.ttl)
}
