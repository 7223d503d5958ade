package hadr.route53.ttl_long_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.ttl_long as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_primary := {dns.record_arn("primary")}

test_violated_above_a_minute if {
	document := dns.input_of([dns.primary({"ttl": 300}), dns.secondary({})])
	_violated(document) == _primary
	some violation in policy.violations with input as document
	violation.message == "www.example.com A (primary) may be kept for 300 seconds after it has failed over"
	violation.evidence == {"ttl": 300, "maximum_seconds": 60}
}

test_violated_with_a_health_check_alone if {
	checked := dns.record("www", object.union({"ttl": 61}, dns.checked_by("h1")))
	_violated(dns.input_of([checked])) == {dns.record_arn("www")}
}

test_satisfied_up_to_a_minute if {
	document := dns.input_of([dns.primary({"ttl": 60})])
	policy.subjects == _primary with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

test_the_seconds_can_be_configured if {
	document := dns.input_of([dns.primary({"ttl": 60})])
	parameters := {"route53-ttl-long": {"maximum_seconds": 30}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == _primary
}

test_unknown_without_a_ttl if _unknown(dns.input_of([dns.primary({"ttl": null})])) == _primary

test_not_applicable_to_aliases_and_what_does_not_fail_over if {
	document := dns.input_of([
		dns.primary(dns.alias({})),
		dns.record("www", {"ttl": 86400}),
		dns.weighted("text", {"record_type": "TXT", "ttl": 86400}),
	])
	policy.subjects == set() with input as document
}
