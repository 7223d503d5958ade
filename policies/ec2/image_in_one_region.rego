# METADATA
# title: Auto Scaling group starts its instances from an image that no other Region has
# description: |
#   An image can be started in its own Region only. When that fails, the workload cannot be started anywhere else until
#   the image has been built again, with what is then left of the pipeline and of its sources.
#
#   Auto Scaling groups are judged that start an image of the account, by the version of the launch template that they
#   name. They carry the tags of the workload, which images seldom do. In another Region that was scanned, these count
#   as the same: a copy of the image, the image that it is a copy of, and another copy of that, however old they are;
#   and an image of the same name or with the same tag `hadr:ami-family`, where Regions are built one by one, unless
#   it is older than the image in use by more than the parameter allows. How long ago an image was made does not count,
#   only whether the other Region has this one or a newer one. An image that is made by CreateImage names the image
#   below it as its source, in its own Region; that makes it no copy.
#
#   Images of AWS, of vendors and of other accounts are not judged, as their owners decide where they are, nor are those
#   that a parameter of Systems Manager names. The verdict is unknown where the template, its version or its image is
#   not known (launch configurations are not collected), where only one Region was scanned, and where the images of
#   another Region could not be listed. Copies in other accounts are not looked for. Whether a launch template in the
#   other Region names the copy, and whether keys there let it start, is not judged.
# scope: package
# related_resources:
# - description: Copy an Amazon EC2 AMI
#   ref: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html
# - description: CopyImage
#   ref: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: none
#     non-production: none
#   concern: failover
#   scenarios: [region]
#   resource_types: [AWS::AutoScaling::AutoScalingGroup]
#   exempt_environments: [disaster-recovery]
#   requires:
#   - autoscaling:DescribeAutoScalingGroups
#   - ec2:DescribeLaunchTemplateVersions
#   - ec2:DescribeImages
#   parameters:
#     maximum_lag_days:
#       default: 7
#       description: >-
#         Days by which an image of the same name or family may be older than the one in use, because Regions are built
#         one after the other.
#   controls:
#     aws-well-architected: [REL13-BP02, REL13-BP04]
#     nist-800-53: [CP-7(4), CP-9(3)]
#     iso-22301: [8.3.5]
#     dora: [12(4)]
#     soc2: [A1.2]
#   practices: [strategy-pilot-light]
#   remediation:
#   - argv:
#     - aws
#     - ec2
#     - copy-image
#     - --source-image-id={{params.image_id}}
#     - --source-region={{region}}
#     - --name={{params.image_name}}
#     - --copy-image-tags
#     - --region={{inputs.dr_region}}
#     effect: >-
#       the image and its snapshots are copied once, and a launch template there has to name the copy; the next image
#       needs its own. Encrypted snapshots get the default key of the other Region unless a key is given
#     risk: safe
#     undo:
#     - aws
#     - ec2
#     - deregister-image
#     - --image-id={{choose.image_id}}
#     - --delete-associated-snapshots
#     - --region={{inputs.dr_region}}
#     verify:
#     - aws
#     - ec2
#     - describe-images
#     - --owners=self
#     - --filters=Name=source-image-id,Values={{params.image_id}}
#     - --query=Images[].[ImageId,Name,State]
#     - --region={{inputs.dr_region}}
#     cost: transfer between Regions by GB, and snapshot storage in the other Region by GB and month
#   since: 0.1.0
package hadr.ec2.image_in_one_region

import data.hadr.lib.instant

# Each group with the version of the template that it starts, `null` where that is not known.
_launches := [launch |
	some group in input.resources["AWS::AutoScaling::AutoScalingGroup"]
	version := _version(group)
	launch := {"group": group, "image_id": _image_id(version), "version": version}
]

_version(group) := found if {
	template := input.by_arn[input.relations.launched_from[group.arn][0]]
	found := _chosen(template.attributes.versions, _specification(group.attributes).version)
	is_object(found)
} else := null

_specification(settings) := settings.launch_template if {
	settings.launch_template != null
} else := settings.mixed_instances_policy.launch_template

_chosen(versions, wanted) := [version | some version in versions; version.default_version == true][0] if {
	wanted in {"$Default", null}
} else := versions[count(versions) - 1] if {
	wanted == "$Latest"
} else := [version | some version in versions; _number(version) == wanted][0]

_number(version) := sprintf("%d", [version.version_number]) if is_number(version.version_number)

_image_id(version) := version.image_id if {
	is_object(version)
} else := null

# Groups of which it is not known what they start.
_unclear := [launch.group | some launch in _launches; launch.image_id == null]

# Groups that start an image of the account. What its owner shares is not among the images that are collected.
_started := [launch |
	some known in _launches
	is_string(known.image_id)
	image := input.by_arn[_image_arn(known.group, known.image_id)]
	image.account == input.account.name
	launch := object.union(known, {"image": image})
]

_image_arn(group, id) := sprintf("arn:%s:ec2:%s::image/%s", [split(group.arn, ":")[1], group.region, id])

_confined := [launch | some launch in _started; not _is_elsewhere(launch.image)]

subjects contains group.arn if {
	some group in _unclear
}

subjects contains launch.group.arn if {
	some launch in _started
}

unknowns contains group.arn if {
	some group in _unclear
}

unknowns contains launch.group.arn if {
	some launch in _confined
	_could_be_elsewhere(launch.image)
}

violations contains violation if {
	some launch in _confined
	image := launch.image
	not _could_be_elsewhere(image)
	older := _namesakes(image)
	violation := {
		"resource": launch.group.arn,
		"message": _message(launch, older),
		"evidence": {
			"image_id": image.attributes.image_id,
			"image_name": image.name,
			"version_number": launch.version.version_number,
			"creation_date": image.attributes.creation_date,
			"source_image_id": image.attributes.source_image_id,
			"source_image_region": image.attributes.source_image_region,
			"older_elsewhere": older,
		},
		"params": {"image_id": image.attributes.image_id, "image_name": _free_name(image)},
	}
}

# Images that can be started, the others being of no use.
_images := [image |
	some image in input.resources["AWS::EC2::Image"]
	image.attributes.state == "available"
]

# Source and Region of the images that were copied from one Region to another.
_copies := {[source.source_image_region, source.source_image_id, image.region] |
	some image in _images
	source := image.attributes
	source.source_image_region != image.region
}

_is_elsewhere(image) if {
	some region in input.regions
	[image.region, image.attributes.image_id, region.name] in _copies
}

_is_elsewhere(image) if {
	source := image.attributes
	_is_copied(image)
	parts := split(image.arn, ":")
	arn := sprintf("%s:%s:ec2:%s::image/%s", [parts[0], parts[1], source.source_image_region, source.source_image_id])
	input.by_arn[arn].attributes.state == "available"
}

_is_elsewhere(image) if {
	source := image.attributes
	_is_copied(image)
	some region in input.regions
	region.name != image.region
	[source.source_image_region, source.source_image_id, region.name] in _copies
}

# From another Region.
_is_copied(image) if {
	is_string(image.attributes.source_image_id)
	is_string(image.attributes.source_image_region)
	image.attributes.source_image_region != image.region
}

_is_elsewhere(image) if {
	is_string(image.attributes.creation_date)
	some date in _namesakes(image)
	instant.day(date) + data.parameters["ec2-image-in-one-region"].maximum_lag_days >= instant.day(image.attributes.creation_date)
}

# When the newest image of the same name, and the newest of the same family, was made in each other Region.
_namesakes(image) := {sprintf("%s in %s", [key, region.name]): date |
	newest := _newest
	some region in input.regions
	region.name != image.region
	some key in _keys(image)
	date := newest[[key, region.name]]
	is_string(date)
}

_newest := {[entry[0], entry[1]]: entry[2] |
	sorted := sort([[key, image.region, image.attributes.creation_date] |
		some image in _images
		is_string(image.attributes.creation_date)
		some key in _keys(image)
	])
	some number, entry in sorted
	not array.slice(sorted[number + 1], 0, 2) == array.slice(entry, 0, 2)
}

_keys(image) := [sprintf("name %s", [image.name]), sprintf("family %s", [image.tags["hadr:ami-family"]])] if {
	is_string(image.tags["hadr:ami-family"])
} else := [sprintf("name %s", [image.name])]

# The other Regions were not seen, or not all of them.
_could_be_elsewhere(_) if count(input.regions) < 2

_could_be_elsewhere(image) if {
	some region in input.regions
	region.name != image.region
	not input.coverage["ec2:DescribeImages"][region.name] in {"collected", "region_disabled"}
}

# The Region that it was copied from is not one of those.
_could_be_elsewhere(image) if {
	_is_copied(image)
	not image.attributes.source_image_region in _scanned
}

_scanned := {region.name | some region in input.regions}

# An image of another Region does not say whether it can be started.
_could_be_elsewhere(image) if {
	some region in _undescribed
	region != image.region
}

_undescribed := {image.region |
	some image in input.resources["AWS::EC2::Image"]
	image.attributes.state == null
}

# It is not known which of two of a name is the older.
_could_be_elsewhere(image) if {
	image.attributes.creation_date == null
	count(_namesakes(image)) > 0
}

_could_be_elsewhere(image) if {
	undated := _undated
	some region in input.regions
	region.name != image.region
	some key in _keys(image)
	[key, region.name] in undated
}

_undated := {[key, image.region] |
	some image in _images
	image.attributes.creation_date == null
	some key in _keys(image)
}

_message(launch, older) := sprintf("%s starts from %s (%s), of which other Regions have only older ones", [
	launch.group.name,
	launch.image.name,
	launch.image_id,
]) if {
	count(older) > 0
} else := sprintf("%s starts from %s (%s), which only %s has", [
	launch.group.name,
	launch.image.name,
	launch.image_id,
	launch.group.region,
])

# A name can be given once in a Region.
_free_name(image) := image.name if {
	not _has_namesake(image)
} else := null

_has_namesake(image) if {
	some region in input.regions
	region.name != image.region
	_newest[[sprintf("name %s", [image.name]), region.name]]
}
