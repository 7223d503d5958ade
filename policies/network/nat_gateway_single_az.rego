# METADATA
# title: NAT gateways of the VPC are all in one Availability Zone
# description: |
#   Subnets in several zones leave the VPC through one zone. When that zone fails, instances in the others run and
#   reach nothing outside: neither the APIs of AWS and of partners nor what they have to download to start.
#
#   A VPC is judged by its subnets in use whose route to everywhere leads to a NAT gateway, where they are in two zones
#   or more; the first of their gateways stands for the VPC, and the severity is that of this gateway, by its own tags.
#   How many gateways and subnets there are does not count, only the zones that the routes lead to. A subnet is in use
#   where an instance or an Auto Scaling group is placed in it, of whichever account. Load balancers and endpoints send
#   nothing through a NAT gateway; functions and containers do, and are not collected yet. Private gateways are judged
#   like public ones, because the route says that everything goes through them.
#
#   Regional gateways are in several zones by themselves; one whose zones are managed by hand serves those that it was
#   given. Gateways that failed serve nobody. Local Zones hang on one zone of the Region in any case. Where gateways
#   are in two zones, a subnet may still leave through another zone than its own, which is not judged. What comes from
#   other VPCs through a transit gateway is not seen, and whether the instances need what is outside is not known.
# scope: package
# related_resources:
# - description: NAT gateway basics
#   ref: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html
# - description: Regional NAT gateways for automatic multi-AZ expansion
#   ref: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateways-regional.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: redundancy
#   scenarios: [zone]
#   resource_types: [AWS::EC2::NatGateway]
#   requires:
#   - ec2:DescribeNatGateways
#   - ec2:DescribeSubnets
#   - ec2:DescribeRouteTables
#   - ec2:DescribeAvailabilityZones
#   - ec2:DescribeInstances
#   - autoscaling:DescribeAutoScalingGroups
#   controls:
#     aws-well-architected: [REL02-BP01, REL10-BP01]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [network-paths-redundant]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - create-nat-gateway
#     - --connectivity-type={{params.public}}
#     - --subnet-id={{choose.subnet_id}}
#     - --allocation-id={{choose.allocation_id}}
#     - --region={{region}}
#     effect: >-
#       a NAT gateway in a public subnet of another zone, with an Elastic IP address that allocate-address gives; one
#       for each zone in use. Whoever allows the present address only has to allow the new one too
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-nat-gateway
#     - --nat-gateway-id={{choose.nat_gateway_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-nat-gateways
#     - --filter=Name=vpc-id,Values={{params.vpc_id}}
#     - --query=NatGateways[].[NatGatewayId,SubnetId,State]
#     - --region={{region}}
#     cost: a charge for each gateway and hour; less traffic between zones
#   - argv:
#     - aws
#     - ec2
#     - create-nat-gateway
#     - --connectivity-type={{params.private}}
#     - --subnet-id={{choose.subnet_id}}
#     - --region={{region}}
#     effect: >-
#       a private NAT gateway in another zone, one for each zone in use, in a subnet that is routed as that of the
#       present gateway is
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-nat-gateway
#     - --nat-gateway-id={{choose.nat_gateway_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-nat-gateways
#     - --filter=Name=vpc-id,Values={{params.vpc_id}}
#     - --query=NatGateways[].[NatGatewayId,SubnetId,State]
#     - --region={{region}}
#     cost: a charge for each gateway and hour; less traffic between zones
#   - argv:
#     - aws
#     - ec2
#     - replace-route
#     - --route-table-id={{choose.route_table_id}}
#     - --destination-cidr-block=0.0.0.0/0
#     - --nat-gateway-id={{choose.nat_gateway_id}}
#     - --region={{region}}
#     effect: >-
#       the subnets of this route table leave through the gateway of their own zone; connections through the present
#       gateway break. Where zones share a route table, give each zone one of its own first
#     risk: disruptive
#     undo:
#     - aws
#     - ec2
#     - replace-route
#     - --route-table-id={{choose.route_table_id}}
#     - --destination-cidr-block=0.0.0.0/0
#     - --nat-gateway-id={{params.previous_nat_gateway_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-route-tables
#     - --filters=Name=vpc-id,Values={{params.vpc_id}}
#     - --query=RouteTables[].[RouteTableId,Associations[].SubnetId,Routes[].NatGatewayId]
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.network.nat_gateway_single_az

import data.hadr.lib.zones

_gateways := {gateway.arn: gateway |
	some gateway in input.resources["AWS::EC2::NatGateway"]
	gateway.attributes.availability_mode != "regional"
	gateway.attributes.state != "failed"
}

# What sends, with its subnets. It may be of another account that the subnets are shared with.
_senders := {sender: subnets |
	some sender, subnets in input.relations.placed_in
	input.by_arn[sender].type in {"AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance"}
}

_used := {subnet | some subnets in _senders; some subnet in subnets}

# VPC, gateway, zone of the gateway and zone of those who leave through it, sorted, so that those of a VPC are together.
_exits := sort([exit | some exit in _seen | _unseen])

_seen := {[subnet.attributes.vpc_id, gateway.arn, _zone(gateway), zone] |
	some subnet in input.resources["AWS::EC2::Subnet"]
	some arn in input.relations.exits_through[subnet.arn]
	subnet.arn in _used
	gateway := _gateways[arn]
	some zone in zones.of(subnet)
}

# Nobody knows which zones leave through it.
_unseen := {[gateway.attributes.vpc_id, gateway.arn, _zone(gateway), null] |
	some gateway in _gateways
	not gateway.region in _listed
}

# Regions in which everything was listed that decides which zones leave through which.
_listed := {region.name |
	some region in input.regions
	input.coverage["ec2:DescribeSubnets"][region.name] == "collected"
	input.coverage["ec2:DescribeRouteTables"][region.name] == "collected"
	input.coverage["ec2:DescribeAvailabilityZones"][region.name] == "collected"
	input.coverage["ec2:DescribeInstances"][region.name] == "collected"
	input.coverage["autoscaling:DescribeAutoScalingGroups"][region.name] == "collected"
}

# Zone of a gateway that works; `null` where it is not known.
_zone(gateway) := place.zones[0] if {
	gateway.attributes.state == "available"
	place := gateway.placement
	count(place.zones) == 1
} else := null

# Where the exits of each VPC begin, and where the last ones end.
_bounds := array.concat([number | some number in object.keys(_firsts)], [count(_exits)])

_firsts := {number: exit | some number, exit in _exits; _begins(number, exit)}

_begins(number, _) if number == 0

_begins(number, exit) if {
	number > 0
	_exits[number - 1][0] != exit[0]
}

# VPCs of which several zones are in use, or may be.
_vpcs := {start: vpc |
	some number, start in _bounds
	start < count(_exits)
	exits := array.slice(_exits, start, _bounds[number + 1])
	clients := {exit[3] | some exit in exits}
	_are_several(clients)
	vpc := {
		"gateway": _gateways[exits[0][1]],
		"gateways": {_gateways[exit[1]].name | some exit in exits},
		"zones": {exit[2] | some exit in exits},
		"clients": clients,
	}
}

_are_several(clients) if null in clients

_are_several(clients) if count(clients) > 1

subjects contains vpc.gateway.arn if {
	some vpc in _vpcs
}

unknowns contains vpc.gateway.arn if {
	some vpc in _vpcs
	null in vpc.clients
}

# Two zones that are known suffice.
unknowns contains vpc.gateway.arn if {
	some vpc in _vpcs
	null in vpc.zones
	count(vpc.zones) < 3
}

violations contains violation if {
	some vpc in _vpcs
	not null in vpc.clients
	count(vpc.zones) == 1
	some zone in vpc.zones
	zone != null
	gateway := vpc.gateway
	violation := {
		"resource": gateway.arn,
		"message": _message(vpc, zone),
		"evidence": {
			"vpc_id": gateway.attributes.vpc_id,
			"nat_gateways": [name | some name in vpc.gateways],
			"availability_mode": gateway.attributes.availability_mode,
			"connectivity_type": gateway.attributes.connectivity_type,
			"zone": zone,
			"client_zones": [client | some client in vpc.clients],
		},
		"params": object.union(_kind(gateway), {
			"vpc_id": gateway.attributes.vpc_id,
			"previous_nat_gateway_id": _only(vpc.gateways),
		}),
	}
}

_message(vpc, zone) := concat("", [
	sprintf("%s in %s is the only NAT gateway of subnets in use in ", [vpc.gateway.name, zone]),
	concat(", ", vpc.clients),
]) if {
	count(vpc.gateways) == 1
} else := concat("", [
	sprintf("%s is in %s, and so are all NAT gateways of subnets in use in ", [vpc.gateway.name, zone]),
	concat(", ", vpc.clients),
])

# A gateway is public unless it was made otherwise.
_kind(gateway) := {"private": "private"} if {
	gateway.attributes.connectivity_type == "private"
} else := {"public": "public"}

_only(names) := [name | some name in names][0] if {
	count(names) == 1
} else := null
