# METADATA
# title: Auto Scaling group may fail to start instances when it has to
# description: |
#   A group heals by starting instances, and finds out whether it can when it has to. What it starts them from may be
#   gone, may not work, or may ask for what nobody has left after the loss of a zone.
#
#   There are five ways, each a finding of its own: a launch configuration, which new types of instance and new features
#   do not work with; a launch template that does not exist; an image of the account that cannot be started, or is
#   deprecated, which is the lesser finding as it still starts; the version `$Latest`, also a lesser one, by which
#   whatever was saved last is tried first when a zone has failed; and, for mission-critical groups, a single type of
#   instance, which the other zones may not have enough of. A licence that pins the type is a case for a waiver.
#
#   An image that is not in the account is not judged, for it can be one of AWS, of somebody else, or gone; neither is
#   one that a parameter names. Of a launch template, the default and the latest version are collected; a group with
#   another one is unknown. Templates that single types of a mixed instances policy have are not collected.
# scope: package
# related_resources:
# - description: Auto Scaling launch templates
#   ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-templates.html
# - description: Auto Scaling groups with multiple instance types and purchase options
#   ref: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html
# - description: Deprecate an Amazon EC2 AMI
#   ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html
# custom:
#   severity:
#     mission-critical: medium
#     business-critical: low
#     general: info
#     non-production: none
#   concern: failover
#   scenarios: [instance, zone]
#   resource_types: [AWS::AutoScaling::AutoScalingGroup]
#   requires:
#   - autoscaling:DescribeAutoScalingGroups
#   - ec2:DescribeImages
#   - ec2:DescribeLaunchTemplateVersions
#   controls:
#     aws-well-architected: [REL07-BP02, REL08-BP04]
#     nist-800-53: [SI-13(4)]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.1, A1.2]
#   practices: [instances-from-launch-template]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - create-launch-template
#     - --launch-template-name={{params.new_template}}
#     - --launch-template-data={{choose.launch_template_data}}
#     - --region={{region}}
#     effect: >-
#       a launch template beside the launch configuration; nothing uses it yet; the data has to name everything that the
#       launch configuration does
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - delete-launch-template
#     - --launch-template-name={{params.new_template}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-launch-template-versions
#     - --launch-template-name={{params.new_template}}
#     - --query=LaunchTemplateVersions[].LaunchTemplateData
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --launch-template={"LaunchTemplateName":"{{params.new_template}}","Version":"$Default"}
#     - --region={{region}}
#     effect: new instances are started from the launch template; those that run stay as they are
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --launch-configuration-name={{params.launch_configuration}}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].LaunchTemplate
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{params.without_template}}
#     - --launch-template={"LaunchTemplateId":"{{choose.launch_template_id}}","Version":"$Default"}
#     - --region={{region}}
#     effect: new instances are started from that template; what it names has to be what the instances that run have
#     risk: review
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].LaunchTemplate
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - ec2
#     - create-launch-template-version
#     - --launch-template-id={{params.template_of_image}}
#     - --source-version={{params.version_of_image}}
#     - --launch-template-data={"ImageId":"{{choose.image_id}}"}
#     - --region={{region}}
#     effect: >-
#       a version like the present one, with another image; a group with `$Latest` starts it from now on; any other has
#       to be given its number, or it has to become the default version, once an instance was started from it
#     risk: review
#     undo:
#     - aws
#     - ec2
#     - delete-launch-template-versions
#     - --launch-template-id={{params.template_of_image}}
#     - --versions={{choose.version}}
#     - --region={{region}}
#     verify:
#     - aws
#     - ec2
#     - describe-launch-template-versions
#     - --launch-template-id={{params.template_of_image}}
#     - --versions=["$Latest"]
#     - --query=LaunchTemplateVersions[0].[VersionNumber,LaunchTemplateData.ImageId]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --launch-template={"LaunchTemplateId":"{{params.latest_of}}","Version":"{{params.latest_version}}"}
#     - --region={{region}}
#     effect: >-
#       the group stays with the version that is the latest now, so that a new one comes into use when somebody says so
#     risk: safe
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --launch-template={"LaunchTemplateId":"{{params.latest_of}}","Version":"$Latest"}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].LaunchTemplate.Version
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - >-
#       --mixed-instances-policy={"LaunchTemplate":{"LaunchTemplateSpecification":
#       {"LaunchTemplateId":"{{params.single_type_of}}","Version":"{{params.single_type_version}}"},
#       "Overrides":[{"InstanceType":"{{params.instance_type}}"},{"InstanceType":"{{choose.second_instance_type}}"}]}}
#     - --region={{region}}
#     effect: >-
#       the group starts the second type where there is none of the first, so it has to have the same size and
#       architecture; instances that run stay as they are
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{name}}
#     - --launch-template={"LaunchTemplateId":"{{params.single_type_of}}","Version":"{{params.single_type_version}}"}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].MixedInstancesPolicy.LaunchTemplate.Overrides[].InstanceType
#     - --region={{region}}
#     cost: the difference between the types, while the second is used
#   - argv:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{params.mixed}}
#     - --mixed-instances-policy={{choose.mixed_instances_policy}}
#     - --region={{region}}
#     effect: >-
#       new instances are started by the new policy; take the present one, as describe-auto-scaling-groups prints it,
#       and change the version, the launch template or the types in it
#     risk: review
#     undo:
#     - aws
#     - autoscaling
#     - update-auto-scaling-group
#     - --auto-scaling-group-name={{params.mixed}}
#     - --mixed-instances-policy={{choose.present_mixed_instances_policy}}
#     - --region={{region}}
#     verify:
#     - aws
#     - autoscaling
#     - describe-auto-scaling-groups
#     - --auto-scaling-group-names={{name}}
#     - --query=AutoScalingGroups[0].MixedInstancesPolicy
#     - --region={{region}}
#     cost: none, or the difference between types
#   since: 0.1.0
package hadr.autoscaling.launch_fragile

_groups := input.resources["AWS::AutoScaling::AutoScalingGroup"]

subjects contains group.arn if {
	some group in _groups
}

# Groups that have a launch template, with those that are there, the version that is meant, and its image.
_launches := [launch |
	some group in _groups
	specification := _specification(group.attributes)
	is_object(specification)
	templates := _templates(group)
	versions := [version |
		some template in templates
		some version in _meant(specification.version, template.attributes.versions)
	]
	launch := {
		"group": group,
		"specification": specification,
		"templates": templates,
		"versions": versions,
		"images": _images(group, versions),
	}
]

_specification(attributes) := attributes.launch_template if {
	is_object(attributes.launch_template)
} else := attributes.mixed_instances_policy.launch_template if {
	is_object(attributes.mixed_instances_policy.launch_template)
} else := null

_templates(group) := [template |
	some arn in input.relations.launched_from[group.arn]
	template := input.by_arn[arn]
	is_object(template)
]

_meant(number, versions) := [version |
	some version in versions
	version.default_version == true
] if {
	number in {null, "$Default"}
} else := [version |
	some version in versions
	count([other | some other in versions; not _is_later(version, other)]) == 1
] if {
	number == "$Latest"
} else := [version |
	some version in versions
	is_number(version.version_number)
	sprintf("%d", [version.version_number]) == number
]

# The latest is later than all but itself.
_is_later(version, other) if {
	is_number(version.version_number)
	is_number(other.version_number)
	version.version_number > other.version_number
}

# Neither has it a launch configuration, nor is it known what else.
unknowns contains group.arn if {
	some group in _groups
	group.attributes.launch_configuration_name == null
	not is_object(_specification(group.attributes))
}

unknowns contains launch.group.arn if {
	some launch in _launches
	not _is_gone(launch)
	_is_unclear(launch)
}

_is_unclear(launch) if count(launch.versions) != 1

_is_unclear(launch) if {
	some version in launch.versions
	version.image_id == null
}

_is_unclear(launch) if {
	some image in launch.images
	image.attributes.state in {"pending", null}
}

_is_unclear(launch) if {
	_should_have_a_choice(launch)
	_type(launch) == null
}

# It could be mission-critical.
_is_unclear(launch) if {
	launch.group.tags == null
	not _has_a_choice(launch.group.attributes.mixed_instances_policy)
}

# There is a name for it, and nothing that has it.
_is_gone(launch) if {
	count(launch.templates) == 0
	some name in [launch.specification.launch_template_id, launch.specification.launch_template_name]
	is_string(name)
}

violations contains violation if {
	some group in _groups
	configuration := group.attributes.launch_configuration_name
	is_string(configuration)
	violation := {
		"resource": group.arn,
		"message": sprintf("%s starts instances from the launch configuration %s", [group.name, configuration]),
		"evidence": {"launch_configuration_name": configuration},
		"params": {"launch_configuration": configuration, "new_template": _template_name(group.name)},
		"discriminator": "launch-configuration",
	}
}

# The same name, if launch templates can have it.
_template_name(name) := name if {
	trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789().-/_") == ""
	count(name) > 2
	count(name) <= 128
} else := null

violations contains violation if {
	some launch in _launches
	_is_gone(launch)
	violation := _found(launch, "launch-template", _step(launch, {"without_template": launch.group.name}), {
		"message": sprintf("%s starts instances from a launch template that does not exist", [launch.group.name]),
		"evidence": {},
	})
}

violations contains violation if {
	some launch in _launches
	launch.specification.version == "$Latest"
	not _is_gone(launch)
	violation := _found(launch, "latest-version", _step(launch, {
		"latest_of": _template_id(launch),
		"latest_version": _number(launch.versions),
	}), {
		"message": sprintf("%s starts instances from the latest version of its launch template", [launch.group.name]),
		"at_most": "low",
		"evidence": {},
	})
}

violations contains violation if {
	some launch in _launches
	some image in launch.images
	not image.attributes.state in {"available", "pending", null}
	violation := _found_image(launch, image, {
		"message": sprintf(
			"%s starts instances from the image %s, which is %s",
			[launch.group.name, image.attributes.image_id, image.attributes.state],
		),
	})
}

violations contains violation if {
	some launch in _launches
	some image in launch.images
	image.attributes.state == "available"
	is_string(image.attributes.deprecation_time)
	image.attributes.deprecation_time < input.captured_at
	violation := _found_image(launch, image, {
		"message": sprintf(
			"%s starts instances from the image %s, which is deprecated since %s",
			[launch.group.name, image.attributes.image_id, image.attributes.deprecation_time],
		),
		"at_most": "low",
	})
}

violations contains violation if {
	some launch in _launches
	_should_have_a_choice(launch)
	type := _type(launch)
	is_string(type)
	violation := _found(launch, "instance-type", _step(launch, {
		"single_type_of": _template_id(launch),
		"single_type_version": _version(launch.specification.version),
		"instance_type": type,
	}), {
		"message": sprintf("%s can start instances of one type only, %s", [launch.group.name, type]),
		"evidence": {"instance_type": type},
	})
}

# The image of the version that is meant, if it is one of the account.
_images(group, versions) := [image |
	some version in versions
	partition := split(group.arn, ":")[1]
	image := input.by_arn[sprintf("arn:%s:ec2:%s::image/%s", [partition, group.region, version.image_id])]
	is_object(image)
]

_should_have_a_choice(launch) if {
	launch.group.criticality == "mission-critical"
	not _has_a_choice(launch.group.attributes.mixed_instances_policy)
}

_has_a_choice(policy) if policy.has_instance_requirements == true

_has_a_choice(policy) if count(policy.instance_types) > 1

# The only type that it starts, `null` if that is not known. A template without one can have requirements instead.
_type(launch) := launch.group.attributes.mixed_instances_policy.instance_types[0] if {
	count(launch.group.attributes.mixed_instances_policy.instance_types) == 1
} else := launch.versions[0].instance_type if {
	count(launch.versions) == 1
} else := null

_found(launch, way, params, members) := object.union(members, {
	"resource": launch.group.arn,
	"evidence": {
		"launch_template_id": launch.specification.launch_template_id,
		"launch_template_name": launch.specification.launch_template_name,
		"version": launch.specification.version,
	},
	"params": params,
	"discriminator": way,
})

_found_image(launch, image, members) := _found(
	launch,
	"image",
	{"template_of_image": _template_id(launch), "version_of_image": _number(launch.versions)},
	object.union(members, {"evidence": {
		"image_id": image.attributes.image_id,
		"state": image.attributes.state,
		"deprecation_time": image.attributes.deprecation_time,
	}}),
)

# A mixed instances policy is given as a whole, whatever is changed in it.
_step(launch, params) := {"mixed": launch.group.name} if {
	is_object(launch.group.attributes.mixed_instances_policy)
} else := params

_template_id(launch) := split(launch.templates[0].arn, "launch-template/")[1] if {
	count(launch.templates) > 0
} else := null

_number(versions) := versions[0].version_number if {
	count(versions) > 0
} else := null

_version(number) := "$Default" if {
	number == null
} else := number
