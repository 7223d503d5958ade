package hadr.ec2.instance_alone_test

import data.hadr.ec2.instance_alone as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute
import data.hadr.lib.test_route53 as dns

_listed := {operation: {region: "collected" | some region in ["eu-central-1", "eu-west-1", "us-west-1"]} |
	some operation in [
		"autoscaling:DescribeAutoScalingGroups", "elasticloadbalancing:DescribeClassicLoadBalancers",
		"elasticloadbalancing:DescribeTargetGroups",
	]
}

_input(resources, relations) := compute.input_with(resources, {
	"coverage": _listed,
	"relations": object.union({"member_of": {}, "forwards_to": {}, "alternative_to": {}}, relations),
})

_one := compute.instance("i-1", {})

_other := compute.instance("i-2", {"private_ip_addresses": ["10.0.0.11"]})

# Both instances, of which these are behind a load balancer, and their target group.
_behind(states) := _input(
	[_one, _other, compute.target_group("web", "web", [compute.target(id, state) | some id, state in states], {})],
	{"forwards_to": {compute.target_group_arn("web"): [compute.arn(sprintf("instance/%s", [id])) | some id, _ in states]}},
)

_classic := _input(
	[_one, compute.classic_load_balancer("old", {"instances": ["i-1"]})],
	{"forwards_to": {compute.classic_arn("old"): [_one.arn]}},
)

_named := _input(
	[compute.instance("i-1", {"public_ip_addresses": ["203.0.113.1"]}), dns.record(null, {"values": ["203.0.113.1"]})],
	{},
)

_of_workload(id, role) := test.with_members(compute.instance(id, {}), {
	"workload": {"value": "shop", "source": "tag hadr:workload"},
	"tags": {"role": role},
})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

test_violated_by_the_only_target if {
	document := _behind({"i-1": "healthy"})
	_violated(document) == {_one.arn}
	group := compute.target_group_arn("web")
	some violation in policy.violations with input as document
	violation.message == "i-1 is the only instance behind the target group web, and nothing replaces it"
	violation.evidence == {
		"serves": group,
		"auto_scaling_group": null,
		"instance_lifecycle": null,
		"operator": null,
		"zones": ["eu-west-1a"],
	}
	violation.params == {"target_group_arn": group, "image": "i-1-2026-11-22"}
}

test_violated_by_the_only_instance_of_a_classic_load_balancer if {
	_violated(_classic) == {_one.arn}
	balancer := compute.classic_arn("old")
	some violation in policy.violations with input as _classic
	violation.message == "i-1 is the only instance behind the load balancer old, and nothing replaces it"
	violation.evidence.serves == balancer
	violation.params == {"classic_load_balancer": "old", "image": "i-1-2026-11-22"}
}

test_violated_by_all_that_a_name_leads_to if {
	_violated(_named) == {_one.arn}
	record := dns.record(null, {}).arn
	some violation in policy.violations with input as _named
	violation.message == "i-1 is all that www.example.com leads to, and nothing replaces it"
	violation.evidence.serves == record
	violation.params == {"instances": 2, "image": "i-1-2026-11-22"}
}

test_violated_by_the_only_instance_of_a_workload if {
	document := _input([_of_workload("i-1", "web"), _of_workload("i-2", "mail")], {})
	_violated(document) == {_one.arn, _other.arn}
	{violation.message | some violation in policy.violations with input as document} == {
		"i-1 is the only instance of the workload shop in the role web, and nothing replaces it",
		"i-2 is the only instance of the workload shop in the role mail, and nothing replaces it",
	}
}

test_the_role_is_evidence if {
	document := _input([_of_workload("i-1", "web")], {})
	some violation in policy.violations with input as document
	violation.evidence.role_tag == "web"
	violation.evidence.workload == {"value": "shop", "source": "tag hadr:workload"}
}

test_a_workload_without_roles_is_named_alone if {
	instance := test.with_members(_of_workload("i-1", "web"), {"tags": {}})
	untagged := object.union(instance, {"tags": null})
	document := _input([untagged], {})
	some violation in policy.violations with input as document
	violation.message == "i-1 is the only instance of the workload shop, and nothing replaces it"
}

test_of_several_target_groups_the_first_is_named if {
	document := _input(
		[
			_one,
			compute.target_group("web", "web", [compute.target("i-1", "healthy")], {}),
			compute.target_group("api", "web", [compute.target("i-1", "healthy")], {}),
		],
		{"forwards_to": {compute.target_group_arn("web"): [_one.arn], compute.target_group_arn("api"): [_one.arn]}},
	)
	{violation.evidence.serves | some violation in policy.violations with input as document} == {
		compute.target_group_arn("api"),
	}
}

test_satisfied_with_company if {
	document := _behind({"i-1": "healthy", "i-2": "healthy"})
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_one.arn, _other.arn} with input as document
}

test_unknown_where_company_is_not_known if {
	document := _behind({"i-1": "healthy", "i-2": null})
	_violated(document) == set()
	policy.unknowns == {_one.arn, _other.arn} with input as document
	policy.subjects == {_one.arn, _other.arn} with input as document
}

test_unknown_where_load_balancers_are_not_listed if {
	coverage := {"coverage": {"elasticloadbalancing:DescribeTargetGroups": {"eu-west-1": "denied"}}}
	document := object.union(_input([_one], {}), coverage)
	policy.unknowns == {_one.arn} with input as document
	policy.subjects == {_one.arn} with input as document
}

test_not_applicable_where_nothing_says_what_an_instance_is_for if {
	document := _input([_one, compute.instance("i-2", {"public_ip_addresses": ["203.0.113.2"]})], {})
	policy.subjects == set() with input as document
}

test_not_applicable_to_what_is_replaced_or_serves_nobody if {
	every instance in [
		compute.instance("i-1", {"auto_scaling_group": "web"}),
		compute.instance("i-1", {"operator": "eks.amazonaws.com"}),
		compute.instance("i-1", {"instance_lifecycle": "spot"}),
		test.with_members(_one, {"tags": {"eks:cluster-name": "shop"}}),
		test.with_members(_one, {"tags": {"role": "bastion"}}),
	] {
		document := _input(
			[instance, compute.target_group("web", "web", [compute.target("i-1", "healthy")], {})],
			{"forwards_to": {compute.target_group_arn("web"): [instance.arn]}},
		)
		policy.subjects == set() with input as document
	}
}

test_not_applicable_to_stopped_instances if {
	document := _input([test.with_members(_of_workload("i-1", "web"), {"attributes": {"state": "stopped"}})], {})
	policy.subjects == set() with input as document
}
