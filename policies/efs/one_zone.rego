# METADATA
# title: File system is in a single Availability Zone
# description: |
#   When the zone fails, the file system is out of reach, and gone if the zone is lost. Nothing in another zone can mount
#   it meanwhile.
#
#   File systems are judged that are no destination of a replication, unless the role of their data is `cache` or
#   `rebuildable`. A replica or a backup does not help here: it is another file system, which somebody has to put in the
#   place of this one. EFS cannot move a file system into more zones; it has to be replicated into a regional one.
# scope: package
# related_resources:
# - description: EFS file system types
#   ref: https://docs.aws.amazon.com/efs/latest/ug/features.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: redundancy
#   scenarios: [zone]
#   resource_types: [AWS::EFS::FileSystem]
#   requires: [elasticfilesystem:DescribeFileSystems]
#   controls:
#     aws-well-architected: [REL10-BP01]
#     nist-800-53: [CP-10, SC-36]
#     iso-22301: [8.3.4]
#     dora: [11(5)]
#     soc2: [A1.2]
#   practices: [file-systems-redundant]
#   remediation:
#   - argv:
#     - aws
#     - efs
#     - create-replication-configuration
#     - --source-file-system-id={{params.file_system_id}}
#     - --destinations=Region={{region}}
#     - --region={{region}}
#     effect: >-
#       EFS makes a regional file system and keeps it the same; once it has caught up, the replication is deleted, and
#       everything that mounts the old one is pointed at the new one
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
#     cost: storage of a regional file system, nearly twice that of a single zone, and of both until the old one is gone
#   since: 0.1.0
package hadr.efs.one_zone

import data.hadr.lib.efs
import data.hadr.lib.efs.file_systems

subjects contains file_system.arn if {
	some file_system in file_systems
}

violations contains violation if {
	some file_system in file_systems
	zone := file_system.attributes.availability_zone_name
	is_string(zone)
	violation := {
		"resource": file_system.arn,
		"message": sprintf("%s is in the zone %s only", [file_system.name, zone]),
		"evidence": {"availability_zone_name": zone},
		"params": {"file_system_id": efs.id(file_system)},
	}
}
