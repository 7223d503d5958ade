package hadr.cloudformation.termination_protection_off_test

import data.hadr.cloudformation.termination_protection_off as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute
import data.hadr.lib.test_dynamodb
import data.hadr.lib.test_efs
import data.hadr.lib.test_recovery

_shop := test_recovery.stack_arn("shop")

_nested_arn := test_recovery.stack_arn("shop-data")

_orders := test.db_instance("orders", {"deletion_protection": false})

# The stack `shop` with these settings, which made these resources.
_document(settings, made) := test_recovery.input_with(
	array.concat([test_recovery.stack("shop", settings)], made),
	{"relations": {"deploys": {_shop: [resource.arn | some resource in made]}}, "coverage": _listed},
)

_listed := test_recovery.answered([
	"dynamodb:ListTables", "ec2:DescribeVolumes", "elasticfilesystem:DescribeFileSystems", "rds:DescribeDBClusters",
	"rds:DescribeDBInstances", "tag:GetResources",
])

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_limits(document) := {object.get(violation, "at_most", "none") |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_with_a_database if {
	document := _document({}, [_orders])
	_violated(document) == {_shop}
	_unknown(document) == set()
	_judged(document) == {_shop}
	some violation in policy.violations with input as document
	violation.message == "shop has no termination protection and made orders"
	violation.evidence == {
		"enable_termination_protection": false,
		"made": [_orders.arn],
		"number_of_resources": 1,
	}
	not violation.at_most
}

test_everything_with_data_counts if {
	every resource in [
		test.db_cluster("orders", {}),
		test.docdb_cluster("orders", {}),
		test.neptune_cluster("orders", {}),
		test_dynamodb.table("orders", {}),
		test_compute.volume("vol-1", ["i-1"], {}),
		test_efs.file_system("fs-1", {}),
	] {
		_violated(_document({}, [resource])) == {_shop}
	}
	messages := {violation.message | some violation in policy.violations} with input as _document({}, [
		_orders,
		test.db_cluster("ledger", {}),
	])
	messages == {"shop has no termination protection and made 2 databases, tables, volumes or file systems"}
}

test_what_a_nested_stack_made_counts_for_the_outermost if {
	nested := test_recovery.stack("shop-data", {"root_id": _shop})
	document := test_recovery.input_with(
		[test_recovery.stack("shop", {}), nested, _orders],
		{"relations": {"deploys": {_shop: [nested.arn], _nested_arn: [_orders.arn]}}, "coverage": _listed},
	)
	_violated(document) == {_shop}
	_judged(document) == {_shop}
}

test_the_severity_is_that_of_what_it_made if {
	every criticality, limit in {"mission-critical": "none", "business-critical": "low", "general": "info"} {
		resource := test.with_members(_orders, {"criticality": criticality})
		_limits(_document({}, [resource])) == {limit}
	}
	volume := test.with_members(test_compute.volume("vol-1", ["i-1"], {}), {"criticality": "general"})
	_limits(_document({}, [volume, _orders])) == {"none"}
}

test_a_note_where_everything_refuses_by_itself if {
	guarded := test.db_instance("users", {})
	table := test_dynamodb.table("carts", {"deletion_protection_enabled": true})
	_limits(_document({}, [guarded, table])) == {"info"}
	_limits(_document({}, [guarded, _orders])) == {"none"}
	_limits(_document({}, [test.db_instance("users", {"deletion_protection": null})])) == {"none"}
}

test_satisfied_with_protection if {
	document := _document({"enable_termination_protection": true}, [_orders])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_shop}
}

test_unknown_where_the_setting_was_not_returned if {
	document := _document({"enable_termination_protection": null}, [_orders])
	_violated(document) == set()
	_unknown(document) == {_shop}
}

test_unknown_where_databases_were_not_listed if {
	every operation in ["elasticfilesystem:DescribeFileSystems", "rds:DescribeDBClusters"] {
		denied := {"coverage": {operation: {"eu-west-1": "denied"}}}
		document := object.union(_document({}, []), denied)
		_unknown(document) == {_shop}
		_violated(document) == set()
		protected := object.union(_document({"enable_termination_protection": true}, []), denied)
		_judged(protected) == set()
	}
}

test_not_applicable_without_data if {
	every made in [
		[],
		[test.bucket("orders", {})],
		[test.db_instance("orders", {"db_cluster_identifier": "ledger", "role": "aurora_member"})],
		[test.with_members(_orders, {"criticality": "non-production"})],
	] {
		_judged(_document({}, made)) == set()
	}
}

test_not_applicable_to_what_is_being_deleted if {
	every status in ["DELETE_IN_PROGRESS", "DELETE_FAILED"] {
		_judged(_document({"stack_status": status}, [_orders])) == set()
	}
}
