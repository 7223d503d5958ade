package hadr.dynamodb.capacity_fixed_test

import data.hadr.dynamodb.capacity_fixed as policy
import data.hadr.lib.test
import data.hadr.lib.test_dynamodb

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_arn := test_dynamodb.arn("carts")

_provisioned := test_dynamodb.table("carts", {
	"billing_mode": "PROVISIONED",
	"global_secondary_indexes": ["by-date"],
})

_with_targets(targets) := test.input_with(
	array.concat([_provisioned], targets),
	{"relations": {"scaled_by": {_arn: [target.arn | some target in targets]}}},
)

_all := [test_dynamodb.target(id, units, {}) |
	some id in ["table/carts", "table/carts/index/by-date"]
	some units in ["ReadCapacityUnits", "WriteCapacityUnits"]
]

test_violated_without_scaling if {
	document := test.input_of([_provisioned])
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.message == "carts has provisioned capacity that does not follow the load"
	violation.evidence.fixed == [
		"table/carts ReadCapacityUnits",
		"table/carts WriteCapacityUnits",
		"table/carts/index/by-date ReadCapacityUnits",
		"table/carts/index/by-date WriteCapacityUnits",
	]
}

test_violated_where_an_index_does_not_scale if {
	document := _with_targets(array.slice(_all, 0, 3))
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.evidence.fixed == ["table/carts/index/by-date WriteCapacityUnits"]
}

test_violated_where_the_bounds_leave_no_room if {
	tight := test_dynamodb.target("table/carts", "WriteCapacityUnits", {"min_capacity": 50})
	document := _with_targets([_all[0], tight, _all[2], _all[3]])
	_violated(document) == {_arn}
	some violation in policy.violations with input as document
	violation.evidence.fixed == ["table/carts WriteCapacityUnits"]
}

test_satisfied_where_everything_scales if {
	document := _with_targets(_all)
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == {_arn} with input as document
}

test_unknown_where_the_table_was_not_described if {
	document := test.input_of([test_dynamodb.undescribed("carts")])
	_unknown(document) == {_arn}
	_violated(document) == set()
}

test_not_applicable_on_demand if {
	policy.subjects == set() with input as test.input_of([test_dynamodb.table("carts", {})])
}
