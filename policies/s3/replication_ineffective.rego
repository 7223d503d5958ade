# METADATA
# title: Replication to another Region does not protect the bucket
# description: |
#   Replication is set up, so everybody takes the other Region for ready, but what is needed there never arrives:
#   every rule is disabled, copies only some of the objects, leads to a bucket that is gone, keeps no versions or has
#   no object lock although the source has one, or leaves out what is encrypted with a KMS key.
#
#   Buckets are judged whose role is `authoritative` or `backup` and that have a rule which does not stay in their
#   Region, unless another bucket replicates to them: their rules wait for the way back. One enabled rule without a
#   defect suffices. The tag `hadr:crr-scope` says that a part of the objects is all that is needed; without tags,
#   whether it is there is unknown. So is the state of a destination that was not collected, such as one in an account
#   that was not scanned together with this one, and what depends on default encryption or object lock where they were
#   not collected. The role that S3 takes is not looked at, nor are objects that are older than the rules.
# scope: package
# related_resources:
# - description: Requirements and considerations for replication
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html
# - description: Replicating encrypted objects
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetBucketReplication]
#   controls:
#     aws-well-architected: [REL13-BP02]
#     nist-800-53: [CP-6, SC-36(2)]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [replication-rule-complete, replication-works]
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_destination}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{params.destination_region}}
#     effect: the destination keeps versions, which replication needs
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_destination}}
#     - --versioning-configuration=Status=Suspended
#     - --region={{params.destination_region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-versioning
#     - --bucket={{params.unversioned_destination}}
#     - --region={{params.destination_region}}
#     cost: storage of the versions that are no longer current
#   - argv:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{params.bucket}}
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
#     - --bucket={{params.bucket}}
#     - --query=ReplicationConfiguration.Rules[].[ID,Status]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.bucket_of_rule}}
#     - --replication-configuration={{choose.replication_configuration}}
#     - --region={{region}}
#     effect: >-
#       the rule takes every object to a bucket that is there; give all that the step above prints, with what the rule
#       lacks: Status Enabled, a Filter without prefix and tags, or another destination. Objects that were written
#       before need S3 Batch Replication
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.bucket_of_rule}}
#     - --replication-configuration={{choose.present_replication_configuration}}
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration.Rules[].[ID,Status,Filter,Destination.Bucket]
#     - --region={{region}}
#     cost: storage in the other Region, transfer and a request for each object
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.bucket_with_key}}
#     - --replication-configuration={{choose.replication_configuration}}
#     - --region={{region}}
#     effect: >-
#       objects that are encrypted with KMS keys are taken as well; give all that the step above prints, with
#       "SourceSelectionCriteria":{"SseKmsEncryptedObjects":{"Status":"Enabled"}} in the rule, and a key of the other
#       Region as ReplicaKmsKeyID in the EncryptionConfiguration of its Destination. The role has to be allowed to use
#       both keys, and objects that were written before need S3 Batch Replication
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.bucket_with_key}}
#     - --replication-configuration={{choose.present_replication_configuration}}
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration.Rules[].[ID,SourceSelectionCriteria,Destination.EncryptionConfiguration]
#     - --region={{region}}
#     cost: storage in the other Region, transfer and a request for each object, and requests to KMS
#   - argv:
#     - aws
#     - s3api
#     - put-object-lock-configuration
#     - --bucket={{params.lockless_destination}}
#     - --object-lock-configuration={"ObjectLockEnabled":"Enabled"}
#     - --region={{params.destination_region}}
#     effect: >-
#       the destination can hold locked objects, and takes them from now on; object lock cannot be turned off again, and
#       the bucket needs versioning. Objects that were written before need S3 Batch Replication
#     risk: irreversible
#     verify:
#     - aws
#     - s3api
#     - get-object-lock-configuration
#     - --bucket={{params.lockless_destination}}
#     - --region={{params.destination_region}}
#     cost: storage of what is locked, for as long as it is
#   since: 0.1.0
package hadr.s3.replication_ineffective

import data.hadr.lib.s3
import data.hadr.lib.s3.buckets

_buckets := [bucket | some bucket in buckets; not s3.is_replica(bucket)]

subjects contains bucket.arn if {
	some bucket in _buckets
	not _is_kept_in_region(bucket)
}

# Nothing was set up for another Region.
_is_kept_in_region(bucket) if {
	bucket.attributes.replication != null
	count(_leaving(bucket)) == 0
	not _is_protected(bucket)
}

# Rules that are meant for another Region, as far as is known.
_leaving(bucket) := [rule |
	some rule in bucket.attributes.replication.rules
	not s3.stays(bucket, rule)
]

# Buckets of which no rule is known to be in order, with their rules that are meant for another Region. A rule that
# does not say whether it is enabled is taken for one that may be.
_unprotected := [{"bucket": bucket, "rules": rules, "enabled": enabled} |
	some bucket in _buckets
	not _is_protected(bucket)
	rules := _leaving(bucket)
	enabled := [rule | some rule in rules; rule.enabled != false]
]

unknowns contains bucket.arn if {
	some bucket in _buckets
	bucket.attributes.replication == null
}

unknowns contains source.bucket.arn if {
	some source in _unprotected
	count(source.enabled) > 0
}

violations contains violation if {
	some source in _unprotected
	count(source.rules) > 0
	count(source.enabled) == 0
	fact := "has rules for replication, but all of them are disabled"
	violation := _violation(source.bucket, "disabled", fact, source.rules, {})
}

violations contains violation if {
	some source in _defective
	rules := [rule | some rule in source.enabled; s3.is_missing(rule)]
	count(rules) > 0
	fact := "replicates to a bucket that does not exist"
	violation := _violation(source.bucket, "destination_missing", fact, rules, {})
}

violations contains violation if {
	some source in _defective
	rules := [rule | some rule in source.enabled; _is_partial(source.bucket, rule)]
	count(rules) > 0
	fact := "replicates only some of its objects"
	violation := _violation(source.bucket, "partial", fact, rules, {})
}

violations contains violation if {
	some source in _defective
	rules := [rule | some rule in source.enabled; _destination_is_unversioned(rule)]
	count(rules) > 0
	fact := "replicates to a bucket that keeps no versions"
	versioning := [input.by_arn[rule.destination_bucket].attributes.versioning.status | some rule in rules]
	seen := {"destination_versioning": versioning}
	violation := _violation(source.bucket, "destination_unversioned", fact, rules, seen)
}

violations contains violation if {
	some source in _defective
	rules := [rule | some rule in source.enabled; _destination_has_no_lock(source.bucket, rule)]
	count(rules) > 0
	fact := "locks its objects, but replicates to a bucket that cannot"
	violation := _violation(source.bucket, "destination_without_lock", fact, rules, {})
}

violations contains violation if {
	some source in _defective
	rules := [rule | some rule in source.enabled; _leaves_out_encrypted(source.bucket, rule)]
	count(rules) > 0
	fact := "encrypts with a KMS key, but its replication leaves such objects out"
	seen := {"sse_algorithm": source.bucket.attributes.encryption.sse_algorithm}
	violation := _violation(source.bucket, "kms_left_out", fact, rules, seen)
}

# Nothing that is enabled can protect the bucket.
_defective := [source |
	some source in _unprotected
	count(source.enabled) > 0
	every rule in source.enabled {
		_is_defective(source.bucket, rule)
	}
]

_is_defective(_, rule) if s3.is_missing(rule)

_is_defective(bucket, rule) if _is_partial(bucket, rule)

_is_defective(_, rule) if _destination_is_unversioned(rule)

_is_defective(bucket, rule) if _destination_has_no_lock(bucket, rule)

_is_defective(bucket, rule) if _leaves_out_encrypted(bucket, rule)

_is_partial(bucket, rule) if {
	rule.covers_all_objects == false
	bucket.tags != null
	not _part_suffices(bucket)
}

_part_suffices(bucket) if bucket.tags["hadr:crr-scope"] != ""

_destination_is_unversioned(rule) if {
	input.by_arn[rule.destination_bucket].attributes.versioning.status != "enabled"
}

# S3 does not replicate from a bucket with object lock to one without.
_destination_has_no_lock(bucket, rule) if {
	bucket.attributes.object_lock.enabled == true
	input.by_arn[rule.destination_bucket].attributes.object_lock.enabled == false
}

_leaves_out_encrypted(bucket, rule) if {
	bucket.attributes.encryption.sse_algorithm in _kms
	rule.sse_kms_encrypted_objects != true
}

_kms := {"aws:kms", "aws:kms:dsse"}

_is_protected(bucket) if {
	some rule in bucket.attributes.replication.rules
	_protects(bucket, rule)
}

# All that a rule needs is known to be there.
_protects(bucket, rule) if {
	rule.enabled == true
	s3.leaves(bucket, rule)
	input.by_arn[rule.destination_bucket].attributes.versioning.status == "enabled"
	_takes_what_is_needed(bucket, rule)
	_takes_locked(bucket, rule)
	_takes_encrypted(bucket, rule)
}

_takes_what_is_needed(_, rule) if rule.covers_all_objects == true

_takes_what_is_needed(bucket, _) if _part_suffices(bucket)

_takes_locked(bucket, _) if bucket.attributes.object_lock.enabled == false

_takes_locked(_, rule) if input.by_arn[rule.destination_bucket].attributes.object_lock.enabled == true

_takes_encrypted(_, rule) if rule.sse_kms_encrypted_objects == true

_takes_encrypted(bucket, _) if {
	bucket.attributes.encryption != null
	not bucket.attributes.encryption.sse_algorithm in _kms
}

_violation(bucket, cause, fact, rules, seen) := {
	"resource": bucket.arn,
	"message": concat(" ", [bucket.name, fact]),
	"evidence": object.union({"rules": s3.summary(rules), "role": bucket.role}, seen),
	"params": _params(cause, bucket, rules[0]),
	"discriminator": cause,
}

# What the rules are about, or what they lead to, decides which steps mend it.
_params("destination_unversioned", _, rule) := {
	"unversioned_destination": s3.name_of(rule.destination_bucket),
	"destination_region": _region_of(rule),
}

_params("destination_without_lock", _, rule) := {
	"lockless_destination": s3.name_of(rule.destination_bucket),
	"destination_region": _region_of(rule),
}

_params("kms_left_out", bucket, _) := {"bucket": bucket.name, "bucket_with_key": bucket.name}

_params(cause, bucket, _) := {"bucket": bucket.name, "bucket_of_rule": bucket.name} if {
	cause in {"destination_missing", "disabled", "partial"}
}

# Where it could not be asked for, a person says it.
_region_of(rule) := region if {
	region := input.by_arn[rule.destination_bucket].region
	region != "global"
} else := null
