package hadr.s3.replication_unmonitored_test

import data.hadr.lib.test
import data.hadr.s3.replication_unmonitored as policy

_violated(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_orders := test.bucket_arn("orders")

_rule(settings) := test.replication_rule("orders-copy", settings)

_with_copy(rules) := test.input_of([test.bucket_with_rules("orders", rules), test.replica_bucket("orders-copy", {})])

test_violated_without_metrics if {
	_violated(_with_copy([_rule({"metrics": false})])) == {[_orders, "all"]}

	# S3 leaves out what is not set.
	_violated(_with_copy([_rule({"metrics": null})])) == {[_orders, "all"]}
}

test_message_names_both_buckets if {
	document := _with_copy([_rule({"metrics": false})])
	some violation in policy.violations with input as document
	violation.message == "orders replicates to orders-copy without metrics"
	violation.evidence == {
		"rule": "all",
		"destination_bucket": test.bucket_arn("orders-copy"),
		"metrics": false,
	}
	violation.params == {"rule": "all", "destination_bucket": "orders-copy"}
}

test_each_rule_is_a_finding_of_its_own if {
	rules := [_rule({"id": "a", "metrics": false}), _rule({"id": "b", "metrics": false}), _rule({"id": "c"})]
	_violated(_with_copy(rules)) == {[_orders, "a"], [_orders, "b"]}
}

test_a_rule_without_an_id_is_still_a_finding if {
	_violated(_with_copy([_rule({"id": null, "metrics": false})])) == {[_orders, "without an id"]}
}

# A bucket with metrics and an alarm on one of its metrics.
_with_alarm(settings) := test.input_with(
	[
		test.bucket_with_rules("orders", [_rule({})]),
		test.replica_bucket("orders-copy", {}),
		test.resource("AWS::CloudWatch::Alarm", _alarm, "late", object.union(
			{
				"metric_name": "ReplicationLatency",
				"actions_enabled": true,
				"alarm_actions": ["arn:aws:sns:eu-west-1:123456789012:pager"],
			},
			settings,
		)),
	],
	{"relations": {"watched_by": {_orders: [_alarm]}}},
)

_alarm := "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:late"

test_satisfied_with_an_alarm_that_tells_somebody if {
	document := _with_alarm({})
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_orders} with input as document
}

test_unknown_with_an_alarm_that_does_nothing_or_is_about_something_else if {
	_unknown(_with_alarm({"actions_enabled": false})) == {_orders}
	_unknown(_with_alarm({"alarm_actions": []})) == {_orders}
	_unknown(_with_alarm({"metric_name": "NumberOfObjects"})) == {_orders}
}

test_unknown_without_an_alarm_because_notifications_are_not_collected if {
	document := _with_copy([_rule({})])
	_violated(document) == set()
	_unknown(document) == {_orders}
	policy.subjects == {_orders} with input as document
}

test_violated_wherever_the_destination_is if {
	document := test.input_of([test.bucket_with_rules("orders", [_rule({"metrics": false})])])
	_violated(document) == {[_orders, "all"]}
}

test_unknown_when_replication_was_not_collected if {
	_unknown(test.input_of([test.bucket("orders", {"replication": null})])) == {_orders}
}

test_not_applicable_without_a_rule_in_force_that_leaves_the_region if {
	policy.subjects == set() with input as _with_copy([_rule({"enabled": false, "metrics": false})])

	near := [test.bucket_with_rules("orders", [_rule({"metrics": false})]), test.bucket("orders-copy", {})]
	policy.subjects == set() with input as test.input_of(near)

	policy.subjects == set() with input as test.input_of([test.bucket("orders", {})])
}
