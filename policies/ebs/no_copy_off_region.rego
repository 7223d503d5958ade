# METADATA
# title: Volume has no recent snapshot outside its Region
# description: |
#   Snapshots are kept in the Region of their volume. When the Region fails, the data cannot be brought back anywhere
#   else before the Region returns, and what the Region loses is lost.
#
#   The volumes are judged that `ebs-snapshot-stale` judges. A completed snapshot of the volume in another Region
#   counts, whoever made it, up to an age, for a copy that nobody renews is not a copy any more. How much of the
#   recovery point objective it takes is another question, to which this policy has no answer.
#
#   A volume is in order, too, that is younger than the first run of a schedule that copies to another Region. The
#   verdict is unknown where only one Region was scanned, or the snapshots of another could not be listed; where a
#   schedule copies to an account or Region that was not scanned together with this one; where a volume has no snapshot
#   and a plan or policy that may have it could not be collected; where a copy does not say what instant it is of; and
#   where another Region has a recent copy that may be of the volume. The API gives copies no volume. What they are of
#   is in the description that EC2 gives them, unless somebody gave another, and in the snapshot that it names, as long
#   as that exists. Regions left out of a scan of several are taken to hold nothing. Replication by Elastic Disaster
#   Recovery does not count, as it is not collected which volumes of a server it has.
# scope: package
# related_resources:
# - description: Copy an Amazon EBS snapshot
#   ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
# - description: Automate backups with Amazon Data Lifecycle Manager
#   ref: https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [region]
#   resource_types: [AWS::EC2::Volume]
#   exempt_environments: [disaster-recovery]
#   requires: [ec2:DescribeVolumes, ec2:DescribeInstances, ec2:DescribeSnapshots]
#   parameters:
#     maximum_age:
#       default: 2678400
#       description: >-
#         Seconds after which a copy does not count any more; 31 days by default. Where the tier allows more data to be
#         lost, that is the limit.
#   controls:
#     aws-well-architected: [REL09-BP01, REL13-BP02]
#     nist-800-53: [CP-6, CP-6(1), CP-9(5)]
#     iso-22301: [8.3.4]
#     dora: [12(3)]
#     soc2: [A1.2]
#   practices: [one-copy-off-site, data-outlives-its-region, general-backup-and-restore]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - create-snapshot
#     - --volume-id={{params.volume_without_snapshot}}
#     - --region={{region}}
#     effect: >-
#       a snapshot for the next step, as there is none that is recent enough; the volume stays in use, and what the
#       operating system has not written yet is not in it. Wait until it is completed
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-snapshot
#     - --snapshot-id={{choose.new_snapshot_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-snapshots
#     - --owner-ids=self
#     - --filters=Name=volume-id,Values={{params.volume_without_snapshot}}
#     - --query=Snapshots[].[SnapshotId,StartTime,State]
#     - --region={{region}}
#     cost: snapshot storage by GB and month, for what has changed since the snapshot before
#   - argv:
#     - aws
#     - ec2
#     - copy-snapshot
#     - --source-snapshot-id={{params.snapshot_id}}
#     - --source-region={{region}}
#     - --encrypted
#     - --kms-key-id={{inputs.dr_kms_key_arn}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the newest snapshot, or that of the step before, is copied once, encrypted with a key of the other Region. It is
#       left to EC2 to describe the copy, because a description of one's own hides what it is a copy of
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-snapshot
#     - --snapshot-id={{choose.snapshot_id}}
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - ec2
#     - describe-snapshots
#     - --owner-ids=self
#     - --filters=Name=description,Values=*{{params.snapshot_id}}*
#     - --query=Snapshots[].[SnapshotId,State,Progress]
#     - --region={{inputs.dr_region}}
#     cost: transfer between Regions by GB, and snapshot storage in the other Region by GB and month
#   - argv:
#     - aws
#     - ec2
#     - create-tags
#     - --resources={{name}}
#     - --tags=Key=hadr:off-region-snapshots,Value=daily
#     - --region={{region}}
#     effect: the volume has the tag by which the next step finds it; where a policy exists already, its tag is the one
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-tags
#     - --resources={{name}}
#     - --tags=Key=hadr:off-region-snapshots
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-tags
#     - --filters=Name=resource-id,Values={{name}}
#     - --query=Tags[].[Key,Value]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - dlm
#     - create-lifecycle-policy
#     - --description=Daily snapshots with copies in another Region
#     - --state=ENABLED
#     - --execution-role-arn={{inputs.dlm_role_arn}}
#     - >-
#       --policy-details={"PolicyType":"EBS_SNAPSHOT_MANAGEMENT","ResourceTypes":["VOLUME"],
#       "TargetTags":[{"Key":"hadr:off-region-snapshots","Value":"daily"}],
#       "Schedules":[{"Name":"daily","CopyTags":true,
#       "CreateRule":{"Interval":24,"IntervalUnit":"HOURS"},"RetainRule":{"Interval":14,"IntervalUnit":"DAYS"},
#       "CrossRegionCopyRules":[{"Target":"{{inputs.dr_region}}","Encrypted":true,"CmkArn":"{{inputs.dr_kms_key_arn}}",
#       "CopyTags":true,"RetainRule":{"Interval":14,"IntervalUnit":"DAYS"}}]}]}
#     - --region={{region}}
#     effect: >-
#       every volume of the Region with the tag gets a snapshot a day and a copy of it in the other Region, both kept
#       for 14 days; once for the Region, not for each volume
#     risk: safe
#     undo:
#     - aws
#     - dlm
#     - delete-lifecycle-policy
#     - --policy-id={{choose.policy_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - dlm
#     - get-lifecycle-policies
#     - --query=Policies[].[PolicyId,Description,State]
#     - --region={{region}}
#     cost: transfer between Regions by GB, and snapshot storage in both Regions by GB and month
#   since: 0.1.0
package hadr.ebs.no_copy_off_region

import data.hadr.lib.backup
import data.hadr.lib.ec2.volumes
import data.hadr.lib.rds

_unsaved := [found |
	some volume in volumes
	limit := _limit(volume)
	not volume.copies.newest.off_region <= limit
	not _is_about_to_be_copied(volume)
	found := {"volume": volume, "limit": limit}
]

subjects contains volume.arn if {
	some volume in volumes
}

unknowns contains found.volume.arn if {
	some found in _unsaved
	_could_be_saved(found.volume, found.limit)
}

violations contains violation if {
	some found in _unsaved
	volume := found.volume
	not _could_be_saved(volume, found.limit)
	ages := [copy.age |
		some copy in volume.copies.known
		copy.off_region == true
	]
	violation := {
		"resource": volume.arn,
		"message": _message(volume, ages),
		"evidence": {
			"region": volume.region,
			"ages_of_copies_elsewhere": ages,
			"limit": found.limit,
			"tier": volume.tier,
			"attachments": [attachment.instance_id | some attachment in volume.attributes.attachments],
		},
		"params": _params(found),
	}
}

# The first run that copies it is yet to come.
_is_about_to_be_copied(volume) if {
	backup.is_new(volume)
	some schedule in backup.running(volume)
	some copy in schedule.copies
	copy.region != volume.region
}

_limit(volume) := rpo if {
	rpo := volume.rpo.value
	rpo > data.parameters["ebs-no-copy-off-region"].maximum_age
} else := data.parameters["ebs-no-copy-off-region"].maximum_age

_could_be_saved(volume, _) if {
	not _has_snapshots(volume)
	not backup.is_scheduled(volume)
	backup.may_be_scheduled(volume)
}

_could_be_saved(volume, _) if backup.is_copied_off_region_out_of_sight(volume)

_could_be_saved(volume, _) if {
	some listing in volume.copies.unseen
	listing.region != volume.region
}

_could_be_saved(volume, limit) if volume.copies.at_best.off_region <= limit

_could_be_saved(volume, limit) if {
	some copy in volume.copies.possible
	copy.region != volume.region
	copy.age <= limit
}

_has_snapshots(volume) if count(volume.copies.known) > 0

_message(volume, ages) := sprintf("%s has no snapshot outside %s", [volume.name, volume.region]) if count(ages) == 0

_message(volume, ages) := sprintf(
	"%s has no recent snapshot outside %s: the newest is %s old",
	[volume.name, volume.region, rds.words(rds.least(ages))],
) if {
	count(ages) > 0
}

# A copy of an old snapshot would be too old as well, so that a new one comes first.
_params(found) := {"snapshot_id": snapshot} if {
	snapshot := _newest_here(found.volume, found.limit)
	is_string(snapshot)
} else := {"snapshot_id": null, "volume_without_snapshot": found.volume.name}

# Id of the newest snapshot in the Region of the volume, `null` if there is none that is recent enough. What is in a
# logically air-gapped vault is no snapshot that EC2 could copy.
_newest_here(volume, limit) := split(newest[0].arn, "/")[1] if {
	here := [copy |
		some copy in volume.copies.known
		copy.off_region == false
		copy.age != null
		copy.age <= limit
		contains(copy.arn, ":snapshot/")
	]
	age := rds.least([copy.age | some copy in here])
	newest := [copy | some copy in here; copy.age == age]
	count(newest) > 0
} else := null
