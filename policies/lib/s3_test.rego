package hadr.lib.s3_test

import data.hadr.lib.s3
import data.hadr.lib.test

_orders := test.bucket("orders", {})

_near := test.bucket("near", {})

_far := test.replica_bucket("far", {})

_lost := test.bucket_in("global", "lost", {})

_to(name) := test.replication_rule(name, {})

_replicas(pairs) := {bucket.name |
	some bucket in [_orders, _near, _far]
	s3.is_replica(bucket) with input as test.input_with([_orders, _near, _far], {"relations": test.replicating(pairs)})
}

test_buckets_are_those_that_hurt_in_the_regions_of_the_scan if {
	document := test.input_of([
		_orders,
		_lost,
		test.in_role("backup", test.bucket("dumps", {})),
		test.in_role("log", test.bucket("logs", {})),
		test.in_role("session", test.bucket("sessions", {})),
		test.bucket_in("us-east-1", "not-scanned", {}),
	])
	found := {bucket.name | some bucket in s3.buckets with input as document}
	found == {"orders", "lost", "dumps"}
}

test_a_rule_stays_or_leaves_where_both_regions_are_known if {
	document := test.input_of([_orders, _near, _far, _lost])
	s3.stays(_orders, _to("near")) with input as document
	s3.leaves(_orders, _to("far")) with input as document
	not s3.stays(_orders, _to("far")) with input as document
	not s3.leaves(_orders, _to("near")) with input as document
}

test_a_rule_neither_stays_nor_leaves_where_a_region_is_not_known if {
	document := test.input_of([_orders, _near, _far, _lost])
	every name in ["lost", "unseen"] {
		not s3.stays(_orders, _to(name)) with input as document
		not s3.leaves(_orders, _to(name)) with input as document
	}
	not s3.stays(_lost, _to("lost")) with input as document
	not s3.leaves(_lost, _to("far")) with input as document
}

test_a_rule_may_leave_unless_its_destination_is_in_the_region_or_missing if {
	own := test.replication_rule("gone", {"destination_account": test.account})
	listed := {"coverage": {"s3:ListBuckets": {"global": "collected"}}}
	document := test.input_with([_orders, _near, _far, _lost], listed)
	s3.may_leave(_orders, _to("far")) with input as document
	s3.may_leave(_orders, _to("lost")) with input as document
	s3.may_leave(_orders, _to("unseen")) with input as document
	s3.may_leave(_lost, _to("lost")) with input as document
	not s3.may_leave(_orders, _to("near")) with input as document
	not s3.may_leave(_orders, own) with input as document
}

test_a_destination_is_missing_only_from_an_account_that_was_listed if {
	own := test.replication_rule("gone", {"destination_account": test.account})
	listed := {"coverage": {"s3:ListBuckets": {"global": "collected"}}}
	s3.is_missing(own) with input as test.input_with([_orders], listed)
	not s3.is_missing(own) with input as test.input_of([_orders])
	not s3.is_missing(_to("gone")) with input as test.input_with([_orders], listed)

	foreign := test.replication_rule("gone", {"destination_account": "210987654321"})
	not s3.is_missing(foreign) with input as test.input_with([_orders], listed)

	there := test.replication_rule("far", {"destination_account": test.account})
	not s3.is_missing(there) with input as test.input_with([_orders, _far], listed)
}

test_a_replica_is_where_another_bucket_is_copied_and_not_back if {
	_replicas([["orders", "far"]]) == {"far"}
	_replicas([["orders", "far"], ["far", "orders"]]) == set()
	_replicas([["orders", "far"], ["far", "orders"], ["near", "far"]]) == {"far"}
	_replicas([]) == set()
}

test_a_bucket_of_another_account_is_neither_own_nor_unseen if {
	document := test.input_of([_orders, _near, test.foreign(_far)])
	s3.is_off_account(_to("far")) with input as document
	not s3.is_off_account(_to("near")) with input as document
	not s3.is_off_account(_to("unseen")) with input as document
	s3.is_own(_to("near")) with input as document
}

test_a_lock_holds_for_its_default_retention if {
	locked := test.bucket("vault", {"object_lock": {"enabled": true, "mode": "COMPLIANCE", "retention_days": 30}})
	s3.is_locked(locked, 30)
	not s3.is_locked(locked, 31)
	s3.is_unlocked(locked, 31)
	not s3.is_unlocked(locked, 30)
	s3.is_unlocked(_orders, 1)
}

test_a_lock_without_default_retention_is_neither_and_one_that_was_not_collected_too if {
	every attributes in [
		{"object_lock": {"enabled": true, "mode": null, "retention_days": null}},
		{"object_lock": null},
	] {
		bucket := test.bucket("vault", attributes)
		not s3.is_locked(bucket, 1)
		not s3.is_unlocked(bucket, 1)
	}
}

test_a_name_follows_the_arn_in_every_partition if {
	s3.name_of("arn:aws:s3:::orders") == "orders"
	s3.name_of("arn:aws-cn:s3:::orders.example") == "orders.example"
}
