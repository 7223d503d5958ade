package hadr.route53.primary_without_health_check_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.primary_without_health_check as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_primary := {dns.record_arn("primary")}

test_violated_without_any_signal if {
	_violated(dns.input_of([dns.primary({}), dns.secondary({})])) == _primary
	_violated(dns.input_of([dns.primary(dns.alias({"evaluate_target_health": false}))])) == _primary
}

test_message_names_the_record if {
	some violation in policy.violations with input as dns.input_of([dns.primary({})])
	violation.message == "www.example.com A (primary) is the primary and is answered even when it does not work"
	violation.evidence == {"health_check": null, "alias_target": null}
	violation.params == {"zone_id": "Z1", "record_type": "A"}
}

test_satisfied_with_a_health_check_or_the_health_of_the_target if {
	checked := dns.input_of([dns.primary(dns.checked_by("h1")), dns.health_check("h1", {})])
	policy.subjects == _primary with input as checked
	every document in [checked, dns.input_of([dns.primary(dns.alias({}))])] {
		_violated(document) == set()
		_unknown(document) == set()
	}
}

test_unknown_when_the_health_check_is_not_in_the_account if {
	document := dns.input_of([dns.primary(dns.checked_by("gone"))])
	_violated(document) == set()
	_unknown(document) == _primary
}

test_not_applicable_to_other_records if {
	document := dns.input_of([dns.secondary({}), dns.weighted("blue", {}), dns.record("www", {})])
	policy.subjects == set() with input as document
}
