//! DynamoDB tables, the global tables of 2017, and what scales tables.

mod table;

use std::sync::Arc;

use aws_sdk_applicationautoscaling::types::ServiceNamespace;
use futures_util::future::{join, join3};

use super::answer::unless_gone;
use super::ledger::operation;
use super::scan::Scan;
use super::{Place, at_once, cloudtrail};
use crate::snapshot::dynamodb::Table;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource};

const LIST_TABLES: &Operation = operation("dynamodb", "ListTables");
const LIST_GLOBAL_TABLES: &Operation = operation("dynamodb", "ListGlobalTables");
const DESCRIBE_TABLE: &Operation = operation("dynamodb", "DescribeTable");
const DESCRIBE_CONTINUOUS_BACKUPS: &Operation = operation("dynamodb", "DescribeContinuousBackups");
const DESCRIBE_SCALABLE_TARGETS: &Operation = operation("application-autoscaling", "DescribeScalableTargets");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 3] = [LIST_TABLES, LIST_GLOBAL_TABLES, DESCRIBE_SCALABLE_TARGETS];

/// The calls that are made about each table.
const OF_TABLE: [&Operation; 2] = [DESCRIBE_TABLE, DESCRIBE_CONTINUOUS_BACKUPS];

/// Tables and global tables in a page: the most that the API allows.
const PAGE: i32 = 100;

/// Scalable targets in a page: the most that the API allows.
const PAGE_OF_TARGETS: i32 = 50;

/// Codes by which the two calls about a table say that it is gone.
const GONE: [&str; 2] = ["ResourceNotFoundException", "TableNotFoundException"];

/// Collects the tables of a Region, what scales them, and who has restored one.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (tables, global_tables, targets) =
        join3(tables(scan, place), global_tables(scan, place), scalable_targets(scan, place)).await;
    [tables, global_tables, targets].concat()
}

async fn tables(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.dynamodb(&place.region);
    let listing = scan
        .list(
            LIST_TABLES,
            &place.region,
            &lane,
            |marker| client.list_tables().limit(PAGE).set_exclusive_start_table_name(marker).send(),
            |page| (page.last_evaluated_table_name, page.table_names),
        )
        .await;
    let listed = listing.items.len();
    scan.ledger.plan(OF_TABLE.len() * listed);
    let asked = listing.items.into_iter().map(|name| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { describe(&scan, &place, name).await }
    });
    let (tables, events) =
        join(at_once(asked), cloudtrail::in_region(scan, place, &cloudtrail::TABLES, listed > 0)).await;
    let mut tables: Vec<Resource> = tables.into_iter().flatten().collect();
    scan.ledger.enter_about(&OF_TABLE, &place.region, listed, tables.iter(), listing.failure.as_ref());
    tables.extend(events);
    tables
}

/// Asks both questions about a table at once. There is no resource where it was deleted after it was listed: calls
/// about continuous backups can wait for minutes.
async fn describe(scan: &Scan, place: &Place, name: String) -> Option<Resource> {
    let (client, lane) = scan.session.dynamodb(&place.region);
    let (backups_client, backups_lane) = scan.session.dynamodb_backups(&place.region);
    let (described, backups) = join(
        scan.ask(
            DESCRIBE_TABLE,
            &lane,
            || client.describe_table().table_name(&name).send(),
            |answer| unless_gone(answer.map(|answer| answer.table), &GONE),
        ),
        scan.ask(
            DESCRIBE_CONTINUOUS_BACKUPS,
            &backups_lane,
            || backups_client.describe_continuous_backups().table_name(&name).send(),
            |answer| unless_gone(answer.map(|answer| answer.continuous_backups_description), &GONE),
        ),
    )
    .await;
    let mut gaps = Vec::new();
    let (arn, mut settings) = match described {
        Ok(description) => table::settings(place, &name, description?),
        Err(gap) => {
            gaps.push(gap);
            (table::arn(place, &name), Table::default())
        }
    };
    match backups {
        Ok(description) => settings.point_in_time_recovery = Some(table::recovery(description?)),
        Err(gap) => gaps.push(gap),
    }
    gaps.sort_unstable();
    Some(Resource { gaps, ..place.resource(Kind::Table, arn, name, Attributes::Table(Box::new(settings))) })
}

/// Lists the global tables of 2017. Those of 2019 are properties of their tables.
async fn global_tables(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.dynamodb(&place.region);
    let listing = scan
        .list(
            LIST_GLOBAL_TABLES,
            &place.region,
            &lane,
            |marker| {
                client.list_global_tables().limit(PAGE).set_exclusive_start_global_table_name(marker).send()
            },
            |page| (page.last_evaluated_global_table_name, page.global_tables),
        )
        .await;
    listing.items.into_iter().filter_map(|item| table::global(place, item)).collect()
}

/// Lists what Application Auto Scaling may scale of the Region's tables.
async fn scalable_targets(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.application_auto_scaling(&place.region);
    let listing = scan
        .list(
            DESCRIBE_SCALABLE_TARGETS,
            &place.region,
            &lane,
            |marker| {
                client
                    .describe_scalable_targets()
                    .service_namespace(ServiceNamespace::Dynamodb)
                    .max_results(PAGE_OF_TARGETS)
                    .set_next_token(marker)
                    .send()
            },
            |page| (page.next_token, page.scalable_targets),
        )
        .await;
    listing.items.into_iter().map(|item| table::scalable_target(place, item)).collect()
}
