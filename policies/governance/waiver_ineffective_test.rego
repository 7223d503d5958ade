package hadr.governance.waiver_ineffective_test

import data.hadr.governance.waiver_ineffective as policy
import data.hadr.lib.test

_account := "arn:aws:account::123456789012:account"

_day := 86400

_waiver(settings) := object.union(
	{
		"policy": "rds-instance-single-az",
		"resource": "arn:aws:rds:*:*:db:orders",
		"owner": "shop",
		"expires": "2027-01-31",
		"remaining": 70 * _day,
	},
	settings,
)

_document(waivers) := test.input_with([], {"config": {"waivers": waivers}})

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_message(fault) := concat(" ", [
	"123456789012 has a waiver of rds-instance-single-az for arn:aws:rds:*:*:db:orders that",
	fault,
])

test_satisfied_with_an_owner_and_a_last_day if {
	document := _document([_waiver({})])
	_messages(document) == set()
	policy.subjects == {_account} with input as document
}

test_violated_once_it_has_expired if {
	document := _document([_waiver({"expires": "2026-11-20", "remaining": -3 * 3600})])
	_messages(document) == {_message("has expired")}
	some violation in policy.violations with input as document
	violation.resource == _account
	violation.evidence == {
		"policy": "rds-instance-single-az",
		"resource": "arn:aws:rds:*:*:db:orders",
		"owner": "shop",
		"expires": "2026-11-20",
		"maximum_days": 180,
	}
	violation.discriminator == "rds-instance-single-az arn:aws:rds:*:*:db:orders 2026-11-20"
}

test_it_applies_until_its_last_day_is_over if {
	_messages(_document([_waiver({"remaining": 1})])) == set()
	_messages(_document([_waiver({"remaining": 0})])) == {_message("has expired")}
}

test_violated_without_a_last_day if {
	document := _document([_waiver({"expires": null, "remaining": null})])
	_messages(document) == {_message("has no last day")}
	some violation in policy.violations with input as document
	violation.discriminator == "rds-instance-single-az arn:aws:rds:*:*:db:orders"
}

test_violated_without_an_owner if {
	_messages(_document([_waiver({"owner": ""})])) == {_message("has no owner")}
}

test_violated_when_it_runs_for_too_long if {
	# The whole of the last day counts, so 180 days end 181 days later at most.
	_messages(_document([_waiver({"remaining": 181 * _day})])) == set()
	_messages(_document([_waiver({"remaining": 181 * _day + 1})])) == {_message("runs for more than 180 days")}
}

test_the_longest_time_can_be_changed if {
	document := _document([_waiver({"remaining": 70 * _day})])
	parameters := {"governance-waiver-ineffective": {"maximum_days": 30}}
	found := {violation.message | some violation in policy.violations} with input as document
		with data.parameters as parameters
	found == {_message("runs for more than 30 days")}
}

test_a_waiver_is_told_once_with_all_its_faults if {
	document := _document([_waiver({"owner": "", "remaining": -1})])
	_messages(document) == {_message("has expired and has no owner")}
}

test_waivers_are_told_apart if {
	document := _document([
		_waiver({"remaining": -1}),
		_waiver({"remaining": -1, "resource": "arn:aws:rds:*:*:db:billing"}),
		_waiver({"policy": "s3-bucket-unversioned"}),
	])
	found := {violation.evidence.resource | some violation in policy.violations with input as document}
	found == {"arn:aws:rds:*:*:db:orders", "arn:aws:rds:*:*:db:billing"}
}

test_not_applicable_without_waivers if {
	document := _document([])
	policy.subjects == set() with input as document
}
