# METADATA
# title: DB subnet group spans too few Availability Zones
# description: |
#   RDS puts standbys and readers only into zones of the subnet group. When the one zone that it offers fails, or the
#   only other one has no capacity, there is nowhere to fail over to.
#
#   Groups are judged that a database uses; a group that nothing uses harms nobody. Two zones are needed, and three for
#   a Multi-AZ DB cluster and for mission-critical Aurora, unless the Region has only two. Databases on Outposts need
#   none. A subnet that is not active does not count; where zone or status of one is not known, and where databases of
#   the Region could not be listed, the verdict is unknown. The severity is that of the group, by its own tags.
# scope: package
# related_resources:
# - description: Working with DB subnet groups
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: redundancy
#   scenarios: [zone]
#   resource_types: [AWS::RDS::DBSubnetGroup]
#   requires: [rds:DescribeDBSubnetGroups]
#   parameters:
#     two_zone_regions:
#       default: [us-west-1]
#       description: Regions in which the account sees only two Availability Zones, so that three cannot be asked for.
#   controls:
#     aws-well-architected: [REL02-BP03, REL10-BP01]
#     nist-800-53: [SC-36]
#     iso-22301: [8.3.4]
#     dora: [11(5)]
#     soc2: [A1.2]
#   practices: [databases-in-several-zones]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-subnet-group
#     - --db-subnet-group-name={{name}}
#     - --subnet-ids={{choose.subnet_ids}}
#     - --region={{region}}
#     effect: >-
#       RDS may use the new subnets from now on. The list, as JSON, takes the place of the present one, so that it has
#       to name the present subnets too
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - modify-db-subnet-group
#     - --db-subnet-group-name={{name}}
#     - --subnet-ids={{params.subnet_ids}}
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-subnet-groups
#     - --db-subnet-group-name={{name}}
#     - --query=DBSubnetGroups[0].Subnets[].[SubnetIdentifier,SubnetAvailabilityZone.Name,SubnetStatus]
#     - --region={{region}}
#     cost: none for the group; a standby or reader in the new zone is billed
#   since: 0.1.0
package hadr.rds.subnet_group_too_few_zones

_used := _used_by_instances | _used_by_clusters

_used_by_instances := {group |
	some kind in ["AWS::RDS::DBInstance", "AWS::DocDB::DBInstance", "AWS::Neptune::DBInstance"]
	some instance in input.resources[kind]
	instance.attributes.backup_target != "outposts"
	some group in input.relations.placed_in[instance.arn]
}

_used_by_clusters := {group |
	some kind in ["AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"]
	some cluster in input.resources[kind]
	some group in input.relations.placed_in[cluster.arn]
}

_used_by_three := {group |
	some cluster in input.resources["AWS::RDS::DBCluster"]
	_spans_three(cluster)
	some group in input.relations.placed_in[cluster.arn]
}

_spans_three(cluster) if cluster.attributes.family == "multi_az"

_spans_three(cluster) if {
	cluster.attributes.family == "aurora"
	cluster.criticality == "mission-critical"
}

# Regions in which every database was listed, so that a group without one is not used.
_listed := {region.name |
	some region in input.regions
	input.coverage["rds:DescribeDBInstances"][region.name] == "collected"
	input.coverage["rds:DescribeDBClusters"][region.name] == "collected"
}

_groups := input.resources["AWS::RDS::DBSubnetGroup"]

subjects contains group.arn if {
	some group in _groups
	group.arn in _used
}

subjects contains group.arn if {
	some group in _groups
	not group.region in _listed
}

unknowns contains group.arn if {
	some group in _groups
	group.arn in _used
	_count(group) < _needed(group)
	_unclear(group)
}

# Nobody knows whether more zones are asked of it.
unknowns contains group.arn if {
	some group in _groups
	not group.region in _listed
	_count(group) < _most(group)
}

violations contains violation if {
	some group in _groups
	group.arn in _used
	_count(group) < _needed(group)
	not _unclear(group)
	violation := {
		"resource": group.arn,
		"message": sprintf(
			"%s spans %d of the %d Availability Zones that a database in it needs",
			[group.name, _count(group), _needed(group)],
		),
		"evidence": {"zones": group.placement.zones, "needed": _needed(group)},
		"params": {"subnet_ids": [subnet.subnet_identifier | some subnet in group.attributes.subnets]},
	}
}

_count(group) := count(group.placement.zones)

_needed(group) := _most(group) if group.arn in _used_by_three

_needed(group) := 2 if not group.arn in _used_by_three

# No more can be asked in its Region.
_most(group) := 2 if group.region in data.parameters["rds-subnet-group-too-few-zones"].two_zone_regions

_most(group) := 3 if not group.region in data.parameters["rds-subnet-group-too-few-zones"].two_zone_regions

_unclear(group) if {
	some subnet in group.attributes.subnets
	subnet.subnet_status == null
}

_unclear(group) if {
	some subnet in group.attributes.subnets
	subnet.subnet_status == "Active"
	subnet.zone == null
}
