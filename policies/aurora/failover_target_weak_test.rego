package hadr.aurora.failover_target_weak_test

import data.hadr.aurora.failover_target_weak as policy
import data.hadr.lib.test

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_causes(document) := {violation.discriminator | some violation in policy.violations with input as document}

_orders := test.db_cluster("orders", {})

_arn := test.arn("cluster:orders")

_document(members) := test.input_of_clusters([test.running(_orders, members)], [], {})

_settings(class, tier) := {"db_instance_class": class, "promotion_tier": tier}

# The writer in zone a and readers in other zones.
_with_readers(writer_class, readers) := _document(array.concat(
	[test.writer("orders-1", "eu-west-1a", _settings(writer_class, 1))],
	readers,
))

test_violated_with_a_smaller_reader if {
	document := _with_readers("db.r6g.xlarge", [test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 1))])
	_violated(document) == {_arn}
}

test_message_evidence_and_params_of_a_smaller_reader if {
	document := _with_readers("db.r6g.xlarge", [test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 1))])
	some violation in policy.violations with input as document
	violation.message == concat(" ", [
		"orders would fail over to orders-2,",
		"which is smaller than the writer (db.r6g.large, db.r6g.xlarge)",
	])
	violation.evidence == {
		"writer_class": "db.r6g.xlarge",
		"target": test.arn("db:orders-2"),
		"target_class": "db.r6g.large",
		"promotion_tier": 1,
	}
	violation.params == {
		"target": "orders-2",
		"target_class": "db.r6g.xlarge",
		"current_class": "db.r6g.large",
		"current_promotion_tier": 1,
	}
}

test_violated_when_the_smaller_reader_comes_first if {
	document := _with_readers("db.r6g.xlarge", [
		test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 0)),
		test.reader("orders-3", "eu-west-1c", _settings("db.r6g.xlarge", 1)),
	])
	_violated(document) == {_arn}
}

test_satisfied_when_the_smaller_reader_comes_later if {
	document := _with_readers("db.r6g.xlarge", [
		test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 15)),
		test.reader("orders-3", "eu-west-1c", _settings("db.r6g.xlarge", 1)),
	])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_arn} with input as document
}

test_satisfied_when_a_reader_of_the_same_tier_is_large_enough if {
	document := _with_readers("db.r6g.xlarge", [
		test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 1)),
		test.reader("orders-3", "eu-west-1c", _settings("db.r6g.2xlarge", 1)),
	])
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_violated_with_serverless_that_does_not_follow_the_writer if {
	document := _with_readers("db.serverless", [test.reader("orders-2", "eu-west-1b", _settings("db.serverless", 2))])
	_causes(document) == {"capacity"}
	some violation in policy.violations with input as document
	violation.message == "orders would fail over to orders-2, whose capacity does not follow the writer"
	violation.params.target_class == "db.serverless"
}

test_violated_with_serverless_that_does_not_follow_a_provisioned_writer if {
	document := _with_readers("db.r6g.large", [test.reader("orders-2", "eu-west-1b", _settings("db.serverless", 2))])
	_violated(document) == {_arn}
}

test_satisfied_with_serverless_that_follows_the_writer if {
	every writer in ["db.serverless", "db.r6g.large"] {
		document := _with_readers(writer, [test.reader("orders-2", "eu-west-1b", _settings("db.serverless", 1))])
		_violated(document) == set()
		policy.unknowns == set() with input as document
		policy.subjects == {_arn} with input as document
	}
}

test_violated_with_the_only_reader_beside_the_writer if {
	document := _with_readers("db.r6g.large", [test.reader("orders-2", "eu-west-1a", _settings("db.r6g.large", 1))])
	_causes(document) == {"zone"}
	some violation in policy.violations with input as document
	violation.message == "orders has its only reader in the zone of the writer, eu-west-1a"
	violation.evidence == {"reader": test.arn("db:orders-2"), "zones": ["eu-west-1a"]}
}

test_both_causes_are_told if {
	document := _with_readers("db.r6g.xlarge", [test.reader("orders-2", "eu-west-1a", _settings("db.r6g.large", 1))])
	_causes(document) == {"capacity", "zone"}
}

test_unknown_across_families if {
	document := _with_readers("db.r6g.xlarge", [test.reader("orders-2", "eu-west-1b", _settings("db.r5.large", 1))])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_when_a_provisioned_reader_follows_serverless if {
	document := _with_readers("db.serverless", [test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 1))])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_when_one_of_several_targets_cannot_be_compared if {
	document := _with_readers("db.r6g.xlarge", [
		test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 1)),
		test.reader("orders-3", "eu-west-1c", _settings("db.r5.4xlarge", 1)),
	])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_when_the_order_is_not_known if {
	document := _with_readers("db.r6g.xlarge", [
		test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", null)),
		test.reader("orders-3", "eu-west-1c", _settings("db.r6g.xlarge", 1)),
	])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_when_the_reader_was_not_collected if {
	reader := test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 1))
	document := _with_readers("db.r6g.xlarge", [test.uncollected(reader)])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_when_no_instance_writes if {
	document := _document([test.reader("orders-1", "eu-west-1a", {}), test.reader("orders-2", "eu-west-1b", {})])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_when_the_zone_of_the_only_reader_is_not_known if {
	document := _with_readers("db.r6g.large", [test.reader("orders-2", null, _settings("db.r6g.large", 1))])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_not_applicable_without_a_reader if {
	document := _document([test.writer("orders-1", "eu-west-1a", {})])
	policy.subjects == set() with input as document
}

test_not_applicable_where_all_instances_are_alike_or_none_can_be_chosen if {
	members := [test.writer("orders-1", "eu-west-1a", {}), test.reader("orders-2", "eu-west-1b", {})]
	others := [
		test.db_cluster("orders", {"family": "multi_az"}),
		test.db_cluster("orders", {"family": "aurora_limitless"}),
		test.db_cluster("orders", {"status": "deleting"}),
	]
	every other in others {
		document := test.input_of_clusters([test.running(other, members)], [], {})
		policy.subjects == set() with input as document
	}
}

test_not_applicable_to_a_secondary_of_a_global_cluster if {
	far := test.moved_to(test.db_cluster("orders-dr", {}), "eu-central-1")
	readers := [test.reader("dr-1", "eu-central-1a", {}), test.reader("dr-2", "eu-central-1a", {})]
	global := test.global_cluster("shop", {"global_cluster_members": [
		test.global_primary(_orders),
		test.global_secondary(far),
	]})
	document := test.input_of_clusters([test.running(_orders, []), test.running(far, readers)], [global], {})
	policy.subjects == set() with input as document
}

test_a_high_tier_does_not_matter_to_a_provisioned_reader if {
	document := _with_readers("db.r6g.large", [test.reader("orders-2", "eu-west-1b", _settings("db.r6g.large", 2))])
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_several_readers_in_one_zone_are_left_to_the_policy_about_zones if {
	document := _with_readers("db.r6g.large", [
		test.reader("orders-2", "eu-west-1a", _settings("db.r6g.large", 1)),
		test.reader("orders-3", "eu-west-1a", _settings("db.r6g.large", 1)),
	])
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_unknown_when_no_instance_writes_whatever_the_readers_are if {
	document := _document([
		test.reader("orders-1", "eu-west-1a", _settings("db.serverless", 2)),
		test.reader("orders-2", "eu-west-1b", _settings("db.serverless", 2)),
	])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_when_it_is_not_known_whether_an_instance_writes if {
	hidden := object.union(test.writer("orders-1", "eu-west-1a", {}), {"writes": null})
	reader := test.reader("orders-2", "eu-west-1a", _settings("db.serverless", 2))
	alone := _document([hidden, reader])
	_violated(alone) == set()
	policy.unknowns == {_arn} with input as alone
	beside := _document([test.writer("orders-3", "eu-west-1b", {}), hidden, reader])
	_violated(beside) == set()
	policy.unknowns == {_arn} with input as beside
}
