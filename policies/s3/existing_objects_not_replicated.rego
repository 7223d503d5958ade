# METADATA
# title: Objects from before the replication rule are not in the copy
# description: |
#   A replication rule takes what is written after it was made. Everything older is in one Region, and the bucket in the
#   other Region looks complete because something arrives there each day.
#
#   Buckets are judged whose role is `authoritative` or `backup`, by each enabled rule for all objects that leaves the
#   Region: the copy has to have nearly as many objects as its source, by the daily count of both, which counts every
#   version. What is missing may also be uploads that were not finished, or objects that are encrypted and failed to be
#   replicated: they are not in the copy either. Rules for a part of the objects are not judged, as nobody counts the
#   parts, and a rule without such a count says nothing.
#
#   The verdict is unknown where a count is missing, which that of an empty bucket is; where the copy expires objects
#   that its source keeps; where other buckets are replicated into the same copy and make up for what is missing; and
#   where half of the objects or more are there and delete markers, which count as objects, are not replicated.
# scope: package
# related_resources:
# - description: Replicating existing objects with Batch Replication
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-batch.html
# - description: Metrics and dimensions, in the Amazon S3 User Guide
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetBucketReplication]
#   parameters:
#     minimum_percent:
#       default: 98
#       description: Percent of the objects of the source that have to be in the copy.
#     with_markers_percent:
#       default: 50
#       description: >-
#         The same where delete markers are not replicated: each object may have one, and then the copy has half of the
#         count.
#   controls:
#     aws-well-architected: [REL09-BP04]
#     nist-800-53: [CP-9(3)]
#     iso-22301: [8.3.3]
#     dora: [12(2)]
#     soc2: [A1.2]
#   practices: [existing-objects-replicated]
#   remediation:
#   - argv:
#     - aws
#     - s3control
#     - create-job
#     - --account-id={{account}}
#     - '--operation={"S3ReplicateObject":{}}'
#     - >-
#       --manifest-generator={"S3JobManifestGenerator":{"SourceBucket":"{{arn}}","EnableManifestOutput":false,
#       "Filter":{"EligibleForReplication":true,"ObjectReplicationStatuses":["NONE","FAILED"]}}}
#     - '--report={"Enabled":false}'
#     - --priority=1
#     - --role-arn={{inputs.batch_replication_role_arn}}
#     - --no-confirmation-required
#     - --region={{region}}
#     effect: copies once, by the rules of the bucket, all objects that were never replicated or failed to be
#     risk: review
#     verify:
#     - aws
#     - s3control
#     - list-jobs
#     - --account-id={{account}}
#     - --query=Jobs[].[JobId,Operation,Status,ProgressSummary]
#     - --region={{region}}
#     cost: a charge for the job and each object, the requests, the transfer, and the storage of the copies
#   since: 0.1.0
package hadr.s3.existing_objects_not_replicated

import data.hadr.lib.metric
import data.hadr.lib.s3
import data.hadr.lib.s3.leaving
import data.hadr.lib.s3.unlisted

_parameters := data.parameters["s3-existing-objects-not-replicated"]

_pairs := [pair |
	some entry in leaving
	entry.rule.covers_all_objects == true
	percent := _percent(entry.bucket.arn, entry.rule.destination_bucket)
	pair := {"bucket": entry.bucket, "rule": entry.rule, "percent": percent}
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
	pair.percent == null
}

unknowns contains pair.bucket.arn if {
	some pair in _pairs
	_is_complete(pair)
	_has_other_sources(pair)
}

unknowns contains pair.bucket.arn if {
	some pair in _incomplete
	_is_explained(pair)
}

violations contains violation if {
	some pair in _incomplete
	not _is_explained(pair)
	destination := s3.name_of(pair.rule.destination_bucket)
	violation := {
		"resource": pair.bucket.arn,
		"message": sprintf("%s has more objects than its copy %s, which has %d %% of their number", [
			pair.bucket.name,
			destination,
			floor(pair.percent),
		]),
		"evidence": {
			"rule": pair.rule.id,
			"destination_bucket": pair.rule.destination_bucket,
			"objects": metric.value(pair.bucket.arn, "NumberOfObjects"),
			"objects_in_the_copy": metric.value(pair.rule.destination_bucket, "NumberOfObjects"),
			"delete_marker_replication": pair.rule.delete_marker_replication,
		},
		"discriminator": s3.rule_id(pair.rule),
	}
}

_incomplete := [pair |
	some pair in _pairs
	is_number(pair.percent)
	not _is_complete(pair)
]

_is_complete(pair) if {
	is_number(pair.percent)
	pair.percent >= _parameters.minimum_percent
}

# Objects of the copy for each hundred of the source; `null` where a count is missing.
_percent(source, copy) := (100 * metric.value(copy, "NumberOfObjects")) / metric.value(source, "NumberOfObjects") if {
	is_number(metric.value(copy, "NumberOfObjects"))
	metric.value(source, "NumberOfObjects") > 0
} else := 100 if {
	metric.value(source, "NumberOfObjects") == 0
} else := null

# Something else than the age of the objects may be why they are not there.
_is_explained(pair) if {
	pair.rule.delete_marker_replication != true
	pair.percent >= _parameters.with_markers_percent
}

_is_explained(pair) if not is_array(_rules(pair.rule.destination_bucket))

_is_explained(pair) if {
	kept := _expiries(pair.bucket.arn)
	some expiry in _expiries(pair.rule.destination_bucket)
	not expiry in kept
}

_rules(bucket_arn) := input.by_arn[bucket_arn].attributes.lifecycle.rules

# By what a bucket deletes objects or versions.
_expiries(bucket_arn) := {expiry |
	some rule in _rules(bucket_arn)
	rule.enabled != false
	_deletes(rule)
	expiry := [
		rule.covers_all_objects,
		rule.expiration_days,
		rule.noncurrent_days,
		rule.newer_noncurrent_versions,
	]
}

_deletes(rule) if is_number(rule.expiration_days)

_deletes(rule) if is_number(rule.noncurrent_days)

_has_other_sources(pair) if {
	some source in input.relations.reads_from[pair.rule.destination_bucket]
	source != pair.bucket.arn
}
