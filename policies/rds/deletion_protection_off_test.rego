package hadr.rds.deletion_protection_off_test

import data.hadr.lib.test
import data.hadr.rds.deletion_protection_off as policy

_off := {"deletion_protection": false}

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_member(region, writes) := {
	"db_cluster_arn": test.arn_in(region, "cluster:ledger"),
	"is_writer": writes,
	"readers": [],
	"synchronization_status": null,
}

test_violated_without_protection if {
	world := test.global_cluster("world", _off)
	document := test.input_of([
		test.db_instance("orders", _off),
		test.db_instance("replica", object.union(_off, {"role": "read_replica"})),
		test.db_cluster("ledger", _off),
		world,
	])
	_violated(document) == {
		test.arn("db:orders"),
		test.arn("db:replica"),
		test.arn("cluster:ledger"),
		world.arn,
	}
}

test_message_and_evidence_say_the_fact if {
	some violation in policy.violations with input as test.input_of([test.db_instance("orders", _off)])
	violation.message == "orders has no deletion protection"
	violation.evidence == {"deletion_protection": false}
	violation.params == {"region": "eu-west-1"}
}

test_the_command_for_a_global_cluster_goes_to_its_primary if {
	members := {"global_cluster_members": [_member("eu-west-1", false), _member("eu-central-1", true)]}
	some violation in policy.violations with input as test.input_of([
		test.global_cluster("world", object.union(_off, members)),
	])
	violation.params == {"region": "eu-central-1"}
}

test_a_person_chooses_where_no_primary_is_named if {
	members := {"global_cluster_members": [_member("eu-west-1", false), _member("eu-central-1", false)]}
	some violation in policy.violations with input as test.input_of([
		test.global_cluster("world", object.union(_off, members)),
	])
	violation.params == {"region": null}
}

test_satisfied_with_protection if {
	world := test.global_cluster("world", {})
	document := test.input_of([test.db_instance("orders", {}), test.db_cluster("ledger", {}), world])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {test.arn("db:orders"), test.arn("cluster:ledger"), world.arn} with input as document
}

test_unknown_when_the_api_did_not_say if {
	document := test.input_of([test.db_cluster("ledger", {"deletion_protection": null})])
	_violated(document) == set()
	policy.unknowns == {test.arn("cluster:ledger")} with input as document
}

test_not_applicable_to_members_and_what_comes_and_goes if {
	document := test.input_of([
		test.db_instance("reader", object.union(_off, {"role": "aurora_member"})),
		test.db_instance("trio-1", object.union(_off, {"role": "multi_az_cluster_member"})),
		test.db_instance("leaving", object.union(_off, {"db_instance_status": "deleting"})),
		test.with_members(test.db_instance("cache", _off), {"role": {"value": "cache"}}),
		test.with_members(test.db_cluster("report", _off), {"role": {"value": "rebuildable"}}),
		test.docdb_cluster("documents", _off),
		test.neptune_cluster("graph", _off),
		test.global_cluster("documents", object.union(_off, {"engine": "docdb"})),
	])
	policy.subjects == set() with input as document
}
