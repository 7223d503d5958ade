package hadr.ebs.snapshot_stale_test

import data.hadr.ebs.snapshot_stale as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_compute as compute

_volume := compute.volume("vol-1", ["i-1"], {})

_general := test.with_members(_volume, {"tier": {"value": "general", "source": "tag hadr:tier"}})

_copy(id, region, age) := {
	"kind": "manual_snapshot",
	"arn": sprintf("arn:aws:ec2:%s::snapshot/%s", [region, id]),
	"region": region,
	"account": test.account,
	"off_region": region != test.region,
	"age": age,
}

_document(volume, known) := _document_with(volume, known, [compute.instance("i-1", {})])

_document_with(volume, known, others) := compute.input_with(array.concat([volume], others), {
	"coverage": {"backup:ListBackupPlans": {"eu-west-1": "collected"}},
	"relations": {"attached_to": {volume.arn: [compute.arn("instance/i-1")]}, "member_of": {}},
	"copies": {volume.arn: {"known": known, "unseen": [test.unseen("other Regions", "ec2:DescribeSnapshots")]}},
})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_where_the_newest_snapshot_is_too_old if {
	document := _document(_general, [
		_copy("snap-1", "eu-west-1", 864000),
		_copy("snap-2", "eu-west-1", 259200),
		_copy("snap-3", "eu-central-1", 345600),
	])
	_violated(document) == {_volume.arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "vol-1 would lose 3 days, and its objective allows 12 hours"
	violation.evidence == {
		"newest_snapshot_age": 259200,
		"tier": {"value": "general", "source": "tag hadr:tier"},
		"rpo": 43200,
		"limit": 43200,
		"attachments": ["i-1"],
	}
	violation.params == {"hours": 8}
}

test_satisfied_up_to_the_objective if {
	every known in [
		[_copy("snap-1", "eu-west-1", 43200)],
		[_copy("snap-1", "eu-west-1", 864000), _copy("snap-2", "eu-west-1", 60)],
		[_copy("snap-1", "eu-west-1", 864000), _copy("snap-2", "eu-central-1", 60)],
		[_copy("snap-1", "eu-west-1", null), _copy("snap-2", "eu-west-1", 60)],
	] {
		document := _document(_general, known)
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_volume.arn}
	}
	_violated(_document(_general, [_copy("snap-1", "eu-west-1", 43201)])) == {_volume.arn}
}

test_less_than_snapshots_can_promise_is_not_asked_for if {
	_violated(_document(_volume, [_copy("snap-1", "eu-west-1", 7200)])) == set()
	document := _document(_volume, [_copy("snap-1", "eu-west-1", 7201)])
	_violated(document) == {_volume.arn}
	some violation in policy.violations with input as document
	violation.message == "vol-1 would lose 2 hours, and its objective allows 15 minutes"
	violation.evidence.limit == 7200
	violation.params == {"hours": 1}
}

test_the_shortest_period_can_be_configured if {
	document := _document(_volume, [_copy("snap-1", "eu-west-1", 7201)])
	parameters := {"ebs-snapshot-stale": {"shortest_period": 86400}}
	found := policy.violations with input as document with data.parameters as parameters
	found == set()
}

test_the_interval_leaves_an_hour if {
	every case in [
		[90000, 24], [89999, 12], [46800, 12], [46799, 8], [32400, 8], [32399, 4],
		[18000, 4], [17999, 2], [10800, 2], [10799, 1],
	] {
		document := _document(test.may_lose(case[0], _volume), [_copy("snap-1", "eu-west-1", 864000)])
		{violation.params.hours | some violation in policy.violations with input as document} == {case[1]}
	}
}

_with_schedules(volume, schedules) := test.with_derived(_document(volume, []), {"schedules": {volume.arn: schedules}})

test_violated_without_any_snapshot if {
	document := _document(_general, [])
	_violated(document) == {_volume.arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "vol-1 has no snapshot, and nothing makes one"
	violation.evidence.newest_snapshot_age == null
	violation.evidence.schedules == []
	violation.params == {"hours": 8}
}

test_violated_where_a_schedule_has_made_none if {
	every schedule in [test_backup.schedule({}), test_backup.lifecycle_schedule({})] {
		document := _with_schedules(_general, test_backup.scheduled([schedule]))
		_violated(document) == {_volume.arn}
		_messages(document) == {"vol-1 has no snapshot, though a schedule has it"}
	}
	never := test_backup.schedule({"never_runs": true, "period": null})
	_messages(_with_schedules(_general, test_backup.scheduled([never]))) == {
		"vol-1 has no snapshot, and nothing makes one",
	}
}

_messages(document) := {violation.message | some violation in policy.violations with input as document}

_made(seconds) := test.with_members(_general, {"age": seconds})

test_satisfied_while_there_is_nothing_to_lose_yet if {
	young := _document(_made(43200), [])
	_violated(young) == set()
	_unknown(young) == set()
	_judged(young) == {_volume.arn}
	_violated(_document(_made(43201), [])) == {_volume.arn}
}

test_satisfied_before_the_first_run_of_its_schedule if {
	daily := [test_backup.schedule({})]
	_violated(_with_schedules(_general, test_backup.waiting(daily))) == set()
	_violated(_with_schedules(_general, test_backup.scheduled(daily))) == {_volume.arn}
}

test_unknown_without_any_snapshot_where_something_may_make_one if {
	every schedules in [
		{"known": [], "possible": [test_backup.schedule({})], "unseen": []},
		{"known": [], "possible": [], "unseen": [test.unseen(test.region, "dlm:GetLifecyclePolicies")]},
	] {
		document := _with_schedules(_general, schedules)
		_unknown(document) == {_volume.arn}
		_violated(document) == set()
	}
	unasked := object.union(object.remove(_document(_general, []), ["coverage"]), {"coverage": {}})
	_unknown(unasked) == {_volume.arn}
}

test_unknown_without_any_snapshot_where_backups_were_not_seen if {
	vaults := test.with_derived(_document(_general, []), {"copies": {_volume.arn: {
		"known": [],
		"unseen": [test.unseen(test.region, "backup:ListRecoveryPointsByBackupVault")],
	}}})
	_unknown(vaults) == {_volume.arn}
	_violated(vaults) == set()
}

test_unknown_without_any_snapshot_where_its_age_is_not_known if {
	document := _document(object.remove(_general, ["age"]), [])
	_unknown(document) == {_volume.arn}
	_violated(document) == set()
}

test_unknown_where_a_snapshot_does_not_say_what_instant_it_is_of if {
	document := _document(_general, [_copy("snap-1", "eu-west-1", 864000), _copy("snap-2", "eu-west-1", null)])
	_unknown(document) == {_volume.arn}
	_violated(document) == set()
}

_with_possible(copies) := test.with_derived(
	_document(_general, []),
	{"copies": {_volume.arn: {"known": [_copy("snap-1", "eu-west-1", 864000)], "possible": copies}}},
)

test_unknown_where_a_recent_copy_may_be_of_the_volume if {
	document := _with_possible([{"region": "eu-west-1", "age": 43200}])
	_unknown(document) == {_volume.arn}
	_violated(document) == set()
	old := _with_possible([{"region": "eu-west-1", "age": 43201}, {"region": "eu-central-1", "age": 0}])
	_violated(old) == {_volume.arn}
	_unknown(old) == set()
}

test_not_applicable_to_what_is_made_anew_or_not_written_to if {
	old := [_copy("snap-1", "eu-west-1", 864000)]
	every volume in [
		test.in_role("rebuildable", _volume),
		test.in_role("cache", _volume),
		compute.volume("vol-1", ["i-1"], {"attachments": []}),
	] {
		document := object.union(_document(volume, old), {"relations": {"attached_to": {
			volume.arn: [compute.arn(sprintf("instance/%s", [attachment.instance_id])) |
				some attachment in volume.attributes.attachments
			],
		}}})
		_judged(document) == set()
	}
	stopped := _document_with(_volume, old, [compute.instance("i-1", {"state": "stopped"})])
	_judged(stopped) == set()
}

test_not_applicable_to_the_root_of_a_member_of_a_group if {
	root := compute.volume("vol-1", ["i-1"], {"attachments": [
		{"instance_id": "i-1", "device": "/dev/xvda", "delete_on_termination": true},
	]})
	document := _document_with(root, [_copy("snap-1", "eu-west-1", 864000)], [
		compute.instance("i-1", {"auto_scaling_group": "web"}),
	])
	_judged(document) == set()
}
