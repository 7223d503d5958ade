# METADATA
# title: What the workload declares is less than its tier asks for, or says two things
# description: |
#   People build by the tier and answer by the objectives. Where the two differ, one of them is wrong, and which one
#   shows in the outage: the workload recovers later, or loses more, than those who gave it the tier expect.
#
#   Workloads are judged that declare an objective or a strategy, in the configuration or by tag. A violation is an
#   objective that is laxer than that of the tier, or a strategy below that of the tier, if somebody has said the tier;
#   and several values of one objective that are further apart than the tolerance. What is stricter than the tier is
#   fine. A workload for which somebody has decided to promise nothing is left out. Where tags could not be collected,
#   which might say something else, the verdict is unknown.
# scope: package
# related_resources:
# - description: Define recovery objectives for downtime and data loss, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_objective_defined_recovery.html
# - description: Use defined recovery strategies to meet the recovery objectives
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: governance
#   scenarios: []
#   resource_types: [Workload]
#   requires: []
#   parameters:
#     tolerance_percent:
#       default: 10
#       description: Percent by which the largest value of an objective may exceed the smallest.
#   controls:
#     aws-well-architected: [REL13-BP01, REL13-BP02]
#     iso-22301: [8.2.2]
#     dora: [12(6)]
#   practices: [strategy-per-tier, objectives-agreed]
#   remediation:
#   - argv:
#     - aws
#     - resourcegroupstaggingapi
#     - tag-resources
#     - --resource-arn-list={{choose.resource_arn}}
#     - --tags={"{{params.tag}}":"{{choose.tag_value}}"}
#     - --region={{choose.tag_region}}
#     effect: >-
#       the resource that says something else says what is right; the evidence names where each value comes from. If it
#       is the tier that is wrong, change that instead, and what the configuration says is changed there
#     risk: safe
#     undo:
#     - aws
#     - resourcegroupstaggingapi
#     - tag-resources
#     - --resource-arn-list={{choose.resource_arn}}
#     - --tags={"{{params.tag}}":"{{choose.present_value}}"}
#     - --region={{choose.tag_region}}
#     verify:
#     - aws
#     - resourcegroupstaggingapi
#     - get-resources
#     - --resource-arn-list={{choose.resource_arn}}
#     - --query=ResourceTagMappingList[0].Tags
#     - --region={{choose.tag_region}}
#     cost: none
#   since: 0.1.0
package hadr.governance.objectives_contradict_tier

import data.hadr.lib.rds

_tolerance := data.parameters["governance-objectives-contradict-tier"].tolerance_percent

_declaring := [workload |
	some workload in input.workloads
	workload.accepted == false
	_declares(workload)
]

_declares(workload) if workload.rto.implied == false

_declares(workload) if workload.rpo.implied == false

_declares(workload) if workload.strategy_rank != null

subjects contains workload.arn if {
	some workload in _declaring
}

unknowns contains workload.arn if {
	some workload in _declaring
	_may_say_more(workload)
}

violations contains violation if {
	some workload in _declaring
	some objective in ["rto", "rpo"]
	allowed := input.config.tiers[workload.tier.value][objective]
	workload[objective].value > allowed
	_has_tier(workload)
	violation := {
		"resource": workload.arn,
		"message": sprintf("%s %s %s, and its tier %s allows %s", [
			workload.name,
			_verbs[objective],
			rds.words(workload[objective].value),
			workload.tier.value,
			rds.words(allowed),
		]),
		"evidence": {"objective": objective, "declared": workload[objective], "allowed": allowed, "tier": workload.tier},
		"params": {"tag": concat(":", ["hadr", objective])},
		"discriminator": objective,
	}
}

violations contains violation if {
	some workload in _declaring
	asked := input.config.tiers[workload.tier.value].strategy_rank
	is_number(workload.strategy_rank)
	workload.strategy_rank < asked
	_has_tier(workload)
	violation := {
		"resource": workload.arn,
		"message": sprintf("%s follows the strategy %s, and its tier %s asks for %s at least", [
			workload.name,
			_strategies[workload.strategy_rank],
			workload.tier.value,
			_strategies[asked],
		]),
		"evidence": {
			"strategy": _strategies[workload.strategy_rank],
			"asked_for": _strategies[asked],
			"tier": workload.tier,
		},
		"params": {"tag": "hadr:strategy"},
		"discriminator": "strategy",
	}
}

violations contains violation if {
	some workload in _declaring
	some objective in ["rto", "rpo"]
	values := [said.value | some said in workload[objective].differing]
	_are_apart(values)
	violation := {
		"resource": workload.arn,
		"message": sprintf("%s %s both %s and %s", [
			workload.name,
			_verbs[objective],
			rds.words(min(values)),
			rds.words(max(values)),
		]),
		"evidence": {
			"objective": objective,
			"declared": workload[objective].differing,
			"in_effect": workload[objective].value,
			"tolerance_percent": _tolerance,
		},
		"params": {"tag": concat(":", ["hadr", objective])},
		"discriminator": concat(" ", [objective, "differs"]),
	}
}

# One exceeds another by more than the tolerance. Each is held against each, as engines differ in what `max` says.
_are_apart(values) if {
	some smaller in values
	some larger in values
	larger * 100 > smaller * (100 + _tolerance)
}

_verbs := {"rto": "says that it may be away for", "rpo": "says that it may lose the writes of"}

# By rank.
_strategies := ["backup-and-restore", "pilot-light", "warm-standby", "multi-site"]

# Somebody has said the tier of one of its resources.
_has_tier(workload) if not startswith(workload.tier.source, "default")

_has_tier(workload) if {
	some arn in workload.resources
	not startswith(input.by_arn[arn].tier.source, "default")
}

# Tags of one of its resources were asked for and not collected.
_may_say_more(workload) if {
	some arn in workload.resources
	resource := input.by_arn[arn]
	resource.tags == null
	not input.coverage["tag:GetResources"][resource.region] in {"collected", "region_disabled"}
}
