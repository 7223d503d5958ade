package hadr.ec2.image_in_one_region_test

import data.hadr.ec2.image_in_one_region as policy
import data.hadr.lib.test
import data.hadr.lib.test_compute as compute

_listed := {"ec2:DescribeImages": {
	"eu-central-1": "collected",
	"eu-west-1": "collected",
	"us-west-1": "region_disabled",
}}

_group := compute.group("web", {})

_template := compute.launch_template("lt-1", "ami-1")

_image := compute.image("ami-1", "web-7", {})

# An image in the other Region of the tests.
_abroad(id, name, attributes) := test.moved_to(compute.image(id, name, attributes), "eu-central-1")

_copy := _abroad("ami-2", "copied", {"source_image_id": "ami-1", "source_image_region": "eu-west-1"})

_document(resources) := _document_of(_group, _template, resources)

_document_of(group, template, resources) := compute.input_with(array.concat([group, template], resources), {
	"coverage": _listed,
	"relations": {"launched_from": {group.arn: [template.arn]}},
})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_where_only_one_region_has_the_image if {
	document := _document([_image])
	_violated(document) == {_group.arn}
	_unknown(document) == set()
	some violation in policy.violations with input as document
	violation.message == "web starts from web-7 (ami-1), which only eu-west-1 has"
	violation.evidence == {
		"image_id": "ami-1",
		"image_name": "web-7",
		"version_number": 1,
		"creation_date": "2026-11-01T00:00:00Z",
		"source_image_id": null,
		"source_image_region": null,
		"older_elsewhere": {},
	}
	violation.params == {"image_id": "ami-1", "image_name": "web-7"}
}

test_satisfied_by_a_copy_however_old if {
	document := _document([_image, _copy])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_group.arn}
	old := _abroad("ami-2", "copied", {
		"source_image_id": "ami-1",
		"source_image_region": "eu-west-1",
		"creation_date": "2020-01-01T00:00:00Z",
	})
	_violated(_document([_image, old])) == set()
}

test_satisfied_by_the_image_that_it_is_a_copy_of if {
	copied := compute.image("ami-1", "web-7", {"source_image_id": "ami-9", "source_image_region": "eu-central-1"})
	document := _document([copied, _abroad("ami-9", "source", {})])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_group.arn}
}

test_satisfied_by_another_copy_of_the_same_image if {
	source := {"source_image_id": "ami-9", "source_image_region": "us-west-1"}
	document := _document([compute.image("ami-1", "web-7", source), _abroad("ami-2", "copied", source)])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_group.arn}
}

# CreateImage names the image of the instance as the source.
test_an_image_made_of_the_same_base_is_no_copy if {
	base := {"source_image_id": "ami-9", "source_image_region": "eu-west-1"}
	document := _document([compute.image("ami-1", "web-7", base), _abroad("ami-2", "base", base)])
	_violated(document) == {_group.arn}
}

# The image that it was copied from is gone; another was made of that one.
test_an_image_made_of_the_source_is_no_copy if {
	source := {"source_image_id": "ami-9", "source_image_region": "eu-central-1"}
	document := _document([compute.image("ami-1", "web-7", source), _abroad("ami-2", "other", source)])
	_violated(document) == {_group.arn}
}

test_a_source_without_an_id_says_nothing if {
	source := {"source_image_id": null, "source_image_region": "eu-central-1"}
	document := _document([compute.image("ami-1", "web-7", source), _abroad("ami-2", "other", {})])
	_violated(document) == {_group.arn}
}

test_a_copy_in_the_same_region_is_none_elsewhere if {
	near := compute.image("ami-2", "near", {"source_image_id": "ami-1", "source_image_region": "eu-west-1"})
	_violated(_document([_image, near])) == {_group.arn}
}

test_a_copy_that_cannot_be_started_is_none if {
	every state in ["disabled", "failed", "invalid"] {
		broken := object.union(_copy, {"attributes": {"state": state}})
		_violated(_document([_image, broken])) == {_group.arn}
	}
}

test_satisfied_by_an_image_of_the_same_name_within_the_lag if {
	every date in ["2026-10-25T00:00:00Z", "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"] {
		document := _document([_image, _abroad("ami-2", "web-7", {"creation_date": date})])
		_violated(document) == set()
		_unknown(document) == set()
		_judged(document) == {_group.arn}
	}
}

test_violated_where_the_image_of_the_same_name_is_older if {
	document := _document([_image, _abroad("ami-2", "web-7", {"creation_date": "2026-10-24T23:59:59Z"})])
	_violated(document) == {_group.arn}
	some violation in policy.violations with input as document
	violation.message == "web starts from web-7 (ami-1), of which other Regions have only older ones"
	violation.evidence.older_elsewhere == {"name web-7 in eu-central-1": "2026-10-24T23:59:59Z"}
	violation.params == {"image_id": "ami-1", "image_name": null}
}

_of_family(family, image) := test.with_members(image, {"tags": {"hadr:ami-family": family}})

test_satisfied_by_the_newest_of_a_family if {
	document := _document([
		_of_family("web", _image),
		_of_family("web", _abroad("ami-2", "web-5", {"creation_date": "2026-08-01T00:00:00Z"})),
		_of_family("web", _abroad("ami-3", "web-8", {"creation_date": "2026-11-08T00:00:00Z"})),
	])
	_violated(document) == set()
	_judged(document) == {_group.arn}
}

test_violated_by_another_family_and_by_an_older_one if {
	document := _document([
		_of_family("web", _image),
		_of_family("api", _abroad("ami-2", "api-1", {"creation_date": "2026-11-08T00:00:00Z"})),
		_of_family("web", _abroad("ami-3", "web-5", {"creation_date": "2026-08-01T00:00:00Z"})),
	])
	_violated(document) == {_group.arn}
	some violation in policy.violations with input as document
	violation.evidence.older_elsewhere == {"family web in eu-central-1": "2026-08-01T00:00:00Z"}
	violation.params.image_name == "web-7"
}

test_the_lag_can_be_configured if {
	document := _document([_image, _abroad("ami-2", "web-7", {"creation_date": "2026-10-31T00:00:00Z"})])
	parameters := {"ec2-image-in-one-region": {"maximum_lag_days": 0}}
	found := policy.violations with input as document with data.parameters as parameters
	{violation.resource | some violation in found} == {_group.arn}
}

_versions := test.with_members(_template, {"attributes": {"versions": [
	{"version_number": 3, "default_version": true, "image_id": "ami-1", "instance_type": null},
	{"version_number": 5, "default_version": false, "image_id": "ami-5", "instance_type": null},
]}})

_started(version) := found if {
	group := compute.group("web", {"launch_template": {"launch_template_id": "lt-1", "version": version}})
	document := _document_of(group, _versions, [_image, compute.image("ami-5", "web-8", {})])
	found := {violation.evidence.image_id | some violation in policy.violations with input as document}
}

test_the_version_is_the_one_that_the_group_names if {
	every version in ["$Default", "3", null] {
		_started(version) == {"ami-1"}
	}
	every version in ["$Latest", "5"] {
		_started(version) == {"ami-5"}
	}
}

test_unknown_where_the_version_was_not_collected if {
	group := compute.group("web", {"launch_template": {"launch_template_id": "lt-1", "version": "4"}})
	document := _document_of(group, _versions, [_image])
	_unknown(document) == {group.arn}
	_violated(document) == set()
}

test_the_template_of_mixed_instances_counts if {
	group := compute.group("web", {"launch_template": null, "mixed_instances_policy": {
		"launch_template": {"launch_template_id": "lt-1", "launch_template_name": null, "version": "$Latest"},
		"instance_types": ["m7g.large", "m6g.large"],
		"has_instance_requirements": false,
	}})
	document := _document_of(group, _versions, [compute.image("ami-5", "web-8", {})])
	_violated(document) == {group.arn}
}

test_unknown_where_it_is_not_known_what_is_started if {
	classic := compute.group("web", {"launch_template": null, "launch_configuration_name": "web"})
	document := compute.input_with([classic], {"coverage": _listed, "relations": {"launched_from": {}}})
	_unknown(document) == {classic.arn}
	_judged(document) == {classic.arn}

	_unknown(_document_of(_group, compute.launch_template("lt-1", null), [_image])) == {_group.arn}

	absent := compute.input_with(
		[_group, _image],
		{"coverage": _listed, "relations": {"launched_from": {_group.arn: [_template.arn]}}},
	)
	_unknown(absent) == {_group.arn}
}

test_unknown_where_only_one_region_was_scanned if {
	document := object.union(_document([_image]), {"regions": [{"arn": "x", "name": "eu-west-1"}]})
	_unknown(document) == {_group.arn}
	_violated(document) == set()
}

test_unknown_where_images_of_another_region_are_not_listed if {
	denied := {"coverage": {"ec2:DescribeImages": {"eu-central-1": "denied"}}}
	document := object.union(_document([_image]), denied)
	_unknown(document) == {_group.arn}
	_violated(document) == set()
	_unknown(object.union(_document([_image, _copy]), denied)) == set()
}

test_unknown_where_the_region_of_the_source_was_not_scanned if {
	copied := compute.image("ami-1", "web-7", {"source_image_id": "ami-9", "source_image_region": "ap-south-1"})
	document := _document([copied])
	_unknown(document) == {_group.arn}
	_violated(document) == set()
}

test_unknown_where_a_date_or_a_state_is_not_known if {
	every resources in [
		[compute.image("ami-1", "web-7", {"creation_date": null}), _abroad("ami-2", "web-7", {})],
		[_image, _abroad("ami-2", "web-7", {"creation_date": null})],
		[_image, _abroad("ami-2", "other", {"state": null})],
	] {
		document := _document(resources)
		_unknown(document) == {_group.arn}
		_violated(document) == set()
	}
}

test_what_is_not_known_of_its_own_region_does_not_matter if {
	every resources in [
		[compute.image("ami-1", "web-7", {"creation_date": null}), _abroad("ami-2", "other", {})],
		[_image, compute.image("ami-2", "near", {"state": null})],
		[_of_family("web", _image), _of_family("web", compute.image("ami-2", "near", {"creation_date": null}))],
	] {
		_violated(_document(resources)) == {_group.arn}
	}
}

test_not_applicable_to_images_of_others_and_of_parameters if {
	every id in ["ami-9", "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"] {
		document := _document_of(_group, compute.launch_template("lt-1", id), [_image])
		_judged(document) == set()
	}
	_judged(_document([test.foreign(_image)])) == set()
}
