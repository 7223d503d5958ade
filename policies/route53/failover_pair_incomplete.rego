# METADATA
# title: Failover record has no secondary that survives its primary
# description: |
#   A primary record without a secondary has nothing to fail over to, and a secondary in the same Region fails with
#   the Region that the primary is in.
#
#   The secondary has to be of the same zone, name and type. Where the record sets of the zone could not all be
#   listed, a secondary that is not seen may be there. The Region is compared where both records lead to load
#   balancers, by the names of these; what else a record leads to is not judged here, nor is whether the secondary
#   could carry the load.
# scope: package
# related_resources:
# - description: Active-active and active-passive failover
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html
# - description: Values specific for failover alias records
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-failover-alias.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [AWS::Route53::RecordSet]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets]
#   controls:
#     aws-well-architected: [REL11-BP02, REL13-BP02]
#     nist-800-53: [CP-7, SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(2), 12(4)]
#     soc2: [A1.2]
#   practices: [secondary-record-survives]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - change-resource-record-sets
#     - --hosted-zone-id={{params.zone_id}}
#     - --change-batch={{choose.change_batch}}
#     effect: >-
#       queries are answered with the secondary while the primary is unhealthy; put a record set with Failover
#       SECONDARY and a target in another Region into the list of changes
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
#     - --query=ResourceRecordSets[].Failover
#     cost: what runs behind the secondary
#   since: 0.1.0
package hadr.route53.failover_pair_incomplete

import data.hadr.lib.route53
import data.hadr.lib.route53.primaries

# Primaries with their secondaries.
_pairs := [{"primary": primary, "secondaries": secondaries} |
	some primary in primaries
	secondaries := [other |
		some other in route53.alternatives(primary)
		other.attributes.failover == "SECONDARY"
	]
]

subjects contains primary.arn if {
	some primary in primaries
}

unknowns contains pair.primary.arn if {
	some pair in _pairs
	count(pair.secondaries) == 0
	not route53.is_zone_listed(pair.primary)
}

violations contains violation if {
	some pair in _pairs
	count(pair.secondaries) == 0
	route53.is_zone_listed(pair.primary)
	violation := object.union(_found(pair), {
		"message": sprintf("%s has no secondary to fail over to", [route53.label(pair.primary)]),
		"evidence": {"secondaries": []},
	})
}

violations contains violation if {
	some pair in _pairs
	some secondary in pair.secondaries
	regions := route53.regions(pair.primary)
	regions == route53.regions(secondary)
	count(regions) == 1
	some region in regions
	violation := object.union(_found(pair), {
		"message": sprintf("%s fails over to the Region that it is in, %s", [route53.label(pair.primary), region]),
		"evidence": {
			"primary": route53.targets(pair.primary),
			"secondary": route53.targets(secondary),
			"region": region,
		},
	})
}

_found(pair) := {
	"resource": pair.primary.arn,
	"params": {"zone_id": route53.zone_id(pair.primary), "record_type": pair.primary.attributes.record_type},
}
