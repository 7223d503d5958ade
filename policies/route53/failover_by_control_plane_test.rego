package hadr.route53.failover_by_control_plane_test

import data.hadr.lib.test
import data.hadr.lib.test_recovery
import data.hadr.lib.test_route53
import data.hadr.lib.test_workload
import data.hadr.route53.failover_by_control_plane as policy

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_function := test_recovery.function("fail-over")

_record := test_recovery.of_shop(test_route53.record(null, {}))

_coverage := test_recovery.answered([
	"arc-region-switch:ListPlans", "route53-recovery-control-config:ListClusters", "tag:GetAutomationResources",
	"route53:ListHostedZones",
])

_document(resources) := _in(test_route53.zone({}), resources, {})

_in(zone, resources, relations) := test_recovery.input_with(array.concat([zone], resources), {
	"workloads": {_shop: test_workload.workload("shop", {"regions": ["eu-central-1", "eu-west-1"]})},
	"coverage": _coverage,
	"relations": relations,
})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_limits(document) := {object.get(violation, "at_most", "none") |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_is_satisfied(document) if {
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_shop}
}

test_violated_where_no_name_fails_over_by_itself if {
	document := _document([_function, _record])
	_violated(document) == {_shop}
	_unknown(document) == set()
	_limits(document) == {"none"}
	some violation in policy.violations with input as document
	violation.message == "shop is failed over by fail-over, and none of its names fails over by itself"
	violation.evidence == {"programs": [_function.arn], "records": [_record.arn], "number_of_records": 1}
}

test_every_kind_of_program_counts if {
	every program in [test_recovery.document("fail-over"), test_recovery.state_machine("fail-over")] {
		_violated(_document([program, _record])) == {_shop}
	}
	several := _document([_function, test_recovery.document("fail-over"), _record])
	messages := {violation.message | some violation in policy.violations with input as several}
	messages == {"shop is failed over by 2 programs, and none of its names fails over by itself"}
}

test_violated_where_nothing_tells_route_53_about_health if {
	every record in [test_route53.primary({}), test_route53.weighted("a", {})] {
		_violated(_document([_function, test_recovery.of_shop(record)])) == {_shop}
	}
}

test_satisfied_where_a_record_fails_over_by_health if {
	every record in [
		test_route53.primary(test_route53.checked_by("1")),
		test_route53.primary(test_route53.alias({})),
		test_route53.weighted("a", test_route53.checked_by("1")),
	] {
		_is_satisfied(_document([_function, _record, test_recovery.of_shop(record)]))
	}
}

test_satisfied_where_a_name_leads_to_such_a_record if {
	primary := test_route53.primary(test_route53.checked_by("1"))
	leading := {"routes_to": {_record.arn: [primary.arn]}}
	_is_satisfied(_in(test_route53.zone({}), [_function, _record, primary], leading))
	_violated(_document([_function, _record, primary])) == {_shop}
}

test_satisfied_by_a_plan_or_a_routing_control if {
	_is_satisfied(_document([_function, _record, test_recovery.plan("shop", {})]))
	_is_satisfied(_document([_function, _record, test_recovery.of_shop(test_recovery.routing_control("1"))]))
}

test_satisfied_behind_what_sends_queries_on if {
	every name in ["d1.cloudfront.net", "a1.awsglobalaccelerator.com"] {
		record := test_recovery.of_shop(test_route53.record(null, test_route53.alias({"dns_name": name})))
		_is_satisfied(_document([_function, record]))
	}
}

test_low_where_changes_can_be_made_again_soon if {
	zone := test_route53.zone({"accelerated_recovery_status": "ENABLED"})
	_limits(_in(zone, [_function, _record], {})) == {"low"}
	other := test_route53.zone({"accelerated_recovery_status": "ENABLING"})
	_limits(_in(other, [_function, _record], {})) == {"none"}
}

test_unknown_where_record_sets_were_not_listed if {
	document := _in(test_route53.partial_zone, [_function, _record], {})
	_unknown(document) == {_shop}
	_violated(document) == set()
}

test_unknown_where_something_may_switch_it if {
	nobodys := {"workload": {"value": null, "source": "default"}}
	every resource in [test.with_members(test_recovery.plan("any", {}), nobodys), test_recovery.routing_control("1")] {
		document := _document([_function, _record, resource])
		_unknown(document) == {_shop}
		_violated(document) == set()
	}
	coverage := {"arc-region-switch:ListPlans": {"global": "denied"}}
	denied := object.union(_document([_function, _record]), {"coverage": coverage})
	_unknown(denied) == {_shop}
}

test_unknown_where_programs_were_not_listed if {
	denied := {"coverage": {"tag:GetAutomationResources": {"us-west-1": "denied"}}}
	document := object.union(_document([_record]), denied)
	_unknown(document) == {_shop}
	_judged(object.union(_document([]), denied)) == set()
}

test_not_applicable_without_names_or_without_programs if {
	_judged(_document([_function])) == set()
	_judged(_document([_record])) == set()
	mail := test_recovery.of_shop(test_route53.record(null, {"record_type": "MX"}))
	_judged(_document([_function, mail])) == set()
}
