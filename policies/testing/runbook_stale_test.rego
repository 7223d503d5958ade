package hadr.testing.runbook_stale_test

import data.hadr.lib.test_workload
import data.hadr.testing.runbook_stale as policy

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_document(evidence) := test_workload.input_with([test_workload.workload("shop", {})], [], evidence)

_runbook(days, settings) := test_workload.attested("runbook", days, settings)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_by_a_runbook_that_somebody_knows if {
	document := _document(test_workload.kept([_runbook(180, {})]))
	_messages(document) == set()
	policy.subjects == {_shop} with input as document
	policy.unknowns == set() with input as document
}

test_violated_without_any if {
	document := _document(test_workload.kept([test_workload.drill(30, {})]))
	_violated(document) == {_shop}
	some violation in policy.violations with input as document
	violation.message == "shop has no runbook that is known"
	violation.evidence == {"readings": [], "within_days": 180}
	not violation.at_most
}

test_violated_once_the_last_reading_is_too_old if {
	document := _document(test_workload.kept([_runbook(181, {})]))
	_messages(document) == {"shop had its runbook read 181 days ago, and 180 are allowed"}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.evidence.readings == [{
		"days_ago": 181,
		"strength": "C",
		"people": ["ada"],
		"source": "attestations/runbook-181.toml",
	}]
}

test_violated_where_nobody_is_said_to_know_it if {
	document := _document(test_workload.kept([object.union(_runbook(30, {}), {"people": []})]))
	_messages(document) == {"shop has a runbook that nobody is said to know"}
	some violation in policy.violations with input as document
	violation.resource == _shop
	not violation.at_most
}

test_an_older_reading_with_people_suffices if {
	peopleless := object.union(_runbook(30, {}), {"people": []})
	_messages(_document(test_workload.kept([peopleless, _runbook(60, {})]))) == set()
}

test_a_runbook_without_a_place_lowers_the_severity if {
	document := _document(test_workload.kept([_runbook(30, {"strength": "D"})]))
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.message == "shop has a runbook of which nobody says where it is"
	violation.at_most == "low"
}

test_the_time_can_be_changed if {
	document := _document(test_workload.kept([_runbook(200, {})]))
	found := {violation.resource | some violation in policy.violations} with input as document
		with data.parameters as {"testing-runbook-stale": {"maximum_days": 365}}
	found == set()
}

test_unknown_where_nothing_keeps_evidence if {
	document := _document(test_workload.unkept([]))
	_violated(document) == set()
	policy.unknowns == {_shop} with input as document
}

# What a ledger keeps is what services tell, and none tells of this.
test_unknown_however_long_a_ledger_has_watched if {
	document := _document(test_workload.watched(1620, []))
	_violated(document) == set()
	policy.unknowns == {_shop} with input as document
}

test_not_applicable_without_workloads if {
	policy.subjects == set() with input as test_workload.input_with([], [], test_workload.kept([]))
}
