# METADATA
# title: Secondary cluster of a global cluster is not what its primary is
# description: |
#   After a failover the secondary is the primary, with its own settings: too few or too small instances under the
#   whole load, backups that are kept for another time, a single zone. And while it is not in step with the primary,
#   or another failover is under way, it cannot take over at all or loses more than the usual second.
#
#   Aurora global clusters with a secondary are judged, each cause by itself. Sizes are compared with the writer of
#   the primary; a second zone is asked for mission-critical workloads only; a secondary without instances has a
#   policy of its own. The state of replication is judged where the API gives it, which not every engine does. The
#   values in parameter groups are not collected, so only the names are shown. A global cluster stays unknown where
#   no cluster or several write, where a cluster was not collected, and where sizes are not of one family.
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
#   resource_types: [AWS::RDS::GlobalCluster]
#   requires: [rds:DescribeGlobalClusters]
#   controls:
#     aws-well-architected: [REL13-BP04]
#     nist-800-53: [CP-7(4)]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [global-secondary-ready]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{params.retention_cluster}}
#     - --backup-retention-period={{params.retention}}
#     - --apply-immediately
#     - --region={{params.region}}
#     effect: >-
#       where the retention differs, the secondary keeps its backups as long as the primary does; whatever else waits
#       for its maintenance window is applied, too
#     risk: review
#     undo:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{params.retention_cluster}}
#     - --backup-retention-period={{params.current_retention}}
#     - --apply-immediately
#     - --region={{params.region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-clusters
#     - --db-cluster-identifier={{params.retention_cluster}}
#     - --query=DBClusters[0].BackupRetentionPeriod
#     - --region={{params.region}}
#     cost: backup storage
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{params.instance}}
#     - --db-instance-class={{params.instance_class}}
#     - --apply-immediately
#     - --region={{params.region}}
#     effect: >-
#       where the instances are smaller, one of them gets the class of the writer of the primary; it restarts, and what
#       reads from it is cut off for some minutes. Whatever else waits for its maintenance window is applied, too
#     risk: disruptive
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{params.instance}}
#     - --db-instance-class={{params.current_class}}
#     - --apply-immediately
#     - --region={{params.region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{params.instance}}
#     - --query=DBInstances[0].[DBInstanceStatus,DBInstanceClass]
#     - --region={{params.region}}
#     cost: the difference between the two classes
#   - argv:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{params.capacity_cluster}}
#     - '--serverless-v2-scaling-configuration={"MaxCapacity": {{params.max_capacity}} }'
#     - --apply-immediately
#     - --region={{params.region}}
#     effect: >-
#       where the Serverless v2 bound is lower, the secondary may grow as large as the primary; whatever else waits for
#       its maintenance window is applied, too
#     risk: review
#     undo:
#     - aws
#     - rds
#     - modify-db-cluster
#     - --db-cluster-identifier={{params.capacity_cluster}}
#     - '--serverless-v2-scaling-configuration={"MaxCapacity": {{params.current_max_capacity}} }'
#     - --apply-immediately
#     - --region={{params.region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-clusters
#     - --db-cluster-identifier={{params.capacity_cluster}}
#     - --query=DBClusters[0].ServerlessV2ScalingConfiguration
#     - --region={{params.region}}
#     cost: nothing until the load asks for the capacity
#   - argv:
#     - aws
#     - rds
#     - modify-db-subnet-group
#     - --db-subnet-group-name={{params.narrow_subnet_group}}
#     - --subnet-ids={{choose.subnet_ids}}
#     - --region={{params.region}}
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
#     - --region={{params.region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-subnet-groups
#     - --db-subnet-group-name={{params.narrow_subnet_group}}
#     - --query=DBSubnetGroups[0].Subnets[].[SubnetIdentifier,SubnetAvailabilityZone.Name,SubnetStatus]
#     - --region={{params.region}}
#     cost: none for the group
#   - argv:
#     - aws
#     - rds
#     - create-db-instance
#     - --db-instance-identifier={{params.zone_cluster}}-second-zone
#     - --db-cluster-identifier={{params.zone_cluster}}
#     - --engine={{params.engine}}
#     - --db-instance-class={{params.zone_class}}
#     - --availability-zone={{params.zone}}
#     - --promotion-tier=1
#     - --region={{params.region}}
#     effect: where the secondary is in one zone, it gets an instance in another one
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - delete-db-instance
#     - --db-instance-identifier={{params.zone_cluster}}-second-zone
#     - --region={{params.region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - '--filters=[{"Name": "db-cluster-id", "Values": ["{{params.zone_cluster}}"]}]'
#     - --query=DBInstances[].[DBInstanceIdentifier,DBInstanceStatus,AvailabilityZone]
#     - --region={{params.region}}
#     cost: one more instance
#   since: 0.1.0
package hadr.aurora.global_secondary_drift

import data.hadr.lib.class
import data.hadr.lib.cluster
import data.hadr.lib.rds

_globals := [global |
	some global in input.resources["AWS::RDS::GlobalCluster"]
	not global.attributes.engine in {"docdb", "neptune"}
	count(global.attributes.global_cluster_members) > 1
]

# Every secondary with its primary, where both were collected.
_pairs := [pair |
	some global in _globals
	primary := input.by_arn[_primary(global)]
	some member in global.attributes.global_cluster_members
	member.db_cluster_arn != primary.arn
	secondary := input.by_arn[member.db_cluster_arn]
	pair := {"global": global, "primary": primary, "secondary": secondary}
]

subjects contains global.arn if {
	some global in _globals
}

unknowns contains global.arn if {
	some global in _globals
	not _primary(global)
}

unknowns contains global.arn if {
	some global in _globals
	some member in global.attributes.global_cluster_members
	not input.by_arn[member.db_cluster_arn]
}

unknowns contains pair.global.arn if {
	some pair in _pairs
	some database in [pair.primary, pair.secondary]
	not is_number(database.attributes.backup_retention_period)
}

unknowns contains pair.global.arn if {
	some pair in _pairs
	_runs(pair.secondary)
	not _large_enough(pair)
}

unknowns contains pair.global.arn if {
	some pair in _pairs
	pair.global.criticality == "mission-critical"
	_runs(pair.secondary)
	not cluster.in_two_zones(pair.secondary)
}

violations contains violation if {
	some global in _globals
	some member in global.attributes.global_cluster_members
	is_string(member.synchronization_status)
	member.synchronization_status != "connected"
	place := split(member.db_cluster_arn, ":")
	violation := {
		"resource": global.arn,
		"message": sprintf("%s is out of step with %s in %s", [global.name, place[6], place[3]]),
		"evidence": {
			"cluster": member.db_cluster_arn,
			"synchronization_status": member.synchronization_status,
		},
		"discriminator": _discriminator("synchronization", member.db_cluster_arn),
	}
}

violations contains violation if {
	some global in _globals
	is_string(global.attributes.failover_status)
	violation := {
		"resource": global.arn,
		"message": sprintf("%s has a switchover or failover under way", [global.name]),
		"evidence": {"failover_status": global.attributes.failover_status},
		"discriminator": "failover",
	}
}

violations contains violation if {
	some pair in _pairs
	here := pair.primary.attributes.backup_retention_period
	there := pair.secondary.attributes.backup_retention_period
	is_number(here)
	is_number(there)
	here != there
	text := sprintf("keeps backups in %s for another time than in %s", [pair.secondary.region, pair.primary.region])
	violation := _violation(pair, "retention", text, {"primary_days": here, "secondary_days": there}, {
		"retention_cluster": pair.secondary.name,
		"retention": here,
		"current_retention": there,
	})
}

violations contains violation if {
	some pair in _pairs
	_smaller_class(pair)
	writer := cluster.writer_class(pair.primary)
	classes := _classes(pair.secondary)
	first := pair.secondary.attributes.db_cluster_members[0]
	text := sprintf("has no instance in %s as large as the writer in %s", [pair.secondary.region, pair.primary.region])
	violation := _violation(pair, "class", text, {"primary_class": writer, "secondary_classes": classes}, {
		"instance": input.by_arn[first.arn].name,
		"instance_class": writer,
		"current_class": cluster.class_of(first),
	})
}

violations contains violation if {
	some pair in _pairs
	_smaller_capacity(pair)
	here := _most(pair.primary)
	there := _most(pair.secondary)
	text := sprintf("has less Serverless v2 capacity in %s than in %s", [pair.secondary.region, pair.primary.region])
	violation := _violation(pair, "capacity", text, {"primary_max_acu": here, "secondary_max_acu": there}, {
		"capacity_cluster": pair.secondary.name,
		"max_capacity": here,
		"current_max_capacity": there,
	})
}

violations contains violation if {
	some pair in _pairs
	pair.global.criticality == "mission-critical"
	_runs(pair.secondary)
	cluster.in_one_zone(pair.secondary)
	text := sprintf("has instances in one Availability Zone only in %s", [pair.secondary.region])
	violation := _violation(pair, "zone", text, {"zones": pair.secondary.placement.zones}, object.union(
		rds.narrow_subnet_group(pair.secondary),
		{
			"zone_cluster": pair.secondary.name,
			"engine": pair.secondary.attributes.engine,
			"zone": cluster.free_zone(pair.secondary),
			"zone_class": cluster.writer_class(pair.primary),
		},
	))
}

_violation(pair, cause, text, evidence, params) := {
	"resource": pair.global.arn,
	"message": sprintf("%s %s", [pair.global.name, text]),
	"evidence": object.union(evidence, {
		"primary": pair.primary.arn,
		"primary_parameter_group": pair.primary.attributes.db_cluster_parameter_group,
		"secondary": pair.secondary.arn,
		"secondary_parameter_group": pair.secondary.attributes.db_cluster_parameter_group,
	}),
	"params": object.union(params, {"region": pair.secondary.region}),
	"discriminator": _discriminator(cause, pair.secondary.arn),
}

_discriminator(cause, arn) := sprintf("%s %s", [cause, arn])

# ARN of the one cluster that writes.
_primary(global) := writers[0] if {
	writers := [member.db_cluster_arn |
		some member in global.attributes.global_cluster_members
		member.is_writer == true
	]
	count(writers) == 1
}

_runs(database) if count(database.attributes.db_cluster_members) > 0

_classes(database) := [cluster.class_of(member) | some member in database.attributes.db_cluster_members]

# Every instance of the secondary is smaller than the one that writes.
_smaller_class(pair) if {
	_runs(pair.secondary)
	writer := cluster.writer_class(pair.primary)
	every member in pair.secondary.attributes.db_cluster_members { class.smaller(cluster.class_of(member), writer) }
}

_smaller_capacity(pair) if {
	_runs(pair.secondary)
	cluster.writer_class(pair.primary) == "db.serverless"
	every member in pair.secondary.attributes.db_cluster_members { cluster.class_of(member) == "db.serverless" }
	is_number(_most(pair.primary))
	is_number(_most(pair.secondary))
	_most(pair.secondary) < _most(pair.primary)
}

# Some instance of the secondary can take the place of the one that writes.
_large_enough(pair) if {
	writer := cluster.writer_class(pair.primary)
	some each in _classes(pair.secondary)
	class.comparable(each, writer)
	not class.smaller(each, writer)
}

_large_enough(pair) if {
	cluster.writer_class(pair.primary) == "db.serverless"
	"db.serverless" in _classes(pair.secondary)
	is_number(_most(pair.primary))
	is_number(_most(pair.secondary))
	_most(pair.secondary) >= _most(pair.primary)
}

_most(database) := database.attributes.serverless_v2_scaling_configuration.max_capacity
