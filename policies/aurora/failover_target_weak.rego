# METADATA
# title: Aurora cluster would fail over to an instance that cannot carry the load of the writer
# description: |
#   A failover takes the reader with the lowest promotion tier, and the largest of those that share it. When it is
#   smaller than the writer, the service is back at once and slow or down again under the usual load. A Serverless v2
#   reader with a promotion tier above 1 does not follow the capacity of the writer and may be at its minimum. A
#   single reader in the zone of the writer is gone together with it when the zone fails.
#
#   Aurora clusters with a writer and at least one reader are judged; secondaries of a global cluster are compared
#   with their primary instead. Classes are compared within a family. A target of another family stays unknown, a
#   provisioned reader behind a Serverless v2 writer does too, and so does a cluster whose instances were not
#   collected.
# scope: package
# related_resources:
# - description: Failover for Aurora DB clusters
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
# - description: How Aurora Serverless v2 works
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.how-it-works.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [instance, zone]
#   resource_types: [AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBClusters]
#   controls:
#     aws-well-architected: [REL11-BP02, REL11-BP05]
#     nist-800-53: [CP-2(2), SI-13(5)]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.1, A1.2]
#   practices: [global-failover-under-a-minute]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{params.target}}
#     - --db-instance-class={{params.target_class}}
#     - --promotion-tier=0
#     - --apply-immediately
#     - --region={{region}}
#     effect: >-
#       where the target is too weak, it becomes the first target with enough capacity; it restarts if its class
#       changes, and what reads from it is cut off for some minutes. Whatever else waits for the maintenance window is
#       applied to it, too
#     risk: disruptive
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{params.target}}
#     - --db-instance-class={{params.current_class}}
#     - --promotion-tier={{params.current_promotion_tier}}
#     - --apply-immediately
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{params.target}}
#     - --query=DBInstances[0].[DBInstanceStatus,DBInstanceClass,PromotionTier]
#     - --region={{region}}
#     cost: the difference between the two classes
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
#     - --db-instance-class={{params.second_zone_class}}
#     - --availability-zone={{params.second_zone}}
#     - --promotion-tier=0
#     - --region={{region}}
#     effect: where the only reader is in the zone of the writer, another one is added in a second zone
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
#     - --query=DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,AvailabilityZone,PromotionTier]
#     - --region={{region}}
#     cost: one more instance of the class of the writer; the reader that it replaces can be deleted
#   since: 0.1.0
package hadr.aurora.failover_target_weak

import data.hadr.lib.class
import data.hadr.lib.cluster
import data.hadr.lib.rds

_clusters := [database |
	some database in input.resources["AWS::RDS::DBCluster"]
	database.attributes.family == "aurora"
	count(database.attributes.db_cluster_members) > 1
	not cluster.is_secondary(database)
]

subjects contains database.arn if {
	some database in _clusters
}

# One instance writes, and the order of all others is known.
_ordered(database) if {
	count(cluster.writers(database)) == 1
	every member in database.attributes.db_cluster_members { is_boolean(member.is_cluster_writer) }
	every reader in _readers(database) { is_number(reader.promotion_tier) }
}

unknowns contains database.arn if {
	some database in _clusters
	not _ordered(database)
}

unknowns contains database.arn if {
	some database in _clusters
	writer := cluster.writer_class(database)
	some target in _targets(database)
	not _compared(target, writer)
}

unknowns contains database.arn if {
	some database in _clusters
	count(database.attributes.db_cluster_members) == 2
	not cluster.in_two_zones(database)
}

violations contains violation if {
	some database in _clusters
	_ordered(database)
	writer := cluster.writer_class(database)
	targets := _targets(database)
	every target in targets { _weak(target, writer) }
	first := targets[0]
	reader := input.by_arn[first.arn]
	reader_class := cluster.class_of(first)
	violation := {
		"resource": database.arn,
		"message": sprintf("%s would fail over to %s, %s", [database.name, reader.name, _weakness(first, writer)]),
		"evidence": {
			"writer_class": writer,
			"target": first.arn,
			"target_class": reader_class,
			"promotion_tier": first.promotion_tier,
		},
		"params": {
			"target": reader.name,
			"target_class": _enough(reader_class, writer),
			"current_class": reader_class,
			"current_promotion_tier": first.promotion_tier,
		},
		"discriminator": "capacity",
	}
}

violations contains violation if {
	some database in _clusters
	count(cluster.writers(database)) == 1
	readers := _readers(database)
	count(readers) == 1
	cluster.in_one_zone(database)
	zones := database.placement.zones
	violation := {
		"resource": database.arn,
		"message": sprintf("%s has its only reader in the zone of the writer, %s", [database.name, zones[0]]),
		"evidence": {"reader": readers[0].arn, "zones": zones},
		"params": object.union(rds.narrow_subnet_group(database), {
			"engine": database.attributes.engine,
			"second_zone": cluster.free_zone(database),
			"second_zone_class": cluster.writer_class(database),
		}),
		"discriminator": "zone",
	}
}

_readers(database) := [member |
	some member in database.attributes.db_cluster_members
	member.is_cluster_writer == false
]

# The readers that come first. A failover takes the largest of them.
_targets(database) := [reader |
	readers := _readers(database)
	some reader in readers
	every other in readers { reader.promotion_tier <= other.promotion_tier }
]

_weak(target, writer) if class.smaller(cluster.class_of(target), writer)

_weak(target, _) if _detached(target)

# Up to tier 1, a Serverless v2 reader keeps the capacity that the writer has.
_detached(target) if {
	cluster.class_of(target) == "db.serverless"
	target.promotion_tier > 1
}

# Whether a target that is not weak is known to be strong enough.
_compared(target, writer) if class.comparable(cluster.class_of(target), writer)

_compared(target, _) if cluster.class_of(target) == "db.serverless"

_weakness(target, _) := "whose capacity does not follow the writer" if _detached(target)

_weakness(target, writer) := text if {
	not _detached(target)
	text := sprintf("which is smaller than the writer (%s, %s)", [cluster.class_of(target), writer])
}

# The class with which the target can carry the load: Serverless v2 can already, once it follows.
_enough("db.serverless", _) := "db.serverless"

_enough(reader_class, writer) := writer if reader_class != "db.serverless"
