package hadr.ec2.auto_recovery_off_test

import data.hadr.ec2.auto_recovery_off as policy
import data.hadr.lib.test_compute as compute

_listed := {operation: {region: "collected" | some region in ["eu-central-1", "eu-west-1", "us-west-1"]} |
	some operation in [
		"autoscaling:DescribeAutoScalingGroups", "elasticloadbalancing:DescribeClassicLoadBalancers",
		"elasticloadbalancing:DescribeTargetGroups",
	]
}

_arn := compute.arn("instance/i-1")

# The only target of a target group, with these settings.
_alone(attributes) := _behind_group(attributes, [compute.target("i-1", "healthy")])

_behind_group(attributes, targets) := compute.input_with(
	[compute.instance("i-1", attributes), compute.target_group("web", "web", targets, {})],
	{
		"coverage": _listed,
		"relations": {"member_of": {}, "alternative_to": {}, "forwards_to": {compute.target_group_arn("web"): [_arn]}},
	},
)

test_satisfied_while_ec2_recovers_it if {
	document := _alone({"auto_recovery": "default"})
	policy.subjects == {_arn} with input as document
	policy.unknowns == set() with input as document
	policy.violations == set() with input as document
}

# An alarm could recover it, and alarms are not collected.
test_unknown_and_not_violated_where_it_is_disabled if {
	document := _alone({"auto_recovery": "disabled"})
	policy.subjects == {_arn} with input as document
	policy.unknowns == {_arn} with input as document
	policy.violations == set() with input as document
}

test_unknown_where_the_api_did_not_say if {
	every attributes in [{"auto_recovery": null}, {"root_device_type": null}, {"instance_type": null}] {
		document := _alone(attributes)
		policy.unknowns == {_arn} with input as document
	}
}

test_unknown_where_ec2_recovers_nothing if {
	every attributes in [
		{"root_device_type": "instance-store"},
		{"instance_type": "m7i.metal-24xl"},
		{"instance_type": "i3.metal"},
	] {
		document := _alone(attributes)
		policy.unknowns == {_arn} with input as document
	}
}

test_an_instance_that_may_be_alone_is_judged_as_well if {
	every recovery, expected in {"default": set(), "disabled": {_arn}} {
		document := _behind_group({"auto_recovery": recovery}, null)
		policy.subjects == {_arn} with input as document
		policy.unknowns == expected with input as document
	}
}

test_not_applicable_with_company if {
	document := _behind_group(
		{"auto_recovery": "disabled"},
		[compute.target("i-1", "healthy"), compute.target("i-2", "healthy")],
	)
	policy.subjects == set() with input as document
}

test_not_applicable_to_what_is_replaced_or_has_no_known_work if {
	member := _alone({"auto_recovery": "disabled", "auto_scaling_group": "web"})
	policy.subjects == set() with input as member
	idle := compute.input_with([compute.instance("i-1", {"auto_recovery": "disabled"})], {
		"coverage": _listed,
		"relations": {"member_of": {}, "alternative_to": {}, "forwards_to": {}},
	})
	policy.subjects == set() with input as idle
}
