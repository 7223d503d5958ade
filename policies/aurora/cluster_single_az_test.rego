package hadr.aurora.cluster_single_az_test

import data.hadr.aurora.cluster_single_az as policy
import data.hadr.lib.test

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_orders := test.db_cluster("orders", {})

_arn := test.arn("cluster:orders")

_writer := test.writer("orders-1", "eu-west-1a", {})

_document(members) := test.input_of_clusters([test.running(_orders, members)], [], {})

test_violated_with_a_single_instance if {
	_violated(_document([_writer])) == {_arn}
}

test_violated_with_readers_beside_the_writer if {
	document := _document([_writer, test.reader("orders-2", "eu-west-1a", {})])
	_violated(document) == {_arn}
}

test_violated_with_a_single_instance_that_was_not_collected if {
	_violated(_document([test.uncollected(_writer)])) == {_arn}
}

test_violated_as_the_primary_of_a_global_cluster if {
	global := test.global_cluster("shop", {"global_cluster_members": [test.global_primary(_orders)]})
	_violated(test.input_of_clusters([test.running(_orders, [_writer])], [global], {})) == {_arn}
}

test_message_evidence_and_params if {
	group := test.db_subnet_group("default", ["eu-west-1a", "eu-west-1b"])
	document := test.input_of_clusters([test.running(_orders, [_writer])], [group], {})
	some violation in policy.violations with input as document
	violation.message == "orders has all of its instances in one Availability Zone"
	violation.evidence == {
		"instances": [test.arn("db:orders-1")],
		"zones": ["eu-west-1a"],
		"instances_without_known_zone": [],
	}
	violation.params == {
		"engine": "aurora-postgresql",
		"instance_class": "db.r6g.large",
		"zone": "eu-west-1b",
	}
}

test_satisfied_with_a_reader_in_another_zone if {
	document := _document([_writer, test.reader("orders-2", "eu-west-1b", {})])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_arn} with input as document
}

test_satisfied_with_two_zones_wherever_the_third_instance_is if {
	document := _document([
		_writer,
		test.reader("orders-2", "eu-west-1b", {}),
		test.reader("orders-3", null, {}),
	])
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_unknown_while_a_reader_could_be_in_another_zone if {
	document := _document([_writer, test.uncollected(test.reader("orders-2", "eu-west-1b", {}))])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_while_it_could_be_a_secondary if {
	denied := {"coverage": {"rds:DescribeGlobalClusters": {"eu-west-1": "denied"}}}
	document := test.input_of_clusters([test.running(_orders, [_writer])], [], denied)
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_a_multi_az_db_cluster_is_judged_too if {
	reports := test.db_cluster("reports", {"family": "multi_az", "engine": "mysql"})
	spread := [
		test.writer("reports-1", "eu-west-1a", {}),
		test.reader("reports-2", "eu-west-1b", {}),
		test.reader("reports-3", "eu-west-1c", {}),
	]
	document := test.input_of_clusters([test.running(reports, spread)], [], {})
	policy.subjects == {test.arn("cluster:reports")} with input as document
	_violated(document) == set()
}

test_not_applicable_where_there_is_no_instance_to_place if {
	others := [
		test.db_cluster("classic", {"family": "aurora_serverless_v1"}),
		test.db_cluster("sharded", {"family": "aurora_limitless"}),
		test.db_cluster("leaving", {"status": "deleting"}),
		test.docdb_cluster("documents", {}),
	]
	every other in others {
		document := test.input_of_clusters([test.running(other, [_writer])], [], {})
		policy.subjects == set() with input as document
	}
	empty := _document([])
	policy.subjects == set() with input as empty
}

test_not_applicable_to_a_secondary_of_a_global_cluster if {
	far := test.moved_to(test.db_cluster("orders-dr", {}), "eu-central-1")
	members := [test.global_primary(_orders), test.global_secondary(far)]
	clusters := [test.running(_orders, [_writer]), test.running(far, [test.reader("orders-dr-1", "eu-central-1a", {})])]
	global := test.global_cluster("shop", {"global_cluster_members": members})
	document := test.input_of_clusters(clusters, [global], {})
	policy.subjects == {_arn} with input as document
}

# RDS would refuse the instance.
test_a_subnet_group_in_one_zone_is_widened_first if {
	group := test.db_subnet_group("default", ["eu-west-1a"])
	document := test.input_of_clusters([test.running(_orders, [_writer])], [group], {})
	some violation in policy.violations with input as document
	violation.params == {
		"engine": "aurora-postgresql",
		"instance_class": "db.r6g.large",
		"zone": null,
		"narrow_subnet_group": "default",
		"subnet_ids": ["subnet-eu-west-1a"],
	}
}
