package hadr.elb.deletion_protection_off_test

import data.hadr.elb.deletion_protection_off as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_noted(document) := {violation.resource |
	some violation in policy.violations with input as document
	violation.at_most == "info"
}

_edge := {compute.balancer_arn("edge")}

_protected(value) := compute.load_balancer("edge", {"deletion_protection_enabled": value})

_tagged(tags) := test.input_of([test.with_members(_protected(false), {"tags": tags})])

test_violated_without_protection if {
	document := test.input_of([_protected(false)])
	_violated(document) == _edge
	_unknown(document) == set()
}

test_message_names_the_load_balancer if {
	document := test.input_of([_protected(false)])
	some violation in policy.violations with input as document
	violation.message == "edge has no deletion protection"
	violation.evidence == {"deletion_protection_enabled": false, "type": "application"}
	not violation.at_most
}

test_violated_by_network_and_gateway_load_balancers if {
	every kind in ["network", "gateway"] {
		settings := {"type": kind, "deletion_protection_enabled": false}
		document := test.input_of([compute.load_balancer("edge", settings)])
		_violated(document) == _edge
	}
}

test_satisfied_with_protection if {
	document := test.input_of([_protected(true)])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _edge with input as document
}

test_unknown_where_the_api_did_not_say if {
	document := test.input_of([_protected(null)])
	_unknown(document) == _edge
	_violated(document) == set()
}

test_only_a_note_on_those_that_kubernetes_made if {
	every key in ["elbv2.k8s.aws/cluster", "eks:eks-cluster-name", "kubernetes.io/service-name"] {
		document := _tagged({key: "shop"})
		_violated(document) == _edge
		_noted(document) == _edge
	}
}

test_not_lowered_without_tags_or_by_others if {
	every tags in [null, {}, {"team": "shop"}] {
		document := _tagged(tags)
		_violated(document) == _edge
		_noted(document) == set()
	}
}

test_not_applicable_to_classic_load_balancers if {
	document := test.input_of([compute.classic_load_balancer("old", {})])
	policy.subjects == set() with input as document
}
