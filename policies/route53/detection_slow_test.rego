package hadr.route53.detection_slow_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.detection_slow as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_primary := {dns.record_arn("primary")}

_document(record, check) := dns.input_of([
	dns.primary(object.union(record, dns.checked_by("h1"))),
	dns.health_check("h1", check),
])

_slow := {"request_interval": 30, "failure_threshold": 10}

test_violated_above_a_tenth_of_an_hour if {
	document := _document({}, _slow)
	_violated(document) == _primary
	some violation in policy.violations with input as document
	violation.message == "www.example.com A (primary) takes up to 396 seconds to fail over, of 360 that it may take"
	violation.evidence == {
		"seconds": 396,
		"allowed_seconds": 360,
		"request_interval": 30,
		"failure_threshold": 10,
		"ttl": 60,
	}
}

test_violated_by_the_time_to_live if {
	_violated(_document({"ttl": 3600}, {})) == _primary
}

test_satisfied_within_the_share if {
	quick := _document({}, {})
	policy.subjects == _primary with input as quick
	alias := _document(dns.alias({}), {"request_interval": 30})
	every document in [quick, alias] {
		_violated(document) == set()
		_unknown(document) == set()
	}
}

test_the_share_can_be_configured if {
	document := _document({}, {})
	parameters := {"route53-detection-slow": {"share_percent": {"mission-critical": 1}}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == _primary
}

test_unknown_without_the_interval_or_the_time_to_live if {
	_unknown(_document({}, {"request_interval": null})) == _primary
	_unknown(_document({"ttl": null}, {})) == _primary
}

test_not_applicable_to_checks_without_an_interval_or_records_without_a_choice if {
	calculated := _document({}, {"check_type": "CALCULATED", "request_interval": null})
	policy.subjects == set() with input as calculated
	document := dns.input_of([dns.record("www", dns.checked_by("h1")), dns.health_check("h1", _slow)])
	policy.subjects == set() with input as document
}
