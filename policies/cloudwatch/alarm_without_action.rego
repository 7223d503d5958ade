# METADATA
# title: Alarm cannot tell anybody
# description: |
#   Somebody saw the failure coming and made an alarm for it, and nobody hears it: its actions are disabled, often since
#   a deployment, it has none, or its metric has stopped. The outage is found out by customers.
#
#   Alarms are judged on the metrics of databases, tables, buckets and health checks that are there and in production.
#   An alarm needs no actions of its own where a composite alarm that acts names it, directly or through another, or
#   where a health check follows it. One that has had too little data for long is a violation of its own; where a metric
#   has samples only when something happens, the alarm should take a missing one for good. Alarms have no tags here, so
#   that the severity follows the most critical resource that the alarm watches: high, medium or low. Who reads a topic
#   is not known, nor are rules of EventBridge that take the state of an alarm further.
# scope: package
# related_resources:
# - description: Using Amazon CloudWatch alarms
#   ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
# - description: Combining alarms, in Amazon CloudWatch
#   ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: high
#     non-production: none
#   concern: monitoring
#   scenarios: [instance, zone, region]
#   resource_types: [AWS::CloudWatch::Alarm]
#   requires: [cloudwatch:DescribeAlarms, route53:ListHealthChecks]
#   parameters:
#     silent_seconds:
#       default: 86400
#       description: Seconds for which an alarm may have too little data.
#   controls:
#     aws-well-architected: [REL06-BP03, REL11-BP06]
#     aws-config: [cloudwatch-alarm-action-check, cloudwatch-alarm-action-enabled-check]
#     aws-security-hub: [CloudWatch.15, CloudWatch.17]
#     iso-22301: [8.4.3]
#     dora: [10(2)]
#     soc2: [CC7.2]
#   practices: [health-metric-alarm]
#   remediation:
#   - argv:
#     - aws
#     - cloudwatch
#     - enable-alarm-actions
#     - --alarm-names={{params.silenced_alarm}}
#     - --region={{region}}
#     effect: the alarm does again what it was made for; if it is on, it acts when it goes off the next time
#     risk: safe
#     undo:
#     - aws
#     - cloudwatch
#     - disable-alarm-actions
#     - --alarm-names={{params.silenced_alarm}}
#     - --region={{region}}
#     verify:
#     - aws
#     - cloudwatch
#     - describe-alarms
#     - --alarm-names={{params.silenced_alarm}}
#     - --query=MetricAlarms[].[StateValue,ActionsEnabled,AlarmActions]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - cloudwatch
#     - put-metric-alarm
#     - --alarm-name={{params.idle_alarm}}
#     - --namespace={{params.namespace}}
#     - --metric-name={{params.metric_name}}
#     - --dimensions={{params.dimensions}}
#     - --statistic={{choose.statistic}}
#     - --period={{params.period}}
#     - --evaluation-periods={{params.evaluation_periods}}
#     - --threshold={{choose.threshold}}
#     - --comparison-operator={{choose.comparison_operator}}
#     - --treat-missing-data={{params.treat_missing_data}}
#     - --alarm-actions={{inputs.sns_topic_arn}}
#     - --region={{region}}
#     effect: >-
#       the topic gets a message when the alarm goes off; the command replaces the whole alarm, so take what is chosen
#       here, and everything else that it has, from describe-alarms
#     risk: review
#     verify:
#     - aws
#     - cloudwatch
#     - describe-alarms
#     - --alarm-names={{params.idle_alarm}}
#     - --query=MetricAlarms[].[StateValue,ActionsEnabled,AlarmActions]
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.cloudwatch.alarm_without_action

import data.hadr.lib.instant
import data.hadr.lib.rds

_silence := data.parameters["cloudwatch-alarm-without-action"].silent_seconds

# Alarms on what is in production, by how critical that is.
_watching := {level: alarms |
	some level in ["mission-critical", "business-critical", "general"]
	alarms := {alarm |
		some arn in object.keys(input.relations.watched_by)
		input.by_arn[arn].criticality == level
		some alarm in input.relations.watched_by[arn]
	}
}

_alarms := [alarm |
	watching := _watching
	some alarm in input.resources["AWS::CloudWatch::Alarm"]
	_is_among(alarm, watching)
]

_is_among(alarm, watching) if {
	some alarms in watching
	alarm.arn in alarms
}

# Alarms that have to act themselves.
_alone := [alarm |
	heard := _heard
	some alarm in _alarms
	not [alarm.region, alarm.name] in heard
	not [alarm.region, alarm.arn] in heard
]

_composites := [alarm |
	some alarm in input.resources["AWS::CloudWatch::Alarm"]
	is_string(alarm.attributes.alarm_rule)
]

_directly_heard := _named_by([alarm |
	some alarm in _composites
	alarm.attributes.actions_enabled == true
	count(alarm.attributes.alarm_actions) > 0
])

_indirectly_heard := _named_by([alarm |
	heard := _directly_heard
	some alarm in _composites
	_is_in(alarm, heard)
])

_is_in(alarm, heard) if [alarm.region, alarm.name] in heard

_is_in(alarm, heard) if [alarm.region, alarm.arn] in heard

# Region and name, or ARN, of alarms that something else listens to.
_heard := (_directly_heard | _indirectly_heard) | {[check.attributes.alarm.region, check.attributes.alarm.name] |
	some check in input.resources["AWS::Route53::HealthCheck"]
	is_object(check.attributes.alarm)
}

# A rule names alarms with or without quotes, as `ALARM("web-down") OR OK(deploying)`.
_named_by(composites) := {[composite.region, trim(part, "\"' ")] |
	some composite in composites
	some part in split(replace(composite.attributes.alarm_rule, ")", "("), "(")
}

subjects contains alarm.arn if {
	some alarm in _alarms
}

unknowns contains alarm.arn if {
	some alarm in _alone
	alarm.attributes.actions_enabled == null
	count(alarm.attributes.alarm_actions) > 0
}

violations contains violation if {
	some alarm in _alone
	alarm.attributes.actions_enabled == false
	count(alarm.attributes.alarm_actions) > 0
	violation := object.union(
		{
			"resource": alarm.arn,
			"message": sprintf("%s has its actions disabled", [alarm.name]),
			"evidence": _evidence(alarm),
			"params": {"silenced_alarm": alarm.name},
			"discriminator": "disabled",
		},
		_limit(alarm),
	)
}

violations contains violation if {
	some alarm in _alone
	count(alarm.attributes.alarm_actions) == 0
	violation := object.union(
		{
			"resource": alarm.arn,
			"message": sprintf("%s does nothing when it goes off", [alarm.name]),
			"evidence": _evidence(alarm),
			"params": {
				"idle_alarm": alarm.name,
				"namespace": alarm.attributes.namespace,
				"metric_name": alarm.attributes.metric_name,
				"dimensions": _dimensions(alarm),
				"period": alarm.attributes.period,
				"evaluation_periods": alarm.attributes.evaluation_periods,
				"treat_missing_data": alarm.attributes.treat_missing_data,
			},
			"discriminator": "no actions",
		},
		_limit(alarm),
	)
}

violations contains violation if {
	some alarm in _alarms
	alarm.attributes.state_value == "INSUFFICIENT_DATA"
	silent := instant.age(alarm.attributes.state_transitioned_timestamp)
	is_number(silent)
	silent > _silence
	violation := object.union(
		{
			"resource": alarm.arn,
			"message": sprintf("%s has had too little data for %s", [alarm.name, rds.words(silent)]),
			"evidence": _evidence(alarm),
			"discriminator": "no data",
		},
		_limit(alarm),
	)
}

_evidence(alarm) := {
	"metric": alarm.attributes.metric_name,
	"dimensions": alarm.attributes.dimensions,
	"actions_enabled": alarm.attributes.actions_enabled,
	"alarm_actions": alarm.attributes.alarm_actions,
	"state": alarm.attributes.state_value,
	"since": alarm.attributes.state_transitioned_timestamp,
	"treat_missing_data": alarm.attributes.treat_missing_data,
}

# The severity is that for the most critical resource that it watches.
_limit(alarm) := {} if {
	alarm.arn in _watching["mission-critical"]
} else := {"at_most": "medium"} if {
	alarm.arn in _watching["business-critical"]
} else := {"at_most": "low"}

# As the AWS CLI takes them.
_dimensions(alarm) := json.marshal([{"Name": key, "Value": alarm.attributes.dimensions[key]} |
	some key in object.keys(alarm.attributes.dimensions)
])
