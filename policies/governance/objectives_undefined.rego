# METADATA
# title: Nobody has said how much data the workload may lose or how long it may be away
# description: |
#   Without a recovery time and a recovery point that somebody promised, nobody knows which backups, replicas and drills
#   are enough, and those who restore the workload decide in the outage what the business can bear.
#
#   Every workload is judged. There are three questions to answer: how much of its data may be lost, how long may it be
#   away, and what may its recovery cost at most, from which the first two follow as often as not. What is missing is a
#   value in the configuration, a tag `hadr:rto` or `hadr:rpo` of one of its resources, or a policy of AWS Resilience
#   Hub. A tier implies both, so that the severity is low at most where somebody has said the tier. A workload for which
#   somebody has decided to promise nothing is left out: the tags `hadr:objective` (`none-accepted`), `hadr:accepted-by`
#   and `hadr:accepted-until` say so, until that day. Where nothing says an objective, and tags or what Resilience Hub
#   knows could not be collected, the verdict is unknown.
# scope: package
# related_resources:
# - description: Define recovery objectives for downtime and data loss, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_objective_defined_recovery.html
# custom:
#   severity:
#     mission-critical: low
#     business-critical: low
#     general: medium
#     non-production: none
#   concern: governance
#   scenarios: []
#   resource_types: [Workload]
#   requires: []
#   controls:
#     aws-well-architected: [REL13-BP01]
#     nist-800-53: [CP-2]
#     iso-22301: [8.2.2]
#     dora: [12(6)]
#   practices:
#   - recovery-time-per-tier
#   - recovery-point-per-tier
#   - objectives-agreed
#   - data-loss-agreed
#   - cost-limit-agreed
#   - downtime-agreed
#   remediation:
#   - argv:
#     - aws
#     - resourcegroupstaggingapi
#     - tag-resources
#     - --resource-arn-list={{params.rto_resource_arn}}
#     - --tags={"hadr:rto":"{{choose.rto}}"}
#     - --region={{params.region}}
#     effect: >-
#       the workload promises the longest time that it may be away, such as 1h; the strictest tag of its resources
#       counts. Ask those who pay for the outage first. A workload of the configuration says it there, as rto
#     risk: safe
#     undo:
#     - aws
#     - resourcegroupstaggingapi
#     - untag-resources
#     - --resource-arn-list={{params.rto_resource_arn}}
#     - --tag-keys=hadr:rto
#     - --region={{params.region}}
#     verify:
#     - aws
#     - resourcegroupstaggingapi
#     - get-resources
#     - --resource-arn-list={{params.rto_resource_arn}}
#     - --query=ResourceTagMappingList[0].Tags
#     - --region={{params.region}}
#     cost: none
#   - argv:
#     - aws
#     - resourcegroupstaggingapi
#     - tag-resources
#     - --resource-arn-list={{params.rpo_resource_arn}}
#     - --tags={"hadr:rpo":"{{choose.rpo}}"}
#     - --region={{params.region}}
#     effect: >-
#       the workload promises the longest time of writes that it may lose, such as 15m; the strictest tag of its
#       resources counts. Ask those who pay for the loss first. A workload of the configuration says it there, as rpo
#     risk: safe
#     undo:
#     - aws
#     - resourcegroupstaggingapi
#     - untag-resources
#     - --resource-arn-list={{params.rpo_resource_arn}}
#     - --tag-keys=hadr:rpo
#     - --region={{params.region}}
#     verify:
#     - aws
#     - resourcegroupstaggingapi
#     - get-resources
#     - --resource-arn-list={{params.rpo_resource_arn}}
#     - --query=ResourceTagMappingList[0].Tags
#     - --region={{params.region}}
#     cost: none
#   since: 0.1.0
package hadr.governance.objectives_undefined

_promising := [workload |
	some workload in input.workloads
	workload.accepted == false
]

_silent := [workload |
	some workload in _promising
	is_string(_missing(workload))
]

subjects contains workload.arn if {
	some workload in _promising
}

unknowns contains workload.arn if {
	some workload in _silent
	_may_say_more(workload)
}

violations contains violation if {
	some workload in _silent
	not _may_say_more(workload)
	_has_tier(workload)
	violation := {
		"resource": workload.arn,
		"message": sprintf("%s %s, other than by its tier", [workload.name, _missing(workload)]),
		"evidence": _evidence(workload),
		"params": _params(workload),
		"at_most": "low",
	}
}

violations contains violation if {
	some workload in _silent
	not _may_say_more(workload)
	not _has_tier(workload)
	violation := {
		"resource": workload.arn,
		"message": sprintf("%s %s, and has no tier that would", [workload.name, _missing(workload)]),
		"evidence": _evidence(workload),
		"params": _params(workload),
	}
}

# What a workload does not say, in words. Undefined where it says both.
_missing(workload) := "says neither how long it may be away nor how much data it may lose" if {
	workload.rto.implied == true
	workload.rpo.implied == true
}

_missing(workload) := "does not say how long it may be away" if {
	workload.rto.implied == true
	workload.rpo.implied == false
}

_missing(workload) := "does not say how much data it may lose" if {
	workload.rto.implied == false
	workload.rpo.implied == true
}

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

# Resilience Hub was asked and did not answer. Where a Region does not have it, it knows nothing.
_may_say_more(_) if {
	some operation in [
		"resiliencehub:DescribeApp", "resiliencehub:ListAppVersionResources", "resiliencehub:ListApps",
		"resiliencehub:ListResiliencyPolicies",
	]
	some outcome in input.coverage[operation]
	not outcome in {"collected", "region_disabled", "unsupported"}
}

_evidence(workload) := {
	"tier": workload.tier,
	"rto": workload.rto,
	"rpo": workload.rpo,
	"resources": count(workload.resources),
}

# The first resource that can be tagged, for the commands of what is missing.
_params(workload) := object.union(
	{"region": _region(_taggable(workload))},
	{concat("_", [objective, "resource_arn"]): _taggable(workload) |
		some objective in ["rto", "rpo"]
		workload[objective].implied == true
	},
)

_region(resource_arn) := null if resource_arn == null

_region(resource_arn) := input.by_arn[resource_arn].region if resource_arn != null

_taggable(workload) := arns[0] if {
	arns := _taggable_arns(workload)
	count(arns) > 0
} else := null

# What is in no Region has its tags in one that depends on the partition, and groups have an API of their own for them.
_taggable_arns(workload) := [arn |
	some arn in workload.resources
	input.by_arn[arn].region != "global"
	input.by_arn[arn].tags != null
	input.by_arn[arn].type != "AWS::AutoScaling::AutoScalingGroup"
]
