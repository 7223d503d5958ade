# METADATA
# title: DB instance has no standby in another Availability Zone
# description: |
#   When the zone or the host fails, the database is restored from a backup instead of failing over: recovery takes
#   as long as a restore and loses what was written since the last upload of the transaction log.
#
#   Only standalone instances are judged. Read replicas and members of clusters get their redundancy elsewhere, RDS
#   Custom and instances on Outposts or in Local Zones cannot have a standby, and a standby that waits for the
#   maintenance window has a policy of its own.
# scope: package
# related_resources:
# - description: Configuring and managing a Multi-AZ deployment for Amazon RDS
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: redundancy
#   scenarios: [instance, zone]
#   resource_types: [AWS::RDS::DBInstance]
#   requires: [rds:DescribeDBInstances]
#   controls:
#     aws-well-architected: [REL10-BP01, REL11-BP02]
#     aws-config: [rds-multi-az-support]
#     aws-security-hub: [RDS.5]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [databases-in-several-zones]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-subnet-group
#     - --db-subnet-group-name={{params.narrow_subnet_group}}
#     - --subnet-ids={{choose.subnet_ids}}
#     - --region={{region}}
#     effect: >-
#       the subnet group of the instance offers one zone only, and a standby needs another: RDS may use the new subnets
#       from now on. The list, as JSON, takes the place of the present one, so that it has to name the present subnets
#       too
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - modify-db-subnet-group
#     - --db-subnet-group-name={{params.narrow_subnet_group}}
#     - --subnet-ids={{params.subnet_ids}}
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-subnet-groups
#     - --db-subnet-group-name={{params.narrow_subnet_group}}
#     - --query=DBSubnetGroups[0].Subnets[].[SubnetIdentifier,SubnetAvailabilityZone.Name,SubnetStatus]
#     - --region={{region}}
#     cost: none for the group
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --multi-az
#     - --apply-immediately
#     - --region={{region}}
#     effect: >-
#       RDS takes a snapshot and builds a standby from it, for which its subnet group needs a second zone; writes are
#       slower while it catches up, and whatever else waits for the maintenance window is applied now, too, which may
#       restart the instance
#     risk: review
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --no-multi-az
#     - --apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].[MultiAZ,SecondaryAvailabilityZone]
#     - --region={{region}}
#     cost: instance and storage are billed twice
#   since: 0.1.0
package hadr.rds.instance_single_az

import data.hadr.lib.rds
import data.hadr.lib.rds.standby_capable

_instances := [instance |
	some instance in standby_capable
	instance.attributes.pending_modified_values.multi_az != true
]

subjects contains instance.arn if {
	some instance in _instances
}

_doubtful := [instance |
	some instance in _instances
	instance.attributes.multi_az != true
]

unknowns contains instance.arn if {
	some instance in _doubtful
	instance.attributes.multi_az == null
}

violations contains violation if {
	some instance in _doubtful
	instance.attributes.multi_az == false
	violation := {
		"resource": instance.arn,
		"message": sprintf("%s runs in one Availability Zone and has no standby", [instance.name]),
		"evidence": {"multi_az": false, "zones": [zone.name | some zone in instance.zones]},
		"params": rds.narrow_subnet_group(instance),
	}
}
