use std::path::Path;

use super::{CopyKind, Unseen};
use crate::config::Config;
use crate::index::{Copies, Index};
use crate::snapshot::dynamodb::{PointInTimeRecovery, Replica, Table};
use crate::snapshot::{Attributes, Call, Kind, Outcome, Resource, Snapshot, read};

const ORDERS: &str = "arn:aws:rds:ap-northeast-1:111111111111:db:orders";

fn resilient() -> Snapshot {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/accounts/resilient/snapshot.json");
    read(Path::new(file)).unwrap().snapshot
}

fn with_copies<T>(snapshot: &Snapshot, arn: &str, ask: impl FnOnce(&Copies<'_>) -> T) -> T {
    let config = Config::default();
    ask(&Index::build(vec![snapshot], &config).copies[arn])
}

fn kinds(copies: &Copies<'_>) -> Vec<(CopyKind, String, Option<bool>)> {
    let name = |arn: &str| arn.rsplit(':').next().unwrap_or_default().to_owned();
    copies.known.iter().map(|copy| (copy.kind, name(&copy.arn), copy.off_region)).collect()
}

#[test]
fn every_way_back_is_a_copy() {
    let expected = [
        (CopyKind::AutomatedBackup, "orders".to_owned(), Some(false)),
        (CopyKind::ManualSnapshot, "orders-monthly".to_owned(), Some(false)),
        (CopyKind::ManualSnapshot, "orders-monthly-dr".to_owned(), Some(true)),
        (CopyKind::Replica, "orders-dr".to_owned(), Some(true)),
    ];
    with_copies(&resilient(), ORDERS, |copies| {
        assert_eq!(kinds(copies), expected);
        assert_eq!(copies.unseen, []);
    });
}

/// A snapshot of a database that was deleted cannot bring back the one that has its name now.
#[test]
fn snapshots_of_an_earlier_database_of_the_same_name_do_not_count() {
    let mut snapshot = resilient();
    for resource in &mut snapshot.resources {
        if let Attributes::DbInstance(instance) = &mut resource.attributes {
            instance.dbi_resource_id = Some("db-NEW".to_owned());
        }
    }
    let expected = [
        (CopyKind::AutomatedBackup, "orders".to_owned(), Some(false)),
        (CopyKind::Replica, "orders-dr".to_owned(), Some(true)),
    ];
    with_copies(&snapshot, ORDERS, |copies| assert_eq!(kinds(copies), expected));
}

#[test]
fn a_snapshot_that_is_not_finished_is_not_a_copy() {
    let mut snapshot = resilient();
    for resource in &mut snapshot.resources {
        if let Attributes::DbSnapshot(settings) = &mut resource.attributes {
            settings.status = Some("creating".to_owned());
        }
    }
    with_copies(&snapshot, ORDERS, |copies| {
        assert!(!kinds(copies).iter().any(|(kind, ..)| *kind == CopyKind::ManualSnapshot));
    });
}

#[test]
fn a_listing_that_was_denied_could_hold_more() {
    let mut snapshot = resilient();
    let is_listing =
        |call: &&mut Call| call.operation == "DescribeDBSnapshots" && call.region == "ap-southeast-1";
    snapshot.coverage.iter_mut().find(is_listing).unwrap().outcome = Outcome::Denied;
    let unseen =
        Unseen { region: "ap-southeast-1", operation: "rds:DescribeDBSnapshots", outcome: Outcome::Denied };
    with_copies(&snapshot, ORDERS, |copies| assert_eq!(copies.unseen, [unseen]));
}

#[test]
fn active_replicas_and_the_recovery_of_a_table_are_copies() {
    let mut snapshot = resilient();
    let arn = |region: &str| format!("arn:aws:dynamodb:{region}:111111111111:table/sessions");
    let tokyo = arn("ap-northeast-1");
    let now = snapshot.captured_at;
    let replica = |region: &str, status: &str| Replica {
        arn: arn(region),
        region: region.to_owned(),
        replica_status: Some(status.to_owned()),
        replica_inaccessible_date_time: None,
    };
    let mut unreachable = replica("eu-west-1", "ACTIVE");
    unreachable.replica_inaccessible_date_time = Some(now);
    let table = Table {
        replicas: vec![replica("ap-southeast-1", "ACTIVE"), replica("us-east-1", "CREATING"), unreachable],
        point_in_time_recovery: Some(PointInTimeRecovery {
            enabled: Some(true),
            latest_restorable_date_time: Some(now),
            ..PointInTimeRecovery::default()
        }),
        ..Table::default()
    };
    snapshot.resources.push(Resource {
        kind: Kind::Table,
        arn: tokyo.clone(),
        name: "sessions".to_owned(),
        region: "ap-northeast-1".to_owned(),
        zones: Vec::new(),
        tags: None,
        attributes: Attributes::Table(Box::new(table)),
        gaps: Vec::new(),
    });
    let expected = [
        (CopyKind::AutomatedBackup, Some("ap-northeast-1"), Some(false), Some(0)),
        (CopyKind::Replica, Some("ap-southeast-1"), Some(true), None),
    ];
    with_copies(&snapshot, &tokyo, |copies| {
        let known = copies.known.iter();
        let known: Vec<_> =
            known.map(|copy| (copy.kind, copy.region.as_deref(), copy.off_region, copy.age)).collect();
        assert_eq!(known, expected);
        assert_eq!(copies.unseen, []);
    });
}

#[test]
fn a_scan_of_one_region_cannot_see_copies_in_the_others() {
    let mut snapshot = resilient();
    snapshot.scope.regions.truncate(1);
    with_copies(&snapshot, ORDERS, |copies| {
        let operations: Vec<&str> = copies.unseen.iter().map(|unseen| unseen.operation).collect();
        assert_eq!(operations, ["rds:DescribeDBSnapshots", "rds:DescribeDBInstanceAutomatedBackups"]);
        assert!(copies.unseen.iter().all(|unseen| unseen.region == "other Regions"));
    });
}
