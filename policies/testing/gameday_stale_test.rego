package hadr.testing.gameday_stale_test

import data.hadr.lib.test_workload
import data.hadr.testing.gameday_stale as policy

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_document(evidence) := test_workload.input_with([test_workload.workload("shop", {})], [], evidence)

_gameday(days, settings) := test_workload.attested("gameday", days, settings)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_by_a_game_day_of_the_last_year if {
	document := _document(test_workload.kept([_gameday(379, {})]))
	_messages(document) == set()
	policy.subjects == {_shop} with input as document
	policy.unknowns == set() with input as document
}

test_violated_without_any if {
	document := _document(test_workload.kept([]))
	_violated(document) == {_shop}
	some violation in policy.violations with input as document
	violation.message == "shop has had no game day"
	violation.evidence == {"gamedays": [], "within_days": 379}
	not violation.at_most
}

test_violated_once_the_last_is_too_old if {
	document := _document(test_workload.kept([_gameday(380, {})]))
	_messages(document) == {"shop had its last game day 380 days ago, and 379 are allowed"}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.evidence.gamedays == [{
		"days_ago": 380,
		"people": 1,
		"strength": "C",
		"source": "attestations/gameday-380.toml",
	}]
}

test_the_word_of_somebody_lowers_the_severity if {
	document := _document(test_workload.kept([_gameday(30, {"strength": "D"})]))
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.message == "shop has only somebody's word for a game day in the last 379 days"
	violation.at_most == "low"
}

test_violated_where_nobody_says_who_took_part if {
	document := _document(test_workload.kept([_gameday(30, {"people": []})]))
	_messages(document) == {"shop has only a game day in the last 379 days that names nobody who took part"}
	some violation in policy.violations with input as document
	violation.at_most == "low"
	violation.evidence.gamedays == [{
		"days_ago": 30,
		"people": 0,
		"strength": "C",
		"source": "attestations/gameday-30.toml",
	}]
	_messages(_document(test_workload.kept([_gameday(30, {"people": []}), _gameday(40, {})]))) == set()
	_messages(_document(test_workload.kept([
		_gameday(30, {"people": []}),
		_gameday(400, {}),
	]))) == {"shop has only a game day in the last 379 days that names nobody who took part"}
}

test_a_drill_and_the_game_day_of_another_workload_are_none if {
	document := _document(test_workload.kept([
		test_workload.drill(30, {}),
		_gameday(30, {"workload": "carts"}),
	]))
	_messages(document) == {"shop has had no game day"}
}

test_the_time_can_be_changed if {
	document := _document(test_workload.kept([_gameday(200, {})]))
	found := {violation.resource | some violation in policy.violations} with input as document
		with data.parameters as {"testing-gameday-stale": {"maximum_days": 180, "grace_days": 0}}
	found == {_shop}
}

test_unknown_where_nothing_keeps_evidence if {
	document := _document(test_workload.unkept([]))
	_violated(document) == set()
	policy.unknowns == {_shop} with input as document
}

# What a ledger keeps is what services tell, and none tells of this.
test_unknown_however_long_a_ledger_has_watched if {
	document := _document(test_workload.watched(3411, []))
	_violated(document) == set()
	policy.unknowns == {_shop} with input as document
}

test_not_applicable_without_workloads if {
	policy.subjects == set() with input as test_workload.input_with([], [], test_workload.kept([]))
}
