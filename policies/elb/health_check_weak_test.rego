package hadr.elb.health_check_weak_test

import data.hadr.elb.health_check_weak as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_found(document) := {violation.discriminator | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_web := {compute.target_group_arn("web")}

_old := {compute.classic_arn("old")}

_group(settings) := compute.target_group("web", "edge", [compute.target("i-1", "healthy")], settings)

_input(settings) := test.input_of([_group(settings)])

_timed(interval, failures) := {"health_check_interval_seconds": interval, "unhealthy_threshold_count": failures}

_classic(settings) := test.input_of([compute.classic_load_balancer("old", {"health_check": settings})])

_classic_check := {"target": "HTTP:80/health", "interval": 10, "unhealthy_threshold": 2}

# What a Network Load Balancer checks unless told otherwise.
_connection := {
	"protocol": "TCP",
	"port": 443,
	"health_check_protocol": "TCP",
	"health_check_path": null,
	"matcher": null,
}

test_violated_by_a_slow_check if {
	document := _input(_timed(30, 2))
	_violated(document) == _web
	_unknown(document) == set()
}

test_message_names_the_seconds if {
	document := _input(_timed(30, 10))
	some violation in policy.violations with input as document
	violation.message == "web takes 300 seconds to find a target unhealthy"
	violation.evidence == {"interval": 30, "unhealthy_threshold": 10, "detection_seconds": 300, "limit": 30}
	violation.params == {
		"interval": 10,
		"timeout": 9,
		"present_interval": 30,
		"present_timeout": 5,
		"present_threshold": 10,
	}
	violation.discriminator == "slow"
}

test_how_slow_is_too_slow_depends_on_the_criticality if {
	limits := {"mission-critical": [15, 16], "business-critical": [30, 31], "general": [60, 61]}
	every criticality, intervals in limits {
		in_time := test.with_members(_group(_timed(intervals[0], 2)), {"criticality": criticality})
		late := test.with_members(_group(_timed(intervals[1], 2)), {"criticality": criticality})
		_violated(test.input_of([in_time])) == set()
		_violated(test.input_of([late])) == _web
	}
}

test_the_proposed_interval_keeps_to_a_short_limit if {
	document := _input(_timed(30, 2))
	parameters := object.union(
		data.parameters["elb-health-check-weak"],
		{"detection_seconds": {"mission-critical": 12}},
	)
	some violation in policy.violations with input as document
		with data.parameters["elb-health-check-weak"] as parameters
	violation.resource == compute.target_group_arn("web")
	violation.params.interval == 6
	violation.params.timeout == 5
}

test_violated_by_a_slow_check_of_a_classic_load_balancer if {
	document := _classic(object.union(_classic_check, {"interval": 30, "unhealthy_threshold": 5}))
	_violated(document) == _old
	some violation in policy.violations with input as document
	violation.message == "old takes 150 seconds to find a target unhealthy"
	violation.evidence == {"interval": 30, "unhealthy_threshold": 5, "detection_seconds": 150, "limit": 30}
	violation.params == {"target": "HTTP:80/health", "interval": 10, "timeout": 9}
}

test_violated_by_a_connection_to_what_speaks_http if {
	every settings in [
		_connection,
		object.union(_connection, {"protocol": "TLS", "port": 8443}),
		object.union(_connection, {"protocol": "HTTP", "port": 3000}),
	] {
		document := _input(settings)
		_violated(document) == _web
		_found(document) == {"connection-only"}
		_unknown(document) == set()
	}
}

test_message_of_a_connection if {
	document := _input(_connection)
	some violation in policy.violations with input as document
	violation.message == "web checks only that port 443 of its targets takes connections"
	violation.evidence == {"protocol": "TCP", "port": 443, "health_check_protocol": "TCP"}
	violation.params == {"http_or_https": null}
	violation.at_most == "low"
}

test_violated_by_a_connection_of_a_classic_load_balancer if {
	every target in ["TCP:80", "SSL:443"] {
		document := _classic(object.union(_classic_check, {"target": target}))
		_violated(document) == _old
		some violation in policy.violations with input as document
		violation.params == {"target": null, "interval": 10, "timeout": 9}
		violation.evidence.health_check.target == target
		violation.at_most == "low"
	}
}

test_message_of_a_connection_of_a_classic_load_balancer if {
	document := _classic(object.union(_classic_check, {"target": "TCP:80"}))
	some violation in policy.violations with input as document
	violation.message == "old checks only that port 80 of its targets takes connections"
}

test_satisfied_by_a_connection_to_what_speaks_something_else if {
	every document in [
		_input(object.union(_connection, {"port": 5432})),
		_input(object.union(_connection, {"protocol": "UDP"})),
		_classic(object.union(_classic_check, {"target": "TCP:8000"})),
	] {
		_violated(document) == set()
		_unknown(document) == set()
	}
}

test_violated_where_any_answer_passes if {
	every settings in [
		{"health_check_path": "/", "matcher": "200-499"},
		{"health_check_path": "/", "matcher": "100,200-499"},
		{"health_check_path": "/health", "matcher": "200-599"},
	] {
		document := _input(settings)
		_violated(document) == _web
		_found(document) == {"any-answer"}
	}
}

test_message_where_any_answer_passes if {
	document := _input({"health_check_path": "/", "matcher": "200-499"})
	some violation in policy.violations with input as document
	violation.message == "web takes answers with any code of 200-499 from / for healthy"
	violation.evidence == {"health_check_protocol": "HTTP", "health_check_path": "/", "matcher": "200-499"}
	violation.params == {"codes": "200", "present_path": "/", "present_codes": "200-499"}
	not violation.at_most
}

test_several_weaknesses_are_several_violations if {
	settings := object.union(_timed(30, 10), {"health_check_path": "/", "matcher": "200-499"})
	_found(_input(settings)) == {"slow", "any-answer"}
}

test_satisfied_by_a_quick_check_of_the_application if {
	every settings in [
		{},
		{"health_check_path": "/", "matcher": "200-399"},
		{"health_check_path": "/", "matcher": "200,404"},
		{"health_check_path": "/health", "matcher": "200-499"},
		{"health_check_path": "/AWS.ALB/healthcheck", "matcher": "0-99"},
	] {
		document := _input(settings)
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _web with input as document
	}
}

test_satisfied_by_a_quick_check_of_a_classic_load_balancer if {
	document := _classic(_classic_check)
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _old with input as document
}

test_unknown_where_the_api_did_not_say if {
	every settings in [
		{"health_check_interval_seconds": null},
		{"unhealthy_threshold_count": null},
		{"health_check_protocol": null},
		{"health_check_path": null},
		{"matcher": null},
		object.union(_connection, {"protocol": null}),
		object.union(_connection, {"port": null}),
	] {
		document := _input(settings)
		_unknown(document) == _web
		_violated(document) == set()
	}
}

test_unknown_for_a_classic_load_balancer_without_a_check if {
	document := _classic(null)
	_unknown(document) == _old
	_violated(document) == set()
}

test_not_applicable_to_functions_and_groups_that_are_not_used if {
	every settings in [{"target_type": "lambda"}, {"load_balancer_arns": []}] {
		document := _input(object.union(_timed(30, 10), settings))
		policy.subjects == set() with input as document
	}
}
