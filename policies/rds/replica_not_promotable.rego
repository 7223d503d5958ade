# METADATA
# title: Replica in another Region is not ready to take over
# description: |
#   The replica can be promoted when the Region fails, but then lacks something that its source has: it takes no
#   backups, is too small for the load, has no standby or is open to the internet. That is found out under load.
#
#   Read replicas are judged whose source is a DB instance of another Region that was scanned too. Classes are compared
#   within one family and unknown across families; a smaller one is accepted where the tier asks for a pilot light and
#   leaves the time to resize it. A standby is asked of mission-critical replicas only. SQL Server takes neither
#   backups nor a standby of a replica. Encryption is no cause, as a replica has that of its source, and the contents
#   of parameter groups are not compared, as they are not collected. What waits for the maintenance window is worth
#   knowing only.
# scope: package
# related_resources:
# - description: Promoting a read replica to be a standalone DB instance
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Promote.html
# - description: Differences between read replicas for DB engines
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Overview.Differences.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [AWS::RDS::DBInstance]
#   requires: [rds:DescribeDBInstances]
#   parameters:
#     retention_days:
#       default: 30
#       description: Days of backup retention that the remediation gives the replica, 1 to 35.
#     resize_rto:
#       default: 7200
#       description: >-
#         Seconds of recovery time objective from which a pilot light may be smaller than its source, because there is
#         time to resize it after the promotion, which takes 10 to 30 minutes.
#   controls:
#     aws-well-architected: [REL13-BP02, REL13-BP04]
#     nist-800-53: [CP-7(4)]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [replica-as-large-as-its-source, replica-private, promotion-keeps-backups]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --cli-input-json={{params.change}}
#     - --apply-immediately
#     - --region={{region}}
#     effect: >-
#       the replica gets what it lacks, without a restart; whatever else waits for the maintenance window is applied
#       too, which may restart it
#     risk: review
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --cli-input-json={{params.undo}}
#     - --apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].[BackupRetentionPeriod,DBInstanceClass,MultiAZ,PubliclyAccessible,AllocatedStorage,Iops]
#     - --region={{region}}
#     cost: a standby doubles instance and storage; operations cost what they cost the source
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --cli-input-json={{params.disturbing_change}}
#     - --apply-immediately
#     - --region={{region}}
#     effect: >-
#       the replica gets what it lacks; a change of class restarts it, which cuts off what reads from it, first backups
#       make its storage stand still for some seconds to minutes, and whatever else waits for the maintenance window is
#       applied too
#     risk: disruptive
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --cli-input-json={{params.undo}}
#     - --apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].[BackupRetentionPeriod,DBInstanceClass,MultiAZ,PubliclyAccessible,AllocatedStorage,Iops]
#     - --region={{region}}
#     cost: class and backups cost what they cost the source
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --allocated-storage={{params.storage}}
#     - --apply-immediately
#     - --region={{region}}
#     effect: >-
#       the replica gets as much storage as its source, which cannot be made smaller again; whatever else waits for the
#       maintenance window is applied too
#     risk: irreversible
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].[DBInstanceStatus,AllocatedStorage]
#     - --region={{region}}
#     cost: the storage
#   since: 0.1.0
package hadr.rds.replica_not_promotable

import data.hadr.lib.class
import data.hadr.lib.rds

_parameters := data.parameters["rds-replica-not-promotable"]

_pairs := [{"replica": replica, "source": source} |
	some replica in input.resources["AWS::RDS::DBInstance"]
	replica.attributes.role == "read_replica"
	source := input.by_arn[replica.attributes.read_replica_source_db_instance_arn]
	source.region != replica.region
]

subjects contains pair.replica.arn if {
	some pair in _pairs
}

# Numbers and flags that every replica has.
unknowns contains pair.replica.arn if {
	some pair in _pairs
	some name in ["allocated_storage", "backup_retention_period", "multi_az", "publicly_accessible"]
	pair.replica.attributes[name] == null
	_matters(name, pair.replica)
}

unknowns contains pair.replica.arn if {
	some pair in _pairs
	pair.source.attributes.allocated_storage == null
}

unknowns contains pair.replica.arn if {
	some pair in _pairs
	pair.replica.attributes.publicly_accessible == true
	pair.source.attributes.publicly_accessible == null
}

unknowns contains pair.replica.arn if {
	some pair in _pairs
	not _may_be_smaller(pair.replica)
	left := pair.replica.attributes.db_instance_class
	right := pair.source.attributes.db_instance_class
	not class.comparable(left, right)
	not _same(left, right)
}

unknowns contains pair.replica.arn if {
	some pair in _pairs
	is_number(pair.source.attributes.iops)
	pair.replica.attributes.iops == null
}

violations contains violation if {
	some pair in _pairs
	pair.replica.attributes.backup_retention_period == 0
	_matters("backup_retention_period", pair.replica)
	violation := object.union(_lowered_by_backups(pair.replica), _violation(pair, "backups", {
		"message": sprintf("%s takes no backups once it is promoted", [pair.replica.name]),
		"field": "backup_retention_period",
		"disturbing_change": {"BackupRetentionPeriod": _parameters.retention_days},
		"undo": {"BackupRetentionPeriod": 0},
	}))
}

violations contains violation if {
	some pair in _pairs
	not _may_be_smaller(pair.replica)
	left := pair.replica.attributes.db_instance_class
	right := pair.source.attributes.db_instance_class
	class.smaller(left, right)
	violation := _violation(pair, "class", {
		"message": sprintf("%s is a %s, smaller than its source with %s", [pair.replica.name, left, right]),
		"field": "db_instance_class",
		"disturbing_change": {"DBInstanceClass": right},
		"undo": {"DBInstanceClass": left},
	})
}

violations contains violation if {
	some pair in _pairs
	pair.replica.attributes.publicly_accessible == true
	pair.source.attributes.publicly_accessible == false
	violation := _violation(pair, "public", {
		"message": sprintf("%s has a public address, and its source has none", [pair.replica.name]),
		"field": "publicly_accessible",
		"change": {"PubliclyAccessible": false},
		"undo": {"PubliclyAccessible": true},
	})
}

violations contains violation if {
	some pair in _pairs
	pair.replica.attributes.multi_az == false
	_matters("multi_az", pair.replica)
	violation := object.union(_lowered_by_standby(pair.replica), _violation(pair, "standby", {
		"message": sprintf("%s has no standby once it is promoted", [pair.replica.name]),
		"field": "multi_az",
		"change": {"MultiAZ": true},
		"undo": {"MultiAZ": false},
	}))
}

# Storage cannot be made smaller again, so that nothing takes this back.
violations contains violation if {
	some pair in _pairs
	_fewer(pair, "allocated_storage")
	violation := _violation(pair, "storage", {
		"message": sprintf("%s has less storage than its source", [pair.replica.name]),
		"field": "allocated_storage",
		"storage": pair.source.attributes.allocated_storage,
	})
}

violations contains violation if {
	some pair in _pairs
	_fewer(pair, "iops")
	violation := _violation(pair, "iops", {
		"message": sprintf("%s has fewer provisioned operations per second than its source", [pair.replica.name]),
		"field": "iops",
		"change": {"Iops": pair.source.attributes.iops},
		"undo": {"Iops": pair.replica.attributes.iops},
	})
}

_violation(pair, cause, what) := {
	"resource": pair.replica.arn,
	"discriminator": cause,
	"message": what.message,
	"evidence": {
		"source": pair.source.arn,
		what.field: pair.replica.attributes[what.field],
		sprintf("source.%s", [what.field]): pair.source.attributes[what.field],
	},
	"params": object.filter(what, ["change", "disturbing_change", "storage", "undo"]),
}

# Whether a missing value could hide a cause.
_matters(name, _) if name in {"allocated_storage", "publicly_accessible"}

_matters("backup_retention_period", replica) if not rds.runs(replica, "sqlserver-")

_matters("multi_az", replica) if {
	replica.criticality == "mission-critical"
	rds.can_have_standby(replica)
	not rds.runs(replica, "sqlserver-")
}

_may_be_smaller(replica) if {
	input.config.tiers[replica.tier.value].strategy_rank <= 1
	replica.rto.value >= _parameters.resize_rto
}

_same(left, right) if {
	left == right
	left != null
}

_fewer(pair, name) if {
	is_number(pair.replica.attributes[name])
	is_number(pair.source.attributes[name])
	pair.replica.attributes[name] < pair.source.attributes[name]
}

_lowered_by_backups(replica) := {"at_most": "info"} if {
	is_number(replica.attributes.pending_modified_values.backup_retention_period)
	replica.attributes.pending_modified_values.backup_retention_period > 0
} else := {}

_lowered_by_standby(replica) := {"at_most": "info"} if {
	replica.attributes.pending_modified_values.multi_az == true
} else := {}
