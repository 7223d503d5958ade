package hadr.governance.objectives_contradict_tier_test

import data.hadr.governance.objectives_contradict_tier as policy
import data.hadr.lib.test
import data.hadr.lib.test_workload

_shop := test_workload.arn("shop")

_document(members) := _with_resources([test.db_instance("orders", {})], members)

_with_resources(resources, members) := test_workload.input_with(
	[test_workload.workload("shop", object.union({"resources": [entry.arn | some entry in resources]}, members))],
	resources,
	test_workload.unkept([]),
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_by_what_the_tier_asks_for if {
	document := _document({"strategy_rank": 2})
	_violated(document) == set()
	policy.subjects == {_shop} with input as document
}

test_what_is_stricter_than_the_tier_is_fine if {
	stricter := {"rto": test_workload.said(60), "rpo": test_workload.said(0), "strategy_rank": 3}
	_violated(_document(stricter)) == set()
}

test_violated_by_a_recovery_time_that_is_laxer_than_the_tier if {
	document := _document({"rto": test_workload.said(14400)})
	_violated(document) == {_shop}
	some violation in policy.violations with input as document
	violation.message == concat(" ", [
		"shop says that it may be away for 4 hours,",
		"and its tier mission-critical allows 60 minutes",
	])
	violation.discriminator == "rto"
	violation.params == {"tag": "hadr:rto"}
	violation.evidence.allowed == 3600
}

test_violated_by_a_recovery_point_that_is_laxer_than_the_tier if {
	document := _document({"rpo": test_workload.said(901)})
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.discriminator == "rpo"
	violation.message == concat(" ", [
		"shop says that it may lose the writes of 15 minutes,",
		"and its tier mission-critical allows 15 minutes",
	])
}

test_violated_by_a_strategy_below_that_of_the_tier if {
	document := _document({"strategy_rank": 1})
	_messages(document) == {concat(" ", [
		"shop follows the strategy pilot-light,",
		"and its tier mission-critical asks for warm-standby at least",
	])}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.discriminator == "strategy"
}

test_a_tier_of_the_configuration_is_what_counts if {
	document := object.union(
		_document({"rto": test_workload.said(14400)}),
		{"config": {"tiers": {"mission-critical": {"rto": 14400}}}},
	)
	_violated(document) == set()
}

test_a_tier_that_nobody_said_is_not_contradicted if {
	members := {
		"tier": {"value": "general", "source": "default"},
		"rto": test_workload.said(172800),
		"strategy_rank": 0,
	}
	untagged := test.with_members(test.db_instance("orders", {}), {"tier": {"value": "general", "source": "default"}})
	document := _with_resources([untagged], members)
	_violated(document) == set()
	policy.subjects == {_shop} with input as document
}

test_violated_where_two_values_are_far_apart if {
	document := _document({"rto": test_workload.differing([1800, 3600])})
	_messages(document) == {"shop says that it may be away for both 30 minutes and 60 minutes"}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.discriminator == "rto differs"
	violation.evidence.in_effect == 1800
}

test_two_values_that_are_nearly_the_same_are_fine if {
	_violated(_document({"rto": test_workload.differing([3000, 3300])})) == set()
	_violated(_document({"rto": test_workload.differing([3000, 3301])})) == {_shop}
	_violated(_document({"rpo": test_workload.differing([0, 1])})) == {_shop}
}

test_the_tolerance_can_be_changed if {
	document := _document({"rto": test_workload.differing([1800, 3600])})
	found := {violation.resource | some violation in policy.violations} with input as document
		with data.parameters as {"governance-objectives-contradict-tier": {"tolerance_percent": 100}}
	found == set()
}

test_each_contradiction_is_told_apart if {
	document := _document({"rto": test_workload.said(7200), "rpo": test_workload.said(7200), "strategy_rank": 0})
	found := {violation.discriminator | some violation in policy.violations with input as document}
	found == {"rto", "rpo", "strategy"}
}

test_unknown_where_tags_were_not_collected if {
	resources := [test.with_members(test.bucket("images", {}), {"tags": null})]
	denied := {"coverage": {"tag:GetResources": {"eu-west-1": "denied"}}}
	document := object.union(_with_resources(resources, {}), denied)
	policy.unknowns == {_shop} with input as document
	_violated(document) == set()
}

test_not_applicable_where_nothing_is_declared if {
	document := _document({"rto": test_workload.implied(3600), "rpo": test_workload.implied(900)})
	policy.subjects == set() with input as document
}

test_not_applicable_where_somebody_decided_to_promise_nothing if {
	document := _document({"accepted": true, "strategy_rank": 0})
	policy.subjects == set() with input as document
}
