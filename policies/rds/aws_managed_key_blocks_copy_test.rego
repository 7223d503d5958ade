package hadr.rds.aws_managed_key_blocks_copy_test

import data.hadr.lib.test
import data.hadr.rds.aws_managed_key_blocks_copy as policy

_with_key(key) := test.input_of([test.db_instance("orders", {"kms_key_id": key})])

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

test_violated_by_an_alias_of_aws if {
	_violated(_with_key("alias/aws/rds")) == {test.arn("db:orders")}
	_violated(_with_key("arn:aws:kms:eu-west-1:123456789012:alias/aws/rds")) == {test.arn("db:orders")}

	cluster := test.db_cluster("ledger", {"kms_key_id": "alias/aws/rds"})
	_violated(test.input_of([cluster])) == {cluster.arn}
}

test_violated_where_only_the_key_says_that_it_is_encrypted if {
	database := test.db_instance("orders", {"storage_encrypted": null, "kms_key_id": "alias/aws/rds"})
	_violated(test.input_of([database])) == {database.arn}
}

test_message_and_evidence_say_the_fact if {
	some violation in policy.violations with input as _with_key("alias/aws/rds")
	violation.message == "orders is encrypted with a key that AWS manages"
	violation.evidence == {"kms_key_id": "alias/aws/rds"}
	violation.params.snapshot == "orders-own-key-2026-11-22"
}

test_satisfied_where_the_arn_tells_that_it_is_no_key_of_aws if {
	every key in [
		"arn:aws:kms:eu-west-1:210987654321:key/1",
		"arn:aws:kms:eu-west-1:123456789012:key/mrk-1",
		"arn:aws:kms:eu-west-1:123456789012:alias/orders",
	] {
		document := _with_key(key)
		_violated(document) == set()
		policy.unknowns == set() with input as document
		policy.subjects == {test.arn("db:orders")} with input as document
	}
}

# An account in which KMS has told who manages the key of the database.
_with_manager(manager) := test.input_of([
	test.db_instance("orders", {"kms_key_id": _key}),
	test.resource("AWS::KMS::Key", _key, "1", {"key_manager": manager}),
])

_key := "arn:aws:kms:eu-west-1:123456789012:key/1"

test_violated_where_kms_says_that_aws_manages_the_key if {
	_violated(_with_manager("AWS")) == {test.arn("db:orders")}
}

test_satisfied_where_kms_says_that_a_customer_manages_the_key if {
	document := _with_manager("CUSTOMER")
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {test.arn("db:orders")} with input as document
}

test_unknown_where_kms_did_not_say if {
	document := _with_manager(null)
	policy.unknowns == {test.arn("db:orders")} with input as document
}

test_unknown_where_only_kms_could_tell if {
	every key in [
		"arn:aws:kms:eu-west-1:123456789012:key/1",
		"1",
		null,
	] {
		document := _with_key(key)
		_violated(document) == set()
		policy.unknowns == {test.arn("db:orders")} with input as document
	}
}

test_unknown_whether_it_is_encrypted if {
	document := test.input_of([test.db_instance("orders", {"storage_encrypted": null, "kms_key_id": null})])
	_violated(document) == set()
	policy.unknowns == {test.arn("db:orders")} with input as document
}

test_not_applicable_without_encryption_and_to_what_follows_another_database if {
	document := test.input_of([
		test.db_instance("plain", {"storage_encrypted": false, "kms_key_id": null}),
		test.db_instance("replica", {"role": "read_replica"}),
		test.db_instance("reader", {"role": "aurora_member"}),
		test.docdb_cluster("documents", {}),
	])
	policy.subjects == set() with input as document
}
