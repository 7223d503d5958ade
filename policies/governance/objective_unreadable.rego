# METADATA
# title: Tag says an objective, a tier or a strategy that cannot be read
# description: |
#   Somebody decided what the workload needs and wrote it down, and a spelling makes it count for nothing: the workload
#   is judged, and recovered, by what is implied instead. A tier that cannot be read makes the resource a general one.
#
#   The tags `hadr:rto` and `hadr:rpo` (and `rto`, `RTO`, `rpo`, `RPO`), `hadr:tier` and `hadr:strategy` of all resources
#   are read. The workload is judged, and the account for tags of resources that belong to none. Where tags could not be
#   collected, the verdict is unknown.
# scope: package
# related_resources:
# - description: Define recovery objectives for downtime and data loss, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_objective_defined_recovery.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: governance
#   scenarios: []
#   resource_types: [Workload, AWS::Account]
#   requires: []
#   controls:
#     aws-well-architected: [REL13-BP01]
#     iso-22301: [8.2.2]
#     dora: [12(6)]
#   practices: [objectives-agreed, data-loss-agreed, downtime-agreed]
#   remediation:
#   - argv:
#     - aws
#     - resourcegroupstaggingapi
#     - tag-resources
#     - --resource-arn-list={{params.resource_arn}}
#     - --tags={"{{params.tag}}":"{{choose.tag_value}}"}
#     - --region={{params.region}}
#     effect: the tag says what was meant, in words that can be read, and counts from the next scan on
#     risk: safe
#     undo:
#     - aws
#     - resourcegroupstaggingapi
#     - tag-resources
#     - --resource-arn-list={{params.resource_arn}}
#     - --tags={"{{params.tag}}":"{{params.present_value}}"}
#     - --region={{params.region}}
#     verify:
#     - aws
#     - resourcegroupstaggingapi
#     - get-resources
#     - --resource-arn-list={{params.resource_arn}}
#     - --query=ResourceTagMappingList[0].Tags
#     - --region={{params.region}}
#     cost: none
#   since: 0.1.0
package hadr.governance.objective_unreadable

_workload_arns := {workload.name: workload.arn | some workload in input.workloads}

# The workload of a resource, or the account.
_judged(resource_arn) := object.get(_workload_arns, input.by_arn[resource_arn].workload.value, input.account.arn)

_name(subject) := input.workloads[subject].name if subject != input.account.arn

_name(subject) := input.account.name if subject == input.account.arn

subjects contains workload.arn if {
	some workload in input.workloads
}

# Only where something is wrong: of what belongs to no workload, nobody expects to say anything.
subjects contains input.account.arn if {
	some entry in input.unreadable
	_judged(entry.resource) == input.account.arn
}

unknowns contains workload.arn if {
	some workload in input.workloads
	_may_say_more(workload)
}

violations contains violation if {
	some entry in input.unreadable
	violation := _violation(_judged(entry.resource), entry)
}

_violation(subject, entry) := {
	"resource": subject,
	"message": sprintf("%s has the tag %s of %s, whose value %s is %s", [
		_name(subject),
		entry.tag,
		input.by_arn[entry.resource].name,
		json.marshal(entry.value),
		entry.expected,
	]),
	"evidence": {"resource": entry.resource, "tag": entry.tag, "value": entry.value},
	"params": {
		"resource_arn": entry.resource,
		"tag": entry.tag,
		"present_value": entry.value,
		"region": _region(input.by_arn[entry.resource]),
	},
	"discriminator": concat(" ", [entry.resource, entry.tag]),
}

# Where its tags are changed. What is in no Region has its tags in one that depends on the partition.
_region(resource) := resource.region if resource.region != "global"

_region(resource) := null if resource.region == "global"

# Tags of one of its resources were asked for and not collected.
_may_say_more(workload) if {
	some arn in workload.resources
	resource := input.by_arn[arn]
	resource.tags == null
	not input.coverage["tag:GetResources"][resource.region] in {"collected", "region_disabled"}
}
