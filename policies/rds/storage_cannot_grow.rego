# METADATA
# title: Storage of the DB instance is nearly full and cannot grow
# description: |
#   A database whose storage is full stops, its standby with it, and a replica that fills up stops following. Storage
#   that grows by itself costs nothing until it does.
#
#   Instances are judged that have storage of their own: not members of clusters, whose storage grows, and not RDS
#   Custom or what is on Outposts, whose storage does not grow by itself. One that may not grow is a violation once less
#   than a share of its storage was free at some time in the last day; with more, it is left alone. One that may grow,
#   and has grown to the maximum that it is allowed, is a lesser one: nothing says how much of that is free.
#
#   The verdict is unknown for one that may not grow where the free space was not collected or had no samples.
# scope: package
# related_resources:
# - description: Managing capacity automatically with Amazon RDS storage autoscaling
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: operations
#   scenarios: [instance]
#   resource_types: [AWS::RDS::DBInstance]
#   requires: [rds:DescribeDBInstances]
#   parameters:
#     minimum_percent:
#       default: 15
#       description: Percent of the storage that have to be free, at least.
#   controls:
#     aws-well-architected: [REL01-BP04, REL07-BP01]
#     soc2: [A1.1]
#   practices: [storage-grows]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --max-allocated-storage={{params.maximum}}
#     - --region={{region}}
#     effect: >-
#       the storage grows by itself from now on, up to twice of what it is, when less than a tenth is free; it cannot be
#       made smaller again
#     risk: safe
#     undo:
#     - aws
#     - rds
#     - modify-db-instance
#     - --db-instance-identifier={{name}}
#     - --max-allocated-storage={{params.allocated_storage}}
#     - --region={{region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{name}}
#     - --query=DBInstances[0].[AllocatedStorage,MaxAllocatedStorage]
#     - --region={{region}}
#     cost: none until it grows, then the storage
#   since: 0.1.0
package hadr.rds.storage_cannot_grow

import data.hadr.lib.metric
import data.hadr.lib.rds

_minimum := data.parameters["rds-storage-cannot-grow"].minimum_percent

_gibibyte := 1073741824

# Not those of RDS Custom, or whose storage is on Outposts or in a Local Zone.
_instances := [instance |
	some instance in input.resources["AWS::RDS::DBInstance"]
	instance.attributes.role in {"standalone", "read_replica"}
	instance.attributes.db_cluster_identifier == null
	rds.can_have_standby(instance)
]

_fixed := [{"instance": instance, "percent": _percent(instance)} |
	some instance in _instances
	instance.attributes.max_allocated_storage == null
]

subjects contains instance.arn if {
	some instance in _instances
}

unknowns contains entry.instance.arn if {
	some entry in _fixed
	entry.percent == null
}

violations contains violation if {
	some entry in _fixed
	is_number(entry.percent)
	entry.percent < _minimum
	instance := entry.instance
	violation := {
		"resource": instance.arn,
		"message": sprintf("%s had %d %% of its %d GiB free, and they cannot grow", [
			instance.name,
			floor(entry.percent),
			instance.attributes.allocated_storage,
		]),
		"evidence": {
			"allocated_storage": instance.attributes.allocated_storage,
			"max_allocated_storage": null,
			"free_bytes": metric.value(instance.arn, "FreeStorageSpace"),
			"db_instance_status": instance.attributes.db_instance_status,
		},
		"params": _params(instance),
		"discriminator": "fixed",
	}
}

violations contains violation if {
	some instance in _instances
	is_number(instance.attributes.max_allocated_storage)
	is_number(instance.attributes.allocated_storage)
	instance.attributes.max_allocated_storage <= instance.attributes.allocated_storage
	violation := {
		"resource": instance.arn,
		"message": sprintf("%s has grown to the %d GiB that it may have", [
			instance.name,
			instance.attributes.max_allocated_storage,
		]),
		"evidence": {
			"allocated_storage": instance.attributes.allocated_storage,
			"max_allocated_storage": instance.attributes.max_allocated_storage,
		},
		"params": _params(instance),
		"discriminator": "maximum",
		"at_most": "low",
	}
}

# The least share that was free; `null` where that is not known.
_percent(instance) := (100 * free) / (_gibibyte * instance.attributes.allocated_storage) if {
	free := metric.value(instance.arn, "FreeStorageSpace")
	is_number(free)
	is_number(instance.attributes.allocated_storage)
	instance.attributes.allocated_storage > 0
} else := null

_params(instance) := {
	"maximum": 2 * instance.attributes.allocated_storage,
	"allocated_storage": instance.attributes.allocated_storage,
}
