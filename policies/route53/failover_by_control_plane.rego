# METADATA
# title: Workload has automation for its failover, and no name that fails over by itself
# description: |
#   Where health checks and routing controls do not move a name, something has to change its records. Changes go through
#   the control plane of Route 53, which is in one Region and may be down together with what it should lead away from;
#   answers and health checks go on in all Regions.
#
#   Workloads are judged that have names and a function, document or state machine with the tag `hadr:automation` and
#   the value `failover`. One record suffices among which Route 53 chooses by health, of the workload or where one of
#   its names leads to, and so does a plan for a switch of the Region, a routing control, or a name in front of AWS
#   Global Accelerator or CloudFront. Whether the automation really changes records is not read; without it and without
#   such a record, people would have to. It is low at most where all zones are enrolled in accelerated recovery, with
#   which changes can be made again within an hour. Clients that are told the other Region in another way look the same:
#   accept that with a waiver.
#
#   The verdict is unknown where record sets, plans, routing controls or programs were not listed, or where plans and
#   routing controls name no workload.
# scope: package
# related_resources:
# - description: Rely on the data plane and not the control plane during recovery, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_avoid_control_plane.html
# - description: Routing control in Amazon Application Recovery Controller (ARC)
#   ref: https://docs.aws.amazon.com/r53recovery/latest/dg/routing-control.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [region, control-plane]
#   resource_types: [Workload]
#   requires: [route53:ListHostedZones]
#   controls:
#     aws-well-architected: [REL11-BP04]
#     iso-22301: [8.3.4]
#     dora: [11(5)]
#     soc2: [A1.2]
#   practices: [failover-without-control-plane]
#   remediation:
#   - argv:
#     - aws
#     - route53
#     - create-health-check
#     - --caller-reference={{name}}-primary
#     - >-
#       --health-check-config={"Type":"HTTPS","FullyQualifiedDomainName":"{{choose.primary_endpoint}}","Port":443,
#       "ResourcePath":"{{choose.path}}","RequestInterval":10,"FailureThreshold":3,"EnableSNI":true}
#     effect: >-
#       either a check of the primary: name it in a PRIMARY record, beside a SECONDARY one for the other Region, and
#       Route 53 moves the name without any change
#     risk: safe
#     undo:
#     - aws
#     - route53
#     - delete-health-check
#     - --health-check-id={{choose.health_check_id}}
#     verify:
#     - aws
#     - route53
#     - get-health-check-status
#     - --health-check-id={{choose.health_check_id}}
#     cost: a charge for each health check and month
#   - argv:
#     - aws
#     - route53-recovery-control-config
#     - create-cluster
#     - --cluster-name={{name}}
#     - --region=us-west-2
#     effect: >-
#       or instead, for failovers that people decide about, a cluster for routing controls, which the automation
#       switches instead of changing records; health checks follow them
#     risk: review
#     undo:
#     - aws
#     - route53-recovery-control-config
#     - delete-cluster
#     - --cluster-arn={{choose.cluster_arn}}
#     - --region=us-west-2
#     verify:
#     - aws
#     - route53-recovery-control-config
#     - list-clusters
#     - --region=us-west-2
#     cost: a considerable charge for each hour of the cluster
#   since: 0.1.0
package hadr.route53.failover_by_control_plane

import data.hadr.lib.automation
import data.hadr.lib.automation.unlisted
import data.hadr.lib.route53
import data.hadr.lib.route53.partial_zones

_records := [record |
	some record in input.resources["AWS::Route53::RecordSet"]
	is_string(record.workload.value)
	record.attributes.record_type in {"A", "AAAA", "CNAME"}
]

_named := {record.workload.value | some record in _records}

_entries := [{"workload": workload, "programs": automation.of(workload)} |
	named := _named
	some workload in input.workloads
	workload.name in named
]

_automated := [entry |
	some entry in _entries
	count(entry.programs) > 0
]

# Workloads whose programs may be where nobody looked.
_unseen := [entry |
	count(unlisted) > 0
	some entry in _entries
	count(entry.programs) == 0
]

subjects contains entry.workload.arn if {
	some entry in _automated
}

subjects contains entry.workload.arn if {
	some entry in _unseen
}

unknowns contains entry.workload.arn if {
	some entry in _unseen
}

# Workloads of which something moves a name by health.
_driven := {record.workload.value |
	some record in _records
	some arn in _ends(record)
	_is_driven(input.by_arn[arn])
}

# The record and what it leads to.
_ends(record) := array.concat([record.arn], [arn | some arn in input.relations.routes_to[record.arn]])

_is_driven(record) if {
	record.type == "AWS::Route53::RecordSet"
	record.attributes.routing_policy != "simple"
	not route53.has_no_signal(record)
}

# Workloads of which a name leads to what sends queries on to Regions by itself.
_fronted := {record.workload.value |
	some record in _records
	some name in route53.targets(record)
	some suffix in [".awsglobalaccelerator.com", ".cloudfront.net"]
	endswith(name, suffix)
}

_moving := _driven | _fronted

_fixed := [entry |
	some entry in _automated
	not entry.workload.name in _moving
	not automation.is_switched(entry.workload)
]

unknowns contains entry.workload.arn if {
	some entry in _fixed
	_may_move(entry.workload)
}

violations contains violation if {
	some entry in _fixed
	not _may_move(entry.workload)
	records := [record.arn | some record in _records; record.workload.value == entry.workload.name]
	violation := object.union(_limit(entry.workload), {
		"resource": entry.workload.arn,
		"message": sprintf("%s is failed over by %s, and none of its names fails over by itself", [
			entry.workload.name,
			_words(entry.programs),
		]),
		"evidence": {
			"programs": [program.arn | some program in entry.programs],
			"records": array.slice(records, 0, 10),
			"number_of_records": count(records),
		},
	})
}

_words(programs) := programs[0].name if count(programs) == 1

_words(programs) := sprintf("%d programs", [count(programs)]) if count(programs) > 1

_may_move(_) if count(partial_zones) > 0

_may_move(workload) if automation.may_be_switched(workload)

# Changes can be made while the first Region is down, if later.
_limit(workload) := {"at_most": "low"} if {
	count(_unenrolled(workload)) == 0
} else := {}

_unenrolled(workload) := [record.arn |
	some record in _records
	record.workload.value == workload.name
	not input.by_arn[record.attributes.hosted_zone].attributes.accelerated_recovery_status == "ENABLED"
]
