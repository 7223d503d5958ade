# METADATA
# title: Alarm on a failover reacts to one sample, or not at all when its metric stops
# description: |
#   One bad sample is not a failure: a failover that it begins costs more than the hiccup, and people who are woken by
#   it stop listening. And what has failed for good often sends nothing more: an alarm that does not take a missing
#   sample for a bad one stays quiet in the worst case.
#
#   Alarms are judged on the lag of replicas of databases and on the status of health checks that are there and in
#   production, and alarms on anything that such a health check follows. They have to see several bad samples, and to take a missing one for bad (`breaching`); what CloudWatch
#   does not say about that is its default, `missing`. The status of a health check changes only after several failures
#   in a row, so that one sample of it is enough where that is said to be enough, or where it follows other checks.
#   Where an alarm says nothing of samples, the verdict is unknown. Alarms have no tags here, so that the severity
#   follows the most critical resource that the alarm watches: high, medium or low.
# scope: package
# related_resources:
# - description: Alarm evaluation and how alarms treat missing data, in Amazon CloudWatch
#   ref: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: high
#     non-production: none
#   concern: monitoring
#   scenarios: [zone, region]
#   resource_types: [AWS::CloudWatch::Alarm]
#   requires: [cloudwatch:DescribeAlarms]
#   parameters:
#     minimum_samples:
#       default: 3
#       description: Bad samples, or failures of a health check in a row, that an alarm has to see, at least.
#   controls:
#     aws-well-architected: [REL11-BP01]
#     soc2: [CC7.2]
#   practices: [failover-after-several-failures, health-metric-alarm]
#   remediation:
#   - argv:
#     - aws
#     - cloudwatch
#     - put-metric-alarm
#     - --alarm-name={{name}}
#     - --namespace={{params.namespace}}
#     - --metric-name={{params.metric_name}}
#     - --dimensions={{params.dimensions}}
#     - --statistic={{choose.statistic}}
#     - --period={{params.period}}
#     - --evaluation-periods={{params.evaluation_periods}}
#     - --datapoints-to-alarm={{params.datapoints_to_alarm}}
#     - --threshold={{choose.threshold}}
#     - --comparison-operator={{choose.comparison_operator}}
#     - --treat-missing-data=breaching
#     - --alarm-actions={{params.alarm_actions}}
#     - --region={{region}}
#     effect: >-
#       the alarm goes off after several bad or missing samples, and does then what it did before; the command replaces
#       the whole alarm, so take what is chosen here, and everything else that it has, from describe-alarms
#     risk: review
#     verify:
#     - aws
#     - cloudwatch
#     - describe-alarms
#     - --alarm-names={{name}}
#     - --query=MetricAlarms[].[EvaluationPeriods,DatapointsToAlarm,TreatMissingData]
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.cloudwatch.alarm_reacts_to_one_sample

_minimum := data.parameters["cloudwatch-alarm-reacts-to-one-sample"].minimum_samples

# By namespace.
_metrics := {
	"AWS/RDS": {
		"AuroraBinlogReplicaLag", "AuroraGlobalDBProgressLag", "AuroraGlobalDBRPOLag", "AuroraGlobalDBReplicationLag",
		"AuroraReplicaLag", "AuroraReplicaLagMaximum", "ReplicaLag",
	},
	"AWS/Route53": {"ChildHealthCheckHealthyCount", "HealthCheckPercentageHealthy", "HealthCheckStatus"},
}

# Alarms on what is in production, by how critical that is.
_watching := {level: alarms |
	some level in ["mission-critical", "business-critical", "general"]
	alarms := _related("watched_by", level) | _related("follows", level)
}

_related(relation, level) := {alarm |
	some arn in object.keys(input.relations[relation])
	input.by_arn[arn].criticality == level
	some alarm in input.relations[relation][arn]
}

# Whatever their metric is, the health check that follows them says what they say.
_followed := {alarm |
	some arn in object.keys(input.relations.follows)
	some alarm in input.relations.follows[arn]
}

_alarms := [alarm |
	watching := _watching
	some alarm in input.resources["AWS::CloudWatch::Alarm"]
	_decides(alarm)
	_is_among(alarm, watching)
]

_decides(alarm) if alarm.attributes.metric_name in _metrics[alarm.attributes.namespace]

_decides(alarm) if alarm.arn in _followed

_is_among(alarm, watching) if {
	some alarms in watching
	alarm.arn in alarms
}

subjects contains alarm.arn if {
	some alarm in _alarms
}

unknowns contains alarm.arn if {
	some alarm in _alarms
	not _is_slow_itself(alarm)
	not _samples(alarm)
}

violations contains violation if {
	some alarm in _alarms
	samples := _samples(alarm)
	is_number(samples)
	samples < _minimum
	not _is_slow_itself(alarm)
	violation := object.union(
		{
			"resource": alarm.arn,
			"message": sprintf("%s goes off after %s", [alarm.name, _words(samples)]),
			"evidence": _evidence(alarm),
			"params": _params(alarm),
			"discriminator": "few samples",
		},
		_limit(alarm),
	)
}

violations contains violation if {
	some alarm in _alarms
	alarm.attributes.treat_missing_data != "breaching"
	violation := object.union(
		{
			"resource": alarm.arn,
			"message": sprintf("%s does not go off when its metric stops", [alarm.name]),
			"evidence": _evidence(alarm),
			"params": _params(alarm),
			"discriminator": "missing samples",
		},
		_limit(alarm),
	)
}

# Bad samples that it takes. Undefined where the alarm does not say.
_samples(alarm) := alarm.attributes.datapoints_to_alarm if is_number(alarm.attributes.datapoints_to_alarm)

_samples(alarm) := alarm.attributes.evaluation_periods if {
	alarm.attributes.datapoints_to_alarm == null
	is_number(alarm.attributes.evaluation_periods)
}

# What it watches is a health check, whose status takes several failures to change, or follows that of other checks.
_is_slow_itself(alarm) if {
	alarm.attributes.namespace == "AWS/Route53"
	check := _check(alarm)
	check.attributes.failure_threshold == null
}

_is_slow_itself(alarm) if {
	alarm.attributes.namespace == "AWS/Route53"
	check := _check(alarm)
	check.attributes.failure_threshold >= _minimum
}

_check(alarm) := input.by_arn[concat("", [
	"arn:",
	split(alarm.arn, ":")[1],
	":route53:::healthcheck/",
	alarm.attributes.dimensions.HealthCheckId,
])]

_words(samples) := "1 bad sample" if samples == 1

_words(samples) := sprintf("%d bad samples", [samples]) if samples != 1

_evidence(alarm) := {
	"metric": alarm.attributes.metric_name,
	"dimensions": alarm.attributes.dimensions,
	"period": alarm.attributes.period,
	"evaluation_periods": alarm.attributes.evaluation_periods,
	"datapoints_to_alarm": alarm.attributes.datapoints_to_alarm,
	"treat_missing_data": alarm.attributes.treat_missing_data,
}

_params(alarm) := {
	"namespace": alarm.attributes.namespace,
	"metric_name": alarm.attributes.metric_name,
	"dimensions": _dimensions(alarm),
	"alarm_actions": alarm.attributes.alarm_actions,
	"period": alarm.attributes.period,
	"evaluation_periods": _at_least(alarm.attributes.evaluation_periods),
	"datapoints_to_alarm": _at_least(_needed(alarm)),
}

_needed(alarm) := _samples(alarm)

_needed(alarm) := null if not _samples(alarm)

_at_least(number) := number if {
	is_number(number)
	number > _minimum
} else := _minimum

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
