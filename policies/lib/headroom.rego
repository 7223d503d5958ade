# METADATA
# description: Which Auto Scaling groups have too few instances for the loss of a zone.
package hadr.lib.headroom

import data.hadr.lib.zones

# Groups with what they need to be judged.
groups := [entry |
	some group in input.resources["AWS::AutoScaling::AutoScalingGroup"]
	_is_judged(group)
	entry := {
		"group": group,
		"zones": zones.of(group),
		"required": _required(group),
		"serves": _serves(group),
	}
	_can_lose_a_zone(entry)
]

_is_judged(group) if group.tags == null

_is_judged(group) if {
	is_string(group.tags["hadr:required-capacity"])
	group.tags["hadr:required-capacity"] != "0"
}

_is_judged(group) if {
	is_object(group.tags)
	not group.tags["hadr:required-capacity"]
	_serves(group)
}

# It answers requests, and is what decides how many instances do.
_serves(group) if {
	_is_registered(group.attributes)
	not _is_of_containers(group)
	not _is_scaled_to_zero(group.attributes)
} else := false

_is_registered(attributes) if count(attributes.target_group_arns) > 0

_is_registered(attributes) if count(attributes.load_balancer_names) > 0

_is_registered(attributes) if count(attributes.traffic_sources) > 0

_is_of_containers(group) if {
	some key in ["eks:cluster-name", "eks:nodegroup-name", "AmazonECSManaged"]
	is_string(group.tags[key])
}

_is_scaled_to_zero(attributes) if {
	attributes.min_size == 0
	attributes.desired_capacity == 0
}

# One zone is all that there is to lose, which is said elsewhere. That the group can be a single instance is not.
_can_lose_a_zone(entry) if count(entry.zones) > 1

_can_lose_a_zone(entry) if _is_unplaced(entry.group)

_can_lose_a_zone(entry) if {
	entry.serves == true
	entry.group.attributes.min_size in {0, 1, null}
}

# The instances that have to be left, `null` if that is not known.
_required(group) := _number(group.tags["hadr:required-capacity"]) if {
	is_string(group.tags["hadr:required-capacity"])
} else := null if {
	group.tags == null
} else := group.attributes.min_size

# Engines differ in what else they take for a number.
_number(text) := to_number(text) if {
	trim(text, "0123456789") == ""
	not startswith(text, "0")
	text != ""
	count(text) < 7
} else := null

# Those that can be a single instance, and the rest.
single := [entry |
	some entry in groups
	_is_single(entry)
]

others := [entry |
	some entry in groups
	not _is_single(entry)
]

# It can be a single instance, wherever that is.
_is_single(entry) if {
	entry.serves == true
	entry.required != null
	entry.group.attributes.min_size in {0, 1}
}

# It cannot be told of one of the rest.
is_unclear(entry) if entry.required == null

is_unclear(entry) if entry.group.attributes.desired_capacity == null

is_unclear(entry) if _is_unplaced(entry.group)

# It could shrink to a single instance for all that is known.
is_unclear(entry) if {
	entry.serves == true
	entry.group.attributes.min_size == null
}

# One of its zones is not known for a zone of the Region or something else.
_is_unplaced(group) if count(group.zones) == 0

_is_unplaced(group) if {
	some zone in group.zones
	not zone.name in zones.told
}

# The group keeps the numbers of its zones within one of each other, and it is the zone with the most that is lost.
left(entry) := desired - ceil(desired / count(entry.zones)) if {
	desired := entry.group.attributes.desired_capacity
}

is_tagged(group) if is_string(group.tags["hadr:required-capacity"])

# ARNs of those that have too few for certain.
cramped := {entry.group.arn | some entry in single} | {entry.group.arn |
	some entry in others
	not is_unclear(entry)
	left(entry) < entry.required
}
