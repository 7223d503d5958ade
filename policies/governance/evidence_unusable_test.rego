package hadr.governance.evidence_unusable_test

import data.hadr.governance.evidence_unusable as policy
import data.hadr.lib.test_workload

_account := "arn:aws:account::123456789012:account"

_document(evidence) := test_workload.input_with([], [], evidence)

_unusable(entries) := object.union(test_workload.kept([]), {"unusable": entries})

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_satisfied_where_all_evidence_counts if {
	document := _document(test_workload.kept([test_workload.drill(30, {})]))
	_messages(document) == set()
	policy.subjects == {_account} with input as document
}

test_violated_by_each_piece_that_does_not_count if {
	document := _document(_unusable([
		{"place": "/srv/attestations/2026-10-14-shop-drill.toml:4", "problem": "unknown step coffee"},
		{"place": "/srv/evidence.jsonl:7", "problem": "it was changed after it was written"},
		{"place": "arn:aws:backup:eu-west-1:123456789012:restore-job:1", "problem": "it is after the scan"},
	]))
	count(policy.violations) == 3 with input as document
	some violation in policy.violations with input as document
	violation.discriminator == "2026-10-14-shop-drill.toml:4"
	violation.resource == _account
	violation.message == concat(" ", [
		"123456789012 has evidence in /srv/attestations/2026-10-14-shop-drill.toml:4",
		"that counts for nothing: unknown step coffee",
	])
	violation.evidence.problem == "unknown step coffee"
}

test_the_identity_does_not_depend_on_the_folder if {
	document := _document(_unusable([{"place": "/elsewhere/evidence.jsonl:7", "problem": "changed"}]))
	found := {violation.discriminator | some violation in policy.violations with input as document}
	found == {"evidence.jsonl:7"}
	job := "arn:aws:backup:eu-west-1:123456789012:restore-job/1"
	other := _document(_unusable([{"place": job, "problem": "it is after the scan"}]))
	kept := {violation.discriminator | some violation in policy.violations with input as other}
	kept == {job}
}

test_judged_wherever_there_is_something if {
	some evidence in [
		test_workload.unkept([test_workload.drill(30, {})]),
		test_workload.watched(10, []),
		object.union(test_workload.unkept([]), {"unusable": [{"place": "a:1", "problem": "b"}]}),
	]
	policy.subjects == {_account} with input as _document(evidence)
}

test_not_applicable_where_there_is_no_evidence if {
	policy.subjects == set() with input as _document(test_workload.unkept([]))
}
