package hadr.s3.noncurrent_versions_short_lived_test

import data.hadr.lib.test
import data.hadr.s3.noncurrent_versions_short_lived as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_orders := {test.bucket_arn("orders")}

_with_rules(rules) := test.bucket("orders", {"lifecycle": {"rules": [test.lifecycle_rule(rule) | some rule in rules]}})

_general(entry) := test.with_members(entry, {"criticality": "general"})

test_violated_when_versions_go_before_damage_is_noticed if {
	document := test.input_of([_with_rules([{"noncurrent_days": 29}])])
	_violated(document) == _orders
	some violation in policy.violations with input as document
	violation.message == "orders deletes earlier versions in less than 30 days"
	violation.evidence == {
		"rules": [test.lifecycle_rule({"noncurrent_days": 29})],
		"detect_days": 30,
		"role": {"value": "authoritative", "source": "default"},
	}
	not violation.at_most
}

test_satisfied_when_versions_are_kept_long_enough if {
	document := test.input_of([_with_rules([{"noncurrent_days": 30}])])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _orders with input as document
}

test_seven_days_are_enough_for_general_workloads if {
	_violated(test.input_of([_general(_with_rules([{"noncurrent_days": 7}]))])) == set()
	_violated(test.input_of([_general(_with_rules([{"noncurrent_days": 6}]))])) == _orders
}

test_three_versions_that_stay_make_up_for_a_short_time if {
	_violated(test.input_of([_with_rules([{"noncurrent_days": 1, "newer_noncurrent_versions": 3}])])) == set()
	_violated(test.input_of([_with_rules([{"noncurrent_days": 1, "newer_noncurrent_versions": 2}])])) == _orders
}

test_satisfied_by_rules_that_leave_versions_alone if {
	document := test.input_of([_with_rules([
		{"expiration_days": 1},
		{"id": "off", "enabled": false, "noncurrent_days": 1},
	])])
	_violated(document) == set()
	_violated(test.input_of([test.bucket("orders", {})])) == set()
}

test_a_rule_for_a_part_of_the_objects_is_low_at_most if {
	document := test.input_of([_with_rules([{"covers_all_objects": false, "noncurrent_days": 1}])])
	_violated(document) == _orders
	some violation in policy.violations with input as document
	violation.message == "orders deletes earlier versions of some of its objects in less than 30 days"
	violation.at_most == "low"
}

test_a_rule_for_everything_decides_beside_one_for_a_part if {
	rules := [{"id": "part", "covers_all_objects": false, "noncurrent_days": 1}, {"noncurrent_days": 10}]
	document := test.input_of([_with_rules(rules)])
	_violated(document) == _orders
	some violation in policy.violations with input as document
	violation.evidence.rules == [test.lifecycle_rule({"noncurrent_days": 10})]
	not violation.at_most
}

test_unknown_when_lifecycle_or_versioning_was_not_collected if {
	_unknown(test.input_of([test.bucket("orders", {"lifecycle": null})])) == _orders
	unseen := test.with_members(_with_rules([{"noncurrent_days": 1}]), {"attributes": {"versioning": null}})
	_violated(test.input_of([unseen])) == set()
	_unknown(test.input_of([unseen])) == _orders
}

test_unknown_when_it_was_not_collected_whether_the_rule_is_enabled if {
	document := test.input_of([_with_rules([{"enabled": null, "noncurrent_days": 29}])])
	_violated(document) == set()
	_unknown(document) == _orders
	_unknown(test.input_of([_with_rules([{"enabled": null, "noncurrent_days": 30}])])) == set()
}

test_not_applicable_where_no_versions_are_kept if {
	every status in ["never", "suspended"] {
		versioning := {"attributes": {"versioning": {"status": status, "mfa_delete": null}}}
		bucket := test.with_members(_with_rules([{"noncurrent_days": 1}]), versioning)
		policy.subjects == set() with input as test.input_of([bucket])
	}
}

test_not_applicable_to_logs if {
	logs := test.in_role("log", _with_rules([{"noncurrent_days": 1}]))
	policy.subjects == set() with input as test.input_of([logs])
}
