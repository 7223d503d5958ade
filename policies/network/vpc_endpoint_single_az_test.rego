package hadr.network.vpc_endpoint_single_az_test

import data.hadr.lib.test
import data.hadr.lib.test_compute as aws
import data.hadr.network.vpc_endpoint_single_az as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_arn := aws.arn("vpc-endpoint/vpce-1")

_calls := {
	"ec2:DescribeSubnets", "ec2:DescribeAvailabilityZones", "ec2:DescribeInstances",
	"autoscaling:DescribeAutoScalingGroups",
}

_collected := {call: {region: "collected" | some region in ["eu-central-1", "eu-west-1", "us-west-1"]} |
	some call in _calls
}

# An endpoint in these zones, and instances in the subnets of those.
_in(letters, clients) := _with(aws.vpc_endpoint("vpce-1", _subnets(letters)), letters, clients, {})

_subnets(letters) := {"subnets": [sprintf("subnet-%s", [letter]) | some letter in letters]}

_with(endpoint, letters, clients, parts) := aws.input_with(
	array.concat([endpoint], [resource |
		some letter in ["a", "b", "c", "z"]
		some resource in [aws.subnet(letter, {}), aws.in_zones([letter], aws.instance(sprintf("i-%s", [letter]), {}))]
	]),
	object.union(
		{
			"coverage": _collected,
			"relations": {"placed_in": object.union(
				{aws.arn(sprintf("instance/i-%s", [letter])): [aws.subnet_arn(letter)] | some letter in clients},
				{_arn: [aws.subnet_arn(letter) | some letter in letters]},
			)},
			"placement": {_arn: {
				"zones": [aws.zone_name(letter) | some letter in letters],
				"regions": [test.region],
				"unplaced": [],
			}},
		},
		parts,
	),
)

test_violated_in_one_zone_with_clients_in_several if {
	document := _in(["a"], ["a", "b"])
	_violated(document) == {_arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	object.get(violation, "at_most", null) == null
}

test_message_names_the_zones_of_both if {
	document := _in(["a"], ["a", "b"])
	some violation in policy.violations with input as document
	violation.message == "vpce-1 is in eu-west-1a, and clients of its VPC are in eu-west-1a, eu-west-1b"
	violation.evidence == {
		"vpc_id": "vpc-1",
		"service_name": "com.amazonaws.eu-west-1.secretsmanager",
		"subnets": ["subnet-a"],
		"zones": ["eu-west-1a"],
		"client_zones": ["eu-west-1a", "eu-west-1b"],
	}
}

test_mild_where_the_loss_of_a_zone_is_survived if {
	document := _in(["a", "b"], ["a", "b", "c"])
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.at_most == "low"
}

test_violated_where_a_group_or_another_account_is_the_client if {
	group := aws.group("web", {})
	endpoint := aws.vpc_endpoint("vpce-1", _subnets(["a"]))
	resources := [endpoint, aws.subnet("a", {}), aws.subnet("b", {})]
	parts := {
		"coverage": _collected,
		"relations": {"placed_in": {group.arn: [aws.subnet_arn("a"), aws.subnet_arn("b")]}},
		"placement": {_arn: {"zones": ["eu-west-1a"], "regions": [test.region], "unplaced": []}},
	}
	own := aws.input_with(array.concat(resources, [group]), parts)
	_violated(own) == {_arn}
	shared := aws.input_with(array.concat(resources, [test.foreign(group)]), parts)
	_violated(shared) == {_arn}
}

test_satisfied_in_as_many_zones_as_the_clients if {
	every document in [_in(["a", "b"], ["a", "b"]), _in(["a", "b", "c"], ["a", "b"])] {
		policy.subjects == {_arn} with input as document
		_violated(document) == set()
		_unknown(document) == set()
	}
}

test_unknown_where_the_zone_of_a_subnet_is if {
	endpoint := aws.vpc_endpoint("vpce-1", {"subnets": ["subnet-a", "subnet-x"]})
	place := {"zones": ["eu-west-1a"], "regions": [test.region], "unplaced": ["subnet-x"]}
	document := _with(endpoint, ["a"], ["a", "b"], {"placement": {_arn: place}})
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_unknown_where_the_endpoint_names_no_subnet if {
	document := _in([], ["a", "b"])
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_unknown_where_clients_were_not_listed if {
	every call in _calls {
		denied := {"coverage": object.union(_collected, {call: {"eu-west-1": "denied"}})}
		document := _with(aws.vpc_endpoint("vpce-1", {}), ["a", "b", "c"], [], denied)
		policy.subjects == {_arn} with input as document
		_unknown(document) == {_arn}
		_violated(document) == set()
	}
}

# What is seen suffices, whatever else there is.
test_violated_all_the_same_where_some_clients_were_not_listed if {
	denied := {"coverage": object.union(_collected, {"ec2:DescribeInstances": {"eu-west-1": "denied"}})}
	endpoint := aws.vpc_endpoint("vpce-1", _subnets(["a"]))
	_violated(_with(endpoint, ["a"], ["a", "b"], denied)) == {_arn}
}

test_not_applicable_where_clients_are_in_one_zone_or_nowhere if {
	every clients in [["b"], []] {
		policy.subjects == set() with input as _in(["a"], clients)
	}
	every_zone := ["a", "b", "c"]
	policy.subjects == set() with input as _in(every_zone, ["a", "z"])
}

test_not_applicable_to_other_kinds_of_endpoints if {
	every kind in ["Gateway", "GatewayLoadBalancer", "Resource", "ServiceNetwork"] {
		endpoint := aws.vpc_endpoint("vpce-1", {"vpc_endpoint_type": kind})
		policy.subjects == set() with input as _with(endpoint, ["a"], ["a", "b"], {})
	}
}

test_not_applicable_to_endpoints_that_serve_nobody if {
	every state in ["pendingAcceptance", "PendingAcceptance", "rejected", "failed", "expired"] {
		endpoint := aws.vpc_endpoint("vpce-1", {"state": state})
		policy.subjects == set() with input as _with(endpoint, ["a"], ["a", "b"], {})
	}
}

# The VPC that has clients is another one.
test_not_applicable_without_clients_in_its_own_vpc if {
	endpoint := aws.vpc_endpoint("vpce-1", {"vpc_id": "vpc-2"})
	policy.subjects == set() with input as _with(endpoint, ["a"], ["a", "b"], {})
}
