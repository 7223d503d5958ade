package hadr.aurora.global_recovery_point_unbounded_test

import data.hadr.aurora.global_recovery_point_unbounded as policy
import data.hadr.lib.test
import data.hadr.lib.test_recovery

_primary := test.db_cluster("orders", {"db_cluster_parameter_group": "orders"})

_secondary := test.moved_to(test.db_cluster("orders-dr", {}), "eu-central-1")

_members := [test.global_primary(_primary), test.global_secondary(_secondary)]

_group_arn := test.arn("cluster-pg:orders")

_global(settings) := test.global_cluster("orders", object.union({"global_cluster_members": _members}, settings))

_group(parameters) := test.resource(
	"AWS::RDS::DBClusterParameterGroup",
	_group_arn,
	"orders",
	{"parameters": parameters},
)

# The global cluster with these parameters of its primary.
_document(parameters) := _document_of(_global({}), parameters, [])

_document_of(global, parameters, alarms) := test_recovery.input_with(
	array.concat([global, _primary, _secondary, _group(parameters)], alarms),
	{
		"relations": {
			"configured_by": {_primary.arn: [_group_arn]},
			"watched_by": {_secondary.arn: [alarm.arn | some alarm in alarms]},
		},
		"coverage": test_recovery.answered(["cloudwatch:DescribeAlarms"]),
	},
)

_alarm(settings) := test.resource(
	"AWS::CloudWatch::Alarm",
	"arn:aws:cloudwatch:eu-central-1:123456789012:alarm:lag",
	"lag",
	object.union(
		{
			"metric_name": "AuroraGlobalDBRPOLag",
			"actions_enabled": true,
			"alarm_actions": ["arn:aws:sns:eu-central-1:123456789012:pager"],
		},
		settings,
	),
)

_arn := "arn:aws:rds::123456789012:global-cluster:orders"

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_without_a_bound if {
	every parameters in [{}, {"rds.logical_replication": "1"}, {"rds.global_db_rpo": "-1"}] {
		_violated(_document(parameters)) == {_arn}
		_unknown(_document(parameters)) == set()
	}
	document := _document({})
	some violation in policy.violations with input as document
	violation.message == "orders may lose any amount, and no alarm tells how much"
	violation.evidence == {
		"primary": _primary.arn,
		"parameter_group": "orders",
		"rds.global_db_rpo": null,
		"rpo_seconds": 900,
	}
	violation.params == {"group": "orders", "rpo": 900, "region": "eu-west-1"}
}

test_violated_by_a_bound_beyond_what_is_promised if {
	document := _document({"rds.global_db_rpo": "7200"})
	some violation in policy.violations with input as document
	violation.message == "orders may lose 2 hours, more than its objective allows"
	violation.evidence["rds.global_db_rpo"] == 7200
}

test_a_default_group_is_not_changed if {
	primary := test.db_cluster("orders", {})
	document := object.union(_document({}), {"by_arn": {primary.arn: primary}})
	some violation in policy.violations with input as document
	violation.evidence.parameter_group == "default.aurora-postgresql16"
	violation.params.group == null
}

test_satisfied_by_a_bound if {
	every bound in ["20", "900"] {
		document := _document({"rds.global_db_rpo": bound})
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_arn}
	}
}

test_satisfied_by_an_alarm_that_acts if {
	document := _document_of(_global({}), {}, [_alarm({})])
	_violated(document) == set()
	_unknown(document) == set()
	every settings in [{"actions_enabled": false}, {"alarm_actions": []}, {"metric_name": "CPUUtilization"}] {
		_violated(_document_of(_global({}), {}, [_alarm(settings)])) == {_arn}
	}
}

test_unknown_where_the_parameters_were_not_collected if {
	every parameters in [null, {"rds.global_db_rpo": "soon"}] {
		_unknown(_document(parameters)) == {_arn}
		_violated(_document(parameters)) == set()
	}
	bare := test_recovery.input_with([_global({}), _primary, _secondary], {})
	_unknown(bare) == {_arn}
}

test_unknown_where_it_is_not_known_who_writes if {
	every members in [[], [test.global_primary(_primary), test.global_primary(_secondary)]] {
		settings := {"global_cluster_members": array.concat(members, [
			test.global_secondary(_secondary),
			test.global_secondary(_secondary),
		])}
		_unknown(_document_of(_global(settings), {}, [])) == {_arn}
	}
}

test_unknown_where_the_alarms_were_not_collected if {
	document := object.union(_document({}), {"coverage": {"cloudwatch:DescribeAlarms": {"eu-central-1": "denied"}}})
	_unknown(document) == {_arn}
	_violated(document) == set()
	skipped := test_recovery.input_with(
		[_global({}), _primary, _secondary, _group({})],
		{"relations": {"configured_by": {_primary.arn: [_group_arn]}}},
	)
	_unknown(skipped) == {_arn}
	_violated(skipped) == set()
}

test_not_applicable_to_other_engines_single_regions_and_longer_objectives if {
	every global in [
		_global({"engine": "aurora-mysql"}),
		_global({"global_cluster_members": [test.global_primary(_primary)]}),
		test.with_members(_global({}), {"tier": {"value": "business-critical", "source": "tag hadr:tier"}}),
	] {
		_judged(_document_of(global, {}, [])) == set()
	}
}
