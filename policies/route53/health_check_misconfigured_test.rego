package hadr.route53.health_check_misconfigured_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.health_check_misconfigured as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_h1 := {dns.health_check_arn("h1")}

_document(attributes) := dns.input_of([dns.primary(dns.checked_by("h1")), dns.health_check("h1", attributes)])

_found(attributes) := {[violation.discriminator, object.get(violation, "at_most", null)] |
	some violation in policy.violations with input as _document(attributes)
}

test_violated_by_what_makes_it_useless if {
	_violated(_document({"disabled": true})) == _h1
	_found({"disabled": true}) == {["disabled", null]}
	_found({"inverted": true}) == {["inverted", null]}
	_found({"check_type": "CALCULATED", "health_threshold": 0}) == {["health_threshold", null]}
	healthy := {"check_type": "CLOUDWATCH_METRIC", "insufficient_data_health_status": "Healthy"}
	_found(healthy) == {["insufficient_data_health_status", null]}
}

test_mildly_violated_by_what_makes_it_worse if {
	_found({"check_type": "TCP", "enable_sni": null}) == {["check_type", "low"]}
	_found({"enable_sni": false}) == {["enable_sni", "low"]}
	_found({"regions": ["eu-west-1", "us-east-1"]}) == {["regions", "low"]}
	_found({"failure_threshold": 5}) == {["failure_threshold", "low"]}
}

test_message_and_commands if {
	document := _document({"failure_threshold": 5})
	some violation in policy.violations with input as document
	violation.message == "h1 waits for 5 failures in a row"
	violation.evidence == {"check_type": "HTTPS", "failure_threshold": 5}
	violation.params.update == {"FailureThreshold": 3}
	violation.params.previous == {"FailureThreshold": 5}
}

test_each_fault_is_a_finding if {
	_found({"disabled": true, "failure_threshold": 5}) == {["disabled", null], ["failure_threshold", "low"]}
}

test_satisfied_in_order if {
	document := _document({})
	policy.subjects == _h1 with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

test_unknown_where_the_api_did_not_say if {
	_unknown(_document({"disabled": null})) == _h1
	_unknown(_document({"enable_sni": null})) == _h1
	_unknown(_document({"check_type": "TCP", "port": 80, "enable_sni": null})) == set()
}

test_not_applicable_without_use_or_managed_by_a_service if {
	alone := [dns.health_check("h1", {"disabled": true})]
	policy.subjects == set() with input as dns.input_of(alone)
	policy.subjects == _h1 with input as dns.input_in(dns.partial_zone, alone)
	managed := _document({"disabled": true, "linked_service": "servicediscovery.amazonaws.com"})
	policy.subjects == set() with input as managed
}
