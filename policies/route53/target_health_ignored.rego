# METADATA
# title: Alias ignores the health of its load balancer
# description: |
#   Route 53 chooses among several records of a name. An alias that does not evaluate the health of its target is
#   answered also when no target of the load balancer is healthy, unless a health check of its own notices.
#
#   Aliases of load balancers are judged, by the name of the target, in all routing policies but simple routing.
#   Where a primary has a health check of its own, or a secondary none, the finding is mild: the one is checked in
#   another way, and the other is answered when nothing else works. Whether the health check of an active record
#   sees what the load balancer sees is not known.
# scope: package
# related_resources:
# - description: Values for alias records
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html
# - description: How Amazon Route 53 chooses records when health checking is configured
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types: [AWS::Route53::RecordSet]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets]
#   controls:
#     aws-well-architected: [REL11-BP02]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [alias-evaluates-target-health]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - change-resource-record-sets
#     - --hosted-zone-id={{params.zone_id}}
#     - --change-batch={{choose.change_batch}}
#     effect: >-
#       the record is left out while its load balancer has no healthy target; put the record as
#       list-resource-record-sets prints it into an UPSERT with EvaluateTargetHealth true
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
#     - --query=ResourceRecordSets[].AliasTarget.EvaluateTargetHealth
#     cost: none
#   since: 0.1.0
package hadr.route53.target_health_ignored

import data.hadr.lib.route53

_aliases := [record |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.routing_policy != "simple"
	route53.load_balancer(record.attributes.alias_target.dns_name)
]

subjects contains record.arn if {
	some record in _aliases
}

violations contains violation if {
	some record in _ignoring
	not _is_mild(record)
	violation := _violation(record)
}

violations contains violation if {
	some record in _ignoring
	_is_mild(record)
	violation := object.union(_violation(record), {"at_most": "low"})
}

_ignoring := [record | some record in _aliases; record.attributes.alias_target.evaluate_target_health == false]

_violation(record) := {
	"resource": record.arn,
	"message": sprintf("%s is answered even when its load balancer has no healthy target", [route53.label(record)]),
	"evidence": {"alias_target": record.attributes.alias_target, "health_check": record.attributes.health_check},
	"params": {"zone_id": route53.zone_id(record), "record_type": record.attributes.record_type},
}

_is_mild(record) if {
	record.attributes.failover == "PRIMARY"
	record.attributes.health_check != null
}

_is_mild(record) if {
	record.attributes.failover == "SECONDARY"
	record.attributes.health_check == null
}
