# METADATA
# title: Health check cannot tell reliably whether the endpoint works
# description: |
#   A health check that is disabled, needs no healthy child, or takes a missing metric for health reports an
#   endpoint that does not work as healthy, and nothing fails over. One that is reversed reports the opposite. With
#   few checkers, many attempts or no TLS name, failures are seen late or where there are none.
#
#   Health checks that a record set or a calculated health check uses are judged, and all of them where the record
#   sets of some zone could not be listed. Those that an AWS service manages are not. Reversing can be meant for a
#   maintenance, which a snapshot cannot tell. Whether the path that is asked says anything about the application is
#   not known; a TCP check of port 443 sees only that something listens there.
# scope: package
# related_resources:
# - description: Values for health checks
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html
# - description: How Route 53 determines whether a health check is healthy
#   ref: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: failover
#   scenarios: [zone, region]
#   resource_types: [AWS::Route53::HealthCheck]
#   requires: [route53:ListHostedZones, route53:ListResourceRecordSets, route53:ListHealthChecks]
#   parameters:
#     maximum_failures:
#       default: 3
#       description: Checks in a row that may fail before the status changes, at most.
#     minimum_regions:
#       default: 3
#       description: Regions that have to check, which Route 53 asks for as well.
#   controls:
#     aws-well-architected: [REL11-BP01]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [10(1)]
#     soc2: [A1.2]
#   practices: [health-check-of-the-service, failure-detected-in-time]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - update-health-check
#     - --health-check-id={{name}}
#     - --cli-input-json={{params.update}}
#     effect: the health check is judged anew with these settings, and records may fail over when it then fails
#     risk: review
#     undo:
#     - aws
#     - route53
#     - update-health-check
#     - --health-check-id={{name}}
#     - --cli-input-json={{params.previous}}
#     verify:
#     - aws
#     - route53
#     - get-health-check
#     - --health-check-id={{name}}
#     - --query=HealthCheck.HealthCheckConfig
#     cost: none
#   since: 0.1.0
package hadr.route53.health_check_misconfigured

import data.hadr.lib.route53
import data.hadr.lib.route53.partial_zones

_limits := data.parameters["route53-health-check-misconfigured"]

# Health checks that something looks at.
_used := {arn |
	some user in array.concat(
		input.resources["AWS::Route53::RecordSet"],
		input.resources["AWS::Route53::HealthCheck"],
	)
	some arn in input.relations.checked_by[user.arn]
}

_checks := [check |
	some check in input.resources["AWS::Route53::HealthCheck"]
	check.attributes.linked_service == null
	_may_be_used(check)
]

_may_be_used(check) if check.arn in _used

_may_be_used(_) if count(partial_zones) > 0

subjects contains check.arn if {
	some check in _checks
}

unknowns contains check.arn if {
	some check in _checks
	some setting in ["check_type", "disabled", "inverted"]
	check.attributes[setting] == null
}

unknowns contains check.arn if {
	some check in _checks
	check.attributes.check_type in {"HTTPS", "HTTPS_STR_MATCH"}
	check.attributes.enable_sni == null
}

violations contains violation if {
	some check in _checks
	some setting, fact in _faults(check)
	violation := object.union(_violation(check, setting, fact), _bound(setting))
}

_violation(check, setting, fact) := {
	"resource": check.arn,
	"message": sprintf("%s %s", [check.name, fact.says]),
	"evidence": {"check_type": check.attributes.check_type, setting: check.attributes[setting]},
	"params": fact.params,
	"discriminator": setting,
}

# The first make the check useless; the others make it worse than it could be.
_bound(setting) := {} if setting in {"disabled", "inverted", "health_threshold", "insufficient_data_health_status"}

_bound(setting) := {"at_most": "low"} if setting in {"check_type", "enable_sni", "failure_threshold", "regions"}

# What is wrong, by the setting that is to blame.
_faults(check) := object.union_n([_useless(check), _shallow(check), _slow(check)])

_useless(check) := {setting: fact |
	some setting, fact in {
		"disabled": _fault(
			"is disabled, so that Route 53 takes the endpoint for healthy",
			_update("Disabled", false, true),
		),
		"inverted": _fault("is reversed and reports what works as broken", _update("Inverted", false, true)),
		"health_threshold": _fault("needs no healthy child", _update("HealthThreshold", 1, 0)),
		"insufficient_data_health_status": _fault(
			"takes an alarm without data for health",
			_update("InsufficientDataHealthStatus", "LastKnownStatus", "Healthy"),
		),
	}
	_useless_when(check.attributes, setting)
}

_useless_when(settings, "disabled") if settings.disabled == true

_useless_when(settings, "inverted") if settings.inverted == true

_useless_when(settings, "health_threshold") if {
	settings.check_type == "CALCULATED"
	settings.health_threshold == 0
}

_useless_when(settings, "insufficient_data_health_status") if {
	settings.check_type == "CLOUDWATCH_METRIC"
	settings.insufficient_data_health_status == "Healthy"
}

_shallow(check) := {"check_type": _fault("sees only that something listens on port 443", {})} if {
	check.attributes.check_type == "TCP"
	check.attributes.port == 443
} else := {"enable_sni": _fault(
	"does not send the name of the host in the TLS handshake",
	_update("EnableSNI", true, false),
)} if {
	check.attributes.check_type in {"HTTPS", "HTTPS_STR_MATCH"}
	check.attributes.enable_sni == false
} else := {}

_slow(check) := {setting: fact |
	some [setting, fact] in array.concat(_slow_to_fail(check.attributes), _few_regions(check.attributes))
}

_slow_to_fail(settings) := [[
	"failure_threshold",
	_fault(
		sprintf("waits for %v failures in a row", [settings.failure_threshold]),
		_update("FailureThreshold", _limits.maximum_failures, settings.failure_threshold),
	),
]] if {
	is_number(settings.failure_threshold)
	settings.failure_threshold > _limits.maximum_failures
} else := []

# None are named where it is checked from all.
_few_regions(settings) := [["regions", _fault(says, {})]] if {
	says := sprintf("is checked from %v Regions", [count(settings.regions)])
	count(settings.regions) > 0
	count(settings.regions) < _limits.minimum_regions
} else := []

_fault(says, params) := {"says": says, "params": params}

# Commands that set a setting and set it back.
_update(setting, to, from) := {"update": {setting: to}, "previous": {setting: from}}
