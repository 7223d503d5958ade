# METADATA
# title: Database can be deleted in one step
# description: |
#   One call, by mistake or by someone who has stolen credentials, deletes the database and with it its automated
#   backups; what is left is what was copied elsewhere before.
#
#   Instances outside clusters are judged, replicas included, and clusters and global clusters; members of a cluster
#   have the protection of the cluster. What the role of its data calls a cache or rebuildable is meant to come and go,
#   and DocumentDB and Neptune have policies of their own.
# scope: package
# related_resources:
# - description: Deleting a DB instance, and deletion protection
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html
# - description: Deletion protection for Aurora clusters
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: protection
#   scenarios: [deletion, ransom]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster, AWS::RDS::GlobalCluster]
#   requires: [rds:DescribeDBInstances, rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-config: [rds-cluster-deletion-protection-enabled, rds-instance-deletion-protection-enabled]
#     aws-security-hub: [RDS.7, RDS.8]
#     dora: [9(3)]
#   control_types:
#     rds-cluster-deletion-protection-enabled: [AWS::RDS::DBCluster]
#     rds-instance-deletion-protection-enabled: [AWS::RDS::DBInstance]
#     RDS.7: [AWS::RDS::DBCluster]
#     RDS.8: [AWS::RDS::DBInstance]
#   remediation:
#   - resource_types: [AWS::RDS::DBInstance]
#     argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --deletion-protection
#     - --region={{region}}
#     effect: the API refuses to delete the instance until the protection is taken off; this applies at once
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --no-deletion-protection
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].DeletionProtection
#     - --region={{region}}
#     cost: none
#   - resource_types: [AWS::RDS::DBCluster]
#     argv:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --deletion-protection
#     - --region={{region}}
#     effect: the API refuses to delete the cluster until the protection is taken off; this applies at once
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --no-deletion-protection
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].DeletionProtection
#     - --region={{region}}
#     cost: none
#   - resource_types: [AWS::RDS::GlobalCluster]
#     argv:
#     - aws
#     - rds
#     - modify-global-cluster
#     - --global-cluster-identifier={{name}}
#     - --deletion-protection
#     - --region={{params.region}}
#     effect: the API refuses to delete the global cluster until the protection is taken off; this applies at once
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - modify-global-cluster
#     - --global-cluster-identifier={{name}}
#     - --no-deletion-protection
#     - --region={{params.region}}
#     verify:
#     - aws
#     - rds
#     - describe-global-clusters
#     - --global-cluster-identifier={{name}}
#     - --query=GlobalClusters[0].DeletionProtection
#     - --region={{params.region}}
#     cost: none
#   since: 0.1.0
package hadr.rds.deletion_protection_off

_instances := [instance |
	some instance in input.resources["AWS::RDS::DBInstance"]
	instance.attributes.role in {"standalone", "read_replica"}
	not instance.role.value in {"cache", "rebuildable"}
]

_clusters := [cluster |
	some kind in ["AWS::RDS::DBCluster", "AWS::RDS::GlobalCluster"]
	some cluster in input.resources[kind]
	not cluster.attributes.engine in {"docdb", "neptune"}
	not cluster.role.value in {"cache", "rebuildable"}
]

_databases := array.concat(_instances, _clusters)

_unprotected := [database |
	some database in _databases
	database.attributes.deletion_protection != true
]

subjects contains database.arn if {
	some database in _databases
}

unknowns contains database.arn if {
	some database in _unprotected
	database.attributes.deletion_protection == null
}

violations contains violation if {
	some database in _unprotected
	database.attributes.deletion_protection == false
	violation := {
		"resource": database.arn,
		"message": sprintf("%s has no deletion protection", [database.name]),
		"evidence": {"deletion_protection": false},
		"params": {"region": _region_of_command(database)},
	}
}

# A global cluster is in no Region that commands can be sent to; its primary is. If nobody says which member that is,
# a person has to choose.
_region_of_command(database) := database.region if database.region != "global"

_region_of_command(global) := split(writers[0].db_cluster_arn, ":")[3] if {
	global.region == "global"
	writers := _writers(global)
	count(writers) == 1
}

_region_of_command(global) := null if {
	global.region == "global"
	count(_writers(global)) != 1
}

_writers(global) := [member |
	some member in global.attributes.global_cluster_members
	member.is_writer == true
]
