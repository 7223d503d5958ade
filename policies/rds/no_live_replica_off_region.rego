# METADATA
# title: DB instance has no live replica in another Region
# description: |
#   When the Region fails, the database has to be restored elsewhere before anything can run: that takes as long as a
#   restore, and loses what the last copy did not have. The strategy that the tier asks for, pilot light or more, keeps
#   the data alive in the other Region.
#
#   Standalone instances are judged whose tier asks for that and whose engine can replicate to another Region, which
#   excludes RDS Custom, instances on Outposts, Oracle below Enterprise Edition and SQL Server below Enterprise Edition.
#   For a business-critical one, replicated automated backups are enough; whether it has them is unknown where the
#   automated backups of another Region could not be listed. Whether the replica keeps up is not asked here.
# scope: package
# related_resources:
# - description: Creating a read replica in a different AWS Region
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.XRgn.html
# - description: Limitations of Amazon RDS encrypted DB instances
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::RDS::DBInstance]
#   exempt_environments: [disaster-recovery]
#   requires: [rds:DescribeDBInstances]
#   controls:
#     aws-well-architected: [REL13-BP02]
#     nist-800-53: [CP-7, CP-9(6), SC-36]
#     iso-22301: [8.3.4]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices:
#   - strategy-pilot-light
#   - replica-in-another-region
#   - business-critical-pilot-light
#   - mission-critical-in-several-regions
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{params.unbacked_instance}}
#     - --backup-retention-period=35
#     - --no-apply-immediately
#     - --region={{region}}
#     effect: >-
#       the instance has no automated backups, which the next step needs: in the next maintenance window RDS takes the
#       first, and without a standby, the storage stands still for some seconds to minutes meanwhile
#     risk: disruptive
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{params.unbacked_instance}}
#     - --backup-retention-period=0
#     - --no-apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{params.unbacked_instance}}
#     - --query=DBInstances[0].[BackupRetentionPeriod,PendingModifiedValues,LatestRestorableTime]
#     - --region={{region}}
#     cost: backups beyond the size of the database are billed by GB and month
#   - argv:
#     - aws
#     - rds
#     - create-db-instance-read-replica
#     - --db-instance-identifier={{name}}-dr
#     - --source-db-instance-identifier={{params.encrypted_arn}}
#     - --db-instance-class={{params.db_instance_class}}
#     - --db-subnet-group-name={{inputs.dr_db_subnet_group_name}}
#     - --kms-key-id={{inputs.dr_kms_key_arn}}
#     - --no-publicly-accessible
#     - --multi-az
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       RDS takes a snapshot of the source, which must have automated backups, copies it and follows from there
#     risk: review
#     undo:
#     - aws
#     - rds
#     - delete-db-instance
#     - --db-instance-identifier={{name}}-dr
#     - --skip-final-snapshot
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}-dr
#     - --query=DBInstances[0].[DBInstanceStatus,StatusInfos]
#     - --region={{inputs.dr_region}}
#     cost: a second instance with storage and a standby, and transfer between Regions by GB
#   - argv:
#     - aws
#     - rds
#     - create-db-instance-read-replica
#     - --db-instance-identifier={{name}}-dr
#     - --source-db-instance-identifier={{params.plain_arn}}
#     - --db-instance-class={{params.db_instance_class}}
#     - --db-subnet-group-name={{inputs.dr_db_subnet_group_name}}
#     - --no-publicly-accessible
#     - --multi-az
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       RDS takes a snapshot of the source, which must have automated backups, copies it and follows from there; the
#       replica is not encrypted, as its source is not
#     risk: review
#     undo:
#     - aws
#     - rds
#     - delete-db-instance
#     - --db-instance-identifier={{name}}-dr
#     - --skip-final-snapshot
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}-dr
#     - --query=DBInstances[0].[DBInstanceStatus,StatusInfos]
#     - --region={{inputs.dr_region}}
#     cost: a second instance with storage and a standby, and transfer between Regions by GB
#   since: 0.1.0
package hadr.rds.no_live_replica_off_region

import data.hadr.lib.rds
import data.hadr.lib.rds.standalone_instances

# An instance whose storage is elsewhere than in its Region, on Outposts or in a Local Zone, says so.
_instances := [instance |
	some instance in standalone_instances
	input.config.tiers[instance.tier.value].strategy_rank >= 1
	instance.attributes.engine in {
		"db2-ae", "db2-se", "mariadb", "mysql", "oracle-ee", "oracle-ee-cdb", "postgres", "sqlserver-ee",
	}
	instance.attributes.backup_target in {null, "region"}
]

_without_replica := [instance |
	some instance in _instances
	not rds.lives_elsewhere(instance)
	not _restorable_elsewhere(instance)
]

subjects contains instance.arn if {
	some instance in _instances
}

unknowns contains instance.arn if {
	some instance in _without_replica
	_could_be_alive(instance)
}

violations contains violation if {
	some instance in _without_replica
	not _could_be_alive(instance)
	class := instance.attributes.db_instance_class
	violation := {
		"resource": instance.arn,
		"message": sprintf("%s has no live replica outside %s%s", [instance.name, instance.region, _before(instance)]),
		"evidence": {
			"region": instance.region,
			"replicas": object.get(input.relations.replicates_to, instance.arn, []),
			"storage_encrypted": instance.attributes.storage_encrypted,
			"backup_retention_period": instance.attributes.backup_retention_period,
		},
		"params": object.union(object.union(_source(instance), rds.unbacked(instance)), {"db_instance_class": class}),
	}
}

# A key is refused for what is not encrypted, and what is encrypted needs one of the other Region: the steps differ.
_source(instance) := {"plain_arn": instance.arn} if {
	instance.attributes.storage_encrypted == false
} else := {"encrypted_arn": instance.arn}

_before(instance) := "; its automated backups are off and have to come first" if {
	instance.attributes.backup_retention_period == 0
} else := ""

_restorable_elsewhere(instance) if {
	instance.criticality == "business-critical"
	rds.backups_replicated(instance)
}

_could_be_alive(instance) if {
	instance.criticality == "business-critical"
	some listing in instance.copies.unseen
	listing.operation == "rds:DescribeDBInstanceAutomatedBackups"
	listing.region != instance.region
}
