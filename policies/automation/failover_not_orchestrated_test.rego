package hadr.automation.failover_not_orchestrated_test

import data.hadr.automation.failover_not_orchestrated as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute
import data.hadr.lib.test_recovery
import data.hadr.lib.test_route53
import data.hadr.lib.test_workload

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_answered := test_recovery.answered([
	"arc-region-switch:ListPlans", "route53-recovery-control-config:ListClusters", "tag:GetAutomationResources",
])

_database := test_recovery.of_shop(test.db_instance("orders", {}))

_replica := test_recovery.of_shop(test.moved_to(
	test.db_instance("orders-dr", {"role": "read_replica"}),
	"eu-central-1",
))

_group := test_recovery.of_shop(test_compute.group("web", {}))

_groups := [_group, test.moved_to(_group, "eu-central-1")]

_document(resources) := _with(resources, {})

# The workload with these resources.
_with(resources, members) := _related(resources, members, {})

_related(resources, members, relations) := test_recovery.input_with(resources, {
	"workloads": {_shop: test_workload.workload("shop", object.union(
		{"resources": [entry.arn | some entry in resources]},
		members,
	))},
	"coverage": _answered,
	"relations": relations,
})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_is_satisfied(document) if {
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_shop}
}

test_violated_in_two_regions_without_anything if {
	document := _document([_database, _replica])
	_violated(document) == {_shop}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "shop has nothing that carries out a failover to another Region"
	violation.evidence == {"strategy_rank": null, "regions": ["eu-central-1", "eu-west-1"], "rto_seconds": 3600}
	violation.params == {"rto_minutes": 60}
	_violated(_document(_groups)) == {_shop}
}

test_violated_where_it_says_that_it_is_passive if {
	every rank in [1, 2] {
		business := object.union(test_workload.of_tier("business-critical"), {"strategy_rank": rank})
		_violated(_with([_database], business)) == {_shop}
	}
}

test_satisfied_by_a_program_a_plan_or_a_routing_control if {
	every resource in [
		test_recovery.function("fail-over"),
		test_recovery.document("fail-over"),
		test_recovery.state_machine("fail-over"),
		test_recovery.plan("shop", {}),
		test_recovery.of_shop(test_recovery.routing_control("1")),
	] {
		_is_satisfied(_document([_database, _replica, resource]))
	}
}

test_a_program_for_something_else_does_not_suffice if {
	restore := object.union(test_recovery.function("restore"), {"attributes": {"purpose": "restore"}})
	_violated(_document([_database, _replica, restore])) == {_shop}
}

_primary := test_recovery.of_shop(test_route53.primary(test_route53.checked_by("1")))

test_satisfied_without_databases_where_names_fail_over if {
	_is_satisfied(_document(array.concat(_groups, [_primary])))
	_violated(_document([_database, _replica, _primary])) == {_shop}
	unchecked := test_recovery.of_shop(test_route53.primary({}))
	_violated(_document(array.concat(_groups, [unchecked]))) == {_shop}
}

test_unknown_where_something_names_no_workload if {
	nobodys := {"workload": {"value": null, "source": "default"}}
	every resource in [
		test.with_members(test_recovery.function("fail-over"), nobodys),
		test.with_members(test_recovery.plan("any", {}), nobodys),
		test_recovery.routing_control("1"),
	] {
		document := _document([_database, _replica, resource])
		_unknown(document) == {_shop}
		_violated(document) == set()
	}
}

test_unknown_where_something_was_not_listed if {
	every operation, region in {
		"arc-region-switch:ListPlans": "global",
		"route53-recovery-control-config:ListClusters": "global",
		"tag:GetAutomationResources": "us-west-1",
	} {
		document := object.union(_document([_database, _replica]), {"coverage": {operation: {region: "denied"}}})
		_unknown(document) == {_shop}
		_violated(document) == set()
	}
}

test_not_applicable_in_one_region_or_with_another_strategy if {
	_judged(_document([_database, _group])) == set()
	_judged(_document([_database, test.moved_to(test_recovery.of_shop(test.bucket("logs", {})), "eu-central-1")])) == set()
	every rank in [0, 3] {
		_judged(_with([_database, _replica], {"strategy_rank": rank})) == set()
	}
	_judged(_with([_database, _replica], test_workload.of_tier("business-critical"))) == set()
}

test_not_applicable_where_several_places_are_answered if {
	here := test_recovery.of_shop(test_route53.weighted("a", {}))
	there := test_recovery.of_shop(test_route53.weighted("b", {}))
	others := {"alternative_to": {here.arn: [there.arn], there.arn: [here.arn]}}
	_judged(_related([_database, _replica, here, there], {}, others)) == set()
	idle := test_recovery.of_shop(test_route53.weighted("b", {"weight": 0}))
	_judged(_related([_database, _replica, here, idle], {}, others)) == {_shop}
}
