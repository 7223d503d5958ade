# METADATA
# title: Replica of the table in another Region is not ready
# description: |
#   The table counts on a replica that does not take part in the replication. When the Region fails, the workload finds
#   old data there, or none.
#
#   Tables with replicas in other Regions are judged by what they say of them, unless the role of their data is `cache`
#   or `rebuildable`. A replica that is being made is unknown, for DynamoDB does not say since when. The settings of a
#   replica, which is a table of its own, are judged by the other policies. How far replication lags behind is a metric,
#   and metrics are not collected yet.
# scope: package
# related_resources:
# - description: Global tables, multi-Region replication for DynamoDB
#   ref: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html
# - description: ReplicaDescription
#   ref: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ReplicaDescription.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::DynamoDB::Table]
#   requires: [dynamodb:ListTables, dynamodb:DescribeTable]
#   controls:
#     aws-well-architected: [REL11-BP01, REL13-BP04]
#     nist-800-53: [SC-36(2)]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [tables-in-several-regions, table-replicas-checked]
#   remediation:
#   - argv:
#     - aws
#     - dynamodb
#     - describe-table
#     - --table-name={{name}}
#     - --query=Table.Replicas[].[RegionName,ReplicaStatus,ReplicaStatusDescription,KMSMasterKeyId]
#     - --region={{region}}
#     effect: >-
#       shows why the replica is not ready; nothing is changed; a key that DynamoDB may not use has to be enabled again
#       within 20 hours, or else the replica leaves the global table
#     risk: safe
#     verify:
#     - aws
#     - dynamodb
#     - describe-table
#     - --table-name={{name}}
#     - --query=Table.TableStatus
#     - --region={{params.region}}
#     cost: none
#   since: 0.1.0
package hadr.dynamodb.replica_degraded

import data.hadr.lib.dynamodb
import data.hadr.lib.dynamodb.tables

_tables := [table |
	some table in tables
	count(table.attributes.replicas) > 0
]

_undescribed := [table | some table in tables; dynamodb.is_undescribed(table)]

# Each with its table.
_unready := [{"table": table, "replica": replica} |
	some table in _tables
	some replica in table.attributes.replicas
	not _is_ready(replica)
]

# An update of the table does not interrupt the replication.
_is_ready(replica) if {
	replica.replica_status in {"ACTIVE", "UPDATING"}
	replica.replica_inaccessible_date_time == null
}

subjects contains table.arn if {
	some table in _tables
}

subjects contains table.arn if {
	some table in _undescribed
}

unknowns contains table.arn if {
	some table in _undescribed
}

unknowns contains entry.table.arn if {
	some entry in _unready
	_may_be_ready(entry.replica)
}

violations contains violation if {
	some entry in _unready
	not _may_be_ready(entry.replica)
	replica := entry.replica
	violation := {
		"resource": entry.table.arn,
		"message": sprintf("%s has a replica in %s that %s", [entry.table.name, replica.region, _state(replica)]),
		"evidence": {
			"replica": replica.arn,
			"replica_status": replica.replica_status,
			"replica_inaccessible_date_time": replica.replica_inaccessible_date_time,
		},
		"params": {"region": replica.region},
		"discriminator": replica.region,
	}
}

_may_be_ready(replica) if {
	replica.replica_status in {"CREATING", null}
	replica.replica_inaccessible_date_time == null
}

_state(replica) := sprintf("cannot be reached since %s", [replica.replica_inaccessible_date_time]) if {
	is_string(replica.replica_inaccessible_date_time)
} else := sprintf("is %s", [replica.replica_status])
