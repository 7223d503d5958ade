use std::path::Path;

use super::{Copy, CopyKind, Unseen};
use crate::config::Config;
use crate::index::{Copies, Index, PossibleCopy};
use crate::snapshot::backup::RecoveryPoint;
use crate::snapshot::dynamodb::{PointInTimeRecovery, Replica, Table};
use crate::snapshot::ec2::VolumeSnapshot;
use crate::snapshot::efs::{FileSystem, FileSystemReplica};
use crate::snapshot::rds::{AutomatedBackup, StatusInfo};
use crate::snapshot::{Attributes, Call, Gap, Kind, Outcome, Resource, Snapshot, Timestamp, read, samples};

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
        (CopyKind::AwsBackupSnapshot, "0f0f0f0f-0000-4000-8000-000000000000".to_owned(), Some(false)),
        (CopyKind::AwsBackupSnapshot, "0f0f0f0f-0000-4000-8000-000000000001".to_owned(), Some(true)),
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
    let now = snapshot.captured_at;
    for resource in &mut snapshot.resources {
        if let Attributes::DbInstance(instance) = &mut resource.attributes {
            instance.dbi_resource_id = Some("db-NEW".to_owned());
            // Later than every backup in the account.
            instance.instance_create_time = Some(Timestamp::from_unix_seconds(now.unix_seconds() + 86_400));
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

/// What a file system is replicated to is a copy once everything was replicated, as old as the last time.
#[test]
fn a_file_system_has_the_replicas_that_have_caught_up() {
    let mut snapshot = resilient();
    let arn = |region: &str, id: &str| {
        format!("arn:aws:elasticfilesystem:{region}:111111111111:file-system/fs-{id}")
    };
    let now = snapshot.captured_at;
    let replica = |id: &str, status: &str, age: Option<i64>| FileSystemReplica {
        arn: arn("ap-southeast-1", id),
        status: Some(status.to_owned()),
        last_replicated_timestamp: age.map(|age| Timestamp::from_unix_seconds(now.unix_seconds() - age)),
    };
    let file_system = FileSystem {
        replications: Some(vec![
            replica("behind", "ENABLED", Some(900)),
            replica("empty", "ENABLED", None),
            replica("stopped", "PAUSED", Some(60)),
        ]),
        ..FileSystem::default()
    };
    let tokyo = arn("ap-northeast-1", "home");
    let attributes = Attributes::FileSystem(Box::new(file_system));
    let resource = samples::resource(Kind::FileSystem, &tokyo, &[], attributes);
    snapshot.resources.push(Resource { region: "ap-northeast-1".to_owned(), ..resource });
    with_copies(&snapshot, &tokyo, |copies| {
        let [copy] = copies.known.as_slice() else { panic!("{copies:?}") };
        assert_eq!((copy.kind, &*copy.arn), (CopyKind::Replica, arn("ap-southeast-1", "behind").as_str()));
        assert_eq!((copy.off_region, copy.age), (Some(true), Some(900)));
    });
}

#[test]
fn a_scan_of_one_region_cannot_see_copies_in_the_others() {
    let mut snapshot = resilient();
    snapshot.scope.regions.truncate(1);
    with_copies(&snapshot, ORDERS, |copies| {
        let operations: Vec<&str> = copies.unseen.iter().map(|unseen| unseen.operation).collect();
        let expected = [
            "rds:DescribeDBSnapshots",
            "rds:DescribeDBInstanceAutomatedBackups",
            "backup:ListBackupVaults",
            "backup:ListRecoveryPointsByBackupVault",
        ];
        assert_eq!(operations, expected);
        assert!(copies.unseen.iter().all(|unseen| unseen.region == "other Regions"));
    });
}

const VAULT: &str = "arn:aws:backup:ap-southeast-1:210987654321:backup-vault:safe";

/// A backup of the database `orders` that lies in another account.
fn recovery_point(arn: &str, status: &str, made: Timestamp) -> Resource {
    let point = RecoveryPoint {
        recovery_point_arn: arn.to_owned(),
        resource_arn: Some(ORDERS.to_owned()),
        backup_vault: VAULT.to_owned(),
        status: Some(status.to_owned()),
        creation_date: Some(made),
        ..RecoveryPoint::default()
    };
    Resource {
        kind: Kind::RecoveryPoint,
        arn: format!("{VAULT}/{arn}"),
        name: arn.to_owned(),
        region: "ap-southeast-1".to_owned(),
        zones: Vec::new(),
        tags: None,
        attributes: Attributes::RecoveryPoint(Box::new(point)),
        gaps: Vec::new(),
    }
}

#[test]
fn a_backup_lies_where_its_vault_is() {
    let mut snapshot = resilient();
    for resource in &mut snapshot.resources {
        if let Attributes::DbInstance(instance) = &mut resource.attributes {
            instance.instance_create_time = None;
        }
    }
    let hour_ago = Timestamp::from_unix_seconds(snapshot.captured_at.unix_seconds() - 3600);
    let arn = "arn:aws:backup:ap-southeast-1:210987654321:recovery-point:1";
    snapshot.resources.push(recovery_point(arn, "COMPLETED", hour_ago));
    snapshot.resources.push(recovery_point("arn:aws:backup:x:y:recovery-point:2", "PARTIAL", hour_ago));
    with_copies(&snapshot, ORDERS, |copies| {
        let of_vault: Vec<&Copy<'_>> = copies.known.iter().filter(|copy| copy.vault == Some(VAULT)).collect();
        let [copy] = of_vault[..] else { panic!("{copies:?}") };
        assert_eq!((copy.arn.as_ref(), copy.vault), (arn, Some(VAULT)));
        assert_eq!((copy.region.as_deref(), copy.off_region), (Some("ap-southeast-1"), Some(true)));
        assert_eq!((copy.account.as_deref(), copy.age), (Some("210987654321"), Some(3600)));
    });
}

/// One snapshot is listed by the service and in the vault.
#[test]
fn what_lies_in_a_vault_and_is_a_snapshot_is_one_copy() {
    let mut snapshot = resilient();
    let now = snapshot.captured_at;
    let arn = "arn:aws:rds:ap-northeast-1:111111111111:snapshot:orders-monthly";
    snapshot.resources.insert(0, recovery_point(arn, "COMPLETED", now));
    with_copies(&snapshot, ORDERS, |copies| {
        let of_it: Vec<_> = copies.known.iter().filter(|copy| copy.arn == arn).collect();
        let [copy] = of_it[..] else { panic!("{of_it:?}") };
        assert_eq!((copy.kind, copy.vault), (CopyKind::ManualSnapshot, Some(VAULT)));
    });
}

#[test]
fn a_vault_that_could_not_be_read_may_hold_more() {
    let mut snapshot = resilient();
    let operation = "backup:ListRecoveryPointsByBackupVault";
    let gap = Gap { operation: operation.to_owned(), outcome: Outcome::Denied, code: None };
    let mut vault = recovery_point(VAULT, "COMPLETED", snapshot.captured_at);
    vault.kind = Kind::BackupVault;
    vault.attributes = Attributes::BackupVault(Box::default());
    vault.gaps = vec![gap];
    snapshot.resources.push(vault);
    let unseen = Unseen { region: "ap-southeast-1", operation, outcome: Outcome::Denied };
    with_copies(&snapshot, ORDERS, |copies| assert_eq!(copies.unseen, [unseen]));
}

/// A rule for a part of the objects leaves the rest where it is.
#[test]
fn a_replica_of_a_part_is_no_copy_unless_somebody_says_that_it_is_enough() {
    let mut snapshot = resilient();
    let replicates = |resource: &&mut Resource| match &resource.attributes {
        Attributes::Bucket(bucket) => {
            bucket.replication.as_ref().is_some_and(|replication| !replication.rules.is_empty())
        }
        _ => false,
    };
    let bucket = snapshot.resources.iter_mut().find(replicates).unwrap();
    let arn = bucket.arn.clone();
    if let Attributes::Bucket(bucket) = &mut bucket.attributes {
        for rule in bucket.replication.iter_mut().flat_map(|replication| &mut replication.rules) {
            rule.covers_all_objects = false;
        }
    }
    let is_copied = |snapshot: &Snapshot| {
        with_copies(snapshot, &arn, |copies| {
            copies.known.iter().any(|copy| copy.kind == CopyKind::ReplicaBucket)
        })
    };
    assert!(!is_copied(&snapshot));
    let bucket = snapshot.resources.iter_mut().find(|resource| resource.arn == arn).unwrap();
    bucket.tags = Some([("hadr:crr-scope".to_owned(), "invoices/".to_owned())].into_iter().collect());
    assert!(is_copied(&snapshot));
}

#[test]
fn a_replica_that_has_stopped_following_is_no_copy() {
    let mut snapshot = resilient();
    for resource in &mut snapshot.resources {
        if let Attributes::DbInstance(instance) = &mut resource.attributes
            && resource.name == "orders-dr"
        {
            instance.status_infos = vec![StatusInfo {
                status_type: Some("read replication".to_owned()),
                normal: Some(false),
                status: Some("error".to_owned()),
            }];
        }
    }
    with_copies(&snapshot, ORDERS, |copies| {
        assert!(!copies.known.iter().any(|copy| copy.kind == CopyKind::Replica), "{copies:?}");
    });
}

/// An account that could not be read says no less than one that was not scanned.
#[test]
fn what_another_account_denies_hides_nothing() {
    let snapshot = resilient();
    let mut other = resilient();
    other.scope.account = "222222222222".to_owned();
    other.resources.clear();
    for call in &mut other.coverage {
        call.outcome = Outcome::Denied;
    }
    let config = Config::default();
    let index = Index::build(vec![&snapshot, &other], &config);
    assert_eq!(index.copies[ORDERS].unseen, []);
}

/// Replicated automated backups that only the database tells of lie where nobody looked; what was looked at says how old
/// it is.
#[test]
fn replicated_backups_are_up_to_date_where_nobody_looked() {
    let mut snapshot = resilient();
    let backup = "arn:aws:rds:us-east-1:111111111111:auto-backup:ab-1";
    for resource in &mut snapshot.resources {
        if let Attributes::DbInstance(instance) = &mut resource.attributes {
            instance.db_instance_automated_backups_replications = vec![backup.to_owned()];
        }
    }
    let behind = |snapshot: &Snapshot| {
        with_copies(snapshot, ORDERS, |copies| {
            let copy = copies.known.iter().find(|copy| copy.arn == backup).unwrap();
            (copy.kind, copy.age, copy.behind)
        })
    };
    assert_eq!(behind(&snapshot), (CopyKind::ReplicatedAutomatedBackup, None, Some(0)));
    let collected = AutomatedBackup {
        source_arn: None,
        source_resource_id: None,
        source_region: None,
        status: None,
        backup_retention_period: None,
        earliest_time: None,
        latest_time: None,
        replications: Vec::new(),
        encrypted: None,
        kms_key_id: None,
    };
    let attributes = Attributes::AutomatedBackup(Box::new(collected));
    let resource = samples::resource(Kind::DbInstanceAutomatedBackup, backup, &[], attributes);
    snapshot.resources.push(resource);
    assert_eq!(behind(&snapshot), (CopyKind::ReplicatedAutomatedBackup, None, None));
}

const VOLUME: &str = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";

/// A copy in a Region of a snapshot of which only its Region may be known, that was begun so many seconds ago.
fn orphan(name: &str, region: &str, source_region: Option<&str>, age: Option<i64>) -> Resource {
    let begun = |age| Timestamp::from_unix_seconds(samples::NOW.unix_seconds() - age);
    let copy = VolumeSnapshot {
        state: Some("completed".to_owned()),
        is_copy: true,
        source_snapshot_arn: source_region.map(|region| format!("arn:aws:ec2:{region}::snapshot/snap-0")),
        start_time: age.map(begun),
        ..VolumeSnapshot::default()
    };
    let arn = format!("arn:aws:ec2:{region}::snapshot/{name}");
    let attributes = Attributes::VolumeSnapshot(Box::new(copy));
    Resource { region: region.to_owned(), ..samples::resource(Kind::VolumeSnapshot, &arn, &[], attributes) }
}

/// What may be a copy of a volume of eu-west-1, by Region and age.
fn possible(orphans: Vec<Resource>) -> Vec<(String, i64)> {
    let volume = samples::resource(Kind::Volume, VOLUME, &[], Attributes::Volume(Box::default()));
    let snapshot = samples::snapshot([vec![volume], orphans].concat());
    let owned = |copy: &PossibleCopy<'_>| (copy.region.to_owned(), copy.age);
    with_copies(&snapshot, VOLUME, |copies| copies.possible.iter().map(owned).collect())
}

#[test]
fn of_copies_of_unknown_origin_the_newest_may_be_of_a_volume() {
    let orphans = vec![
        orphan("snap-1", "eu-central-1", None, Some(600)),
        orphan("snap-2", "eu-central-1", None, Some(60)),
        orphan("snap-3", "eu-central-1", Some("eu-west-1"), Some(6000)),
        orphan("snap-4", "eu-west-1", None, None),
    ];
    let expected = [("eu-central-1".to_owned(), 60), ("eu-west-1".to_owned(), 0)];
    assert_eq!(possible(orphans), expected);
}

#[test]
fn a_copy_that_names_its_source_is_of_a_volume_of_that_region() {
    assert_eq!(possible(vec![orphan("snap-1", "eu-central-1", Some("eu-central-1"), Some(60))]), []);
    let expected = [("eu-central-1".to_owned(), 60)];
    assert_eq!(possible(vec![orphan("snap-1", "eu-central-1", Some("eu-west-1"), Some(60))]), expected);
}

#[test]
fn what_is_no_copy_failed_or_has_a_known_volume_is_of_no_other_volume() {
    let changes: [fn(&mut VolumeSnapshot); 3] = [
        |copy| copy.is_copy = false,
        |copy| copy.state = Some("error".to_owned()),
        |copy| copy.source_volume_arn = Some("arn:aws:ec2:eu-west-1:123456789012:volume/vol-2".to_owned()),
    ];
    for change in changes {
        let mut copy = orphan("snap-1", "eu-central-1", None, Some(60));
        let Attributes::VolumeSnapshot(settings) = &mut copy.attributes else { panic!("{copy:?}") };
        change(settings);
        assert_eq!(possible(vec![copy]), []);
    }
}

#[test]
fn copies_of_another_account_are_of_none_of_the_account() {
    let volume = samples::resource(Kind::Volume, VOLUME, &[], Attributes::Volume(Box::default()));
    let snapshot = samples::snapshot(vec![volume]);
    let mut other = samples::snapshot(vec![orphan("snap-1", "eu-central-1", None, Some(60))]);
    other.scope.account = "210987654321".to_owned();
    let config = Config::default();
    assert_eq!(Index::build(vec![&snapshot, &other], &config).copies[VOLUME].possible, []);
}
