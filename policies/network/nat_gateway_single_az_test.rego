package hadr.network.nat_gateway_single_az_test

import data.hadr.lib.test
import data.hadr.lib.test_compute as aws
import data.hadr.network.nat_gateway_single_az as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_gateway := {_arn("nat-1")}

_arn(id) := aws.arn(sprintf("natgateway/%s", [id]))

_calls := {
	"ec2:DescribeSubnets", "ec2:DescribeRouteTables", "ec2:DescribeAvailabilityZones", "ec2:DescribeInstances",
	"autoscaling:DescribeAutoScalingGroups",
}

_collected := {call: {region: "collected" | some region in ["eu-central-1", "eu-west-1", "us-west-1"]} |
	some call in _calls
}

# Instances in the subnets of these zones, each of which leaves through that gateway. Gateways are in zones by letter.
_leaving(exits, gateways, places) := _leaving_with(exits, gateways, places, {})

_leaving_with(exits, gateways, places, parts) := aws.input_with(
	array.concat(
		gateways,
		[resource |
			some letter, _ in exits
			some resource in [aws.subnet(letter, {}), aws.in_zones([letter], aws.instance(sprintf("i-%s", [letter]), {}))]
		],
	),
	object.union(
		{
			"coverage": _collected,
			"relations": {
				"placed_in": {aws.arn(sprintf("instance/i-%s", [letter])): [aws.subnet_arn(letter)] | some letter, _ in exits},
				"exits_through": {aws.subnet_arn(letter): [_arn(id)] | some letter, id in exits},
			},
			"placement": {_arn(id): _in_zone(letter) | some id, letter in places},
		},
		parts,
	),
)

_in_zone(letter) := {"zones": [aws.zone_name(letter)], "regions": [test.region], "unplaced": []}

# Three zones that leave through a gateway in the first, with these settings.
_through_one(settings) := _leaving(
	{"a": "nat-1", "b": "nat-1", "c": "nat-1"},
	[aws.nat_gateway("nat-1", settings)],
	{"nat-1": "a"},
)

test_violated_where_all_zones_leave_through_one if {
	_violated(_through_one({})) == _gateway
	_unknown(_through_one({})) == set()
}

test_message_names_the_zones if {
	document := _through_one({})
	some violation in policy.violations with input as document
	zones := "eu-west-1a, eu-west-1b, eu-west-1c"
	violation.message == sprintf("nat-1 in eu-west-1a is the only NAT gateway of subnets in use in %s", [zones])
	violation.evidence == {
		"vpc_id": "vpc-1",
		"nat_gateways": ["nat-1"],
		"availability_mode": "zonal",
		"connectivity_type": "public",
		"zone": "eu-west-1a",
		"client_zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
	}
	violation.params == {"public": "public", "vpc_id": "vpc-1", "previous_nat_gateway_id": "nat-1"}
}

# Gateways in several subnets of one zone fail together, and the VPC is found once.
test_violated_where_several_gateways_are_in_one_zone if {
	gateways := [aws.nat_gateway("nat-1", {}), aws.nat_gateway("nat-2", {})]
	document := _leaving({"a": "nat-1", "b": "nat-2"}, gateways, {"nat-1": "a", "nat-2": "a"})
	_violated(document) == _gateway
	policy.subjects == _gateway with input as document
	some violation in policy.violations with input as document
	fact := "is in eu-west-1a, and so are all NAT gateways of subnets in use in eu-west-1a, eu-west-1b"
	violation.message == sprintf("nat-1 %s", [fact])
	violation.evidence.nat_gateways == ["nat-1", "nat-2"]
	violation.params.previous_nat_gateway_id == null
}

# A gateway in the second zone helps nobody who is not routed there.
test_violated_beside_a_gateway_that_no_route_leads_to if {
	gateways := [aws.nat_gateway("nat-1", {}), aws.nat_gateway("nat-2", {"subnet_id": "subnet-b"})]
	document := _leaving({"a": "nat-1", "b": "nat-1"}, gateways, {"nat-1": "a", "nat-2": "b"})
	_violated(document) == _gateway
}

test_violated_where_private_gateways_are_in_one_zone if {
	document := _through_one({"connectivity_type": "private"})
	_violated(document) == _gateway
	some violation in policy.violations with input as document
	violation.params == {"private": "private", "vpc_id": "vpc-1", "previous_nat_gateway_id": "nat-1"}
}

# Groups start instances in the subnets that they name, and subnets may be shared with other accounts.
test_violated_where_groups_or_other_accounts_are_in_the_subnets if {
	group := aws.group("web", {})
	relations := {"relations": {"placed_in": {group.arn: [aws.subnet_arn("a"), aws.subnet_arn("b")]}}}
	resources := [aws.nat_gateway("nat-1", {}), aws.subnet("a", {}), aws.subnet("b", {})]
	exits := {"relations": {"exits_through": {aws.subnet_arn(letter): [_arn("nat-1")] | some letter in ["a", "b"]}}}
	parts := object.union_n([relations, exits, {"coverage": _collected, "placement": {_arn("nat-1"): _in_zone("a")}}])
	own := aws.input_with(array.concat(resources, [group]), parts)
	_violated(own) == _gateway
	shared := aws.input_with(array.concat(resources, [test.foreign(group)]), parts)
	_violated(shared) == _gateway
}

test_satisfied_with_gateways_in_two_zones if {
	gateways := [aws.nat_gateway("nat-1", {}), aws.nat_gateway("nat-2", {"subnet_id": "subnet-b"})]
	document := _leaving({"a": "nat-1", "b": "nat-2", "c": "nat-2"}, gateways, {"nat-1": "a", "nat-2": "b"})
	policy.subjects == _gateway with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

# Each VPC is judged by its own gateways.
test_vpcs_are_told_apart if {
	resources := [
		aws.nat_gateway("nat-1", {}),
		aws.nat_gateway("nat-2", {"vpc_id": "vpc-2"}),
		aws.nat_gateway("nat-3", {"vpc_id": "vpc-2"}),
		aws.subnet("a", {}),
		aws.subnet("b", {}),
		_other_subnet("a"),
		_other_subnet("b"),
		aws.instance("i-1", {}),
	]
	document := aws.input_with(resources, {
		"coverage": _collected,
		"relations": {
			"placed_in": {aws.arn("instance/i-1"): [entry.arn | some entry in resources; entry.type == "AWS::EC2::Subnet"]},
			"exits_through": {
				aws.subnet_arn("a"): [_arn("nat-1")],
				aws.subnet_arn("b"): [_arn("nat-1")],
				_other_subnet("a").arn: [_arn("nat-2")],
				_other_subnet("b").arn: [_arn("nat-3")],
			},
		},
		"placement": {_arn("nat-1"): _in_zone("a"), _arn("nat-2"): _in_zone("a"), _arn("nat-3"): _in_zone("b")},
	})
	_violated(document) == _gateway
	policy.subjects == {_arn("nat-1"), _arn("nat-2")} with input as document
}

_other_subnet(letter) := object.union(aws.subnet(letter, {"vpc_id": "vpc-2"}), {
	"arn": aws.arn(sprintf("subnet/subnet-other-%s", [letter])),
	"name": sprintf("subnet-other-%s", [letter]),
})

test_unknown_where_the_zone_or_the_state_of_a_gateway_is if {
	gateways := [aws.nat_gateway("nat-1", {})]
	exits := {"a": "nat-1", "b": "nat-1"}
	nowhere := {"zones": [], "regions": [test.region], "unplaced": ["subnet-a"]}
	astray := {"zones": ["eu-west-1a", "eu-west-1b"], "regions": [test.region], "unplaced": []}
	every place in [nowhere, astray] {
		document := _leaving_with(exits, gateways, {}, {"placement": {_arn("nat-1"): place}})
		_unknown(document) == _gateway
		_violated(document) == set()
	}
	_unknown(_through_one({"state": null})) == _gateway
	_violated(_through_one({"state": null})) == set()
}

# The second gateway may be in the other zone, and with two that are known it does not matter.
test_unknown_only_while_it_can_matter if {
	gateways := [aws.nat_gateway("nat-1", {}), aws.nat_gateway("nat-2", {}), aws.nat_gateway("nat-3", {"state": null})]
	places := {"nat-1": "a", "nat-2": "b", "nat-3": "c"}
	open := _leaving({"a": "nat-1", "b": "nat-1", "c": "nat-3"}, gateways, places)
	_unknown(open) == _gateway
	_violated(open) == set()
	decided := _leaving({"a": "nat-1", "b": "nat-2", "c": "nat-3"}, gateways, places)
	policy.subjects == _gateway with input as decided
	_unknown(decided) == set()
}

test_unknown_where_what_decides_was_not_listed if {
	every call in _calls {
		denied := {"coverage": object.union(_collected, {call: {"eu-west-1": "denied"}})}
		gateways := [aws.nat_gateway("nat-1", {}), aws.nat_gateway("nat-2", {})]
		document := _leaving_with({}, gateways, {"nat-1": "a", "nat-2": "b"}, denied)
		policy.subjects == _gateway with input as document
		_unknown(document) == _gateway
	}
}

# Those who were not listed may leave through another zone.
test_unknown_where_others_may_leave_through_another_zone if {
	denied := {"coverage": object.union(_collected, {"ec2:DescribeInstances": {"eu-west-1": "denied"}})}
	gateways := [aws.nat_gateway("nat-1", {})]
	document := _leaving_with({"a": "nat-1", "b": "nat-1"}, gateways, {"nat-1": "a"}, denied)
	_unknown(document) == _gateway
	_violated(document) == set()
}

test_not_applicable_to_regional_and_failed_gateways if {
	every settings in [{"availability_mode": "regional", "subnet_id": null}, {"state": "failed"}] {
		policy.subjects == set() with input as _through_one(settings)
	}
}

test_not_applicable_where_one_zone_or_nothing_leaves_through_it if {
	gateways := [aws.nat_gateway("nat-1", {})]
	alone := _leaving({"b": "nat-1"}, gateways, {"nat-1": "a"})
	policy.subjects == set() with input as alone
	idle := aws.input_with(array.concat(gateways, [aws.subnet("a", {}), aws.subnet("b", {})]), {
		"coverage": _collected,
		"relations": {"exits_through": {aws.subnet_arn(letter): [_arn("nat-1")] | some letter in ["a", "b"]}},
		"placement": {_arn("nat-1"): _in_zone("a")},
	})
	policy.subjects == set() with input as idle
}

# Neither a load balancer nor an endpoint sends anything through a NAT gateway.
test_not_applicable_where_only_load_balancers_and_endpoints_are if {
	resources := [
		aws.nat_gateway("nat-1", {}),
		aws.subnet("a", {}),
		aws.subnet("b", {}),
		aws.load_balancer("web", {}),
		aws.vpc_endpoint("vpce-1", {}),
	]
	subnets := [aws.subnet_arn("a"), aws.subnet_arn("b")]
	document := aws.input_with(resources, {
		"coverage": _collected,
		"relations": {
			"placed_in": {aws.balancer_arn("web"): subnets, aws.arn("vpc-endpoint/vpce-1"): subnets},
			"exits_through": {subnet: [_arn("nat-1")] | some subnet in subnets},
		},
		"placement": {_arn("nat-1"): _in_zone("a")},
	})
	policy.subjects == set() with input as document
}

# A Local Zone is not a second zone of the Region.
test_not_applicable_where_the_second_zone_is_local if {
	local := aws.availability_zone("z", {"zone_type": "local-zone"})
	gateways := [aws.nat_gateway("nat-1", {}), local]
	document := _leaving({"a": "nat-1", "z": "nat-1"}, gateways, {"nat-1": "a"})
	policy.subjects == set() with input as document
}
