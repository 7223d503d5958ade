//! Where resources are: the zones and Regions that each of them spans.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Resources;
use super::relation::{HAS_MEMBER, Relations};
use crate::snapshot::{Attributes, Resource};

/// Zones and Regions of one resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Placement {
    /// Names of the zones, inside the account. A cluster is in the zones of its members.
    pub zones: BTreeSet<String>,
    /// Regions. A global cluster is in those of its members.
    pub regions: BTreeSet<String>,
    /// Members whose place is not known, because their own description was not collected or names no zone.
    pub unplaced: BTreeSet<String>,
}

/// Places of databases and subnet groups, by ARN.
pub(super) fn placements(resources: &Resources<'_>, relations: &Relations) -> BTreeMap<String, Placement> {
    let members = relations.get(HAS_MEMBER);
    let mut placements = BTreeMap::new();
    for resource in resources.iter() {
        let mut placement = Placement::default();
        match &resource.attributes {
            Attributes::DbInstance(_) => placement.add(resource),
            Attributes::DbSubnetGroup(group) => {
                placement.regions.insert(resource.region.clone());
                // A subnet that is not active cannot take a standby.
                let active =
                    group.subnets.iter().filter(|subnet| subnet.subnet_status.as_deref() == Some("Active"));
                placement.zones.extend(active.filter_map(|subnet| Some(subnet.zone.as_ref()?.name.clone())));
            }
            Attributes::DbCluster(_) | Attributes::GlobalCluster(_) => {
                if resource.region != crate::snapshot::GLOBAL {
                    placement.regions.insert(resource.region.clone());
                }
                for member in members.and_then(|members| members.get(&resource.arn)).into_iter().flatten() {
                    placement.add_member(member, resources);
                }
            }
            _ => continue,
        }
        placements.insert(resource.arn.clone(), placement);
    }
    placements
}

impl Placement {
    fn add(&mut self, resource: &Resource) {
        self.regions.insert(resource.region.clone());
        if resource.zones.is_empty() {
            self.unplaced.insert(resource.arn.clone());
        }
        self.zones.extend(resource.zones.iter().map(|zone| zone.name.clone()));
    }

    fn add_member(&mut self, arn: &str, resources: &Resources<'_>) {
        match resources.get(arn) {
            // The zones of a global cluster are not asked for; its Regions are in the ARNs.
            Some(member) if matches!(member.attributes, Attributes::DbCluster(_)) => {
                self.regions.insert(member.region.clone());
            }
            Some(member) => self.add(member),
            None => {
                self.unplaced.insert(arn.to_owned());
                if let Some(region) = super::region_of(arn) {
                    self.regions.insert(region.to_owned());
                }
            }
        }
    }
}
