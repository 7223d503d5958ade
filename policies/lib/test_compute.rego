# METADATA
# description: |
#   Instances, volumes, groups, load balancers and the network for the tests of policies, as `hadr.lib.test` has the rest.
package hadr.lib.test_compute

import data.hadr.lib.test

# An ARN of EC2 in the Region of the tests.
arn(resource) := sprintf("arn:aws:ec2:%s:%s:%s", [test.region, test.account, resource])

group_arn(name) := sprintf(
	"arn:aws:autoscaling:%s:%s:autoScalingGroup:1:autoScalingGroupName/%s",
	[test.region, test.account, name],
)

balancer_arn(name) := sprintf(
	"arn:aws:elasticloadbalancing:%s:%s:loadbalancer/app/%s/1",
	[test.region, test.account, name],
)

classic_arn(name) := sprintf(
	"arn:aws:elasticloadbalancing:%s:%s:loadbalancer/%s",
	[test.region, test.account, name],
)

target_group_arn(name) := sprintf(
	"arn:aws:elasticloadbalancing:%s:%s:targetgroup/%s/1",
	[test.region, test.account, name],
)

# The letters of the zones that a resource is in.
in_zones(letters, entry) := test.with_members(entry, {"zones": [zone(letter) | some letter in letters]})

zone(letter) := {"name": zone_name(letter), "id": sprintf("euw1-az-%s", [letter])}

zone_name(letter) := sprintf("%s%s", [test.region, letter])

# A zone of the Region of the tests, of which it has three.
availability_zone(letter, attributes) := in_zones([letter], test.resource(
	"AWS::EC2::AvailabilityZone",
	arn(sprintf("availability-zone/%s", [zone_name(letter)])),
	zone_name(letter),
	object.union(
		{
			"zone_id": zone(letter).id,
			"zone_type": "availability-zone",
			"state": "available",
			"opt_in_status": "opt-in-not-required",
		},
		attributes,
	),
))

zones := [availability_zone(letter, {}) | some letter in ["a", "b", "c"]]

# A running instance in the first zone.
instance(id, attributes) := in_zones(["a"], test.resource(
	"AWS::EC2::Instance",
	arn(sprintf("instance/%s", [id])),
	id,
	object.union(_instance, attributes),
))

_instance := {
	"state": "running",
	"instance_type": "m7g.large",
	"image_id": "ami-1",
	"vpc_id": "vpc-1",
	"subnet_id": "subnet-a",
	"private_ip_addresses": ["10.0.0.10"],
	"public_ip_addresses": [],
	"elastic_ip_addresses": [],
	"instance_lifecycle": null,
	"auto_scaling_group": null,
	"auto_recovery": "default",
	"root_device_type": "ebs",
	"root_device_name": "/dev/xvda",
	"operator": null,
	"launch_time": "2025-01-01T00:00:00Z",
}

# A volume in the first zone that is attached to the instances of these ids.
volume(id, instances, attributes) := test.with_members(in_zones(["a"], test.resource(
	"AWS::EC2::Volume",
	arn(sprintf("volume/%s", [id])),
	id,
	object.union(
		{
			"state": "in-use",
			"size": 100,
			"encrypted": true,
			"kms_key_id": sprintf("arn:aws:kms:%s:%s:key/1", [test.region, test.account]),
			"attachments": [{"instance_id": instance_id, "device": "/dev/sdf", "delete_on_termination": false} |
				some instance_id in instances
			],
		},
		attributes,
	),
)), {"age": 59626800})

# An image of the account.
image(id, name, attributes) := test.resource(
	"AWS::EC2::Image",
	sprintf("arn:aws:ec2:%s::image/%s", [test.region, id]),
	name,
	object.union(
		{
			"state": "available",
			"image_id": id,
			"source_image_id": null,
			"source_image_region": null,
			"creation_date": "2026-11-01T00:00:00Z",
			"deprecation_time": null,
		},
		attributes,
	),
)

# A launch template whose only version starts that image.
launch_template(id, image_id) := test.resource(
	"AWS::EC2::LaunchTemplate",
	arn(sprintf("launch-template/%s", [id])),
	sprintf("web-%s", [id]),
	{"versions": [{"version_number": 1, "default_version": true, "image_id": image_id, "instance_type": "m7g.large"}]},
)

# A group of three instances over the three zones, behind a target group, that stands the loss of a zone.
group(name, attributes) := in_zones(["a", "b", "c"], test.resource(
	"AWS::AutoScaling::AutoScalingGroup",
	group_arn(name),
	name,
	object.union(_group, attributes),
))

_group := {
	"status": null,
	"min_size": 3,
	"max_size": 9,
	"desired_capacity": 6,
	"vpc_zone_identifier": ["subnet-a", "subnet-b", "subnet-c"],
	"health_check_type": ["EC2", "ELB"],
	"health_check_grace_period": 300,
	"default_instance_warmup": null,
	"instances": [member("i-1", "a"), member("i-2", "b"), member("i-3", "c")],
	"target_group_arns": [target_group_arn("web")],
	"load_balancer_names": [],
	"traffic_sources": [{"identifier": target_group_arn("web"), "type": "elbv2"}],
	"suspended_processes": [],
	"launch_configuration_name": null,
	"launch_template": {"launch_template_id": "lt-1", "launch_template_name": "web-lt-1", "version": "$Default"},
	"mixed_instances_policy": null,
	"created_time": "2025-01-01T00:00:00Z",
}

# An instance as its group sees it.
member(id, letter) := {
	"instance_id": id,
	"zone": zone(letter),
	"lifecycle_state": "InService",
	"health_status": "HEALTHY",
}

# An Application Load Balancer in the three zones.
load_balancer(name, attributes) := in_zones(["a", "b", "c"], test.resource(
	"AWS::ElasticLoadBalancingV2::LoadBalancer",
	balancer_arn(name),
	name,
	object.union(_load_balancer, attributes),
))

_load_balancer := {
	"type": "application",
	"scheme": "internet-facing",
	"state": "active",
	"dns_name": "web-1.eu-west-1.elb.amazonaws.com",
	"canonical_hosted_zone_id": "Z32O12XQLNTSW2",
	"vpc_id": "vpc-1",
	"subnets": ["subnet-a", "subnet-b", "subnet-c"],
	"deletion_protection_enabled": true,
	"cross_zone_enabled": true,
	"zonal_shift_enabled": false,
}

# A Network Load Balancer whose zones keep to themselves.
network_load_balancer(name, attributes) := load_balancer(
	name,
	object.union({"type": "network", "cross_zone_enabled": false}, attributes),
)

classic_load_balancer(name, attributes) := in_zones(["a", "b", "c"], test.resource(
	"AWS::ElasticLoadBalancing::LoadBalancer",
	classic_arn(name),
	name,
	object.union(
		{
			"scheme": "internet-facing",
			"dns_name": "old-1.eu-west-1.elb.amazonaws.com",
			"canonical_hosted_zone_name_id": "Z32O12XQLNTSW2",
			"vpc_id": "vpc-1",
			"subnets": ["subnet-a", "subnet-b", "subnet-c"],
			"instances": ["i-1", "i-2", "i-3"],
			"health_check": {"target": "HTTP:80/health", "interval": 10, "unhealthy_threshold": 2},
			"cross_zone_enabled": true,
		},
		attributes,
	),
))

# A target group of the load balancer of that name, with these targets.
target_group(name, balancer, targets, attributes) := test.resource(
	"AWS::ElasticLoadBalancingV2::TargetGroup",
	target_group_arn(name),
	name,
	object.union(
		object.union(_target_group, {"load_balancer_arns": [balancer_arn(balancer)], "targets": targets}),
		attributes,
	),
)

_target_group := {
	"target_type": "instance",
	"protocol": "HTTP",
	"port": 80,
	"vpc_id": "vpc-1",
	"health_check_enabled": true,
	"health_check_protocol": "HTTP",
	"health_check_path": "/health",
	"health_check_interval_seconds": 10,
	"health_check_timeout_seconds": 5,
	"unhealthy_threshold_count": 2,
	"matcher": "200",
	"cross_zone_enabled": null,
}

target(id, state) := {"id": id, "port": 80, "zone": null, "state": state, "reason": null}

subnet(letter, attributes) := in_zones([letter], test.resource(
	"AWS::EC2::Subnet",
	subnet_arn(letter),
	sprintf("subnet-%s", [letter]),
	object.union(
		{"state": "available", "vpc_id": "vpc-1", "available_ip_address_count": 200, "outpost_arn": null},
		attributes,
	),
))

subnet_arn(letter) := arn(sprintf("subnet/subnet-%s", [letter]))

# A public NAT gateway in the subnet of the first zone.
nat_gateway(id, attributes) := test.resource(
	"AWS::EC2::NatGateway",
	arn(sprintf("natgateway/%s", [id])),
	id,
	object.union(
		{
			"state": "available",
			"vpc_id": "vpc-1",
			"subnet_id": "subnet-a",
			"connectivity_type": "public",
			"availability_mode": "zonal",
		},
		attributes,
	),
)

# An interface endpoint in the three subnets.
vpc_endpoint(id, attributes) := test.resource(
	"AWS::EC2::VPCEndpoint",
	arn(sprintf("vpc-endpoint/%s", [id])),
	id,
	object.union(
		{
			"state": "available",
			"vpc_endpoint_type": "Interface",
			"service_name": "com.amazonaws.eu-west-1.secretsmanager",
			"vpc_id": "vpc-1",
			"subnets": ["subnet-a", "subnet-b", "subnet-c"],
		},
		attributes,
	),
)

# A VPN connection with tunnels in these states.
vpn_connection(id, statuses, attributes) := test.resource(
	"AWS::EC2::VPNConnection",
	arn(sprintf("vpn-connection/%s", [id])),
	id,
	object.union(
		{
			"state": "available",
			"customer_gateway_id": "cgw-1",
			"gateway_id": "tgw-1",
			"tunnels": [{"outside_ip_address": sprintf("203.0.113.%d", [number]), "status": status} |
				some number, status in statuses
			],
		},
		attributes,
	),
)

# The input with these resources and the zones of the Region. `parts` are the joins that matter, as the index makes them.
input_with(resources, parts) := test.input_with(array.concat(zones, resources), parts)

# The joins with these ends of one relation.
related(label, ends) := {"relations": {label: ends}}

# The joins with a target group whose healthy targets are in these zones, by letter.
healthy_in(name, counts) := {"placement": {target_group_arn(name): {
	"zones": [zone_name(letter) | some letter, _ in counts],
	"regions": [test.region],
	"unplaced": [],
	"healthy": {zone_name(letter): number | some letter, number in counts},
}}}
