# METADATA
# title: Load balancer is in too few Availability Zones
# description: |
#   A load balancer takes in traffic in the zones that are enabled for it, and only there. When the only one fails,
#   nobody reaches the targets in the other zones, however many there are. When one of two fails, the other one takes
#   everything.
#
#   Two zones are needed, and three for mission-critical load balancers, where the Region has as many. One that is in
#   two of three survives the loss of one, so that this is the lesser finding. Local Zones and zones of Wavelength do
#   not count, for they hang on one zone of the Region.
#
#   Load balancers that are in Local Zones, in zones of Wavelength or on Outposts only are not judged: they are where
#   their users are, and cannot be in a zone of the Region as well. The verdict on one whose zones, or the kind of
#   them, are not known is unknown.
# scope: package
# related_resources:
# - description: How Elastic Load Balancing works
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
# - description: SetSubnets
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: redundancy
#   scenarios: [zone]
#   resource_types: [AWS::ElasticLoadBalancingV2::LoadBalancer, AWS::ElasticLoadBalancing::LoadBalancer]
#   requires:
#   - elasticloadbalancing:DescribeLoadBalancers
#   - elasticloadbalancing:DescribeClassicLoadBalancers
#   - ec2:DescribeAvailabilityZones
#   parameters:
#     minimum_zones:
#       default:
#         mission-critical: 3
#         business-critical: 2
#         general: 2
#         non-production: 2
#       description: Availability Zones that a load balancer has to be in; no more than its Region has are asked for.
#   controls:
#     aws-well-architected: [REL02-BP01, REL10-BP01]
#     aws-config: [clb-multiple-az, elbv2-multiple-az]
#     aws-security-hub: [ELB.10, ELB.13]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   control_types:
#     clb-multiple-az: [AWS::ElasticLoadBalancing::LoadBalancer]
#     elbv2-multiple-az: [AWS::ElasticLoadBalancingV2::LoadBalancer]
#     ELB.10: [AWS::ElasticLoadBalancing::LoadBalancer]
#     ELB.13: [AWS::ElasticLoadBalancingV2::LoadBalancer]
#   practices: [load-balancers-in-several-zones]
#   remediation:
#   - argv:
#     - aws
#     - elbv2
#     - set-subnets
#     - --load-balancer-arn={{params.load_balancer}}
#     - --subnets={{choose.subnet_ids}}
#     - --region={{region}}
#     effect: >-
#       the load balancer gets an address in each new zone and takes in traffic there. The list, as JSON, takes the
#       place of the present one, so that it has to name the present subnets too; addresses that were chosen for a
#       zone are kept with --subnet-mappings instead. Have targets in the new zone before, unless traffic crosses
#       zones
#     risk: review
#     undo:
#     - aws
#     - elbv2
#     - set-subnets
#     - --load-balancer-arn={{params.load_balancer}}
#     - --subnets={{params.subnets}}
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-load-balancers
#     - --load-balancer-arns={{arn}}
#     - --query=LoadBalancers[0].[State.Code,AvailabilityZones[].ZoneName]
#     - --region={{region}}
#     cost: none for the load balancer; its address is billed where it is a public one
#     resource_types: [AWS::ElasticLoadBalancingV2::LoadBalancer]
#   - argv:
#     - aws
#     - elbv2
#     - set-subnets
#     - --load-balancer-arn={{params.gateway_load_balancer}}
#     - --subnets={{choose.subnet_ids}}
#     - --region={{region}}
#     effect: >-
#       the load balancer takes in traffic in the new zones, each of which needs an appliance and an endpoint of its
#       own. The list, as JSON, has to name the present subnets too; they cannot be taken away again
#     risk: irreversible
#     verify:
#     - aws
#     - elbv2
#     - describe-load-balancers
#     - --load-balancer-arns={{arn}}
#     - --query=LoadBalancers[0].[State.Code,AvailabilityZones[].ZoneName]
#     - --region={{region}}
#     cost: a charge for each zone and hour
#     resource_types: [AWS::ElasticLoadBalancingV2::LoadBalancer]
#   - argv:
#     - aws
#     - elb
#     - attach-load-balancer-to-subnets
#     - --load-balancer-name={{name}}
#     - --subnets={{choose.subnet_to_add}}
#     - --region={{region}}
#     effect: >-
#       the load balancer takes in traffic in the zone of the new subnet; of a zone that it is in already, the new
#       subnet takes the place of the present one
#     risk: review
#     undo:
#     - aws
#     - elb
#     - detach-load-balancer-from-subnets
#     - --load-balancer-name={{name}}
#     - --subnets={{choose.subnet_to_add}}
#     - --region={{region}}
#     verify:
#     - aws
#     - elb
#     - describe-load-balancers
#     - --load-balancer-names={{name}}
#     - --query=LoadBalancerDescriptions[0].AvailabilityZones
#     - --region={{region}}
#     cost: none for the load balancer; its address is billed where it is a public one
#     resource_types: [AWS::ElasticLoadBalancing::LoadBalancer]
#   since: 0.1.0
package hadr.elb.load_balancer_too_few_zones

import data.hadr.lib.zones
import data.hadr.lib.zones.usable

# Load balancers with the zones that they are in and the number that they should be in, as far as is known.
_judged := [entry |
	some kind in ["AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer"]
	some balancer in input.resources[kind]
	entry := {"balancer": balancer, "zones": zones.of(balancer), "wanted": _wanted(balancer)}
	not _is_at_the_edge(entry)
]

# What is in enough zones of the Region is not, which is asked first because it decides for nearly all.
_is_at_the_edge(entry) if {
	_is_in_too_few(entry)
	zones.is_at_the_edge(entry.balancer, entry.balancer.attributes.subnets)
}

_is_in_too_few(entry) if count(entry.zones) < entry.wanted

# Without tags, nobody knows the tier, and any could be meant.
_wanted(balancer) := data.parameters["elb-load-balancer-too-few-zones"].minimum_zones[balancer.criticality] if {
	balancer.tags != null
} else := max([number | some number in data.parameters["elb-load-balancer-too-few-zones"].minimum_zones])

subjects contains entry.balancer.arn if {
	some entry in _judged
}

_narrow := [entry | some entry in _judged; _is_in_too_few(entry)]

unknowns contains entry.balancer.arn if {
	some entry in _narrow
	_is_unclear(entry.balancer)
}

_is_unclear(balancer) if count(balancer.zones) == 0

_is_unclear(balancer) if {
	balancer.tags == null
	count(balancer.zones) > 1
}

# Nobody knows of what kind the zone is.
_is_unclear(balancer) if zones.is_outside(balancer)

# Nobody knows how many zones the Region has.
_is_unclear(balancer) if balancer.region in zones.unclear_regions

violations contains violation if {
	some entry in _narrow
	balancer := entry.balancer
	not _is_unclear(balancer)
	needed := min([entry.wanted, count(usable[balancer.region])])
	count(entry.zones) < needed
	violation := object.union(_extent(entry, needed), {
		"resource": balancer.arn,
		"evidence": {
			"zones": entry.zones,
			"zones_of_region": usable[balancer.region],
			"needed": needed,
			"subnets": balancer.attributes.subnets,
		},
		"params": _params(balancer),
	})
}

_extent(entry, needed) := {"message": sprintf(
	"%s is in one Availability Zone, %s",
	[entry.balancer.name, concat("", entry.zones)],
)} if {
	count(entry.zones) == 1
} else := {
	"message": sprintf(
		"%s is in %d of the %d Availability Zones that it needs",
		[entry.balancer.name, count(entry.zones), needed],
	),
	"at_most": "medium",
}

_params(balancer) := {"gateway_load_balancer": balancer.arn} if {
	balancer.attributes.type == "gateway"
} else := {"load_balancer": balancer.arn, "subnets": balancer.attributes.subnets}
