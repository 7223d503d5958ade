# METADATA
# title: Nobody is told when a health check fails
# description: |
#   When the health check of a record fails, traffic moves to another place, or to none. Where nobody is told, the place
#   that is left runs without another one until it fails, too, or the other one's load brings it down.
#
#   Health checks are judged that a record set names. Those of routing controls are not, which people switch, nor are
#   disabled ones, whose status never changes. The metrics of health checks are in us-east-1: an alarm there on the status
#   of the check counts if its actions are enabled and it has any, and so does one without that a composite alarm
#   with actions names in its rule. A check that follows an alarm itself is watched by that alarm. Who reads the topic is
#   not known, nor are alarms on expressions.
#
#   The verdict is unknown where the alarms of us-east-1, or of the Region of an alarm that the check follows, were not
#   collected.
# scope: package
# related_resources:
# - description: Monitoring health checks using CloudWatch
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html
# - description: Combining alarms, in Amazon CloudWatch
#   ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Composite_Alarm.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: monitoring
#   scenarios: [zone, region]
#   resource_types: [AWS::Route53::HealthCheck]
#   requires:
#   - cloudwatch:DescribeAlarms
#   - route53:ListHealthChecks
#   - route53:ListHostedZones
#   - route53:ListResourceRecordSets
#   controls:
#     aws-well-architected: [REL06-BP03, REL11-BP06]
#     aws-config: [cloudwatch-alarm-action-check]
#     aws-security-hub: [CloudWatch.15, CloudWatch.17]
#     iso-22301: [8.4.3]
#     dora: [10(2)]
#     soc2: [CC7.2]
#   practices: [health-check-alarm, health-metric-alarm]
#   remediation:
#   - argv:
#     - aws
#     - cloudwatch
#     - put-metric-alarm
#     - --alarm-name=health-check-{{params.health_check_id}}
#     - --namespace=AWS/Route53
#     - --metric-name=HealthCheckStatus
#     - --dimensions=Name=HealthCheckId,Value={{params.health_check_id}}
#     - --statistic=Minimum
#     - --period=60
#     - --evaluation-periods=1
#     - --threshold=1
#     - --comparison-operator=LessThanThreshold
#     - --treat-missing-data=breaching
#     - --alarm-actions={{inputs.health_check_sns_topic_arn}}
#     - --region=us-east-1
#     effect: the topic, which has to be in us-east-1, gets a message within minutes of a failure
#     risk: safe
#     undo:
#     - aws
#     - cloudwatch
#     - delete-alarms
#     - --alarm-names=health-check-{{params.health_check_id}}
#     - --region=us-east-1
#     verify:
#     - aws
#     - cloudwatch
#     - describe-alarms
#     - --alarm-names=health-check-{{params.health_check_id}}
#     - --query=MetricAlarms[].[StateValue,ActionsEnabled,AlarmActions]
#     - --region=us-east-1
#     cost: a charge for each alarm and month
#   - argv:
#     - aws
#     - cloudwatch
#     - enable-alarm-actions
#     - --alarm-names={{params.silenced_alarm}}
#     - --region=us-east-1
#     effect: the alarm does again what it was made for
#     risk: safe
#     undo:
#     - aws
#     - cloudwatch
#     - disable-alarm-actions
#     - --alarm-names={{params.silenced_alarm}}
#     - --region=us-east-1
#     verify:
#     - aws
#     - cloudwatch
#     - describe-alarms
#     - --alarm-names={{params.silenced_alarm}}
#     - --query=MetricAlarms[].[StateValue,ActionsEnabled,AlarmActions]
#     - --region=us-east-1
#     cost: none
#   since: 0.1.0
package hadr.route53.health_check_without_alarm

_checks := [check |
	used := _used
	some check in input.resources["AWS::Route53::HealthCheck"]
	check.arn in used
	check.attributes.check_type != "RECOVERY_CONTROL"
	check.attributes.disabled != true
]

_used := {record.attributes.health_check | some record in input.resources["AWS::Route53::RecordSet"]}

_unwatched := [check |
	some check in _checks
	not _tells(check)
]

subjects contains check.arn if {
	some check in _checks
}

unknowns contains check.arn if {
	some check in _unwatched
	_may_tell(check)
}

violations contains violation if {
	some check in _unwatched
	not _may_tell(check)
	count(_alarms(check)) == 0
	violation := {
		"resource": check.arn,
		"message": sprintf("%s has no alarm that tells anybody when it fails", [check.name]),
		"evidence": {"alarms": []},
		"params": {"health_check_id": check.name},
	}
}

violations contains violation if {
	some check in _unwatched
	not _may_tell(check)
	alarms := _alarms(check)
	count(alarms) > 0
	violation := {
		"resource": check.arn,
		"message": sprintf("%s has an alarm that does nothing when it fails", [check.name]),
		"evidence": {"alarms": [{
			"arn": alarm.arn,
			"actions_enabled": alarm.attributes.actions_enabled,
			"alarm_actions": alarm.attributes.alarm_actions,
		} |
			some alarm in alarms
		]},
		"params": _params(check, alarms),
	}
}

# Alarms on whether it is healthy.
_alarms(check) := [alarm |
	some arn in input.relations.watched_by[check.arn]
	alarm := input.by_arn[arn]
	alarm.region == "us-east-1"
	alarm.attributes.metric_name in {"ChildHealthCheckHealthyCount", "HealthCheckPercentageHealthy", "HealthCheckStatus"}
]

_tells(check) if {
	some alarm in _alarms(check)
	_acts(alarm)
}

_tells(check) if {
	some alarm in _alarms(check)
	some composite in _composites
	_is_named(alarm, composite.attributes.alarm_rule)
}

_tells(check) if _acts(_followed(check))

_acts(alarm) if {
	alarm.attributes.actions_enabled == true
	count(alarm.attributes.alarm_actions) > 0
}

_composites := [alarm |
	some alarm in input.resources["AWS::CloudWatch::Alarm"]
	alarm.region == "us-east-1"
	is_string(alarm.attributes.alarm_rule)
	_acts(alarm)
]

# A rule names alarms, by name or ARN and with or without quotes, as `ALARM("web-down") OR OK(deploying)`.
_is_named(alarm, rule) if {
	names := {trim(part, "\"' ") | some part in split(replace(rule, ")", "("), "(")}
	some name in [alarm.name, alarm.arn]
	name in names
}

# A name may have brackets itself.
_is_named(alarm, rule) if contains(rule, concat(alarm.name, ["\"", "\""]))

# The alarm whose state is the state of the check.
_followed(check) := input.by_arn[_followed_arn(check)]

_followed_arn(check) := concat(":", [
	"arn",
	split(input.account.arn, ":")[1],
	"cloudwatch",
	check.attributes.alarm.region,
	input.account.name,
	"alarm",
	check.attributes.alarm.name,
])

_may_tell(_) if not _is_collected("us-east-1")

_may_tell(check) if {
	is_string(check.attributes.alarm.region)
	not _is_collected(check.attributes.alarm.region)
}

_is_collected(region) if input.coverage["cloudwatch:DescribeAlarms"][region] == "collected"

_params(check, alarms) := {"silenced_alarm": silenced[0].name} if {
	silenced := [alarm |
		some alarm in alarms
		alarm.attributes.actions_enabled == false
		count(alarm.attributes.alarm_actions) > 0
	]
	count(silenced) > 0
} else := {"health_check_id": check.name}
