package hadr.autoscaling.group_single_az_test

import data.hadr.autoscaling.group_single_az as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_web := {compute.group_arn("web")}

_in(letters) := compute.in_zones(letters, compute.group("web", {}))

# A node group of a cluster, named after its zones.
_nodes(cluster, letters) := test.with_members(
	compute.in_zones(letters, compute.group(concat("-", array.concat([cluster], letters)), {})),
	{"tags": {"eks:cluster-name": cluster, "eks:nodegroup-name": "nodes"}},
)

_local_zone := {"name": "eu-west-1-lon-1a", "id": null}

# With a Local Zone beside the three zones.
_with_local_zone(resources) := compute.input_with(
	array.concat(resources, [test.with_members(
		compute.availability_zone("l", {"zone_type": "local-zone"}),
		{"name": _local_zone.name, "arn": compute.arn("availability-zone/eu-west-1-lon-1a")},
	)]),
	{},
)

test_violated_in_one_zone if {
	_violated(compute.input_with([_in(["a"])], {})) == _web
}

test_message_names_the_zone if {
	document := compute.input_with([_in(["b"])], {})
	some violation in policy.violations with input as document
	violation.message == "web is in one Availability Zone, eu-west-1b"
	violation.evidence == {
		"zones": {"eu-west-1b"},
		"zones_of_region": {"eu-west-1a", "eu-west-1b", "eu-west-1c"},
		"clusters": set(),
		"max_size": 9,
	}
	violation.params == {"current_subnets": "subnet-a,subnet-b,subnet-c"}
	not violation.at_most
}

test_subnets_are_chosen_where_none_is_known if {
	group := compute.in_zones(["a"], compute.group("web", {"vpc_zone_identifier": []}))
	some violation in policy.violations with input as compute.input_with([group], {})
	violation.params == {"current_subnets": null}
}

test_violated_beside_a_local_zone if {
	group := test.with_members(_in(["a"]), {"zones": [compute.zone("a"), _local_zone]})
	document := _with_local_zone([group])
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.evidence.zones == {"eu-west-1a"}
}

test_lesser_in_two_zones_of_three if {
	document := compute.input_with([_in(["a", "b"])], {})
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web is in 2 of the 3 Availability Zones of its Region"
	violation.at_most == "medium"
	violation.evidence.zones == {"eu-west-1a", "eu-west-1b"}
}

test_satisfied_in_three_zones if {
	document := compute.input_with([_in(["a", "b", "c"])], {})
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

test_satisfied_in_two_zones_where_the_region_has_no_more if {
	zones := [compute.availability_zone(letter, {}) | some letter in ["a", "b"]]
	document := test.input_of(array.concat(zones, [_in(["a", "b"])]))
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

test_satisfied_in_two_zones_where_less_is_at_stake if {
	every criticality in ["business-critical", "general", "non-production"] {
		document := compute.input_with([test.with_members(_in(["a", "b"]), {"criticality": criticality})], {})
		_violated(document) == set()
		policy.subjects == _web with input as document
	}
}

test_groups_of_a_cluster_are_judged_together if {
	groups := [_nodes("shop", [letter]) | some letter in ["a", "b", "c"]]
	document := compute.input_with(groups, {})
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {group.arn | some group in groups} with input as document
}

test_violated_where_the_cluster_is_in_one_zone if {
	document := compute.input_with([_nodes("shop", ["a"]), _nodes("other", ["b"])], {})
	_violated(document) == {compute.group_arn("shop-a"), compute.group_arn("other-b")}
	found := [violation |
		some violation in policy.violations with input as document
		violation.resource == compute.group_arn("shop-a")
	]
	found[0].message == "shop-a, with all groups of its cluster, is in one Availability Zone, eu-west-1a"
	found[0].evidence.clusters == {"shop"}
	found[0].params == {"cluster": "shop"}
}

test_lesser_where_the_cluster_is_in_two_zones if {
	document := compute.input_with([_nodes("shop", ["a"]), _nodes("shop", ["b"])], {})
	_violated(document) == {compute.group_arn("shop-a"), compute.group_arn("shop-b")}
	found := [violation |
		some violation in policy.violations with input as document
		violation.resource == compute.group_arn("shop-b")
	]
	found[0].message == "shop-b, with all groups of its cluster, is in 2 of the 3 Availability Zones of its Region"
	found[0].at_most == "medium"
}

test_groups_of_a_cluster_of_ones_own_are_judged_together if {
	tags := {"kubernetes.io/cluster/shop": "owned"}
	groups := [test.with_members(compute.in_zones([letter], compute.group(letter, {})), {"tags": tags}) |
		some letter in ["a", "b", "c"]
	]
	document := compute.input_with(groups, {})
	_violated(document) == set()
	policy.subjects == {group.arn | some group in groups} with input as document
}

test_subnets_are_added_to_a_group_of_a_cluster_of_ones_own if {
	group := test.with_members(_in(["a"]), {"tags": {"kubernetes.io/cluster/shop": "owned"}})
	document := compute.input_with([group], {})
	some violation in policy.violations with input as document
	violation.evidence.clusters == {"shop"}
	violation.params == {"current_subnets": "subnet-a,subnet-b,subnet-c"}
}

test_unknown_without_what_decides if {
	group := _in(["a"])
	every unclear in [
		test.with_members(group, {"tags": null}),
		test.with_members(group, {"zones": []}),
		test.with_members(group, {"attributes": {"max_size": null}}),
		test.with_members(group, {"zones": [{"name": "eu-west-1x", "id": null}]}),
	] {
		document := compute.input_with([unclear], {})
		_unknown(document) == _web
		_violated(document) == set()
	}
}

# Two zones are enough only if the group is not mission-critical.
test_unknown_in_two_zones_without_tags if {
	group := test.with_members(_in(["a", "b"]), {"tags": null, "criticality": "general"})
	document := compute.input_with([group], {})
	_unknown(document) == _web
	_violated(document) == set()
}

test_unknown_where_the_kind_of_a_zone_is if {
	zones := [
		compute.availability_zone("a", {}),
		compute.availability_zone("b", {}),
		compute.availability_zone("c", {"zone_type": null}),
	]
	document := test.input_of(array.concat(zones, [_in(["a", "b"])]))
	_unknown(document) == _web
	_violated(document) == set()
}

test_not_applicable_to_single_instances if {
	every size in [0, 1] {
		document := compute.input_with([compute.in_zones(["a"], compute.group("web", {"max_size": size}))], {})
		policy.subjects == set() with input as document
	}
}

test_not_applicable_in_local_zones_only if {
	group := test.with_members(_in(["a"]), {"zones": [_local_zone]})
	document := _with_local_zone([group])
	policy.subjects == set() with input as document
}

test_not_applicable_on_outposts_only if {
	group := compute.in_zones(["a"], compute.group("web", {"vpc_zone_identifier": ["subnet-a"]}))
	placed := compute.related("placed_in", {group.arn: [compute.subnet_arn("a")]})
	outpost := compute.subnet("a", {"outpost_arn": "arn:aws:outposts:eu-west-1:123456789012:outpost/op-1"})
	document := compute.input_with([group, outpost], placed)
	policy.subjects == set() with input as document
	elsewhere := compute.input_with([group, compute.subnet("a", {})], placed)
	policy.subjects == _web with input as elsewhere
}
