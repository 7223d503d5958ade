package hadr.rds.instance_single_az_test

import data.hadr.lib.test
import data.hadr.rds.instance_single_az as policy

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

test_violated_without_a_standby if {
	document := test.input_of([test.db_instance("orders", {"multi_az": false})])
	_violated(document) == {test.arn("db:orders")}
}

test_message_names_the_instance if {
	document := test.input_of([test.db_instance("orders", {"multi_az": false})])
	some violation in policy.violations with input as document
	violation.message == "orders runs in one Availability Zone and has no standby"
	violation.evidence == {"multi_az": false, "zones": ["eu-west-1a"]}
}

test_satisfied_with_a_standby if {
	document := test.input_of([test.db_instance("orders", {"multi_az": true})])
	_violated(document) == set()
	policy.subjects == {test.arn("db:orders")} with input as document
}

test_unknown_when_the_api_did_not_say if {
	document := test.input_of([test.db_instance("orders", {"multi_az": null})])
	_violated(document) == set()
	policy.unknowns == {test.arn("db:orders")} with input as document
}

test_not_applicable_where_the_standby_is_elsewhere if {
	document := test.input_of([
		test.db_instance("replica", {"multi_az": false, "role": "read_replica"}),
		test.db_instance("reader", {"multi_az": false, "role": "aurora_member"}),
		test.db_instance("custom", {"multi_az": false, "engine": "custom-oracle-ee"}),
		test.db_instance("outpost", {"multi_az": false, "backup_target": "outposts"}),
		test.db_instance("leaving", {"multi_az": false, "db_instance_status": "deleting"}),
		test.db_instance("pending", {"multi_az": false, "pending_modified_values": {"multi_az": true}}),
	])
	policy.subjects == set() with input as document
}

_in_group(zones) := test.input_with(
	[test.db_instance("orders", {"multi_az": false}), test.db_subnet_group("private", zones)],
	{
		"relations": {"placed_in": {test.arn("db:orders"): [test.arn("subgrp:private")]}},
		"placement": {test.arn("subgrp:private"): {"zones": zones, "regions": [test.region], "unplaced": []}},
	},
)

# RDS would refuse the standby.
test_a_subnet_group_in_one_zone_is_widened_first if {
	some violation in policy.violations with input as _in_group(["eu-west-1a"])
	violation.params == {"narrow_subnet_group": "private", "subnet_ids": ["subnet-eu-west-1a"]}
}

test_a_subnet_group_in_two_zones_is_left_as_it_is if {
	some violation in policy.violations with input as _in_group(["eu-west-1a", "eu-west-1b"])
	violation.params == {}
}

# It may be in another zone.
test_a_subnet_group_with_a_subnet_in_an_unknown_zone_is_left_as_it_is if {
	document := _in_group(["eu-west-1a"])
	unclear := object.union(document, {"by_arn": {test.arn("subgrp:private"): {"attributes": {"subnets": [
		{"subnet_identifier": "subnet-a", "zone": {"name": "eu-west-1a", "id": null}, "subnet_status": "Active"},
		{"subnet_identifier": "subnet-b", "zone": null, "subnet_status": "Active"},
	]}}}})
	some violation in policy.violations with input as unclear
	violation.params == {}
}
