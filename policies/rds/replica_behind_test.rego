package hadr.rds.replica_behind_test

import data.hadr.lib.test
import data.hadr.lib.test_recovery
import data.hadr.rds.replica_behind as policy

_source_arn := test.arn_in("eu-central-1", "db:orders")

_replica_arn := test.arn("db:orders-dr")

_source := test.moved_to(test.db_instance("orders", {}), "eu-central-1")

_replica(attributes) := test.db_instance("orders-dr", object.union(
	{"role": "read_replica", "read_replica_source_db_instance_arn": _source_arn},
	attributes,
))

_lag(value) := test_recovery.metric(_replica_arn, "ReplicaLag", value, {})

_lagging(value) := test_recovery.input_with([_source, _replica({}), _lag(value)], {})

_with_status(info, value) := test_recovery.input_with([_source, _replica({"status_infos": [info]}), _lag(value)], {})

_info(status, normal) := {"status_type": "read replication", "status": status, "normal": normal}

_primary := test.moved_to(test.db_cluster("ledger", {}), "eu-central-1")

_secondary(attributes) := test.db_cluster("ledger-dr", attributes)

_secondary_arn := test.arn("cluster:ledger-dr")

_global := test.global_cluster("ledger", {"global_cluster_members": [
	test.global_primary(_primary),
	test.global_secondary(_secondary({})),
]})

# A global cluster whose secondary was so many milliseconds behind.
_global_lagging(secondary, value) := test_recovery.input_with(
	[
		_primary, secondary, _global,
		test_recovery.metric(_secondary_arn, "AuroraGlobalDBReplicationLag", value, {}),
	],
	{"relations": {"member_of": {_primary.arn: [_global.arn], _secondary_arn: [_global.arn]}}},
)

_causes(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_satisfied_when_it_follows if {
	every value in [0, 3, 900] {
		document := _lagging(value)
		_causes(document) == set()
		_unknown(document) == set()
		_judged(document) == {_replica_arn}
	}
}

test_violated_when_it_is_too_far_behind if {
	document := _lagging(901)
	_causes(document) == {[_replica_arn, "late"]}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "orders-dr was up to 901 seconds behind its source in the last day, and may be 900 seconds"
	violation.evidence == {"source": _source_arn, "lag_seconds": 901, "rpo_seconds": 900}
	violation.params == {"source_type": "db-instance", "metric": "ReplicaLag"}
}

test_the_shorter_promise_counts if {
	general := {"tier": {"value": "general", "source": "default"}, "criticality": "general"}
	replica := test.with_members(_replica({}), general)
	_causes(test_recovery.input_with([_source, replica, _lag(7200)], {})) == {[_replica_arn, "late"]}
	_causes(test_recovery.input_with([test.with_members(_source, general), replica, _lag(7200)], {})) == set()

	# Its source is of an account that was not scanned.
	_causes(test_recovery.input_with([replica, _lag(7200)], {})) == set()
}

test_violated_when_it_has_stopped if {
	every info in [
		_info("error", false),
		_info("stopped", false),
		_info("terminated", null),
		_info("replication stop point reached", true),
	] {
		shown := _with_status(info, 3)
		_causes(shown) == {[_replica_arn, "stopped"]}
		_messages(shown) == {sprintf("orders-dr does not follow its source: %s", [info.status])}
	}
	document := _with_status(_info(null, false), null)
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "orders-dr does not follow its source: not normal"
	violation.evidence == {"source": _source_arn, "status_infos": [_info(null, false)], "lag_seconds": null}
	violation.params == {"source_type": "db-instance", "metric": "ReplicaLag", "stopped": "orders-dr"}
}

test_violated_when_no_lag_could_be_measured if {
	document := _lagging(-1)
	_causes(document) == {[_replica_arn, "stopped"]}
	_messages(document) == {"orders-dr does not follow its source: no lag could be measured"}
}

test_a_stop_point_that_is_ahead_does_not_stop_it if {
	every status in ["replicating", "replication stop point set"] {
		document := _with_status(_info(status, true), 3)
		_causes(document) == set()
		_unknown(document) == set()
	}
}

test_a_replica_of_a_cluster_is_judged if {
	replica := _replica({
		"read_replica_source_db_instance_arn": null,
		"read_replica_source_db_cluster_arn": test.arn_in("eu-central-1", "cluster:orders"),
	})
	_causes(test_recovery.input_with([replica, _lag(901)], {})) == {[_replica_arn, "late"]}
}

test_unknown_without_the_lag if {
	_unknown(_lagging(null)) == {_replica_arn}
	_unknown(test_recovery.input_with([_source, _replica({})], {})) == {_replica_arn}
	_causes(_lagging(null)) == set()
}

test_unknown_while_it_catches_up if {
	replica := test.with_members(_replica({}), {"age": 54000})
	document := test_recovery.input_with([_source, replica, _lag(40000)], {})
	_unknown(document) == {_replica_arn}
	_causes(document) == set()
	_unknown(test_recovery.input_with([_source, replica, _lag(3)], {})) == set()
}

test_a_secondary_is_measured_in_milliseconds if {
	satisfied := _global_lagging(_secondary({}), 900000)
	_causes(satisfied) == set()
	_unknown(satisfied) == set()
	_judged(satisfied) == {_secondary_arn}
	document := _global_lagging(_secondary({}), 7200000)
	_causes(document) == {[_secondary_arn, "late"]}
	some violation in policy.violations with input as document
	violation.message == "ledger-dr was up to 2 hours behind its source in the last day, and may be 900 seconds"
	violation.evidence == {"source": _primary.arn, "lag_seconds": 7200, "rpo_seconds": 900}
	violation.params == {"source_type": "db-cluster", "metric": "AuroraGlobalDBReplicationLag"}
}

test_unknown_without_the_lag_of_a_secondary if {
	_unknown(_global_lagging(_secondary({}), null)) == {_secondary_arn}
	new := test.with_members(_secondary({}), {"age": 10800})
	_unknown(_global_lagging(new, 7200000)) == {_secondary_arn}
}

test_unknown_where_global_clusters_were_not_listed if {
	document := test_recovery.input_with([_secondary({"global_cluster_identifier": "ledger"})], {})
	_unknown(document) == {_secondary_arn}
	_causes(document) == set()
}

test_not_applicable_to_what_serves_readers_or_leads if {
	near := _replica({"read_replica_source_db_instance_arn": test.arn("db:orders")})
	_judged(test_recovery.input_with([near, _lag(901)], {})) == set()
	_judged(test_recovery.input_with([test.db_instance("orders", {}), test.db_cluster("ledger", {})], {})) == set()
}
