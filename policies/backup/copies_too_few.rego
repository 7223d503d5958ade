# METADATA
# title: Data has too few copies, in one storage system or in one Region
# description: |
#   Three copies, in two storage systems, one of them elsewhere: where one of these is missing, there is a single event
#   that takes the data with all of its copies, such as a deletion, a fault of the service that keeps them, or the loss
#   of the Region.
#
#   Databases that follow no other, tables, volumes in use, buckets and file systems are judged whose data is
#   authoritative. The data itself is the first copy. A standby in another zone is none, as it has no data of its own,
#   nor are earlier versions of objects, which lie in the bucket. Automated backups, snapshots, backups in a vault and
#   live replicas count once for each Region and account that they are in, however many generations there are; backups
#   only up to an age, for one that nobody renews is not a copy any more. Storage systems are the service that holds the
#   data with all its replicas, its automated backups, snapshots, vaults of AWS Backup, and everything in another
#   account.
#
#   Where only the number or the system is missing, and a copy outlives the Region, the severity is medium at most. The
#   verdict is unknown where a listing that could show what is missing was not collected, where a schedule copies to an
#   account or Region that was not scanned together with this one, where copies have no known age or origin, and where
#   the destination of a bucket is not known. On-demand backups of DynamoDB and exports are not collected.
#
#   This is the rule 3-2-1. For 3-2-1-1-0, `minimum_out_of_reach` is 1; that no backup goes untested, its 0, is judged by
#   `testing-restore-untested`. What a copy needs to survive an administrator is what `backup-deletable-by-account` says.
# scope: package
# related_resources:
# - description: Identify and back up all data that needs to be backed up, in the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_backing_up_data_identified_backups_data.html
# - description: Creating backup copies across AWS Regions
#   ref: https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: backup
#   scenarios: [deletion, region, ransom]
#   resource_types:
#   - AWS::RDS::DBInstance
#   - AWS::RDS::DBCluster
#   - AWS::DocDB::DBCluster
#   - AWS::Neptune::DBCluster
#   - AWS::DynamoDB::Table
#   - AWS::EC2::Volume
#   - AWS::EFS::FileSystem
#   - AWS::S3::Bucket
#   exempt_environments: [disaster-recovery]
#   requires: [backup:ListBackupVaults]
#   parameters:
#     minimum_copies:
#       default: 3
#       description: Number of copies that there have to be, the data itself included.
#     minimum_systems:
#       default: 2
#       description: Number of storage systems that they have to be in.
#     minimum_out_of_reach:
#       default: 0
#       description: >-
#         Number of copies that an administrator of the account cannot delete; a bucket whose own objects are locked in
#         compliance mode has one.
#     maximum_age:
#       default: 2678400
#       description: >-
#         Seconds after which a copy does not count any more; 31 days by default. Where the tier allows more data to be
#         lost, that is the limit.
#   controls:
#     aws-well-architected: [REL09-BP01, REL09-BP02]
#     nist-800-53: [CP-6, CP-9]
#     iso-22301: [8.3.4]
#     dora: [12(1)]
#     soc2: [A1.2]
#   practices:
#   - strategy-backup-and-restore
#   - three-copies
#   - two-media
#   - one-copy-off-site
#   remediation:
#   - argv:
#     - aws
#     - s3api
#     - put-bucket-versioning
#     - --bucket={{params.unversioned_bucket}}
#     - --versioning-configuration=Status=Enabled
#     - --region={{region}}
#     effect: >-
#       the bucket keeps versions from now on, without which AWS Backup makes no backups of it; they are billed until a
#       lifecycle rule expires them
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
#     - backup
#     - create-backup-plan
#     - >-
#       --backup-plan={"BackupPlanName":"daily-with-copy","Rules":[{"RuleName":"daily",
#       "TargetBackupVaultName":"{{inputs.backup_vault}}","ScheduleExpression":"cron(0 1 ? * * *)",
#       "StartWindowMinutes":60,"Lifecycle":{"DeleteAfterDays":35},
#       "CopyActions":[{"DestinationBackupVaultArn":"{{inputs.dr_backup_vault_arn}}",
#       "Lifecycle":{"DeleteAfterDays":35}}]}]}
#     - --region={{region}}
#     effect: >-
#       a plan that makes a backup a day and copies it to the vault elsewhere, which has to be there; once for the Region,
#       not for each resource
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-backup-plan
#     - --backup-plan-id={{choose.plan_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-backup-plans
#     - --query=BackupPlansList[].[BackupPlanId,BackupPlanName]
#     - --region={{region}}
#     cost: none before it selects something
#   - argv:
#     - aws
#     - backup
#     - create-backup-selection
#     - --backup-plan-id={{choose.plan_id}}
#     - >-
#       --backup-selection={"SelectionName":"{{choose.selection_name}}","IamRoleArn":"{{inputs.backup_role_arn}}",
#       "Resources":["{{arn}}"]}
#     - --region={{region}}
#     effect: the plan makes backups of the resource, and copies of them elsewhere, from its next run on
#     risk: safe
#     undo:
#     - aws
#     - backup
#     - delete-backup-selection
#     - --backup-plan-id={{choose.plan_id}}
#     - --selection-id={{choose.selection_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - backup
#     - list-recovery-points-by-resource
#     - --resource-arn={{arn}}
#     - --query=RecoveryPoints[].[BackupVaultName,CreationDate,Status]
#     - --region={{region}}
#     cost: backup storage by GB and month in both Regions, and transfer between Regions by GB
#   since: 0.1.0
package hadr.backup.copies_too_few

import data.hadr.lib.backup
import data.hadr.lib.backup.holders
import data.hadr.lib.rds

_parameters := data.parameters["backup-copies-too-few"]

# What does not have enough copies for sure, with what is missing even if everything that may be a copy is one.
_judged := [judged |
	some resource in holders
	limit := _limit(resource)
	not _is_enough_within(resource.copies.newest, limit)
	elsewhere := _live_elsewhere(resource)
	not _is_made_up_for(resource.copies.newest, limit, elsewhere)
	judged := {
		"resource": resource,
		"limit": limit,
		"elsewhere": elsewhere,
		"missing": _missing(resource, limit, elsewhere),
	}
]

_is_enough_within(newest, limit) if {
	newest.places[_parameters.minimum_copies] <= limit
	newest.systems[_parameters.minimum_systems] <= limit
	newest.out_of_reach[_parameters.minimum_out_of_reach] <= limit
	newest.off_region <= limit
}

# The live copy there lies elsewhere for certain, in the storage system of the data.
_is_made_up_for(newest, limit, elsewhere) if {
	count(elsewhere) > 0
	count(_missing_here(newest, limit, elsewhere)) == 0
}

_has_places(newest, limit, elsewhere) if newest.places[_parameters.minimum_copies - count(elsewhere)] <= limit

_has_places(_, _, elsewhere) if _parameters.minimum_copies <= count(elsewhere)

# The place of what is live in another Region besides the copies, which do not say which of a global cluster follows
# which.
_live_elsewhere(database) := {sprintf("live in another Region of %s", [database.account])} if {
	startswith(database.type, "AWS::RDS::")
	not is_number(database.copies.newest.off_region_replica)
	rds.lives_elsewhere(database)
} else := set()

_limit(resource) := rpo if {
	rpo := resource.rpo.value
	rpo > _parameters.maximum_age
} else := _parameters.maximum_age

subjects contains resource.arn if {
	some resource in holders
}

unknowns contains judged.resource.arn if {
	some judged in _judged
	count(judged.missing) == 0
}

violations contains violation if {
	some judged in _judged
	count(judged.missing) > 0
	resource := judged.resource
	tally := _tally(judged)
	says := [text | some part in judged.missing; text := _says(part, tally, judged)]
	violation := object.union(_bound(judged.missing), {
		"resource": resource.arn,
		"message": sprintf("%s has %s", [resource.name, backup.listed(says)]),
		"evidence": {
			"copies": tally.number,
			"storage_systems": tally.systems,
			"places": tally.places,
			"missing": judged.missing,
			"maximum_age": judged.limit,
		},
		"params": backup.unversioned_params(resource),
	})
}

# What there is for certain. Copies in one place count once, and the data itself is one.
_tally(judged) := {"number": count(places) + 1, "places": places, "systems": systems} if {
	copies := [copy |
		some copy in judged.resource.copies.known
		copy.behind <= judged.limit
		is_number(copy.behind)
	]
	places := judged.elsewhere | {copy.place | some copy in copies}
	systems := {"live"} | {copy.system | some copy in copies}
}

_says("copies", tally, _) := sprintf("%d of %d copies", [tally.number, _parameters.minimum_copies])

_says("storage systems", tally, _) := sprintf(
	"%d of %d storage systems",
	[count(tally.systems), _parameters.minimum_systems],
)

_says("out of reach", _, judged) := sprintf("%d of %d copies that an administrator cannot delete", [
	count([behind | some behind in judged.resource.copies.newest.out_of_reach; behind <= judged.limit]) - 1,
	_parameters.minimum_out_of_reach,
])

_says("region", _, judged) := sprintf("no copy outside %s", [judged.resource.region])

# Something survives the Region.
_bound(missing) := {} if {
	"region" in missing
} else := {"at_most": "medium"}

# What may have more elsewhere may have more.
_missing(resource, limit, elsewhere) := array.concat(here, off_region) if {
	not _may_have_more(resource, limit)
	best := _at_best(resource.copies)
	here := _missing_here(best, limit, elsewhere)
	off_region := _missing_off_region(best, limit, elsewhere)
} else := [] if {
	_may_have_more_elsewhere(resource, limit)
} else := _missing_off_region(_at_best(resource.copies), limit, elsewhere)

_at_best(copies) := object.get(copies, "at_best", copies.newest)

_missing_here(best, limit, elsewhere) := array.concat(
	_missing_copies(best, limit, elsewhere),
	array.concat(_missing_systems(best, limit), _missing_out_of_reach(best, limit)),
)

_missing_copies(best, limit, elsewhere) := [] if {
	_has_places(best, limit, elsewhere)
} else := ["copies"]

_missing_systems(best, limit) := [] if {
	best.systems[_parameters.minimum_systems] <= limit
} else := ["storage systems"]

_missing_out_of_reach(best, limit) := [] if {
	best.out_of_reach[_parameters.minimum_out_of_reach] <= limit
} else := ["out of reach"]

_missing_off_region(best, limit, elsewhere) := ["region"] if {
	count(elsewhere) == 0
	not best.off_region <= limit
} else := []

_may_have_more(resource, limit) if count(resource.copies.unseen) > 0

_may_have_more(resource, limit) if backup.is_copied_out_of_sight(resource)

_may_have_more(resource, limit) if _is_unsettled(resource)

_may_have_more(resource, limit) if {
	some copy in resource.copies.possible
	copy.age <= limit
}

_may_have_more_elsewhere(resource, limit) if {
	some listing in resource.copies.unseen
	listing.region != resource.region
}

_may_have_more_elsewhere(resource, limit) if backup.is_copied_off_region_out_of_sight(resource)

_may_have_more_elsewhere(resource, limit) if _is_unsettled(resource)

_may_have_more_elsewhere(resource, limit) if {
	some copy in resource.copies.possible
	copy.region != resource.region
	copy.age <= limit
}

# What tells of its replicas was not collected.
_is_unsettled(bucket) if bucket.attributes.replication == null

_is_unsettled(bucket) if bucket.region == "global"

_is_unsettled(table) if table.attributes.table_status == null

_is_unsettled(table) if {
	table.attributes.global_table_version == "2017.11.29"
	not input.relations.replicates_to[table.arn]
}

_is_unsettled(cluster) if {
	startswith(cluster.type, "AWS::RDS::")
	rds.elsewhere_unseen(cluster)
}
