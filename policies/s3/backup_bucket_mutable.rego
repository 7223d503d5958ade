# METADATA
# title: Backups in the bucket can be deleted
# description: |
#   Who takes over the account, or a script that errs, deletes the backups first and the data next. Without an object
#   lock in compliance mode nothing stops them, versions included; the mode `GOVERNANCE` stops only those who are not
#   allowed to bypass it.
#
#   Buckets are judged whose role is `backup`, from the tag `hadr:role` or the configuration; where tags were not
#   collected and nothing else says what a bucket is for, that is unknown. A lock without a default retention is a
#   violation of at most medium severity, since backup programs may set one on each object, which is not collected.
#   So is the mode `GOVERNANCE`. A bucket passes if an enabled rule replicates all of it to a bucket of another account
#   that locks its objects for `detect_days`; a destination that was not collected makes the verdict unknown.
# scope: package
# related_resources:
# - description: Locking objects with Object Lock
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
# - description: Object Lock considerations
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: protection
#   scenarios: [ransom]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetObjectLockConfiguration]
#   parameters:
#     detect_days:
#       default: {mission-critical: 30, business-critical: 30, general: 7, non-production: 7}
#       description: Days within which a deletion is noticed. Backups have to be locked that long.
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-config: [s3-bucket-default-lock-enabled]
#     aws-security-hub: [S3.15]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.5]
#     dora: [12(3)]
#     soc2: [A1.2]
#   practices: [backups-in-s3-protected, backups-survive-compromise]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{region}}
#     effect: >-
#       the bucket keeps versions from now on, which object lock needs; after the next step it cannot stop that any more
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --versioning-configuration=Status=Suspended
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --region={{region}}
#     cost: storage of the versions that are no longer current
#   - argv:
#     - aws
#     - s3api
#     - put-object-lock-configuration
#     - --bucket={{name}}
#     - >-
#       --object-lock-configuration={"ObjectLockEnabled":"Enabled",
#       "Rule":{"DefaultRetention":{"Mode":"COMPLIANCE","Days":{{params.retention_days}}}}}
#     - --region={{region}}
#     effect: >-
#       every object that is written from now on stays for that many days, and nobody can shorten it, not even the
#       root user; object lock cannot be turned off again, the bucket needs versioning, a bucket that it replicates
#       to needs object lock, too, and objects that are there already get no retention
#     risk: irreversible
#     verify:
#     - aws
#     - s3api
#     - get-object-lock-configuration
#     - --bucket={{name}}
#     - --region={{region}}
#     cost: storage of everything that is written, for at least the days of the retention
#   since: 0.1.0
package hadr.s3.backup_bucket_mutable

import data.hadr.lib.s3
import data.hadr.lib.s3.buckets

_buckets := [bucket | some bucket in buckets; bucket.role.value == "backup"]

# They may hold backups, but nobody could say so.
_guessed := [bucket |
	some bucket in buckets
	bucket.tags == null
	startswith(bucket.role.source, "default")
]

_days(bucket) := data.parameters["s3-backup-bucket-mutable"].detect_days[bucket.criticality]

subjects contains bucket.arn if {
	some bucket in _buckets
}

subjects contains bucket.arn if {
	some bucket in _guessed
}

unknowns contains bucket.arn if {
	some bucket in _guessed
}

unknowns contains bucket.arn if {
	some bucket in _mutable
}

violations contains violation if {
	some bucket in _mutable
	bucket.attributes.object_lock.enabled == false
	not _may_be_saved(bucket)
	violation := _violation(bucket, "has no object lock, so backups in it can be deleted")
}

violations contains violation if {
	some bucket in _mutable
	bucket.attributes.object_lock.enabled == true
	bucket.attributes.object_lock.mode == null
	not _may_be_saved(bucket)
	weaker := _violation(bucket, "locks no object by default")
	violation := object.union(weaker, {"at_most": "medium"})
}

violations contains violation if {
	some bucket in _mutable
	bucket.attributes.object_lock.mode == "GOVERNANCE"
	not _may_be_saved(bucket)
	weaker := _violation(bucket, "has an object lock that can be bypassed")
	violation := object.union(weaker, {"at_most": "medium"})
}

violations contains violation if {
	some bucket in _mutable
	bucket.attributes.object_lock.mode == "COMPLIANCE"
	s3.is_unlocked(bucket, _days(bucket))
	not _may_be_saved(bucket)
	violation := _violation(bucket, sprintf("locks its objects for less than %d days", [_days(bucket)]))
}

# Neither the bucket nor a copy of it is known to be safe.
_mutable := [bucket |
	some bucket in _buckets
	not _is_immutable(bucket)
	not _is_saved(bucket)
]

_is_immutable(bucket) if {
	bucket.attributes.object_lock.mode == "COMPLIANCE"
	s3.is_locked(bucket, _days(bucket))
}

# Everything is in another account, too, and locked there.
_is_saved(bucket) if {
	some rule in bucket.attributes.replication.rules
	_copies_everything(rule)
	s3.is_off_account(rule)
	s3.is_locked(input.by_arn[rule.destination_bucket], _days(bucket))
}

_may_be_saved(bucket) if bucket.attributes.replication == null

_may_be_saved(bucket) if {
	some rule in bucket.attributes.replication.rules
	_copies_everything(rule)
	not _is_useless(bucket, rule)
}

_copies_everything(rule) if {
	rule.enabled == true
	rule.covers_all_objects == true
}

_is_useless(_, rule) if s3.is_missing(rule)

# The same account can empty it.
_is_useless(_, rule) if s3.is_own(rule)

_is_useless(bucket, rule) if s3.is_unlocked(input.by_arn[rule.destination_bucket], _days(bucket))

_violation(bucket, fact) := {
	"resource": bucket.arn,
	"message": concat(" ", [bucket.name, fact]),
	"evidence": {
		"object_lock": bucket.attributes.object_lock,
		"detect_days": _days(bucket),
		"role": bucket.role,
	},
	"params": object.union({"retention_days": _retention(bucket)}, s3.unversioned_params(bucket)),
}

# A default retention that is longer stays as long.
_retention(bucket) := bucket.attributes.object_lock.retention_days if {
	s3.is_locked(bucket, _days(bucket))
} else := _days(bucket)
