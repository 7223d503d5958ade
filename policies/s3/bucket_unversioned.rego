# METADATA
# title: Bucket keeps no earlier versions of its objects
# description: |
#   Whoever deletes or overwrites an object, by mistake or on purpose, destroys it: there is no version to go back
#   to. Replication, which needs versions at both ends, cannot be set up either, and where it was, it stops.
#
#   Buckets are judged whose role is `authoritative` or `backup`. Logs, caches and what a program can make again are
#   not, nor are directory buckets, which cannot have versions. Where the tags were not collected, the role is a
#   guess, and the evidence says so.
# scope: package
# related_resources:
# - description: Retaining multiple versions of objects with S3 Versioning
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [deletion, region]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetBucketVersioning]
#   controls:
#     aws-well-architected: [REL09-BP01]
#     aws-config: [s3-bucket-versioning-enabled]
#     aws-security-hub: [S3.14]
#     nist-800-53: [CP-9, CP-10]
#     iso-22301: [8.3.4]
#     dora: [9(3)]
#     soc2: [A1.2]
#   practices: [buckets-versioned]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{name}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{region}}
#     effect: >-
#       every version is kept from now on and billed until a lifecycle rule expires it; objects that were
#       overwritten before stay lost
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{name}}
#     - --versioning-configuration=Status=Suspended
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-versioning
#     - --bucket={{name}}
#     - --region={{region}}
#     cost: storage of the versions that are no longer current, which is what changes times how long it is kept
#   since: 0.1.0
package hadr.s3.bucket_unversioned

import data.hadr.lib.s3.buckets

subjects contains bucket.arn if {
	some bucket in buckets
}

_doubtful := [bucket |
	some bucket in buckets
	not bucket.attributes.versioning.status == "enabled"
]

unknowns contains bucket.arn if {
	some bucket in _doubtful
	bucket.attributes.versioning == null
}

violations contains violation if {
	some bucket in _doubtful
	status := bucket.attributes.versioning.status
	is_string(status)
	violation := {
		"resource": bucket.arn,
		"message": concat(" ", [bucket.name, _facts[status]]),
		"evidence": {"versioning": status, "role": bucket.role},
	}
}

_facts := {
	"never": "keeps no versions of its objects",
	"suspended": "no longer keeps versions of its objects",
}
