# METADATA
# title: One of several records is answered whether or not it works
# description: |
#   Weighted, latency, geolocation and multivalue records share the queries for a name. Route 53 leaves out those
#   that it takes for unhealthy; one without a health check, whose alias does not evaluate its target either, gets
#   its share also while it does not work.
#
#   Records of weight zero are spared, and names whose records all lead to the same target, because nothing is left
#   to choose there. A name with a single record is not judged. A record whose health check is not in the account is
#   not known to be checked.
# scope: package
# related_resources:
# - description: How Amazon Route 53 chooses records when health checking is configured
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
# - description: Active-active and active-passive failover
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types: [AWS::Route53::RecordSet]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets, route53:ListHealthChecks]
#   controls:
#     aws-well-architected: [REL11-BP02]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [strategy-multi-site, weights-shift-traffic]
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
#       the record is left out while it is unhealthy; put the record as list-resource-record-sets prints it into
#       an UPSERT and add the HealthCheckId, or EvaluateTargetHealth for the alias of a load balancer
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
package hadr.route53.active_records_unchecked

import data.hadr.lib.route53
import data.hadr.lib.route53.active_records

subjects contains record.arn if {
	some record in active_records
	_has_a_choice(record)
}

# Nothing in the account says whether they work.
_unchecked := [record |
	some record in active_records
	not route53.asks_target(record)
	not input.by_arn[record.attributes.health_check]
	_has_a_choice(record)
]

unknowns contains record.arn if {
	some record in _unchecked
	record.attributes.health_check != null
}

violations contains violation if {
	some record in _unchecked
	record.attributes.health_check == null
	violation := {
		"resource": record.arn,
		"message": sprintf("%s is answered even when it does not work", [route53.label(record)]),
		"evidence": {
			"routing_policy": record.attributes.routing_policy,
			"health_check": null,
			"alias_target": record.attributes.alias_target,
		},
		"params": {"zone_id": route53.zone_id(record), "record_type": record.attributes.record_type},
	}
}

# Another record of the name leads to something else.
_has_a_choice(record) if {
	some other in route53.alternatives(record)
	route53.targets(other) != route53.targets(record)
}
