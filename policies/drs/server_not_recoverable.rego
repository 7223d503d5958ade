# METADATA
# title: Server could not be recovered from its replica
# description: |
#   Elastic Disaster Recovery keeps a copy of a server's disks that can be started within minutes. Where the copy
#   stopped following, what is started is old; where it was never started, or failed to start, nobody knows whether it
#   does.
#
#   Source servers are judged, in the Region that they are replicated to. Replication that stopped, stalled, was paused
#   or lost its connection is a violation, and one that has not caught up yet, a lesser one. A copy that follows must
#   not be further behind than the recovery point objective of the tier. The last launch, of a drill or a recovery, must
#   not have failed, and there has to have been one; a server that was never launched is the lesser one again. Where the
#   instance that is replicated was stopped, nothing changes on it, so that its replication is not judged.
#
#   The verdict is unknown where the state or the last launch was not returned, while a launch is under way, and for a
#   copy that is catching up where it is not known how far it is behind.
# scope: package
# related_resources:
# - description: Data replication status, in the AWS Elastic Disaster Recovery User Guide
#   ref: https://docs.aws.amazon.com/drs/latest/userguide/data-replication-status.html
# - description: Preparing for failover, in the AWS Elastic Disaster Recovery User Guide
#   ref: https://docs.aws.amazon.com/drs/latest/userguide/failback-preparing.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: high
#     general: medium
#     non-production: none
#   concern: replication
#   scenarios: [zone, region]
#   resource_types: [AWS::DRS::SourceServer]
#   requires: [drs:DescribeSourceServers]
#   controls:
#     aws-well-architected: [REL13-BP02, REL13-BP03]
#     nist-800-53: [CP-4, CP-10]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2, A1.3]
#   practices: [replica-healthy, strategy-pilot-light]
#   remediation:
#   - argv:
#     - aws
#     - drs
#     - start-replication
#     - --source-server-id={{params.stopped_server}}
#     - --region={{region}}
#     effect: >-
#       replication begins again where it was stopped or paused; all data is read once more, which loads the server and
#       the network
#     risk: review
#     undo:
#     - aws
#     - drs
#     - stop-replication
#     - --source-server-id={{params.stopped_server}}
#     - --region={{region}}
#     verify:
#     - aws
#     - drs
#     - describe-source-servers
#     - --filters=sourceServerIDs={{params.stopped_server}}
#     - --query=items[].dataReplicationInfo
#     - --region={{region}}
#     cost: replication servers, volumes and snapshots, and the transfer
#   - argv:
#     - aws
#     - drs
#     - describe-source-servers
#     - --filters=sourceServerIDs={{params.late_server}}
#     - --query=items[].dataReplicationInfo
#     - --region={{region}}
#     effect: tells why the copy does not follow, such as an agent without connection; nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - drs
#     - describe-source-servers
#     - --filters=sourceServerIDs={{params.late_server}}
#     - --query=items[].dataReplicationInfo.dataReplicationState
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - drs
#     - start-recovery
#     - --is-drill
#     - --source-servers=sourceServerID={{params.untried_server}}
#     - --region={{region}}
#     effect: >-
#       starts a copy of the server beside the one that works; see that it cannot reach what is in production, look
#       whether it works, and terminate it
#     risk: review
#     undo:
#     - aws
#     - drs
#     - terminate-recovery-instances
#     - --recovery-instance-ids={{choose.recovery_instance_id}}
#     - --region={{region}}
#     verify:
#     - aws
#     - drs
#     - describe-source-servers
#     - --filters=sourceServerIDs={{params.untried_server}}
#     - --query=items[].lastLaunchResult
#     - --region={{region}}
#     cost: the instance and its volumes until they are terminated
#   since: 0.1.0
package hadr.drs.server_not_recoverable

import data.hadr.lib.duration
import data.hadr.lib.rds

# In words.
_broken := {
	"DISCONNECTED": "has lost its connection",
	"PAUSED": "is paused",
	"STALLED": "has stalled",
	"STOPPED": "is stopped",
}

_beginning := {"INITIAL_SYNC", "INITIATING"}

_following := {"BACKLOG", "CONTINUOUS", "CREATING_SNAPSHOT", "RESCAN"}

_servers := input.resources["AWS::DRS::SourceServer"]

# Servers whose replication is judged.
_running := [server |
	some server in _servers
	not _is_off(server)
]

_is_off(server) if input.by_arn[server.attributes.source_instance].attributes.state == "stopped"

subjects contains server.arn if {
	some server in _servers
}

unknowns contains server.arn if {
	some server in _running
	_is_state_unknown(server.attributes.data_replication_state)
}

_is_state_unknown(state) if state == null

_is_state_unknown(state) if {
	is_string(state)
	not _broken[state]
	not state in _beginning
	not state in _following
}

unknowns contains server.arn if {
	some server in _running
	server.attributes.data_replication_state in _following
	server.attributes.data_replication_state != "CONTINUOUS"
	not is_number(duration.seconds(server.attributes.lag_duration))
}

unknowns contains server.arn if {
	some server in _servers
	not server.attributes.last_launch_result in {"FAILED", "NOT_STARTED", "SUCCEEDED"}
}

violations contains violation if {
	some server in _running
	words := _broken[server.attributes.data_replication_state]
	violation := {
		"resource": server.arn,
		"message": sprintf("%s is not replicated: replication %s", [server.name, words]),
		"evidence": _evidence(server),
		"params": _remedy(server),
		"discriminator": "replication",
	}
}

violations contains violation if {
	some server in _running
	server.attributes.data_replication_state in _beginning
	violation := {
		"resource": server.arn,
		"message": sprintf("%s has no complete copy yet", [server.name]),
		"evidence": _evidence(server),
		"params": {"late_server": _id(server)},
		"discriminator": "replication",
		"at_most": "medium",
	}
}

violations contains violation if {
	some server in _running
	server.attributes.data_replication_state in _following
	lag := duration.seconds(server.attributes.lag_duration)
	is_number(lag)
	rpo := server.rpo.value
	lag > rpo
	violation := {
		"resource": server.arn,
		"message": sprintf("%s is further ahead of its copy than the %s that its objective allows", [
			server.name,
			rds.words(rpo),
		]),
		"evidence": object.union(_evidence(server), {"rpo_seconds": rpo}),
		"params": {"late_server": _id(server)},
		"discriminator": "late",
	}
}

violations contains violation if {
	some server in _servers
	server.attributes.last_launch_result == "FAILED"
	violation := {
		"resource": server.arn,
		"message": sprintf("%s did not start when it was launched last", [server.name]),
		"evidence": _evidence(server),
		"params": {"untried_server": _id(server)},
		"discriminator": "launch",
	}
}

violations contains violation if {
	some server in _servers
	server.attributes.last_launch_result == "NOT_STARTED"
	violation := {
		"resource": server.arn,
		"message": sprintf("%s was never launched from its copy", [server.name]),
		"evidence": _evidence(server),
		"params": {"untried_server": _id(server)},
		"discriminator": "launch",
		"at_most": "medium",
	}
}

_evidence(server) := {
	"data_replication_state": server.attributes.data_replication_state,
	"lag_duration": server.attributes.lag_duration,
	"last_launch_result": server.attributes.last_launch_result,
	"source_instance": server.attributes.source_instance,
}

# The last part of the ARN.
_id(server) := split(server.arn, "/")[1]

# What was stopped by somebody can be started again; anything else has to be looked into.
_remedy(server) := {"stopped_server": _id(server)} if {
	server.attributes.data_replication_state in {"PAUSED", "STOPPED"}
} else := {"late_server": _id(server)}
