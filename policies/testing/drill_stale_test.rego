package hadr.testing.drill_stale_test

import data.hadr.lib.test_workload
import data.hadr.testing.drill_stale as policy

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_document(evidence) := _of_tier("mission-critical", evidence)

_of_tier(tier, evidence) := test_workload.input_with(
	[test_workload.workload("shop", test_workload.of_tier(tier))],
	[],
	evidence,
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

# What a service saw of a drill, with these steps.
_seen(days, steps) := test_workload.attested("drill", days, {"strength": "B", "steps": steps})

test_satisfied_by_a_drill_with_a_report if {
	document := _document(test_workload.kept([test_workload.attested("drill", 99, {})]))
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_shop} with input as document
}

test_satisfied_by_a_drill_that_a_service_saw_work if {
	drill := test_workload.attested("drill", 30, {"strength": "A"})
	_violated(_document(test_workload.kept([drill]))) == set()
	_unknown(_document(test_workload.unkept([drill]))) == set()
}

test_violated_without_any if {
	document := _document(test_workload.kept([]))
	_violated(document) == {_shop}
	some violation in policy.violations with input as document
	violation.message == "shop has no evidence of a drill"
	violation.evidence == {"drills": [], "steps": [], "within_days": 99}
	violation.params == {"region": "eu-west-1"}
	not violation.at_most
}

test_violated_once_the_last_is_too_old if {
	document := _document(test_workload.kept([test_workload.drill(100, {})]))
	_messages(document) == {"shop was last drilled 100 days ago, and 99 are allowed"}
}

test_a_general_workload_has_a_year if {
	satisfied := _of_tier("general", test_workload.kept([test_workload.drill(372, {})]))
	_violated(satisfied) == set()
	violated := _of_tier("general", test_workload.kept([test_workload.drill(373, {})]))
	_messages(violated) == {"shop was last drilled 373 days ago, and 372 are allowed"}
}

test_the_times_can_be_changed if {
	document := _document(test_workload.kept([test_workload.drill(40, {})]))
	parameters := {"testing-drill-stale": {
		"maximum_days": {"mission-critical": 31},
		"grace_days": 0,
		"minimum_steps": 4,
	}}
	found := {violation.message | some violation in policy.violations} with input as document
		with data.parameters as parameters
	found == {"shop was last drilled 40 days ago, and 31 are allowed"}
}

test_two_pieces_that_services_saw_suffice_with_four_steps if {
	first := _seen(10, ["primary-stopped", "traffic-moved"])
	second := _seen(11, ["database-promoted", "traffic-moved"])
	third := _seen(12, ["rolled-back"])
	_violated(_document(test_workload.kept([first, second, third]))) == set()
	_messages(_document(test_workload.kept([first, second]))) == {
		"shop was only seen to be drilled in part in the last 99 days",
	}
}

test_a_step_may_be_proven_by_a_restore if {
	restore := test_workload.restored("arn:aws:rds:eu-west-1:123456789012:db:orders", 5, {
		"strength": "A",
		"steps": ["data-compared"],
	})
	drills := [_seen(10, ["primary-stopped", "traffic-moved"]), _seen(11, ["rolled-back"])]
	_violated(_document(test_workload.kept(array.concat([restore], drills)))) == set()
	_violated(_document(test_workload.kept(drills))) == {_shop}
}

test_one_piece_that_a_service_saw_in_part_lowers_the_severity if {
	document := _document(test_workload.kept([_seen(10, ["primary-stopped"])]))
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.at_most == "medium"
	violation.evidence.steps == ["primary-stopped"]
}

test_the_word_of_somebody_lowers_the_severity if {
	word := test_workload.drill(30, {"strength": "D"})
	document := _document(test_workload.kept([word]))
	some violation in policy.violations with input as document
	violation.message == "shop has only somebody's word for a drill in the last 99 days"
	violation.at_most == "medium"
	violation.evidence.steps == []
	general := _of_tier("general", test_workload.kept([word]))
	limits := {found.at_most | some found in policy.violations with input as general}
	limits == {"info"}
}

test_restores_and_game_days_are_no_drill if {
	evidence := test_workload.kept([
		test_workload.restored("arn:aws:rds:eu-west-1:123456789012:db:orders", 5, {"strength": "A"}),
		test_workload.attested("gameday", 30, {}),
	])
	_messages(_document(evidence)) == {"shop has no evidence of a drill"}
}

test_the_drill_of_another_workload_is_none if {
	document := _document(test_workload.kept([test_workload.drill(30, {"workload": "carts"})]))
	_violated(document) == {_shop}
}

test_unknown_where_nothing_keeps_evidence if {
	document := _document(test_workload.unkept([]))
	_violated(document) == set()
	_unknown(document) == {_shop}
}

test_violated_once_a_ledger_has_watched_for_all_that_time if {
	_violated(_document(test_workload.watched(99, []))) == {_shop}
	early := _document(test_workload.watched(98, []))
	_violated(early) == set()
	_unknown(early) == {_shop}
}

test_unknown_where_a_service_refused_to_tell if {
	refused := object.union(test_workload.kept([]), {"unseen": ["cloudtrail:LookupDatabaseEvents"]})
	_violated(_document(refused)) == set()
	_unknown(_document(refused)) == {_shop}
}

test_a_failover_that_nobody_asked_for_is_no_drill if {
	failover := test_workload.attested("failover", 5, {"strength": "B"})
	_messages(_document(test_workload.kept([failover]))) == {"shop has no evidence of a drill"}
}

test_not_applicable_without_workloads if {
	document := test_workload.input_with([], [], test_workload.kept([test_workload.drill(30, {})]))
	policy.subjects == set() with input as document
}
