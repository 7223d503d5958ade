//! Parameters that owners have set, of the clusters where one of them matters: what a global database may lose.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::answer::Failure;
use super::super::ledger::{gap, operation};
use super::super::scan::Scan;
use super::super::{Place, at_once};
use super::{DESCRIBE_DB_CLUSTERS, DESCRIBE_GLOBAL_CLUSTERS, PAGE};
use crate::snapshot::operation::Operation;
use crate::snapshot::rds::DbClusterParameterGroup;
use crate::snapshot::{Attributes, Kind, Resource};

const DESCRIBE_DB_CLUSTER_PARAMETERS: &Operation = operation("rds", "DescribeDBClusterParameters");

/// Collects the groups of the global databases of a Region whose engine bounds what may be lost.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place, found: &[Resource]) -> Vec<Resource> {
    let names: BTreeSet<String> = found.iter().filter_map(|cluster| asked(cluster, found)).collect();
    let asked = names.len();
    scan.ledger.plan(asked);
    let described = names.into_iter().map(|name| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { group(&scan, &place, name).await }
    });
    let groups = at_once(described).await;
    let listings = [DESCRIBE_DB_CLUSTERS, DESCRIBE_GLOBAL_CLUSTERS];
    let cut_short = scan.ledger.is_cut_short(&listings, &place.region);
    let cut_short = cut_short.then(Failure::incomplete_listing);
    let about = [DESCRIBE_DB_CLUSTER_PARAMETERS];
    scan.ledger.enter_about(&about, &place.region, asked, groups.iter(), cut_short.as_ref());
    groups
}

/// Name of the group of a cluster of Aurora PostgreSQL that belongs to a global database. Only that engine has the
/// parameter `rds.global_db_rpo`.
fn asked(cluster: &Resource, found: &[Resource]) -> Option<String> {
    let Attributes::DbCluster(attributes) = &cluster.attributes else { return None };
    let is_global = found.iter().any(|global| match &global.attributes {
        Attributes::GlobalCluster(global) => {
            global.global_cluster_members.iter().any(|member| member.db_cluster_arn == cluster.arn)
        }
        _ => false,
    });
    let is_bounded = is_global && attributes.engine.as_deref() == Some("aurora-postgresql");
    attributes.db_cluster_parameter_group.clone().filter(|_| is_bounded)
}

async fn group(scan: &Scan, place: &Place, name: String) -> Resource {
    let (client, lane) = scan.session.rds(&place.region);
    let listing = scan
        .pages(
            &lane,
            |marker| {
                client
                    .describe_db_cluster_parameters()
                    .db_cluster_parameter_group_name(&name)
                    .source("user")
                    .max_records(PAGE)
                    .set_marker(marker)
                    .send()
            },
            |page| (page.marker, page.parameters),
        )
        .await;
    scan.ledger.finish(DESCRIBE_DB_CLUSTER_PARAMETERS, &place.region, listing.failure.as_ref());
    let parameters: BTreeMap<String, String> = listing
        .items
        .into_iter()
        .filter_map(|parameter| Some((parameter.parameter_name?, parameter.parameter_value?)))
        .collect();
    let attributes = DbClusterParameterGroup { parameters: listing.failure.is_none().then_some(parameters) };
    let arn = place.arn("rds", &format!("cluster-pg:{name}"));
    let attributes = Attributes::DbClusterParameterGroup(Box::new(attributes));
    Resource {
        gaps: listing
            .failure
            .map(|failure| gap(DESCRIBE_DB_CLUSTER_PARAMETERS, failure))
            .into_iter()
            .collect(),
        ..place.resource(Kind::DbClusterParameterGroup, arn, name, attributes)
    }
}
