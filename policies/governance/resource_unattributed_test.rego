package hadr.governance.resource_unattributed_test

import data.hadr.governance.resource_unattributed as policy
import data.hadr.lib.test
import data.hadr.lib.test_dynamodb

_account := "arn:aws:account::123456789012:account"

_owned(entry) := test.with_members(entry, {"workload": {"value": "shop", "source": "tag hadr:workload"}})

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_where_everything_belongs_to_a_workload if {
	document := test.input_of([_owned(test.db_instance("orders", {})), _owned(test.bucket("images", {}))])
	_messages(document) == set()
	policy.subjects == {_account} with input as document
	policy.unknowns == set() with input as document
}

test_violated_once_for_each_service if {
	document := test.input_of([
		test.db_instance("orders", {}),
		test.db_instance("carts", {}),
		_owned(test.db_instance("users", {})),
		test.bucket("images", {}),
		test_dynamodb.table("sessions", {}),
	])
	_messages(document) == {
		"123456789012 keeps data in 2 resources of RDS without a workload",
		"123456789012 keeps data in 1 resource of S3 without a workload",
		"123456789012 keeps data in 1 resource of DynamoDB without a workload",
	}
	some violation in policy.violations with input as document
	violation.discriminator == "RDS"
	violation.resource == _account
	violation.evidence == {
		"service": "RDS",
		"count": 2,
		"resources": [test.arn("db:carts"), test.arn("db:orders")],
	}
	violation.params == {"resource_arn": test.arn("db:carts"), "region": "eu-west-1"}
}

test_the_evidence_names_some_and_counts_all if {
	document := test.input_of([test.db_instance("a", {}), test.db_instance("b", {}), test.db_instance("c", {})])
	found := {violation.evidence | some violation in policy.violations} with input as document
		with data.parameters as {"governance-resource-unattributed": {"named": 2}}
	found == {{"service": "RDS", "count": 3, "resources": [test.arn("db:a"), test.arn("db:b")]}}
}

test_what_is_to_be_ignored_needs_no_owner if {
	ignored := test.with_members(test.db_instance("orders", {}), {"tags": {"hadr:ignore": "scratch"}})
	document := test.input_of([ignored])
	_messages(document) == set()
	policy.subjects == {_account} with input as document
}

test_unknown_where_tags_were_not_collected if {
	document := test.input_of([test.with_members(test.bucket("images", {}), {"tags": null})])
	_messages(document) == set()
	policy.unknowns == {_account} with input as document
}

test_what_is_known_to_be_without_a_workload_is_violated_beside_what_is_unknown if {
	document := test.input_of([
		test.with_members(test.bucket("images", {}), {"tags": null}),
		test.bucket("videos", {}),
	])
	_messages(document) == {"123456789012 keeps data in 1 resource of S3 without a workload"}
}

test_the_configuration_can_say_it_where_tags_were_not_collected if {
	document := test.input_of([_owned(test.with_members(test.bucket("images", {}), {"tags": null}))])
	policy.unknowns == set() with input as document
	_messages(document) == set()
}

test_not_applicable_to_what_needs_no_owner if {
	document := test.input_of([
		test.in_role("log", test.bucket("logs", {})),
		test.in_role("backup", test.bucket("dumps", {})),
		test.in_role("rebuildable", test.bucket("thumbnails", {})),
		test.in_role("cache", test_dynamodb.table("cache", {})),
		test.with_members(test.db_instance("staging", {}), {"criticality": "non-production"}),
		test.db_instance("replica", {"role": "read_replica"}),
	])
	policy.subjects == set() with input as document
	_messages(document) == set()
}
