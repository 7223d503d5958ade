package hadr.governance.objectives_undefined_test

import data.hadr.governance.objectives_undefined as policy
import data.hadr.lib.test
import data.hadr.lib.test_workload

_shop := test_workload.arn("shop")

_document(members) := _with_resources([test.db_instance("orders", {})], members)

_with_resources(resources, members) := test_workload.input_with(
	[test_workload.workload("shop", object.union({"resources": [entry.arn | some entry in resources]}, members))],
	resources,
	test_workload.unkept([]),
)

_silent := {"rto": test_workload.implied(3600), "rpo": test_workload.implied(900)}

_untiered := object.union(_silent, {
	"tier": {"value": "general", "source": "default"},
	"criticality": "general",
})

_untagged := test.with_members(test.db_instance("orders", {}), {"tier": {"value": "general", "source": "default"}})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_where_both_are_said if {
	document := _document({})
	_violated(document) == set()
	policy.subjects == {_shop} with input as document
	policy.unknowns == set() with input as document
}

test_violated_where_nobody_said_anything if {
	document := _with_resources([_untagged], _untiered)
	_violated(document) == {_shop}
	_messages(document) == {concat(" ", [
		"shop says neither how long it may be away nor how much data it may lose,",
		"and has no tier that would",
	])}
	some violation in policy.violations with input as document
	not violation.at_most
	violation.evidence.rto == test_workload.implied(3600)
	violation.params == {
		"rto_resource_arn": "arn:aws:rds:eu-west-1:123456789012:db:orders",
		"rpo_resource_arn": "arn:aws:rds:eu-west-1:123456789012:db:orders",
		"region": "eu-west-1",
	}
}

test_low_at_most_where_the_tier_implies_it if {
	document := _document(_silent)
	_violated(document) == {_shop}
	some violation in policy.violations with input as document
	violation.at_most == "low"
	violation.message == concat(" ", [
		"shop says neither how long it may be away nor how much data it may lose,",
		"other than by its tier",
	])
}

test_a_tier_that_is_the_default_by_one_resource_and_said_by_another if {
	tagged := test.with_members(test.db_instance("carts", {}), {"tier": {"value": "general", "source": "tag hadr:tier"}})
	document := _with_resources([_untagged, tagged], _untiered)
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.at_most == "low"
}

test_the_message_says_which_of_both_is_missing if {
	_messages(_document({"rto": test_workload.implied(3600)})) == {
		"shop does not say how long it may be away, other than by its tier",
	}
	_messages(_document({"rpo": test_workload.implied(900)})) == {
		"shop does not say how much data it may lose, other than by its tier",
	}
}

test_only_what_is_missing_is_tagged_and_not_on_a_group if {
	group := test.resource(
		"AWS::AutoScaling::AutoScalingGroup",
		"arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:1:autoScalingGroupName/web",
		"web",
		{},
	)
	document := _with_resources([group, test.bucket("images", {})], {"rpo": test_workload.implied(900)})
	some violation in policy.violations with input as document
	violation.params == {"rpo_resource_arn": "arn:aws:s3:::images", "region": "eu-west-1"}
}

test_unknown_where_tags_that_could_say_it_were_not_collected if {
	resources := [test.with_members(test.bucket("images", {}), {"tags": null})]
	denied := {"coverage": {"tag:GetResources": {"eu-west-1": "denied"}}}
	document := object.union(_with_resources(resources, _silent), denied)
	_violated(document) == set()
	policy.unknowns == {_shop} with input as document
}

test_unknown_where_resilience_hub_did_not_answer if {
	denied := _with_resilience_hub("denied")
	_violated(denied) == set()
	policy.unknowns == {_shop} with input as denied
	_violated(_with_resilience_hub("unsupported")) == {_shop}
}

_with_resilience_hub(outcome) := object.union(
	_with_resources([], _silent),
	{"coverage": {"resiliencehub:ListApps": {"eu-west-1": outcome}}},
)

test_resources_that_have_no_tags_at_all_hide_nothing if {
	document := _with_resources([test.with_members(test.bucket("images", {}), {"tags": null})], _silent)
	_violated(document) == {_shop}
	policy.unknowns == set() with input as document
	some violation in policy.violations with input as document
	violation.params == {"rto_resource_arn": null, "rpo_resource_arn": null, "region": null}
}

test_tags_that_were_not_collected_do_not_matter_where_the_configuration_says_both if {
	resources := [test.with_members(test.bucket("images", {}), {"tags": null})]
	denied := {"coverage": {"tag:GetResources": {"eu-west-1": "denied"}}}
	document := object.union(_with_resources(resources, {}), denied)
	policy.unknowns == set() with input as document
	_violated(document) == set()
}

test_not_applicable_where_somebody_decided_to_promise_nothing if {
	document := _document(object.union(_silent, {"accepted": true}))
	policy.subjects == set() with input as document
	_violated(document) == set()
}

