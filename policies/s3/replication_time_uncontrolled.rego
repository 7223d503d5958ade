# METADATA
# title: Replication to another Region promises no time
# description: |
#   Without Replication Time Control, S3 copies objects when it can: mostly within minutes, sometimes hours later. What
#   was not copied when the Region fails is lost, so a recovery point objective of an hour rests on luck. With it,
#   S3 commits itself to 15 minutes for nearly all objects and says when it is late.
#
#   Buckets are judged whose role is `authoritative` or `backup`, that have an enabled rule to another Region, and
#   whose tier promises a recovery point of at most `rpo_seconds`. One rule for every object under control suffices,
#   as do rules that all are. A rule to a destination that was not collected may stay in the Region, and the verdict
#   is unknown where it decides. An objective below 15 minutes is beyond what S3 offers.
# scope: package
# related_resources:
# - description: Meeting compliance requirements using S3 Replication Time Control
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetBucketReplication]
#   parameters:
#     rpo_seconds:
#       default: 3600
#       description: Recovery point objectives up to this many seconds need Replication Time Control.
#   controls:
#     aws-well-architected: [REL13-BP02]
#     nist-800-53: [CP-6(2), SC-36(2)]
#     iso-22301: [8.3.3]
#     dora: [12(6)]
#     soc2: [A1.2]
#   practices: [replication-in-minutes]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration
#     - --region={{region}}
#     effect: >-
#       prints the whole replication of the bucket, which the next step replaces; keep it for the way back, and read it
#       again where another finding has changed it in the meantime. Nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration.Rules[].[ID,Status]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{name}}
#     - --replication-configuration={{choose.replication_configuration}}
#     - --region={{region}}
#     effect: >-
#       S3 replicates within 15 minutes and publishes metrics and events of what is late; give all that the step above
#       prints, with "ReplicationTime":{"Status":"Enabled","Time":{"Minutes":15}} and
#       "Metrics":{"Status":"Enabled","EventThreshold":{"Minutes":15}} in the Destination of the rules that the finding
#       names
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{name}}
#     - --replication-configuration={{choose.present_replication_configuration}}
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration.Rules[].Destination.ReplicationTime
#     - --region={{region}}
#     cost: a charge for each replicated byte on top of the transfer, and the metrics
#   since: 0.1.0
package hadr.s3.replication_time_uncontrolled

import data.hadr.lib.s3
import data.hadr.lib.s3.buckets
import data.hadr.lib.s3.leaving
import data.hadr.lib.s3.unlisted

_most := data.parameters["s3-replication-time-uncontrolled"].rpo_seconds

# Their rules were not collected.
_unseen := [bucket | some bucket in unlisted; bucket.rpo.value <= _most]

subjects contains entry.bucket.arn if {
	some entry in leaving
	entry.bucket.rpo.value <= _most
}

subjects contains bucket.arn if {
	some bucket in _unseen
}

unknowns contains bucket.arn if {
	some bucket in _unseen
}

unknowns contains source.bucket.arn if {
	some source in _uncontrolled
}

violations contains violation if {
	some source in _uncontrolled
	bucket := source.bucket
	rpo := bucket.rpo.value
	not _may_be_controlled(source)
	late := [rule | some rule in source.late; s3.leaves(bucket, rule)]
	count(late) > 0
	violation := {
		"resource": bucket.arn,
		"message": sprintf("%s replicates to another Region without a promise of time", [bucket.name]),
		"evidence": {"rules": s3.summary(late), "rpo_seconds": rpo, "tier": bucket.tier},
	}
}

# Buckets that may send something to another Region without a promise of time, with the rules that do.
_uncontrolled := [{"bucket": bucket, "late": late} |
	some bucket in buckets
	bucket.rpo.value <= _most
	late := [rule |
		some rule in bucket.attributes.replication.rules
		rule.enabled == true
		rule.replication_time_control != true
		s3.may_leave(bucket, rule)
	]
	count(late) > 0
	not _is_controlled(bucket)
]

# A rule that sends everything to another Region does so in time.
_is_controlled(bucket) if {
	some rule in bucket.attributes.replication.rules
	rule.enabled == true
	_is_for_everything(rule)
	s3.leaves(bucket, rule)
}

# A rule that could be the one that suffices leads to where it is not known.
_may_be_controlled(source) if {
	some rule in source.bucket.attributes.replication.rules
	rule.enabled == true
	_is_for_everything(rule)
	s3.may_leave(source.bucket, rule)
}

_is_for_everything(rule) if {
	rule.covers_all_objects == true
	rule.replication_time_control == true
}
