# METADATA
# description: |
#   What several policies ask about instances and volumes: which instances nothing replaces, what says what they are
#   for and whether others do the same, and which volumes hold data that would be missed.
package hadr.lib.ec2

import data.hadr.lib.route53.partial_zones

# Running On-Demand instances that nothing replaces. Bastions, build machines and appliances serve nobody, or are
# licensed to be alone.
pets := [instance |
	some instance in input.resources["AWS::EC2::Instance"]
	instance.attributes.state == "running"
	instance.attributes.instance_lifecycle == null
	not is_replaced(instance)
	not _is_aside(instance)
]

# An Auto Scaling group or a service of AWS starts another one in its place.
is_replaced(instance) if instance.attributes.auto_scaling_group != null

is_replaced(instance) if input.relations.member_of[instance.arn]

is_replaced(instance) if instance.attributes.operator != null

is_replaced(instance) if {
	instance.tags != null
	strings.any_prefix_match(object.keys(instance.tags), {
		"AWSBatchServiceTag", "AmazonECSManaged", "aws:ec2:fleet-id", "aws:ecs:", "aws:eks:", "aws:elasticmapreduce:",
		"eks:", "elasticbeanstalk:", "karpenter.sh/", "kubernetes.io/cluster/",
	})
}

_is_aside(instance) if {
	some key in ["hadr:role", "role", "Role"]
	lower(instance.tags[key]) in {"appliance", "bastion", "ci"}
}

_pet_arns := {pet.arn | some pet in pets}

# Pets that nothing else does the work of. What is behind a load balancer is what the load balancer says, and comes
# before names and tags: instances with a name of their own are often several.
lone := [pet |
	arns := _lone_arns
	some pet in pets
	pet.arn in arns
]

# Pets that may be alone, because something was not collected.
unclear := [pet |
	arns := _unclear_arns - _lone_arns
	some pet in pets
	pet.arn in arns
]

# Pets that share what they do with others.
accompanied := (_together - _lone_arns) - _unclear_arns

_lone_arns := _behind_alone | ((_otherwise_alone - _together) - _unclear_arns)

_behind_alone := object.keys(_sole_targets)

_otherwise_alone := object.keys(_sole_addresses) | object.keys(_sole_of_workload)

_unclear_arns := (_unclear_targets | _unclear_addresses) | _unseen_pets

_together := (_targets_together | _addresses_together) | _workload_together

# What says that a lone instance is alone, in words and as evidence.
reason(instance) := {
	"words": sprintf("is the only instance behind the %s %s", [sole[1], sole[2]]),
	"evidence": {"serves": sole[3]},
	"kind": sole[1],
} if {
	sole := _sole_targets[instance.arn]
	is_array(sole)
} else := {
	"words": sprintf("is all that %s leads to", [sole[1]]),
	"evidence": {"serves": sole[2]},
	"kind": "record set",
} if {
	sole := _sole_addresses[instance.arn]
	is_array(sole)
} else := {
	"words": _words(_sole_of_workload[instance.arn]),
	"evidence": {"workload": instance.workload, "role_tag": _sole_of_workload[instance.arn][2]},
	"kind": "workload",
}

_words(post) := sprintf("is the only instance of the workload %s", [post[0]]) if {
	post[2] == null
} else := sprintf("is the only instance of the workload %s in the role %s", [post[0], post[2]])

# What load balancers send to: the machines that are registered, and those of them whose state is known. One that is
# stopped or on its way out is not there; one that fails its checks is, because that changes by the minute.
_fronts := array.concat(
	[front |
		some group in input.resources["AWS::ElasticLoadBalancingV2::TargetGroup"]
		group.attributes.target_type in {"instance", "ip"}
		count(group.attributes.load_balancer_arns) > 0
		is_array(group.attributes.targets)
		arns := {name: arn |
			some arn in input.relations.forwards_to[group.arn]
			some name in _names(input.by_arn[arn], group.attributes.target_type)
		}
		front := {
			"kind": "target group",
			"name": group.name,
			"arn": group.arn,
			"machines": {object.get(arns, target.id, target.id) |
				some target in group.attributes.targets
				not target.state in {"draining", "unused"}
			},
			"known": {object.get(arns, target.id, target.id) |
				some target in group.attributes.targets
				not target.state in {"draining", "unused", null}
			},
		}
	],
	[front |
		some balancer in input.resources["AWS::ElasticLoadBalancing::LoadBalancer"]
		machines := {arn |
			some arn in input.relations.forwards_to[balancer.arn]
			not input.by_arn[arn].attributes.state in {"shutting-down", "stopped", "stopping", "terminated"}
		}
		front := {
			"kind": "load balancer",
			"name": balancer.name,
			"arn": balancer.arn,
			"machines": machines,
			"known": machines,
		}
	],
)

_names(instance, "instance") := [instance.name]

_names(instance, "ip") := instance.attributes.private_ip_addresses

_sole_targets := _first_by_arn([[arn, front.kind, front.name, front.arn] |
	arns := _pet_arns
	some front in _fronts
	count(front.machines) == 1
	some arn in front.machines
	arn in arns
])

_targets_together := {arn |
	arns := _pet_arns
	some front in _fronts
	count(front.known) > 1
	some arn in front.machines
	arn in arns
}

_unclear_targets := {arn |
	arns := _pet_arns
	some front in _fronts
	count(front.machines) > 1
	count(front.known) < 2
	some arn in front.machines
	arn in arns
}

# Each ARN with the first of its entries.
_first_by_arn(entries) := {entry[0]: entry |
	sorted := sort(entries)
	some number, entry in sorted
	not sorted[number - 1][0] == entry[0]
}

_addresses := {address: pet.arn |
	some pet in pets
	some address in pet.attributes.public_ip_addresses
}

# Record sets that lead to pets. Names of private addresses are not followed, because several VPCs can have the same.
_leads := [lead |
	addresses := _addresses
	some record in input.resources["AWS::Route53::RecordSet"]
	some address in record.attributes.values
	arn := object.get(addresses, address, null)
	arn != null
	lead := {
		"arn": arn,
		"record": record,
		"ends": {object.get(addresses, value, value) | some value in record.attributes.values},
	}
]

# Pets with the first record set that leads to them. Those with company are taken out for all of their record sets.
_sole_addresses := _first_by_arn([[lead.arn, lead.record.name, lead.record.arn] | some lead in _leads])

_unclear_addresses := {lead.arn |
	some lead in _leads
	count(lead.ends) == 1
	not input.relations.alternative_to[lead.record.arn]
	_may_have_alternatives(lead.record)
}

_addresses_together := {lead.arn | some lead in _leads; count(lead.ends) > 1} | {lead.arn |
	some lead in _leads
	input.relations.alternative_to[lead.record.arn]
}

_may_have_alternatives(record) if {
	record.attributes.routing_policy != "simple"
	record.attributes.hosted_zone in partial_zones
}

# Workload, environment and role of the pets that have a workload, sorted so that those who do the same are together.
_posts := sort([array.concat(_post(pet), [pet.arn]) |
	some pet in pets
	pet.workload.value != null
])

_post(instance) := [instance.workload.value, instance.environment.value, _job(instance.tags)]

_job(tags) := object.get(tags, "role", object.get(tags, "Role", object.get(tags, "hadr:role", null))) if {
	is_object(tags)
} else := null

# Posts that other running instances have, and the workloads that they are of.
_filled := {post |
	arns := _pet_arns
	some instance in input.resources["AWS::EC2::Instance"]
	instance.workload.value != null
	instance.attributes.state == "running"
	not instance.arn in arns
	full := _post(instance)
	some post in [full, array.slice(full, 0, 2)]
}

# Instances without a tag for their role are alone if nothing else of the workload is there. Where there is more,
# nothing says who does what.
_sole_of_workload := {post[3]: post |
	filled := _filled
	some number, post in _posts
	kin := array.slice(post, 0, _width(post))
	not kin in filled
	not _is_beside(number, kin)
}

_workload_together := object.keys({post[3]: number |
	filled := _filled
	some number, post in _posts
	post[2] != null
	_has_kin(number, array.slice(post, 0, 3), filled)
})

_width(post) := 2 if post[2] == null

_width(post) := 3 if post[2] != null

_has_kin(_, kin, filled) if kin in filled

_has_kin(number, kin, _) if _is_beside(number, kin)

_is_beside(number, kin) if array.slice(_posts[number - 1], 0, count(kin)) == kin

_is_beside(number, kin) if array.slice(_posts[number + 1], 0, count(kin)) == kin

# Pets that could be behind something that was not seen.
_unseen_pets := {pet.arn |
	regions := _unlisted_regions
	networks := _unseen_networks
	some pet in pets
	_is_unseen(pet, regions, networks)
}

_is_unseen(pet, regions, _) if pet.region in regions

_is_unseen(pet, _, networks) if pet.attributes.vpc_id in networks

_unlisted_regions := {region.name |
	some region in input.regions
	not _is_listed(region.name)
}

_is_listed(region) if {
	input.coverage["autoscaling:DescribeAutoScalingGroups"][region] in {"collected", "region_disabled"}
	input.coverage["elasticloadbalancing:DescribeTargetGroups"][region] in {"collected", "region_disabled"}
	input.coverage["elasticloadbalancing:DescribeClassicLoadBalancers"][region] in {"collected", "region_disabled"}
}

# VPCs of target groups that are in use and whose targets are not known.
_unseen_networks := {group.attributes.vpc_id |
	some group in input.resources["AWS::ElasticLoadBalancingV2::TargetGroup"]
	group.attributes.target_type in {"instance", "ip"}
	count(group.attributes.load_balancer_arns) > 0
	group.attributes.targets == null
}

# Volumes that hold data which nothing else makes again, attached to an instance that runs.
volumes := [volume |
	some volume in input.resources["AWS::EC2::Volume"]
	volume.role.value == "authoritative"
	_is_in_use(volume)
	not _is_staging(volume)
]

# The instance was not collected.
_is_in_use(volume) if {
	some arn in input.relations.attached_to[volume.arn]
	not input.by_arn[arn]
}

_is_in_use(volume) if {
	some arn in input.relations.attached_to[volume.arn]
	instance := input.by_arn[arn]
	instance.attributes.state in {"pending", "running", null}
	_is_authoritative(volume, instance)
	not _goes_with(volume, instance)
}

_is_authoritative(_, instance) if instance.role.value == "authoritative"

_is_authoritative(volume, _) if not startswith(volume.role.source, "default")

# What replaces the instance makes the volume anew.
_goes_with(volume, instance) if {
	some attachment in volume.attributes.attachments
	attachment.instance_id == instance.name
	_is_part(attachment, instance)
	_is_ephemeral(instance)
}

_is_ephemeral(instance) if is_replaced(instance)

_is_ephemeral(instance) if instance.attributes.instance_lifecycle == "spot"

_is_part(attachment, _) if attachment.delete_on_termination == true

_is_part(attachment, instance) if {
	is_string(attachment.device)
	attachment.device == instance.attributes.root_device_name
}

# Elastic Disaster Recovery keeps copies of other machines in volumes of its own.
_is_staging(volume) if {
	volume.tags != null
	strings.any_prefix_match(object.keys(volume.tags), {"AWSElasticDisasterRecovery", "drs.amazonaws.com-"})
}
