# METADATA
# title: DocumentDB or Neptune cluster does not have instances in two Availability Zones
# description: |
#   When the zone fails, the data is safe in the other zones but nothing serves it until an instance has been created
#   there. With a single instance this is so even when only its host fails, and without any nothing serves already.
#
#   DocumentDB and Neptune clusters are judged by the zones of their instances; the zones that the API gives for the
#   cluster are only those of the storage. Secondary clusters of a global cluster may be kept small, and elastic
#   clusters of DocumentDB are another service. A cluster stays unknown while instances whose zone was not collected
#   could be in a second one, or while nothing tells whether it is a secondary.
# scope: package
# related_resources:
# - description: Amazon DocumentDB high availability and replication
#   ref: https://docs.aws.amazon.com/documentdb/latest/developerguide/replication.html
# - description: Amazon Neptune DB clusters and instances
#   ref: https://docs.aws.amazon.com/neptune/latest/userguide/feature-overview-db-clusters.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: redundancy
#   scenarios: [instance, zone]
#   resource_types: [AWS::DocDB::DBCluster, AWS::Neptune::DBCluster]
#   requires: [rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL10-BP01]
#     aws-config: [neptune-cluster-multi-az-enabled]
#     aws-security-hub: [Neptune.9]
#     nist-800-53: [SC-36, SI-13(5)]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   control_types:
#     neptune-cluster-multi-az-enabled: [AWS::Neptune::DBCluster]
#     Neptune.9: [AWS::Neptune::DBCluster]
#   practices: [databases-in-several-zones, document-and-graph-databases-redundant]
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
#   - resource_types: [AWS::DocDB::DBCluster]
#     argv:
#     - aws
#     - docdb
#     - create-db-instance
#     - --db-instance-identifier={{name}}-second-zone
#     - --db-cluster-identifier={{name}}
#     - --engine=docdb
#     - --db-instance-class={{params.instance_class}}
#     - --availability-zone={{params.zone}}
#     - --promotion-tier=1
#     - --region={{region}}
#     effect: an instance as large as the writer is added in another zone; the writer goes on working
#     risk: safe
#     undo:
#     - aws
#     - docdb
#     - delete-db-instance
#     - --db-instance-identifier={{name}}-second-zone
#     - --region={{region}}
#     verify:
#     - aws
#     - docdb
#     - describe-db-instances
#     - '--filters=[{"Name": "db-cluster-id", "Values": ["{{name}}"]}]'
#     - --query=DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,AvailabilityZone]
#     - --region={{region}}
#     cost: one more instance of the class of the writer; the storage is shared
#   - resource_types: [AWS::Neptune::DBCluster]
#     argv:
#     - aws
#     - neptune
#     - create-db-instance
#     - --db-instance-identifier={{name}}-second-zone
#     - --db-cluster-identifier={{name}}
#     - --engine=neptune
#     - --db-instance-class={{params.instance_class}}
#     - --availability-zone={{params.zone}}
#     - --promotion-tier=1
#     - --region={{region}}
#     effect: an instance as large as the writer is added in another zone; the writer goes on working
#     risk: safe
#     undo:
#     - aws
#     - neptune
#     - delete-db-instance
#     - --db-instance-identifier={{name}}-second-zone
#     - --region={{region}}
#     verify:
#     - aws
#     - neptune
#     - describe-db-instances
#     - '--filters=[{"Name": "db-cluster-id", "Values": ["{{name}}"]}]'
#     - --query=DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,AvailabilityZone]
#     - --region={{region}}
#     cost: one more instance of the class of the writer; the storage is shared
#   since: 0.1.0
package hadr.docdb_neptune.cluster_single_az

import data.hadr.lib.cluster
import data.hadr.lib.rds

_clusters := [database |
	some kind in ["AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"]
	some database in input.resources[kind]
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
		"message": sprintf("%s %s", [database.name, _fact(database)]),
		"evidence": {
			"instances": [member.arn | some member in database.attributes.db_cluster_members],
			"zones": place.zones,
			"instances_without_known_zone": place.unplaced,
		},
		"params": object.union(
			rds.narrow_subnet_group(database),
			{"instance_class": cluster.writer_class(database), "zone": cluster.free_zone(database)},
		),
	}
}

_fact(database) := "has all of its instances in one Availability Zone" if {
	count(database.attributes.db_cluster_members) > 0
} else := "has no instance and cannot serve"
