# METADATA
# title: DocumentDB or Neptune cluster can be deleted by a single call
# description: |
#   A wrong name in a script, or a stack that is deleted, takes the cluster and its automated backups with it. With
#   deletion protection, the call fails until someone has taken the protection away first.
#
#   Every DocumentDB and Neptune cluster is judged by itself; its instances have no protection of their own. A cluster
#   of which the API did not say it stays unknown.
# scope: package
# related_resources:
# - description: Deleting an Amazon DocumentDB cluster
#   ref: https://docs.aws.amazon.com/documentdb/latest/developerguide/db-cluster-delete.html
# - description: Deleting a DB instance in Amazon Neptune
#   ref: https://docs.aws.amazon.com/neptune/latest/userguide/manage-console-instances-delete.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: protection
#   scenarios: [deletion]
#   resource_types: [AWS::DocDB::DBCluster, AWS::Neptune::DBCluster]
#   requires: [rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL09-BP02]
#     aws-config: [docdb-cluster-deletion-protection-enabled, neptune-cluster-deletion-protection-enabled]
#     aws-security-hub: [DocumentDB.5, Neptune.4]
#     dora: [9(3)]
#   control_types:
#     docdb-cluster-deletion-protection-enabled: [AWS::DocDB::DBCluster]
#     neptune-cluster-deletion-protection-enabled: [AWS::Neptune::DBCluster]
#     DocumentDB.5: [AWS::DocDB::DBCluster]
#     Neptune.4: [AWS::Neptune::DBCluster]
#   practices: [document-and-graph-databases-redundant]
#   remediation:
#   - resource_types: [AWS::DocDB::DBCluster]
#     argv:
#     - aws
#     - docdb
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --deletion-protection
#     - --region={{region}}
#     effect: the API refuses to delete the cluster; nothing else changes
#     risk: safe
#     undo:
#     - aws
#     - docdb
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --no-deletion-protection
#     - --region={{region}}
#     verify:
#     - aws
#     - docdb
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].DeletionProtection
#     - --region={{region}}
#     cost: nothing
#   - resource_types: [AWS::Neptune::DBCluster]
#     argv:
#     - aws
#     - neptune
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --deletion-protection
#     - --region={{region}}
#     effect: the API refuses to delete the cluster; nothing else changes
#     risk: safe
#     undo:
#     - aws
#     - neptune
#     - modify-db-cluster
#     - --db-cluster-identifier={{name}}
#     - --no-deletion-protection
#     - --region={{region}}
#     verify:
#     - aws
#     - neptune
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}
#     - --query=DBClusters[0].DeletionProtection
#     - --region={{region}}
#     cost: nothing
#   since: 0.1.0
package hadr.docdb_neptune.deletion_protection_off

_clusters := [database |
	some kind in ["AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"]
	some database in input.resources[kind]
]

subjects contains database.arn if {
	some database in _clusters
}

unknowns contains database.arn if {
	some database in _clusters
	database.attributes.deletion_protection == null
}

violations contains violation if {
	some database in _clusters
	database.attributes.deletion_protection == false
	violation := {
		"resource": database.arn,
		"message": sprintf("%s has no deletion protection", [database.name]),
		"evidence": {"deletion_protection": false},
	}
}
