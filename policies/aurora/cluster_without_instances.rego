# METADATA
# title: Aurora cluster has no instances
# description: |
#   The storage is there, but nothing computes for it: the cluster takes no connection until an instance has been
#   created, which takes ten to twenty minutes when there is capacity, and longer in the hour in which it is needed.
#
#   Aurora clusters that stand alone and primary clusters of a global cluster are judged; a secondary without
#   instances has a policy of its own. A cluster without instances stays unknown while nothing tells which of them it
#   is: the global clusters were not listed, or name no cluster that writes. Aurora Serverless v1 and Aurora Limitless
#   compute without instances.
# scope: package
# related_resources:
# - description: Amazon Aurora DB clusters
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: critical
#     general: high
#     non-production: none
#   concern: redundancy
#   scenarios: [instance, zone]
#   resource_types: [AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL11-BP05]
#     nist-800-53: [SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [global-primary-redundant]
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
#     effect: the cluster gets an instance that writes, and serves again; a second one in another zone should follow
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
#     cost: one instance; the storage is paid already
#   since: 0.1.0
package hadr.aurora.cluster_without_instances

import data.hadr.lib.cluster

_clusters := [database |
	some database in input.resources["AWS::RDS::DBCluster"]
	database.attributes.family == "aurora"
	not cluster.is_secondary(database)
]

_empty := [database |
	some database in _clusters
	count(database.attributes.db_cluster_members) == 0
]

subjects contains database.arn if {
	some database in _clusters
}

unknowns contains database.arn if {
	some database in _empty
	cluster.global_role(database) == "unknown"
}

violations contains violation if {
	some database in _empty
	role := cluster.global_role(database)
	role != "unknown"
	violation := {
		"resource": database.arn,
		"message": sprintf("%s has no instance and cannot serve", [database.name]),
		"evidence": {"status": database.attributes.status, "instances": [], "role": role},
		"params": {"engine": database.attributes.engine, "instance_class": _class(database)},
	}
}

# A cluster with bounds for Serverless v2 is meant to have instances of it. Otherwise a person has to choose.
_class(database) := "db.serverless" if {
	database.attributes.serverless_v2_scaling_configuration != null
} else := null
