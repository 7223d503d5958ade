package hadr.docdb_neptune.deletion_protection_off_test

import data.hadr.docdb_neptune.deletion_protection_off as policy
import data.hadr.lib.test

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_document(protected) := test.input_of([
	test.docdb_cluster("papers", {"deletion_protection": protected}),
	test.neptune_cluster("graph", {"deletion_protection": protected}),
])

_both := {test.arn("cluster:papers"), test.arn("cluster:graph")}

test_violated_without_protection if {
	_violated(_document(false)) == _both
}

test_message_and_evidence if {
	document := test.input_of([test.neptune_cluster("graph", {"deletion_protection": false})])
	some violation in policy.violations with input as document
	violation.message == "graph has no deletion protection"
	violation.evidence == {"deletion_protection": false}
}

test_satisfied_with_protection if {
	document := _document(true)
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == _both with input as document
}

test_unknown_when_the_api_did_not_say if {
	document := _document(null)
	_violated(document) == set()
	policy.unknowns == _both with input as document
}

test_not_applicable_to_aurora_or_to_what_is_being_deleted if {
	document := test.input_of([
		test.db_cluster("orders", {"deletion_protection": false}),
		test.docdb_cluster("papers", {"deletion_protection": false, "status": "deleting"}),
	])
	policy.subjects == set() with input as document
}
