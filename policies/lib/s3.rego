# METADATA
# description: What several policies ask about buckets, where their rules lead and what a copy is worth.
package hadr.lib.s3

# Buckets whose loss hurts: they hold what nothing else does, or what a recovery starts from.
buckets := [bucket |
	some bucket in input.resources["AWS::S3::Bucket"]
	bucket.role.value in {"authoritative", "backup"}
]

# Rules in force that lead to another Region, or to where it is not known, each with its bucket.
leaving := [{"bucket": bucket, "rule": rule} |
	some bucket in buckets
	some rule in bucket.attributes.replication.rules
	rule.enabled == true
	may_leave(bucket, rule)
]

# Buckets whose rules were not collected.
unlisted := [bucket | some bucket in buckets; bucket.attributes.replication == null]

# Another bucket is copied here and not back, so what is here is a copy already. In a pair that replicates both
# ways, each has data of its own.
is_replica(bucket) if {
	some source in input.relations.reads_from[bucket.arn]
	not source in object.get(input.relations.replicates_to, bucket.arn, [])
}

# The destination of a rule is in the Region of the bucket.
stays(bucket, rule) if {
	bucket.region != "global"
	input.by_arn[rule.destination_bucket].region == bucket.region
}

# The destination of a rule is in another Region than the bucket.
leaves(bucket, rule) if {
	region := input.by_arn[rule.destination_bucket].region
	region != bucket.region
	region != "global"
	bucket.region != "global"
}

# The rule names this account as the owner of a destination that is not among all the buckets of the account. A
# rule that names no owner can lead to any account.
is_missing(rule) if {
	rule.destination_account == input.account.name
	input.coverage["s3:ListBuckets"].global == "collected"
	not input.by_arn[rule.destination_bucket]
}

# The destination of a rule is in another Region, or where it is not known. The first line decides for nearly all.
may_leave(bucket, rule) if {
	input.by_arn[rule.destination_bucket].region != bucket.region
} else if {
	not stays(bucket, rule)
	not is_missing(rule)
}

# The destination was collected, and it is a bucket of another account, which this account cannot empty.
is_off_account(rule) if {
	input.by_arn[rule.destination_bucket]
	not is_own(rule)
}

# The destination is a bucket of this account.
is_own(rule) if input.by_arn[rule.destination_bucket].account == input.account.name

# New versions cannot be deleted before that many days.
is_locked(bucket, days) if {
	bucket.attributes.object_lock.enabled == true
	bucket.attributes.object_lock.mode != null
	is_number(bucket.attributes.object_lock.retention_days)
	bucket.attributes.object_lock.retention_days >= days
}

# They can. A lock without a default retention is neither: it is set on each object, and those are not collected.
is_unlocked(bucket, _) if bucket.attributes.object_lock.enabled == false

is_unlocked(bucket, days) if {
	is_number(bucket.attributes.object_lock.retention_days)
	bucket.attributes.object_lock.retention_days < days
}

# Enabled lifecycle rules that delete versions earlier than that many days after something took their place.
# Three versions that are kept however old they are make up for it.
short_lived_rules(bucket, days) := [rule |
	some rule in perhaps_short_lived_rules(bucket, days)
	rule.enabled == true
]

# Those, and such rules of which it is not known whether they are enabled.
perhaps_short_lived_rules(bucket, days) := [rule |
	some rule in bucket.attributes.lifecycle.rules
	rule.enabled != false
	is_number(rule.noncurrent_days)
	rule.noncurrent_days < days
	not _keeps_versions(rule)
]

_keeps_versions(rule) if {
	is_number(rule.newer_noncurrent_versions)
	rule.newer_noncurrent_versions >= 3
}

# Replication rules as evidence.
summary(rules) := [{
	"id": rule.id,
	"enabled": rule.enabled,
	"destination_bucket": rule.destination_bucket,
	"covers_all_objects": rule.covers_all_objects,
} |
	some rule in rules
]

# What tells the findings about several rules of one bucket apart. S3 gives every rule an id.
rule_id(rule) := rule.id if rule.id != null

rule_id(rule) := "without an id" if rule.id == null

# Placeholder for the command that lets a bucket keep versions, where it does not do so for certain. Replication, object
# lock and backups by AWS Backup need them.
unversioned_params(bucket) := {} if {
	bucket.attributes.versioning.status == "enabled"
} else := {"unversioned_bucket": bucket.name}

# The name in the ARN of a bucket, for messages.
name_of(arn) := split(arn, ":::")[1] if is_string(arn)
