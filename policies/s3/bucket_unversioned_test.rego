package hadr.s3.bucket_unversioned_test

import data.hadr.lib.test
import data.hadr.s3.bucket_unversioned as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_versioning(status) := {"versioning": {"status": status, "mfa_delete": null}}

test_violated_when_versions_were_never_or_are_no_longer_kept if {
	document := test.input_of([
		test.bucket("orders", _versioning("never")),
		test.bucket("invoices", _versioning("suspended")),
		test.bucket("customers", _versioning("enabled")),
	])
	_violated(document) == {test.bucket_arn("orders"), test.bucket_arn("invoices")}
}

test_message_tells_never_from_no_longer if {
	document := test.input_of([test.bucket("orders", _versioning("never"))])
	some violation in policy.violations with input as document
	violation.message == "orders keeps no versions of its objects"
	violation.evidence == {"versioning": "never", "role": {"value": "authoritative", "source": "default"}}

	suspended := test.input_of([test.bucket("orders", _versioning("suspended"))])
	some other in policy.violations with input as suspended
	other.message == "orders no longer keeps versions of its objects"
}

test_satisfied_with_versions if {
	document := test.input_of([test.bucket("orders", _versioning("enabled"))])
	_violated(document) == set()
	policy.unknowns == set() with input as document
	policy.subjects == {test.bucket_arn("orders")} with input as document
}

test_unknown_when_the_setting_was_not_collected if {
	document := test.input_of([test.bucket("orders", {"versioning": null})])
	_violated(document) == set()
	policy.unknowns == {test.bucket_arn("orders")} with input as document
}

test_backups_are_judged_like_what_they_are_of if {
	backup := test.in_role("backup", test.bucket("dumps", _versioning("never")))
	_violated(test.input_of([backup])) == {test.bucket_arn("dumps")}
}

test_not_applicable_to_what_can_be_made_again if {
	document := test.input_of([
		test.in_role("log", test.bucket("access-logs", _versioning("never"))),
		test.in_role("cache", test.bucket("thumbnails", _versioning("never"))),
		test.in_role("rebuildable", test.bucket("cf-templates-x", _versioning("never"))),
	])
	policy.subjects == set() with input as document
}

test_not_applicable_outside_the_regions_of_the_scan if {
	document := test.input_of([test.bucket_in("us-east-1", "elsewhere", {"versioning": null})])
	policy.subjects == set() with input as document
}

test_a_bucket_whose_region_nobody_could_say_does_not_go_missing if {
	document := test.input_of([test.bucket_in("global", "somewhere", {"versioning": null})])
	policy.unknowns == {test.bucket_arn("somewhere")} with input as document
}
