package hadr.cloudwatch.alarm_reacts_to_one_sample_test

import data.hadr.cloudwatch.alarm_reacts_to_one_sample as policy
import data.hadr.lib.test
import data.hadr.lib.test_route53

_arn := "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:lag"

# An alarm on the lag of the replica `orders-dr` that sees three bad samples and misses none.
_alarm(attributes) := test.resource("AWS::CloudWatch::Alarm", _arn, "lag", object.union(
	{
		"namespace": "AWS/RDS",
		"metric_name": "ReplicaLag",
		"dimensions": {"DBInstanceIdentifier": "orders-dr"},
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

_of(resource, alarm) := test.input_with([resource, alarm], {"relations": {"watched_by": {resource.arn: [_arn]}}})

_document(attributes) := _of(test.db_instance("orders-dr", {}), _alarm(attributes))

# The alarm on the status of a health check.
_on_check(check, attributes) := _of(check, _alarm(object.union(
	{
		"namespace": "AWS/Route53",
		"metric_name": "HealthCheckStatus",
		"dimensions": {"HealthCheckId": "c1"},
	},
	attributes,
)))

_watched_check(settings) := test_route53.health_check("c1", settings)

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_limits(document) := {object.get(found, "at_most", null) | some found in policy.violations with input as document}

_critical(criticality) := test.with_members(test.db_instance("orders-dr", {}), {"criticality": criticality})

test_satisfied_by_three_samples if {
	document := _document({})
	_messages(document) == set()
	policy.subjects == {_arn} with input as document
	policy.unknowns == set() with input as document
	_messages(_document({"datapoints_to_alarm": null})) == set()
}

# A health check that follows an alarm on a metric of the application moves names when the alarm goes off.
test_an_alarm_that_a_health_check_follows_is_judged_whatever_it_is_on if {
	custom := {"namespace": "Shop", "metric_name": "Errors", "dimensions": {}, "datapoints_to_alarm": 1}
	check := test_route53.health_check("c1", {"type": "CLOUDWATCH_METRIC"})
	followed := test.input_with([check, _alarm(custom)], {"relations": {"follows": {check.arn: [_arn]}}})
	_messages(followed) == {"lag goes off after 1 bad sample"}
	alone := test.input_with([check, _alarm(custom)], {})
	policy.subjects == set() with input as alone
}

test_violated_by_fewer_samples if {
	document := _document({"evaluation_periods": 5, "datapoints_to_alarm": 1})
	_messages(document) == {"lag goes off after 1 bad sample"}
	some violation in policy.violations with input as document
	violation.resource == _arn
	violation.discriminator == "few samples"
	violation.params == {
		"namespace": "AWS/RDS",
		"metric_name": "ReplicaLag",
		"dimensions": `[{"Name":"DBInstanceIdentifier","Value":"orders-dr"}]`,
		"alarm_actions": ["arn:aws:sns:eu-west-1:123456789012:ops"],
		"period": 60,
		"evaluation_periods": 5,
		"datapoints_to_alarm": 3,
	}
	_messages(_document({"evaluation_periods": 2, "datapoints_to_alarm": null})) == {
		"lag goes off after 2 bad samples",
	}
}

test_the_samples_can_be_changed if {
	document := _document({"evaluation_periods": 2, "datapoints_to_alarm": 2})
	found := {violation.message | some violation in policy.violations} with input as document
		with data.parameters as {"cloudwatch-alarm-reacts-to-one-sample": {"minimum_samples": 2}}
	found == set()
}

test_violated_where_a_missing_sample_is_not_bad if {
	document := _document({"treat_missing_data": "notBreaching"})
	_messages(document) == {"lag does not go off when its metric stops"}
	some violation in policy.violations with input as document
	violation.resource == _arn
	violation.discriminator == "missing samples"
	_messages(_document({"treat_missing_data": null})) == {"lag does not go off when its metric stops"}
}

test_both_are_told_apart if {
	document := _document({"datapoints_to_alarm": 1, "treat_missing_data": "ignore"})
	found := {violation.discriminator | some violation in policy.violations with input as document}
	found == {"few samples", "missing samples"}
}

test_unknown_where_it_says_nothing_of_samples if {
	document := _document({"evaluation_periods": null, "datapoints_to_alarm": null})
	_messages(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_the_status_of_a_health_check_needs_one_sample_where_the_check_needs_three if {
	one := {"evaluation_periods": 1, "datapoints_to_alarm": 1}
	_messages(_on_check(_watched_check({"failure_threshold": 3}), one)) == set()
	_messages(_on_check(_watched_check({"failure_threshold": 1}), one)) == {"lag goes off after 1 bad sample"}
	_messages(_on_check(_watched_check({"failure_threshold": null, "check_type": "CALCULATED"}), one)) == set()
}

test_a_missing_sample_of_a_health_check_is_bad if {
	document := _on_check(_watched_check({}), {"treat_missing_data": "missing"})
	_messages(document) == {"lag does not go off when its metric stops"}
}

test_the_severity_follows_what_it_watches if {
	hasty := _alarm({"datapoints_to_alarm": 1})
	_limits(_of(_critical("mission-critical"), hasty)) == {null}
	_limits(_of(_critical("business-critical"), hasty)) == {"medium"}
	_limits(_of(_critical("general"), hasty)) == {"low"}
}

test_not_applicable_to_other_metrics if {
	document := _document({"metric_name": "CPUUtilization", "datapoints_to_alarm": 1})
	policy.subjects == set() with input as document
	foreign := _document({"namespace": "Custom", "datapoints_to_alarm": 1})
	policy.subjects == set() with input as foreign
}

test_not_applicable_to_what_watches_nothing_of_production if {
	hasty := _alarm({"datapoints_to_alarm": 1})
	policy.subjects == set() with input as _of(_critical("non-production"), hasty)
	gone := test.input_with([hasty], {"relations": {"watched_by": {test.arn("db:orders-dr"): [_arn]}}})
	policy.subjects == set() with input as gone
}
