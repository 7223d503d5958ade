package hadr.route53.health_check_of_own_record_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.health_check_of_own_record as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_primary := {dns.record_arn("primary")}

_check(attributes) := dns.input_of([dns.primary(dns.checked_by("h1")), dns.health_check("h1", attributes)])

_own := {"fully_qualified_domain_name": "www.example.com"}

test_violated_by_the_name_of_the_record if {
	_violated(_check(_own)) == _primary
	some violation in policy.violations with input as _check(_own)
	violation.message == "www.example.com A (primary) is decided by a health check that asks for www.example.com"
	violation.params == {"health_check_id": "h1", "present_domain": "www.example.com"}
}

test_violated_by_a_name_that_leads_to_the_record if {
	shop := object.union(dns.record("shop", {}), {"name": "shop.example.com"})
	document := dns.input_of([
		shop,
		dns.primary(dns.checked_by("h1")),
		dns.health_check("h1", {"fully_qualified_domain_name": "shop.example.com"}),
	])
	routed := object.union(document, {"relations": {"routes_to": {shop.arn: [dns.record_arn("primary")]}}})
	_violated(routed) == _primary
	_violated(document) == set()
}

test_violated_by_a_child_of_the_check if {
	document := dns.input_of([
		dns.primary(dns.checked_by("all")),
		dns.health_check("all", {"check_type": "CALCULATED", "fully_qualified_domain_name": null}),
		dns.health_check("h1", _own),
	])
	children := {"relations": {"checked_by": {dns.health_check_arn("all"): [dns.health_check_arn("h1")]}}}
	_violated(object.union(document, children)) == _primary
}

test_satisfied_by_another_name_or_an_address if {
	by_name := _check({})
	policy.subjects == _primary with input as by_name
	by_address := _check(object.union(_own, {"ip_address": "192.0.2.1"}))
	every document in [by_name, by_address] {
		_violated(document) == set()
		_unknown(document) == set()
	}
}

test_unknown_when_the_check_was_not_collected if {
	_unknown(dns.input_of([dns.primary(dns.checked_by("gone"))])) == _primary
}

test_not_applicable_without_a_check_or_a_choice if {
	document := dns.input_of([dns.primary({}), dns.record("www", dns.checked_by("h1")), dns.health_check("h1", _own)])
	policy.subjects == set() with input as document
}
