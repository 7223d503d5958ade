package hadr.elb.targets_in_one_zone_test

import data.hadr.elb.targets_in_one_zone as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_bounds(document) := {violation.at_most | some violation in policy.violations with input as document}

_web := {compute.target_group_arn("web")}

_both := {compute.target_group_arn("web"), compute.target_group_arn("green")}

_edge := compute.load_balancer("edge", {})

# A group with targets in these states, behind the load balancer.
_group(name, states) := compute.target_group(
	name,
	"edge",
	[compute.target(sprintf("i-%d", [number]), state) | some number, state in states],
	{},
)

_scaling := {"coverage": {"autoscaling:DescribeAutoScalingGroups": {test.region: "collected"}}}

# The input with these resources, the load balancer, and the healthy targets of the group by zone.
_placed(resources, counts) := compute.input_with(
	array.concat([_edge], resources),
	object.union(_scaling, compute.healthy_in("web", counts)),
)

# The same without a healthy target.
_input(resources) := compute.input_with(array.concat([_edge], resources), _scaling)

_filled_by(names) := {"relations": {"filled_by": {compute.target_group_arn("web"): [compute.group_arn(name) |
	some name in names
]}}}

# A group of one healthy target, with Auto Scaling groups that fill it.
_filled(fillers) := compute.input_with(
	array.concat([_edge, _group("web", ["healthy"])], fillers),
	object.union(compute.healthy_in("web", {"a": 1}), _filled_by([filler.name | some filler in fillers])),
)

# A group without targets that Auto Scaling groups of these sizes fill.
_empty_filled(sizes) := compute.input_with(
	array.concat([_edge, _group("web", [])], [_filler(number, size) | some number, size in sizes]),
	object.union(_scaling, _filled_by([sprintf("web-%d", [number]) | some number, _ in sizes])),
)

_filler(number, size) := compute.group(sprintf("web-%d", [number]), {"desired_capacity": size})

test_violated_with_all_healthy_targets_in_one_zone if {
	document := _placed([_group("web", ["healthy", "healthy", "unhealthy"])], {"b": 2})
	_violated(document) == _web
	_unknown(document) == set()
}

test_violated_with_a_single_target if {
	_violated(_placed([_group("web", ["healthy"])], {"a": 1})) == _web
}

test_message_names_the_zone if {
	document := _placed([_group("web", ["healthy", "healthy", "unhealthy"])], {"b": 2})
	some violation in policy.violations with input as document
	violation.message == "web has healthy targets only in eu-west-1b"
	violation.evidence == {
		"healthy": {"eu-west-1b": 2},
		"registered": 3,
		"load_balancers": [compute.balancer_arn("edge")],
		"load_balancer_zones": {"eu-west-1a", "eu-west-1b", "eu-west-1c"},
	}
	violation.discriminator == "one-zone"
	violation.params == {"target_group": compute.target_group_arn("web")}
}

test_one_zone_is_the_lesser_finding if {
	expected := {"mission-critical": "high", "business-critical": "medium", "general": "medium"}
	every criticality, severity in expected {
		group := test.with_members(_group("web", ["healthy"]), {"criticality": criticality})
		document := _placed([group], {"a": 1})
		_bounds(document) == {severity}
	}
}

test_what_fills_the_group_is_to_be_spread if {
	document := _filled([compute.group("web", {"min_size": 1, "max_size": 4})])
	some violation in policy.violations with input as document
	violation.resource == compute.target_group_arn("web")
	violation.params == {
		"auto_scaling_group": "web",
		"present_subnets": "subnet-a,subnet-b,subnet-c",
		"present_min_size": 1,
		"present_max_size": 4,
	}
}

test_a_person_chooses_among_several_that_fill_the_group if {
	document := _filled([compute.group("blue", {}), compute.group("green", {})])
	some violation in policy.violations with input as document
	violation.params == {"auto_scaling_group": null}
}

test_violated_without_a_healthy_target if {
	every states in [["unhealthy"], ["unhealthy", "unused", "draining"], ["unhealthy.draining", "unused"]] {
		document := _input([_group("web", states)])
		_violated(document) == _web
		_unknown(document) == set()
	}
}

_failing := _input([compute.target_group(
	"web",
	"edge",
	[object.union(compute.target("i-1", "unhealthy"), {"reason": "Target.Timeout"}), compute.target("i-2", "unused")],
	{},
)])

test_message_without_a_healthy_target if {
	document := _failing
	some violation in policy.violations with input as document
	violation.message == "web has no healthy target out of 2"
	violation.discriminator == "none-healthy"
	violation.params == {"failing_group": compute.target_group_arn("web")}
	_bounds(document) == set()
}

test_evidence_without_a_healthy_target if {
	document := _failing
	some violation in policy.violations with input as document
	violation.evidence == {
		"registered": 2,
		"states": {"unhealthy", "unused"},
		"reasons": {"Target.Timeout"},
		"load_balancers": [compute.balancer_arn("edge")],
		"load_balancer_zones": {"eu-west-1a", "eu-west-1b", "eu-west-1c"},
	}
}

test_violated_without_a_target if {
	every states in [[], ["draining"]] {
		document := _input([_group("web", states)])
		_violated(document) == _web
		some violation in policy.violations with input as document
		violation.message == "web has no target"
		violation.evidence.registered == 0
	}
}

test_satisfied_with_healthy_targets_in_two_zones if {
	document := _placed([_group("web", ["healthy", "healthy", "initial"])], {"a": 1, "c": 1})
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

test_satisfied_by_two_zones_whatever_is_not_placed if {
	place := compute.healthy_in("web", {"a": 1, "b": 1})
	parts := object.union(place, {"placement": {compute.target_group_arn("web"): {"unplaced": ["10.0.0.9"]}}})
	document := compute.input_with([_edge, _group("web", ["healthy", "healthy", "healthy"])], parts)
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

test_unknown_where_a_healthy_target_could_be_in_a_second_zone if {
	every counts in [{}, {"a": 1}] {
		place := compute.healthy_in("web", counts)
		parts := object.union(place, {"placement": {compute.target_group_arn("web"): {"unplaced": ["10.0.0.9"]}}})
		document := compute.input_with([_edge, _group("web", ["healthy", "healthy"])], parts)
		_unknown(document) == _web
		_violated(document) == set()
	}
}

test_unknown_where_the_health_was_not_collected if {
	document := _input([compute.target_group("web", "edge", null, {})])
	_unknown(document) == _web
	_violated(document) == set()
}

test_unknown_while_targets_may_become_healthy if {
	every state in ["initial", "unavailable", null] {
		document := _placed([_group("web", ["healthy", state])], {"a": 1})
		_unknown(document) == _web
		_violated(document) == set()
	}
}

test_unknown_whether_another_group_serves if {
	document := _input([_group("web", []), compute.target_group("green", "edge", null, {})])
	_unknown(document) == _both
	_violated(document) == set()
}

test_unknown_whether_an_empty_group_is_scaled_to_zero if {
	document := _empty_filled([null])
	_unknown(document) == _web
	_violated(document) == set()
}

test_unknown_what_fills_an_empty_group_where_that_was_not_listed if {
	document := compute.input_with([_edge, _group("web", [])], {})
	_unknown(document) == _web
	_violated(document) == set()
}

test_violated_by_an_empty_group_that_should_be_filled if {
	every sizes in [[2], [0, 2]] {
		document := _empty_filled(sizes)
		_violated(document) == _web
		_unknown(document) == set()
	}
}

test_not_applicable_to_a_group_that_is_scaled_to_zero if {
	document := _empty_filled([0, 0])
	policy.subjects == set() with input as document
	_violated(document) == set()
}

test_not_applicable_to_the_idle_half_of_a_deployment if {
	parts := {"placement": {compute.target_group_arn("green"): {
		"zones": ["eu-west-1a", "eu-west-1b"],
		"unplaced": [],
		"healthy": {"eu-west-1a": 1, "eu-west-1b": 1},
	}}}
	resources := [_edge, _group("web", []), _group("green", ["healthy", "healthy"])]
	document := compute.input_with(resources, object.union(_scaling, parts))
	policy.subjects == {compute.target_group_arn("green")} with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

test_not_applicable_to_the_idle_half_beside_a_function if {
	function := compute.target_group("green", "edge", null, {"target_type": "lambda"})
	document := _input([_group("web", []), function])
	policy.subjects == set() with input as document
}

test_a_group_with_targets_is_not_idle if {
	parts := {"placement": {compute.target_group_arn("green"): {"healthy": {"eu-west-1a": 1, "eu-west-1b": 1}}}}
	resources := [_edge, _group("web", ["unhealthy"]), _group("green", ["healthy", "healthy"])]
	_violated(compute.input_with(resources, object.union(_scaling, parts))) == _web
}

test_a_group_of_another_load_balancer_does_not_serve if {
	other := compute.target_group("green", "other", [compute.target("i-1", "healthy")], {})
	parts := {"placement": {compute.target_group_arn("green"): {"healthy": {"eu-west-1a": 1, "eu-west-1b": 1}}}}
	document := compute.input_with([_edge, _group("web", []), other], object.union(_scaling, parts))
	_violated(document) == _web
}

test_not_applicable_to_functions_and_groups_that_are_not_used if {
	document := _input([
		compute.target_group("function", "edge", null, {"target_type": "lambda"}),
		compute.target_group("unused", "edge", null, {"load_balancer_arns": []}),
	])
	policy.subjects == set() with input as document
}

test_not_applicable_where_the_load_balancer_is_in_one_zone if {
	balancer := compute.in_zones(["a"], compute.network_load_balancer("edge", {}))
	parts := compute.healthy_in("web", {"a": 1})
	document := compute.input_with([balancer, _group("web", ["healthy"])], parts)
	policy.subjects == set() with input as document
}

test_a_load_balancer_that_was_not_collected_may_be_in_several_zones if {
	document := compute.input_with([_group("web", ["healthy"])], compute.healthy_in("web", {"a": 1}))
	policy.subjects == _web with input as document
}
