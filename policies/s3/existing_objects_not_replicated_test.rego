package hadr.s3.existing_objects_not_replicated_test

import data.hadr.lib.test
import data.hadr.lib.test_recovery
import data.hadr.s3.existing_objects_not_replicated as policy

_orders := test.bucket_arn("orders")

_copy := test.bucket_arn("orders-copy")

_objects(arn, number) := test_recovery.metric(arn, "NumberOfObjects", number, {
	"namespace": "AWS/S3",
	"statistic": "Average",
})

_rule(settings) := test.replication_rule("orders-copy", object.union({"delete_marker_replication": true}, settings))

_source(settings, attributes) := test.bucket("orders", object.union(test.replication([_rule(settings)]), attributes))

# The bucket and its copy with so many objects.
_document(settings, here, there) := _document_of(
	[_source(settings, {}), test.replica_bucket("orders-copy", {})],
	here, there,
)

_document_of(buckets, here, there) := test_recovery.input_with(
	array.concat(buckets, [_objects(_orders, here), _objects(_copy, there)]),
	{"relations": test.replicating([["orders", "orders-copy"]])},
)

_violated(document) := {[violation.resource, violation.discriminator] |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_when_objects_are_missing if {
	document := _document({}, 1000, 979)
	_violated(document) == {[_orders, "all"]}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "orders has more objects than its copy orders-copy, which has 97 % of their number"
	violation.evidence == {
		"rule": "all",
		"destination_bucket": _copy,
		"objects": 1000,
		"objects_in_the_copy": 979,
		"delete_marker_replication": true,
	}
}

test_satisfied_when_nearly_all_are_there if {
	every pair in [[1000, 980], [1000, 1000], [1000, 5000], [0, 0]] {
		document := _document({}, pair[0], pair[1])
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_orders}
	}
}

# Each object may have a delete marker, and those count as objects.
test_delete_markers_that_stay_may_explain_half_of_it if {
	every markers in [false, null] {
		unclear := _document({"delete_marker_replication": markers}, 1000, 500)
		_unknown(unclear) == {_orders}
		_violated(unclear) == set()
		clear := _document({"delete_marker_replication": markers}, 1000, 499)
		_violated(clear) == {[_orders, "all"]}
	}
}

test_unknown_where_the_copy_expires_what_its_source_keeps if {
	expiring := {"lifecycle": {"rules": [test.lifecycle_rule({"noncurrent_days": 30})]}}
	source := _source({}, {})
	unclear := _document_of([source, test.replica_bucket("orders-copy", expiring)], 1000, 10)
	_unknown(unclear) == {_orders}
	_violated(unclear) == set()
	unseen := _document_of([source, test.replica_bucket("orders-copy", {"lifecycle": null})], 1000, 10)
	_unknown(unseen) == {_orders}
	alike := _document_of([_source({}, expiring), test.replica_bucket("orders-copy", expiring)], 1000, 10)
	_violated(alike) == {[_orders, "all"]}
	idle := {"lifecycle": {"rules": [test.lifecycle_rule({"noncurrent_days": 30, "enabled": false})]}}
	_violated(_document_of([source, test.replica_bucket("orders-copy", idle)], 1000, 10)) == {[_orders, "all"]}
}

test_unknown_where_others_fill_the_copy if {
	relations := {"relations": test.replicating([["orders", "orders-copy"], ["users", "orders-copy"]])}
	full := object.union(_document({}, 1000, 1000), relations)
	_unknown(full) == {_orders}
	short := object.union(_document({}, 1000, 10), relations)
	_violated(short) == {[_orders, "all"]}
}

test_unknown_without_the_counts if {
	every pair in [[null, 1000], [1000, null], [null, null]] {
		document := _document({}, pair[0], pair[1])
		_unknown(document) == {_orders}
		_violated(document) == set()
	}
	unseen := test_recovery.input_with([_source({}, {})], {})
	_unknown(unseen) == {_orders}
}

test_unknown_when_replication_was_not_collected if {
	_unknown(test_recovery.input_with([test.bucket("orders", {"replication": null})], {})) == {_orders}
}

test_not_applicable_to_rules_that_are_off_partial_or_stay if {
	every settings in [{"enabled": false}, {"covers_all_objects": false}] {
		_judged(_document(settings, 1000, 10)) == set()
	}
	near := [_source({}, {}), test.bucket("orders-copy", {})]
	_judged(_document_of(near, 1000, 10)) == set()
	cache := test.in_role("cache", _source({}, {}))
	_judged(_document_of([cache], 1000, 10)) == set()
}
