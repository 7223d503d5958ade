package hadr.dynamodb.point_in_time_recovery_off_test

import data.hadr.dynamodb.point_in_time_recovery_off as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_dynamodb

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_carts := {test_dynamodb.arn("carts")}

_with_recovery(settings) := test_dynamodb.table("carts", {"point_in_time_recovery": settings})

_off := {"enabled": false, "recovery_period_in_days": null}

test_violated_where_it_is_off if {
	document := test.input_of([_with_recovery(_off)])
	_violated(document) == _carts
	some violation in policy.violations with input as document
	violation.message == "carts has no point-in-time recovery"
	violation.params == {"retention_days": 35}
	not violation.at_most
}

_backed_up(age, schedule) := test.input_with([_with_recovery(_off)], {
	"copies": {test_dynamodb.arn("carts"): {
		"known": [test_backup.copy(test_backup.vault_arn("main"), age)],
		"unseen": [],
	}},
	"schedules": {test_dynamodb.arn("carts"): test_backup.scheduled([test_backup.schedule(schedule)])},
})

test_recent_backups_make_it_less_bad if {
	document := _backed_up(129600, {})
	_violated(document) == _carts
	some violation in policy.violations with input as document
	violation.message == "carts has no point-in-time recovery, only backups by AWS Backup, the newest 36 hours old"
	violation.evidence == {
		"point_in_time_recovery": false,
		"newest_aws_backup_age": 129600,
		"rpo": 900,
		"periods": [86400],
	}
	violation.params == {"retention_days": 35}
	violation.at_most == "medium"
}

test_backups_that_come_as_often_as_the_tier_asks_for_make_it_little if {
	often := _backed_up(600, {"period": 600, "start_window": 300})
	{violation.at_most | some violation in policy.violations with input as often} == {"low"}
	late := _backed_up(600, {"period": 600, "start_window": 301})
	{violation.at_most | some violation in policy.violations with input as late} == {"medium"}
}

test_backups_that_do_not_come_change_nothing if {
	every age in [129601, null] {
		document := _backed_up(age, {"period": 600, "start_window": 300})
		{violation.message | some violation in policy.violations with input as document} == {
			"carts has no point-in-time recovery",
		}
		{violation.at_most | some violation in policy.violations with input as document} == set()
	}
}

test_milder_where_it_does_not_go_back_far_enough if {
	document := test.input_of([_with_recovery({"recovery_period_in_days": 7})])
	_violated(document) == _carts
	some violation in policy.violations with input as document
	violation.message == "carts can be restored only to the last 7 days"
	violation.evidence == {"recovery_period_in_days": 7, "minimum_days": 35}
	violation.params == {"minimum_days": 35, "current_days": 7}
	violation.at_most == "medium"
}

test_satisfied_where_it_is_on if {
	table := _with_recovery({})
	general := test.with_members(_with_recovery({"recovery_period_in_days": 1}), {"criticality": "general"})
	every document in [test.input_of([table]), test.input_of([general])] {
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _carts with input as document
	}
}

test_unknown_where_it_was_not_collected if {
	every recovery in [null, {"enabled": null}, {"recovery_period_in_days": null}] {
		document := test.input_of([_with_recovery(recovery)])
		_unknown(document) == _carts
		_violated(document) == set()
	}
}

test_not_applicable_to_what_can_be_made_again if {
	document := test.input_of([test_dynamodb.rebuildable(_with_recovery(_off))])
	policy.subjects == set() with input as document
}
