package hadr.automation.failover_in_one_region_test

import data.hadr.automation.failover_in_one_region as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute
import data.hadr.lib.test_recovery
import data.hadr.lib.test_route53
import data.hadr.lib.test_workload

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_answered := test_recovery.answered([
	"arc-region-switch:ListPlans", "rds:DescribeDBClusters", "rds:DescribeDBInstances",
	"route53-recovery-control-config:ListClusters", "route53:ListHostedZones", "tag:GetAutomationResources",
])

_function := test_recovery.function("fail-over")

_far_function := test.moved_to(_function, "eu-central-1")

_database := test_recovery.of_shop(test.db_instance("orders", {}))

_group := test_recovery.of_shop(test_compute.group("web", {}))

_far_group := test.moved_to(_group, "eu-central-1")

_document(resources) := _with_parts(resources, {"coverage": _answered})

_with_parts(resources, parts) := test_recovery.input_with(resources, object.union(
	{"workloads": {_shop: test_workload.workload("shop", {"regions": ["eu-central-1", "eu-west-1"]})}},
	parts,
))

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_is_satisfied(document) if {
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_shop}
}

test_violated_where_all_of_it_is_beside_the_data if {
	every program in [_function, test_recovery.document("fail-over"), test_recovery.state_machine("fail-over")] {
		_violated(_document([program, _database])) == {_shop}
	}
	document := _document([_function, _database])
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "shop is failed over by fail-over, and from eu-west-1 alone"
	violation.evidence == {
		"programs": [_function.arn],
		"region": "eu-west-1",
		"regions_of_the_workload": ["eu-west-1"],
	}
	violation.params == {"region": "eu-west-1"}
}

test_violated_where_all_of_it_is_beside_the_servers if {
	_violated(_document([_function, _group])) == {_shop}
	several := _document([_function, test_recovery.document("runbook"), _group])
	messages := {violation.message | some violation in policy.violations with input as several}
	messages == {"shop is failed over by 2 programs, and from eu-west-1 alone"}
}

test_satisfied_in_two_regions if {
	_is_satisfied(_document([_function, _far_function, _database]))
}

test_satisfied_in_the_region_that_takes_over if {
	_is_satisfied(_document([_far_function, _database]))
	_is_satisfied(_document([_far_function, _database, _far_group, _group]))
}

test_satisfied_by_a_plan_or_a_routing_control if {
	_is_satisfied(_document([_function, _database, test_recovery.plan("shop", {})]))
	_is_satisfied(_document([_function, _database, test_recovery.of_shop(test_recovery.routing_control("1"))]))
}

# The servers and a pair of records, of which the second leads to that.
_paired(resources, check, target) := _with_parts(
	array.concat(resources, [_function, _group, one, other]),
	{
		"coverage": _answered,
		"relations": {"alternative_to": {one.arn: [other.arn], other.arn: [one.arn]}},
	},
) if {
	one := test_recovery.of_shop(test_route53.primary(check))
	other := test_recovery.of_shop(test_route53.secondary(target))
}

_elsewhere := test_route53.alias_in("eu-central-1")

test_satisfied_where_health_checks_of_route_53_move_the_traffic if {
	_is_satisfied(_paired([], test_route53.checked_by("1"), _elsewhere))
	_is_satisfied(_paired([], test_route53.alias({}), _elsewhere))
}

test_violated_where_names_do_not_move_it_to_another_region if {
	_violated(_paired([], test_route53.checked_by("1"), test_route53.alias({}))) == {_shop}
	_violated(_paired([], {}, _elsewhere)) == {_shop}
}

# Names promote no database.
test_violated_where_there_is_a_database_to_promote if {
	_violated(_paired([_database], test_route53.checked_by("1"), _elsewhere)) == {_shop}
}

test_unknown_where_the_names_lead_to_a_place_that_is_not_known if {
	document := _paired([], test_route53.checked_by("1"), {"values": ["198.51.100.1"]})
	_unknown(document) == {_shop}
	_violated(document) == set()
}

test_unknown_where_its_names_were_not_listed if {
	denied := {"coverage": {"route53:ListHostedZones": {"global": "denied"}}}
	every document in [
		object.union(_document([_function, _group]), denied),
		_document([_function, _group, test_route53.partial_zone]),
	] {
		_unknown(document) == {_shop}
		_violated(document) == set()
	}
	_violated(object.union(_document([_function, _database]), denied)) == {_shop}
}

test_unknown_where_a_database_to_promote_may_not_have_been_seen if {
	denied := {"coverage": {"rds:DescribeDBClusters": {"eu-west-1": "denied"}}}
	document := object.union(_paired([], test_route53.checked_by("1"), _elsewhere), denied)
	_unknown(document) == {_shop}
	_violated(document) == set()
}

test_a_replica_is_not_where_the_data_is_written if {
	replica := test.moved_to(test.db_instance("orders-dr", {"role": "read_replica"}), "eu-central-1")
	document := _document([_function, _database, test_recovery.of_shop(replica)])
	_violated(document) == {_shop}
	_is_satisfied(_document([_far_function, _database, test_recovery.of_shop(replica)]))
}

test_violated_where_data_is_written_in_both if {
	other := test_recovery.of_shop(test.moved_to(test.db_instance("users", {}), "eu-central-1"))
	_violated(_document([_function, _database, other])) == {_shop}
}

test_unknown_where_nothing_says_which_region_is_left if {
	document := _document([_function, _group, _far_group])
	_unknown(document) == {_shop}
	_violated(document) == set()
	_unknown(_document([_function])) == {_shop}
}

test_unknown_where_something_may_be_elsewhere if {
	nobodys := {"workload": {"value": null, "source": "default"}}
	every other in [
		test.with_members(_far_function, nobodys),
		test.with_members(test_recovery.plan("any", {}), nobodys),
		test_recovery.routing_control("1"),
	] {
		shown := _document([_function, _database, other])
		_unknown(shown) == {_shop}
		_violated(shown) == set()
	}
	one := [{"arn": "arn:aws:account::123456789012:region/eu-west-1", "name": "eu-west-1"}]
	alone := _with_parts([_function, _database], {"coverage": _answered, "regions": one})
	_unknown(alone) == {_shop}
}

test_unknown_where_programs_were_not_listed if {
	denied := {"coverage": {"tag:GetAutomationResources": {"eu-central-1": "denied"}}}
	every resources in [[_function, _database], [_database]] {
		document := object.union(_document(resources), denied)
		_unknown(document) == {_shop}
		_violated(document) == set()
	}
}

test_not_applicable_without_programs_for_a_failover if {
	_judged(_document([_database])) == set()
	restore := object.union(_function, {"attributes": {"purpose": "restore"}})
	_judged(_document([restore, _database])) == set()
}
