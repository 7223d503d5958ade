# METADATA
# title: Aurora cluster has all of its instances in one Availability Zone
# description: |
#   When the zone fails, the data is safe in the other zones but nothing serves it until an instance has been created
#   there, by hand and while everyone else does the same. With a single instance this is so even when only its host
#   fails.
#
#   Aurora clusters and Multi-AZ DB clusters with at least one instance are judged by the zones of the instances: the
#   zones that the API gives for the cluster are only those of the storage. Clusters without instances and secondary
#   clusters of a global cluster have policies of their own; Aurora Serverless v1 and Aurora Limitless do not list
#   instances that one could place. A cluster stays unknown while instances whose zone was not collected could be in
#   a second one, or while nothing tells whether it is a secondary.
# scope: package
# related_resources:
# - description: High availability for Amazon Aurora
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: redundancy
#   scenarios: [instance, zone]
#   resource_types: [AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL10-BP01, REL11-BP02]
#     aws-config: [rds-cluster-multi-az-enabled]
#     aws-security-hub: [RDS.15]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [databases-in-several-zones, global-primary-redundant]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-subnet-group
#     - --db-subnet-group-name={{params.narrow_subnet_group}}
#     - --subnet-ids={{choose.subnet_ids}}
#     - --region={{region}}
#     effect: >-
#       the subnet group offers one zone only, and the next step needs a second: RDS may use the new subnets from now
#       on. The list, as JSON, takes the place of the present one, so that it has to name the present subnets too
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
#     - create-db-instance
#     - --db-instance-identifier={{name}}-second-zone
#     - --db-cluster-identifier={{name}}
#     - --engine={{params.engine}}
#     - --db-instance-class={{params.instance_class}}
#     - --availability-zone={{params.zone}}
#     - --promotion-tier=1
#     - --region={{region}}
#     effect: a reader as large as the writer is added in another zone; the writer goes on working
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-instance
#     - --db-instance-identifier={{name}}-second-zone
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - '--filters=[{"Name": "db-cluster-id", "Values": ["{{name}}"]}]'
#     - --query=DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,AvailabilityZone]
#     - --region={{region}}
#     cost: one more instance of the class of the writer; the storage is shared
#   since: 0.1.0
package hadr.aurora.cluster_single_az

import data.hadr.lib.cluster
import data.hadr.lib.rds

_clusters := [database |
	some database in input.resources["AWS::RDS::DBCluster"]
	database.attributes.family in {"aurora", "multi_az"}
	count(database.attributes.db_cluster_members) > 0
	not cluster.is_secondary(database)
]

# Those that are not known to have instances in two zones.
_narrow := [database |
	some database in _clusters
	not cluster.in_two_zones(database)
]

subjects contains database.arn if {
	some database in _clusters
}

unknowns contains database.arn if {
	some database in _narrow
}

violations contains violation if {
	some database in _narrow
	cluster.in_one_zone(database)

	# As a secondary it may be small on purpose.
	cluster.global_role(database) != "unknown"
	place := database.placement
	violation := {
		"resource": database.arn,
		"message": sprintf("%s has all of its instances in one Availability Zone", [database.name]),
		"evidence": {
			"instances": [member.arn | some member in database.attributes.db_cluster_members],
			"zones": place.zones,
			"instances_without_known_zone": place.unplaced,
		},
		"params": object.union(rds.narrow_subnet_group(database), {
			"engine": database.attributes.engine,
			"instance_class": cluster.writer_class(database),
			"zone": cluster.free_zone(database),
		}),
	}
}
