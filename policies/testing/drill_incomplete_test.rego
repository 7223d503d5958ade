package hadr.testing.drill_incomplete_test

import data.hadr.lib.test
import data.hadr.lib.test_workload
import data.hadr.testing.drill_incomplete as policy

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_orders := "arn:aws:rds:eu-west-1:123456789012:db:orders"

_document(evidence) := test_workload.input_with(
	[test_workload.workload("shop", {"resources": [_orders]})],
	[test.db_instance("orders", {})],
	evidence,
)

# The same where a replica in another Region follows the database.
_followed(evidence) := test.with_derived(_document(evidence), {"copies": {_orders: {
	"known": [test.copy("replica", "eu-central-1", null)],
	"unseen": [],
}}})

_without_promotion := [
	"primary-stopped", "traffic-moved", "application-checked", "data-compared", "rolled-back",
]

_drill(steps) := test_workload.attested("drill", 30, {"steps": steps})

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_by_all_steps if {
	document := _followed(test_workload.kept([test_workload.drill(30, {})]))
	_messages(document) == set()
	policy.subjects == {_shop} with input as document
}

test_violated_by_what_is_missing if {
	document := _document(test_workload.kept([_drill(["primary-stopped", "traffic-moved", "application-checked"])]))
	_messages(document) == {
		"shop was drilled 30 days ago, and nothing proves these steps: data-compared, rolled-back",
	}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.params == {"steps": "data-compared,rolled-back"}
	violation.evidence.newest == {
		"days_ago": 30,
		"strength": "C",
		"source": "attestations/drill-30.toml",
	}
}

test_a_database_is_promoted_only_where_one_follows_in_another_region if {
	drill := test_workload.kept([_drill(_without_promotion)])
	_messages(_document(drill)) == set()
	_messages(_followed(drill)) == {
		"shop was drilled 30 days ago, and nothing proves these steps: database-promoted",
	}
	replica := object.union(
		_document(drill),
		{"relations": {"reads_from": {_orders: ["arn:aws:rds:eu-central-1:123456789012:db:orders"]}}},
	)
	_messages(replica) == {
		"shop was drilled 30 days ago, and nothing proves these steps: database-promoted",
	}
	beside := object.union(
		_document(drill),
		{"relations": {"reads_from": {_orders: ["arn:aws:rds:eu-west-1:123456789012:db:orders-1"]}}},
	)
	_messages(beside) == set()
}

test_a_step_may_be_proven_by_other_evidence_of_that_time if {
	drill := _drill(["primary-stopped", "traffic-moved", "application-checked"])
	earlier := test_workload.attested("drill", 60, {"steps": ["rolled-back"]})
	restore := test_workload.restored(_orders, 5, {"strength": "A", "steps": ["data-compared"]})
	_messages(_document(test_workload.kept([restore, drill, earlier]))) == set()
}

test_a_step_is_not_proven_by_what_is_too_old_or_only_said if {
	drill := _drill(["primary-stopped", "traffic-moved", "application-checked"])
	word := test_workload.attested("drill", 10, {"strength": "D", "steps": ["rolled-back"]})
	old := test_workload.attested("drill", 100, {"steps": ["data-compared"]})
	_messages(_document(test_workload.kept([word, drill, old]))) == {
		"shop was drilled 30 days ago, and nothing proves these steps: data-compared, rolled-back",
	}
}

test_unknown_where_only_services_saw_it if {
	seen := test_workload.attested("drill", 30, {"strength": "A", "steps": ["primary-stopped"]})
	document := _document(test_workload.unkept([seen]))
	_messages(document) == set()
	policy.unknowns == {_shop} with input as document
}

test_violated_once_a_ledger_has_watched_for_all_that_time if {
	seen := test_workload.attested("drill", 30, {"strength": "A", "steps": _without_promotion})
	violated := _followed(test_workload.watched(99, [seen]))
	_messages(violated) == {"shop was drilled 30 days ago, and nothing proves these steps: database-promoted"}
	early := _followed(test_workload.watched(98, [seen]))
	_messages(early) == set()
	policy.unknowns == {_shop} with input as early
}

test_unknown_where_a_service_refused_to_tell if {
	seen := test_workload.attested("drill", 30, {"strength": "A", "steps": _without_promotion})
	refused := _followed(object.union(test_workload.kept([seen]), {"unseen": ["fis:ListExperiments"]}))
	_messages(refused) == set()
	policy.unknowns == {_shop} with input as refused
}

test_not_applicable_without_a_drill_that_counts if {
	document := _document(test_workload.kept([
		test_workload.attested("drill", 10, {"strength": "D"}),
		test_workload.attested("gameday", 10, {}),
		test_workload.attested("drill", 100, {}),
	]))
	policy.subjects == set() with input as document
	_messages(document) == set()
}
