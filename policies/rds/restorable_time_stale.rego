# METADATA
# title: Database cannot be restored to a recent time
# description: |
#   Automated backups are on, but the newest instant that can be restored lies further back than it should: the logs
#   are not being uploaded, and whatever was written since is lost if the database is.
#
#   Standalone instances with backups are judged, and Aurora and Multi-AZ DB clusters that follow nothing, while they
#   are up: a stopped database does not move on. The limit is the objective of the tier where that is stricter.
#   Oracle and SQL Server move on only when they write logs, which a parameter or an idle database delays; neither
#   parameters nor metrics are collected yet, so that a late time is unknown there.
# scope: package
# related_resources:
# - description: Restoring a DB instance to a specified time
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: backup
#   scenarios: [deletion, zone]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters]
#   parameters:
#     maximum_age:
#       default: 900
#       description: >-
#         Seconds by which the newest instant that can be restored may lie back. RDS uploads logs every five minutes, so
#         that less than 900 is not taken.
#   controls:
#     aws-well-architected: [REL09-BP03]
#     nist-800-53: [CP-9, CP-10(2)]
#     iso-22301: [8.3.5]
#     dora: [12(1)]
#     soc2: [A1.2]
#   practices: [backups-kept-35-days]
#   remediation:
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - describe-events
#     - --source-identifier={{name}}
#     - --source-type=db-instance
#     - --event-categories
#     - backup
#     - failure
#     - --duration=1440
#     - --region={{region}}
#     effect: shows why backups failed in the last day; nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].LatestRestorableTime
#     - --region={{region}}
#     cost: none
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - describe-events
#     - --source-identifier={{name}}
#     - --source-type=db-cluster
#     - --duration=1440
#     - --region={{region}}
#     effect: shows what happened to the cluster in the last day; nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - rds
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].LatestRestorableTime
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.rds.restorable_time_stale

import data.hadr.lib.rds
import data.hadr.lib.rds.standalone_instances
import data.hadr.lib.rds.leading_clusters

_instances := [instance |
	some instance in standalone_instances
	instance.attributes.backup_retention_period != 0
	instance.attributes.db_instance_status in {"available", "backing-up", "storage-optimization", null}
]

_clusters := [cluster |
	some cluster in leading_clusters
	cluster.attributes.backup_retention_period != 0
	cluster.attributes.status in {"available", "backing-up", "storage-optimization", null}
]

_databases := array.concat(_instances, _clusters)

_stale := [database |
	some database in _databases
	not _recent(database)
]

_recent(database) if database.copies.newest.automated_backup <= _limit(database)

subjects contains database.arn if {
	some database in _databases
}

unknowns contains database.arn if {
	some database in _stale
	not is_number(_age(database))
}

unknowns contains database.arn if {
	some database in _stale
	is_number(_age(database))
	_age(database) > _limit(database)
	_may_be_late(database)
}

violations contains violation if {
	some database in _stale
	age := _age(database)
	is_number(age)
	age > _limit(database)
	not _may_be_late(database)
	violation := {
		"resource": database.arn,
		"message": sprintf("%s can be restored only as it was %s ago", [database.name, rds.words(age)]),
		"evidence": {"latest_restorable_age": age, "limit": _limit(database)},
	}
}

_age(database) := copy.age if {
	some copy in database.copies.known
	copy.kind == "automated_backup"
}

_limit(database) := database.rpo.value if {
	database.rpo.value < _configured
} else := _configured

_configured := data.parameters["rds-restorable-time-stale"].maximum_age if {
	data.parameters["rds-restorable-time-stale"].maximum_age > 900
} else := 900

_may_be_late(database) if {
	some family in ["oracle-", "sqlserver-", "custom-"]
	rds.runs(database, family)
}

_may_be_late(database) if database.attributes.db_instance_status == null

_may_be_late(database) if database.attributes.status == null
