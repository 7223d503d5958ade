package hadr.backup.period_exceeds_rpo_test

import data.hadr.backup.period_exceeds_rpo as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_compute as compute
import data.hadr.lib.test_dynamodb

_table := test_dynamodb.table("carts", {"point_in_time_recovery": {"enabled": false}})

_orders := test.db_instance("orders", {"backup_retention_period": 0})

_general(resource) := test.with_members(resource, {"tier": {"value": "general", "source": "tag hadr:tier"}})

_hourly := {"period": 3600, "start_window": 3600}

_with(resource, known) := _with_schedules(resource, test_backup.scheduled([test_backup.schedule(each) |
	some each in known
]))

_with_schedules(resource, schedules) := test_backup.input_with(
	[resource, compute.instance("i-1", {})],
	{
		"relations": {
			"attached_to": {compute.arn("volume/vol-1"): [compute.arn("instance/i-1")]},
			"member_of": {},
		},
		"schedules": {resource.arn: schedules},
	},
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

test_violated_by_a_daily_plan if {
	document := _with(_general(_table), [{}])
	_violated(document) == {_table.arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "carts would lose up to 25 hours, and its objective allows 12 hours"
	violation.evidence == {
		"schedules": [{
			"arn": test_backup.plan_arn("nightly"),
			"rule": "daily",
			"period": 86400,
			"start_window": 3600,
		}],
		"loss": 90000,
		"tier": {"value": "general", "source": "tag hadr:tier"},
		"rpo": 43200,
		"limit": 43200,
	}
	violation.params == {"hours": 8}
}

test_the_start_window_counts if {
	_violated(_with(_general(_table), [{"period": 36000, "start_window": 7200}])) == set()
	_violated(_with(_general(_table), [{"period": 36000, "start_window": 7201}])) == {_table.arn}
}

test_satisfied_by_the_best_of_several if {
	document := _with(_general(_orders), [{"period": 2678400}, {"rule": "often", "period": 28800}])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_orders.arn}
}

test_less_than_snapshots_can_promise_is_not_asked_of_a_volume if {
	volume := compute.volume("vol-1", ["i-1"], {})
	_violated(_with(volume, [_hourly])) == set()
	late := _with(volume, [{"period": 3600, "start_window": 3601}])
	_messages(late) == {"vol-1 would lose up to 2 hours, and its objective allows 15 minutes"}
	some violation in policy.violations with input as late
	violation.evidence.limit == 7200
	violation.params == {"hours": 1}

	# A table can be restored to any second.
	_violated(_with(_table, [_hourly])) == {_table.arn}
	parameters := {"backup-period-exceeds-rpo": {"shortest_period": 86400}}
	found := policy.violations with input as late with data.parameters as parameters
	found == set()
}

test_the_interval_leaves_an_hour if {
	every case in [
		[46800, 12], [46799, 8], [32400, 8], [32399, 4], [18000, 4], [17999, 2], [10800, 2], [10799, 1],
	] {
		document := _with(test.may_lose(case[0], _table), [{"period": 864000}])
		{violation.params.hours | some violation in policy.violations with input as document} == {case[1]}
	}
}

test_violated_where_no_schedule_ever_runs if {
	document := _with(_table, [{"period": null, "never_runs": true}])
	_violated(document) == {_table.arn}
	_messages(document) == {"carts is only in backup plans that never run"}
	_messages(_with(_general(_table), [{"period": null, "never_runs": true}, {"rule": "weekly", "period": 604800}])) == {
		"carts would lose up to 7 days, and its objective allows 12 hours",
	}
}

test_unknown_where_a_schedule_cannot_be_read if {
	every known in [[{"period": null}], [{"period": null}, {"rule": "weekly", "period": 604800}]] {
		document := _with(_table, known)
		_unknown(document) == {_table.arn}
		_violated(document) == set()
	}
	_unknown(_with(_general(_table), [{"period": null}, {"rule": "often", "period": 28800}])) == set()
}

test_unknown_where_another_schedule_may_have_it if {
	daily := test_backup.schedule({})
	every schedules in [
		{"known": [daily], "possible": [daily], "unseen": []},
		{"known": [daily], "possible": [], "unseen": [test.unseen(test.region, "backup:ListBackupSelections")]},
	] {
		document := _with_schedules(_table, schedules)
		_unknown(document) == {_table.arn}
		_violated(document) == set()
	}
}

test_unknown_where_it_is_not_known_whether_there_is_something_better if {
	every resource in [
		test_dynamodb.table("carts", {"point_in_time_recovery": null}),
		test.db_instance("orders", {"backup_retention_period": null}),
		test.bucket("invoices", {"versioning": null}),
	] {
		document := _with(resource, [{}])
		_unknown(document) == {resource.arn}
		_violated(document) == set()
	}
}

# Two backups a day are twelve hours apart at best, and the window of an hour comes on top.
test_unknown_where_several_may_be_enough_together if {
	twice := _with(test.may_lose(46800, _table), [{}, {"rule": "noon"}])
	_unknown(twice) == {_table.arn}
	_violated(twice) == set()
	_violated(_with(_general(_table), [{}, {"rule": "noon"}])) == {_table.arn}
}

test_not_applicable_where_any_point_in_time_can_be_restored if {
	every case in [
		[test.db_instance("orders", {}), {}],
		[test_dynamodb.table("carts", {}), {}],
		[test.bucket("invoices", {}), {}],
		[_orders, {"continuous": true}],
	] {
		document := _with(case[0], [case[1]])
		_judged(document) == set()
		_violated(document) == set()
	}
	kept := test.with_derived(_with(_orders, [{}]), {"copies": {_orders.arn: {
		"known": [test.copy("continuous_backup", test.region, null)],
		"unseen": [],
	}}})
	_judged(kept) == set()
}

test_not_applicable_without_a_schedule if {
	_judged(_with(_table, [])) == set()
	possible := {"known": [], "possible": [test_backup.schedule({})], "unseen": []}
	_judged(_with_schedules(_table, possible)) == set()
}
