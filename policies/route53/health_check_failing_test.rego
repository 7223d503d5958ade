package hadr.route53.health_check_failing_test

import data.hadr.lib.test_recovery
import data.hadr.lib.test_route53
import data.hadr.route53.health_check_failing as policy

_arn := test_route53.health_check_arn("1")

_primary := test_route53.primary(test_route53.checked_by("1"))

_secondary := test_route53.secondary(test_route53.checked_by("1"))

_status(id, value, settings) := test_recovery.metric(
	test_route53.health_check_arn(id),
	"HealthCheckStatus",
	value,
	object.union({"namespace": "AWS/Route53"}, settings),
)

# These records with the check, whose best status of the day was this.
_document(check, records, metrics) := object.union(
	test_route53.input_of(array.concat([test_route53.health_check("1", check)], records)),
	test_recovery.parts_of(metrics),
)

_with(value) := _document({}, [_primary], [_status("1", value, {})])

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_when_it_was_never_healthy if {
	document := _with(0)
	_violated(document) == {_arn}
	_unknown(document) == set()
	_judged(document) == {_arn}
	some violation in policy.violations with input as document
	violation.message == concat("", [
		"1 was not healthy at any time of the last day: ",
		"what it checks is out of use, and nothing is left to fail over to",
	])
	violation.evidence == {"records": [_primary.arn], "hours_with_a_status": 24, "check_type": "HTTPS"}
}

test_the_message_says_what_follows if {
	secondary := _document({}, [_secondary], [_status("1", 0, {})])
	messages := {violation.message | some violation in policy.violations with input as secondary}
	messages == {"1 was not healthy at any time of the last day: what it checks cannot take over"}
	both := _document({}, [_primary, _secondary], [_status("1", 0, {})])
	all := {violation.message | some violation in policy.violations with input as both}
	all == {"1 was not healthy at any time of the last day: what it checks is primary and secondary"}
}

test_a_calculated_check_is_judged_by_its_own_status if {
	parent := {"check_type": "CALCULATED", "child_health_checks": [test_route53.health_check_arn("2")]}
	child := test_route53.health_check("2", {})
	document := _document(parent, [_primary, child], [_status("1", 1, {}), _status("2", 0, {})])
	_judged(document) == {_arn}
	_violated(document) == set()
	failing := _document(parent, [_primary, child], [_status("1", 0, {}), _status("2", 1, {})])
	_violated(failing) == {_arn}
}

test_satisfied_when_it_was_healthy_at_some_time if {
	every settings in [{}, {"samples": 1}] {
		document := _document({}, [_primary], [_status("1", 1, settings)])
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_arn}
	}
}

test_unknown_without_the_status_or_with_little_of_it if {
	every metrics in [[], [_status("1", null, {})], [_status("1", 0, {"samples": 11})]] {
		document := _document({}, [_primary], metrics)
		_unknown(document) == {_arn}
		_violated(document) == set()
	}
}

test_unknown_for_an_inverted_check if {
	inverted := _document({"inverted": true}, [_primary], [_status("1", 0, {})])
	_unknown(inverted) == {_arn}
	_violated(inverted) == set()
	healthy := _document({"inverted": true}, [_primary], [_status("1", 1, {})])
	_unknown(healthy) == set()
}

test_not_applicable_to_switches_disabled_checks_and_other_records if {
	every check in [{"check_type": "RECOVERY_CONTROL"}, {"disabled": true}] {
		_judged(_document(check, [_primary], [_status("1", 0, {})])) == set()
	}
	every record in [
		test_route53.primary({}),
		test_route53.record("plain", test_route53.checked_by("1")),
		test_route53.weighted("a", test_route53.checked_by("1")),
	] {
		_judged(_document({}, [record], [_status("1", 0, {})])) == set()
	}
}
