package hadr.cloudwatch.alarm_without_action_test

import data.hadr.cloudwatch.alarm_without_action as policy
import data.hadr.lib.test
import data.hadr.lib.test_route53

_orders := "arn:aws:rds:eu-west-1:123456789012:db:orders"

_arn(name) := sprintf("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:%s", [name])

# An alarm on the processor of the database `orders` that tells a topic.
_alarm(name, attributes) := test.resource("AWS::CloudWatch::Alarm", _arn(name), name, object.union(
	{
		"namespace": "AWS/RDS",
		"metric_name": "CPUUtilization",
		"dimensions": {"DBInstanceIdentifier": "orders"},
		"alarm_rule": null,
		"actions_enabled": true,
		"alarm_actions": ["arn:aws:sns:eu-west-1:123456789012:ops"],
		"state_value": "OK",
		"state_transitioned_timestamp": "2026-11-20T03:00:00Z",
		"period": 60,
		"evaluation_periods": 3,
		"datapoints_to_alarm": 3,
		"treat_missing_data": "breaching",
	},
	attributes,
))

_composite(name, rule, attributes) := _alarm(name, object.union(
	{"namespace": null, "metric_name": null, "dimensions": {}, "alarm_rule": rule},
	attributes,
))

_idle := {"alarm_actions": []}

# The first of the alarms watches the database.
_document(alarms) := _of(test.db_instance("orders", {}), alarms)

_of(resource, alarms) := test.input_with(array.concat([resource], alarms), {
	"relations": {"watched_by": {resource.arn: [alarms[0].arn]}},
})

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_limits(document) := {object.get(found, "at_most", null) | some found in policy.violations with input as document}

test_satisfied_by_an_alarm_that_tells_somebody if {
	document := _document([_alarm("cpu", {})])
	_messages(document) == set()
	policy.subjects == {_arn("cpu")} with input as document
	policy.unknowns == set() with input as document
}

test_violated_where_the_actions_are_disabled if {
	document := _document([_alarm("cpu", {"actions_enabled": false})])
	_messages(document) == {"cpu has its actions disabled"}
	some violation in policy.violations with input as document
	violation.resource == _arn("cpu")
	violation.params == {"silenced_alarm": "cpu"}
	violation.discriminator == "disabled"
}

test_violated_without_actions if {
	document := _document([_alarm("cpu", _idle)])
	_messages(document) == {"cpu does nothing when it goes off"}
	some violation in policy.violations with input as document
	violation.resource == _arn("cpu")
	violation.discriminator == "no actions"
	violation.params == {
		"idle_alarm": "cpu",
		"namespace": "AWS/RDS",
		"metric_name": "CPUUtilization",
		"dimensions": `[{"Name":"DBInstanceIdentifier","Value":"orders"}]`,
		"period": 60,
		"evaluation_periods": 3,
		"treat_missing_data": "breaching",
	}
	_messages(_document([_alarm("cpu", object.union(_idle, {"actions_enabled": false}))])) == {
		"cpu does nothing when it goes off",
	}
}

test_violated_where_the_metric_has_stopped if {
	document := _document([_alarm("cpu", {"state_value": "INSUFFICIENT_DATA"})])
	_messages(document) == {"cpu has had too little data for 2 days"}
	some violation in policy.violations with input as document
	violation.resource == _arn("cpu")
	violation.discriminator == "no data"
	fresh := {"state_value": "INSUFFICIENT_DATA", "state_transitioned_timestamp": "2026-11-21T03:00:00Z"}
	_messages(_document([_alarm("cpu", fresh)])) == set()
	undated := {"state_value": "INSUFFICIENT_DATA", "state_transitioned_timestamp": null}
	_messages(_document([_alarm("cpu", undated)])) == set()
}

test_the_time_without_data_can_be_changed if {
	document := _document([_alarm("cpu", {"state_value": "INSUFFICIENT_DATA"})])
	found := {violation.message | some violation in policy.violations} with input as document
		with data.parameters as {"cloudwatch-alarm-without-action": {"silent_seconds": 604800}}
	found == set()
}

test_unknown_where_it_is_not_known_whether_they_are_enabled if {
	document := _document([_alarm("cpu", {"actions_enabled": null})])
	_messages(document) == set()
	policy.unknowns == {_arn("cpu")} with input as document
}

test_a_composite_alarm_that_acts_speaks_for_those_it_names if {
	every rule in [
		`ALARM("cpu") OR ALARM("disk")`,
		`(ALARM(cpu) AND NOT OK(disk))`,
		`ALARM( 'cpu' )`,
		`ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu")`,
	] {
		_messages(_document([_alarm("cpu", _idle), _composite("database", rule, {})])) == set()
	}
}

test_a_composite_alarm_that_does_not_act_or_names_another_does_not if {
	expected := {"cpu does nothing when it goes off"}
	_messages(_document([_alarm("cpu", _idle), _composite("database", `ALARM("cpu")`, _idle)])) == expected
	_messages(_document([
		_alarm("cpu", _idle),
		_composite("database", `ALARM("cpu")`, {"actions_enabled": false}),
	])) == expected
	_messages(_document([_alarm("cpu", _idle), _composite("database", `ALARM("cpu-high")`, {})])) == expected
	far := test.with_members(_composite("database", `ALARM("cpu")`, {}), {"region": "eu-central-1"})
	_messages(_document([_alarm("cpu", _idle), far])) == expected
}

test_a_composite_alarm_speaks_through_another if {
	document := _document([
		_alarm("cpu", _idle),
		_composite("database", `ALARM("cpu")`, _idle),
		_composite("shop", `ALARM("database")`, {}),
	])
	_messages(document) == set()
}

test_the_metric_of_a_named_alarm_may_have_stopped if {
	stopped := object.union(_idle, {"state_value": "INSUFFICIENT_DATA"})
	document := _document([_alarm("cpu", stopped), _composite("database", `ALARM("cpu")`, {})])
	_messages(document) == {"cpu has had too little data for 2 days"}
}

test_a_health_check_that_follows_it_needs_no_action if {
	check := test_route53.health_check("c1", {
		"check_type": "CLOUDWATCH_METRIC",
		"alarm": {"region": "eu-west-1", "name": "cpu"},
	})
	_messages(_document([_alarm("cpu", _idle), check])) == set()
}

_critical(criticality) := test.with_members(test.db_instance("orders", {}), {"criticality": criticality})

test_the_severity_follows_what_it_watches if {
	_limits(_of(_critical("mission-critical"), [_alarm("cpu", _idle)])) == {null}
	_limits(_of(_critical("business-critical"), [_alarm("cpu", _idle)])) == {"medium"}
	_limits(_of(_critical("general"), [_alarm("cpu", _idle)])) == {"low"}
}

test_not_applicable_to_what_watches_nothing_of_production if {
	staging := test.with_members(test.db_instance("orders", {}), {"criticality": "non-production"})
	policy.subjects == set() with input as _of(staging, [_alarm("cpu", _idle)])
	gone := test.input_with([_alarm("cpu", _idle)], {"relations": {"watched_by": {_orders: [_arn("cpu")]}}})
	policy.subjects == set() with input as gone
	policy.subjects == set() with input as test.input_of([_alarm("cpu", _idle)])
}
