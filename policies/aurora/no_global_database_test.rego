package hadr.aurora.no_global_database_test

import data.hadr.aurora.no_global_database as policy
import data.hadr.lib.test

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_orders := test.db_cluster("orders", {})

_far := test.moved_to(test.db_cluster("orders-dr", {}), "eu-central-1")

_arn := test.arn("cluster:orders")

_instances := [test.writer("orders-1", "eu-west-1a", {})]

_document(database, parts) := test.input_of_clusters([test.running(database, _instances)], [], parts)

_replica_in(a_region) := {"copies": {_arn: {
	"known": [test.copy("automated_backup", "eu-west-1", 300), test.copy("replica", a_region, null)],
	"unseen": [],
}}}

test_violated_in_one_region if {
	_violated(_document(_orders, {})) == {_arn}
}

test_message_evidence_and_params if {
	document := _document(_orders, {})
	some violation in policy.violations with input as document
	violation.message == "orders has no replica cluster in another Region"
	violation.evidence == {
		"global_cluster": null,
		"regions": ["eu-west-1"],
		"tier": "mission-critical",
		"strategy_rank": 2,
	}
	violation.params == {
		"engine": "aurora-postgresql",
		"engine_version": "16.4",
		"global_cluster": "orders-global",
		"new_global_cluster": "orders-global",
		"encrypted_global_cluster": "orders-global",
		"backup_retention_period": 35,
		"instance_class": "db.r6g.large",
	}
}

test_violated_as_the_only_region_of_a_global_cluster if {
	global := test.global_cluster("shop", {"global_cluster_members": [test.global_primary(_orders)]})
	document := test.input_of_clusters([test.running(_orders, _instances)], [global], {})
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.params.global_cluster == "shop"
	violation.params.encrypted_global_cluster == "shop"
	not violation.params.new_global_cluster
}

test_violated_with_a_replica_in_the_same_region if {
	_violated(_document(_orders, _replica_in("eu-west-1"))) == {_arn}
}

test_satisfied_with_a_replica_cluster_in_another_region if {
	document := _document(_orders, _replica_in("eu-central-1"))
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_arn} with input as document
}

test_satisfied_in_a_global_cluster_of_two_regions if {
	global := test.global_cluster("shop", {"global_cluster_members": [
		test.global_primary(_orders),
		test.global_secondary(_far),
	]})
	clusters := [test.running(_orders, _instances), test.running(_far, [])]
	document := test.input_of_clusters(clusters, [global], {})
	_violated(document) == set()
	policy.unknowns == set() with input as document

	# The secondary itself needs no other Region.
	policy.subjects == {_arn} with input as document
}

test_satisfied_in_a_global_cluster_that_names_no_writer if {
	global := test.global_cluster("shop", {"global_cluster_members": [
		test.global_secondary(_orders),
		test.global_secondary(_far),
	]})
	document := test.input_of_clusters([test.running(_orders, _instances)], [global], {})
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_unknown_when_the_global_clusters_were_not_listed if {
	document := _document(_orders, {"coverage": {"rds:DescribeGlobalClusters": {"eu-west-1": "denied"}}})
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_a_backup_in_another_region_is_no_replica if {
	backups := [test.copy("manual_snapshot", "eu-central-1", 3600)]
	document := _document(_orders, {"copies": {_arn: {"known": backups, "unseen": []}}})
	_violated(document) == {_arn}
}

test_the_tier_decides_whether_it_applies if {
	general := test.with_members(_orders, {"tier": {"value": "general"}, "criticality": "general"})
	document := _document(general, {})
	policy.subjects == set() with input as document
	asked := _document(general, {"config": {"tiers": {"general": {"strategy_rank": 1}}}})
	policy.subjects == {_arn} with input as asked
}

test_not_applicable_to_what_cannot_have_one_or_is_one if {
	others := [
		test.db_cluster("orders", {"family": "aurora_serverless_v1"}),
		test.db_cluster("orders", {"family": "aurora_limitless"}),
		test.db_cluster("orders", {"family": "multi_az"}),
		test.db_cluster("orders", {"status": "deleting"}),
		test.db_cluster("orders", {"replication_source_identifier": _far.arn}),
	]
	every other in others {
		document := _document(other, {})
		policy.subjects == set() with input as document
	}
}

# Of a primary that is not encrypted there can be no encrypted secondary.
test_what_is_not_encrypted_has_a_step_without_a_key if {
	plain := test.with_members(_orders, {"attributes": {"storage_encrypted": false}})
	some violation in policy.violations with input as _document(plain, {})
	violation.params.plain_global_cluster == "orders-global"
	not violation.params.encrypted_global_cluster
}
