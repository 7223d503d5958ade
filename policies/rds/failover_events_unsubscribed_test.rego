package hadr.rds.failover_events_unsubscribed_test

import data.hadr.lib.test
import data.hadr.rds.failover_events_unsubscribed as policy

_orders := test.db_instance("orders", {})

_ledger := test.db_cluster("ledger", {})

# The databases that nobody is known to be told about.
_unknown(subscriptions) := unknowns if {
	document := test.input_of(array.concat([_orders, _ledger], subscriptions))
	unknowns := policy.unknowns with input as document
}

_both := {_orders.arn, _ledger.arn}

test_satisfied_by_one_subscription_to_everything if {
	document := test.input_of([_orders, _ledger, test.event_subscription("all", {})])
	policy.unknowns == set() with input as document
	policy.violations == set() with input as document
	policy.subjects == _both with input as document
}

test_satisfied_by_a_subscription_for_each_kind if {
	_unknown([
		test.event_subscription("instances", {"source_type": "db-instance"}),
		test.event_subscription("clusters", {
			"source_type": "db-cluster",
			"event_categories": ["failover", "failure", "maintenance"],
		}),
	]) == set()
}

test_satisfied_by_subscriptions_that_complete_each_other if {
	_unknown([
		test.event_subscription("failovers", {"event_categories": ["failover"]}),
		test.event_subscription("failures", {"event_categories": ["failure"]}),
	]) == set()
}

test_satisfied_by_name if {
	_unknown([
		test.event_subscription("instances", {"source_type": "db-instance", "source_ids": ["billing", "orders"]}),
		test.event_subscription("clusters", {"source_type": "db-cluster", "source_ids": ["ledger"]}),
	]) == set()
}

test_without_a_subscription_it_is_unknown_and_not_violated if {
	document := test.input_of([_orders, _ledger])
	policy.unknowns == _both with input as document
	policy.violations == set() with input as document
}

test_unknown_when_the_subscription_tells_nobody if {
	every attributes in [
		{"enabled": false},
		{"enabled": null},
		{"status": "topic-not-exist"},
		{"status": "no-permission"},
		{"status": null},
	] {
		_unknown([test.event_subscription("broken", attributes)]) == _both
	}
}

test_unknown_when_the_subscription_is_about_something_else if {
	every attributes in [
		{"source_type": "db-snapshot"},
		{"event_categories": ["maintenance"]},
		{"event_categories": ["failure"]},
		{"source_type": "db-instance", "source_ids": ["billing"]},
	] {
		_unknown([test.event_subscription("other", attributes)]) == _both
	}
	_unknown([test.event_subscription("instances", {"source_type": "db-instance"})]) == {_ledger.arn}
}

test_a_name_of_one_kind_is_not_a_name_of_the_other if {
	subscription := test.event_subscription("clusters", {"source_type": "db-cluster", "source_ids": ["orders"]})
	_unknown([subscription]) == _both
}

test_unknown_when_the_subscription_is_of_another_region if {
	elsewhere := test.with_members(test.event_subscription("all", {}), {"region": "eu-central-1"})
	_unknown([elsewhere]) == _both
}

test_failures_are_enough_for_an_instance_that_cannot_fail_over if {
	failures := test.event_subscription("failures", {"event_categories": ["failure"]})
	single := test.input_of([test.db_instance("orders", {"multi_az": false}), failures])
	policy.unknowns == set() with input as single

	unclear := test.input_of([test.db_instance("orders", {"multi_az": null}), failures])
	policy.unknowns == {_orders.arn} with input as unclear
}

test_not_applicable_to_members_and_to_other_services if {
	document := test.input_of([
		test.db_instance("reader", {"role": "aurora_member"}),
		test.db_instance("trio-1", {"role": "multi_az_cluster_member"}),
		test.db_instance("leaving", {"db_instance_status": "deleting"}),
		test.docdb_cluster("documents", {}),
	])
	policy.subjects == set() with input as document
}
