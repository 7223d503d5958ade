package hadr.rds.replica_not_promotable_test

import data.hadr.lib.test
import data.hadr.rds.replica_not_promotable as policy

_source_arn := test.arn_in("eu-central-1", "db:orders")

_replica_arn := test.arn("db:orders-dr")

_source(attributes) := test.with_members(
	test.db_instance("orders", attributes),
	{"arn": _source_arn, "region": "eu-central-1"},
)

_replica(attributes) := test.db_instance("orders-dr", object.union(
	{"role": "read_replica", "read_replica_source_db_instance_arn": _source_arn},
	attributes,
))

_business(replica) := test.with_members(replica, {
	"tier": {"value": "business-critical"},
	"criticality": "business-critical",
})

# A replica that differs from its source in these attributes.
_differing(attributes) := test.input_of([_source({}), _replica(attributes)])

_causes(document) := {violation.discriminator | some violation in policy.violations with input as document}

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

test_satisfied_when_it_equals_its_source if {
	document := _differing({})
	_causes(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_replica_arn} with input as document
}

test_each_cause_is_a_violation_of_the_replica if {
	causes := {
		"backups": {"backup_retention_period": 0},
		"class": {"db_instance_class": "db.r6g.medium"},
		"public": {"publicly_accessible": true},
		"standby": {"multi_az": false},
		"storage": {"allocated_storage": 99},
	}
	every cause, attributes in causes {
		document := _differing(attributes)
		_causes(document) == {cause}
		_violated(document) == {_replica_arn}
	}
}

test_fewer_operations_per_second_are_a_cause if {
	document := test.input_of([_source({"iops": 6000}), _replica({"iops": 3000})])
	_causes(document) == {"iops"}
}

test_several_causes_are_told_apart if {
	document := _differing({"backup_retention_period": 0, "multi_az": false})
	_causes(document) == {"backups", "standby"}
}

test_message_evidence_and_change_say_what_differs if {
	document := _differing({"db_instance_class": "db.r6g.medium"})
	some violation in policy.violations with input as document
	violation.message == "orders-dr is a db.r6g.medium, smaller than its source with db.r6g.large"
	violation.evidence == {
		"source": "arn:aws:rds:eu-central-1:123456789012:db:orders",
		"db_instance_class": "db.r6g.medium",
		"source.db_instance_class": "db.r6g.large",
	}
	violation.params == {
		"disturbing_change": {"DBInstanceClass": "db.r6g.large"},
		"undo": {"DBInstanceClass": "db.r6g.medium"},
	}
}

test_nothing_takes_back_more_storage if {
	some violation in policy.violations with input as _differing({"allocated_storage": 20})
	violation.params == {"storage": 100}
}

test_larger_is_as_good if {
	document := _differing({"db_instance_class": "db.r6g.xlarge", "allocated_storage": 200, "iops": 12000})
	_causes(document) == set()
	policy.unknowns == set() with input as document
}

test_public_like_its_source_is_no_cause if {
	public := {"publicly_accessible": true}
	_causes(test.input_of([_source(public), _replica(public)])) == set()
}

test_a_pilot_light_with_time_to_resize_may_be_smaller if {
	small := _business(_replica({"db_instance_class": "db.r6g.medium"}))
	_causes(test.input_of([_source({}), small])) == set()

	hasty := {"config": {"tiers": {"business-critical": {"rto": 7199}}}}
	_causes(test.input_with([_source({}), small], hasty)) == {"class"}

	warm := {"config": {"tiers": {"business-critical": {"strategy_rank": 2}}}}
	_causes(test.input_with([_source({}), small], warm)) == {"class"}
}

test_a_standby_is_asked_of_mission_critical_replicas_only if {
	document := test.input_of([_source({}), _business(_replica({"multi_az": false}))])
	_causes(document) == set()
	policy.unknowns == set() with input as document
}

test_sql_server_takes_neither_backups_nor_a_standby_of_a_replica if {
	attributes := {"engine": "sqlserver-ee", "backup_retention_period": 0, "multi_az": false}
	document := test.input_of([_source({"engine": "sqlserver-ee"}), _replica(attributes)])
	_causes(document) == set()
	policy.unknowns == set() with input as document
}

test_what_waits_for_the_window_is_worth_knowing if {
	pending := {"multi_az": true, "backup_retention_period": 30}
	document := _differing({
		"backup_retention_period": 0,
		"multi_az": false,
		"pending_modified_values": pending,
	})
	lowered := {violation.at_most | some violation in policy.violations with input as document}
	lowered == {"info"}
	_causes(document) == {"backups", "standby"}
}

test_unknown_across_families if {
	document := _differing({"db_instance_class": "db.r5.large"})
	_causes(document) == set()
	policy.unknowns == {_replica_arn} with input as document

	# Where it may be smaller, it does not matter.
	smaller := _business(_replica({"db_instance_class": "db.r5.large"}))
	allowed := test.input_of([_source({}), smaller])
	policy.unknowns == set() with input as allowed
}

test_unknown_when_the_api_did_not_say if {
	every attributes in [
		{"allocated_storage": null},
		{"backup_retention_period": null},
		{"db_instance_class": null},
		{"multi_az": null},
		{"publicly_accessible": null},
	] {
		document := _differing(attributes)
		_causes(document) == set()
		policy.unknowns == {_replica_arn} with input as document
	}
	open := test.input_of([_source({"publicly_accessible": null}), _replica({"publicly_accessible": true})])
	policy.unknowns == {_replica_arn} with input as open
	provisioned := test.input_of([_source({"iops": 3000}), _replica({"iops": null})])
	policy.unknowns == {_replica_arn} with input as provisioned
}

test_not_applicable_to_replicas_of_its_own_region_and_of_what_was_not_scanned if {
	document := test.input_of([
		test.db_instance("orders", {}),
		test.db_instance("near", {
			"role": "read_replica",
			"read_replica_source_db_instance_arn": test.arn("db:orders"),
			"backup_retention_period": 0,
		}),
		_replica({"backup_retention_period": 0}),
		_source({"backup_retention_period": 0}),
	])
	policy.subjects == {_replica_arn} with input as document

	alone := test.input_of([_replica({"backup_retention_period": 0})])
	policy.subjects == set() with input as alone
}

test_what_does_not_disturb_has_a_step_of_its_own if {
	some violation in policy.violations with input as _differing({"publicly_accessible": true})
	violation.params == {"change": {"PubliclyAccessible": false}, "undo": {"PubliclyAccessible": true}}
}
