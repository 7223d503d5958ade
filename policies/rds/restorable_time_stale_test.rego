package hadr.rds.restorable_time_stale_test

import data.hadr.lib.test
import data.hadr.rds.restorable_time_stale as policy

_orders := test.db_instance("orders", {})

_document(database, age) := _document_with(database, age, {})

_document_with(database, age, parts) := test.input_with([database], object.union(
	{"copies": {database.arn: {"known": [test.copy("automated_backup", "eu-west-1", age)], "unseen": []}}},
	parts,
))

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_violated_with(parameters, document) := {violation.resource | some violation in found} if {
	found := policy.violations with input as document with data.parameters as parameters
}

test_violated_when_the_time_lies_too_far_back if {
	ledger := test.db_cluster("ledger", {})
	_violated(_document(_orders, 901)) == {_orders.arn}
	_violated(_document(ledger, 86400)) == {ledger.arn}
}

test_message_says_how_far if {
	some violation in policy.violations with input as _document(_orders, 10800)
	violation.message == "orders can be restored only as it was 3 hours ago"
	violation.evidence == {"latest_restorable_age": 10800, "limit": 900}
}

test_satisfied_up_to_the_limit if {
	document := _document(_orders, 900)
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_orders.arn} with input as document
}

test_a_longer_limit_can_be_configured_up_to_the_objective if {
	general := test.with_members(_orders, {"tier": {"value": "general"}, "criticality": "general"})
	parameters := {"rds-restorable-time-stale": {"maximum_age": 3600}}
	_violated_with(parameters, _document(general, 3600)) == set()
	_violated_with(parameters, _document(general, 3601)) == {_orders.arn}
	_violated_with(parameters, _document(_orders, 901)) == {_orders.arn}
}

test_a_stricter_objective_is_the_limit if {
	document := _document_with(_orders, 601, {"config": {"tiers": {"mission-critical": {"rpo": 600}}}})
	_violated(document) == {_orders.arn}
}

test_a_shorter_limit_than_rds_can_keep_is_not_taken if {
	document := _document(_orders, 600)
	parameters := {"rds-restorable-time-stale": {"maximum_age": 60}}
	_violated_with(parameters, document) == set()
}

test_unknown_when_the_time_is_not_known if {
	document := _document(_orders, null)
	_violated(document) == set()
	policy.unknowns == {_orders.arn} with input as document

	silent := test.input_of([test.db_instance("orders", {"backup_retention_period": null})])
	policy.unknowns == {test.arn("db:orders")} with input as silent
}

test_unknown_where_an_idle_database_may_be_late if {
	every engine in ["oracle-ee", "sqlserver-se", "custom-oracle-ee"] {
		database := test.db_instance("orders", {"engine": engine})
		late := _document(database, 7200)
		_violated(late) == set()
		policy.unknowns == {database.arn} with input as late

		timely := _document(database, 300)
		policy.unknowns == set() with input as timely
	}
}

test_unknown_when_the_status_is_not_known if {
	database := test.db_instance("orders", {"db_instance_status": null})
	document := _document(database, 7200)
	_violated(document) == set()
	policy.unknowns == {database.arn} with input as document
}

test_not_applicable_to_what_does_not_move_on if {
	every database in [
		test.db_instance("orders", {"db_instance_status": "stopped"}),
		test.db_instance("orders", {"db_instance_status": "creating"}),
		test.db_instance("orders", {"db_instance_status": "modifying"}),
		test.db_instance("orders", {"backup_retention_period": 0}),
		test.db_instance("orders", {"role": "read_replica"}),
		test.db_instance("orders", {"role": "aurora_member"}),
		test.db_cluster("ledger", {"status": "stopped"}),
		test.docdb_cluster("documents", {}),
	] {
		document := _document(database, 86400)
		policy.subjects == set() with input as document
	}
}
