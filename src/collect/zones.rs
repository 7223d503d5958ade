//! Zone ids. A zone's name means another place in another account; its id means the same in all.

use std::collections::HashMap;

use crate::snapshot::{Attributes, Resource, Zone};

/// Gives the zones of resources their ids, as far as the zones of their Regions were collected.
pub(super) fn join(resources: &mut [Resource]) {
    let ids: HashMap<(String, String), String> = resources
        .iter()
        .filter_map(|resource| match &resource.attributes {
            Attributes::AvailabilityZone(zone) => {
                Some(((resource.region.clone(), resource.name.clone()), zone.zone_id.clone()?))
            }
            _ => None,
        })
        .collect();
    for resource in resources {
        let region = resource.region.clone();
        for zone in resource.zones.iter_mut().chain(inner(&mut resource.attributes)) {
            if zone.id.is_none() {
                zone.id = ids.get(&(region.clone(), zone.name.clone())).cloned();
            }
        }
    }
}

/// Zones among the settings of a resource.
fn inner(attributes: &mut Attributes) -> Vec<&mut Zone> {
    match attributes {
        Attributes::AutoScalingGroup(group) => {
            group.instances.iter_mut().filter_map(|instance| instance.zone.as_mut()).collect()
        }
        Attributes::DbSubnetGroup(group) => {
            group.subnets.iter_mut().filter_map(|subnet| subnet.zone.as_mut()).collect()
        }
        Attributes::TargetGroup(group) => {
            group.targets.iter_mut().flatten().filter_map(|target| target.zone.as_mut()).collect()
        }
        _ => Vec::new(),
    }
}
