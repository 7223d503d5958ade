//! Route 53: hosted zones, record sets and health checks.
//!
//! All of it is global and needs nothing that the Regions say. Five calls a second for the whole account are what a
//! large account waits for, so that they begin with the scan and the zones share what the lane lets through.

mod health_check;
mod record;

use std::sync::Arc;

use aws_sdk_route53::types;

use super::ledger::{gap, operation};
use super::scan::{Listing, Scan};
use super::{at_once, joined, regions, spawn, tags};
use crate::snapshot::operation::Operation;
use crate::snapshot::route53::HostedZone;
use crate::snapshot::{Attributes, GLOBAL, Kind, Resource};

const LIST_HOSTED_ZONES: &Operation = operation("route53", "ListHostedZones");
const LIST_HEALTH_CHECKS: &Operation = operation("route53", "ListHealthChecks");
const LIST_RECORD_SETS: &Operation = operation("route53", "ListResourceRecordSets");

/// Items in a page, each the most that Route 53 allows.
const ZONES: i32 = 100;
const HEALTH_CHECKS: i32 = 1000;
const RECORD_SETS: i32 = 300;

/// Record sets that every zone has: those of its name servers and of its authority.
const OWN_RECORD_SETS: i64 = 2;

/// Collects the zones with their record sets, and the health checks.
pub(super) async fn collect(scan: &Arc<Scan>) -> Vec<Resource> {
    scan.ledger.plan(2);
    let partition = regions::partition_of(scan.session.home());
    let checks = spawn(scan, async move |scan| health_checks(&scan, partition).await);
    let mut found = zones(scan, partition).await;
    found.extend(joined(checks.await));
    if !found.is_empty() {
        let tags = tags::collect_global(scan, partition).await;
        found.iter_mut().for_each(|resource| tags.join(resource));
    }
    found
}

async fn health_checks(scan: &Scan, partition: &str) -> Vec<Resource> {
    let (client, lane) = scan.session.route53(scan.session.home());
    let listing = scan
        .list(
            LIST_HEALTH_CHECKS,
            GLOBAL,
            &lane,
            |marker| client.list_health_checks().max_items(HEALTH_CHECKS).set_marker(marker).send(),
            |page| (page.next_marker.filter(|_| page.is_truncated), Some(page.health_checks)),
        )
        .await;
    listing.items.into_iter().map(|check| health_check::resource(partition, check)).collect()
}

/// Lists the zones, then the record sets of all of them at once.
async fn zones(scan: &Arc<Scan>, partition: &'static str) -> Vec<Resource> {
    let (client, lane) = scan.session.route53(scan.session.home());
    let listing = scan
        .list(
            LIST_HOSTED_ZONES,
            GLOBAL,
            &lane,
            |marker| client.list_hosted_zones().max_items(ZONES).set_marker(marker).send(),
            |page| (page.next_marker.filter(|_| page.is_truncated), Some(page.hosted_zones)),
        )
        .await;
    let mut found = Vec::with_capacity(listing.items.len());
    let mut pending = Vec::new();
    for listed in listing.items {
        // A server that does not count them may have any number.
        let holds_others = listed.resource_record_set_count.is_none_or(|count| count > OWN_RECORD_SETS);
        let id = bare_id(&listed.id).to_owned();
        let mut zone = zone(partition, listed);
        if holds_others {
            let scan = Arc::clone(scan);
            pending.push(async move {
                let listing = record_sets(&scan, &id).await;
                zone.gaps.extend(listing.failure.clone().map(|failure| gap(LIST_RECORD_SETS, failure)));
                (zone, listing)
            });
        } else {
            found.push(zone);
        }
    }
    scan.ledger.plan(pending.len());
    let asked = pending.len();
    for (zone, listing) in at_once(pending).await {
        // Every zone has a record set of its authority, and record sets of name servers are not about the
        // availability of what is behind the names.
        let others = listing.items.into_iter().filter(|set| !matches!(set.r#type.as_str(), "NS" | "SOA"));
        found.extend(others.map(|set| record::resource_of(&zone.arn, set)));
        found.push(zone);
    }
    let zones = found.iter().filter(|resource| resource.kind == Kind::HostedZone);
    scan.ledger.enter_about(&[LIST_RECORD_SETS], GLOBAL, asked, zones, listing.failure.as_ref());
    found
}

/// Lists the record sets of one zone. The next page is named by the first record set in it.
async fn record_sets(scan: &Scan, zone: &str) -> Listing<types::ResourceRecordSet> {
    let (client, lane) = scan.session.route53(scan.session.home());
    let listing = scan
        .pages(
            &lane,
            |marker| {
                let start = marker.as_deref().map(Start::parse).unwrap_or_default();
                client
                    .list_resource_record_sets()
                    .hosted_zone_id(zone)
                    .max_items(RECORD_SETS)
                    .set_start_record_name(start.name)
                    .set_start_record_type(start.record_type.map(|text| types::RrType::from(text.as_str())))
                    .set_start_record_identifier(start.identifier)
                    .send()
            },
            |page| {
                let next = Start {
                    name: page.next_record_name,
                    record_type: page.next_record_type.map(|kind| kind.as_str().to_owned()),
                    identifier: page.next_record_identifier,
                };
                (page.is_truncated.then(|| next.marker()), Some(page.resource_record_sets))
            },
        )
        .await;
    scan.ledger.finish(LIST_RECORD_SETS, GLOBAL, listing.failure.as_ref());
    listing
}

/// The record set that a page begins with.
#[derive(Debug, Default, Eq, PartialEq)]
struct Start {
    name: Option<String>,
    record_type: Option<String>,
    identifier: Option<String>,
}

impl Start {
    /// One text for the three. Names have no spaces, as Route 53 escapes them, and types have none either.
    fn marker(&self) -> String {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        format!("{} {} {}", text(&self.name), text(&self.record_type), text(&self.identifier))
    }

    fn parse(marker: &str) -> Self {
        let mut parts = marker.splitn(3, ' ').map(|part| super::text(Some(part.to_owned())));
        let mut next = || parts.next().flatten();
        Self { name: next(), record_type: next(), identifier: next() }
    }
}

fn zone(partition: &str, listed: types::HostedZone) -> Resource {
    let attributes = HostedZone {
        private_zone: listed.config.map(|config| config.private_zone),
        accelerated_recovery_status: super::text(
            listed
                .features
                .and_then(|features| features.accelerated_recovery_status)
                .map(|status| status.as_str().to_owned()),
        ),
        resource_record_set_count: listed.resource_record_set_count,
    };
    let arn = format!("arn:{partition}:route53:::hostedzone/{}", bare_id(&listed.id));
    resource(Kind::HostedZone, arn, record::name(&listed.name), Attributes::HostedZone(Box::new(attributes)))
}

/// The id of a zone, which the API writes as `/hostedzone/Z1`.
fn bare_id(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, id)| id)
}

/// ARN of a health check.
fn health_check_arn(partition: &str, id: &str) -> String {
    format!("arn:{partition}:route53:::healthcheck/{id}")
}

fn resource(kind: Kind, arn: String, name: String, attributes: Attributes) -> Resource {
    Resource {
        kind,
        arn,
        name,
        region: GLOBAL.to_owned(),
        zones: Vec::new(),
        tags: None,
        attributes,
        gaps: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::Start;

    #[test]
    fn a_marker_holds_the_name_the_type_and_the_identifier() {
        for identifier in [None, Some("of the first Region".to_owned())] {
            let start = Start {
                name: Some("\\052.example.com.".to_owned()),
                record_type: Some("A".to_owned()),
                identifier,
            };
            assert_eq!(Start::parse(&start.marker()), start);
        }
    }
}
