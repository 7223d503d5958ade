package hadr.elb.cross_zone_off_uneven_test

import data.hadr.elb.cross_zone_off_uneven as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_edge := {compute.balancer_arn("edge")}

_listed := {"coverage": {"elasticloadbalancing:DescribeTargetGroups": {test.region: "collected"}}}

_off := compute.network_load_balancer("edge", {})

_on := compute.network_load_balancer("edge", {"cross_zone_enabled": true})

_follows := {"protocol": "TCP", "cross_zone_enabled": "use_load_balancer_configuration"}

_group(settings) := compute.target_group(
	"web",
	"edge",
	[compute.target("i-1", "healthy")],
	object.union(_follows, settings),
)

# A load balancer with a group whose healthy targets are in these zones.
_input(balancer, group, counts) := compute.input_with([balancer, group], object.union(
	object.union(_listed, compute.healthy_in("web", counts)),
	compute.related("forwards_to", {compute.balancer_arn("edge"): [compute.target_group_arn("web")]}),
))

_unplaced(document) := test.with_derived(
	document,
	{"placement": {compute.target_group_arn("web"): {"unplaced": ["10.0.0.9"]}}},
)

_empty_zone := {"a": 3, "b": 2}

_uneven := {"a": 5, "b": 2, "c": 3}

_even := {"a": 4, "b": 2, "c": 3}

test_violated_where_a_zone_has_no_healthy_target if {
	document := _input(_off, _group({}), _empty_zone)
	_violated(document) == _edge
	_unknown(document) == set()
}

test_message_names_the_empty_zone if {
	document := _input(_off, _group({}), _empty_zone)
	some violation in policy.violations with input as document
	violation.message == "edge keeps traffic in its zones, and web has no healthy target in eu-west-1c"
	violation.params == {"load_balancer": compute.balancer_arn("edge")}
	violation.discriminator == "web"
}

test_evidence_names_the_zones_and_both_settings if {
	document := _input(_off, _group({}), _empty_zone)
	some violation in policy.violations with input as document
	violation.evidence == {
		"target_group": compute.target_group_arn("web"),
		"healthy": {"eu-west-1a": 3, "eu-west-1b": 2, "eu-west-1c": 0},
		"cross_zone_enabled": false,
		"target_group_cross_zone_enabled": "use_load_balancer_configuration",
	}
}

test_violated_where_zones_are_unequal if {
	document := _input(_off, _group({}), _uneven)
	_violated(document) == _edge
	some violation in policy.violations with input as document
	violation.message == "edge keeps traffic in its zones, and web has 5 healthy targets in one and 2 in another"
}

test_violated_by_what_the_group_says_against_its_load_balancer if {
	document := _input(_on, _group({"cross_zone_enabled": "false"}), _uneven)
	_violated(document) == _edge
	some violation in policy.violations with input as document
	violation.params == {"target_group": compute.target_group_arn("web")}
	violation.evidence.cross_zone_enabled == true
	violation.evidence.target_group_cross_zone_enabled == "false"
}

test_violated_by_gateway_load_balancers_whose_groups_cannot_say if {
	balancer := compute.network_load_balancer("edge", {"type": "gateway"})
	group := _group({"protocol": "GENEVE", "cross_zone_enabled": null})
	_violated(_input(balancer, group, _empty_zone)) == _edge
}

test_violated_with_an_application_load_balancer_in_fewer_zones_as_target if {
	group := _group({"target_type": "alb", "cross_zone_enabled": null})
	_violated(_input(_off, group, {"a": 1, "b": 1})) == _edge
}

test_each_group_is_a_violation if {
	green := compute.target_group("green", "edge", [compute.target("i-1", "healthy")], _follows)
	other := {"relations": {"forwards_to": {compute.balancer_arn("edge"): [
		compute.target_group_arn("green"),
		compute.target_group_arn("web"),
	]}}}
	place := object.union(compute.healthy_in("web", _uneven), compute.healthy_in("green", _empty_zone))
	parts := object.union(object.union(_listed, place), other)
	document := compute.input_with([_off, _group({}), green], parts)
	found := {violation.discriminator | some violation in policy.violations with input as document}
	found == {"green", "web"}
	_violated(document) == _edge
}

test_satisfied_where_zones_are_equal_enough if {
	every counts in [_even, {"a": 1, "b": 1, "c": 1}, {}] {
		document := _input(_off, _group({}), counts)
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _edge with input as document
	}
}

test_satisfied_where_traffic_crosses_zones if {
	every document in [
		_input(_on, _group({}), _empty_zone),
		_input(_off, _group({"cross_zone_enabled": "true"}), _empty_zone),
		_unplaced(_input(_on, _group({}), {})),
	] {
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _edge with input as document
	}
}

test_unknown_where_a_setting_that_decides_is_not_known if {
	nobody_said := compute.network_load_balancer("edge", {"cross_zone_enabled": null})
	every document in [
		_input(nobody_said, _group({}), _uneven),
		_input(_off, _group({"cross_zone_enabled": null}), _uneven),
		_input(_on, _group({"cross_zone_enabled": null}), _uneven),
	] {
		_unknown(document) == _edge
		_violated(document) == set()
	}
}

test_settings_that_are_not_known_do_not_matter_where_zones_are_equal if {
	document := _input(_off, _group({"cross_zone_enabled": null}), _even)
	_unknown(document) == set()
	_violated(document) == set()
	policy.subjects == _edge with input as document
}

test_unknown_where_the_place_of_targets_is_not_known if {
	every document in [
		_unplaced(_input(_off, _group({}), _even)),
		_unplaced(_input(_off, _group({}), _uneven)),
		_input(_off, _group({"targets": null}), {}),
	] {
		_unknown(document) == _edge
		_violated(document) == set()
	}
}

test_unknown_while_targets_of_unequal_zones_may_become_healthy if {
	every state in ["initial", "unavailable", null] {
		targets := [compute.target("i-1", "healthy"), compute.target("i-2", state)]
		document := _input(_off, _group({"targets": targets}), _uneven)
		_unknown(document) == _edge
		_violated(document) == set()
	}
}

test_unknown_where_target_groups_were_not_listed if {
	document := compute.input_with([_off], {})
	_unknown(document) == _edge
	policy.subjects == _edge with input as document
}

test_not_applicable_to_application_load_balancers_and_in_one_zone if {
	one := compute.in_zones(["a"], _off)
	every balancer in [compute.load_balancer("edge", {}), one] {
		document := _input(balancer, _group({}), {"a": 3})
		policy.subjects == set() with input as document
	}
}

test_not_applicable_without_a_target_group if {
	document := compute.input_with([_off], _listed)
	policy.subjects == set() with input as document
}
