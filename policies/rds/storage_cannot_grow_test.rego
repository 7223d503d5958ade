package hadr.rds.storage_cannot_grow_test

import data.hadr.lib.test
import data.hadr.lib.test_recovery
import data.hadr.rds.storage_cannot_grow as policy

_orders := test.arn("db:orders")

_gibibyte := 1073741824

# An instance of 100 GiB that cannot grow.
_instance(attributes) := test.db_instance("orders", object.union({"max_allocated_storage": null}, attributes))

# The instance with so many GiB free.
_free(attributes, space) := test_recovery.input_with(
	[
		_instance(attributes),
		test_recovery.metric(_orders, "FreeStorageSpace", space * _gibibyte, {"statistic": "Minimum"}),
	],
	{},
)

_unmeasured(attributes) := test_recovery.input_with([_instance(attributes)], {})

_causes(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_when_it_is_nearly_full if {
	document := _free({}, 14.5)
	_causes(document) == {[_orders, "fixed"]}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "orders had 14 % of its 100 GiB free, and they cannot grow"
	violation.evidence == {
		"allocated_storage": 100,
		"max_allocated_storage": null,
		"free_bytes": 14.5 * _gibibyte,
		"db_instance_status": "available",
	}
	violation.params == {"maximum": 200, "allocated_storage": 100}
	not violation.at_most
}

test_a_replica_fills_up_too if {
	_causes(_free({"role": "read_replica"}, 1)) == {[_orders, "fixed"]}
}

test_a_lesser_one_when_it_has_grown_to_its_maximum if {
	document := _unmeasured({"max_allocated_storage": 100})
	_causes(document) == {[_orders, "maximum"]}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "orders has grown to the 100 GiB that it may have"
	violation.evidence == {"allocated_storage": 100, "max_allocated_storage": 100}
	violation.at_most == "low"
}

test_satisfied_with_room if {
	every document in [_free({}, 15), _unmeasured({"max_allocated_storage": 1000})] {
		_causes(document) == set()
		_unknown(document) == set()
		_judged(document) == {_orders}
	}
}

test_the_share_can_be_changed if {
	document := _free({}, 15)
	found := {violation.resource | some violation in policy.violations} with input as document
		with data.parameters as {"rds-storage-cannot-grow": {"minimum_percent": 20}}
	found == {_orders}
}

test_unknown_where_the_free_space_is_not_known if {
	without_samples := test_recovery.input_with(
		[_instance({}), test_recovery.metric(_orders, "FreeStorageSpace", null, {})],
		{},
	)
	every document in [_unmeasured({}), without_samples, _free({"allocated_storage": null}, 1)] {
		_unknown(document) == {_orders}
		_causes(document) == set()
	}
}

test_not_applicable_to_what_has_no_storage_of_its_own_or_cannot_grow_at_all if {
	every attributes in [
		{"role": "aurora_member", "db_cluster_identifier": "ledger"},
		{"role": "multi_az_cluster_member", "db_cluster_identifier": "ledger"},
		{"engine": "custom-oracle-ee"},
		{"backup_target": "outposts"},
	] {
		_judged(_free(attributes, 1)) == set()
	}
}
