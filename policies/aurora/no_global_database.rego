# METADATA
# title: Aurora cluster has no replica in another Region though its tier asks for one
# description: |
#   When the Region fails, the cluster is restored elsewhere from whatever backup is there: that takes hours and loses
#   what was written since. The tier of the workload asks for a pilot light or more, which means that the data is live
#   in the other Region already.
#
#   Aurora clusters are judged where the least strategy of their tier, in the configuration, is pilot light or above.
#   A secondary of a global cluster in another Region or a replica cluster there suffices; a global cluster that has
#   one Region only does not. Secondaries and replica clusters themselves are left out, and so are Serverless v1 and
#   Aurora Limitless, which global clusters do not support. A cluster stays unknown where the global clusters were
#   not listed.
# scope: package
# related_resources:
# - description: Using Amazon Aurora Global Database
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::RDS::DBCluster]
#   exempt_environments: [disaster-recovery]
#   requires: [rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL13-BP02]
#     nist-800-53: [CP-7, CP-9(6), SC-36]
#     iso-22301: [8.3.4]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices:
#   - strategy-pilot-light
#   - global-database
#   - business-critical-pilot-light
#   - mission-critical-in-several-regions
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - create-global-cluster
#     - --global-cluster-identifier={{params.new_global_cluster}}
#     - --source-db-cluster-identifier={{arn}}
#     - --region={{region}}
#     effect: the cluster becomes the primary of a global cluster and goes on working
#     risk: review
#     undo:
#     - aws
#     - rds
#     - remove-from-global-cluster
#     - --global-cluster-identifier={{params.new_global_cluster}}
#     - --db-cluster-identifier={{arn}}
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-global-clusters
#     - --global-cluster-identifier={{params.new_global_cluster}}
#     - --query=GlobalClusters[0].[Status,GlobalClusterMembers]
#     - --region={{region}}
#     cost: nothing by itself
#   - argv:
#     - aws
#     - rds
#     - create-db-cluster
#     - --db-cluster-identifier={{name}}-dr
#     - --engine={{params.engine}}
#     - --engine-version={{params.engine_version}}
#     - --global-cluster-identifier={{params.encrypted_global_cluster}}
#     - --backup-retention-period={{params.backup_retention_period}}
#     - --db-subnet-group-name={{inputs.dr_db_subnet_group_name}}
#     - --storage-encrypted
#     - --kms-key-id={{inputs.dr_kms_key_arn}}
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the secondary is filled and follows with about a second of delay. The way back takes it out of the global
#       cluster, and leaves a cluster of its own to delete
#     risk: review
#     undo:
#     - aws
#     - rds
#     - remove-from-global-cluster
#     - --global-cluster-identifier={{params.global_cluster}}
#     - --db-cluster-identifier=arn:{{partition}}:rds:{{inputs.dr_region}}:{{account}}:cluster:{{name}}-dr
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-global-clusters
#     - --global-cluster-identifier={{params.global_cluster}}
#     - --query=GlobalClusters[0].GlobalClusterMembers[].[DBClusterArn,IsWriter,SynchronizationStatus]
#     - --region={{region}}
#     cost: the storage once more, replicated writes and the traffic between the Regions
#   - argv:
#     - aws
#     - rds
#     - create-db-cluster
#     - --db-cluster-identifier={{name}}-dr
#     - --engine={{params.engine}}
#     - --engine-version={{params.engine_version}}
#     - --global-cluster-identifier={{params.plain_global_cluster}}
#     - --backup-retention-period={{params.backup_retention_period}}
#     - --db-subnet-group-name={{inputs.dr_db_subnet_group_name}}
#     - --source-region={{region}}
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the secondary is filled and follows with about a second of delay; it is not encrypted, as its primary is not.
#       The way back takes it out of the global cluster, and leaves a cluster of its own to delete
#     risk: review
#     undo:
#     - aws
#     - rds
#     - remove-from-global-cluster
#     - --global-cluster-identifier={{params.global_cluster}}
#     - --db-cluster-identifier=arn:{{partition}}:rds:{{inputs.dr_region}}:{{account}}:cluster:{{name}}-dr
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-global-clusters
#     - --global-cluster-identifier={{params.global_cluster}}
#     - --query=GlobalClusters[0].GlobalClusterMembers[].[DBClusterArn,IsWriter,SynchronizationStatus]
#     - --region={{region}}
#     cost: the storage once more, replicated writes and the traffic between the Regions
#   - argv:
#     - aws
#     - rds
#     - create-db-instance
#     - --db-instance-identifier={{name}}-dr-1
#     - --db-cluster-identifier={{name}}-dr
#     - --engine={{params.engine}}
#     - --db-instance-class={{params.instance_class}}
#     - --region={{inputs.dr_region}}
#     effect: the secondary gets an instance that can take over; a mission-critical workload needs one in a second zone
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-instance
#     - --db-instance-identifier={{name}}-dr-1
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-clusters
#     - --db-cluster-identifier={{name}}-dr
#     - --query=DBClusters[0].DBClusterMembers
#     - --region={{inputs.dr_region}}
#     cost: one more instance of the class of the writer
#   since: 0.1.0
package hadr.aurora.no_global_database

import data.hadr.lib.cluster

# The rank of pilot light. Below it, backups in the other Region suffice.
_live_data := 1

_clusters := [database |
	some database in input.resources["AWS::RDS::DBCluster"]
	database.attributes.family == "aurora"
	input.config.tiers[database.tier.value].strategy_rank >= _live_data
	database.attributes.replication_source_identifier == null
	not cluster.is_secondary(database)
]

_unreplicated := [database |
	some database in _clusters
	not _replicated(database)
]

subjects contains database.arn if {
	some database in _clusters
}

unknowns contains database.arn if {
	some database in _unreplicated
	cluster.global_role(database) == "unknown"
}

violations contains violation if {
	some database in _unreplicated
	cluster.global_role(database) != "unknown"
	attributes := database.attributes
	tier := database.tier.value
	violation := {
		"resource": database.arn,
		"message": sprintf("%s has no replica cluster in another Region", [database.name]),
		"evidence": {
			"global_cluster": attributes.global_cluster_identifier,
			"regions": [database.region],
			"tier": tier,
			"strategy_rank": input.config.tiers[tier].strategy_rank,
		},
		"params": object.union(_steps(database), {
			"engine": attributes.engine,
			"engine_version": attributes.engine_version,
			"global_cluster": _global_name(database),
			"backup_retention_period": attributes.backup_retention_period,
			"instance_class": cluster.writer_class(database),
		}),
	}
}

_replicated(database) if is_number(database.copies.newest.off_region_replica)

# Which of the Regions writes does not matter here.
_replicated(database) if {
	some global_arn in input.relations.member_of[database.arn]
	count(input.by_arn[global_arn].placement.regions) > 1
}

# A key is refused for what is not encrypted, and a cluster can be made global only once: the steps differ.
_steps(database) := object.union(_to_make(database), _to_fill(database))

_to_make(database) := {} if {
	input.relations.member_of[database.arn]
} else := {"new_global_cluster": _global_name(database)}

_to_fill(database) := {"plain_global_cluster": _global_name(database)} if {
	database.attributes.storage_encrypted == false
} else := {"encrypted_global_cluster": _global_name(database)}

_global_name(database) := input.by_arn[input.relations.member_of[database.arn][0]].name if {
	input.relations.member_of[database.arn]
} else := sprintf("%s-global", [database.name])
