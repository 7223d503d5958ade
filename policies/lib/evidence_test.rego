package hadr.lib.evidence_test

import data.hadr.lib.evidence
import data.hadr.lib.test_workload

_shop := test_workload.workload("shop", {})

_document(found) := test_workload.input_with([_shop], [], found)

_day := 86400

test_drills_are_those_of_the_workload_within_the_time if {
	document := _document(test_workload.kept([
		test_workload.drill(30, {}),
		test_workload.drill(31, {}),
		test_workload.drill(5, {"workload": "till"}),
		test_workload.attested("gameday", 5, {}),
	]))
	ages := [drill.age | some drill in evidence.drills(_shop, 30 * _day)] with input as document
	ages == [30 * _day]
}

test_steps_are_proven_in_order_and_not_by_a_word if {
	document := _document(test_workload.kept([
		test_workload.attested("drill", 10, {"steps": ["rolled-back"]}),
		test_workload.attested("restore", 11, {"steps": ["data-compared"]}),
		test_workload.attested("drill", 12, {"strength": "D", "steps": ["traffic-moved"]}),
		test_workload.attested("drill", 13, {"steps": ["rolled-back"]}),
	]))
	evidence.proven(_shop, 30 * _day) == ["data-compared", "rolled-back"] with input as document
	evidence.proven(_shop, 10 * _day) == ["rolled-back"] with input as document
}

test_absence_says_something_once_somebody_would_have_seen if {
	attested := _document(test_workload.kept([]))
	evidence.is_complete(30 * _day) with input as attested
	watched := _document(test_workload.watched(30, []))
	evidence.is_complete(30 * _day) with input as watched
	not _is_complete(31 * _day, watched)
	not _is_complete(30 * _day, _document(test_workload.unkept([])))
}

test_absence_says_nothing_where_a_service_refused_to_tell if {
	refused := object.union(test_workload.kept([]), {"unseen": ["cloudtrail:LookupDatabaseEvents"]})
	not _is_complete(30 * _day, _document(refused))
}

_is_complete(seconds, document) if evidence.is_complete(seconds) with input as document
