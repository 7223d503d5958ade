# METADATA
# title: Health check finds failed targets late or not at all
# description: |
#   Until a target has failed its checks often enough, it gets its share of the requests, and its clients get errors.
#   A check that passes while the application does not work leaves it there for good.
#
#   A check is too slow if its interval, as many times as a target may fail, is longer than the parameter. It is too
#   shallow if it only opens a connection to a port that speaks HTTP, which a process that hangs accepts as well, or
#   if any answer passes: codes of 200 to 499 from `/`, where a server without its application says 404, or those of
#   200 to 599 from any path. AWS allows a connection to be the check only where it does not know that the targets
#   speak HTTP. That they do is concluded from their port, so that this finding is a mild one.
#
#   Target groups that a load balancer uses are judged, and Classic Load Balancers, whose checks pass only with 200.
#   Groups of functions are not judged: functions are checked where they run. The verdict is unknown where the
#   settings that decide were not returned. Codes of gRPC are not judged, nor what a path tells of the application.
# scope: package
# related_resources:
# - description: Health checks for Application Load Balancer target groups
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
# - description: Health checks for Network Load Balancer target groups
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
# - description: Configure health checks for your Classic Load Balancer
#   ref: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: failover
#   scenarios: [instance, zone]
#   resource_types: [AWS::ElasticLoadBalancingV2::TargetGroup, AWS::ElasticLoadBalancing::LoadBalancer]
#   requires: [elasticloadbalancing:DescribeTargetGroups, elasticloadbalancing:DescribeClassicLoadBalancers]
#   parameters:
#     detection_seconds:
#       default:
#         mission-critical: 30
#         business-critical: 60
#         general: 120
#         non-production: 120
#       description: Seconds that it may take to find a target unhealthy.
#     http_ports:
#       default: [80, 443, 8080, 8443]
#       description: Ports whose targets are taken to speak HTTP, where their protocol does not say so.
#   controls:
#     aws-well-architected: [REL11-BP01]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [10(1)]
#     soc2: [A1.2]
#   practices: [instances-behind-a-target-group]
#   remediation:
#   - argv:
#     - aws
#     - elbv2
#     - modify-target-group
#     - --target-group-arn={{arn}}
#     - --health-check-interval-seconds={{params.interval}}
#     - --health-check-timeout-seconds={{params.timeout}}
#     - --unhealthy-threshold-count=2
#     - --region={{region}}
#     effect: >-
#       targets are checked more often and are left out sooner; those that answer more slowly than the timeout become
#       unhealthy, so that the path of the check has to be quick
#     risk: review
#     undo:
#     - aws
#     - elbv2
#     - modify-target-group
#     - --target-group-arn={{arn}}
#     - --health-check-interval-seconds={{params.present_interval}}
#     - --health-check-timeout-seconds={{params.present_timeout}}
#     - --unhealthy-threshold-count={{params.present_threshold}}
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-target-groups
#     - --target-group-arns={{arn}}
#     - --query=TargetGroups[0].[HealthCheckIntervalSeconds,UnhealthyThresholdCount]
#     - --region={{region}}
#     cost: none; the targets answer more checks
#     resource_types: [AWS::ElasticLoadBalancingV2::TargetGroup]
#   - argv:
#     - aws
#     - elbv2
#     - modify-target-group
#     - --target-group-arn={{arn}}
#     - --health-check-protocol={{params.http_or_https}}
#     - --health-check-path={{choose.health_path}}
#     - --region={{region}}
#     effect: >-
#       only targets whose path answers with a code that passes get requests; the path has to be there before, has to
#       fail when the application does, and may not ask for a certificate of the client
#     risk: review
#     undo:
#     - aws
#     - elbv2
#     - modify-target-group
#     - --target-group-arn={{arn}}
#     - --health-check-protocol=TCP
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-target-health
#     - --target-group-arn={{arn}}
#     - --query=TargetHealthDescriptions[].[Target.Id,TargetHealth.State]
#     - --region={{region}}
#     cost: none
#     resource_types: [AWS::ElasticLoadBalancingV2::TargetGroup]
#   - argv:
#     - aws
#     - elbv2
#     - modify-target-group
#     - --target-group-arn={{arn}}
#     - --health-check-path={{choose.health_path}}
#     - --matcher={"HttpCode":"{{params.codes}}"}
#     - --region={{region}}
#     effect: >-
#       only targets whose path answers with one of these codes get requests; the path has to be there before, and has
#       to fail when the application does
#     risk: review
#     undo:
#     - aws
#     - elbv2
#     - modify-target-group
#     - --target-group-arn={{arn}}
#     - --health-check-path={{params.present_path}}
#     - --matcher={"HttpCode":"{{params.present_codes}}"}
#     - --region={{region}}
#     verify:
#     - aws
#     - elbv2
#     - describe-target-health
#     - --target-group-arn={{arn}}
#     - --query=TargetHealthDescriptions[].[Target.Id,TargetHealth.State]
#     - --region={{region}}
#     cost: none
#     resource_types: [AWS::ElasticLoadBalancingV2::TargetGroup]
#   - argv:
#     - aws
#     - elb
#     - configure-health-check
#     - --load-balancer-name={{name}}
#     - >-
#       --health-check={"Target":"{{params.target}}","Interval":{{params.interval}},"Timeout":{{params.timeout}},
#       "UnhealthyThreshold":2,"HealthyThreshold":2}
#     - --region={{region}}
#     effect: >-
#       the new check takes the place of the present one, of which all settings have to be noted before; instances
#       that answer more slowly than the timeout, or with another code than 200, become unhealthy
#     risk: review
#     undo:
#     - aws
#     - elb
#     - configure-health-check
#     - --load-balancer-name={{name}}
#     - --health-check={{choose.present_health_check}}
#     - --region={{region}}
#     verify:
#     - aws
#     - elb
#     - describe-instance-health
#     - --load-balancer-name={{name}}
#     - --query=InstanceStates[].[InstanceId,State]
#     - --region={{region}}
#     cost: none; the instances answer more checks
#     resource_types: [AWS::ElasticLoadBalancing::LoadBalancer]
#   since: 0.1.0
package hadr.elb.health_check_weak

_groups := [group |
	some group in input.resources["AWS::ElasticLoadBalancingV2::TargetGroup"]
	group.attributes.target_type != "lambda"
	count(group.attributes.load_balancer_arns) > 0
]

_classic := input.resources["AWS::ElasticLoadBalancing::LoadBalancer"]

subjects contains group.arn if {
	some group in _groups
}

subjects contains balancer.arn if {
	some balancer in _classic
}

unknowns contains group.arn if {
	some group in _groups
	null in {
		group.attributes.health_check_interval_seconds,
		group.attributes.unhealthy_threshold_count,
		group.attributes.health_check_protocol,
	}
}

# The codes decide together with the path.
unknowns contains group.arn if {
	some group in _groups
	group.attributes.health_check_protocol in {"HTTP", "HTTPS"}
	null in {group.attributes.health_check_path, group.attributes.matcher}
}

# The port decides together with the protocol.
unknowns contains group.arn if {
	some group in _groups
	group.attributes.health_check_protocol == "TCP"
	null in {group.attributes.protocol, group.attributes.port}
}

unknowns contains balancer.arn if {
	some balancer in _classic
	balancer.attributes.health_check == null
}

_limits := data.parameters["elb-health-check-weak"].detection_seconds

# Checks that take too long, in one form, each with what it is of.
_slow := array.concat(_slow_of_groups, _slow_of_classic)

_slow_of_groups := [check |
	some group in _groups
	interval := group.attributes.health_check_interval_seconds
	failures := group.attributes.unhealthy_threshold_count
	is_number(interval)
	is_number(failures)
	interval * failures > _limits[group.criticality]
	check := {"of": group, "interval": interval, "failures": failures}
]

_slow_of_classic := [check |
	some balancer in _classic
	is_object(balancer.attributes.health_check)
	interval := balancer.attributes.health_check.interval
	failures := balancer.attributes.health_check.unhealthy_threshold
	interval * failures > _limits[balancer.criticality]
	check := {"of": balancer, "interval": interval, "failures": failures}
]

violations contains violation if {
	some check in _slow
	limit := _limits[check.of.criticality]
	seconds := check.interval * check.failures
	violation := {
		"resource": check.of.arn,
		"message": sprintf("%s takes %d seconds to find a target unhealthy", [check.of.name, seconds]),
		"evidence": {
			"interval": check.interval,
			"unhealthy_threshold": check.failures,
			"detection_seconds": seconds,
			"limit": limit,
		},
		"params": object.union(_present(check), _faster(limit)),
		"discriminator": "slow",
	}
}

# Two failures fit into the limit, as far as the API allows, which takes intervals of five seconds and more.
_faster(limit) := {"interval": interval, "timeout": interval - 1} if {
	interval := max([5, min([10, floor(limit / 2)])])
}

_present(check) := {"target": check.of.attributes.health_check.target} if {
	check.of.type == "AWS::ElasticLoadBalancing::LoadBalancer"
} else := {
	"present_interval": check.interval,
	"present_timeout": check.of.attributes.health_check_timeout_seconds,
	"present_threshold": check.failures,
}

violations contains violation if {
	some group in _groups
	group.attributes.health_check_protocol == "TCP"
	_speaks_http(group)
	violation := {
		"resource": group.arn,
		"message": _connection_only(group.name, group.attributes.port),
		"evidence": {
			"protocol": group.attributes.protocol,
			"port": group.attributes.port,
			"health_check_protocol": "TCP",
		},
		"params": {"http_or_https": null},
		"discriminator": "connection-only",
		"at_most": "low",
	}
}

_speaks_http(group) if group.attributes.protocol in {"HTTP", "HTTPS"}

_speaks_http(group) if {
	group.attributes.protocol in {"TCP", "TLS"}
	group.attributes.port in data.parameters["elb-health-check-weak"].http_ports
}

_connection_only(name, port) := sprintf("%s checks only that port %v of its targets takes connections", [name, port])

violations contains violation if {
	some balancer in _classic
	is_object(balancer.attributes.health_check)
	parts := split(balancer.attributes.health_check.target, ":")
	upper(parts[0]) in {"TCP", "SSL"}
	some port in data.parameters["elb-health-check-weak"].http_ports
	parts[1] == format_int(port, 10)
	violation := {
		"resource": balancer.arn,
		"message": _connection_only(balancer.name, port),
		"evidence": {"health_check": balancer.attributes.health_check},
		"params": object.union({"target": null}, _faster(_limits[balancer.criticality])),
		"discriminator": "connection-only",
		"at_most": "low",
	}
}

violations contains violation if {
	some group in _groups
	group.attributes.health_check_protocol in {"HTTP", "HTTPS"}
	_passes_anything(group.attributes.matcher, group.attributes.health_check_path)
	violation := {
		"resource": group.arn,
		"message": sprintf(
			"%s takes answers with any code of %s from %s for healthy",
			[group.name, group.attributes.matcher, group.attributes.health_check_path],
		),
		"evidence": {
			"health_check_protocol": group.attributes.health_check_protocol,
			"health_check_path": group.attributes.health_check_path,
			"matcher": group.attributes.matcher,
		},
		"params": {
			"codes": "200",
			"present_path": group.attributes.health_check_path,
			"present_codes": group.attributes.matcher,
		},
		"discriminator": "any-answer",
	}
}

_passes_anything(matcher, "/") if _passes(matcher, "499")

_passes_anything(matcher, path) if {
	is_string(path)
	_passes(matcher, "599")
}

# One of its ranges goes from 200 to that code. Texts of three digits are in the order of their numbers.
_passes(matcher, code) if {
	is_string(matcher)
	some part in split(replace(matcher, " ", ""), ",")
	bounds := split(part, "-")
	count(bounds) == 2
	count(bounds[1]) == 3
	bounds[0] <= "200"
	bounds[1] >= code
}
