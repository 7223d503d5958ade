# METADATA
# title: Replication to another Region is further behind than may be lost
# description: |
#   What was not copied when the Region fails is lost. The rule promises nothing about time unless it is under
#   Replication Time Control, and even then a throttled key or a burst of large objects makes it late.
#
#   Buckets are judged whose role is `authoritative` or `backup`, by each enabled rule with metrics that leaves the
#   Region: the greatest latency of the last day is held against the recovery point objective of the tier. A rule
#   without metrics says nothing, which has a finding of its own. What failed to be replicated is not late, and does not
#   show here.
#
#   The verdict is unknown where the latency was not collected or had no samples.
# scope: package
# related_resources:
# - description: Using S3 Replication metrics
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetBucketReplication]
#   controls:
#     aws-well-architected: [REL11-BP01, REL13-BP02]
#     nist-800-53: [CP-6(2), SC-36(2)]
#     iso-22301: [8.3.3]
#     dora: [12(6)]
#     soc2: [A1.2]
#   practices: [replication-in-minutes, replication-works]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{params.untimed_bucket}}
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
#     - --bucket={{params.untimed_bucket}}
#     - --query=ReplicationConfiguration.Rules[].[ID,Status]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.untimed_bucket}}
#     - --replication-configuration={{choose.replication_configuration}}
#     - --region={{region}}
#     effect: >-
#       S3 replicates within 15 minutes, which suffices where no less is promised; give all that the step above prints,
#       with "ReplicationTime":{"Status":"Enabled","Time":{"Minutes":15}} and
#       "Metrics":{"Status":"Enabled","EventThreshold":{"Minutes":15}} in the Destination of the rule that the finding
#       names
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.untimed_bucket}}
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
package hadr.s3.replication_behind

import data.hadr.lib.metric
import data.hadr.lib.rds
import data.hadr.lib.s3
import data.hadr.lib.s3.leaving
import data.hadr.lib.s3.unlisted

_pairs := [{"bucket": entry.bucket, "rule": entry.rule, "latency": latency} |
	some entry in leaving
	entry.rule.metrics == true
	latency := _latency(entry.bucket, entry.rule)
]

subjects contains pair.bucket.arn if {
	some pair in _pairs
}

subjects contains bucket.arn if {
	some bucket in unlisted
}

unknowns contains bucket.arn if {
	some bucket in unlisted
}

unknowns contains pair.bucket.arn if {
	some pair in _pairs
	pair.latency == null
}

violations contains violation if {
	some pair in _pairs
	is_number(pair.latency)
	rpo := pair.bucket.rpo.value
	pair.latency > rpo
	destination := s3.name_of(pair.rule.destination_bucket)
	violation := {
		"resource": pair.bucket.arn,
		"message": sprintf("%s replicated to %s up to %s late in the last day, and may be %s late", [
			pair.bucket.name,
			destination,
			_words(pair.latency),
			_words(rpo),
		]),
		"evidence": {
			"rule": pair.rule.id,
			"destination_bucket": pair.rule.destination_bucket,
			"latency_seconds": pair.latency,
			"rpo_seconds": rpo,
			"replication_time_control": pair.rule.replication_time_control,
		},
		"params": _untimed(pair),
		"discriminator": s3.rule_id(pair.rule),
	}
}

# The greatest latency of a rule, in seconds; `null` where that is not known.
_latency(bucket, rule) := found[0] if {
	found := [reading.value |
		some reading in metric.readings(bucket.arn, "ReplicationLatency")
		reading.dimensions.RuleId == rule.id
	]
	count(found) > 0
} else := null

# Nothing promises a time yet.
_untimed(pair) := {} if {
	pair.rule.replication_time_control == true
} else := {"untimed_bucket": pair.bucket.name}

# Minutes are too coarse where the two are close.
_words(seconds) := sprintf("%d seconds", [floor(seconds)]) if seconds < 7200

_words(seconds) := rds.words(seconds) if seconds >= 7200
