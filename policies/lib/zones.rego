# METADATA
# description: What several policies ask about Availability Zones.
package hadr.lib.zones

# Names of the Availability Zones, by Region. Local Zones and those of Wavelength are none: they have a part of the
# services only, and hang on one zone of the Region.
usable := {region.name: names |
	some region in input.regions
	names := {zone.name | some zone in region.zones; zone.type == "availability-zone"}
}

# Names of the zones of which the account knows what they are.
told := {zone.name |
	some region in input.regions
	some zone in region.zones
	is_string(zone.type)
}

# A zone of the resource is none of those that the account sees.
is_outside(resource) if {
	some zone in resource.zones
	not zone.name in _seen
}

_seen := {zone.name | some region in input.regions; some zone in region.zones}

# Names of Regions of which nobody knows how many zones they have.
unclear_regions := {region.name |
	some region in input.regions
	some zone in region.zones
	zone.type == null
}

# All zones of the resource are at the edge, or all of its subnets on Outposts.
is_at_the_edge(resource, _) if {
	count(resource.zones) > 0
	count([zone | some zone in resource.zones; not zone.name in _local]) == 0
}

is_at_the_edge(resource, subnets) if {
	count(subnets) > 0
	count([arn |
		some arn in input.relations.placed_in[resource.arn]
		is_string(input.by_arn[arn].attributes.outpost_arn)
	]) == count(subnets)
}

# Names of those at the edge.
_local := {zone.name |
	some region in input.regions
	some zone in region.zones
	zone.type in {"local-zone", "wavelength-zone"}
}

# The Availability Zones that a resource is in or that are enabled for it.
of(resource) := {zone.name | some zone in resource.zones} & usable[resource.region]
