# METADATA
# title: Replica in another Region does not follow its source
# description: |
#   A replica that stopped, or is further behind than may be lost, is promoted with old data when the Region fails. It
#   looks like any other until then, and the longer it stands still, the sooner it has to be made anew.
#
#   Read replicas are judged whose source is in another Region, and secondary clusters of Aurora global clusters. A
#   replica that RDS says has failed or stopped is a violation, and so is one whose lag was never a number all day.
#   Otherwise the greatest lag of the last day is held against the recovery point objective, the shorter one of the
#   replica's tier and its source's: at that time so much would have been lost. A replica that is younger than the day
#   was catching up, so that its lag says nothing. Replicas in the Region of their source serve readers and are not
#   judged; neither are replica clusters by binary log, whose lag is not collected. One that is delayed on purpose looks
#   like one that is behind: accept that with a waiver.
#
#   The verdict is unknown where the lag was not collected or had no samples, and for members of a global cluster of
#   which it is not known who writes.
# scope: package
# related_resources:
# - description: Monitoring read replication, in the Amazon RDS User Guide
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.Monitoring.html
# - description: Monitoring an Amazon Aurora global database
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-monitoring.html
# custom:
#   severity:
#     mission-critical: critical
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::RDS::DBInstance, AWS::RDS::DBCluster]
#   requires: [rds:DescribeDBClusters, rds:DescribeDBInstances]
#   controls:
#     aws-well-architected: [REL11-BP01, REL13-BP02]
#     nist-800-53: [CP-9(6), SC-36]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [replica-healthy, global-secondary-ready]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - describe-events
#     - --source-identifier={{name}}
#     - --source-type={{params.source_type}}
#     - --duration=1440
#     - --region={{region}}
#     effect: tells what happened to the replica in the last day, and why it stopped if it did; nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - cloudwatch
#     - list-metrics
#     - --namespace=AWS/RDS
#     - --metric-name={{params.metric}}
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - rds
#     - reboot-db-instance
#     - --db-instance-identifier={{params.stopped}}
#     - --region={{region}}
#     effect: >-
#       the replica restarts, cutting off what reads from it, and tries to follow again; where it stopped on an error in
#       the data, it stops again, and has to be made anew
#     risk: disruptive
#     verify:
#     - aws
#     - rds
#     - describe-db-instances
#     - --db-instance-identifier={{params.stopped}}
#     - --query=DBInstances[0].StatusInfos
#     - --region={{region}}
#     cost: none
#   since: 0.1.0
package hadr.rds.replica_behind

import data.hadr.lib.cluster
import data.hadr.lib.metric
import data.hadr.lib.rds

# The metrics are of the last day.
_window := 86400

_instances := [instance |
	some instance in input.resources["AWS::RDS::DBInstance"]
	instance.attributes.role == "read_replica"
	_source_region(instance) != instance.region
]

_source_region(instance) := split(_source_arn(instance), ":")[3] if is_string(_source_arn(instance))

_source_arn(instance) := instance.attributes.read_replica_source_db_instance_arn if {
	is_string(instance.attributes.read_replica_source_db_instance_arn)
} else := instance.attributes.read_replica_source_db_cluster_arn

_secondaries := [database |
	some database in input.resources["AWS::RDS::DBCluster"]
	database.attributes.family == "aurora"
	cluster.is_secondary(database)
]

# Members of a global cluster of which it is not known what they are to it.
_unclear := [database |
	some database in input.resources["AWS::RDS::DBCluster"]
	database.attributes.family == "aurora"
	database.attributes.global_cluster_identifier != null
	cluster.global_role(database) == "unknown"
]

subjects contains instance.arn if {
	some instance in _instances
}

subjects contains database.arn if {
	some database in _secondaries
}

subjects contains database.arn if {
	some database in _unclear
}

unknowns contains database.arn if {
	some database in _unclear
}

_stopped := [entry |
	some instance in _instances
	state := _broken(instance)
	is_string(state)
	entry := {"instance": instance, "state": state}
]

# Those that may only be late, with how late they were.
_followers := array.concat(_following_instances, _following_clusters)

_following_instances := [follower |
	some instance in _instances
	not _broken(instance)
	follower := {
		"replica": instance,
		"lag": _lag(instance.arn, "ReplicaLag", 1),
		"source": _source_arn(instance),
		"metric": "ReplicaLag",
		"type": "db-instance",
	}
]

_following_clusters := [follower |
	some database in _secondaries
	follower := {
		"replica": database,
		"lag": _lag(database.arn, "AuroraGlobalDBReplicationLag", 1000),
		"source": cluster.primary_of(database),
		"metric": "AuroraGlobalDBReplicationLag",
		"type": "db-cluster",
	}
]

# Seconds; `null` where nothing says.
_lag(arn, name, parts) := metric.value(arn, name) / parts if {
	is_number(metric.value(arn, name))
} else := null

unknowns contains entry.replica.arn if {
	some entry in _followers
	entry.lag == null
}

unknowns contains entry.replica.arn if {
	some entry in _late
	_is_new(entry.replica)
}

_late := [entry |
	some entry in _followers
	is_number(entry.lag)
	entry.lag > _rpo(entry)
]

violations contains violation if {
	some entry in _stopped
	violation := {
		"resource": entry.instance.arn,
		"message": sprintf("%s does not follow its source: %s", [entry.instance.name, entry.state]),
		"evidence": {
			"source": _source_arn(entry.instance),
			"status_infos": entry.instance.attributes.status_infos,
			"lag_seconds": _lag(entry.instance.arn, "ReplicaLag", 1),
		},
		"params": {
			"source_type": "db-instance",
			"metric": "ReplicaLag",
			"stopped": entry.instance.name,
		},
		"discriminator": "stopped",
	}
}

violations contains violation if {
	some entry in _late
	not _is_new(entry.replica)
	rpo := _rpo(entry)
	violation := {
		"resource": entry.replica.arn,
		"message": sprintf("%s was up to %s behind its source in the last day, and may be %s", [
			entry.replica.name,
			_words(entry.lag),
			_words(rpo),
		]),
		"evidence": {"source": entry.source, "lag_seconds": entry.lag, "rpo_seconds": rpo},
		"params": {"source_type": entry.type, "metric": entry.metric},
		"discriminator": "late",
	}
}

# What is wrong with the replication, in words. Undefined where it works, or where nothing says.
_broken(instance) := states[0] if {
	states := [_state(info) |
		some info in instance.attributes.status_infos
		info.status_type == "read replication"
		_is_broken(info)
	]
	count(states) > 0
} else := "no lag could be measured" if {
	metric.value(instance.arn, "ReplicaLag") == -1
}

_is_broken(info) if info.normal == false

_is_broken(info) if info.status in {"error", "replication stop point reached", "stopped", "terminated"}

_state(info) := info.status if is_string(info.status)

_state(info) := "not normal" if info.status == null

# It was made within the time that the metric is of.
_is_new(replica) if replica.age < _window

# Minutes are too coarse where the two are close.
_words(seconds) := sprintf("%d seconds", [floor(seconds)]) if seconds < 7200

_words(seconds) := rds.words(seconds) if seconds >= 7200

# The shorter one of the two promises.
_rpo(entry) := rds.least([resource.rpo.value |
	some arn in [entry.replica.arn, entry.source]
	resource := input.by_arn[arn]
])
