# METADATA
# title: Bucket is not replicated to another Region
# description: |
#   When the Region fails, the objects are out of reach for as long as it lasts, and gone if it does not come back.
#   A copy in a second bucket of the same Region shares that fate.
#
#   Buckets are judged whose role is `authoritative` or `backup`, unless another bucket replicates to them: a copy
#   needs no copy of its own. A rule that replicates to another Region counts, and so does a backup in a vault of AWS
#   Backup in another Region, up to an age, for one that nobody renews is not a copy any more. Where rules to another
#   Region exist but are disabled or lead to a bucket that is gone, s3-replication-ineffective says so instead.
#
#   A destination that was not collected, such as one in an account that was not scanned together with this one, may be
#   in any Region, and the verdict is unknown. It is unknown as well where the vaults of another Region could not be
#   listed, or only one Region was scanned, and where a schedule copies to an account or Region that was not scanned.
# scope: package
# related_resources:
# - description: Replicating objects within and across Regions
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
# - description: What Amazon S3 replicates
#   ref: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-what-is-isnot-replicated.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::S3::Bucket]
#   exempt_environments: [disaster-recovery]
#   requires: [s3:ListBuckets, s3:GetBucketReplication]
#   parameters:
#     maximum_age:
#       default: 2678400
#       description: >-
#         Seconds after which a backup does not count any more; 31 days by default. Where the tier allows more data to be
#         lost, that is the limit.
#   controls:
#     aws-well-architected: [REL09-BP01, REL13-BP02]
#     aws-config: [s3-bucket-cross-region-replication-enabled]
#     aws-security-hub: [S3.7]
#     nist-800-53: [CP-6, CP-6(1), SC-36]
#     iso-22301: [8.3.4]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices:
#   - replication-rule-complete
#   - one-copy-off-site
#   - backup-bucket-replicated
#   - data-outlives-its-region
#   - general-backup-and-restore
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{region}}
#     effect: the source keeps versions from now on, which replication needs, until a lifecycle rule expires them
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
#     - put-bucket-versioning
#     - --bucket={{choose.destination_bucket}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the destination, a bucket in the other Region that is there already, keeps versions, too; nothing changes where
#       it does so already
#     risk: review
#     verify:
#     - aws
#     - s3api
#     - get-bucket-versioning
#     - --bucket={{choose.destination_bucket}}
#     - --region={{inputs.dr_region}}
#     cost: storage of the versions that are no longer current
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.unreplicated_bucket}}
#     - >-
#       --replication-configuration={"Role":"{{inputs.replication_role_arn}}","Rules":[{"ID":"off-region",
#       "Priority":1,"Status":"Enabled","Filter":{"Prefix":""},"DeleteMarkerReplication":{"Status":"Disabled"},
#       "Destination":{"Bucket":"arn:{{partition}}:s3:::{{choose.destination_bucket}}",
#       "Metrics":{"Status":"Enabled"}}}]}
#     - --region={{region}}
#     effect: >-
#       objects that are written from now on are copied; objects encrypted with KMS keys are left out unless the rule
#       has SourceSelectionCriteria and the destination a replica key
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - delete-bucket-replication
#     - --bucket={{params.unreplicated_bucket}}
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --region={{region}}
#     cost: storage in the other Region, transfer between the Regions for each byte, and a request for each object
#   - argv:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{params.replicated_bucket}}
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
#     - --bucket={{params.replicated_bucket}}
#     - --query=ReplicationConfiguration.Rules[].[ID,Status]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.replicated_bucket}}
#     - --replication-configuration={{choose.replication_configuration}}
#     - --region={{region}}
#     effect: >-
#       objects that are written from now on are copied to the other Region, too; give all that the step above prints,
#       with one more rule, of a priority that no other has, to a bucket there; objects encrypted with KMS keys are left
#       out unless the rule has SourceSelectionCriteria and the destination a replica key
#     risk: review
#     undo:
#     - aws
#     - s3api
#     - put-bucket-replication
#     - --bucket={{params.replicated_bucket}}
#     - --replication-configuration={{choose.present_replication_configuration}}
#     - --region={{region}}
#     verify:
#     - aws
#     - s3api
#     - get-bucket-replication
#     - --bucket={{name}}
#     - --query=ReplicationConfiguration.Rules[].[ID,Status,Destination.Bucket]
#     - --region={{region}}
#     cost: storage in the other Region, transfer between the Regions for each byte, and a request for each object
#   - argv:
#     - aws
#     - s3control
#     - create-job
#     - --account-id={{account}}
#     - --operation={"S3ReplicateObject":{}}
#     - >-
#       --manifest-generator={"S3JobManifestGenerator":{"SourceBucket":"{{arn}}","EnableManifestOutput":false,
#       "Filter":{"EligibleForReplication":true,"ObjectReplicationStatuses":["NONE","FAILED"]}}}
#     - --report={"Enabled":false}
#     - --priority=1
#     - --role-arn={{inputs.batch_replication_role_arn}}
#     - --no-confirmation-required
#     - --region={{region}}
#     effect: copies the objects that were there before the rule, which replication leaves where they are
#     risk: review
#     verify:
#     - aws
#     - s3control
#     - list-jobs
#     - --account-id={{account}}
#     - --region={{region}}
#     cost: a charge for the job and each object, besides storage and transfer of all that is copied
#   since: 0.1.0
package hadr.s3.not_replicated_off_region

import data.hadr.lib.backup
import data.hadr.lib.s3
import data.hadr.lib.s3.buckets

_buckets := [bucket | some bucket in buckets; not s3.is_replica(bucket)]

subjects contains bucket.arn if {
	some bucket in _buckets
	not _is_ineffective(bucket)
}

# It has rules to another Region, or to where it is not known, none of which works.
_is_ineffective(bucket) if {
	bucket.attributes.replication != null
	not _is_kept_in_region(bucket)
	not _is_replicated(bucket)
	not _may_be_replicated(bucket)
	not _is_backed_up(bucket)
}

unknowns contains bucket.arn if {
	some bucket in _unreplicated
	bucket.attributes.replication == null
}

unknowns contains bucket.arn if {
	some bucket in _unreplicated
	_may_be_replicated(bucket)
}

unknowns contains bucket.arn if {
	some bucket in _unreplicated
	_is_kept_in_region(bucket)
	_may_be_backed_up(bucket)
}

violations contains violation if {
	some bucket in _unreplicated
	_is_kept_in_region(bucket)
	not _may_be_backed_up(bucket)
	violation := {
		"resource": bucket.arn,
		"message": sprintf("%s is not replicated to another Region", [bucket.name]),
		"evidence": {
			"region": bucket.region,
			"rules": s3.summary(bucket.attributes.replication.rules),
			"role": bucket.role,
			"ages_of_backups_elsewhere": [copy.age |
				some copy in bucket.copies.known
				is_string(copy.vault)
				copy.off_region == true
			],
			"maximum_age": _limit(bucket),
		},
		"params": object.union(s3.unversioned_params(bucket), _replication(bucket)),
	}
}

# The command replaces all rules, so that it can be given only where there are none.
_replication(bucket) := {"unreplicated_bucket": bucket.name} if {
	count(bucket.attributes.replication.rules) == 0
} else := {"replicated_bucket": bucket.name}

# No rule and no backup is known to copy them to another Region.
_unreplicated := [bucket |
	some bucket in _buckets
	not _is_replicated(bucket)
	not _is_backed_up(bucket)
]

_is_backed_up(bucket) if {
	limit := _limit(bucket)
	some copy in bucket.copies.known
	is_string(copy.vault)
	copy.off_region == true
	is_number(copy.behind)
	copy.behind <= limit
}

_limit(bucket) := rpo if {
	rpo := bucket.rpo.value
	rpo > data.parameters["s3-not-replicated-off-region"].maximum_age
} else := data.parameters["s3-not-replicated-off-region"].maximum_age

_may_be_backed_up(bucket) if {
	some listing in bucket.copies.unseen
	listing.region != bucket.region
}

_may_be_backed_up(bucket) if backup.is_copied_off_region_out_of_sight(bucket)

_may_be_backed_up(bucket) if {
	some copy in bucket.copies.known
	is_string(copy.vault)
	copy.off_region == true
	copy.behind == null
}

_is_replicated(bucket) if {
	some rule in bucket.attributes.replication.rules
	rule.enabled == true
	s3.leaves(bucket, rule)
}

_may_be_replicated(bucket) if {
	some rule in bucket.attributes.replication.rules
	rule.enabled == true
	s3.may_leave(bucket, rule)
}

# No rule leads anywhere else, whether or not it works.
_is_kept_in_region(bucket) if {
	every rule in bucket.attributes.replication.rules {
		s3.stays(bucket, rule)
	}
}
