package hadr.route53.alias_zone_mismatch_test

import data.hadr.lib.test_route53 as dns
import data.hadr.route53.alias_zone_mismatch as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_primary := {dns.record_arn("primary")}

_alias(name, zone) := dns.input_of([dns.primary(dns.alias({"dns_name": name, "hosted_zone_id": zone}))])

test_violated_in_the_zone_of_another_region_or_kind if {
	_violated(_alias("orders-1.ap-northeast-1.elb.amazonaws.com", "Z1LMS91P8CMLE5")) == _primary
	_violated(_alias("orders-1.elb.eu-west-1.amazonaws.com", "Z32O12XQLNTSW2")) == _primary
}

test_message_gives_both_zones if {
	document := _alias("orders-1.ap-northeast-1.elb.amazonaws.com", "Z1LMS91P8CMLE5")
	some violation in policy.violations with input as document
	fact := "is an alias in zone Z1LMS91P8CMLE5 of a load balancer that is in zone Z14GRHDCWA56QT"
	violation.message == sprintf("www.example.com A (primary) %s", [fact])
	violation.evidence.expected == "Z14GRHDCWA56QT"
}

test_satisfied_in_the_zone_of_the_load_balancer if {
	application := _alias("orders-1.eu-west-1.elb.amazonaws.com", "Z32O12XQLNTSW2")
	policy.subjects == _primary with input as application
	network := _alias("orders-1.elb.eu-west-1.amazonaws.com", "Z2IFOLAFXWLO4F")
	every document in [application, network] {
		_violated(document) == set()
		_unknown(document) == set()
	}
}

test_unknown_in_a_region_that_the_table_does_not_have if {
	document := _alias("orders-1.xx-new-1.elb.amazonaws.com", "Z1")
	_violated(document) == set()
	_unknown(document) == _primary
}

test_not_applicable_to_other_targets if {
	policy.subjects == set() with input as _alias("d111111abcdef8.cloudfront.net", "Z2FDTNDATAQYW2")
	policy.subjects == set() with input as dns.input_of([dns.primary({})])
}
