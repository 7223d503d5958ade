package hadr.lib.automation_test

import data.hadr.lib.automation
import data.hadr.lib.test
import data.hadr.lib.test_recovery
import data.hadr.lib.test_route53
import data.hadr.lib.test_workload

_shop := test_workload.workload("shop", {"regions": ["eu-central-1", "eu-west-1"]})

_answered := test_recovery.answered([
	"arc-region-switch:ListPlans", "route53-recovery-control-config:ListClusters", "tag:GetAutomationResources",
])

_document(resources) := test_recovery.input_with(resources, {"coverage": _answered})

_nobodys(resource) := test.with_members(resource, {"workload": {"value": null, "source": "default"}})

_is_switched(document) if automation.is_switched(_shop) with input as document

_may_be_switched(document) if automation.may_be_switched(_shop) with input as document

_names(document) := names if {
	names := {program.name | some program in automation.of(_shop)} with input as document
}

test_programs_are_told_by_their_tag if {
	every purpose, found in {"failover": {"fail-over"}, "Failover": {"fail-over"}, "restore": set(), "": set()} {
		function := object.union(test_recovery.function("fail-over"), {"attributes": {"purpose": purpose}})
		_names(_document([function])) == found
	}
	_names(_document([test_recovery.state_machine("a"), test_recovery.document("b")])) == {"a", "b"}
	_names(_document([_nobodys(test_recovery.function("fail-over"))])) == set()
}

test_plans_and_controls_with_the_name_of_the_workload_switch_it if {
	_is_switched(_document([test_recovery.plan("shop", {})]))
	_is_switched(_document([test_recovery.of_shop(test_recovery.routing_control("1"))]))
	not _is_switched(_document([]))
	not _is_switched(_document([_nobodys(test_recovery.plan("shop", {}))]))
}

_control := test_recovery.routing_control("1")

_following := test_route53.health_check("1", {
	"check_type": "RECOVERY_CONTROL",
	"routing_control_arn": _control.arn,
})

_record := test_recovery.of_shop(test_route53.primary(test_route53.checked_by("1")))

test_a_control_that_a_record_follows_switches_its_workload if {
	document := test_recovery.input_with([_control, _following, _record], {
		"coverage": _answered,
		"relations": {"checked_by": {_record.arn: [_following.arn]}},
	})
	_is_switched(document)
	not _may_be_switched(document)
	parent := test_route53.health_check("2", {"check_type": "CALCULATED"})
	calculated := test_recovery.input_with([_control, _following, parent, _record], {
		"coverage": _answered,
		"relations": {"checked_by": {_record.arn: [parent.arn], parent.arn: [_following.arn]}},
	})
	_is_switched(calculated)
	others := test_recovery.input_with([_control, _following], {"coverage": _answered})
	not _is_switched(others)
	not _may_be_switched(others)
}

test_what_names_no_workload_may_be_for_it if {
	_may_be_switched(_document([_control]))
	_may_be_switched(_document([_nobodys(test_recovery.plan("shop", {}))]))
	not _may_be_switched(_document([_nobodys(test_recovery.plan("far", {"regions": ["us-east-1", "us-west-2"]}))]))
	not _may_be_switched(_document([]))
}

test_what_was_not_listed_may_be_for_it if {
	every operation in ["arc-region-switch:ListPlans", "route53-recovery-control-config:ListClusters"] {
		_may_be_switched(object.union(_document([]), {"coverage": {operation: {"global": "denied"}}}))
	}
	_may_be_switched(test_recovery.input_with([], {}))
	controls := {"route53-recovery-control-config:ListRoutingControls": {"global": "denied"}}
	_may_be_switched(object.union(_document([]), {"coverage": controls}))
}

test_regions_are_unlisted_where_the_call_was_not_answered if {
	denied := object.union(_document([]), {"coverage": {"tag:GetAutomationResources": {"us-west-1": "denied"}}})
	automation.unlisted == ["us-west-1"] with input as denied
	answered := _document([])
	automation.unlisted == [] with input as answered
	disabled := object.union(_document([]), {"coverage": {"tag:GetAutomationResources": {"us-west-1": "region_disabled"}}})
	automation.unlisted == [] with input as disabled
}
