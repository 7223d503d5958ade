package hadr.governance.objective_unreadable_test

import data.hadr.governance.objective_unreadable as policy
import data.hadr.lib.test
import data.hadr.lib.test_workload

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_account := "arn:aws:account::123456789012:account"

# A database of the workload `shop` with these tags.
_tagged(tags) := test.with_members(
	test.db_instance("orders", {}),
	{"tags": tags, "workload": {"value": "shop", "source": "tag hadr:workload"}},
)

# One that belongs to no workload.
_loose(tags) := test.with_members(test.db_instance("orders", {}), {"tags": tags})

_document(resource, members) := test_workload.input_with(
	[test_workload.workload("shop", object.union({"resources": [resource.arn]}, members))],
	[resource],
	test_workload.unkept([]),
)

_unreadable(tag, value) := {"unreadable": [{"resource": test.arn("db:orders"), "tag": tag, "value": value}]}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_by_words_that_are_known if {
	document := _document(_tagged({"hadr:tier": "business-critical", "hadr:strategy": "pilot-light"}), {})
	_messages(document) == set()
	policy.subjects == {_shop} with input as document
	policy.unknowns == set() with input as document
}

test_violated_by_an_objective_that_is_no_duration if {
	document := _document(_tagged({"hadr:rto": "soon"}), _unreadable("hadr:rto", "soon"))
	_messages(document) == {concat(" ", [
		"shop has the tag hadr:rto of orders, whose value \"soon\" is",
		"no duration such as 15m, 4h, 3600s or PT1H",
	])}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.discriminator == "arn:aws:rds:eu-west-1:123456789012:db:orders hadr:rto"
	violation.params == {
		"resource_arn": "arn:aws:rds:eu-west-1:123456789012:db:orders",
		"tag": "hadr:rto",
		"present_value": "soon",
		"region": "eu-west-1",
	}
}

test_violated_by_a_tier_that_there_is_not if {
	document := _document(_tagged({"hadr:tier": "gold"}), {})
	_messages(document) == {concat(" ", [
		"shop has the tag hadr:tier of orders, whose value \"gold\" is",
		"none of mission-critical, business-critical, general",
	])}
	some violation in policy.violations with input as document
	violation.resource == _shop
}

test_violated_by_a_strategy_that_there_is_not if {
	document := _document(_tagged({"hadr:strategy": "hope"}), {})
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.evidence.tag == "hadr:strategy"
}

test_the_account_has_the_tags_of_what_belongs_to_no_workload if {
	document := test_workload.input_with([], [_loose({"hadr:tier": "Mission-Critical"})], test_workload.unkept([]))
	policy.subjects == {_account} with input as document
	some violation in policy.violations with input as document
	violation.resource == _account
	startswith(violation.message, "123456789012 has the tag hadr:tier of orders")
}

test_the_account_is_satisfied_by_words_that_are_known if {
	document := test_workload.input_with([], [_loose({"hadr:tier": "general"})], test_workload.unkept([]))
	policy.subjects == {_account} with input as document
	_messages(document) == set()
}

test_each_tag_is_told_apart if {
	document := _document(_tagged({"hadr:tier": "gold", "hadr:strategy": "hope"}), _unreadable("hadr:rpo", "none"))
	found := {violation.discriminator | some violation in policy.violations with input as document}
	found == {
		"arn:aws:rds:eu-west-1:123456789012:db:orders hadr:rpo",
		"arn:aws:rds:eu-west-1:123456789012:db:orders hadr:strategy",
		"arn:aws:rds:eu-west-1:123456789012:db:orders hadr:tier",
	}
}

test_where_the_tags_of_a_zone_are_changed_is_for_a_person if {
	zone := test.with_members(
		test.resource("AWS::Route53::HostedZone", "arn:aws:route53:::hostedzone/Z1", "example.com", {}),
		{"region": "global", "tags": {"hadr:tier": "gold"}},
	)
	document := test_workload.input_with([], [zone], test_workload.unkept([]))
	some violation in policy.violations with input as document
	violation.resource == _account
	violation.params.region == null
}

test_unknown_where_tags_were_not_collected if {
	untold := test.with_members(_tagged({}), {"tags": null})
	denied := {"coverage": {"tag:GetResources": {"eu-west-1": "denied"}}}
	document := object.union(_document(untold, {}), denied)
	policy.unknowns == {_shop} with input as document
	_messages(document) == set()
}

test_not_applicable_without_workloads_and_tags if {
	document := test_workload.input_with([], [_loose({"Name": "orders"})], test_workload.unkept([]))
	policy.subjects == set() with input as document
}
