package hadr.s3.replication_time_uncontrolled_test

import data.hadr.lib.test
import data.hadr.s3.replication_time_uncontrolled as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_orders := {test.bucket_arn("orders")}

_rule(settings) := test.replication_rule("orders-copy", settings)

_uncontrolled := {"replication_time_control": false}

_in_tier(tier, entry) := test.with_members(entry, {"tier": {"value": tier, "source": "tag hadr:tier"}})

_with_copy(rules) := test.input_of([test.bucket_with_rules("orders", rules), test.replica_bucket("orders-copy", {})])

# `unseen` is in no account that was scanned.
_elsewhere(settings) := test.replication_rule("unseen", settings)

test_violated_without_time_control if {
	_violated(_with_copy([_rule(_uncontrolled)])) == _orders

	# S3 leaves out what is not set.
	_violated(_with_copy([_rule({"replication_time_control": null})])) == _orders
}

test_message_names_the_bucket_and_evidence_the_objective if {
	document := _with_copy([_rule(_uncontrolled)])
	some violation in policy.violations with input as document
	violation.message == "orders replicates to another Region without a promise of time"
	violation.evidence == {
		"rules": [{
			"id": "all",
			"enabled": true,
			"destination_bucket": test.bucket_arn("orders-copy"),
			"covers_all_objects": true,
		}],
		"rpo_seconds": 900,
		"tier": {"value": "mission-critical", "source": "tag hadr:tier"},
	}
}

test_satisfied_with_time_control if {
	document := _with_copy([_rule({})])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _orders with input as document
}

test_satisfied_when_one_rule_for_everything_is_under_control if {
	document := _with_copy([_rule({}), _rule(object.union({"id": "archive"}, _uncontrolled))])
	_violated(document) == set()
	_unknown(document) == set()
}

test_violated_when_a_part_is_not_under_control if {
	part := {"covers_all_objects": false}
	rules := [_rule(part), _rule(object.union({"id": "late", "replication_time_control": false}, part))]
	document := _with_copy(rules)
	_violated(document) == _orders
	some violation in policy.violations with input as document
	{rule.id | some rule in violation.evidence.rules} == {"late"}
}

test_unknown_where_the_destination_was_not_collected_and_decides if {
	alone := test.input_of([test.bucket_with_rules("orders", [_elsewhere(_uncontrolled)])])
	_violated(alone) == set()
	_unknown(alone) == _orders

	beside := _with_copy([_rule(_uncontrolled), _elsewhere({})])
	_violated(beside) == set()
	_unknown(beside) == _orders

	controlled := test.input_of([test.bucket_with_rules("orders", [_elsewhere({})])])
	_violated(controlled) == set()
	_unknown(controlled) == set()
}

test_violated_whatever_the_destination_that_was_not_collected_is if {
	_violated(_with_copy([_rule(_uncontrolled), _elsewhere(_uncontrolled)])) == _orders
}

test_unknown_when_replication_was_not_collected if {
	document := test.input_of([test.bucket("orders", {"replication": null})])
	_unknown(document) == _orders
}

test_an_objective_of_an_hour_needs_it_and_a_longer_one_does_not if {
	rules := [_rule(_uncontrolled)]
	copy := test.replica_bucket("orders-copy", {})
	hour := _in_tier("business-critical", test.bucket_with_rules("orders", rules))
	_violated(test.input_of([hour, copy])) == _orders

	day := _in_tier("general", test.bucket_with_rules("orders", rules))
	policy.subjects == set() with input as test.input_of([day, copy])

	longer := {"config": {"tiers": {"business-critical": {"rpo": 3601}}}}
	policy.subjects == set() with input as test.input_with([hour, copy], longer)
}

test_not_applicable_without_a_rule_in_force_that_leaves_the_region if {
	disabled := _with_copy([_rule({"enabled": false, "replication_time_control": false})])
	policy.subjects == set() with input as disabled

	near := [test.bucket_with_rules("orders", [_rule(_uncontrolled)]), test.bucket("orders-copy", {})]
	policy.subjects == set() with input as test.input_of(near)

	policy.subjects == set() with input as test.input_of([test.bucket("orders", {})])
}
