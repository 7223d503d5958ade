package hadr.aurora.global_secondary_drift_test

import data.hadr.aurora.global_secondary_drift as policy
import data.hadr.lib.test

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_primary := test.db_cluster("orders", {})

_far := test.moved_to(test.db_cluster("orders-dr", {}), "eu-central-1")

_far_with(attributes) := object.union(_far, {"attributes": attributes})

_arn := "arn:aws:rds::123456789012:global-cluster:shop"

_far_arn := test.arn_in("eu-central-1", "cluster:orders-dr")

_class(class) := {"db_instance_class": class}

_at_home(class) := test.running(_primary, [
	test.writer("orders-1", "eu-west-1a", _class(class)),
	test.reader("orders-2", "eu-west-1b", _class(class)),
])

_readers(class) := [
	test.reader("dr-1", "eu-central-1a", _class(class)),
	test.reader("dr-2", "eu-central-1b", _class(class)),
]

_members := [test.global_primary(_primary), test.global_secondary(_far)]

_shop(attributes) := test.global_cluster("shop", object.union({"global_cluster_members": _members}, attributes))

_document(global, primary, secondary) := test.input_of_clusters([primary, secondary], [global], {})

# A global cluster whose secondary has these instances.
_with_secondary(secondary, members) := _document(
	_shop({}),
	_at_home("db.r6g.large"),
	test.running(secondary, members),
)

_alike := _with_secondary(_far, _readers("db.r6g.large"))

test_satisfied_when_both_are_alike if {
	_violated(_alike) == set()
	policy.unknowns == set() with input as _alike
	policy.subjects == {_arn} with input as _alike
}

test_satisfied_with_one_instance_as_large_as_the_writer if {
	readers := [
		test.reader("dr-1", "eu-central-1a", _class("db.r6g.medium")),
		test.reader("dr-2", "eu-central-1b", _class("db.r6g.2xlarge")),
	]
	document := _with_secondary(_far, readers)
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_violated_when_every_instance_is_smaller if {
	document := _with_secondary(_far, _readers("db.r6g.medium"))
	some violation in policy.violations with input as document
	violation.resource == _arn
	violation.message == "shop has no instance in eu-central-1 as large as the writer in eu-west-1"
	violation.evidence == {
		"primary": test.arn("cluster:orders"),
		"primary_class": "db.r6g.large",
		"primary_parameter_group": "default.aurora-postgresql16",
		"secondary": _far_arn,
		"secondary_classes": ["db.r6g.medium", "db.r6g.medium"],
		"secondary_parameter_group": "default.aurora-postgresql16",
	}
	violation.params == {
		"region": "eu-central-1",
		"instance": "dr-1",
		"instance_class": "db.r6g.large",
		"current_class": "db.r6g.medium",
	}
	violation.discriminator == sprintf("class %s", [_far_arn])
}

# Both sides run Serverless v2, with these bounds.
_serverless(primary_max, secondary_max) := _document(
	_shop({}),
	test.running(_bounded(_primary, primary_max), [
		test.writer("orders-1", "eu-west-1a", _class("db.serverless")),
		test.reader("orders-2", "eu-west-1b", _class("db.serverless")),
	]),
	test.running(_bounded(_far, secondary_max), _readers("db.serverless")),
)

_bounded(database, most) := object.union(database, {"attributes": {"serverless_v2_scaling_configuration": {
	"min_capacity": 0.5,
	"max_capacity": most,
}}})

test_violated_when_serverless_may_grow_less if {
	document := _serverless(64, 32)
	_messages(document) == {"shop has less Serverless v2 capacity in eu-central-1 than in eu-west-1"}
	some violation in policy.violations with input as document
	violation.params == {
		"region": "eu-central-1",
		"capacity_cluster": "orders-dr",
		"max_capacity": 64,
		"current_max_capacity": 32,
	}
}

test_satisfied_when_serverless_may_grow_as_much if {
	document := _serverless(64, 64)
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_violated_when_the_retention_differs if {
	document := _with_secondary(_far_with({"backup_retention_period": 1}), _readers("db.r6g.large"))
	_messages(document) == {"shop keeps backups in eu-central-1 for another time than in eu-west-1"}
	some violation in policy.violations with input as document
	violation.params == {
		"region": "eu-central-1",
		"retention_cluster": "orders-dr",
		"retention": 35,
		"current_retention": 1,
	}
}

test_violated_when_it_is_out_of_step if {
	behind := object.union(test.global_secondary(_far), {"synchronization_status": "pending-resync"})
	shop := _shop({"global_cluster_members": [test.global_primary(_primary), behind]})
	document := _document(shop, _at_home("db.r6g.large"), test.running(_far, _readers("db.r6g.large")))
	_messages(document) == {"shop is out of step with orders-dr in eu-central-1"}
}

test_satisfied_when_the_engine_does_not_tell_the_state_of_replication if {
	silent := object.union(test.global_secondary(_far), {"synchronization_status": null})
	shop := _shop({"global_cluster_members": [test.global_primary(_primary), silent]})
	document := _document(shop, _at_home("db.r6g.large"), test.running(_far, _readers("db.r6g.large")))
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_violated_while_a_failover_is_under_way if {
	shop := _shop({"failover_status": "failing-over"})
	document := _document(shop, _at_home("db.r6g.large"), test.running(_far, _readers("db.r6g.large")))
	some violation in policy.violations with input as document
	violation.message == "shop has a switchover or failover under way"
	violation.evidence == {"failover_status": "failing-over"}
}

_alone := [test.reader("dr-1", "eu-central-1a", _class("db.r6g.large"))]

test_violated_in_one_zone if {
	document := _with_secondary(_far, _alone)
	_messages(document) == {"shop has instances in one Availability Zone only in eu-central-1"}
	some violation in policy.violations with input as document
	violation.evidence.zones == ["eu-central-1a"]
}

test_one_zone_suffices_below_mission_critical if {
	shop := test.with_members(_shop({}), {"criticality": "business-critical"})
	document := _document(shop, _at_home("db.r6g.large"), test.running(_far, _alone))
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_arn} with input as document
}

test_every_cause_is_told_by_itself if {
	document := _with_secondary(
		_far_with({"backup_retention_period": 1}),
		[test.reader("dr-1", "eu-central-1a", _class("db.r6g.medium"))],
	)
	causes := {violation.discriminator | some violation in policy.violations with input as document}
	causes == {sprintf("%s %s", [cause, _far_arn]) | some cause in ["class", "retention", "zone"]}
}

test_a_secondary_without_instances_is_left_to_its_own_policy if {
	document := _with_secondary(_far, [])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {_arn} with input as document
}

test_the_bounds_of_a_secondary_without_instances_do_not_matter if {
	home := test.running(_bounded(_primary, 64), [test.writer("orders-1", "eu-west-1a", _class("db.serverless"))])
	document := _document(_shop({}), home, test.running(_bounded(_far, 32), []))
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

_unknown(document) if {
	_violated(document) == set()
	policy.unknowns == {_arn} with input as document
}

test_unknown_across_families if {
	_unknown(_with_secondary(_far, _readers("db.r7g.large")))
	_unknown(_with_secondary(_far, _readers("db.serverless")))
}

test_unknown_when_the_only_instance_that_may_be_large_enough_is_of_another_family if {
	_unknown(_with_secondary(_far, [
		test.reader("dr-1", "eu-central-1a", _class("db.r6g.medium")),
		test.reader("dr-2", "eu-central-1b", _class("db.r7g.4xlarge")),
	]))
}

test_unknown_when_only_one_side_is_serverless if {
	home := test.running(_bounded(_primary, 64), [
		test.writer("orders-1", "eu-west-1a", _class("db.r6g.large")),
		test.reader("orders-2", "eu-west-1b", _class("db.r6g.large")),
	])
	_unknown(_document(_shop({}), home, test.running(_bounded(_far, 64), _readers("db.serverless"))))
	_unknown(_document(_shop({}), home, test.running(_bounded(_far, 32), _readers("db.serverless"))))
}

test_unknown_when_a_provisioned_instance_may_carry_what_serverless_may_not if {
	home := test.running(_bounded(_primary, 64), [test.writer("orders-1", "eu-west-1a", _class("db.serverless"))])
	_unknown(_document(_shop({}), home, test.running(_bounded(_far, 32), [
		test.reader("dr-1", "eu-central-1a", _class("db.serverless")),
		test.reader("dr-2", "eu-central-1b", _class("db.r6g.8xlarge")),
	])))
}

test_unknown_without_the_bounds_of_serverless if {
	_unknown(_serverless(64, null))
	_unknown(_serverless(null, 64))
}

test_unknown_without_the_retention if {
	_unknown(_with_secondary(_far_with({"backup_retention_period": null}), _readers("db.r6g.large")))
	home := object.union(_at_home("db.r6g.large"), {"cluster": {"attributes": {"backup_retention_period": null}}})
	_unknown(_document(_shop({}), home, test.running(_far, _readers("db.r6g.large"))))
}

test_unknown_when_the_zone_of_the_second_instance_is_not_known if {
	_unknown(_with_secondary(_far, [
		test.reader("dr-1", "eu-central-1a", _class("db.r6g.large")),
		test.reader("dr-2", null, _class("db.r6g.large")),
	]))
}

test_unknown_when_the_secondary_was_not_collected if {
	_unknown(test.input_of_clusters([_at_home("db.r6g.large")], [_shop({})], {}))
}

test_unknown_when_no_cluster_or_several_write if {
	members := [
		[test.global_secondary(_primary), test.global_secondary(_far)],
		[test.global_primary(_primary), test.global_primary(_far)],
	]
	every each in members {
		shop := _shop({"global_cluster_members": each})
		_unknown(_document(shop, _at_home("db.r6g.large"), test.running(_far, _readers("db.r6g.medium"))))
	}
}

test_the_zones_of_the_primary_are_left_to_the_policy_about_zones if {
	home := test.running(_primary, [test.writer("orders-1", "eu-west-1a", _class("db.r6g.large"))])
	document := _document(_shop({}), home, test.running(_far, _readers("db.r6g.large")))
	_violated(document) == set()
	policy.unknowns == set() with input as document
}

test_not_applicable_without_a_secondary_or_to_other_engines if {
	others := [
		_shop({"global_cluster_members": [test.global_primary(_primary)]}),
		_shop({"engine": "docdb"}),
		_shop({"engine": "neptune"}),
		_shop({"status": "deleting"}),
	]
	every other in others {
		document := _document(other, _at_home("db.r6g.large"), test.running(_far, []))
		policy.subjects == set() with input as document
	}
}
