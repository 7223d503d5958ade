package hadr.docdb_neptune.backup_retention_short_test

import data.hadr.docdb_neptune.backup_retention_short as policy
import data.hadr.lib.test

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_document(days) := test.input_of([
	test.docdb_cluster("papers", {"backup_retention_period": days}),
	test.neptune_cluster("graph", {"backup_retention_period": days}),
])

_both := {test.arn("cluster:papers"), test.arn("cluster:graph")}

test_violated_below_the_minimum if {
	_violated(_document(1)) == _both
	_violated(_document(6)) == _both
}

test_satisfied_from_the_minimum_on if {
	document := _document(7)
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == _both with input as document
}

test_the_minimum_can_be_changed if {
	document := _document(7)
	parameters := {"docdb-neptune-backup-retention-short": {"minimum_days": 14}}
	found := {violation.resource | some violation in policy.violations} with input as document
		with data.parameters as parameters
	found == _both
}

test_message_evidence_and_params if {
	document := test.input_of([test.docdb_cluster("papers", {"backup_retention_period": 1})])
	some violation in policy.violations with input as document
	violation.message == "papers keeps backups for less than 7 days"
	violation.evidence == {"backup_retention_period": 1, "minimum_days": 7}
	violation.params == {"minimum_days": 7, "current_days": 1}
}

test_unknown_when_the_api_did_not_say if {
	document := _document(null)
	_violated(document) == set()
	policy.unknowns == _both with input as document
}

test_not_applicable_to_aurora_or_to_what_is_being_created if {
	document := test.input_of([
		test.db_cluster("orders", {"backup_retention_period": 1}),
		test.neptune_cluster("graph", {"backup_retention_period": 1, "status": "creating"}),
	])
	policy.subjects == set() with input as document
}
