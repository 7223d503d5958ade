package hadr.route53.target_health_ignored_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.target_health_ignored as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_ignoring := dns.alias({"evaluate_target_health": false})

test_violated_when_the_target_is_not_evaluated if {
	document := dns.input_of([dns.weighted("blue", _ignoring), dns.weighted("green", dns.alias({}))])
	_violated(document) == {dns.record_arn("blue")}
	some violation in policy.violations with input as document
	violation.message == "www.example.com A (blue) is answered even when its load balancer has no healthy target"
	object.get(violation, "at_most", null) == null
}

test_mild_for_a_primary_with_a_check_and_a_secondary_without if {
	checked := object.union(_ignoring, dns.checked_by("h1"))
	document := dns.input_of([dns.primary(checked), dns.secondary(_ignoring)])
	found := policy.violations with input as document
	{[violation.resource, violation.at_most] | some violation in found} == {
		[dns.record_arn("primary"), "low"],
		[dns.record_arn("secondary"), "low"],
	}
	alone := policy.violations with input as dns.input_of([dns.primary(_ignoring)])
	{object.get(violation, "at_most", null) | some violation in alone} == {null}
}

test_satisfied_when_it_is if {
	document := dns.input_of([dns.primary(dns.alias({}))])
	policy.subjects == {dns.record_arn("primary")} with input as document
	_violated(document) == set()
}

# The API gives every alias the setting, so that nothing is left to be unknown.
test_never_unknown if _unknown(dns.input_of([dns.primary(_ignoring)])) == set()

test_not_applicable_to_other_targets_or_a_record_alone if {
	document := dns.input_of([
		dns.record("www", _ignoring),
		dns.weighted("blue", {}),
		dns.weighted("cdn", dns.alias({
			"dns_name": "d111111abcdef8.cloudfront.net",
			"evaluate_target_health": false,
		})),
	])
	policy.subjects == set() with input as document
}
