# METADATA
# description: |
#   What several policies ask about how workloads fail over: programs that people have marked with the tag
#   `hadr:automation`, plans for a switch of the Region, and routing controls. What carries no workload may be about
#   any.
package hadr.lib.automation

# Functions, documents and state machines that fail something over.
failovers := [program |
	some kind in ["AWS::Lambda::Function", "AWS::SSM::Document", "AWS::StepFunctions::StateMachine"]
	some program in input.resources[kind]
	lower(program.attributes.purpose) == "failover"
]

# Those of a workload.
of(workload) := [program |
	some program in failovers
	program.workload.value == workload.name
]

# There is one that could be for the workload as well as for any other.
may_be_shared if {
	some program in failovers
	program.workload.value == null
}

# Regions in which such programs may be without having been seen.
unlisted := [region.name |
	some region in input.regions
	not input.coverage["tag:GetAutomationResources"][region.name] in {"collected", "region_disabled"}
]

# A plan or a routing control moves the workload. Both work while the Region that fails does not.
is_switched(workload) if {
	some kind in ["AWS::ARCRegionSwitch::Plan", "AWS::Route53RecoveryControl::RoutingControl"]
	some resource in input.resources[kind]
	resource.workload.value == workload.name
}

is_switched(workload) if workload.name in _controlled

# Workloads with a record whose health check follows a routing control, itself or through those that it looks at.
_controlled := {record.workload.value |
	some record in input.resources["AWS::Route53::RecordSet"]
	is_string(record.workload.value)
	some arn in _checks_of(record)
	input.by_arn[arn].attributes.check_type == "RECOVERY_CONTROL"
}

_checks_of(record) := array.concat(own, children) if {
	own := [arn | some arn in input.relations.checked_by[record.arn]]
	children := [child |
		some arn in input.relations.checked_by[record.arn]
		some child in input.relations.checked_by[arn]
	]
}

# It is not known whether a plan or a routing control does.
may_be_switched(workload) if {
	not is_switched(workload)
	_may_be_for(workload)
}

_may_be_for(_) if {
	some control in input.resources["AWS::Route53RecoveryControl::RoutingControl"]
	control.workload.value == null
	not control.arn in _followed
}

# The plan is between Regions of the workload.
_may_be_for(workload) if {
	some plan in input.resources["AWS::ARCRegionSwitch::Plan"]
	plan.workload.value == null
	some region in plan.attributes.regions
	region in workload.regions
}

_may_be_for(_) if {
	some operation in ["arc-region-switch:ListPlans", "route53-recovery-control-config:ListClusters"]
	not input.coverage[operation].global == "collected"
}

# These are called only where there are clusters.
_may_be_for(_) if {
	some operation in [
		"route53-recovery-control-config:ListControlPanels", "route53-recovery-control-config:ListRoutingControls",
	]
	some outcome in input.coverage[operation]
	outcome != "collected"
}

# Routing controls that health checks follow, which say by their records whom they are for.
_followed := {check.attributes.routing_control_arn |
	some check in input.resources["AWS::Route53::HealthCheck"]
	is_string(check.attributes.routing_control_arn)
}
