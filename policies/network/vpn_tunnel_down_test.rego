package hadr.network.vpn_tunnel_down_test

import data.hadr.lib.test_compute as aws
import data.hadr.network.vpn_tunnel_down as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_vpn := {aws.arn("vpn-connection/vpn-1")}

_with(statuses) := aws.input_with([aws.vpn_connection("vpn-1", statuses, {})], {})

test_violated_where_a_tunnel_is_down if {
	every statuses in [["UP", "DOWN"], ["DOWN", "UP"], ["DOWN", "DOWN"], ["DOWN", null], ["DOWN"]] {
		_violated(_with(statuses)) == _vpn
		_unknown(_with(statuses)) == set()
	}
}

test_message_counts_the_tunnels if {
	document := _with(["UP", "DOWN"])
	some violation in policy.violations with input as document
	violation.message == "vpn-1 has 1 of 2 tunnels down"
	violation.evidence == {
		"customer_gateway_id": "cgw-1",
		"gateway_id": "tgw-1",
		"tunnels": [
			{"outside_ip_address": "203.0.113.0", "status": "UP"},
			{"outside_ip_address": "203.0.113.1", "status": "DOWN"},
		],
	}
	violation.params == {"outside_ip_address": "203.0.113.1"}
}

test_a_person_chooses_among_tunnels_that_are_down if {
	document := _with(["DOWN", "DOWN"])
	some violation in policy.violations with input as document
	violation.message == "vpn-1 has 2 of 2 tunnels down"
	violation.params == {"outside_ip_address": null}
}

test_satisfied_with_two_tunnels_up if {
	document := _with(["UP", "UP"])
	policy.subjects == _vpn with input as document
	_violated(document) == set()
	_unknown(document) == set()
}

test_unknown_without_telemetry if {
	every statuses in [[], [null, null], ["UP", null], ["UP"]] {
		_unknown(_with(statuses)) == _vpn
		_violated(_with(statuses)) == set()
	}
}

test_not_applicable_to_what_comes_or_goes if {
	every state in ["pending", "deleting", "deleted"] {
		document := aws.input_with([aws.vpn_connection("vpn-1", ["DOWN", "DOWN"], {"state": state})], {})
		policy.subjects == set() with input as document
	}
}
