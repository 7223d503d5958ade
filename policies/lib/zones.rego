# METADATA
# description: What several policies ask about Availability Zones.
package hadr.lib.zones

# Names of the Availability Zones, by Region. Local Zones and those of Wavelength are none: they have a part of the
# services only, and hang on one zone of the Region.
usable := {region.name: names |
	some region in input.regions
	names := {zone.name |
		some zone in input.resources["AWS::EC2::AvailabilityZone"]
		zone.region == region.name
		zone.attributes.zone_type == "availability-zone"
	}
}

# The Availability Zones that a resource is in or that are enabled for it.
of(resource) := {zone.name | some zone in resource.zones} & usable[resource.region]
