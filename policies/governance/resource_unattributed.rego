# METADATA
# title: Resources that hold data belong to no workload
# description: |
#   Nobody knows what was promised for the data, who restores it, and in which order: in an outage it comes back last,
#   if somebody remembers it. Until somebody says so, it is judged as that of a general workload in production.
#
#   The account is judged, once for each service. Counted are databases that follow no other, tables, volumes in use,
#   and buckets and file systems that are no copies, in production and with authoritative data: logs, backups, caches
#   and what can be made again need no owner, nor does what has a tag `hadr:ignore`. A resource belongs to a workload by
#   the configuration or by one of the tags that name one; a volume also belongs to that of its instance. Where tags
#   could not be collected, the verdict is unknown.
# scope: package
# related_resources:
# - description: Tagging AWS resources and Tag Editor
#   ref: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: medium
#     general: medium
#     non-production: none
#   concern: governance
#   scenarios: []
#   resource_types: [AWS::Account]
#   requires:
#   - dynamodb:ListTables
#   - ec2:DescribeVolumes
#   - elasticfilesystem:DescribeFileSystems
#   - rds:DescribeDBClusters
#   - rds:DescribeDBInstances
#   - s3:ListBuckets
#   parameters:
#     named:
#       default: 50
#       description: Resources of a service that the evidence names, at most; the rest is only counted.
#   controls:
#     aws-well-architected: [REL13-BP01]
#     nist-800-53: [CM-8]
#     dora: [8(4)]
#   practices: [resources-have-an-owner]
#   remediation:
#   - argv:
#     - aws
#     - resourcegroupstaggingapi
#     - tag-resources
#     - --resource-arn-list={{params.resource_arn}}
#     - --tags={"hadr:workload":"{{choose.workload}}"}
#     - --region={{params.region}}
#     effect: >-
#       the first of the resources belongs to that workload; up to 20 of a Region go into one list. Where names say what
#       belongs together, a pattern below [[workloads]] in the configuration does it without tags
#     risk: safe
#     undo:
#     - aws
#     - resourcegroupstaggingapi
#     - untag-resources
#     - --resource-arn-list={{params.resource_arn}}
#     - --tag-keys=hadr:workload
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
package hadr.governance.resource_unattributed

import data.hadr.lib.backup.holders
import data.hadr.lib.backup.holders_by_service

_named := data.parameters["governance-resource-unattributed"].named

subjects contains input.account.arn if _keeps_data

_keeps_data if {
	some resource in holders
	resource.criticality != "non-production"
}

# Tags were not collected.
unknowns contains input.account.arn if {
	some resource in holders
	resource.tags == null
	resource.workload.value == null
	resource.criticality != "non-production"
}

violations contains violation if {
	some service, resources in holders_by_service
	arns := sort([resource.arn |
		some resource in resources
		resource.workload.value == null
		resource.criticality != "non-production"
		resource.tags != null
		not is_string(resource.tags["hadr:ignore"])
	])
	count(arns) > 0
	violation := {
		"resource": input.account.arn,
		"message": sprintf("%s keeps data in %s of %s without a workload", [
			input.account.name,
			_words(count(arns)),
			service,
		]),
		"evidence": {"service": service, "count": count(arns), "resources": array.slice(arns, 0, _named)},
		"params": {"resource_arn": arns[0], "region": input.by_arn[arns[0]].region},
		"discriminator": service,
	}
}

_words(number) := "1 resource" if number == 1

_words(number) := sprintf("%d resources", [number]) if number > 1
