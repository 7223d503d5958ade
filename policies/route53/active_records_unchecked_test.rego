package hadr.route53.active_records_unchecked_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.active_records_unchecked as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_blue := {dns.record_arn("blue")}

_beside(record) := dns.input_of([record, dns.weighted("green", dns.checked_by("h1")), dns.health_check("h1", {})])

test_violated_without_any_signal if {
	_violated(_beside(dns.weighted("blue", {}))) == _blue
	_violated(_beside(dns.weighted("blue", dns.alias({"evaluate_target_health": false})))) == _blue
}

test_message_names_the_record if {
	some violation in policy.violations with input as _beside(dns.weighted("blue", {}))
	violation.message == "www.example.com A (blue) is answered even when it does not work"
	violation.evidence == {"routing_policy": "weighted", "health_check": null, "alias_target": null}
	violation.params == {"zone_id": "Z1", "record_type": "A"}
}

test_satisfied_with_a_check_or_the_health_of_the_target if {
	alias := _beside(dns.weighted("blue", dns.alias({})))
	policy.subjects == {dns.record_arn("blue"), dns.record_arn("green")} with input as alias
	every document in [alias, _beside(dns.weighted("blue", dns.checked_by("h1")))] {
		_violated(document) == set()
		_unknown(document) == set()
	}
}

test_unknown_when_the_check_is_not_in_the_account if {
	document := _beside(dns.weighted("blue", dns.checked_by("gone")))
	_violated(document) == set()
	_unknown(document) == _blue
}

test_not_applicable_where_nothing_is_chosen if {
	_violated(_beside(dns.weighted("blue", {"weight": 0}))) == set()
	policy.subjects == set() with input as dns.input_of([dns.weighted("blue", {})])
	same := {"values": ["192.0.2.1"]}
	policy.subjects == set() with input as dns.input_of([dns.weighted("blue", same), dns.weighted("green", same)])
	policy.subjects == set() with input as dns.input_of([dns.primary({}), dns.secondary({})])
}
