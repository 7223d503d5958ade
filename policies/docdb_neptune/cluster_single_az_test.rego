package hadr.docdb_neptune.cluster_single_az_test

import data.hadr.docdb_neptune.cluster_single_az as policy
import data.hadr.lib.test

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_papers := test.docdb_cluster("papers", {})

_graph := test.neptune_cluster("graph", {})

_document(database, members) := test.input_of_clusters([test.running(database, members)], [], {})

_writer := test.writer("one", "eu-west-1a", {})

test_violated_with_a_single_instance if {
	_violated(_document(_papers, [_writer])) == {test.arn("cluster:papers")}
	_violated(_document(_graph, [_writer])) == {test.arn("cluster:graph")}
}

test_violated_with_all_instances_in_one_zone if {
	document := _document(_papers, [_writer, test.reader("two", "eu-west-1a", {})])
	some violation in policy.violations with input as document
	violation.message == "papers has all of its instances in one Availability Zone"
	violation.evidence == {
		"instances": [test.arn("db:one"), test.arn("db:two")],
		"zones": ["eu-west-1a"],
		"instances_without_known_zone": [],
	}
	violation.params == {"instance_class": "db.r6g.large", "zone": null}
}

test_violated_without_instances if {
	_messages(_document(_graph, [])) == {"graph has no instance and cannot serve"}
}

test_satisfied_in_two_zones if {
	document := _document(_graph, [_writer, test.reader("two", "eu-west-1b", {})])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {test.arn("cluster:graph")} with input as document
}

test_unknown_while_an_instance_could_be_in_another_zone if {
	document := _document(_papers, [_writer, test.uncollected(test.reader("two", "eu-west-1b", {}))])
	_violated(document) == set()
	policy.unknowns == {test.arn("cluster:papers")} with input as document
}

test_unknown_while_it_could_be_a_secondary if {
	denied := {"coverage": {"rds:DescribeGlobalClusters": {"eu-west-1": "denied"}}}
	document := test.input_of_clusters([test.running(_papers, [_writer])], [], denied)
	_violated(document) == set()
	policy.unknowns == {test.arn("cluster:papers")} with input as document
}

test_not_applicable_to_aurora_or_to_what_is_being_deleted if {
	others := [test.db_cluster("orders", {}), test.docdb_cluster("papers", {"status": "deleting"})]
	every other in others {
		document := _document(other, [_writer])
		policy.subjects == set() with input as document
	}
}

test_not_applicable_to_a_secondary_of_a_global_cluster if {
	far := test.moved_to(test.docdb_cluster("papers-dr", {}), "eu-central-1")
	global := test.global_cluster("library", {"engine": "docdb", "global_cluster_members": [
		test.global_primary(_papers),
		test.global_secondary(far),
	]})
	document := test.input_of_clusters([test.running(_papers, []), test.running(far, [])], [global], {})
	policy.subjects == {test.arn("cluster:papers")} with input as document
}
