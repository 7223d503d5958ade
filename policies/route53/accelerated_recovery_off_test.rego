package hadr.route53.accelerated_recovery_off_test

import data.hadr.lib.test
import data.hadr.lib.test_route53 as dns
import data.hadr.route53.accelerated_recovery_off as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_zone := {dns.zone_arn}

_with(status) := test.input_of([dns.zone({"accelerated_recovery_status": status})])

test_violated_while_it_is_off if {
	every status in ["DISABLED", "DISABLING", "DISABLING_HOSTED_ZONE_LOCKED", "ENABLE_FAILED"] {
		_violated(_with(status)) == _zone
		_unknown(_with(status)) == set()
	}
}

test_message_names_the_zone_and_the_status if {
	document := _with("DISABLED")
	some violation in policy.violations with input as document
	fact := "cannot be changed while us-east-1 is down: accelerated recovery is DISABLED"
	violation.message == sprintf("example.com %s", [fact])
	violation.evidence == {"private_zone": false, "accelerated_recovery_status": "DISABLED"}
	violation.params == {"zone_id": "Z1"}
}

test_satisfied_while_it_is_on if {
	document := _with("ENABLED")
	policy.subjects == _zone with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

test_unknown_in_between_and_where_the_list_does_not_say if {
	every status in [null, "ENABLING", "ENABLING_HOSTED_ZONE_LOCKED", "DISABLE_FAILED", "SOMETHING_NEW"] {
		_unknown(_with(status)) == _zone
		_violated(_with(status)) == set()
	}
}

test_unknown_where_the_zone_may_be_private if {
	every status in ["ENABLED", "DISABLED"] {
		zone := dns.zone({"private_zone": null, "accelerated_recovery_status": status})
		_unknown(test.input_of([zone])) == _zone
		_violated(test.input_of([zone])) == set()
	}
}

test_not_applicable_to_private_and_to_empty_zones if {
	every settings in [{"private_zone": true}, {"resource_record_set_count": 2}] {
		zone := dns.zone(object.union({"accelerated_recovery_status": "DISABLED"}, settings))
		policy.subjects == set() with input as test.input_of([zone])
	}
}

test_a_zone_of_unknown_size_is_judged if {
	zone := dns.zone({"resource_record_set_count": null, "accelerated_recovery_status": "DISABLED"})
	_violated(test.input_of([zone])) == _zone
}

test_not_applicable_in_other_partitions if {
	every partition in ["aws-cn", "aws-us-gov"] {
		arn := sprintf("arn:%s:route53:::hostedzone/Z1", [partition])
		zone := test.with_members(dns.zone({"accelerated_recovery_status": "DISABLED"}), {"arn": arn})
		policy.subjects == set() with input as test.input_of([zone])
	}
}
