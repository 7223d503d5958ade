//! Tags, once for each Region instead of once for each resource.

use std::collections::HashMap;

use super::ledger::operation;
use super::regions;
use super::scan::Scan;
use crate::snapshot::operation::Operation;
use crate::snapshot::{self, GLOBAL, Kind, Resource};

/// The call that tags come from.
pub(super) const GET_RESOURCES: &Operation = operation("tag", "GetResources");

/// Types whose own API does not return their tags, as the tagging API names them. Only these are asked for:
/// an account's thousands of tagged snapshots would come in pages of a hundred, one after the other. The name of
/// a type is that in its ARNs, and those of buckets have none.
const TYPES: &[(Kind, &str)] = &[
    (Kind::Bucket, "s3"),
    (Kind::DbSubnetGroup, "rds:subgrp"),
    (Kind::EventSubscription, "rds:es"),
    (Kind::Table, "dynamodb:table"),
    (Kind::LaunchTemplate, "ec2:launch-template"),
    (Kind::ClassicLoadBalancer, "elasticloadbalancing:loadbalancer"),
    (Kind::LoadBalancer, "elasticloadbalancing:loadbalancer"),
    (Kind::TargetGroup, "elasticloadbalancing:targetgroup"),
];

/// The types of Route 53, whose tags only one Region of the partition tells.
const GLOBAL_TYPES: &[(Kind, &str)] =
    &[(Kind::HealthCheck, "route53:healthcheck"), (Kind::HostedZone, "route53:hostedzone")];

/// Tags of the resources in one Region.
#[derive(Debug)]
pub(super) struct Tags {
    by_arn: HashMap<String, snapshot::Tags>,
    complete: bool,
    types: &'static [(Kind, &'static str)],
}

/// Collects the tags of a Region.
pub(super) async fn collect(scan: &Scan, region: &str) -> Tags {
    list(scan, region, region, TYPES).await
}

/// Collects the tags of what is in no Region.
pub(super) async fn collect_global(scan: &Scan, partition: &str) -> Tags {
    scan.ledger.plan(1);
    list(scan, regions::of_global(partition), GLOBAL, GLOBAL_TYPES).await
}

/// Asks one Region for the tags of some types, and enters the call as one of `place`.
async fn list(scan: &Scan, region: &str, place: &str, asked: &'static [(Kind, &'static str)]) -> Tags {
    let (client, lane) = scan.session.tagging(region);
    let types = super::sorted(asked.iter().map(|(_, name)| (*name).to_owned()));
    let listing = scan
        .list(
            GET_RESOURCES,
            place,
            &lane,
            |marker| {
                client
                    .get_resources()
                    .set_resource_type_filters(Some(types.clone()))
                    .resources_per_page(100)
                    .set_pagination_token(marker)
                    .send()
            },
            |page| (page.pagination_token, page.resource_tag_mapping_list),
        )
        .await;
    let by_arn = listing.items.into_iter().filter_map(|mapping| {
        let tags = mapping.tags.into_iter().flatten().map(|tag| (tag.key, tag.value));
        Some((mapping.resource_arn?, tags.collect()))
    });
    Tags { by_arn: by_arn.collect(), complete: listing.failure.is_none(), types: asked }
}

impl Tags {
    /// Gives a resource of that Region its tags, if its own API did not. One that is not listed has none, provided
    /// that the list is complete.
    pub(super) fn join(&self, resource: &mut Resource) {
        if resource.tags.is_some() || !self.types.iter().any(|(kind, _)| *kind == resource.kind) {
            return;
        }
        resource.tags =
            self.by_arn.get(&resource.arn).cloned().or_else(|| self.complete.then(snapshot::Tags::default));
    }
}
