package hadr.autoscaling.load_balancer_health_ignored_test

import data.hadr.autoscaling.load_balancer_health_ignored as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_arn := compute.group_arn("web")

# A group that is checked by these types.
_checked_by(types, attributes) := compute.group("web", object.union({"health_check_type": types}, attributes))

_lattice := "arn:aws:vpc-lattice:eu-west-1:123456789012:targetgroup/tg-1"

_unregistered := {"target_group_arns": [], "load_balancer_names": [], "traffic_sources": []}

_behind_lattice := object.union(
	_unregistered,
	{"traffic_sources": [{"identifier": _lattice, "type": "vpc-lattice"}]},
)

test_violated_where_only_ec2_checks if {
	_violated(compute.input_with([_checked_by(["EC2"], {})], {})) == {_arn}
	_violated(compute.input_with([_checked_by(["EBS", "EC2"], {})], {})) == {_arn}
}

test_message_names_the_group if {
	document := compute.input_with([_checked_by(["EC2"], {})], {})
	some violation in policy.violations with input as document
	violation.message == "web keeps instances that its load balancer finds unhealthy"
	violation.evidence == {
		"health_check_type": ["EC2"],
		"target_group_arns": [compute.target_group_arn("web")],
		"load_balancer_names": [],
		"traffic_sources": [{"identifier": compute.target_group_arn("web"), "type": "elbv2"}],
	}
	violation.params == {
		"health_check_type": "EC2,ELB",
		"grace_period": 300,
		"current_health_check_type": "EC2",
		"current_grace_period": 300,
	}
}

test_remediation_gives_a_grace_period_where_there_is_none if {
	every seconds in [0, null] {
		document := compute.input_with([_checked_by(["EC2"], {"health_check_grace_period": seconds})], {})
		some violation in policy.violations with input as document
		violation.params.grace_period == 300
		violation.params.current_grace_period == seconds
	}
}

test_violated_behind_a_classic_load_balancer if {
	classic := object.union(_unregistered, {"load_balancer_names": ["old"]})
	_violated(compute.input_with([_checked_by(["EC2"], classic)], {})) == {_arn}
	newer := object.union(_unregistered, {"traffic_sources": [{"identifier": "old", "type": "elb"}]})
	_violated(compute.input_with([_checked_by(["EC2"], newer)], {})) == {_arn}
}

test_violated_behind_vpc_lattice_without_its_type if {
	every types in [["EC2"], ["EC2", "ELB"]] {
		document := compute.input_with([_checked_by(types, _behind_lattice)], {})
		_violated(document) == {_arn}
		some violation in policy.violations with input as document
		violation.message == "web keeps instances that VPC Lattice finds unhealthy"
		violation.params.health_check_type == concat(",", array.concat(types, ["VPC_LATTICE"]))
	}
}

test_message_names_both_where_neither_is_asked if {
	both := {"traffic_sources": [{"identifier": _lattice, "type": null}]}
	document := compute.input_with([_checked_by(["EC2"], both)], {})
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.message == "web keeps instances that its load balancer or VPC Lattice finds unhealthy"
	violation.params.health_check_type == "EC2,ELB,VPC_LATTICE"
}

test_satisfied_where_the_load_balancer_is_asked if {
	every group in [
		_checked_by(["EC2", "ELB"], {}),
		_checked_by(["ELB"], {}),
		_checked_by(["VPC_LATTICE"], _behind_lattice),
	] {
		document := compute.input_with([group], {})
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == {_arn} with input as document
	}
}

test_unknown_without_what_decides if {
	every group in [_checked_by([], {}), test.with_members(_checked_by(["EC2"], {}), {"tags": null})] {
		document := compute.input_with([group], {})
		_unknown(document) == {_arn}
		_violated(document) == set()
	}
}

test_not_applicable_behind_nothing if {
	document := compute.input_with([_checked_by(["EC2"], _unregistered)], {})
	policy.subjects == set() with input as document
}

test_not_applicable_to_groups_of_containers if {
	every tags in [{"eks:cluster-name": "shop"}, {"eks:nodegroup-name": "nodes"}, {"AmazonECSManaged": ""}] {
		document := compute.input_with([test.with_members(_checked_by(["EC2"], {}), {"tags": tags})], {})
		policy.subjects == set() with input as document
	}
}
