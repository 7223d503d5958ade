package hadr.kms.key_pending_deletion_test

import data.hadr.kms.key_pending_deletion as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup

_orders := test.db_instance("orders", {})

_arn := test_backup.key_arn("1")

_document(settings) := _encrypting([_orders], settings)

_encrypting(resources, settings) := test_backup.input_with(
	array.concat(resources, [test_backup.key("1", settings)]),
	{"relations": {"encrypts": {_arn: [resource.arn | some resource in resources]}}},
)

_idle(settings, outcome) := _idle_beside([], settings, {"coverage": {operation: {"eu-west-1": outcome} |
	some operation in _regional
}})

# A key that encrypts nothing as far as is known, and resources beside it.
_idle_beside(resources, settings, parts) := test_backup.input_with(
	array.concat(resources, [test_backup.key("1", settings)]),
	object.union({"coverage": _listed}, parts),
)

_regional := [
	"backup:ListBackupVaults", "dynamodb:ListTables", "ec2:DescribeSnapshots", "ec2:DescribeVolumes",
	"elasticfilesystem:DescribeFileSystems", "rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots",
	"rds:DescribeDBInstances", "rds:DescribeDBSnapshots", "secretsmanager:ListSecrets",
]

_listed := object.union(
	{"s3:ListBuckets": {"global": "collected"}},
	{operation: {"eu-west-1": "collected"} | some operation in _regional},
)

# A bucket in that Region whose default encryption names that key.
_bucket(region, name) := test.bucket_in(
	region,
	"orders",
	{"encryption": {"sse_algorithm": "aws:kms", "kms_master_key_id": name}},
)

_named(region, name) := {"relations": {"encrypted_by": {_bucket(region, name).arn: [name]}}}

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_in_every_state_in_which_nothing_can_be_decrypted if {
	every state, words in {
		"Disabled": "is disabled",
		"PendingDeletion": "is about to be deleted",
		"PendingImport": "has lost its material",
		"PendingReplicaDeletion": "is about to be deleted",
		"Unavailable": "cannot be reached",
	} {
		document := _document({"key_state": state})
		_violated(document) == {_arn}
		_unknown(document) == set()
		messages := {violation.message | some violation in policy.violations with input as document}
		messages == {sprintf("1 %s and encrypts orders", [words])}
	}
}

test_evidence_and_steps_by_state if {
	pending := _document({"key_state": "PendingDeletion", "deletion_date": "2026-12-01T00:00:00Z"})
	some violation in policy.violations with input as pending
	violation.evidence == {
		"key_state": "PendingDeletion",
		"deletion_date": "2026-12-01T00:00:00Z",
		"encrypts": [_orders.arn],
		"number_of_resources": 1,
	}
	violation.params == {"pending_key": "1", "disabled_key": "1"}
	not violation.at_most
	disabled := _document({"key_state": "Disabled"})
	some other in policy.violations with input as disabled
	other.params == {"disabled_key": "1"}
	unavailable := _document({"key_state": "Unavailable"})
	some third in policy.violations with input as unavailable
	third.params == {}
}

test_the_severity_is_that_of_what_it_encrypts if {
	every case in [
		["mission-critical", set()],
		["business-critical", set()],
		["general", {"high"}],
		["non-production", {"low"}],
	] {
		volume := test.with_members(_orders, {"arn": "volume", "criticality": case[0]})
		least := test.with_members(_orders, {"criticality": "non-production"})
		document := _encrypting([least, volume], {"key_state": "Disabled"})
		{violation.at_most | some violation in policy.violations with input as document} == case[1]
		{violation.message | some violation in policy.violations with input as document} == {
			"1 is disabled and encrypts 2 resources",
		}
	}
}

test_satisfied_where_the_key_works if {
	document := _document({})
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_arn}
}

test_unknown_where_the_state_was_not_collected if {
	document := _document({"key_state": null})
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_unknown_where_it_was_not_seen_what_it_encrypts if {
	document := _idle({"key_state": "PendingDeletion"}, "denied")
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_not_applicable_to_what_encrypts_nothing if {
	_judged(_idle({"key_state": "PendingDeletion"}, "collected")) == set()
	_judged(_idle({}, "denied")) == set()
}

test_unknown_where_an_alias_may_be_one_of_the_key if {
	every case in [
		["eu-west-1", "alias/orders"],
		["eu-west-1", "arn:aws:kms:eu-west-1:123456789012:alias/orders"],
		["global", "alias/orders"],
	] {
		every state in ["PendingDeletion", "Disabled"] {
			bucket := _bucket(case[0], case[1])
			document := _idle_beside([bucket], {"key_state": state}, _named(case[0], case[1]))
			_unknown(document) == {_arn}
			_violated(document) == set()
			_judged(document) == {_arn}
		}
	}
}

test_not_applicable_where_an_alias_is_that_of_another_key if {
	every case in [
		["eu-central-1", "alias/orders"],
		["eu-west-1", "arn:aws:kms:eu-central-1:123456789012:alias/orders"],
		["eu-west-1", "arn:aws:kms:eu-west-1:210987654321:alias/orders"],
		["eu-west-1", "alias/aws/s3"],
		["eu-west-1", "arn:aws:kms:eu-west-1:123456789012:alias/aws/s3"],
		["eu-west-1", test_backup.key_arn("2")],
	] {
		bucket := _bucket(case[0], case[1])
		_judged(_idle_beside([bucket], {"key_state": "PendingDeletion"}, _named(case[0], case[1]))) == set()
	}
	bucket := _bucket("eu-west-1", "alias/orders")
	_judged(_idle_beside([bucket], {}, _named("eu-west-1", "alias/orders"))) == set()
}

test_unknown_where_it_was_not_seen_what_encrypts_a_bucket if {
	hidden := test.bucket("orders", {"encryption": null})
	pending := {"key_state": "PendingDeletion"}
	_unknown(_idle_beside([hidden], pending, {})) == {_arn}
	_judged(_idle_beside([test.with_members(hidden, {"region": "eu-central-1"})], pending, {})) == set()
	every operation in ["elasticfilesystem:DescribeFileSystems", "secretsmanager:ListSecrets"] {
		denied := object.union(_listed, {operation: {"eu-west-1": "denied"}})
		_unknown(_idle_beside([], pending, {"coverage": denied})) == {_arn}
	}
	unlisted := object.union(_listed, {"s3:ListBuckets": {"global": "denied"}})
	_unknown(_idle_beside([], pending, {"coverage": unlisted})) == {_arn}
}
