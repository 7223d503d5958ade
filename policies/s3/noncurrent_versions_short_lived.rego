# METADATA
# title: Earlier versions are deleted before damage is noticed
# description: |
#   A program that corrupts objects, or a deletion that nobody sees at once, leaves the good data in earlier versions.
#   A lifecycle rule that deletes those after a few days destroys what the recovery needs before anybody looks for it.
#
#   Buckets are judged whose role is `authoritative` or `backup` and that keep versions; where they are not kept,
#   s3-bucket-unversioned says so. A rule counts that deletes versions within `detect_days` of something taking their
#   place, unless it keeps at least three newer ones. Where such rules are only for some of the objects, severity is
#   at most low, because which ones, and what they are worth, is not collected. Without a rule versions are kept
#   forever, which costs but loses nothing.
# scope: package
# related_resources:
# - description: Lifecycle configuration elements
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: backup
#   scenarios: [deletion]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetBucketVersioning, s3:GetBucketLifecycleConfiguration]
#   parameters:
#     detect_days:
#       default: {mission-critical: 30, business-critical: 30, general: 7, non-production: 7}
#       description: Days within which damage is noticed. Earlier versions have to be kept that long.
#   controls:
#     aws-well-architected: [REL09-BP01]
#     aws-config: [s3-version-lifecycle-policy-check]
#     aws-security-hub: [S3.10]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.4]
#     dora: [9(3)]
#     soc2: [A1.2]
#   practices: [buckets-versioned]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - get-bucket-lifecycle-configuration
#     - --bucket={{name}}
#     - --query={Rules:Rules}
#     - --region={{region}}
#     effect: >-
#       prints the whole lifecycle of the bucket, which the next step replaces; keep it for the way back. Nothing is
#       changed
#     risk: safe
#     verify:
#     - aws
#     - s3api
#     - get-bucket-lifecycle-configuration
#     - --bucket={{name}}
#     - --query=Rules[].[ID,Status]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-lifecycle-configuration
#     - --bucket={{name}}
#     - --lifecycle-configuration={{choose.lifecycle_configuration}}
#     - --region={{region}}
#     effect: >-
#       versions are kept for longer after something took their place; give all that the step above prints, with the
#       NoncurrentDays that the finding asks for in its rules
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-lifecycle-configuration
#     - --bucket={{name}}
#     - --lifecycle-configuration={{choose.present_lifecycle_configuration}}
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-lifecycle-configuration
#     - --bucket={{name}}
#     - --region={{region}}
#     cost: storage of the versions for the days that are added
#   since: 0.1.0
package hadr.s3.noncurrent_versions_short_lived

import data.hadr.lib.s3
import data.hadr.lib.s3.buckets

_versioned := [bucket | some bucket in buckets; bucket.attributes.versioning.status == "enabled"]

# They may keep versions.
_unseen := [bucket | some bucket in buckets; bucket.attributes.versioning == null]

subjects contains bucket.arn if {
	some bucket in _versioned
}

subjects contains bucket.arn if {
	some bucket in _unseen
}

unknowns contains bucket.arn if {
	some bucket in _unseen
}

unknowns contains bucket.arn if {
	some bucket in _versioned
	bucket.attributes.lifecycle == null
}

unknowns contains bucket.arn if {
	some bucket in _limited
	some rule in s3.perhaps_short_lived_rules(bucket, _days(bucket))
	rule.enabled == null
}

violations contains violation if {
	some bucket in _limited
	rules := [rule | some rule in _rules(bucket); rule.covers_all_objects == true]
	count(rules) > 0
	violation := _violation(bucket, "deletes earlier versions", rules)
}

violations contains violation if {
	some bucket in _limited
	rules := _rules(bucket)
	count(rules) > 0
	every rule in rules {
		rule.covers_all_objects == false
	}
	weaker := _violation(bucket, "deletes earlier versions of some of its objects", rules)
	violation := object.union(weaker, {"at_most": "low"})
}

# Buckets that may delete earlier versions too soon.
_limited := [bucket |
	some bucket in _versioned
	count(bucket.attributes.lifecycle.rules) > 0
	count(s3.perhaps_short_lived_rules(bucket, _days(bucket))) > 0
]

_rules(bucket) := s3.short_lived_rules(bucket, _days(bucket))

_days(bucket) := data.parameters["s3-noncurrent-versions-short-lived"].detect_days[bucket.criticality]

_violation(bucket, fact, rules) := {
	"resource": bucket.arn,
	"message": concat(" ", [bucket.name, fact, sprintf("in less than %d days", [_days(bucket)])]),
	"evidence": {"rules": rules, "detect_days": _days(bucket), "role": bucket.role},
}
