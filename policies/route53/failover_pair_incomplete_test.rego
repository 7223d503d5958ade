package hadr.route53.failover_pair_incomplete_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.failover_pair_incomplete as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_primary := {dns.record_arn("primary")}

test_violated_without_a_secondary if {
	document := dns.input_of([dns.primary({})])
	_violated(document) == _primary
	some violation in policy.violations with input as document
	violation.message == "www.example.com A (primary) has no secondary to fail over to"
	violation.params == {"zone_id": "Z1", "record_type": "A"}
}

test_violated_when_both_are_in_one_region if {
	document := dns.input_of([dns.primary(dns.alias({})), dns.secondary(dns.alias_in("eu-west-1"))])
	_violated(document) == _primary
	some violation in policy.violations with input as document
	violation.message == "www.example.com A (primary) fails over to the Region that it is in, eu-west-1"
	violation.evidence.region == "eu-west-1"
}

test_satisfied_with_a_secondary_elsewhere if {
	elsewhere := dns.input_of([dns.primary(dns.alias({})), dns.secondary(dns.alias_in("eu-central-1"))])
	policy.subjects == _primary with input as elsewhere
	page := dns.input_of([dns.primary(dns.alias({})), dns.secondary({})])
	every document in [elsewhere, page] {
		_violated(document) == set()
		_unknown(document) == set()
	}
}

test_unknown_when_the_zone_could_not_be_listed if {
	document := dns.input_in(dns.partial_zone, [dns.primary({})])
	_violated(document) == set()
	_unknown(document) == _primary
}

test_not_applicable_to_other_records if {
	policy.subjects == set() with input as dns.input_of([dns.secondary({}), dns.weighted("blue", {})])
}
