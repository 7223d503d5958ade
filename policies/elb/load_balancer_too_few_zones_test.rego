package hadr.elb.load_balancer_too_few_zones_test

import data.hadr.elb.load_balancer_too_few_zones as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_edge := {compute.balancer_arn("edge")}

_old := {compute.classic_arn("old")}

_input(resources) := compute.input_with(resources, {})

# A load balancer of a kind in the zones of these letters.
_balancer(kind, letters) := compute.in_zones(letters, compute.load_balancer("edge", {"type": kind}))

_classic(letters) := compute.in_zones(letters, compute.classic_load_balancer("old", {}))

_as(criticality, entry) := test.with_members(entry, {"criticality": criticality})

# The Region with these zones only, for a load balancer.
_region_of(letters, balancer) := test.input_of(array.concat(
	[compute.availability_zone(letter, {}) | some letter in letters],
	[balancer],
))

_local_zone := compute.availability_zone("x", {"zone_type": "local-zone"})

test_violated_in_one_zone if {
	every kind in ["application", "network", "gateway"] {
		document := _input([_balancer(kind, ["a"])])
		_violated(document) == _edge
		_unknown(document) == set()
	}
}

test_violated_by_a_classic_one_in_one_zone if {
	_violated(_input([_classic(["a"])])) == _old
}

test_message_names_the_zone if {
	document := _input([_balancer("network", ["a"])])
	some violation in policy.violations with input as document
	violation.message == "edge is in one Availability Zone, eu-west-1a"
	violation.evidence == {
		"zones": {"eu-west-1a"},
		"zones_of_region": {"eu-west-1a", "eu-west-1b", "eu-west-1c"},
		"needed": 3,
		"subnets": ["subnet-a", "subnet-b", "subnet-c"],
	}
	violation.params == {
		"load_balancer": compute.balancer_arn("edge"),
		"subnets": ["subnet-a", "subnet-b", "subnet-c"],
	}
	not violation.at_most
}

test_subnets_of_a_gateway_load_balancer_are_not_taken_away_again if {
	document := _input([_balancer("gateway", ["a"])])
	some violation in policy.violations with input as document
	violation.params == {"gateway_load_balancer": compute.balancer_arn("edge")}
}

test_two_of_three_are_the_lesser_finding_of_a_mission_critical_one if {
	document := _input([_balancer("application", ["a", "b"])])
	_violated(document) == _edge
	some violation in policy.violations with input as document
	violation.message == "edge is in 2 of the 3 Availability Zones that it needs"
	violation.at_most == "medium"
	violation.evidence.zones == {"eu-west-1a", "eu-west-1b"}
}

test_satisfied_in_three_zones if {
	document := _input([_balancer("application", ["a", "b", "c"]), _classic(["a", "b", "c"])])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _edge | _old with input as document
}

test_satisfied_in_two_zones_where_less_depends_on_it if {
	every criticality in ["business-critical", "general"] {
		document := _input([_as(criticality, _balancer("application", ["a", "b"]))])
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _edge with input as document
	}
}

test_violated_in_one_zone_where_less_depends_on_it if {
	every criticality in ["business-critical", "general"] {
		document := _input([_as(criticality, _balancer("application", ["a"]))])
		_violated(document) == _edge
	}
}

test_satisfied_in_all_zones_of_a_region_that_has_two if {
	document := _region_of(["a", "b"], _balancer("application", ["a", "b"]))
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _edge with input as document
}

test_violated_in_one_zone_of_a_region_that_has_two if {
	document := _region_of(["a", "b"], _balancer("network", ["b"]))
	some violation in policy.violations with input as document
	violation.resource == compute.balancer_arn("edge")
	violation.evidence.needed == 2
}

test_a_local_zone_does_not_count if {
	document := _input([_local_zone, _balancer("application", ["a", "x"])])
	_violated(document) == _edge
	some violation in policy.violations with input as document
	violation.evidence.zones == {"eu-west-1a"}
}

test_unknown_without_zones if {
	document := _input([_balancer("network", []), _classic([])])
	_unknown(document) == _edge | _old
	_violated(document) == set()
}

test_unknown_where_the_zones_of_the_region_are_not_known if {
	document := test.input_of([_balancer("network", ["a"])])
	_unknown(document) == _edge
	_violated(document) == set()
}

test_unknown_where_the_kind_of_a_zone_is_not_known if {
	document := _input([compute.availability_zone("d", {"zone_type": null}), _balancer("network", ["a"])])
	_unknown(document) == _edge
	_violated(document) == set()
}

test_not_applicable_in_local_zones_only if {
	document := _input([_local_zone, _balancer("application", ["x"])])
	policy.subjects == set() with input as document
	_violated(document) == set()
}

test_not_applicable_on_outposts_only if {
	outpost := {"outpost_arn": "arn:aws:outposts:eu-west-1:123456789012:outpost/op-1"}
	balancer := compute.in_zones(["a"], compute.load_balancer("edge", {"subnets": ["subnet-a"]}))
	resources := [balancer, compute.subnet("a", outpost)]
	parts := compute.related("placed_in", {compute.balancer_arn("edge"): [compute.subnet_arn("a")]})
	document := compute.input_with(resources, parts)
	policy.subjects == set() with input as document
	_violated(document) == set()
}

test_violated_in_subnets_that_are_on_no_outpost if {
	balancer := compute.in_zones(["a"], compute.load_balancer("edge", {"subnets": ["subnet-a"]}))
	parts := compute.related("placed_in", {compute.balancer_arn("edge"): [compute.subnet_arn("a")]})
	document := compute.input_with([balancer, compute.subnet("a", {})], parts)
	_violated(document) == _edge
}
