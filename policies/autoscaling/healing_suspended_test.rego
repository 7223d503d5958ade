package hadr.autoscaling.healing_suspended_test

import data.hadr.autoscaling.healing_suspended as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_web := {compute.group_arn("web")}

_process(name, at) := {"process_name": name, "suspended_at": at}

_with(processes, attributes) := compute.group("web", object.union({"suspended_processes": processes}, attributes))

_suspended(processes) := compute.input_with([_with(processes, {})], {})

_long_ago := "2026-11-20T10:00:00Z"

_unregistered := {"target_group_arns": [], "load_balancer_names": [], "traffic_sources": []}

test_violated_by_each_process_that_heals if {
	every name in ["AddToLoadBalancer", "AZRebalance", "HealthCheck", "Launch", "ReplaceUnhealthy", "Terminate"] {
		document := _suspended([_process(name, _long_ago)])
		_violated(document) == _web
		_unknown(document) == set()
	}
}

test_message_names_the_processes if {
	processes := [_process("HealthCheck", _long_ago), _process("Launch", _long_ago)]
	document := _suspended(processes)
	some violation in policy.violations with input as document
	violation.message == "web has had HealthCheck, Launch suspended for more than 24 hours"
	violation.evidence == {"suspended_processes": processes}
	violation.params == {"processes": ["HealthCheck", "Launch"]}
	not violation.at_most
}

test_lesser_where_only_the_balance_of_the_zones_is_suspended if {
	document := _suspended([_process("AZRebalance", _long_ago)])
	some violation in policy.violations with input as document
	violation.message == "web has had AZRebalance suspended for more than 24 hours"
	violation.at_most == "low"
}

test_hardly_a_finding_in_kubernetes if {
	every tag in ["eks:cluster-name", "k8s.io/cluster-autoscaler/enabled"] {
		group := test.with_members(_with([_process("AZRebalance", _long_ago)], {}), {"tags": {tag: "shop"}})
		document := compute.input_with([group], {})
		_violated(document) == _web
		some violation in policy.violations with input as document
		violation.at_most == "info"
	}
}

test_what_was_just_suspended_does_not_hide_the_rest if {
	processes := [_process("AZRebalance", _long_ago), _process("Launch", "2026-11-22T02:00:00Z")]
	document := _suspended(processes)
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.params == {"processes": ["AZRebalance"]}
	violation.evidence == {"suspended_processes": processes}
}

# The snapshot is of 2026-11-22T03:00:00Z.
test_a_day_decides if {
	_violated(_suspended([_process("Launch", "2026-11-21T02:59:59Z")])) == _web
	_violated(_suspended([_process("Launch", "2026-11-21T03:00:00Z")])) == set()
	_violated(_suspended([_process("Launch", "2025-12-31T23:59:59Z")])) == _web
}

test_a_day_decides_at_the_end_of_february if {
	after := {"captured_at": "2028-03-01T08:09:10Z"}
	old := compute.input_with([_with([_process("Launch", "2028-02-29T08:09:09Z")], {})], after)
	_violated(old) == _web
	fresh := compute.input_with([_with([_process("Launch", "2028-02-29T08:09:11Z")], {})], after)
	_violated(fresh) == set()
	_unknown(fresh) == _web
}

test_a_day_decides_at_the_turn_of_the_year if {
	after := {"captured_at": "2027-01-01T00:30:00Z"}
	old := compute.input_with([_with([_process("Launch", "2026-12-31T00:29:59Z")], {})], after)
	_violated(old) == _web
	fresh := compute.input_with([_with([_process("Launch", "2026-12-31T00:30:01Z")], {})], after)
	_violated(fresh) == set()
}

test_satisfied_where_nothing_is_suspended if {
	document := _suspended([])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

test_satisfied_where_what_is_suspended_heals_nothing if {
	names := ["AlarmNotification", "InstanceRefresh", "ScheduledActions"]
	document := _suspended([_process(name, _long_ago) | some name in names])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

test_satisfied_where_there_is_no_load_balancer_to_add_to if {
	document := compute.input_with([_with([_process("AddToLoadBalancer", _long_ago)], _unregistered)], {})
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

test_unknown_within_a_day_or_without_a_time if {
	every at in ["2026-11-22T02:00:00Z", "2026-11-21T03:00:00Z", null] {
		document := _suspended([_process("Launch", at)])
		_unknown(document) == _web
		_violated(document) == set()
	}
}

test_not_applicable_to_groups_without_instances if {
	document := compute.input_with([_with([_process("Launch", _long_ago)], {"max_size": 0})], {})
	policy.subjects == set() with input as document
}
