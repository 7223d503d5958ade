package hadr.rds.window_in_business_hours_test

import data.hadr.lib.test
import data.hadr.rds.window_in_business_hours as policy

_hours := {"days": ["mon", "tue", "wed", "thu", "fri"], "start": "00:00", "end": "09:00"}

_document(databases) := test.input_with(databases, {"config": {"business_hours": _hours}})

_purposes(document) := {violation.discriminator | some violation in policy.violations with input as document}

_quiet := {"preferred_backup_window": "18:00-19:00", "preferred_maintenance_window": "sun:04:00-sun:05:00"}

_instance(attributes) := test.db_instance("orders", object.union(_quiet, attributes))

_cluster(attributes) := test.db_cluster("ledger", object.union(_quiet, attributes))

# Noon in Tokyo.
_noon := {"preferred_backup_window": "03:00-04:00"}

_monday := {"preferred_maintenance_window": "mon:03:00-mon:03:30"}

test_violated_by_a_backup_at_noon if {
	document := _document([_instance(_noon)])
	_purposes(document) == {"backup"}
	some violation in policy.violations with input as document
	violation.resource == "arn:aws:rds:eu-west-1:123456789012:db:orders"
	violation.message == "orders has its backup window 03:00-04:00 UTC in business hours"
	violation.evidence == {"window": "03:00-04:00", "business_hours": _hours}
	violation.params == {"setting": "PreferredBackupWindow", "window": "03:00-04:00"}
}

test_violated_by_maintenance_on_monday if {
	document := _document([_instance(_monday)])
	_purposes(document) == {"maintenance"}
	some violation in policy.violations with input as document
	violation.message == "orders has its maintenance window mon:03:00-mon:03:30 UTC in business hours"
}

test_both_windows_are_told_apart if {
	_purposes(_document([_instance(object.union(_noon, _monday))])) == {"backup", "maintenance"}
}

test_a_window_may_touch_business_hours if {
	_purposes(_document([_instance({"preferred_backup_window": "09:00-09:30"})])) == set()
	_purposes(_document([_instance({"preferred_backup_window": "08:30-09:00"})])) == {"backup"}
	_purposes(_document([_instance({"preferred_maintenance_window": "sun:23:30-mon:00:00"})])) == set()
	_purposes(_document([_instance({"preferred_maintenance_window": "sun:23:30-mon:00:30"})])) == {"maintenance"}
}

test_satisfied_at_night_and_on_the_weekend if {
	document := _document([_instance({}), _cluster({})])
	_purposes(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {test.arn("db:orders"), test.arn("cluster:ledger")} with input as document
}

test_the_backup_window_of_aurora_and_of_an_instance_without_backups_does_not_matter if {
	every database in [
		_cluster(_noon),
		_instance(object.union(_noon, {"role": "aurora_member"})),
		_instance(object.union(_noon, {"backup_retention_period": 0})),
	] {
		document := _document([database])
		_purposes(document) == set()
		policy.unknowns == set() with input as document
	}
}

test_the_backup_window_of_a_multi_az_cluster_matters if {
	_purposes(_document([_cluster(object.union(_noon, {"family": "multi_az"}))])) == {"backup"}
}

test_the_maintenance_window_of_an_aurora_instance_is_its_own if {
	_purposes(_document([_instance(object.union(_monday, {"role": "aurora_member"}))])) == {"maintenance"}
}

test_unknown_when_a_window_is_not_known if {
	every attributes in [
		{"preferred_backup_window": null},
		{"preferred_maintenance_window": null},
		{"preferred_maintenance_window": "some day"},
	] {
		document := _document([_instance(attributes)])
		_purposes(document) == set()
		policy.unknowns == {test.arn("db:orders")} with input as document
	}
}

test_off_without_business_hours if {
	document := test.input_of([_instance(object.union(_noon, _monday))])
	policy.subjects == set() with input as document
	policy.unknowns == set() with input as document
	policy.violations == set() with input as document
}

test_not_applicable_to_what_has_the_windows_of_its_cluster if {
	document := _document([
		test.db_instance("trio-1", object.union(_noon, {"role": "multi_az_cluster_member"})),
		test.db_instance("new", object.union(_noon, {"db_instance_status": "creating"})),
		test.docdb_cluster("documents", _monday),
	])
	policy.subjects == set() with input as document
}
