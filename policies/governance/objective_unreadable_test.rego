package hadr.governance.objective_unreadable_test

import data.hadr.governance.objective_unreadable as policy
import data.hadr.lib.test
import data.hadr.lib.test_workload

_shop := "arn:aws:hadr-scan::123456789012:workload/shop"

_account := "arn:aws:account::123456789012:account"

_orders := test.db_instance("orders", {})

# It belongs to the workload `shop`.
_owned := test.with_members(_orders, {"workload": {"value": "shop", "source": "tag hadr:workload"}})

_shops := [test_workload.workload("shop", {"resources": [_orders.arn]})]

# Every Region was asked for its tags.
_asked := {"coverage": {"tag:GetResources": {
	"eu-central-1": "collected",
	"eu-west-1": "collected",
	"us-west-1": "region_disabled",
}}}

_document(resource, unreadable) := object.union(
	test_workload.input_with(_shops, [resource], test_workload.unkept([])),
	object.union(_asked, {"unreadable": unreadable}),
)

# A tag as the index lists it below `unreadable`.
_tag(resource, tag, value) := {
	"resource": resource.arn,
	"tag": tag,
	"value": value,
	"expected": "no duration such as 15m",
}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

test_satisfied_by_words_that_can_be_read if {
	document := _document(_owned, [])
	policy.subjects == {_shop} with input as document
	_messages(document) == set()
	_unknown(document) == set()
}

test_violated_by_words_that_cannot if {
	document := _document(_owned, [_tag(_orders, "hadr:rto", "soon")])
	_messages(document) == {"shop has the tag hadr:rto of orders, whose value \"soon\" is no duration such as 15m"}
	some violation in policy.violations with input as document
	violation.resource == _shop
	violation.discriminator == "arn:aws:rds:eu-west-1:123456789012:db:orders hadr:rto"
	violation.params == {
		"resource_arn": "arn:aws:rds:eu-west-1:123456789012:db:orders",
		"tag": "hadr:rto",
		"present_value": "soon",
		"region": "eu-west-1",
	}
}

test_the_account_has_the_tags_of_what_belongs_to_no_workload if {
	document := _document(_orders, [_tag(_orders, "hadr:tier", "Mission-Critical")])
	policy.subjects == {_shop, _account} with input as document
	some violation in policy.violations with input as document
	violation.resource == _account
	startswith(violation.message, "123456789012 has the tag hadr:tier of orders")
}

test_each_tag_is_told_apart if {
	document := _document(_owned, [_tag(_orders, "hadr:tier", "gold"), _tag(_orders, "hadr:rpo", "none")])
	found := {violation.discriminator | some violation in policy.violations with input as document}
	found == {
		"arn:aws:rds:eu-west-1:123456789012:db:orders hadr:rpo",
		"arn:aws:rds:eu-west-1:123456789012:db:orders hadr:tier",
	}
}

test_where_the_tags_of_a_zone_are_changed_is_for_a_person if {
	zone := test.with_members(
		test.resource("AWS::Route53::HostedZone", "arn:aws:route53:::hostedzone/Z1", "example.com", {}),
		{"region": "global"},
	)
	document := _document(zone, [_tag(zone, "hadr:tier", "gold")])
	some violation in policy.violations with input as document
	violation.resource == _account
	violation.params.region == null
}

test_unknown_where_tags_were_not_collected if {
	denied := {"coverage": {"tag:GetResources": {"eu-west-1": "denied"}}}
	untold := object.union(_document(test.with_members(_owned, {"tags": null}), []), denied)
	_unknown(untold) == {_shop}
}
