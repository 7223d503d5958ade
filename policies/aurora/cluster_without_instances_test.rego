package hadr.aurora.cluster_without_instances_test

import data.hadr.aurora.cluster_without_instances as policy
import data.hadr.lib.test

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_orders := test.db_cluster("orders", {})

_arn := test.arn("cluster:orders")

_far := test.moved_to(test.db_cluster("orders-dr", {}), "eu-central-1")

_headless := test.running(_orders, [])

test_violated_without_instances if {
	_violated(test.input_of_clusters([_headless], [], {})) == {_arn}
}

test_message_evidence_and_params if {
	document := test.input_of_clusters([_headless], [], {})
	some violation in policy.violations with input as document
	violation.message == "orders has no instance and cannot serve"
	violation.evidence == {"status": "available", "instances": [], "role": "standalone"}
	violation.params == {"engine": "aurora-postgresql", "instance_class": null}
}

test_serverless_v2_is_offered_to_a_cluster_with_its_bounds if {
	bounds := {"serverless_v2_scaling_configuration": {"min_capacity": 0.5, "max_capacity": 8}}
	headless := test.running(test.db_cluster("orders", bounds), [])
	document := test.input_of_clusters([headless], [], {})
	some violation in policy.violations with input as document
	violation.params.instance_class == "db.serverless"
}

test_violated_as_the_primary_of_a_global_cluster_but_not_as_a_secondary if {
	members := [test.global_primary(_orders), test.global_secondary(_far)]
	global := test.global_cluster("shop", {"global_cluster_members": members})
	document := test.input_of_clusters([_headless, test.running(_far, [])], [global], {})
	_violated(document) == {_arn}
	policy.subjects == {_arn} with input as document
}

test_satisfied_with_an_instance if {
	running := test.running(_orders, [test.writer("orders-1", "eu-west-1a", {})])
	document := test.input_of_clusters([running], [], {})
	_violated(document) == set()
	policy.subjects == {_arn} with input as document
}

test_satisfied_with_an_instance_even_if_the_role_is_not_known if {
	running := test.running(_orders, [test.writer("orders-1", "eu-west-1a", {})])
	denied := {"coverage": {"rds:DescribeGlobalClusters": {"eu-west-1": "denied"}}}
	document := test.input_of_clusters([running], [], denied)
	policy.unknowns == set() with input as document
}

test_unknown_when_the_global_clusters_were_not_listed if {
	denied := {"coverage": {"rds:DescribeGlobalClusters": {"eu-west-1": "denied"}}}
	document := test.input_of_clusters([_headless], [], denied)
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_when_no_cluster_of_the_global_cluster_writes if {
	members := [test.global_secondary(_orders), test.global_secondary(_far)]
	global := test.global_cluster("shop", {"global_cluster_members": members})
	document := test.input_of_clusters([_headless], [global], {})
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_not_applicable_to_what_computes_without_instances if {
	clusters := [
		test.running(test.db_cluster("classic", {"family": "aurora_serverless_v1"}), []),
		test.running(test.db_cluster("sharded", {"family": "aurora_limitless"}), []),
		test.running(test.db_cluster("reports", {"family": "multi_az"}), []),
		test.running(test.db_cluster("coming", {"status": "creating"}), []),
	]
	document := test.input_of_clusters(clusters, [], {})
	policy.subjects == set() with input as document
}
