package hadr.aurora.global_secondary_without_instances_test

import data.hadr.aurora.global_secondary_without_instances as policy
import data.hadr.lib.test

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_primary := test.db_cluster("orders", {})

_far := test.moved_to(test.db_cluster("orders-dr", {}), "eu-central-1")

_arn := test.arn_in("eu-central-1", "cluster:orders-dr")

_running := test.running(_primary, [test.writer("orders-1", "eu-west-1a", {"db_instance_class": "db.r6g.xlarge"})])

# A global cluster whose secondary, a cluster in the other Region, has these instances.
_document(secondary, members) := test.input_of_clusters(
	[_running, test.running(secondary, members)],
	[test.global_cluster("shop", {"global_cluster_members": [
		test.global_primary(_primary),
		test.global_secondary(secondary),
	]})],
	{},
)

test_violated_without_instances if {
	_violated(_document(_far, [])) == {_arn}
}

test_message_evidence_and_params if {
	document := _document(_far, [])
	some violation in policy.violations with input as document
	violation.message == "orders-dr follows its primary without an instance that could take over"
	violation.evidence == {"instances": [], "primary": test.arn("cluster:orders")}
	violation.params == {"engine": "aurora-postgresql", "instance_class": "db.r6g.xlarge"}
}

test_the_class_is_left_open_when_the_primary_was_not_collected if {
	global := test.global_cluster("shop", {"global_cluster_members": [
		test.global_primary(_primary),
		test.global_secondary(_far),
	]})
	document := test.input_of_clusters([test.running(_far, [])], [global], {})
	some violation in policy.violations with input as document
	violation.resource == _arn
	violation.params.instance_class == null
}

test_satisfied_with_an_instance if {
	document := _document(_far, [test.reader("orders-dr-1", "eu-central-1a", {})])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_arn} with input as document
}

test_the_tag_records_a_decision_of_a_business_critical_workload if {
	tagged := {"criticality": "business-critical", "tags": {"hadr:headless-ok": "true"}}
	accepted := _document(test.with_members(_far, tagged), [])
	policy.subjects == set() with input as accepted
	refused := {"criticality": "business-critical", "tags": {"hadr:headless-ok": "false"}}
	_violated(_document(test.with_members(_far, refused), [])) == {_arn}
	untagged := {"criticality": "business-critical"}
	_violated(_document(test.with_members(_far, untagged), [])) == {_arn}
}

test_the_tag_does_not_help_a_mission_critical_workload if {
	tagged := test.with_members(_far, {"tags": {"hadr:headless-ok": "true"}})
	_violated(_document(tagged, [])) == {_arn}
}

test_unknown_when_the_tags_were_not_collected if {
	document := _document(test.with_members(_far, {"criticality": "business-critical", "tags": null}), [])
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_missing_tags_do_not_matter_to_a_mission_critical_workload if {
	_violated(_document(test.with_members(_far, {"tags": null}), [])) == {_arn}
}

test_unknown_when_it_may_be_no_secondary if {
	denied := {"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "denied"}}}
	document := test.input_of_clusters([test.running(_far, [])], [], denied)
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_not_applicable_to_what_is_no_secondary if {
	clusters := [
		test.running(test.db_cluster("standalone", {}), []),
		test.running(test.db_cluster("classic", {"family": "aurora_serverless_v1"}), []),
		test.running(test.docdb_cluster("documents", {}), []),
	]
	document := test.input_of_clusters(clusters, [], {})
	policy.subjects == set() with input as document
}

test_missing_tags_do_not_matter_where_there_is_an_instance if {
	untagged := test.with_members(_far, {"criticality": "business-critical", "tags": null})
	document := _document(untagged, [test.reader("orders-dr-1", "eu-central-1a", {})])
	policy.unknowns == set() with input as document
	policy.subjects == {_arn} with input as document
}

test_what_may_be_no_secondary_is_a_subject_only_without_instances_and_without_the_tag if {
	denied := {"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "denied"}}}
	running := test.running(_far, [test.writer("orders-dr-1", "eu-central-1a", {})])
	with_instance := test.input_of_clusters([running], [], denied)
	policy.subjects == set() with input as with_instance
	tagged := test.with_members(_far, {"criticality": "business-critical", "tags": {"hadr:headless-ok": "true"}})
	accepted := test.input_of_clusters([test.running(tagged, [])], [], denied)
	policy.subjects == set() with input as accepted
}

test_not_applicable_while_it_is_being_deleted_or_computes_without_instances if {
	denied := {"coverage": {"rds:DescribeGlobalClusters": {"eu-central-1": "denied"}}}
	every attributes in [{"status": "deleting"}, {"family": "aurora_limitless"}] {
		far := object.union(_far, {"attributes": attributes})
		known := _document(far, [])
		policy.subjects == set() with input as known
		unlisted := test.input_of_clusters([test.running(far, [])], [], denied)
		policy.subjects == set() with input as unlisted
	}
}
