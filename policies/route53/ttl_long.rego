# METADATA
# title: Record that fails over may be kept for too long
# description: |
#   Resolvers keep an answer for as long as its time to live allows. After a failover, whoever asked shortly before
#   goes on to the place that is gone, so that the time to live adds to each outage.
#
#   Records of addresses and names are judged that have a health check or alternatives: simple records without one
#   do not fail over. An alias has the time to live of its target, 60 seconds for load balancers.
# scope: package
# related_resources:
# - description: Values common for all routing policies
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-shared.html
# - description: How Amazon Route 53 chooses records when health checking is configured
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types: [AWS::Route53::RecordSet]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets]
#   parameters:
#     maximum_seconds:
#       default: 60
#       description: Seconds that resolvers may keep a record that can fail over, at most.
#   controls:
#     aws-well-architected: [REL11-BP02]
#     nist-800-53: [CP-10, SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [records-expire-quickly]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - change-resource-record-sets
#     - --hosted-zone-id={{params.zone_id}}
#     - --change-batch={{choose.change_batch}}
#     effect: >-
#       resolvers ask again sooner, once what they keep has expired; put the record as list-resource-record-sets
#       prints it into an UPSERT with a lower TTL
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
#     - --query=ResourceRecordSets[].TTL
#     cost: more queries, which are billed by the million
#   since: 0.1.0
package hadr.route53.ttl_long

import data.hadr.lib.route53

_limit := data.parameters["route53-ttl-long"].maximum_seconds

_types := {"A", "AAAA", "CNAME"}

_records := [record |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.record_type in _types
	record.attributes.alias_target == null
	_fails_over(record)
]

subjects contains record.arn if {
	some record in _records
}

unknowns contains record.arn if {
	some record in _records
	record.attributes.ttl == null
}

violations contains violation if {
	some record in _records
	is_number(record.attributes.ttl)
	record.attributes.ttl > _limit
	violation := {
		"resource": record.arn,
		"message": sprintf("%s may be kept for %v seconds after it has failed over", [
			route53.label(record),
			record.attributes.ttl,
		]),
		"evidence": {"ttl": record.attributes.ttl, "maximum_seconds": _limit},
		"params": {"zone_id": route53.zone_id(record), "record_type": record.attributes.record_type},
	}
}

_fails_over(record) if record.attributes.routing_policy != "simple"

_fails_over(record) if {
	record.attributes.routing_policy == "simple"
	record.attributes.health_check != null
}
