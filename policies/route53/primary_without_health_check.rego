# METADATA
# title: Primary failover record has no health check
# description: |
#   Route 53 answers with the primary record for as long as it takes it for healthy. Without a health check, and
#   without asking the target of an alias, it always does, so that the secondary is never answered and every
#   failover is a change by hand.
#
#   An alias that evaluates the health of its target needs no health check of its own. The target's own records are
#   not followed here. A record whose health check is not in the account is not known to be checked: AWS does not
#   say what the status of a deleted health check becomes, and the check may belong to another account. An alias to
#   CloudFront cannot evaluate the health of its target and needs a health check.
# scope: package
# related_resources:
# - description: How Amazon Route 53 chooses records when health checking is configured
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
# - description: Active-active and active-passive failover
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types: [AWS::Route53::RecordSet]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets, route53:ListHealthChecks]
#   controls:
#     aws-well-architected: [REL11-BP01, REL11-BP02]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [10(1), 11(2)]
#     soc2: [A1.2]
#   practices: [health-check-per-primary-record]
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
#       the record fails over while the health check fails; put the record as list-resource-record-sets prints
#       it into an UPSERT and add the HealthCheckId, or EvaluateTargetHealth for the alias of a load balancer
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
package hadr.route53.primary_without_health_check

import data.hadr.lib.route53
import data.hadr.lib.route53.primaries

subjects contains record.arn if {
	some record in primaries
}

unknowns contains record.arn if {
	some record in primaries
	route53.is_check_missing(record)
	not route53.asks_target(record)
}

violations contains violation if {
	some record in primaries
	route53.has_no_signal(record)
	violation := {
		"resource": record.arn,
		"message": sprintf("%s is the primary and is answered even when it does not work", [route53.label(record)]),
		"evidence": {"health_check": null, "alias_target": record.attributes.alias_target},
		"params": {"zone_id": route53.zone_id(record), "record_type": record.attributes.record_type},
	}
}
