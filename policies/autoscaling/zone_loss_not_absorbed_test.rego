package hadr.autoscaling.zone_loss_not_absorbed_test

import data.hadr.autoscaling.zone_loss_not_absorbed as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_web := {compute.group_arn("web")}

_sized(least, desired) := compute.group("web", {"min_size": least, "desired_capacity": desired})

_in_input(group) := compute.input_with([group], {})

_tagged(value, group) := test.with_members(group, {"tags": {"hadr:required-capacity": value}})

_alone(group) := test.with_members(
	group,
	{"attributes": {"target_group_arns": [], "load_balancer_names": [], "traffic_sources": []}},
)

test_violated_where_a_single_instance_is_enough if {
	document := _in_input(_sized(1, 6))
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web may shrink to one instance, and has none without its zone"
	violation.evidence == {
		"min_size": 1,
		"max_size": 9,
		"desired_capacity": 6,
		"zones": {"eu-west-1a", "eu-west-1b", "eu-west-1c"},
	}
	violation.params == {
		"required_capacity": 1,
		"min_size": 2,
		"max_size": 9,
		"desired_capacity": 6,
		"current_min_size": 1,
		"current_max_size": 9,
		"current_desired_capacity": 6,
	}
	not violation.at_most
}

test_violated_where_no_instance_is_enough if {
	document := _in_input(_sized(0, 1))
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web may shrink to no instance at all"
	violation.params.min_size == 2
	violation.params.desired_capacity == 2
}

test_violated_by_single_instances_in_one_zone if {
	small := {"attributes": {"max_size": 1, "vpc_zone_identifier": ["subnet-a", "subnet-d"]}}
	document := _in_input(compute.in_zones(["a"], test.with_members(_sized(1, 1), small)))
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.params.subnets_of_one_zone == "subnet-a,subnet-d"
	violation.params.min_size == 2
	violation.params.max_size == 2
	violation.params.desired_capacity == 2
}

test_a_single_instance_is_too_few_for_the_tag_as_well if {
	document := _in_input(_tagged("4", _sized(1, 6)))
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web may shrink to one instance, and has none without its zone"
	violation.params.min_size == 6
	not violation.params.required_capacity
}

test_violated_below_what_the_tag_requires if {
	document := _in_input(_tagged("5", _sized(3, 6)))
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == concat("", [
		"web has 6 instances over 3 Availability Zones, ",
		"and without one of them 4 of the 5 that are required",
	])
	violation.evidence == {
		"min_size": 3,
		"max_size": 9,
		"desired_capacity": 6,
		"zones": {"eu-west-1a", "eu-west-1b", "eu-west-1c"},
		"capacity_without_a_zone": 4,
		"required_capacity": 5,
	}
	violation.params == {
		"min_size": 8,
		"max_size": 9,
		"desired_capacity": 8,
		"current_min_size": 3,
		"current_max_size": 9,
		"current_desired_capacity": 6,
	}
	not violation.at_most
}

test_remediation_makes_room_for_what_is_missing if {
	document := _in_input(_tagged("10", _sized(3, 9)))
	some violation in policy.violations with input as document
	violation.params.max_size == 15
	violation.params.desired_capacity == 15
}

test_lesser_below_the_minimum if {
	document := _in_input(_sized(3, 3))
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == concat("", [
		"web has 3 instances over 3 Availability Zones, ",
		"and without one of them 2 of the 3 that are its minimum",
	])
	violation.evidence.capacity_without_a_zone == 2
	violation.evidence.required_capacity == 3
	violation.params.required_capacity == 3
	violation.params.min_size == 5
	violation.at_most == "medium"
}

test_lesser_by_a_step_where_less_is_at_stake if {
	every criticality in ["business-critical", "general"] {
		document := _in_input(test.with_members(_sized(3, 3), {"criticality": criticality}))
		some violation in policy.violations with input as document
		violation.at_most == "low"
	}
}

# Four over three zones are two in one of them.
test_the_fullest_zone_is_lost if {
	document := _in_input(_sized(3, 4))
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.evidence.capacity_without_a_zone == 2
}

test_two_zones_share_the_load_of_three if {
	_violated(_in_input(compute.in_zones(["a", "b"], _sized(3, 5)))) == _web
	_violated(_in_input(compute.in_zones(["a", "b"], _sized(3, 6)))) == set()
}

test_satisfied_with_enough_instances if {
	every group in [_sized(3, 5), _sized(2, 3), _tagged("2", _sized(3, 3)), _tagged("4", _sized(4, 6))] {
		document := _in_input(group)
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _web with input as document
	}
}

# With two over three zones, one is left, which is what the tag asks for.
test_satisfied_by_the_remediation_of_a_single_instance if {
	document := _in_input(_tagged("1", _sized(2, 2)))
	_violated(document) == set()
	policy.subjects == _web with input as document
}

test_unknown_where_the_tag_is_no_number if {
	every value in ["three", "", "3 instances", "03", "-1", "2.5"] {
		document := _in_input(_tagged(value, _sized(1, 1)))
		_unknown(document) == _web
		_violated(document) == set()
	}
}

test_unknown_without_what_decides if {
	every group in [
		test.with_members(_sized(1, 1), {"tags": null}),
		_sized(null, 6),
		_sized(3, null),
		_tagged("2", _sized(null, 6)),
		_tagged("2", _sized(3, null)),
		test.with_members(_sized(3, 3), {"zones": []}),
		test.with_members(_sized(3, 3), {"zones": [compute.zone("a"), {"name": "eu-west-1x", "id": null}]}),
		_alone(test.with_members(_sized(3, 3), {"tags": null})),
	] {
		document := _in_input(group)
		_unknown(document) == _web
		_violated(document) == set()
	}
}

test_unknown_where_the_kind_of_a_zone_is if {
	zones := [
		compute.availability_zone("a", {}),
		compute.availability_zone("b", {}),
		compute.availability_zone("c", {"zone_type": null}),
	]
	document := test.input_of(array.concat(zones, [_sized(3, 3)]))
	_unknown(document) == _web
	_violated(document) == set()
}

test_not_applicable_without_a_load_balancer if {
	document := _in_input(_alone(_sized(1, 1)))
	policy.subjects == set() with input as document
}

test_violated_without_a_load_balancer_where_the_tag_asks if {
	document := _in_input(_tagged("1", _alone(_sized(1, 1))))
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == concat("", [
		"web has 1 instance over 3 Availability Zones, ",
		"and without one of them 0 of the 1 that are required",
	])
}

test_not_applicable_where_nothing_is_required if {
	document := _in_input(_tagged("0", _sized(1, 1)))
	policy.subjects == set() with input as document
}

test_not_applicable_to_groups_of_containers if {
	every tags in [{"eks:cluster-name": "shop"}, {"eks:nodegroup-name": "nodes"}, {"AmazonECSManaged": ""}] {
		document := _in_input(test.with_members(_sized(1, 1), {"tags": tags}))
		policy.subjects == set() with input as document
	}
}

test_not_applicable_when_scaled_to_zero if {
	document := _in_input(_sized(0, 0))
	policy.subjects == set() with input as document
}

test_violated_when_scaled_to_zero_against_the_tag if {
	_violated(_in_input(_tagged("2", _sized(0, 0)))) == _web
}

test_not_applicable_in_one_zone if {
	document := _in_input(compute.in_zones(["a"], _sized(3, 3)))
	policy.subjects == set() with input as document
}

# Half of them go with a zone once there are two.
test_a_group_in_one_zone_needs_as_many_in_the_second if {
	document := _in_input(compute.in_zones(["a"], _tagged("4", _sized(1, 4))))
	some violation in policy.violations with input as document
	violation.params.min_size == 8
	violation.params.subnets_of_one_zone == "subnet-a,subnet-b,subnet-c"
}
