package hadr.drs.server_not_recoverable_test

import data.hadr.drs.server_not_recoverable as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute
import data.hadr.lib.test_recovery

_arn := "arn:aws:drs:eu-west-1:123456789012:source-server/s-1"

_document(attributes) := test_recovery.input_with([test_recovery.source_server("s-1", attributes)], {})

_violated(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_limits(document) := {object.get(violation, "at_most", "none") |
	some violation in policy.violations with input as document
}

_params(document) := {violation.params | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_satisfied_when_it_follows_and_was_launched if {
	every attributes in [{}, {"lag_duration": "PT15M"}, {"data_replication_state": "BACKLOG", "lag_duration": "PT5M"}] {
		document := _document(attributes)
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_arn}
	}
}

test_violated_when_it_does_not_follow if {
	every state, words in {
		"DISCONNECTED": "has lost its connection",
		"PAUSED": "is paused",
		"STALLED": "has stalled",
		"STOPPED": "is stopped",
	} {
		shown := _document({"data_replication_state": state})
		_violated(shown) == {[_arn, "replication"]}
		_unknown(shown) == set()
		_limits(shown) == {"none"}
		_messages(shown) == {sprintf("s-1 is not replicated: replication %s", [words])}
	}
	document := _document({"data_replication_state": "STALLED", "lag_duration": "P1D"})
	some violation in policy.violations with input as document
	violation.evidence == {
		"data_replication_state": "STALLED",
		"lag_duration": "P1D",
		"last_launch_result": "SUCCEEDED",
		"source_instance": null,
	}
	violation.params == {"late_server": "s-1"}
	_params(_document({"data_replication_state": "STOPPED"})) == {{"stopped_server": "s-1"}}
}

test_a_lesser_one_before_it_has_caught_up if {
	every state in ["INITIATING", "INITIAL_SYNC"] {
		document := _document({"data_replication_state": state})
		_messages(document) == {"s-1 has no complete copy yet"}
		_limits(document) == {"medium"}
	}
}

test_violated_when_it_is_too_far_behind if {
	every state in ["BACKLOG", "CONTINUOUS", "CREATING_SNAPSHOT", "RESCAN"] {
		shown := _document({"data_replication_state": state, "lag_duration": "PT15M1S"})
		_violated(shown) == {[_arn, "late"]}
		_messages(shown) == {"s-1 is further ahead of its copy than the 15 minutes that its objective allows"}
		_params(shown) == {{"late_server": "s-1"}}
	}
	document := _document({"lag_duration": "PT1H"})
	some violation in policy.violations with input as document
	violation.evidence.rpo_seconds == 900
}

test_violated_when_the_last_launch_failed if {
	document := _document({"last_launch_result": "FAILED"})
	_violated(document) == {[_arn, "launch"]}
	_messages(document) == {"s-1 did not start when it was launched last"}
	_limits(document) == {"none"}
	_params(document) == {{"untried_server": "s-1"}}
}

test_a_lesser_one_when_it_was_never_launched if {
	document := _document({"last_launch_result": "NOT_STARTED"})
	_messages(document) == {"s-1 was never launched from its copy"}
	_limits(document) == {"medium"}
}

test_a_server_that_is_off_need_not_be_followed if {
	every state, found in {"stopped": set(), "running": {[_arn, "replication"]}} {
		instance := test_compute.instance("i-1", {"state": state})
		server := test_recovery.source_server("s-1", {
			"source_instance": instance.arn,
			"data_replication_state": "DISCONNECTED",
		})
		document := test_recovery.input_with([instance, server], {})
		_violated(document) == found
		_unknown(document) == set()
	}
}

test_unknown_without_a_state_or_a_launch if {
	every attributes in [
		{"data_replication_state": null},
		{"data_replication_state": "SOMETHING_NEW"},
		{"data_replication_state": "BACKLOG", "lag_duration": null},
		{"last_launch_result": null},
		{"last_launch_result": "PENDING"},
	] {
		document := _document(attributes)
		_unknown(document) == {_arn}
		_violated(document) == set()
	}
}

test_not_applicable_without_servers if {
	_judged(test_recovery.input_with([test_compute.instance("i-1", {})], {})) == set()
}

test_the_promise_of_a_tier_counts if {
	server := test.with_members(
		test_recovery.source_server("s-1", {"lag_duration": "PT2H"}),
		{"tier": {"value": "general", "source": "default"}},
	)
	_violated(test_recovery.input_with([server], {})) == set()
}
