# METADATA
# title: Alias names a zone that its load balancer is not in
# description: |
#   An alias names the zone of its target besides the name. With the zone of another service or Region, the name is
#   not found there and the record answers nothing, which shows for a secondary only when it is needed.
#
#   Aliases of load balancers are judged by the zones that AWS publishes for each Region, one for Application and
#   Classic and one for Network Load Balancers. For Regions that are newer than the table, the verdict is unknown.
# scope: package
# related_resources:
# - description: Elastic Load Balancing endpoints and quotas
#   ref: https://docs.aws.amazon.com/general/latest/gr/elb.html
# - description: Values for alias records
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [AWS::Route53::RecordSet]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets]
#   controls:
#     aws-well-architected: [REL11-BP02]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [alias-names-the-right-zone]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - change-resource-record-sets
#     - --hosted-zone-id={{params.zone_id}}
#     - --change-batch={{choose.change_batch}}
#     effect: >-
#       the alias finds its load balancer; put the record as list-resource-record-sets prints it into an UPSERT
#       with the CanonicalHostedZoneId of the load balancer
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
#     - --query=ResourceRecordSets[].AliasTarget.HostedZoneId
#     cost: none
#   since: 0.1.0
package hadr.route53.alias_zone_mismatch

import data.hadr.lib.route53

# Aliases of load balancers.
_aliases := [{"record": record, "balancer": balancer} |
	some record in input.resources["AWS::Route53::RecordSet"]
	balancer := route53.load_balancer(record.attributes.alias_target.dns_name)
]

subjects contains alias.record.arn if {
	some alias in _aliases
}

# Those whose zone is not the one in the table.
_doubtful := [alias |
	some alias in _aliases
	not alias.record.attributes.alias_target.hosted_zone_id == _zones[alias.balancer.family][alias.balancer.region]
]

unknowns contains alias.record.arn if {
	some alias in _doubtful
	not _zones[alias.balancer.family][alias.balancer.region]
}

violations contains violation if {
	some alias in _doubtful
	expected := _zones[alias.balancer.family][alias.balancer.region]
	record := alias.record
	violation := {
		"resource": record.arn,
		"message": sprintf("%s is an alias in zone %s of a load balancer that is in zone %s", [
			route53.label(record),
			record.attributes.alias_target.hosted_zone_id,
			expected,
		]),
		"evidence": {"alias_target": record.attributes.alias_target, "expected": expected},
		"params": {"zone_id": route53.zone_id(record), "record_type": record.attributes.record_type},
	}
}

# Zones that AWS keeps the names of load balancers in.
_zones := {
	"application": {
		"af-south-1": "Z268VQBMOI5EKX",
		"ap-east-1": "Z3DQVH9N71FHZ0",
		"ap-northeast-1": "Z14GRHDCWA56QT",
		"ap-northeast-2": "ZWKZPGTI48KDX",
		"ap-northeast-3": "Z5LXEXXYW11ES",
		"ap-south-1": "ZP97RAFLXTNZK",
		"ap-southeast-1": "Z1LMS91P8CMLE5",
		"ap-southeast-2": "Z1GM3OXH4ZPM65",
		"ca-central-1": "ZQSVJUPU6J1EY",
		"cn-north-1": "Z1GDH35T77C1KE",
		"cn-northwest-1": "ZM7IZAIOVVDZF",
		"eu-central-1": "Z215JYRZR1TBD5",
		"eu-north-1": "Z23TAZ6LKFMNIO",
		"eu-south-1": "Z3ULH7SSC9OV64",
		"eu-west-1": "Z32O12XQLNTSW2",
		"eu-west-2": "ZHURV8PSTC4K8",
		"eu-west-3": "Z3Q77PNBQS71R4",
		"me-south-1": "ZS929ML54UICD",
		"sa-east-1": "Z2P70J7HTTTPLU",
		"us-east-1": "Z35SXDOTRQ7X7K",
		"us-east-2": "Z3AADJGX6KTTL2",
		"us-gov-east-1": "Z166TLBEWOO7G0",
		"us-gov-west-1": "Z33AYJ8TM3BH4J",
		"us-west-1": "Z368ELLRRE2KJ0",
		"us-west-2": "Z1H1FL5HABSF5",
	},
	"network": {
		"af-south-1": "Z203XCE67M25HM",
		"ap-east-1": "Z12Y7K3UBGUAD1",
		"ap-northeast-1": "Z31USIVHYNEOWT",
		"ap-northeast-2": "ZIBE1TIR4HY56",
		"ap-northeast-3": "Z1GWIQ4HH19I5X",
		"ap-south-1": "ZVDDRBQ08TROA",
		"ap-southeast-1": "ZKVM4W9LS7TM",
		"ap-southeast-2": "ZCT6FZBF4DROD",
		"ca-central-1": "Z2EPGBW3API2WT",
		"cn-north-1": "Z3QFB96KMJ7ED6",
		"cn-northwest-1": "ZQEIKTCZ8352D",
		"eu-central-1": "Z3F0SRJ5LGBH90",
		"eu-north-1": "Z1UDT6IFJ4EJM",
		"eu-south-1": "Z23146JA1KNAFP",
		"eu-west-1": "Z2IFOLAFXWLO4F",
		"eu-west-2": "ZD4D7Y8KGAS4G",
		"eu-west-3": "Z1CMS0P5QUZ6D5",
		"me-south-1": "Z3QSRYVP46NYYV",
		"sa-east-1": "ZTK26PT1VY4CU",
		"us-east-1": "Z26RNL4JYFTOTI",
		"us-east-2": "ZLMOA37VPKANP",
		"us-gov-east-1": "Z1ZSMQQ6Q24QQ8",
		"us-gov-west-1": "ZMG1MZ2THAWF1",
		"us-west-1": "Z24FKFUX50B4VW",
		"us-west-2": "Z18D5FSROUN65G",
	},
}
