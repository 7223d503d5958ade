package hadr.lib.metric_test

import data.hadr.lib.metric
import data.hadr.lib.test
import data.hadr.lib.test_recovery

_orders := test.arn("db:orders")

_document(value) := test_recovery.input_with([test_recovery.metric(_orders, "ReplicaLag", value, {})], {})

test_a_metric_has_the_value_that_was_read if {
	every value in [30, -1, 0, 0.5] {
		_value(_document(value)) == value
	}
}

_value(document) := found if {
	found := metric.value(_orders, "ReplicaLag") with input as document
}

test_without_samples_or_without_the_metric_it_is_undefined if {
	not _is_known(_document(null), "ReplicaLag")
	not _is_known(_document(30), "FreeStorageSpace")
	not _is_known(test_recovery.input_with([], {}), "ReplicaLag")
}

_is_known(document, name) if is_number(metric.value(_orders, name)) with input as document

test_each_rule_has_a_reading if {
	bucket := test.bucket_arn("orders")
	document := test_recovery.input_with(
		[
			test_recovery.metric_of_rule(bucket, "a", 10),
			test_recovery.metric_of_rule(bucket, "b", 20),
			test_recovery.metric_of_rule(bucket, "c", null),
		],
		{},
	)
	found := metric.readings(bucket, "ReplicationLatency") with input as document
	{reading.dimensions.RuleId: reading.value | some reading in found} == {"a": 10, "b": 20}
}
