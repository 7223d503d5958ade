# METADATA
# title: Newest snapshot of the volume is older than the recovery point objective
# description: |
#   When the volume or its zone fails, or somebody deletes the data, it comes back as it was when the newest snapshot
#   was taken; what was written since is lost, and that is more than the tier allows.
#
#   Volumes of running instances are judged whose data is authoritative, by the tags of the volume or else by those of
#   its instance, from which its tier comes likewise if it has none. Not judged are volumes of instances that are not
#   production or that do not run, which nobody writes to; roots, and volumes that are deleted with the instance, of
#   Auto Scaling groups, of services that replace instances and of Spot Instances, because they are made anew from the
#   image; and volumes in which Elastic Disaster Recovery keeps copies of other machines.
#
#   The newest completed snapshot counts, whoever made it: those of AWS Backup, of Data Lifecycle Manager and of images
#   are snapshots of the account like all others. A fresh one in another Region counts too. One that was not seen there
#   changes nothing, because a copy starts from a snapshot in the Region of the volume.
#
#   A volume without any snapshot is a violation, too, unless it is younger than the objective, or younger than the first
#   run of a schedule of AWS Backup or of Data Lifecycle Manager that has it. Whether the instance copies its data
#   somewhere itself is not known. The verdict is unknown where a volume has no snapshot and a plan or policy that may
#   have it, or its backups, could not be collected; where a snapshot does not say what instant it is of; and where a
#   recent copy in the Region may be of the volume, as it does not say what it is of.
# scope: package
# related_resources:
# - description: Amazon EBS snapshots
#   ref: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-snapshots.html
# - description: Automate backups with Amazon Data Lifecycle Manager
#   ref: https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [zone, deletion]
#   resource_types: [AWS::EC2::Volume]
#   requires: [ec2:DescribeVolumes, ec2:DescribeInstances, ec2:DescribeSnapshots]
#   parameters:
#     shortest_period:
#       default: 7200
#       description: >-
#         Seconds up to which the age of a snapshot is never too much, however little the tier allows to be lost. Data
#         Lifecycle Manager and AWS Backup make snapshots once an hour at most, and the default leaves them an hour;
#         less takes replication.
#   controls:
#     aws-well-architected: [REL09-BP01, REL09-BP03]
#     aws-config: [ebs-last-backup-recovery-point-created]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.5]
#     dora: [12(1)]
#     soc2: [A1.2]
#   practices: [volumes-snapshotted]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - create-snapshot
#     - --volume-id={{name}}
#     - --region={{region}}
#     effect: >-
#       one snapshot of what is on the volume, while it is in use; what the operating system has not written yet is not
#       in it. The next steps make one again and again
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-snapshot
#     - --snapshot-id={{choose.snapshot_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-snapshots
#     - --owner-ids=self
#     - --filters=Name=volume-id,Values={{name}}
#     - --query=Snapshots[].[SnapshotId,StartTime,State]
#     - --region={{region}}
#     cost: snapshot storage by GB and month, for what has changed since the snapshot before
#   - argv:
#     - aws
#     - ec2
#     - create-tags
#     - --resources={{name}}
#     - --tags=Key=hadr:snapshots,Value=every-{{params.hours}}h
#     - --region={{region}}
#     effect: the volume has the tag by which the next step finds it; where a policy exists already, its tag is the one
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-tags
#     - --resources={{name}}
#     - --tags=Key=hadr:snapshots
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
#     - --description=Snapshots every {{params.hours}} hours
#     - --state=ENABLED
#     - --execution-role-arn={{inputs.dlm_role_arn}}
#     - >-
#       --policy-details={"PolicyType":"EBS_SNAPSHOT_MANAGEMENT","ResourceTypes":["VOLUME"],
#       "TargetTags":[{"Key":"hadr:snapshots","Value":"every-{{params.hours}}h"}],
#       "Schedules":[{"Name":"every-{{params.hours}}h","CopyTags":true,
#       "CreateRule":{"Interval":{{params.hours}},"IntervalUnit":"HOURS"},
#       "RetainRule":{"Interval":14,"IntervalUnit":"DAYS"}}]}
#     - --region={{region}}
#     effect: >-
#       every volume of the Region with the tag gets a snapshot at that interval, kept for 14 days; once for the Region,
#       not for each volume
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
#     cost: snapshot storage by GB and month, for what changes from one snapshot to the next
#   since: 0.1.0
package hadr.ebs.snapshot_stale

import data.hadr.lib.backup
import data.hadr.lib.ec2.volumes
import data.hadr.lib.rds

_stale := [volume | some volume in volumes; not _is_fresh(volume)]

subjects contains volume.arn if {
	some volume in volumes
}

unknowns contains volume.arn if {
	some volume in _stale
	_could_be_fresh(volume)
}

violations contains violation if {
	some volume in _stale
	not _could_be_fresh(volume)
	age := rds.least([copy.age | some copy in volume.copies.known])
	violation := {
		"resource": volume.arn,
		"message": sprintf(
			"%s would lose %s, and its objective allows %s",
			[volume.name, rds.words(age), rds.words(volume.rpo.value)],
		),
		"evidence": {
			"newest_snapshot_age": age,
			"tier": volume.tier,
			"rpo": volume.rpo.value,
			"limit": _limit(volume),
			"attachments": [attachment.instance_id | some attachment in volume.attributes.attachments],
		},
		"params": {"hours": _hours(_limit(volume))},
	}
}

violations contains violation if {
	some volume in _stale
	not _has_snapshots(volume)
	not _could_be_fresh(volume)
	violation := {
		"resource": volume.arn,
		"message": sprintf("%s has no snapshot, %s", [volume.name, _outlook(volume)]),
		"evidence": {
			"newest_snapshot_age": null,
			"schedules": [schedule.arn | some schedule in backup.running(volume)],
			"tier": volume.tier,
			"rpo": volume.rpo.value,
			"limit": _limit(volume),
			"attachments": [attachment.instance_id | some attachment in volume.attributes.attachments],
		},
		"params": {"hours": _hours(_limit(volume))},
	}
}

_outlook(volume) := "and nothing makes one" if count(backup.running(volume)) == 0

_outlook(volume) := "though a schedule has it" if count(backup.running(volume)) > 0

_is_fresh(volume) if {
	limit := _limit(volume)
	some copy in volume.copies.known
	copy.age != null
	copy.age <= limit
}

# Nothing on it is older than that.
_is_fresh(volume) if {
	not _has_snapshots(volume)
	volume.age <= _limit(volume)
}

_is_fresh(volume) if {
	not _has_snapshots(volume)
	backup.is_new(volume)
}

# Seconds that may be lost, as far as snapshots can promise them.
_limit(volume) := rpo if {
	rpo := volume.rpo.value
	rpo > data.parameters["ebs-snapshot-stale"].shortest_period
} else := data.parameters["ebs-snapshot-stale"].shortest_period

_could_be_fresh(volume) if {
	not _has_snapshots(volume)
	not backup.is_scheduled(volume)
	backup.may_be_scheduled(volume)
}

_could_be_fresh(volume) if {
	not _has_snapshots(volume)
	some listing in volume.copies.unseen
	listing.region == volume.region
}

# How old it is decides, and is not known.
_could_be_fresh(volume) if {
	not _has_snapshots(volume)
	not volume.age
}

_could_be_fresh(volume) if {
	some copy in volume.copies.known
	copy.age == null
}

_could_be_fresh(volume) if {
	some copy in volume.copies.possible
	copy.region == volume.region
	copy.age <= _limit(volume)
}

_has_snapshots(volume) if count(volume.copies.known) > 0

# The longest interval of Data Lifecycle Manager that leaves an hour for the snapshot itself.
_hours(limit) := 24 if {
	limit >= 25 * 3600
} else := 12 if {
	limit >= 13 * 3600
} else := 8 if {
	limit >= 9 * 3600
} else := 4 if {
	limit >= 5 * 3600
} else := 2 if {
	limit >= 3 * 3600
} else := 1
