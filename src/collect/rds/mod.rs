//! RDS, and with it Aurora, Amazon DocumentDB and Neptune, which its API lists, too.

mod backup;
mod database;
mod event;
mod parameters;
mod support;

use std::sync::Arc;

use aws_sdk_rds::types;
use futures_util::future::{join3, join4, join5};

use super::Place;
use super::ledger::operation;
use super::scan::Scan;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Resource, Tags};

pub(super) use backup::trace_snapshots;

const DESCRIBE_DB_INSTANCES: &Operation = operation("rds", "DescribeDBInstances");
const DESCRIBE_DB_CLUSTERS: &Operation = operation("rds", "DescribeDBClusters");
const DESCRIBE_GLOBAL_CLUSTERS: &Operation = operation("rds", "DescribeGlobalClusters");
const DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS: &Operation =
    operation("rds", "DescribeDBInstanceAutomatedBackups");
const DESCRIBE_DB_CLUSTER_AUTOMATED_BACKUPS: &Operation =
    operation("rds", "DescribeDBClusterAutomatedBackups");
const DESCRIBE_DB_SNAPSHOTS: &Operation = operation("rds", "DescribeDBSnapshots");
const DESCRIBE_DB_CLUSTER_SNAPSHOTS: &Operation = operation("rds", "DescribeDBClusterSnapshots");
const DESCRIBE_DB_SUBNET_GROUPS: &Operation = operation("rds", "DescribeDBSubnetGroups");
const DESCRIBE_EVENT_SUBSCRIPTIONS: &Operation = operation("rds", "DescribeEventSubscriptions");
const DESCRIBE_EVENTS: &Operation = operation("rds", "DescribeEvents");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 10] = [
    DESCRIBE_DB_INSTANCES,
    DESCRIBE_DB_CLUSTERS,
    DESCRIBE_GLOBAL_CLUSTERS,
    DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS,
    DESCRIBE_DB_CLUSTER_AUTOMATED_BACKUPS,
    DESCRIBE_DB_SNAPSHOTS,
    DESCRIBE_DB_CLUSTER_SNAPSHOTS,
    DESCRIBE_DB_SUBNET_GROUPS,
    DESCRIBE_EVENT_SUBSCRIPTIONS,
    DESCRIBE_EVENTS,
];

/// Items in a page: the most that the API allows.
const PAGE: i32 = 100;

/// Collects the databases of a Region and what protects them.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.rds(&place.region);
    /// Lists all items of an operation and normalises them.
    macro_rules! list {
        ($operation:ident, $call:ident, $items:ident, $normalise:path) => {
            async {
                let listing = scan
                    .list(
                        $operation,
                        &place.region,
                        &lane,
                        |marker| client.$call().max_records(PAGE).set_marker(marker).send(),
                        |page| (page.marker, page.$items),
                    )
                    .await;
                let resources = listing.items.into_iter().filter_map(|item| $normalise(place, item));
                resources.collect::<Vec<Resource>>()
            }
        };
    }
    let events = async {
        let listing = scan
            .list(
                DESCRIBE_EVENTS,
                &place.region,
                &lane,
                |marker| {
                    client
                        .describe_events()
                        .duration(event::MEMORY)
                        .set_event_categories(Some(event::CATEGORIES.map(str::to_owned).to_vec()))
                        .max_records(PAGE)
                        .set_marker(marker)
                        .send()
                },
                |page| (page.marker, page.events),
            )
            .await;
        listing.items.into_iter().filter_map(|event| event::event(place, event)).collect::<Vec<_>>()
    };
    let (databases, others, events) = join3(
        join5(
            list!(DESCRIBE_DB_INSTANCES, describe_db_instances, db_instances, database::instance),
            list!(DESCRIBE_DB_CLUSTERS, describe_db_clusters, db_clusters, database::cluster),
            list!(
                DESCRIBE_GLOBAL_CLUSTERS,
                describe_global_clusters,
                global_clusters,
                database::global_cluster
            ),
            list!(
                DESCRIBE_DB_SUBNET_GROUPS,
                describe_db_subnet_groups,
                db_subnet_groups,
                support::subnet_group
            ),
            list!(
                DESCRIBE_EVENT_SUBSCRIPTIONS,
                describe_event_subscriptions,
                event_subscriptions_list,
                support::event_subscription
            ),
        ),
        join4(
            list!(
                DESCRIBE_DB_INSTANCE_AUTOMATED_BACKUPS,
                describe_db_instance_automated_backups,
                db_instance_automated_backups,
                backup::of_instance
            ),
            list!(
                DESCRIBE_DB_CLUSTER_AUTOMATED_BACKUPS,
                describe_db_cluster_automated_backups,
                db_cluster_automated_backups,
                backup::of_cluster
            ),
            list!(DESCRIBE_DB_SNAPSHOTS, describe_db_snapshots, db_snapshots, backup::instance_snapshot),
            list!(
                DESCRIBE_DB_CLUSTER_SNAPSHOTS,
                describe_db_cluster_snapshots,
                db_cluster_snapshots,
                backup::cluster_snapshot
            ),
        ),
        events,
    )
    .await;
    let (instances, clusters, global_clusters, subnet_groups, subscriptions) = databases;
    let (instance_backups, cluster_backups, instance_snapshots, cluster_snapshots) = others;
    let mut found = [
        instances,
        clusters,
        global_clusters,
        subnet_groups,
        subscriptions,
        instance_backups,
        cluster_backups,
        instance_snapshots,
        cluster_snapshots,
        events,
    ]
    .concat();
    let parameters = parameters::collect(scan, place, &found).await;
    found.extend(parameters);
    found
}

/// Tags as the API of the resource gives them; `None` if it gives none, which is not the same as an empty list.
fn tags(list: Option<Vec<types::Tag>>) -> Option<Tags> {
    let tags = list?.into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())));
    Some(tags.collect())
}
