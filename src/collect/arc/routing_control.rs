//! Routing controls, which are on panels, which are on clusters.
//!
//! Neither clusters nor panels are resources of the snapshot, so that nothing has the gap of one whose list was refused.
//! A list that misses one of them is a list that failed.

use std::sync::Arc;

use aws_sdk_route53recoverycontrolconfig::types;

use super::super::answer::Failure;
use super::super::identity::Account;
use super::super::ledger::operation;
use super::super::scan::{Listing, Scan};
use super::super::{Place, at_once, regions, text};
use crate::snapshot::arc::RoutingControl;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, GLOBAL, Kind, Resource};

const LIST_CLUSTERS: &Operation = operation("route53-recovery-control-config", "ListClusters");
const LIST_CONTROL_PANELS: &Operation = operation("route53-recovery-control-config", "ListControlPanels");
const LIST_ROUTING_CONTROLS: &Operation = operation("route53-recovery-control-config", "ListRoutingControls");

/// The only Region that answers calls about them. Other partitions have none.
const REGION: &str = "us-west-2";

/// Items in a page: the most that the API allows.
const PAGE: i32 = 1000;

/// Code of a cluster or a panel that is gone.
const GONE: [&str; 1] = ["ResourceNotFoundException"];

/// Collects the routing controls of an account. Those of clusters that others share with it are theirs.
pub(in crate::collect) async fn collect(scan: &Arc<Scan>, account: &Account) -> Vec<Resource> {
    if account.partition != regions::partition_of(REGION) {
        return Vec::new();
    }
    scan.ledger.plan(1);
    let (client, lane) = scan.session.routing_control(REGION);
    let clusters = scan
        .list(
            LIST_CLUSTERS,
            GLOBAL,
            &lane,
            |marker| client.list_clusters().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.clusters),
        )
        .await;
    let place = Place::new(account, GLOBAL);
    let owned = clusters.items.into_iter().filter(|cluster| place.is_owner(cluster.owner.as_deref()));
    let arns: Vec<String> = owned.filter_map(|cluster| text(cluster.cluster_arn)).collect();
    scan.ledger.plan(arns.len());
    let asked = arns.into_iter().map(|cluster| {
        let scan = Arc::clone(scan);
        async move { panels(&scan, &cluster).await }
    });
    let panels = together(scan, LIST_CONTROL_PANELS, at_once(asked).await, clusters.failure.as_ref());
    let owned = panels.items.into_iter().filter(|panel| place.is_owner(panel.owner.as_deref()));
    let arns: Vec<String> = owned.filter_map(|panel| text(panel.control_panel_arn)).collect();
    scan.ledger.plan(arns.len());
    let asked = arns.into_iter().map(|panel| {
        let scan = Arc::clone(scan);
        async move { controls(&scan, &panel).await }
    });
    let controls = together(scan, LIST_ROUTING_CONTROLS, at_once(asked).await, panels.failure.as_ref());
    let owned = controls.items.into_iter().filter(|control| place.is_owner(control.owner.as_deref()));
    owned.filter_map(|control| resource(&place, control)).collect()
}

async fn panels(scan: &Scan, cluster: &str) -> Listing<types::ControlPanel> {
    let (client, lane) = scan.session.routing_control(REGION);
    let listing = scan
        .pages(
            &lane,
            |marker| {
                let page = client.list_control_panels().cluster_arn(cluster).max_results(PAGE);
                page.set_next_token(marker).send()
            },
            |page| (page.next_token, page.control_panels),
        )
        .await;
    finished(scan, LIST_CONTROL_PANELS, listing)
}

async fn controls(scan: &Scan, panel: &str) -> Listing<types::RoutingControl> {
    let (client, lane) = scan.session.routing_control(REGION);
    let listing = scan
        .pages(
            &lane,
            |marker| {
                let page = client.list_routing_controls().control_panel_arn(panel).max_results(PAGE);
                page.set_next_token(marker).send()
            },
            |page| (page.next_token, page.routing_controls),
        )
        .await;
    finished(scan, LIST_ROUTING_CONTROLS, listing)
}

/// Reports a list as finished. What is gone has nothing on it.
fn finished<T>(scan: &Scan, operation: &'static Operation, listing: Listing<T>) -> Listing<T> {
    let failure = listing.failure.filter(|failure| !failure.is_answer(&GONE));
    scan.ledger.finish(operation, GLOBAL, failure.as_ref());
    Listing { failure, ..listing }
}

/// Makes one entry for several lists. It failed if one of them did, or what they are about was cut short itself.
fn together<T>(
    scan: &Scan,
    operation: &'static Operation,
    listings: Vec<Listing<T>>,
    cut_short: Option<&Failure>,
) -> Listing<T> {
    let (mut items, mut failures) = (Vec::new(), Vec::new());
    for listing in listings {
        items.extend(listing.items);
        failures.extend(listing.failure);
    }
    let unknown = || cut_short.map(|_| Failure::incomplete_listing());
    // They end in any order, and the entry has to be the same for the same answers.
    let failure = failures.into_iter().min().or_else(unknown);
    scan.ledger.enter(operation, GLOBAL, items.len(), failure.as_ref());
    Listing { items, failure }
}

fn resource(place: &Place, control: types::RoutingControl) -> Option<Resource> {
    let arn = text(control.routing_control_arn)?;
    let name = text(control.name).unwrap_or_else(|| arn.clone());
    let attributes = RoutingControl {
        control_panel_arn: text(control.control_panel_arn),
        status: control.status.map(|status| status.as_str().to_owned()),
    };
    let attributes = Attributes::RoutingControl(Box::new(attributes));
    Some(place.resource(Kind::RoutingControl, arn, name, attributes))
}
