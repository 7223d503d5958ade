# METADATA
# title: Secondary cluster of a global cluster has no instances
# description: |
#   The data follows the primary, but nothing could take over: a failover has to wait for an instance to be created,
#   ten to twenty minutes in a Region where everyone else who lost the same primary Region asks for capacity.
#
#   Only secondaries of Aurora global clusters are judged. Business-critical and general workloads may decide to pay
#   for the storage only; the tag `hadr:headless-ok` on the cluster, with any value but `false`, records that. A
#   cluster without instances stays unknown where its tags could hold that decision and were not collected, and where
#   nothing tells whether it is a secondary.
# scope: package
# related_resources:
# - description: Using switchover or failover in Amazon Aurora Global Database
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL11-BP05, REL13-BP02]
#     nist-800-53: [CP-7(4)]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [global-secondary-ready, global-failover-under-a-minute]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - create-db-instance
#     - --db-instance-identifier={{name}}-1
#     - --db-cluster-identifier={{name}}
#     - --engine={{params.engine}}
#     - --db-instance-class={{params.instance_class}}
#     - --promotion-tier=0
#     - --region={{region}}
#     effect: the secondary gets a reader as large as the writer of the primary, and can be failed over to
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-instance
#     - --db-instance-identifier={{name}}-1
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].DBClusterMembers
#     - --region={{region}}
#     cost: one instance; the storage and the replicated writes are paid already
#   since: 0.1.0
package hadr.aurora.global_secondary_without_instances

import data.hadr.lib.cluster

_secondaries := [database |
	some database in input.resources["AWS::RDS::DBCluster"]
	database.attributes.family == "aurora"
	cluster.is_secondary(database)
	not _accepted(database)
]

# Clusters that have no instances either, but may be no secondaries.
_unclear := [database |
	some database in input.resources["AWS::RDS::DBCluster"]
	database.attributes.family == "aurora"
	count(database.attributes.db_cluster_members) == 0
	cluster.global_role(database) == "unknown"
	not _accepted(database)
]

subjects contains database.arn if {
	some database in _secondaries
}

subjects contains database.arn if {
	some database in _unclear
}

unknowns contains database.arn if {
	some database in _unclear
}

unknowns contains database.arn if {
	some database in _secondaries
	count(database.attributes.db_cluster_members) == 0
	not _decided(database)
}

violations contains violation if {
	some database in _secondaries
	count(database.attributes.db_cluster_members) == 0
	_decided(database)
	primary := cluster.primary_of(database)
	violation := {
		"resource": database.arn,
		"message": sprintf("%s follows its primary without an instance that could take over", [database.name]),
		"evidence": {"instances": [], "primary": primary},
		"params": {"engine": database.attributes.engine, "instance_class": _class_of_writer(primary)},
	}
}

# A mission-critical workload cannot wait for an instance, whatever the tag says.
_accepted(database) if {
	database.criticality != "mission-critical"
	database.tags["hadr:headless-ok"] != "false"
}

# Whether the tag was looked for where it counts.
_decided(database) if database.criticality == "mission-critical"

_decided(database) if is_object(database.tags)

# The primary may be in a Region that was not scanned.
_class_of_writer(primary) := cluster.writer_class(input.by_arn[primary]) if {
	input.by_arn[primary]
} else := null
