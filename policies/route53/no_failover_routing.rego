# METADATA
# title: Name leads to one Region of a workload that runs in several
# description: |
#   The workload has instances or load balancers in a second Region, and the name that its users know leads to the
#   first only. When that Region fails, somebody has to change the record before anybody reaches the second one, and
#   Route 53 takes such changes in us-east-1 alone.
#
#   Records with simple routing in public zones are judged that lead to load balancers, or to public addresses of
#   instances, if their workload has instances, Auto Scaling groups or load balancers in two Regions or more. The
#   workload of a record is what the configuration says of it, else that of its zone, whose tags a record has; records
#   without one are not judged. What else a record leads to is not either. A record that leads to other records has
#   the routing of those, which are judged themselves.
#
#   What a record with another routing policy leads to, itself or through other names, is the place of one Region on
#   purpose, as names of single Regions are; failover goes by the other record. In private zones, each Region may have
#   its own answer to a name. Where a name of the workload leads to CloudFront or Global Accelerator, that may be what
#   users know, and what lies behind is not collected yet: the verdict is unknown, as it is where a part of the records
#   or of the compute could not be listed. Clients that choose the Region themselves cannot be told from others.
# scope: package
# related_resources:
# - description: Active-active and active-passive failover
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-types.html
# - description: Creating Amazon Route 53 health checks
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [AWS::Route53::RecordSet]
#   exempt_environments: [disaster-recovery]
#   requires:
#   - route53:ListHostedZones
#   - route53:ListResourceRecordSets
#   - ec2:DescribeInstances
#   - autoscaling:DescribeAutoScalingGroups
#   - elasticloadbalancing:DescribeLoadBalancers
#   - elasticloadbalancing:DescribeClassicLoadBalancers
#   controls:
#     aws-well-architected: [REL02-BP01, REL11-BP02]
#     nist-800-53: [CP-7, SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [11(2)]
#     soc2: [A1.2]
#   practices: [multi-region-names-fail-over, strategy-warm-standby, mission-critical-in-several-regions]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - change-resource-record-sets
#     - --hosted-zone-id={{params.zone_id}}
#     - --change-batch={{choose.change_batch}}
#     effect: >-
#       queries are answered with the other Region while the first is unhealthy; put a DELETE of the record as
#       list-resource-record-sets prints it and a CREATE of a PRIMARY and of a SECONDARY with EvaluateTargetHealth true,
#       or a health check, into one list of changes, because a name has simple routing or another, never both
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
#     - --query=ResourceRecordSets[].[Name,Failover,AliasTarget.DNSName]
#     cost: a charge for each health check and month; the health of load balancers is asked for without one
#   since: 0.1.0
package hadr.route53.no_failover_routing

import data.hadr.lib.route53
import data.hadr.lib.route53.partial_zones

_records := [record |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.routing_policy == "simple"
	is_string(record.workload.value)
	record.attributes.record_type in {"A", "AAAA", "CNAME"}
	not record.attributes.hosted_zone in _private_zones
	not record.arn in _routed
]

_private_zones := {zone.arn |
	some zone in input.resources["AWS::Route53::HostedZone"]
	zone.attributes.private_zone == true
}

_public_zones := {zone.arn |
	some zone in input.resources["AWS::Route53::HostedZone"]
	zone.attributes.private_zone == false
}

# What records lead to among which Route 53 chooses: records, load balancers and addresses.
_routed := _routed_ends | _routed_values

_routed_ends := {end |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.routing_policy != "simple"
	some end in input.relations.routes_to[record.arn]
}

_routed_values := {value |
	some record in input.resources["AWS::Route53::RecordSet"]
	record.attributes.routing_policy != "simple"
	some value in record.attributes.values
}

# Regions of each workload that one of the records belongs to.
_regions := {workload: regions |
	some workload in {record.workload.value | some record in _records}
	regions := [region.name | some region in input.regions; [workload, region.name] in _places]
}

_places := {[resource.workload.value, resource.region] |
	some kind in {
		"AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::ElasticLoadBalancing::LoadBalancer",
		"AWS::ElasticLoadBalancingV2::LoadBalancer",
	}
	some resource in input.resources[kind]
}

# Records of workloads in several Regions.
_several := [record | some record in _records; count(_regions[record.workload.value]) > 1]

# Records with the Regions that they lead to.
_leads := array.concat(_to_balancers, _to_instances)

# With simple routing, an alias and a CNAME lead to a single name.
_to_balancers := [{"record": record, "regions": {balancer.region}} |
	some record in _several
	ends := input.relations.routes_to[record.arn]
	count(ends) == 1
	balancer := input.by_arn[ends[0]]
	balancer.type in {"AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer"}
	not balancer.arn in _routed
]

# Every address is that of an instance, in a Region of the workload.
_to_instances := [{"record": record, "regions": {region | some region in found}} |
	some record in _several
	found := [region |
		some value in record.attributes.values
		not value in _routed
		some region in _regions[record.workload.value]
		[value, region] in _addresses
	]
	count(found) > 0
	count(found) == count(record.attributes.values)
]

_addresses := {[address, instance.region] |
	some instance in input.resources["AWS::EC2::Instance"]
	some address in instance.attributes.public_ip_addresses
}

# Records that may lead to one Region of several: not all that runs or balances the load was listed.
_possible := [record |
	count(_unlisted) > 0
	some record in _records
	count(route53.regions(record)) == 1
	count([end | some end in input.relations.routes_to[record.arn]; end in _routed]) == 0
]

_unlisted := [region.name | some region in input.regions; not region.name in _listed]

_listed := {region.name |
	some region in input.regions
	_has_answer("ec2:DescribeInstances", region.name)
	_has_answer("autoscaling:DescribeAutoScalingGroups", region.name)
	_has_answer("elasticloadbalancing:DescribeLoadBalancers", region.name)
	_has_answer("elasticloadbalancing:DescribeClassicLoadBalancers", region.name)
}

# There is nothing in a Region that is disabled.
_has_answer(call, region) if input.coverage[call][region] in {"collected", "region_disabled"}

subjects contains lead.record.arn if {
	some lead in _leads
}

subjects contains record.arn if {
	some record in _possible
}

_in_one := [lead | some lead in _leads; count(lead.regions) == 1]

unknowns contains lead.record.arn if {
	some lead in _in_one
	lead.record.workload.value in _fronted
}

unknowns contains lead.record.arn if {
	some lead in _in_one
	not lead.record.attributes.hosted_zone in _public_zones
}

# Among the records that were not listed, there may be one that fails over to where these lead.
unknowns contains lead.record.arn if {
	count(partial_zones) > 0
	some lead in _in_one
}

unknowns contains record.arn if {
	some record in _possible
}

violations contains violation if {
	count(partial_zones) == 0
	some lead in _in_one
	record := lead.record
	workload := record.workload.value
	not workload in _fronted
	record.attributes.hosted_zone in _public_zones
	some region in lead.regions
	violation := {
		"resource": record.arn,
		"message": concat("", [
			route53.label(record),
			sprintf(" leads to %s alone, and %s runs in ", [region, workload]),
			concat(", ", _regions[workload]),
		]),
		"evidence": {
			"routing_policy": record.attributes.routing_policy,
			"targets": [target | some target in route53.targets(record)],
			"region": region,
			"workload": workload,
			"workload_regions": _regions[workload],
		},
		"params": {"zone_id": route53.zone_id(record), "record_type": record.attributes.record_type},
	}
}

# Workloads of which a name leads to what sends queries on to Regions by itself.
_fronted := {record.workload.value |
	some record in input.resources["AWS::Route53::RecordSet"]
	is_string(record.workload.value)
	some name in route53.targets(record)
	some suffix in {".awsglobalaccelerator.com", ".cloudfront.net"}
	endswith(name, suffix)
}
