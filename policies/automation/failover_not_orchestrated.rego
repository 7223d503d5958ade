# METADATA
# title: Moving the workload to another Region is left to people's memory
# description: |
#   A failover has many steps in one order: stop what writes, promote the databases, start the servers, move the names.
#   People who do it by hand, rarely and under pressure, forget some, and the recovery time is what they need to read.
#
#   Workloads are judged that say that they follow the strategy pilot light or warm standby, and mission-critical ones
#   that say nothing and have databases, groups or load balancers in two Regions. One of these suffices: a plan for a
#   switch of the Region, a routing control, or a function, document or state machine with the tag `hadr:automation` and
#   the value `failover`. Workloads that are active in several Regions are not judged, by their strategy or because
#   Route 53 answers with several places at once. One without databases to promote whose names fail over by themselves
#   needs no more. Scripts on somebody's computer and tools of other vendors are not seen.
#
#   The verdict is unknown where plans, routing controls or programs were not listed, or name no workload.
# scope: package
# related_resources:
# - description: Automate recovery, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_auto_recovery.html
# - description: Region switch in Amazon Application Recovery Controller (ARC)
#   ref: https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: info
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [Workload]
#   requires: []
#   controls:
#     aws-well-architected: [REL13-BP05]
#     nist-800-53: [CP-10]
#     iso-22301: [8.4.4]
#     dora: [11(5)]
#     soc2: [A1.2]
#   practices: [failover-orchestrated]
#   remediation:
#   - argv:
#     - aws
#     - arc-region-switch
#     - create-plan
#     - --name={{name}}
#     - --regions=["{{choose.primary_region}}","{{choose.other_region}}"]
#     - --primary-region={{choose.primary_region}}
#     - --recovery-approach=activePassive
#     - --recovery-time-objective-minutes={{params.rto_minutes}}
#     - --execution-role={{choose.execution_role_arn}}
#     - --workflows={{choose.workflows}}
#     - --region={{choose.other_region}}
#     effect: >-
#       either a plan with the steps of the failover, which ARC checks from time to time and runs when somebody says so
#     risk: review
#     undo:
#     - aws
#     - arc-region-switch
#     - delete-plan
#     - --arn={{choose.plan_arn}}
#     - --region={{choose.other_region}}
#     verify:
#     - aws
#     - arc-region-switch
#     - list-plans
#     - --region={{choose.other_region}}
#     cost: a charge for each plan and month
#   - argv:
#     - aws
#     - resourcegroupstaggingapi
#     - tag-resources
#     - --resource-arn-list={{choose.program_arn}}
#     - --tags={"hadr:automation":"failover","hadr:workload":"{{name}}"}
#     - --region={{choose.other_region}}
#     effect: >-
#       or instead, where a function, document or state machine is there already that fails the workload over, what says
#       so
#     risk: safe
#     undo:
#     - aws
#     - resourcegroupstaggingapi
#     - untag-resources
#     - --resource-arn-list={{choose.program_arn}}
#     - --tag-keys=["hadr:automation","hadr:workload"]
#     - --region={{choose.other_region}}
#     verify:
#     - aws
#     - resourcegroupstaggingapi
#     - get-resources
#     - --tag-filters=Key=hadr:automation,Values=failover
#     - --region={{choose.other_region}}
#     cost: none
#   since: 0.1.0
package hadr.automation.failover_not_orchestrated

import data.hadr.lib.automation
import data.hadr.lib.automation.unlisted
import data.hadr.lib.route53
import data.hadr.lib.route53.active_records
import data.hadr.lib.route53.primaries

# Pilot light and warm standby: what is there takes over only after something was done.
_passive := {1, 2}

_workloads := [workload |
	some workload in input.workloads
	_is_passive(workload)
]

_is_passive(workload) if workload.strategy_rank in _passive

_is_passive(workload) if {
	workload.strategy_rank == null
	workload.criticality == "mission-critical"
	count(_regions(workload)) > 1
	not workload.name in _active
}

# Regions that the workload could run in.
_regions(workload) := {resource.region |
	some arn in workload.resources
	resource := input.by_arn[arn]
	resource.type in _moved
}

_moved := {
	"AWS::AutoScaling::AutoScalingGroup", "AWS::DocDB::DBCluster", "AWS::ElasticLoadBalancing::LoadBalancer",
	"AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster",
	"AWS::RDS::DBInstance",
}

# Workloads of which several records of a name are answered at once.
_active := {record.workload.value |
	arns := {other.arn | some other in active_records}
	some record in active_records
	is_string(record.workload.value)
	some other in input.relations.alternative_to[record.arn]
	other in arns
}

_unattended := [workload |
	some workload in _workloads
	count(automation.of(workload)) == 0
	not automation.is_switched(workload)
	not _moves_by_itself(workload)
]

# There is nothing to promote, and its name fails over.
_moves_by_itself(workload) if {
	workload.name in _failing_over
	count(_databases(workload)) == 0
}

_databases(workload) := [arn |
	some arn in workload.resources
	input.by_arn[arn].type in {
		"AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance",
	}
]

_failing_over := {record.workload.value |
	some record in primaries
	is_string(record.workload.value)
	not route53.has_no_signal(record)
}

subjects contains workload.arn if {
	some workload in _workloads
}

unknowns contains workload.arn if {
	some workload in _unattended
	_may_be_attended(workload)
}

violations contains violation if {
	some workload in _unattended
	not _may_be_attended(workload)
	violation := {
		"resource": workload.arn,
		"message": sprintf("%s has nothing that carries out a failover to another Region", [workload.name]),
		"evidence": {
			"strategy_rank": workload.strategy_rank,
			"regions": [region | some region in _regions(workload)],
			"rto_seconds": workload.rto.value,
		},
		"params": {"rto_minutes": ceil(workload.rto.value / 60)},
	}
}

_may_be_attended(_) if count(unlisted) > 0

_may_be_attended(_) if automation.may_be_shared

_may_be_attended(workload) if automation.may_be_switched(workload)
