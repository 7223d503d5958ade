package hadr.autoscaling.launch_fragile_test

import data.hadr.autoscaling.launch_fragile as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_ways(document) := {violation.discriminator | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_web := {compute.group_arn("web")}

_template := compute.launch_template("lt-1", "ami-1")

_image := compute.image("ami-1", "web", {})

# The input with a group, its template and others.
_launched(group, others) := compute.input_with(
	array.concat([group], others),
	compute.related("launched_from", {group.arn: [_template.arn]}),
)

# A group of a workload for which one type of instance is enough.
_group(attributes) := test.with_members(compute.group("web", attributes), {"criticality": "general"})

_from(version) := {"launch_template": {"version": version}}

_policy(settings) := {
	"launch_template": null,
	"mixed_instances_policy": object.union(
		{
			"launch_template": {
				"launch_template_id": "lt-1",
				"launch_template_name": "web-lt-1",
				"version": "$Default",
			},
			"instance_types": ["m6g.large", "m7g.large"],
			"has_instance_requirements": false,
		},
		settings,
	),
}

# The template with these versions.
_versions(versions) := object.union(_template, {"attributes": {"versions": versions}})

_version(number, is_default, image) := {
	"version_number": number,
	"default_version": is_default,
	"image_id": image,
	"instance_type": "m7g.large",
}

_from_configuration := {"launch_configuration_name": "web-lc", "launch_template": null}

test_violated_by_a_launch_configuration if {
	document := compute.input_with([_group(_from_configuration)], {})
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web starts instances from the launch configuration web-lc"
	violation.evidence == {"launch_configuration_name": "web-lc"}
	violation.params == {"launch_configuration": "web-lc", "new_template": "web"}
	violation.discriminator == "launch-configuration"
}

test_name_of_the_new_template_is_chosen_where_it_cannot_be_that_of_the_group if {
	group := test.with_members(_group(_from_configuration), {"name": "web servers"})
	document := compute.input_with([group], {})
	some violation in policy.violations with input as document
	violation.params.new_template == null
}

test_violated_by_a_template_that_is_gone if {
	document := _launched(_group({}), [_image])
	_violated(document) == _web
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "web starts instances from a launch template that does not exist"
	violation.evidence == {
		"launch_template_id": "lt-1",
		"launch_template_name": "web-lt-1",
		"version": "$Default",
	}
	violation.params == {"without_template": "web"}
	violation.discriminator == "launch-template"
}

test_violated_by_the_latest_version if {
	document := _launched(_group(_from("$Latest")), [_template, _image])
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web starts instances from the latest version of its launch template"
	violation.evidence.version == "$Latest"
	violation.params == {"latest_of": "lt-1", "latest_version": 1}
	violation.discriminator == "latest-version"
	violation.at_most == "low"
}

test_violated_by_the_latest_version_in_a_mixed_instances_policy if {
	latest := {"launch_template": {"launch_template_id": "lt-1", "launch_template_name": null, "version": "$Latest"}}
	document := _launched(_group(_policy(latest)), [_template, _image])
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.evidence.version == "$Latest"
	violation.params == {"mixed": "web"}
}

test_violated_by_an_image_that_cannot_be_started if {
	document := _launched(_group({}), [_template, compute.image("ami-1", "web", {"state": "invalid"})])
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web starts instances from the image ami-1, which is invalid"
	violation.evidence == {
		"launch_template_id": "lt-1",
		"launch_template_name": "web-lt-1",
		"version": "$Default",
		"image_id": "ami-1",
		"state": "invalid",
		"deprecation_time": null,
	}
	violation.params == {"template_of_image": "lt-1", "version_of_image": 1}
	violation.discriminator == "image"
	not violation.at_most
}

test_lesser_where_the_image_is_deprecated if {
	deprecated := compute.image("ami-1", "web", {"deprecation_time": "2026-11-01T00:00:00Z"})
	document := _launched(_group({}), [_template, deprecated])
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web starts instances from the image ami-1, which is deprecated since 2026-11-01T00:00:00Z"
	violation.evidence.deprecation_time == "2026-11-01T00:00:00Z"
	violation.at_most == "low"
}

test_satisfied_before_the_image_is_deprecated if {
	later := compute.image("ami-1", "web", {"deprecation_time": "2027-11-01T00:00:00Z"})
	document := _launched(_group({}), [_template, later])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

test_the_version_that_is_meant_decides if {
	template := _versions([_version(3, true, "ami-1"), _version(5, false, "ami-5")])
	broken := compute.image("ami-5", "web", {"state": "failed"})
	_ways(_launched(_group(_from("$Default")), [template, _image, broken])) == set()
	_ways(_launched(_group(_from(null)), [template, _image, broken])) == set()
	_ways(_launched(_group(_from("3")), [template, _image, broken])) == set()
	_ways(_launched(_group(_from("5")), [template, _image, broken])) == {"image"}
	_ways(_launched(_group(_from("$Latest")), [template, _image, broken])) == {"image", "latest-version"}
}

test_latest_version_is_that_of_the_remediation if {
	template := _versions([_version(3, true, "ami-1"), _version(5, false, "ami-1")])
	document := _launched(_group(_from("$Latest")), [template, _image])
	some violation in policy.violations with input as document
	violation.params.latest_version == 5
}

test_violated_by_a_single_type_of_mission_critical_instances if {
	document := _launched(compute.group("web", {}), [_template, _image])
	_violated(document) == _web
	some violation in policy.violations with input as document
	violation.message == "web can start instances of one type only, m7g.large"
	violation.evidence.instance_type == "m7g.large"
	violation.params == {
		"single_type_of": "lt-1",
		"single_type_version": "$Default",
		"instance_type": "m7g.large",
	}
	violation.discriminator == "instance-type"
}

test_violated_by_a_mixed_instances_policy_of_one_type if {
	document := _launched(compute.group("web", _policy({"instance_types": ["c7g.large"]})), [_template, _image])
	_ways(document) == {"instance-type"}
	some violation in policy.violations with input as document
	violation.evidence.instance_type == "c7g.large"
	violation.params == {"mixed": "web"}
}

test_violated_by_a_mixed_instances_policy_without_types if {
	document := _launched(compute.group("web", _policy({"instance_types": []})), [_template, _image])
	_ways(document) == {"instance-type"}
	some violation in policy.violations with input as document
	violation.evidence.instance_type == "m7g.large"
}

test_satisfied_with_several_types_or_requirements if {
	every settings in [{}, {"instance_types": [], "has_instance_requirements": true}] {
		document := _launched(compute.group("web", _policy(settings)), [_template, _image])
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _web with input as document
	}
}

test_satisfied_with_one_type_where_less_is_at_stake if {
	document := _launched(_group({}), [_template, _image])
	_violated(document) == set()
	_unknown(document) == set()
	policy.subjects == _web with input as document
}

# Somebody else may own it, or a parameter names it.
test_images_that_are_not_in_the_account_are_not_judged if {
	every id in ["ami-9", "resolve:ssm:/web/image"] {
		document := _launched(_group({}), [compute.launch_template("lt-1", id), _image])
		_violated(document) == set()
		_unknown(document) == set()
		policy.subjects == _web with input as document
	}
}

test_unknown_without_what_it_starts_from if {
	every attributes in [
		{"launch_template": null},
		{"launch_template": null, "mixed_instances_policy": {"launch_template": null, "instance_types": []}},
		{"launch_template": {"launch_template_id": null, "launch_template_name": null}},
	] {
		document := compute.input_with([_group(attributes)], {})
		_unknown(document) == _web
		_violated(document) == set()
	}
}

test_unknown_where_the_version_was_not_collected if {
	document := _launched(_group(_from("2")), [_template, _image])
	_unknown(document) == _web
	_violated(document) == set()
}

test_unknown_without_what_decides_the_version if {
	pair := [_version(3, true, "ami-1"), _version(5, false, "ami-5")]
	unnumbered := _versions([pair[0], object.union(pair[1], {"version_number": null})])
	undecided := _versions([object.union(pair[0], {"default_version": null}), pair[1]])
	_unknown(_launched(_group(_from("$Latest")), [unnumbered, _image])) == _web
	_unknown(_launched(_group(_from("5")), [unnumbered, _image])) == _web
	_unknown(_launched(_group(_from("$Default")), [undecided, _image])) == _web
}

test_unknown_without_what_is_known_of_the_image if {
	every others in [
		[compute.launch_template("lt-1", null)],
		[_template, compute.image("ami-1", "web", {"state": null})],
		[_template, compute.image("ami-1", "web", {"state": "pending"})],
	] {
		document := _launched(_group({}), others)
		_unknown(document) == _web
		_violated(document) == set()
	}
}

# The template can have requirements instead.
test_unknown_where_the_template_has_no_type if {
	template := _versions([object.union(_version(1, true, "ami-1"), {"instance_type": null})])
	document := _launched(compute.group("web", {}), [template, _image])
	_unknown(document) == _web
	_violated(document) == set()
	_unknown(_launched(_group({}), [template, _image])) == set()
}

# One type is enough only if the group is not mission-critical.
test_unknown_with_one_type_without_tags if {
	document := _launched(test.with_members(_group({}), {"tags": null}), [_template, _image])
	_unknown(document) == _web
	_violated(document) == set()
}

test_not_applicable_without_groups if {
	document := compute.input_with([_template, _image], {})
	policy.subjects == set() with input as document
}
