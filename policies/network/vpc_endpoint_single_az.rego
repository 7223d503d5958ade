# METADATA
# title: VPC endpoint is in fewer Availability Zones than its clients
# description: |
#   An interface endpoint has a network interface in each of its subnets. When their zone fails, clients in the other
#   zones run and no longer reach the service behind the endpoint, such as keys, secrets or images.
#
#   Interface endpoints that are accepted and did not fail are judged by the zones of their subnets and those of their
#   VPC in which an instance or an Auto Scaling group is placed, of whichever account, where these are two or more: a
#   VPC in one zone fails with it. Load balancers and other endpoints are no clients; functions and containers are, and
#   are not collected yet, nor are clients in other VPCs. An endpoint in two zones or more survives the loss of one, so
#   that the finding is mild; the service may not be offered in the others. Endpoints of Gateway Load Balancers belong
#   to one zone each, and gateway endpoints to none.
# scope: package
# related_resources:
# - description: Access an AWS service using an interface VPC endpoint
#   ref: https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
# - description: AWS PrivateLink concepts
#   ref: https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: redundancy
#   scenarios: [zone]
#   resource_types: [AWS::EC2::VPCEndpoint]
#   requires:
#   - ec2:DescribeVpcEndpoints
#   - ec2:DescribeSubnets
#   - ec2:DescribeAvailabilityZones
#   - ec2:DescribeInstances
#   - autoscaling:DescribeAutoScalingGroups
#   controls:
#     aws-well-architected: [REL02-BP01]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [network-paths-redundant]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - modify-vpc-endpoint
#     - --vpc-endpoint-id={{name}}
#     - --add-subnet-ids={{choose.subnet_id}}
#     - --region={{region}}
#     effect: >-
#       the endpoint gets a network interface in this subnet, of which a zone can have one; once for each zone that
#       lacks it. The service has to be offered in the zone, which describe-vpc-endpoint-services tells
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - modify-vpc-endpoint
#     - --vpc-endpoint-id={{name}}
#     - --remove-subnet-ids={{choose.subnet_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-vpc-endpoints
#     - --vpc-endpoint-ids={{name}}
#     - --query=VpcEndpoints[0].[State,SubnetIds]
#     - --region={{region}}
#     cost: a charge for each zone and hour; less traffic between zones
#   since: 0.1.0
package hadr.network.vpc_endpoint_single_az

import data.hadr.lib.zones
import data.hadr.lib.zones.usable

_interfaces := [endpoint |
	some endpoint in input.resources["AWS::EC2::VPCEndpoint"]
	endpoint.attributes.vpc_endpoint_type == "Interface"
	not endpoint.attributes.state in _useless
]

# An endpoint in these states serves nobody. The API writes them with and without a capital.
_useless := {
	"Expired", "Failed", "PendingAcceptance", "Rejected", "expired", "failed", "pendingAcceptance", "rejected",
}

# Clients with their subnets. They may be of another account that the subnets are shared with.
_clients := {client: subnets |
	some client, subnets in input.relations.placed_in
	input.by_arn[client].type in {"AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance"}
}

_used := {subnet | some subnets in _clients; some subnet in subnets}

# VPCs with the zones that clients are in.
_client_zones := {[subnet.attributes.vpc_id, zone] |
	some subnet in input.resources["AWS::EC2::Subnet"]
	subnet.arn in _used
	some zone in zones.of(subnet)
}

_endpoints := [entry |
	some endpoint in _interfaces
	clients := [zone |
		some zone in usable[endpoint.region]
		[endpoint.attributes.vpc_id, zone] in _client_zones
	]
	count(clients) > 1
	entry := {"endpoint": endpoint, "clients": clients, "place": endpoint.placement}
]

subjects contains entry.endpoint.arn if {
	some entry in _endpoints
}

# Nobody knows all of its clients.
subjects contains endpoint.arn if {
	some endpoint in _interfaces
	not endpoint.region in _listed
}

# Regions in which everything was listed that decides where clients are.
_listed := {region.name |
	some region in input.regions
	input.coverage["ec2:DescribeSubnets"][region.name] == "collected"
	input.coverage["ec2:DescribeAvailabilityZones"][region.name] == "collected"
	input.coverage["ec2:DescribeInstances"][region.name] == "collected"
	input.coverage["autoscaling:DescribeAutoScalingGroups"][region.name] == "collected"
}

_in_fewer := [entry | some entry in _endpoints; count(entry.place.zones) < count(entry.clients)]

unknowns contains entry.endpoint.arn if {
	some entry in _in_fewer
	not _is_placed(entry.place)
}

unknowns contains endpoint.arn if {
	some endpoint in _interfaces
	not endpoint.region in _listed
}

violations contains violation if {
	some entry in _in_fewer
	_is_placed(entry.place)
	endpoint := entry.endpoint
	violation := object.union(_bound(entry.place), {
		"resource": endpoint.arn,
		"message": concat("", [
			sprintf("%s is in ", [endpoint.name]),
			concat(", ", entry.place.zones),
			", and clients of its VPC are in ",
			concat(", ", entry.clients),
		]),
		"evidence": {
			"vpc_id": endpoint.attributes.vpc_id,
			"service_name": endpoint.attributes.service_name,
			"subnets": endpoint.attributes.subnets,
			"zones": entry.place.zones,
			"client_zones": entry.clients,
		},
	})
}

# The zones of all subnets are known. An endpoint that names no subnet is somewhere all the same.
_is_placed(place) if {
	count(place.zones) > 0
	count(place.unplaced) == 0
}

_bound(place) := {"at_most": "low"} if {
	count(place.zones) > 1
} else := {}
