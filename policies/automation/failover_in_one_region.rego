# METADATA
# title: What fails the workload over runs in the Region that fails
# description: |
#   The program that moves the workload is needed when its Region does not work, and then it does not work either. It
#   has to be there, ready to run, in the Region that takes over.
#
#   Workloads are judged that have a function, a document or a state machine with the tag `hadr:automation` and the
#   value `failover`. It is a violation if all of them are in one Region, and the databases that lead are there; without
#   such databases, if all servers and load balancers are. A plan for a switch of the Region or a routing control of the
#   workload makes up for it, as both work from other Regions; so do names that Route 53 fails over by health to load
#   balancers of another Region, where there is no database to promote. What people or other accounts run is not seen.
#
#   The verdict is unknown where one Region was scanned, where such programs or plans were not listed or name no
#   workload, and where nothing says which of several Regions the workload is failed over from or where its names lead
#   to then.
# scope: package
# related_resources:
# - description: Rely on the data plane and not the control plane during recovery, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_avoid_control_plane.html
# - description: Region switch in Amazon Application Recovery Controller (ARC)
#   ref: https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [Workload]
#   requires: []
#   controls:
#     aws-well-architected: [REL11-BP04, REL13-BP05]
#     nist-800-53: [CP-7, CP-10]
#     iso-22301: [8.3.4]
#     dora: [11(5), 12(4)]
#     soc2: [A1.2]
#   practices: [failover-automation-survives]
#   remediation:
#   - argv:
#     - aws
#     - arc-region-switch
#     - create-plan
#     - --name={{name}}
#     - --regions=["{{params.region}}","{{choose.other_region}}"]
#     - --primary-region={{params.region}}
#     - --recovery-approach=activePassive
#     - --execution-role={{choose.execution_role_arn}}
#     - --workflows={{choose.workflows}}
#     - --region={{choose.other_region}}
#     effect: >-
#       a plan with the steps of the failover, which runs from the Region that takes over. It is an alternative to
#       deploying the same programs there, as the pipeline of the workload does it, with the tag
#       hadr:automation=failover
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
#   since: 0.1.0
package hadr.automation.failover_in_one_region

import data.hadr.lib.automation
import data.hadr.lib.automation.unlisted
import data.hadr.lib.route53
import data.hadr.lib.route53.partial_zones
import data.hadr.lib.route53.primaries

_entries := [{"workload": workload, "programs": programs, "regions": {program.region | some program in programs}} |
	some workload in input.workloads
	programs := automation.of(workload)
	count(programs) > 0
]

# Workloads whose programs may be where nobody looked.
_unseen := [workload |
	count(unlisted) > 0
	some workload in input.workloads
	count(automation.of(workload)) == 0
]

subjects contains entry.workload.arn if {
	some entry in _entries
}

subjects contains workload.arn if {
	some workload in _unseen
}

unknowns contains workload.arn if {
	some workload in _unseen
}

# All in one Region, and nothing else moves the workload.
_alone := [object.union(entry, {"region": region}) |
	some entry in _entries
	count(entry.regions) == 1
	some region in entry.regions
	not automation.is_switched(entry.workload)
	not _is_moved_by_names(entry.workload, region)
]

# Names that fail over by health, with what they lead to then. They promote no database.
_pairs := [{"workload": record.workload.value, "regions": regions} |
	some record in primaries
	is_string(record.workload.value)
	not record.workload.value in _with_databases
	not route53.has_no_signal(record)
	others := route53.alternatives(record)
	some other in others
	other.attributes.failover == "SECONDARY"
	regions := _regions(other)
]

_with_databases := {resource.workload.value |
	some kind in _databases
	some resource in input.resources[kind]
}

_is_moved_by_names(workload, region) if {
	count(_unlisted_databases) == 0
	some pair in _pairs
	pair.workload == workload.name
	count(pair.regions) > 0
	not region in pair.regions
}

# It is not known where they lead to, or whether there is a database.
_may_be_moved_by_names(entry) if {
	some pair in _pairs
	pair.workload == entry.workload.name
	_is_unclear(pair, entry.region)
}

# Not all names were listed.
_may_be_moved_by_names(entry) if {
	not entry.workload.name in _with_databases
	count(partial_zones) > 0
}

_may_be_moved_by_names(entry) if {
	not entry.workload.name in _with_databases
	not input.coverage["route53:ListHostedZones"].global == "collected"
}

_is_unclear(pair, _) if count(pair.regions) == 0

_is_unclear(pair, region) if {
	count(_unlisted_databases) > 0
	not region in pair.regions
}

_unlisted_databases := [region.name |
	some operation in ["rds:DescribeDBClusters", "rds:DescribeDBInstances"]
	some region in input.regions
	not input.coverage[operation][region.name] in {"collected", "region_disabled"}
]

# Regions of the load balancers that a record leads to, by their names or through other records.
_regions(record) := _named_regions(record) | {balancer.region |
	some arn in object.get(input.relations.routes_to, record.arn, [])
	balancer := input.by_arn[arn]
	balancer.type in {"AWS::ElasticLoadBalancing::LoadBalancer", "AWS::ElasticLoadBalancingV2::LoadBalancer"}
}

_named_regions(record) := regions if {
	regions := route53.regions(record)
	is_set(regions)
} else := set()

_in_danger := [entry |
	some entry in _alone
	_leads(entry) == "yes"
]

unknowns contains entry.workload.arn if {
	some entry in _alone
	_leads(entry) == "unknown"
}

unknowns contains entry.workload.arn if {
	some entry in _in_danger
	_may_be_elsewhere(entry)
}

violations contains violation if {
	some entry in _in_danger
	not _may_be_elsewhere(entry)
	violation := {
		"resource": entry.workload.arn,
		"message": sprintf("%s is failed over by %s, and from %s alone", [
			entry.workload.name,
			_words(entry.programs),
			entry.region,
		]),
		"evidence": {
			"programs": [program.arn | some program in entry.programs],
			"region": entry.region,
			"regions_of_the_workload": [region | some region in _home(entry.workload)],
		},
		"params": {"region": entry.region},
	}
}

_words(programs) := programs[0].name if count(programs) == 1

_words(programs) := sprintf("%d programs", [count(programs)]) if count(programs) > 1

# Whether the workload is failed over from the Region.
_leads(entry) := "no" if {
	count(_home(entry.workload)) > 0
	not entry.region in _home(entry.workload)
} else := "yes" if {
	entry.region in object.get(_data_regions, entry.workload.name, set())
} else := "yes" if {
	not _data_regions[entry.workload.name]
	count(_home(entry.workload)) == 1
} else := "unknown"

# Regions in which the data of a workload is written or, where that is not known, those in which it runs.
_home(workload) := _data_regions[workload.name] if {
	_data_regions[workload.name]
} else := object.get(_running_regions, workload.name, set())

_data_regions := {name: regions |
	some name in {place[0] | some place in _data_places}
	regions := {place[1] | some place in _data_places; place[0] == name}
}

_data_places := {[resource.workload.value, resource.region] |
	some kind in _databases
	some resource in input.resources[kind]
	is_string(resource.workload.value)
	not input.relations.reads_from[resource.arn]
	object.get(resource.attributes, "role", "standalone") == "standalone"
}

_databases := ["AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance"]

_running_regions := {name: regions |
	some name in {place[0] | some place in _running_places}
	regions := {place[1] | some place in _running_places; place[0] == name}
}

_running_places := {[resource.workload.value, resource.region] |
	some kind in [
		"AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance", "AWS::ElasticLoadBalancing::LoadBalancer",
		"AWS::ElasticLoadBalancingV2::LoadBalancer",
	]
	some resource in input.resources[kind]
	is_string(resource.workload.value)
}

_may_be_elsewhere(_) if count(input.regions) < 2

_may_be_elsewhere(_) if count(unlisted) > 0

_may_be_elsewhere(_) if automation.may_be_shared

_may_be_elsewhere(entry) if automation.may_be_switched(entry.workload)

_may_be_elsewhere(entry) if _may_be_moved_by_names(entry)
