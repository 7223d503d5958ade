//! Where resources are: the zones and Regions that each of them spans.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Resources;
use super::relation::{HAS_MEMBER, Relations};
use super::traffic::Traffic;
use crate::snapshot::arn::region_of;
use crate::snapshot::elb::Target;
use crate::snapshot::{Attributes, Resource, Zone};

/// Zones and Regions of one resource.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize)]
pub struct Placement<'a> {
    /// Names of the zones, inside the account. A cluster is in the zones of its members.
    pub zones: BTreeSet<&'a str>,
    /// Regions. A global cluster is in those of its members.
    pub regions: BTreeSet<Cow<'a, str>>,
    /// Members whose place is not known, because their own description was not collected or names no zone.
    pub unplaced: BTreeSet<Cow<'a, str>>,
    /// Healthy targets in each zone, of target groups.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub healthy: BTreeMap<&'a str, usize>,
}

/// Places of databases, subnet groups, target groups, NAT gateways and endpoints, by ARN.
pub(super) fn placements<'a>(
    resources: &Resources<'a>,
    relations: &Relations<'a>,
    traffic: &Traffic<'a>,
) -> FxHashMap<&'a str, Placement<'a>> {
    let members = relations.get(HAS_MEMBER);
    let mut placements = FxHashMap::default();
    for resource in resources.iter() {
        let mut placement = Placement::default();
        match &resource.attributes {
            Attributes::DbInstance(_) => placement.add(resource),
            Attributes::DbSubnetGroup(group) => {
                placement.regions.insert(Cow::Borrowed(&resource.region));
                // A subnet that is not active cannot take a standby.
                let active =
                    group.subnets.iter().filter(|subnet| subnet.subnet_status.as_deref() == Some("Active"));
                placement.zones.extend(active.filter_map(|subnet| Some(subnet.zone.as_ref()?.name.as_str())));
            }
            Attributes::DbCluster(_) | Attributes::GlobalCluster(_) => {
                if resource.region != crate::snapshot::GLOBAL {
                    placement.regions.insert(Cow::Borrowed(&resource.region));
                }
                for member in
                    members.and_then(|members| members.get(resource.arn.as_str())).into_iter().flatten()
                {
                    placement.add_member(member.clone(), resources);
                }
            }
            Attributes::TargetGroup(group) => {
                placement.regions.insert(Cow::Borrowed(&resource.region));
                for target in group.targets.iter().flatten() {
                    // A target is where it serves: one that fails its checks does not.
                    if target.state.as_deref() == Some("healthy") {
                        placement
                            .add_target(target, traffic.zones_of_target(target, resource, group, resources));
                    }
                }
            }
            Attributes::NatGateway(gateway) => {
                placement.add_zones(resource, gateway.subnet_id.as_slice(), traffic);
            }
            Attributes::VpcEndpoint(endpoint) => {
                placement.add_zones(resource, &endpoint.subnets, traffic);
            }
            _ => continue,
        }
        placements.insert(resource.arn.as_str(), placement);
    }
    placements
}

impl<'a> Placement<'a> {
    fn add(&mut self, resource: &'a Resource) {
        self.regions.insert(Cow::Borrowed(&resource.region));
        if resource.zones.is_empty() {
            self.unplaced.insert(Cow::Borrowed(&resource.arn));
        }
        self.zones.extend(resource.zones.iter().map(|zone| zone.name.as_str()));
    }

    /// The zones that the resource names, and those of its subnets.
    fn add_zones(&mut self, resource: &'a Resource, subnets: &'a [String], traffic: &Traffic<'a>) {
        self.regions.insert(Cow::Borrowed(&resource.region));
        self.zones.extend(resource.zones.iter().map(|zone| zone.name.as_str()));
        for subnet in subnets {
            let zones = traffic.zones_of_subnet(subnet);
            if zones.is_empty() {
                self.unplaced.insert(Cow::Borrowed(subnet));
            }
            self.zones.extend(zones.iter().map(|zone| zone.name.as_str()));
        }
    }

    fn add_target(&mut self, target: &'a Target, zones: &'a [Zone]) {
        if zones.is_empty() {
            self.unplaced.insert(Cow::Borrowed(&target.id));
        }
        for zone in zones {
            self.zones.insert(&zone.name);
            *self.healthy.entry(&zone.name).or_default() += 1;
        }
    }

    fn add_member(&mut self, arn: Cow<'a, str>, resources: &Resources<'a>) {
        match resources.get(&arn) {
            // The zones of a global cluster are not asked for; its Regions are in the ARNs.
            Some(member) if matches!(member.attributes, Attributes::DbCluster(_)) => {
                self.regions.insert(Cow::Borrowed(&member.region));
            }
            // A member that is on its way out will not take over.
            Some(member) if is_leaving(member) => {}
            Some(member) => self.add(member),
            None => {
                if let Some(region) = region_of(&arn) {
                    self.regions.insert(Cow::Owned(region.to_owned()));
                }
                self.unplaced.insert(arn);
            }
        }
    }
}

fn is_leaving(member: &Resource) -> bool {
    member.attributes.status() == Some("deleting")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;
    use crate::index::Index;
    use crate::snapshot::{Attributes, Snapshot, read};

    const LEDGER: &str = "arn:aws:rds:ap-northeast-1:111111111111:cluster:ledger";

    fn resilient() -> Snapshot {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/accounts/resilient/snapshot.json");
        read(Path::new(file)).unwrap().snapshot
    }

    fn zones(snapshot: &Snapshot) -> (Vec<String>, usize) {
        let config = Config::default();
        let index = Index::build(vec![snapshot], &config);
        let placement = &index.placement[LEDGER];
        (placement.zones.iter().map(|zone| (*zone).to_owned()).collect(), placement.unplaced.len())
    }

    #[test]
    fn a_cluster_is_where_its_members_are() {
        assert_eq!(
            zones(&resilient()),
            (vec!["ap-northeast-1a".to_owned(), "ap-northeast-1c".to_owned()], 0)
        );
    }

    #[test]
    fn a_member_that_was_not_collected_is_unplaced() {
        let mut snapshot = resilient();
        snapshot.resources.retain(|resource| resource.name != "ledger-2");
        assert_eq!(zones(&snapshot), (vec!["ap-northeast-1a".to_owned()], 1));
    }

    #[test]
    fn a_member_that_leaves_does_not_count() {
        let mut snapshot = resilient();
        for resource in &mut snapshot.resources {
            if let Attributes::DbInstance(instance) = &mut resource.attributes
                && resource.name == "ledger-2"
            {
                instance.db_instance_status = Some("deleting".to_owned());
            }
        }
        assert_eq!(zones(&snapshot), (vec!["ap-northeast-1a".to_owned()], 0));
    }
}
