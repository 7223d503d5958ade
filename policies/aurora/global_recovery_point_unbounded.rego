# METADATA
# title: Nothing bounds what a global PostgreSQL database may lose
# description: |
#   The secondary follows within a second as a rule. When it does not, the primary goes on, and what is lost in a
#   failover grows until somebody looks. Aurora PostgreSQL can be told a bound, `rds.global_db_rpo`: with it, the
#   primary stops commits that no secondary would have in time. That is a choice between losing data and standing still,
#   so that the finding is worth knowing only.
#
#   Global clusters of Aurora PostgreSQL with a secondary are judged whose tier promises a recovery point of at most
#   `rpo_seconds`, by the parameters of the primary. A bound that is longer than what the tier promises is none. An
#   alarm that acts on the lag of a secondary is the other choice, and suffices. Aurora MySQL has no such bound.
#
#   The verdict is unknown where no cluster or several write, where the parameters were not collected, or where the
#   alarms of a secondary were not.
# scope: package
# related_resources:
# - description: Using switchover or failover in Amazon Aurora Global Database
#   ref: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
# custom:
#   severity:
#     mission-critical: info
#     business-critical: none
#     general: none
#     non-production: none
#   concern: replication
#   scenarios: [region]
#   resource_types: [AWS::RDS::GlobalCluster]
#   requires: [rds:DescribeGlobalClusters]
#   parameters:
#     rpo_seconds:
#       default: 900
#       description: Recovery point objectives up to this many seconds need a bound or an alarm.
#   controls:
#     aws-well-architected: [REL13-BP02]
#     iso-22301: [8.3.3]
#     soc2: [A1.2]
#   practices: [global-database]
#   remediation:
#   - argv:
#     - aws
#     - rds
#     - modify-db-cluster-parameter-group
#     - --db-cluster-parameter-group-name={{params.group}}
#     - --parameters=ParameterName=rds.global_db_rpo,ParameterValue={{params.rpo}},ApplyMethod=immediate
#     - --region={{params.region}}
#     effect: >-
#       the primary stops commits while every secondary is further behind than that, and every cluster with the group
#       does; a default group cannot be changed, so give the cluster one of its own first
#     risk: review
#     undo:
#     - aws
#     - rds
#     - reset-db-cluster-parameter-group
#     - --db-cluster-parameter-group-name={{params.group}}
#     - --parameters=ParameterName=rds.global_db_rpo,ApplyMethod=immediate
#     - --region={{params.region}}
#     verify:
#     - aws
#     - rds
#     - describe-db-cluster-parameters
#     - --db-cluster-parameter-group-name={{params.group}}
#     - --source=user
#     - --query=Parameters[].[ParameterName,ParameterValue]
#     - --region={{params.region}}
#     cost: none
#   since: 0.1.0
package hadr.aurora.global_recovery_point_unbounded

import data.hadr.lib.rds

_maximum := data.parameters["aurora-global-recovery-point-unbounded"].rpo_seconds

_parameter := "rds.global_db_rpo"

_lag_metrics := {"AuroraGlobalDBProgressLag", "AuroraGlobalDBRPOLag", "AuroraGlobalDBReplicationLag"}

_globals := [global |
	some global in input.resources["AWS::RDS::GlobalCluster"]
	global.attributes.engine == "aurora-postgresql"
	count(global.attributes.global_cluster_members) > 1
	global.rpo.value <= _maximum
]

_quiet := [global |
	some global in _globals
	not _tells(global)
]

subjects contains global.arn if {
	some global in _globals
}

unknowns contains global.arn if {
	some global in _quiet
	_bound(global) == "unknown"
}

unknowns contains global.arn if {
	some global in _quiet
	_bound(global) != "unknown"
	not _is_bounded(global)
	_may_tell(global)
}

violations contains violation if {
	some global in _quiet
	bound := _bound(global)
	bound != "unknown"
	not _is_bounded(global)
	not _may_tell(global)
	primary := input.by_arn[_writers(global)[0]]
	rpo := global.rpo.value
	violation := {
		"resource": global.arn,
		"message": sprintf("%s %s", [global.name, _fact(bound)]),
		"evidence": {
			"primary": primary.arn,
			"parameter_group": primary.attributes.db_cluster_parameter_group,
			_parameter: bound,
			"rpo_seconds": rpo,
		},
		"params": {
			"group": _own_group(primary.attributes.db_cluster_parameter_group),
			"rpo": _settable(rpo),
			"region": primary.region,
		},
	}
}

_writers(global) := [member.db_cluster_arn |
	some member in global.attributes.global_cluster_members
	member.is_writer == true
]

# Seconds that may be lost; `null` if nothing says so.
_bound(global) := "unknown" if {
	not _parameters(global)
} else := null if {
	not _parameters(global)[_parameter]
} else := to_number(text) if {
	text := _parameters(global)[_parameter]
	trim(text, "0123456789") == ""
	text != ""
} else := null if {
	_parameters(global)[_parameter] == "-1"
} else := "unknown"

# What the owner has set for the one cluster that writes. Undefined where that is not known.
_parameters(global) := parameters if {
	count(_writers(global)) == 1
	groups := [group | some group in input.relations.configured_by[_writers(global)[0]]]
	count(groups) == 1
	parameters := input.by_arn[groups[0]].attributes.parameters
	is_object(parameters)
}

_is_bounded(global) if {
	is_number(_bound(global))
	_bound(global) <= global.rpo.value
}

_secondaries(global) := [member.db_cluster_arn |
	some member in global.attributes.global_cluster_members
	member.is_writer != true
]

_tells(global) if {
	some secondary in _secondaries(global)
	some arn in input.relations.watched_by[secondary]
	alarm := input.by_arn[arn].attributes
	alarm.metric_name in _lag_metrics
	alarm.actions_enabled == true
	count(alarm.alarm_actions) > 0
}

# Alarms are in the Region of the secondary.
_may_tell(global) if {
	some secondary in _secondaries(global)
	input.coverage["cloudwatch:DescribeAlarms"][split(secondary, ":")[3]] != "collected"
}

_may_tell(global) if {
	some secondary in _secondaries(global)
	not input.coverage["cloudwatch:DescribeAlarms"][split(secondary, ":")[3]]
}

_fact(bound) := "may lose any amount, and no alarm tells how much" if bound == null

_fact(bound) := sprintf("may lose %s, more than its objective allows", [rds.words(bound)]) if is_number(bound)

# What every cluster of the version has is nobody's to change.
_own_group(name) := name if {
	is_string(name)
	not startswith(name, "default.")
} else := null

# The least that can be set.
_settable(rpo) := rpo if {
	rpo >= 20
} else := 20
