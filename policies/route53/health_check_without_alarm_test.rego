package hadr.route53.health_check_without_alarm_test

import data.hadr.lib.test
import data.hadr.lib.test_route53
import data.hadr.route53.health_check_without_alarm as policy

_check := test_route53.health_check("1", {})

_record := test_route53.primary(test_route53.checked_by("1"))

_alarm_arn(name) := sprintf("arn:aws:cloudwatch:us-east-1:%s:alarm:%s", [test.account, name])

_alarm(name, attributes) := test.with_members(
	test.resource("AWS::CloudWatch::Alarm", _alarm_arn(name), name, object.union(
		{
			"namespace": "AWS/Route53",
			"metric_name": "HealthCheckStatus",
			"dimensions": {"HealthCheckId": "1"},
			"alarm_rule": null,
			"actions_enabled": true,
			"alarm_actions": ["arn:aws:sns:us-east-1:123456789012:alarms"],
			"state_value": "OK",
		},
		attributes,
	)),
	{"region": "us-east-1"},
)

# An alarm on nothing but other alarms.
_composite(rule, attributes) := _alarm("pager", object.union(
	{"namespace": null, "metric_name": null, "dimensions": {}, "alarm_rule": rule},
	attributes,
))

_quiet := {"actions_enabled": true, "alarm_actions": []}

# The alarms of us-east-1 on the check.
_document(alarms) := _document_of(_check, alarms)

_document_of(check, alarms) := object.union(
	test_route53.input_of(array.concat([check, _record], alarms)),
	{
		"regions": [{"arn": "us", "name": "us-east-1"}],
		"coverage": {"cloudwatch:DescribeAlarms": {"us-east-1": "collected", "eu-west-1": "collected"}},
		"relations": {"watched_by": {check.arn: [alarm.arn |
			some alarm in alarms
			alarm.attributes.namespace == "AWS/Route53"
		]}},
		"resources": {"AWS::CloudWatch::Alarm": alarms},
	},
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_violated_without_an_alarm if {
	document := _document([])
	_violated(document) == {_check.arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "1 has no alarm that tells anybody when it fails"
	violation.params == {"health_check_id": "1"}
}

test_violated_by_alarms_on_something_else if {
	every alarm in [
		_alarm("slow", {"metric_name": "TimeToFirstByte"}),
		object.union(_alarm("far", {}), {"region": "eu-west-1"}),
	] {
		_messages(_document([alarm])) == {"1 has no alarm that tells anybody when it fails"}
	}
}

test_violated_by_an_alarm_that_does_nothing if {
	silenced := _document([_alarm("down", {"actions_enabled": false})])
	_messages(silenced) == {"1 has an alarm that does nothing when it fails"}
	some violation in policy.violations with input as silenced
	violation.evidence == {"alarms": [{
		"arn": _alarm_arn("down"),
		"actions_enabled": false,
		"alarm_actions": ["arn:aws:sns:us-east-1:123456789012:alarms"],
	}]}
	violation.params == {"silenced_alarm": "down"}
	quiet := _document([_alarm("down", _quiet)])
	some other in policy.violations with input as quiet
	other.params == {"health_check_id": "1"}
}

test_satisfied_by_an_alarm_that_acts if {
	document := _document([_alarm("down", {}), _alarm("quiet", _quiet)])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_check.arn}
}

test_satisfied_by_a_composite_alarm_that_names_it if {
	every rule in [
		"ALARM(\"down\")",
		"ALARM(down) OR ALARM(other)",
		"(ALARM('down') AND NOT ALARM(\"deploying\"))",
		sprintf("ALARM(\"%s\")", [_alarm_arn("down")]),
	] {
		_violated(_document([_alarm("down", _quiet), _composite(rule, {})])) == set()
	}
	every composite in [
		_composite("ALARM(\"down-too\")", {}),
		_composite("ALARM(\"down\")", {"actions_enabled": false}),
		_composite("ALARM(\"down\")", {"alarm_actions": []}),
	] {
		_violated(_document([_alarm("down", _quiet), composite])) == {_check.arn}
	}
}

_following := test_route53.health_check("1", {
	"check_type": "CLOUDWATCH_METRIC",
	"alarm": {"region": "eu-west-1", "name": "errors"},
})

_errors(attributes) := object.union(
	_alarm("errors", object.union({"namespace": "AWS/ApplicationELB"}, attributes)),
	{"region": "eu-west-1", "arn": sprintf("arn:aws:cloudwatch:eu-west-1:%s:alarm:errors", [test.account])},
)

test_a_check_that_follows_an_alarm_is_watched_by_it if {
	_violated(_document_of(_following, [_errors({})])) == set()
	_violated(_document_of(_following, [_errors(_quiet)])) == {_check.arn}
}

test_unknown_where_the_alarms_were_not_collected if {
	every outcome in ["denied", "skipped"] {
		document := object.union(_document([]), {"coverage": {"cloudwatch:DescribeAlarms": {"us-east-1": outcome}}})
		_unknown(document) == {_check.arn}
		_violated(document) == set()
	}
	unscanned := test_route53.input_of([_check, _record])
	_unknown(unscanned) == {_check.arn}
	following := object.union(
		_document_of(_following, []),
		{"coverage": {"cloudwatch:DescribeAlarms": {"eu-west-1": "denied"}}},
	)
	_unknown(following) == {_check.arn}
}

test_not_applicable_to_what_no_record_names_or_what_never_changes if {
	unused := test_route53.health_check("2", {})
	_judged(_document_of(unused, [])) == set()
	every attributes in [{"check_type": "RECOVERY_CONTROL"}, {"disabled": true}] {
		_judged(_document_of(test_route53.health_check("1", attributes), [])) == set()
	}
}
