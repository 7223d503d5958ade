package hadr.s3.replication_behind_test

import data.hadr.lib.test
import data.hadr.lib.test_recovery
import data.hadr.s3.replication_behind as policy

_orders := test.bucket_arn("orders")

_rule(settings) := test.replication_rule("orders-copy", settings)

_late(rule, value) := test_recovery.metric_of_rule(_orders, rule, value)

# The bucket with these rules and these latencies.
_document(rules, metrics) := test_recovery.input_with(
	array.concat([test.bucket_with_rules("orders", rules), test.replica_bucket("orders-copy", {})], metrics),
	{},
)

_violated(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_when_it_is_later_than_promised if {
	document := _document([_rule({})], [_late("all", 901)])
	_violated(document) == {[_orders, "all"]}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == concat(" ", [
		"orders replicated to orders-copy up to 901 seconds late in the last day,",
		"and may be 900 seconds late",
	])
	violation.evidence == {
		"rule": "all",
		"destination_bucket": test.bucket_arn("orders-copy"),
		"latency_seconds": 901,
		"rpo_seconds": 900,
		"replication_time_control": true,
	}
	violation.params == {}
}

test_a_rule_without_a_promise_of_time_gets_one if {
	document := _document([_rule({"replication_time_control": false})], [_late("all", 90000)])
	some violation in policy.violations with input as document
	violation.params == {"untimed_bucket": "orders"}
	violation.message == concat(" ", [
		"orders replicated to orders-copy up to 25 hours late in the last day,",
		"and may be 900 seconds late",
	])
}

test_each_rule_is_judged_by_its_own_latency if {
	rules := [_rule({"id": "a"}), _rule({"id": "b"})]
	_violated(_document(rules, [_late("a", 901), _late("b", 3)])) == {[_orders, "a"]}
	unclear := _document(rules, [_late("b", 3)])
	_violated(unclear) == set()
	_unknown(unclear) == {_orders}
}

test_satisfied_when_it_is_in_time if {
	every value in [0, 900] {
		document := _document([_rule({})], [_late("all", value)])
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_orders}
	}
}

test_unknown_without_the_latency if {
	every metrics in [[], [_late("all", null)]] {
		document := _document([_rule({})], metrics)
		_unknown(document) == {_orders}
		_violated(document) == set()
	}
}

test_unknown_when_replication_was_not_collected if {
	_unknown(test_recovery.input_with([test.bucket("orders", {"replication": null})], {})) == {_orders}
}

test_not_applicable_to_rules_without_metrics_or_within_the_region if {
	every settings in [{"metrics": false}, {"metrics": null}, {"enabled": false}] {
		_judged(_document([_rule(settings)], [_late("all", 901)])) == set()
	}
	near := [test.bucket_with_rules("orders", [_rule({})]), test.bucket("orders-copy", {}), _late("all", 901)]
	_judged(test_recovery.input_with(near, {})) == set()
}
