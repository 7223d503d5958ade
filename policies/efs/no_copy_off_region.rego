# METADATA
# title: File system has no copy outside its Region
# description: |
#   When the Region fails, the file system is out of reach for as long as it lasts, and gone if the Region does not come
#   back. Being in several zones does not help.
#
#   File systems are judged that are no destination of a replication, unless the role of their data is `cache` or
#   `rebuildable`. A replica in another Region counts once everything was replicated to it, and while the replication is
#   enabled; so does a backup in a vault of AWS Backup there. Either counts up to an age, for a copy that nobody renews is
#   not one any more; how much of the recovery point objective it takes is another question.
#
#   The verdict is unknown where replications or the vaults of another Region could not be listed, or only one Region was
#   scanned; and where a schedule copies to an account or Region that was not scanned together with this one. AWS DataSync
#   is not collected.
# scope: package
# related_resources:
# - description: Replicating EFS file systems
#   ref: https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::EFS::FileSystem]
#   exempt_environments: [disaster-recovery]
#   requires: [elasticfilesystem:DescribeFileSystems, elasticfilesystem:DescribeReplicationConfigurations]
#   parameters:
#     maximum_age:
#       default: 2678400
#       description: >-
#         Seconds after which a copy does not count any more; 31 days by default. Where the tier allows more data to be
#         lost, that is the limit.
#   controls:
#     aws-well-architected: [REL10-BP01, REL13-BP02]
#     nist-800-53: [CP-6, CP-6(1), SC-36]
#     iso-22301: [8.3.4]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [file-systems-redundant, data-outlives-its-region]
#   remediation:
#   - argv:
#     - aws
#     - efs
#     - create-replication-configuration
#     - --source-file-system-id={{params.file_system_id}}
#     - --destinations=Region={{inputs.dr_region}}
#     - --region={{region}}
#     effect: >-
#       EFS makes a file system in the other Region that can only be read, and keeps it the same within minutes; what is
#       deleted here is deleted there, too
#     risk: review
#     undo:
#     - aws
#     - efs
#     - delete-replication-configuration
#     - --source-file-system-id={{params.file_system_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - efs
#     - describe-replication-configurations
#     - --file-system-id={{params.file_system_id}}
#     - --region={{region}}
#     cost: storage a second time in the other Region, and transfer between Regions by GB
#   since: 0.1.0
package hadr.efs.no_copy_off_region

import data.hadr.lib.backup
import data.hadr.lib.efs
import data.hadr.lib.efs.file_systems
import data.hadr.lib.rds

_unsaved := [file_system |
	some file_system in file_systems
	not _has_recent_copy(file_system)
]

_has_recent_copy(file_system) if file_system.copies.newest.off_region <= _limit(file_system)

_limit(file_system) := rpo if {
	rpo := file_system.rpo.value
	rpo > data.parameters["efs-no-copy-off-region"].maximum_age
} else := data.parameters["efs-no-copy-off-region"].maximum_age

subjects contains file_system.arn if {
	some file_system in file_systems
}

unknowns contains file_system.arn if {
	some file_system in _unsaved
	_may_be_saved(file_system)
}

violations contains violation if {
	some file_system in _unsaved
	not _may_be_saved(file_system)
	ages := [copy.age |
		some copy in file_system.copies.known
		copy.off_region == true
	]
	violation := {
		"resource": file_system.arn,
		"message": _message(file_system, ages),
		"evidence": {
			"region": file_system.region,
			"replications": file_system.attributes.replications,
			"ages_of_copies_elsewhere": ages,
			"maximum_age": _limit(file_system),
		},
		"params": {"file_system_id": efs.id(file_system)},
	}
}

_message(file_system, ages) := sprintf(
	"%s has no copy outside %s",
	[file_system.name, file_system.region],
) if {
	count(ages) == 0
}

_message(file_system, ages) := sprintf(
	"%s has no recent copy outside %s: the newest is %s old",
	[file_system.name, file_system.region, rds.words(rds.least(ages))],
) if {
	count(ages) > 0
}

_may_be_saved(file_system) if file_system.attributes.replications == null

_may_be_saved(file_system) if {
	some listing in file_system.copies.unseen
	listing.region != file_system.region
}

_may_be_saved(file_system) if backup.is_copied_off_region_out_of_sight(file_system)

_may_be_saved(file_system) if file_system.copies.at_best.off_region <= _limit(file_system)
