package hadr.elb.zonal_shift_off_test

import data.hadr.elb.zonal_shift_off as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute
import data.hadr.lib.test_recovery

_web := test_compute.balancer_arn("web")

_workers := test_compute.group_arn("workers")

_allowed := {"zonal_shift_enabled": true}

# A load balancer or a group that ARC has, with that status of autoshift.
_managed(resource, status) := test_recovery.input_with(
	[resource, test_recovery.managed_resource(resource.arn, {"zonal_autoshift_status": status})],
	{},
)

_violated(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_limits(document) := {object.get(violation, "at_most", "none") |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_where_shifts_are_not_allowed if {
	every balancer in [test_compute.load_balancer("web", {}), test_compute.network_load_balancer("web", {})] {
		shown := test.input_of([balancer])
		_violated(shown) == {[_web, "shift"]}
		_unknown(shown) == set()
		_limits(shown) == {"none"}
	}
	document := test.input_of([test_compute.load_balancer("web", {})])
	some violation in policy.violations with input as document
	violation.message == "web does not allow zonal shifts"
	violation.evidence == {
		"zonal_shift_enabled": false,
		"zones": ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
	}
	violation.params == {"load_balancer": _web}
}

test_a_group_is_the_lesser_evil if {
	document := test.input_of([test_compute.group("workers", {"zonal_shift_enabled": false})])
	_violated(document) == {[_workers, "shift"]}
	_limits(document) == {"low"}
	some violation in policy.violations with input as document
	violation.params == {"group": "workers"}
}

test_a_note_where_nobody_begins_a_shift if {
	document := _managed(test_compute.load_balancer("web", _allowed), "DISABLED")
	_violated(document) == {[_web, "autoshift"]}
	_limits(document) == {"info"}
	some violation in policy.violations with input as document
	violation.message == "web leaves a zone only when somebody begins the zonal shift"
	violation.evidence == {"zonal_shift_enabled": true, "zonal_autoshift_status": "DISABLED"}
	violation.params == {"unattended": _web}
}

test_a_note_where_kubernetes_made_it if {
	every key in ["elbv2.k8s.aws/cluster", "eks:eks-cluster-name", "kubernetes.io/service-name"] {
		balancer := test.with_members(test_compute.load_balancer("web", {}), {"tags": {key: "shop"}})
		_limits(test.input_of([balancer])) == {"info"}
	}
}

_across(settings, group_settings) := test.input_with(
	[
		test_compute.network_load_balancer("web", settings),
		test_compute.target_group("web", "web", [], group_settings),
	],
	{"relations": {"forwards_to": {_web: [test_compute.target_group_arn("web")]}}},
)

test_a_note_where_the_targets_do_not_allow_it if {
	every settings in [{"protocol": "UDP"}, {"protocol": "TCP", "target_type": "alb"}] {
		_limits(_across({"cross_zone_enabled": true}, settings)) == {"info"}
		_limits(_across({"cross_zone_enabled": false}, settings)) == {"none"}
	}
	_limits(_across({"cross_zone_enabled": true}, {"protocol": "TCP"})) == {"none"}
}

# A load balancer whose targets are the instances of a group with these numbers.
_filled(balancer, sizes) := test_recovery.input_with(
	[
		balancer,
		test_compute.target_group("web", "web", [], {}),
		test_compute.group("workers", sizes),
		test_recovery.managed_resource(balancer.arn, {"zonal_autoshift_status": "DISABLED"}),
	],
	{"relations": {
		"forwards_to": {_web: [test_compute.target_group_arn("web")]},
		"filled_by": {test_compute.target_group_arn("web"): [_workers]},
	}},
)

_cramped := {"min_size": 1}

test_no_shift_is_advised_where_the_group_is_too_small_for_one if {
	document := _filled(test_compute.load_balancer("web", _allowed), _cramped)
	_violated(document) == {[_web, "autoshift"]}
	some violation in policy.violations with input as document
	violation.message == concat("", [
		"web leaves a zone only when somebody begins the zonal shift, ",
		"and workers has too few instances without a zone",
	])
	violation.evidence.too_small == [_workers]
	violation.params == {}
	violation.at_most == "info"

	enough := _filled(test_compute.load_balancer("web", _allowed), {})
	violations := policy.violations with input as enough
	{other.params | some other in violations} == {{"unattended": _web}}
}

test_low_where_the_group_is_too_small_for_a_shift if {
	document := _filled(test_compute.load_balancer("web", {}), _cramped)
	_violated(document) == {[_web, "shift"]}
	_limits(document) == {"low"}
	some violation in policy.violations with input as document
	violation.message == "web does not allow zonal shifts, and workers has too few instances without a zone"
	violation.params == {"load_balancer": _web}
	_limits(_filled(test_compute.load_balancer("web", {}), {})) == {"none"}
}

test_a_group_that_is_too_small_says_so if {
	document := test.input_of([test_compute.group("workers", {"min_size": 1, "zonal_shift_enabled": false})])
	_limits(document) == {"low"}
	messages := {violation.message | some violation in policy.violations with input as document}
	messages == {"workers does not allow zonal shifts, and has too few instances without a zone"}
}

test_satisfied_where_aws_shifts_by_itself if {
	every resource in [test_compute.load_balancer("web", _allowed), test_compute.group("workers", _allowed)] {
		document := _managed(resource, "ENABLED")
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {resource.arn}
	}
}

test_unknown_where_the_setting_was_not_collected if {
	document := test.input_of([test_compute.load_balancer("web", {"zonal_shift_enabled": null})])
	_unknown(document) == {_web}
	_violated(document) == set()
}

test_unknown_where_it_is_not_known_whether_aws_begins_them if {
	_unknown(test.input_of([test_compute.load_balancer("web", _allowed)])) == {_web}
	_unknown(_managed(test_compute.load_balancer("web", _allowed), null)) == {_web}
}

test_not_applicable_to_what_has_one_zone_or_no_shifts if {
	every resource in [
		test_compute.in_zones(["a"], test_compute.load_balancer("web", {})),
		test_compute.load_balancer("web", {"type": "gateway"}),
		test_compute.classic_load_balancer("old", {}),
		test_compute.group("workers", {}),
		test_compute.group("workers", {"zonal_shift_enabled": null}),
		test_compute.in_zones(["a"], test_compute.group("workers", {"zonal_shift_enabled": false})),
		test.with_members(
			test_compute.group("workers", {"zonal_shift_enabled": false}),
			{"tags": {"eks:cluster-name": "shop"}},
		),
	] {
		_judged(test.input_of([resource])) == set()
	}
}

test_not_applicable_behind_a_network_load_balancer if {
	front := test_compute.target_group("front", "front", [], {"target_type": "alb", "protocol": "TCP"})
	document := test.input_with([test_compute.load_balancer("web", {}), front], {"relations": {"forwards_to": {
		test_compute.target_group_arn("front"): [_web],
	}}})
	_judged(document) == set()
}

_in_one_zone(letter, name) := test_compute.in_zones([letter], test_compute.group(name, {}))

_filled_by(groups) := test_recovery.input_with(
	array.concat(groups, [
		test_compute.load_balancer("web", _allowed),
		test_compute.target_group("web", "web", [], {}),
		test_recovery.managed_resource(_web, {"zonal_autoshift_status": "DISABLED"}),
	]),
	{"relations": {
		"forwards_to": {_web: [test_compute.target_group_arn("web")]},
		"filled_by": {test_compute.target_group_arn("web"): [group.arn | some group in groups]},
	}},
)

# However many instances it has, they all go with the zone.
test_no_shift_is_advised_where_the_group_is_in_one_zone if {
	document := _filled_by([_in_one_zone("a", "workers")])
	_violated(document) == {[_web, "autoshift"]}
	some violation in policy.violations with input as document
	violation.evidence.too_small == [_workers]
	violation.params == {}
}

test_groups_for_one_zone_each_make_up_for_each_other if {
	document := _filled_by([_in_one_zone("a", "workers"), _in_one_zone("b", "others")])
	some violation in policy.violations with input as document
	violation.params == {"unattended": _web}
}
