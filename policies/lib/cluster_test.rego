package hadr.lib.cluster_test

import data.hadr.lib.cluster
import data.hadr.lib.test

_orders := test.db_cluster("orders", {})

_far := test.moved_to(test.db_cluster("orders-dr", {}), "eu-central-1")

_document(members) := test.input_of_clusters([test.running(_orders, members)], [], {})

# The cluster in it, with its placement.
_placed(document) := document.by_arn[_orders.arn]

test_one_instance_is_in_one_zone_wherever_that_is if {
	placed := _document([test.writer("orders-1", "eu-west-1a", {})])
	cluster.in_one_zone(_placed(placed)) with input as placed
	hidden := _document([test.uncollected(test.writer("orders-1", "eu-west-1a", {}))])
	cluster.in_one_zone(_placed(hidden)) with input as hidden
}

test_an_instance_without_a_known_zone_may_be_in_a_second_one if {
	document := _document([test.writer("orders-1", "eu-west-1a", {}), test.reader("orders-2", null, {})])
	not cluster.in_one_zone(_placed(document)) with input as document
	not cluster.in_two_zones(_placed(document)) with input as document
}

test_two_zones_suffice if {
	document := _document([
		test.writer("orders-1", "eu-west-1a", {}),
		test.reader("orders-2", "eu-west-1b", {}),
		test.reader("orders-3", null, {}),
	])
	cluster.in_two_zones(_placed(document)) with input as document
	not cluster.in_one_zone(_placed(document)) with input as document
}

test_the_free_zone_is_one_of_the_subnets if {
	running := test.running(_orders, [test.writer("orders-1", "eu-west-1a", {})])
	group := test.db_subnet_group("default", ["eu-west-1a", "eu-west-1b", "eu-west-1c"])
	document := test.input_of_clusters([running], [group], {})
	cluster.free_zone(_placed(document)) == "eu-west-1b" with input as document
}

test_no_zone_is_known_to_be_free_without_the_subnets_or_a_place if {
	unlisted := _document([test.writer("orders-1", "eu-west-1a", {})])
	cluster.free_zone(_placed(unlisted)) == null with input as unlisted
	running := test.running(_orders, [test.writer("orders-1", null, {})])
	group := test.db_subnet_group("default", ["eu-west-1a", "eu-west-1b"])
	unplaced := test.input_of_clusters([running], [group], {})
	cluster.free_zone(_placed(unplaced)) == null with input as unplaced
}

test_the_class_of_the_writer if {
	running := test.running(_orders, [
		test.reader("orders-1", "eu-west-1a", {"db_instance_class": "db.r6g.large"}),
		test.writer("orders-2", "eu-west-1b", {"db_instance_class": "db.r6g.xlarge"}),
	])
	document := test.input_of_clusters([running], [], {})
	cluster.writer_class(running.cluster) == "db.r6g.xlarge" with input as document
}

test_the_class_of_a_writer_that_was_not_collected_is_null if {
	running := test.running(_orders, [test.uncollected(test.writer("orders-1", "eu-west-1a", {}))])
	document := test.input_of_clusters([running], [], {})
	cluster.writer_class(running.cluster) == null with input as document
}

test_the_class_of_several_writers_is_null if {
	members := [test.writer("orders-1", "eu-west-1a", {}), test.writer("orders-2", "eu-west-1b", {})]
	running := test.running(_orders, members)
	document := test.input_of_clusters([running], [], {})
	cluster.writer_class(running.cluster) == null with input as document
}

_global(members) := test.input_of_clusters(
	[test.running(_orders, []), test.running(_far, [])],
	[test.global_cluster("shop", {"global_cluster_members": members})],
	{},
)

test_roles_in_a_global_cluster if {
	document := _global([test.global_primary(_orders), test.global_secondary(_far)])
	cluster.global_role(_orders) == "primary" with input as document
	cluster.global_role(_far) == "secondary" with input as document
}

test_the_role_is_unknown_where_no_cluster_or_several_write if {
	none := _global([test.global_secondary(_orders), test.global_secondary(_far)])
	cluster.global_role(_orders) == "unknown" with input as none
	several := _global([test.global_primary(_orders), test.global_primary(_far)])
	cluster.global_role(_far) == "unknown" with input as several
}

test_a_cluster_of_no_global_cluster_is_standalone_if_they_were_listed if {
	seen := _document([])
	cluster.global_role(_orders) == "standalone" with input as seen
	denied := object.union(seen, {"coverage": {"rds:DescribeGlobalClusters": {"eu-west-1": "denied"}}})
	cluster.global_role(_orders) == "unknown" with input as denied
	named := test.db_cluster("orders", {"global_cluster_identifier": "shop"})
	cluster.global_role(named) == "unknown" with input as seen
}
