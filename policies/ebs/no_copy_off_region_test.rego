package hadr.ebs.no_copy_off_region_test

import data.hadr.ebs.no_copy_off_region as policy
import data.hadr.lib.test
import data.hadr.lib.test_backup
import data.hadr.lib.test_compute as compute

_volume := compute.volume("vol-1", ["i-1"], {})

_copy(id, region, age) := {
	"kind": "manual_snapshot",
	"arn": sprintf("arn:aws:ec2:%s::snapshot/%s", [region, id]),
	"region": region,
	"account": test.account,
	"off_region": region != test.region,
	"age": age,
}

_here := _copy("snap-1", "eu-west-1", 300)

_instance := compute.instance("i-1", {})

_document(known) := _document_with(_volume, known, [], [_instance])

_document_with(volume, known, unseen, others) := compute.input_with(
	array.concat([volume], others),
	{
		"coverage": {"backup:ListBackupPlans": {"eu-west-1": "collected"}},
		"relations": {"attached_to": {volume.arn: [compute.arn("instance/i-1")]}, "member_of": {}},
		"copies": {volume.arn: {"known": known, "unseen": unseen}},
	},
)

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_where_all_snapshots_are_in_one_region if {
	document := _document([_copy("snap-2", "eu-west-1", 86400), _here])
	_violated(document) == {_volume.arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "vol-1 has no snapshot outside eu-west-1"
	violation.evidence == {
		"region": "eu-west-1",
		"ages_of_copies_elsewhere": [],
		"limit": 2678400,
		"tier": {"value": "mission-critical", "source": "tag hadr:tier"},
		"attachments": ["i-1"],
	}
	violation.params == {"snapshot_id": "snap-1"}
}

test_violated_where_the_only_backup_is_in_a_vault_of_the_region if {
	document := _document([test_backup.copy(test_backup.vault_arn("vaulted"), 300)])
	_violated(document) == {_volume.arn}
	some violation in policy.violations with input as document
	violation.params == {"snapshot_id": null, "volume_without_snapshot": "vol-1"}
}

test_violated_by_copies_that_nobody_renews if {
	document := _document([_copy("snap-2", "eu-central-1", 3456000), _copy("snap-3", "us-west-1", 2678401)])
	_violated(document) == {_volume.arn}
	some violation in policy.violations with input as document
	violation.message == "vol-1 has no recent snapshot outside eu-west-1: the newest is 31 days old"
	violation.evidence.ages_of_copies_elsewhere == [3456000, 2678401]
	violation.params == {"snapshot_id": null, "volume_without_snapshot": "vol-1"}
}

test_satisfied_by_a_recent_copy_elsewhere if {
	document := _document([_here, _copy("snap-2", "eu-central-1", 2678400)])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_volume.arn}
}

test_the_age_can_be_configured if {
	document := _document([_here, _copy("snap-2", "eu-central-1", 604801)])
	parameters := {"ebs-no-copy-off-region": {"maximum_age": 604800}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == {_volume.arn}
}

test_an_objective_that_may_lose_more_allows_older_copies if {
	copies := [_here, _copy("snap-2", "eu-central-1", 3456000)]
	document := _document_with(test.may_lose(5184000, _volume), copies, [], [_instance])
	_violated(document) == set()
	_judged(document) == {_volume.arn}
}

_with_schedules(volume, known, schedules) := test.with_derived(
	_document_with(volume, known, [], [_instance]),
	{"schedules": {volume.arn: schedules}},
)

_elsewhere := test_backup.vault_arn_in("eu-central-1", "dr")

_copying := test_backup.schedule(test_backup.copies_to(_elsewhere))

test_violated_without_any_snapshot if {
	every schedules in [{}, test_backup.scheduled([test_backup.schedule({})])] {
		document := _with_schedules(_volume, [], schedules)
		_violated(document) == {_volume.arn}
		_unknown(document) == set()
	}
}

test_satisfied_before_the_first_run_that_copies_it if {
	document := _with_schedules(_volume, [_here], test_backup.waiting([_copying]))
	_violated(document) == set()
	_judged(document) == {_volume.arn}
	_violated(_with_schedules(_volume, [_here], test_backup.waiting([test_backup.schedule({})]))) == {_volume.arn}
}

test_unknown_without_any_snapshot_where_something_may_make_one if {
	document := _with_schedules(_volume, [], {"known": [], "possible": [_copying], "unseen": []})
	_unknown(document) == {_volume.arn}
	_violated(document) == set()
}

test_unknown_where_a_schedule_copies_to_where_nobody_looked if {
	unknown := _with_schedules(_volume, [_here], test_backup.scheduled_out_of_sight([_copying]))
	_unknown(unknown) == {_volume.arn}
	_violated(unknown) == set()
	_violated(_with_schedules(_volume, [_here], test_backup.scheduled([_copying]))) == {_volume.arn}
}

test_unknown_where_other_regions_were_not_seen if {
	every region in ["eu-central-1", "other Regions"] {
		document := _document_with(_volume, [_here], [test.unseen(region, "ec2:DescribeSnapshots")], [_instance])
		_unknown(document) == {_volume.arn}
		_violated(document) == set()
	}
}

test_a_listing_of_its_own_region_hides_nothing_that_helps if {
	unseen := [test.unseen("eu-west-1", "ec2:DescribeSnapshots")]
	_violated(_document_with(_volume, [_here], unseen, [_instance])) == {_volume.arn}
}

test_a_copy_settles_what_was_not_seen if {
	known := [_here, _copy("snap-2", "eu-central-1", 86400)]
	document := _document_with(_volume, known, [test.unseen("us-west-1", "ec2:DescribeSnapshots")], [_instance])
	_unknown(document) == set()
	_violated(document) == set()
}

test_unknown_where_a_copy_does_not_say_what_instant_it_is_of if {
	document := _document([_here, _copy("snap-2", "eu-central-1", null)])
	_unknown(document) == {_volume.arn}
	_violated(document) == set()
	_violated(_document([_here, _copy("snap-2", "eu-west-1", null)])) == {_volume.arn}
}

_with_possible(copies) := test.with_derived(
	_document([_here]),
	{"copies": {_volume.arn: {"known": [_here], "possible": copies}}},
)

test_unknown_where_another_region_has_a_copy_that_may_be_of_the_volume if {
	document := _with_possible([{"region": "eu-central-1", "age": 2678400}])
	_unknown(document) == {_volume.arn}
	_violated(document) == set()
}

test_violated_where_such_a_copy_is_too_old_or_near if {
	document := _with_possible([{"region": "eu-west-1", "age": 0}, {"region": "eu-central-1", "age": 2678401}])
	_violated(document) == {_volume.arn}
	_unknown(document) == set()
}

test_not_applicable_to_what_the_other_policy_does_not_judge if {
	rebuildable := _document_with(test.in_role("rebuildable", _volume), [_here], [], [_instance])
	_judged(rebuildable) == set()
	stopped := _document_with(_volume, [_here], [], [compute.instance("i-1", {"state": "stopped"})])
	_judged(stopped) == set()
}

# Its copy would not count either.
test_a_snapshot_that_is_too_old_is_not_copied if {
	some violation in policy.violations with input as _document([_copy("snap-4", "eu-west-1", 2678401)])
	violation.params == {"snapshot_id": null, "volume_without_snapshot": "vol-1"}
}
