package hadr.efs.one_zone_test

import data.hadr.efs.one_zone as policy
import data.hadr.lib.test
import data.hadr.lib.test_efs

_arn := test_efs.arn_in(test.region, "fs-1")

_document(attributes) := test.input_of([test_efs.file_system("fs-1", attributes)])

_one_zone := {"availability_zone_name": "eu-west-1a"}

test_violated_in_a_single_zone if {
	violations := policy.violations with input as _document(_one_zone)
	count(violations) == 1
	some violation in violations
	violation.resource == _arn
	violation.message == "home is in the zone eu-west-1a only"
	violation.evidence == {"availability_zone_name": "eu-west-1a"}
	violation.params == {"file_system_id": "fs-1"}
}

test_satisfied_in_all_zones if {
	document := _document({})
	policy.subjects == {_arn} with input as document
	policy.violations == set() with input as document
}

# It can be made again from its source, in another place.
test_not_applicable_to_a_replica if {
	document := _document(object.union(_one_zone, {"replication_overwrite_protection": "REPLICATING"}))
	policy.subjects == set() with input as document
	source := object.union(_document(_one_zone), {"relations": {"reads_from": {
		_arn: [test_efs.arn_in("eu-central-1", "fs-2")],
	}}})
	policy.subjects == set() with input as source
	policy.violations == set() with input as source
}

test_not_applicable_to_what_can_be_made_again if {
	document := test.input_of([test.in_role("cache", test_efs.file_system("fs-1", _one_zone))])
	policy.subjects == set() with input as document
}
