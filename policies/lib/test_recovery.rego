# METADATA
# description: |
#   What recoveries consist of for the tests of policies, as `hadr.lib.test` has the rest: metrics, stacks, automation,
#   plans, switches, secrets and servers that are replicated.
package hadr.lib.test_recovery

import data.hadr.lib.test

# A metric of a resource over the last day. A value of `null` means that it had no samples.
metric(resource_arn, name, value, settings) := test.resource(
	"AWS::CloudWatch::Metric",
	sprintf("arn:aws:cloudwatch:%s:%s:metric/%s/%s", [test.region, test.account, name, resource_arn]),
	name,
	object.union(
		{
			"namespace": "AWS/RDS",
			"metric_name": name,
			"dimensions": {},
			"resource_arn": resource_arn,
			"statistic": "Maximum",
			"period": 3600,
			"window": 86400,
			"samples": _samples(value),
			"value": value,
		},
		settings,
	),
)

_samples(value) := 0 if {
	value == null
} else := 24

# The same of a rule of a bucket.
metric_of_rule(resource_arn, rule, value) := object.union(
	metric(resource_arn, "ReplicationLatency", value, {"namespace": "AWS/S3", "dimensions": {"RuleId": rule}}),
	{"arn": sprintf("arn:aws:cloudwatch:%s:%s:metric/ReplicationLatency/%s/%s", [
		test.region,
		test.account,
		resource_arn,
		rule,
	])},
)

stack_arn(name) := sprintf("arn:aws:cloudformation:%s:%s:stack/%s/1", [test.region, test.account, name])

# A stack that nothing protects.
stack(name, attributes) := test.resource("AWS::CloudFormation::Stack", stack_arn(name), name, object.union(
	{"stack_status": "UPDATE_COMPLETE", "enable_termination_protection": false, "root_id": null},
	attributes,
))

# Gives a resource the workload `shop`, as a tag would.
of_shop(entry) := test.with_members(entry, {"workload": {"value": "shop", "source": "tag hadr:workload"}})

# A function, a state machine and a document that fail the workload `shop` over.
function(name) := of_shop(test.resource(
	"AWS::Lambda::Function",
	sprintf("arn:aws:lambda:%s:%s:function:%s", [test.region, test.account, name]),
	name,
	{"purpose": "failover"},
))

state_machine(name) := of_shop(test.resource(
	"AWS::StepFunctions::StateMachine",
	sprintf("arn:aws:states:%s:%s:stateMachine:%s", [test.region, test.account, name]),
	name,
	{"purpose": "failover"},
))

document(name) := of_shop(test.resource(
	"AWS::SSM::Document",
	sprintf("arn:aws:ssm:%s:%s:document/%s", [test.region, test.account, name]),
	name,
	{"purpose": "failover"},
))

plan_arn(name) := sprintf("arn:aws:arc-region-switch::%s:plan/%s:1", [test.account, name])

# A plan for the workload `shop` that could run.
plan(name, attributes) := of_shop(test.with_members(
	test.resource("AWS::ARCRegionSwitch::Plan", plan_arn(name), name, object.union(
		{
			"recovery_approach": "activePassive",
			"primary_region": "eu-west-1",
			"regions": ["eu-central-1", "eu-west-1"],
			"recovery_time_objective_minutes": 60,
			"evaluation_state": "passed",
			"last_evaluation_time": "2026-11-22T02:00:00Z",
		},
		attributes,
	)),
	{"region": "global"},
))

# A run of that plan.
execution(name, id, attributes) := test.with_members(
	test.resource("AWS::ARCRegionSwitch::PlanExecution", sprintf("%s/execution/%s", [plan_arn(name), id]), id, object.union(
		{
			"plan_arn": plan_arn(name),
			"mode": "graceful",
			"execution_state": "completed",
			"execution_action": "activate",
			"execution_region": "eu-central-1",
			"start_time": "2026-11-01T00:00:00Z",
			"end_time": "2026-11-01T00:30:00Z",
			"actual_recovery_time": "PT30M",
		},
		attributes,
	)),
	{"region": "global"},
)

# A switch that nothing says the workload of.
routing_control(id) := test.with_members(
	test.resource(
		"AWS::Route53RecoveryControl::RoutingControl",
		sprintf("arn:aws:route53-recovery-control::%s:controlpanel/1/routingcontrol/%s", [test.account, id]),
		id,
		{"control_panel_arn": null, "status": "DEPLOYED"},
	),
	{"region": "global"},
)

# What ARC may shift of a load balancer or a group.
managed_resource(resource_arn, attributes) := test.resource(
	"AWS::ARCZonalShift::ManagedResource",
	sprintf("arn:aws:arc-zonal-shift:%s:%s:managed-resource/%s", [test.region, test.account, resource_arn]),
	resource_arn,
	object.union(
		{"resource_arn": resource_arn, "zonal_autoshift_status": "ENABLED", "practice_run_status": "ENABLED"},
		attributes,
	),
)

# A secret of the workload `shop` that is in one Region and was read yesterday.
secret(name, attributes) := of_shop(test.resource(
	"AWS::SecretsManager::Secret",
	sprintf("arn:aws:secretsmanager:%s:%s:secret:%s-AbCdEf", [test.region, test.account, name]),
	name,
	object.union(
		{
			"primary_region": null,
			"kms_key_id": null,
			"owning_service": null,
			"last_accessed_date": "2026-11-21T00:00:00Z",
		},
		attributes,
	),
))

# A server in step with its copy, which was launched before.
source_server(id, attributes) := test.resource(
	"AWS::DRS::SourceServer",
	sprintf("arn:aws:drs:%s:%s:source-server/%s", [test.region, test.account, id]),
	id,
	object.union(
		{
			"source_instance": null,
			"data_replication_state": "CONTINUOUS",
			"lag_duration": null,
			"last_launch_result": "SUCCEEDED",
		},
		attributes,
	),
)

# The parts of an input that these resources add to it, with the relations that the index derives.
parts_of(resources) := {
	"resources": {kind: [promised |
		some entry in resources
		entry.type == kind
		entry.account == test.account
		promised := test.promised(entry)
	] |
		some kind in _kinds
	},
	"by_arn": {entry.arn: promised | some entry in resources; promised := test.promised(entry)},
	"relations": {
		"configured_by": {},
		"deploys": {},
		"measured_by": _grouped("AWS::CloudWatch::Metric", resources),
		"shifted_by": _grouped("AWS::ARCZonalShift::ManagedResource", resources),
	},
}

_kinds := {
	"AWS::ARCRegionSwitch::Plan", "AWS::ARCRegionSwitch::PlanExecution", "AWS::ARCZonalShift::ManagedResource",
	"AWS::CloudFormation::Stack", "AWS::CloudWatch::Metric", "AWS::DRS::SourceServer", "AWS::Lambda::Function",
	"AWS::RDS::DBClusterParameterGroup", "AWS::Route53RecoveryControl::RoutingControl", "AWS::SSM::Document",
	"AWS::SecretsManager::Secret", "AWS::StepFunctions::StateMachine",
}

_grouped(kind, resources) := {about: arns |
	some one in resources
	one.type == kind
	about := one.attributes.resource_arn
	arns := [other.arn | some other in resources; other.type == kind; other.attributes.resource_arn == about]
}

# The input with these resources, of these types or others.
input_with(resources, parts) := test.input_with(resources, object.union(parts_of(resources), parts))

# A call that was answered in every Region of the tests.
answered(operations) := {operation: {
	region: "collected" |
	some region in ["eu-central-1", "eu-west-1", "us-west-1", "global"]
} |
	some operation in operations
}
