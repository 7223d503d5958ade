package hadr.autoscaling.grace_period_unsafe_test

import data.hadr.autoscaling.grace_period_unsafe as policy
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_web := {compute.group_arn("web")}

_group(attributes) := compute.input_with([compute.group("web", attributes)], {})

_unregistered := {"target_group_arns": [], "load_balancer_names": [], "traffic_sources": []}

test_violated_without_a_grace_period if {
	document := _group({"health_check_grace_period": 0})
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web replaces new instances that do not answer at once"
	violation.at_most == "low"
	violation.evidence == {
		"health_check_grace_period": 0,
		"health_check_type": ["EC2", "ELB"],
		"maximum_seconds": 900,
	}
	violation.params == {"grace_period": 300, "current_grace_period": 0}
}

test_a_default_warmup_is_no_grace_period if {
	_violated(_group({"health_check_grace_period": 0, "default_instance_warmup": 300})) == _web
}

test_violated_where_it_is_too_long if {
	document := _group({"health_check_grace_period": 901})
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web keeps new instances for 901 seconds even if they do not answer"
	violation.evidence.health_check_grace_period == 901
	violation.params == {"grace_period": 300, "current_grace_period": 901}
	not violation.at_most
}

test_violated_behind_vpc_lattice if {
	_violated(_group({"health_check_grace_period": 0, "health_check_type": ["VPC_LATTICE"]})) == _web
}

test_violated_behind_a_classic_load_balancer if {
	classic := object.union(_unregistered, {"load_balancer_names": ["old"], "health_check_grace_period": 0})
	_violated(_group(classic)) == _web
}

test_satisfied_up_to_the_maximum if {
	every seconds in [1, 300, 900] {
		document := _group({"health_check_grace_period": seconds})
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _web with input as document
	}
}

test_unknown_without_what_decides if {
	every attributes in [
		{"health_check_grace_period": null},
		{"health_check_grace_period": 0, "health_check_type": []},
		{"health_check_grace_period": 901, "health_check_type": []},
	] {
		document := _group(attributes)
		_unknown(document) == _web
		_violated(document) == set()
	}
}

test_not_applicable_where_only_ec2_checks if {
	document := _group({"health_check_grace_period": 0, "health_check_type": ["EBS", "EC2"]})
	policy.subjects == set() with input as document
}

test_not_applicable_behind_nothing if {
	document := _group(object.union(_unregistered, {"health_check_grace_period": 0}))
	policy.subjects == set() with input as document
}
