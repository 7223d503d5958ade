package hadr.lib.ec2_test

import data.hadr.lib.ec2
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute
import data.hadr.lib.test_route53 as dns

_listed := {operation: {"eu-central-1": "collected", "eu-west-1": "collected", "us-west-1": "region_disabled"} |
	some operation in [
		"autoscaling:DescribeAutoScalingGroups", "elasticloadbalancing:DescribeClassicLoadBalancers",
		"elasticloadbalancing:DescribeTargetGroups",
	]
}

_input(resources, relations) := compute.input_with(resources, {
	"coverage": _listed,
	"relations": object.union(
		{"member_of": {}, "forwards_to": {}, "alternative_to": {}, "attached_to": {}},
		relations,
	),
})

_arn(id) := compute.arn(sprintf("instance/%s", [id]))

# A target group in use with these targets, and the input in which they are found.
_behind(instances, targets, settings) := _input(
	array.concat(instances, [compute.target_group("web", "web", targets, settings)]),
	{"forwards_to": {compute.target_group_arn("web"): [instance.arn | some instance in instances]}},
)

_one := compute.instance("i-1", {})

_other := compute.instance("i-2", {"private_ip_addresses": ["10.0.0.11"]})

_lone(document) := {instance.arn | some instance in ec2.lone with input as document}

_unclear(document) := {instance.arn | some instance in ec2.unclear with input as document}

_accompanied(document) := {arn | some arn in ec2.accompanied with input as document}

test_the_only_target_is_alone if {
	every state in ["healthy", "unhealthy", "initial", "unavailable", null] {
		_lone(_behind([_one], [compute.target("i-1", state)], {})) == {_arn("i-1")}
	}
}

test_two_targets_keep_each_other_company if {
	every state in ["healthy", "unhealthy", "initial", "unavailable"] {
		document := _behind([_one, _other], [compute.target("i-1", "healthy"), compute.target("i-2", state)], {})
		_accompanied(document) == {_arn("i-1"), _arn("i-2")}
		_lone(document) == set()
	}
}

test_company_need_not_be_a_pet if {
	member := compute.instance("i-2", {"private_ip_addresses": ["10.0.0.11"], "auto_scaling_group": "web"})
	document := _behind([_one, member], [compute.target("i-1", "healthy"), compute.target("i-2", "healthy")], {})
	_accompanied(document) == {_arn("i-1")}
	unknown := _behind([_one, member], [compute.target("i-1", "healthy"), compute.target("i-2", null)], {})
	_unclear(unknown) == {_arn("i-1")}
}

test_a_target_that_is_stopped_or_leaving_is_no_company if {
	every state in ["draining", "unused"] {
		document := _behind([_one, _other], [compute.target("i-1", "healthy"), compute.target("i-2", state)], {})
		_lone(document) == {_arn("i-1")}
		_accompanied(document) == set()
	}
}

test_unclear_where_the_state_of_the_other_target_is_not_known if {
	document := _behind([_one, _other], [compute.target("i-1", "healthy"), compute.target("i-2", null)], {})
	_unclear(document) == {_arn("i-1"), _arn("i-2")}
	_lone(document) == set()
}

test_two_ports_of_one_instance_are_one if {
	targets := [
		compute.target("i-1", "healthy"),
		object.union(compute.target("i-1", "healthy"), {"port": 81}),
	]
	_lone(_behind([_one], targets, {})) == {_arn("i-1")}
}

test_addresses_are_those_of_their_instance if {
	double := compute.instance("i-1", {"private_ip_addresses": ["10.0.0.10", "10.0.0.12"]})
	targets := [compute.target("10.0.0.10", "healthy"), compute.target("10.0.0.12", "healthy")]
	_lone(_behind([double], targets, {"target_type": "ip"})) == {_arn("i-1")}
}

test_an_address_that_nobody_knows_is_company if {
	targets := [compute.target("10.0.0.10", "healthy"), compute.target("10.9.0.1", "healthy")]
	document := _behind([_one], targets, {"target_type": "ip"})
	_accompanied(document) == {_arn("i-1")}
	_lone(document) == set()
}

test_an_instance_that_was_not_collected_is_company if {
	targets := [compute.target("i-1", "healthy"), compute.target("i-9", "healthy")]
	document := _input([_one, compute.target_group("web", "web", targets, {})], {"forwards_to": {
		compute.target_group_arn("web"): [_arn("i-1"), _arn("i-9")],
	}})
	_accompanied(document) == {_arn("i-1")}
	_lone(document) == set()
}

test_a_target_group_that_nothing_uses_says_nothing if {
	every targets in [[compute.target("i-1", "unused")], [compute.target("i-1", "healthy")], null] {
		document := _behind([_one], targets, {"load_balancer_arns": []})
		_lone(document) == set()
		_unclear(document) == set()
		_accompanied(document) == set()
	}
}

test_unclear_where_the_targets_of_the_vpc_are_not_known if {
	document := _behind([_one, compute.instance("i-3", {"vpc_id": "vpc-9"})], null, {})
	_unclear(document) == {_arn("i-1")}
	_lone(document) == set()
}

test_unclear_where_load_balancers_and_groups_are_not_listed if {
	every operation in object.keys(_listed) {
		document := object.union(_input([_one], {}), {"coverage": {operation: {"eu-west-1": "denied"}}})
		_unclear(document) == {_arn("i-1")}
	}
}

_classic(instances, ids) := _input(
	array.concat(instances, [compute.classic_load_balancer("old", {"instances": ids})]),
	{"forwards_to": {compute.classic_arn("old"): [_arn(id) | some id in ids]}},
)

test_the_only_instance_of_a_classic_load_balancer_is_alone if {
	_lone(_classic([_one], ["i-1"])) == {_arn("i-1")}
	stopped := compute.instance("i-2", {"state": "stopped"})
	_lone(_classic([_one, stopped], ["i-1", "i-2"])) == {_arn("i-1")}
}

test_two_instances_of_a_classic_load_balancer_are_company if {
	document := _classic([_one, _other], ["i-1", "i-2"])
	_accompanied(document) == {_arn("i-1"), _arn("i-2")}
	_lone(document) == set()
}

_named(addresses) := compute.instance("i-1", {"public_ip_addresses": addresses})

test_a_name_that_leads_to_one_instance_says_that_it_is_alone if {
	record := dns.record(null, {"values": ["203.0.113.1"]})
	_lone(_input([_named(["203.0.113.1"]), record], {})) == {_arn("i-1")}
}

test_a_name_that_leads_to_others_as_well_is_company if {
	record := dns.record(null, {"values": ["203.0.113.1", "203.0.113.2"]})
	document := _input([_named(["203.0.113.1"]), record], {})
	_accompanied(document) == {_arn("i-1")}
	_lone(document) == set()
}

test_two_addresses_of_one_instance_are_no_company if {
	record := dns.record(null, {"values": ["203.0.113.1", "203.0.113.2"]})
	_lone(_input([_named(["203.0.113.1", "203.0.113.2"]), record], {})) == {_arn("i-1")}
}

test_an_alternative_is_company if {
	record := dns.weighted("203.0.113.1", {})
	document := _input([_named(["203.0.113.1"]), record], {"alternative_to": {record.arn: [dns.record_arn("other")]}})
	_accompanied(document) == {_arn("i-1")}
	_lone(document) == set()
}

test_unclear_where_alternatives_could_be_hidden if {
	record := dns.weighted("203.0.113.1", {})
	document := _input([_named(["203.0.113.1"]), record, dns.partial_zone], {})
	_unclear(document) == {_arn("i-1")}
	_lone(document) == set()
	_lone(_input([_named(["203.0.113.1"]), record, dns.zone({})], {})) == {_arn("i-1")}
}

test_known_company_settles_what_could_be_hidden if {
	record := dns.weighted("203.0.113.1", {})
	instance := _named(["203.0.113.1"])
	several := dns.weighted("1", {"values": ["203.0.113.1", "203.0.113.2"]})
	_accompanied(_input([instance, several, dns.partial_zone], {})) == {_arn("i-1")}
	_accompanied(_input(
		[instance, record, dns.partial_zone],
		{"alternative_to": {record.arn: [dns.record_arn("other")]}},
	)) == {_arn("i-1")}
}

test_a_simple_record_has_no_alternatives if {
	record := dns.record(null, {"values": ["203.0.113.1"]})
	_lone(_input([_named(["203.0.113.1"]), record, dns.partial_zone], {})) == {_arn("i-1")}
}

test_a_name_for_a_private_address_says_nothing if {
	record := dns.record(null, {"values": ["10.0.0.10"]})
	document := _input([_one, record], {})
	_lone(document) == set()
	_accompanied(document) == set()
}

_of_workload(id, tags, attributes) := test.with_members(compute.instance(id, attributes), {
	"workload": {"value": "shop", "source": "tag hadr:workload"},
	"tags": tags,
})

test_the_only_instance_in_its_role_is_alone if {
	every key in ["role", "Role", "hadr:role"] {
		document := _input([_of_workload("i-1", {key: "web"}, {}), _of_workload("i-2", {key: "mail"}, {})], {})
		_lone(document) == {_arn("i-1"), _arn("i-2")}
	}
}

test_instances_of_one_role_keep_each_other_company if {
	document := _input([_of_workload("i-1", {"role": "web"}, {}), _of_workload("i-2", {"role": "web"}, {})], {})
	_accompanied(document) == {_arn("i-1"), _arn("i-2")}
	_lone(document) == set()
}

test_an_instance_of_a_group_is_company if {
	member := _of_workload("i-2", {"role": "web"}, {"auto_scaling_group": "web"})
	document := _input([_of_workload("i-1", {"role": "web"}, {}), member], {})
	_accompanied(document) == {_arn("i-1")}
	_lone(document) == set()
}

test_an_instance_of_another_region_is_company if {
	abroad := test.moved_to(_of_workload("i-2", {"role": "web"}, {}), "eu-central-1")
	document := _input([_of_workload("i-1", {"role": "web"}, {}), abroad], {})
	_accompanied(document) == {_arn("i-1"), abroad.arn}
	_lone(document) == set()
}

test_neither_a_stopped_instance_nor_another_environment_is_company if {
	stopped := _of_workload("i-2", {"role": "web"}, {"state": "stopped"})
	staging := test.with_members(
		_of_workload("i-3", {"role": "web"}, {"auto_scaling_group": "web"}),
		{"environment": {"value": "non-production", "source": "tag env"}},
	)
	document := _input([_of_workload("i-1", {"role": "web"}, {}), stopped, staging], {})
	_lone(document) == {_arn("i-1")}
}

test_without_a_role_only_the_only_instance_is_alone if {
	_lone(_input([_of_workload("i-1", {}, {})], {})) == {_arn("i-1")}
	every other in [
		_of_workload("i-2", {}, {}),
		_of_workload("i-2", {"role": "bastion"}, {}),
		_of_workload("i-2", {}, {"auto_scaling_group": "web"}),
	] {
		document := _input([_of_workload("i-1", {}, {}), other], {})
		_lone(document) == set()
		_accompanied(document) == set()
	}
}

test_nothing_is_said_of_tags_that_were_not_collected if {
	document := _input([_of_workload("i-1", null, {}), _of_workload("i-2", null, {})], {})
	_lone(document) == set()
	_accompanied(document) == set()
}

test_the_only_target_is_alone_in_spite_of_its_kin if {
	one := _of_workload("i-1", {"role": "web"}, {})
	other := _of_workload("i-2", {"role": "web"}, {"private_ip_addresses": ["10.0.0.11"]})
	document := _behind([one, other], [compute.target("i-1", "healthy")], {})
	_lone(document) == {_arn("i-1")}
	_accompanied(document) == {_arn("i-2")}
}

test_company_behind_a_load_balancer_comes_before_names_and_tags if {
	one := _of_workload("i-1", {"role": "web-1"}, {"public_ip_addresses": ["203.0.113.1"]})
	other := _of_workload("i-2", {"role": "web-2"}, {"private_ip_addresses": ["10.0.0.11"]})
	targets := [compute.target("i-1", "healthy"), compute.target("i-2", "healthy")]
	group := compute.target_group("web", "web", targets, {})
	document := _input([one, other, group, dns.record(null, {"values": ["203.0.113.1"]})], {"forwards_to": {
		compute.target_group_arn("web"): [one.arn, other.arn],
	}})
	_lone(document) == set()
	_accompanied(document) == {_arn("i-1"), _arn("i-2")}
}

test_what_is_replaced_is_no_pet if {
	every attributes in [
		{"auto_scaling_group": "web"},
		{"operator": "eks.amazonaws.com"},
		{"instance_lifecycle": "spot"},
		{"state": "stopped"},
	] {
		document := _input([compute.instance("i-1", attributes)], {})
		ec2.pets == [] with input as document
	}
	member := _input([_one], {"member_of": {_arn("i-1"): [compute.group_arn("web")]}})
	ec2.pets == [] with input as member
}

test_what_a_service_replaces_is_known_by_its_tags if {
	every key in [
		"AWSBatchServiceTag", "AmazonECSManaged", "aws:ec2:fleet-id", "aws:ecs:clusterName", "aws:eks:cluster-name",
		"aws:elasticmapreduce:job-flow-id", "eks:cluster-name", "elasticbeanstalk:environment-id",
		"karpenter.sh/nodepool", "kubernetes.io/cluster/shop",
	] {
		document := _input([test.with_members(_one, {"tags": {key: "x"}})], {})
		ec2.pets == [] with input as document
	}
}

test_bastions_build_machines_and_appliances_are_no_pets if {
	every key in ["hadr:role", "role", "Role"] {
		every role in ["bastion", "CI", "Appliance"] {
			document := _input([test.with_members(_one, {"tags": {key: role}})], {})
			ec2.pets == [] with input as document
		}
	}
}

test_pets_need_no_tags if {
	document := _input([test.with_members(_one, {"tags": null})], {})
	{pet.arn | some pet in ec2.pets with input as document} == {_arn("i-1")}
}

_volumes(volume, instances) := {found.arn | some found in ec2.volumes with input as document} if {
	document := _input(
		array.concat([volume], instances),
		{"attached_to": {volume.arn: [
			compute.arn(sprintf("instance/%s", [attachment.instance_id])) |
			some attachment in volume.attributes.attachments
		]}},
	)
}

_data := compute.volume("vol-1", ["i-1"], {})

_root(attachment) := compute.volume("vol-1", ["i-1"], {"attachments": [object.union(
	{"instance_id": "i-1", "device": "/dev/xvda", "delete_on_termination": false},
	attachment,
)]})

_untagged := {
	"role": {"value": "authoritative", "source": "default"},
	"environment": {"value": "production", "source": "default"},
	"tier": {"value": "general", "source": "default"},
}

test_volumes_in_use_are_judged if {
	_volumes(_data, [_one]) == {_data.arn}
	_volumes(_root({}), [_one]) == {_data.arn}
	_volumes(_data, []) == {_data.arn}
	_volumes(compute.volume("vol-1", [], {"state": "available"}), [_one]) == set()
}

test_volumes_of_instances_that_do_not_run_are_not if {
	every state in ["stopped", "stopping"] {
		_volumes(_data, [compute.instance("i-1", {"state": state})]) == set()
	}
	_volumes(_data, [compute.instance("i-1", {"state": null})]) == {_data.arn}
}

test_volumes_whose_data_is_not_authoritative_are_not if {
	every role in ["backup", "cache", "log", "rebuildable", "session"] {
		_volumes(test.in_role(role, _data), [_one]) == set()
		_volumes(test.with_members(_data, _untagged), [test.in_role(role, _one)]) == set()
		_volumes(test.in_role("authoritative", _data), [test.in_role(role, _one)]) == {_data.arn}
	}
}

test_volumes_that_are_made_anew_with_the_instance_are_not if {
	every replaced in [
		compute.instance("i-1", {"auto_scaling_group": "web"}),
		compute.instance("i-1", {"operator": "eks.amazonaws.com"}),
		compute.instance("i-1", {"instance_lifecycle": "spot"}),
	] {
		_volumes(_root({}), [replaced]) == set()
		_volumes(_root({"device": "/dev/sdf", "delete_on_termination": true}), [replaced]) == set()
		_volumes(_root({"device": "/dev/sdf"}), [replaced]) == {_data.arn}
		_volumes(_root({"device": null, "delete_on_termination": null}), [replaced]) == {_data.arn}
	}
	_volumes(_root({"delete_on_termination": true}), [_one]) == {_data.arn}
	nameless := compute.instance("i-1", {"auto_scaling_group": "web", "root_device_name": null})
	_volumes(_root({"device": null}), [nameless]) == {_data.arn}
}

test_a_volume_is_part_of_the_instance_that_it_is_attached_to_as_such if {
	shared := compute.volume("vol-1", ["i-1", "i-2"], {"attachments": [
		{"instance_id": "i-1", "device": "/dev/sdf", "delete_on_termination": false},
		{"instance_id": "i-2", "device": "/dev/sdf", "delete_on_termination": true},
	]})
	members := [compute.instance(id, {"auto_scaling_group": "web"}) | some id in ["i-1", "i-2"]]
	_volumes(shared, members) == {_data.arn}
}

test_volumes_of_elastic_disaster_recovery_are_not if {
	every key in ["AWSElasticDisasterRecoveryManaged", "drs.amazonaws.com-job"] {
		_volumes(test.with_members(_data, {"tags": {key: "x"}}), [_one]) == set()
	}
	_volumes(test.with_members(_data, {"tags": null}), [_one]) == {_data.arn}
}
