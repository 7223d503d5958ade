# METADATA
# title: Deletions are replicated to a copy that is not protected from them
# description: |
#   A deletion in the bucket, by mistake or on purpose, hides the object in the copy as well. There it can still be
#   found among the earlier versions, but only until a lifecycle rule removes them, or somebody does who has got hold
#   of the account: the copy that should save the data follows it.
#
#   Buckets are judged whose role is `authoritative` or `backup` and that have an enabled rule. It is no violation where
#   the destination locks its objects for `detect_days`, nor where it keeps earlier versions that long and either needs
#   a second factor to delete them or belongs to another account; nor where a rule for every object goes to such
#   a copy or leaves deletions out. The state of a destination that was not collected is unknown, as is a lock without
#   a default retention, which is set on each object. Deletions of versions are never replicated.
# scope: package
# related_resources:
# - description: Replicating delete markers between buckets
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/delete-marker-replication.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: protection
#   scenarios: [deletion, ransom]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets, s3:GetBucketReplication]
#   parameters:
#     detect_days:
#       default: {mission-critical: 30, business-critical: 30, general: 7, non-production: 7}
#       description: Days within which a deletion is noticed. Copies have to keep earlier versions that long.
#   controls:
#     aws-well-architected: [REL09-BP02]
#     nist-800-53: [CP-9]
#     iso-22301: [8.3.5]
#     dora: [9(3)]
#     soc2: [A1.2]
#   practices: [deletions-do-not-spread]
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
#       what is deleted here stays visible in the copy, which whoever fails over to it has to expect; give all that the
#       step above prints, with "DeleteMarkerReplication":{"Status":"Disabled"} in the rule that the finding names,
#       which needs a Filter and a Priority instead of a Prefix for that
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
#     - --query=ReplicationConfiguration.Rules[].DeleteMarkerReplication
#     - --region={{region}}
#     cost: storage of objects that are deleted here but not in the copy
#   since: 0.1.0
package hadr.s3.delete_markers_replicated

import data.hadr.lib.s3
import data.hadr.lib.s3.buckets
import data.hadr.lib.s3.unlisted

subjects contains bucket.arn if {
	some bucket in buckets
	some rule in bucket.attributes.replication.rules
	_is_in_force(rule)
}

subjects contains bucket.arn if {
	some bucket in unlisted
}

unknowns contains bucket.arn if {
	some bucket in unlisted
}

unknowns contains source.bucket.arn if {
	some source in _sources
	not _is_saved(source)
}

violations contains violation if {
	some source in _sources
	some rule in source.rules
	_endangers(rule, source.days)
	not _may_be_saved(source)
	bucket := source.bucket
	copy := input.by_arn[rule.destination_bucket]
	violation := {
		"resource": bucket.arn,
		"message": sprintf("%s replicates deletions to %s, which is not protected from them", [bucket.name, copy.name]),
		"evidence": {
			"rule": rule.id,
			"destination_bucket": copy.arn,
			"object_lock": copy.attributes.object_lock,
			"versioning": copy.attributes.versioning,
			"account": _account(rule),
			"short_lived": s3.short_lived_rules(copy, source.days),
			"detect_days": source.days,
		},
		"discriminator": s3.rule_id(rule),
	}
}

# Buckets whose deletions may be replicated, with all rules that are in force, wherever they lead.
_sources := [{"bucket": bucket, "rules": rules, "days": days} |
	some bucket in buckets
	_may_replicate_deletions(bucket)
	days := data.parameters["s3-delete-markers-replicated"].detect_days[bucket.criticality]
	rules := [rule | some rule in bucket.attributes.replication.rules; _is_in_force(rule)]
]

_may_replicate_deletions(bucket) if {
	some rule in bucket.attributes.replication.rules
	rule.delete_marker_replication != false
	_is_in_force(rule)
}

_is_in_force(rule) if {
	rule.enabled == true
	not s3.is_missing(rule)
}

_account(rule) := "another" if s3.is_off_account(rule)

_account(rule) := "the same" if not s3.is_off_account(rule)

# Every object has a copy that a deletion does not reach.
_is_saved(source) if {
	every rule in source.rules {
		_is_safe(rule, source.days)
	}
}

_is_saved(source) if {
	some rule in source.rules
	rule.covers_all_objects == true
	_is_safe(rule, source.days)
}

# There is a copy of every object that is not known to be in danger.
_may_be_saved(source) if {
	some rule in source.rules
	rule.covers_all_objects == true
	not _endangers(rule, source.days)
}

_is_safe(rule, _) if rule.delete_marker_replication == false

_is_safe(rule, days) if s3.is_locked(input.by_arn[rule.destination_bucket], days)

_is_safe(rule, days) if {
	copy := input.by_arn[rule.destination_bucket]
	copy.attributes.lifecycle != null
	count(s3.perhaps_short_lived_rules(copy, days)) == 0
	_is_out_of_reach(rule, copy)
}

_is_out_of_reach(rule, _) if s3.is_off_account(rule)

_is_out_of_reach(_, copy) if copy.attributes.versioning.mfa_delete == true

_endangers(rule, days) if {
	copy := input.by_arn[rule.destination_bucket]
	rule.delete_marker_replication == true
	s3.is_unlocked(copy, days)
	count(s3.short_lived_rules(copy, days)) > 0
}

_endangers(rule, days) if {
	copy := input.by_arn[rule.destination_bucket]
	rule.delete_marker_replication == true
	s3.is_unlocked(copy, days)
	not s3.is_off_account(rule)
	copy.attributes.versioning != null
	copy.attributes.versioning.mfa_delete != true
}
