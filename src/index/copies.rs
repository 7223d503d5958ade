//! Backup coverage: every copy from which the data of a resource could come back, and what might hide others.

use std::collections::BTreeMap;

use serde::Serialize;

use super::relation::{REPLICATES_TO, Relations};
use super::{Resources, account_of, region_of};
use crate::snapshot::{Attributes, Call, Kind, Outcome, Resource, Snapshot, Timestamp};

/// How a copy came about, which decides what it protects from: a live replica follows a deletion at once, a
/// backup does not.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyKind {
    /// Automated backups of the resource in its own Region.
    AutomatedBackup,
    /// Automated backups that RDS replicates to another Region.
    ReplicatedAutomatedBackup,
    /// A snapshot that someone made or copied.
    ManualSnapshot,
    /// A snapshot that AWS Backup made or copied.
    AwsBackupSnapshot,
    /// A read replica, or a secondary of a global cluster.
    Replica,
    /// The destination of an enabled replication rule of a bucket.
    ReplicaBucket,
}

/// One copy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Copy {
    /// How it came about.
    pub kind: CopyKind,
    /// ARN of the copy.
    pub arn: String,
    /// Region that it lies in; `null` if that is not known.
    pub region: Option<String>,
    /// Account that it lies in; `null` if that is not known.
    pub account: Option<String>,
    /// Whether it lies in another Region than the resource; `null` if that is not known.
    pub off_region: Option<bool>,
    /// Seconds from the newest data in it to the instant of the snapshot; `null` for live replicas and where
    /// the API did not say.
    pub age: Option<i64>,
}

/// A listing that was not collected and could hold more copies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unseen {
    /// Region of the listing.
    pub region: String,
    /// `service:Operation`.
    pub operation: String,
    /// What became of the call.
    pub outcome: Outcome,
}

/// Copies of one resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Copies {
    /// Copies that were found.
    pub known: Vec<Copy>,
    /// Listings that could hold more. Without a copy that suffices, the verdict is then unknown.
    pub unseen: Vec<Unseen>,
}

/// Copies of databases and buckets, by ARN.
pub(super) fn copies(
    resources: &Resources<'_>,
    relations: &Relations,
    snapshots: &[&Snapshot],
) -> BTreeMap<String, Copies> {
    let unseen = Hidden::of(snapshots);
    let mut copies: BTreeMap<String, Copies> = BTreeMap::new();
    for resource in resources.iter() {
        let Some(listings) = listings_of_copies(resource) else { continue };
        let entry = copies.entry(resource.arn.clone()).or_default();
        entry.unseen = unseen.among(listings);
        add_own_backup(resource, resources.captured_at(resource), entry);
        for replica in
            relations.get(REPLICATES_TO).and_then(|edges| edges.get(&resource.arn)).into_iter().flatten()
        {
            entry.known.push(replica_of(resource, replica, resources));
        }
    }
    for resource in resources.iter() {
        add_separate_backup(resource, resources, &mut copies);
    }
    for entry in copies.values_mut() {
        entry.known.sort_by(|left, right| (left.kind, &left.arn).cmp(&(right.kind, &right.arn)));
        entry.known.dedup_by(|later, earlier| later.arn == earlier.arn);
    }
    copies
}

/// The listings that show copies of a resource; `None` if copies of its type are not asked for.
fn listings_of_copies(resource: &Resource) -> Option<&'static [&'static str]> {
    match resource.kind {
        Kind::DbInstance => Some(&["rds:DescribeDBSnapshots", "rds:DescribeDBInstanceAutomatedBackups"]),
        Kind::DbCluster | Kind::DocDbCluster | Kind::NeptuneCluster => {
            Some(&["rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterAutomatedBackups"])
        }
        Kind::Bucket => Some(&[]),
        _ => None,
    }
}

/// Automated backups that the database itself tells of.
fn add_own_backup(resource: &Resource, now: Timestamp, entry: &mut Copies) {
    let (retention, newest, replications) = match &resource.attributes {
        Attributes::DbInstance(instance) if instance.db_cluster_identifier.is_none() => (
            instance.backup_retention_period,
            instance.latest_restorable_time,
            instance.db_instance_automated_backups_replications.as_slice(),
        ),
        Attributes::DbCluster(cluster) => {
            (cluster.backup_retention_period, cluster.latest_restorable_time, Default::default())
        }
        _ => return,
    };
    if retention.is_some_and(|days| days > 0) {
        entry.known.push(Copy {
            kind: CopyKind::AutomatedBackup,
            arn: resource.arn.clone(),
            region: Some(resource.region.clone()),
            account: account_of(&resource.arn).map(str::to_owned),
            off_region: Some(false),
            age: newest.map(|newest| now.seconds_since(newest)),
        });
    }
    for replication in replications {
        // The backup itself may be in another account or a Region that was not scanned, so it has no age here;
        // where it was collected, the entry with its age takes the place of this one.
        entry.known.push(located(CopyKind::ReplicatedAutomatedBackup, replication, resource, None));
    }
}

fn replica_of(source: &Resource, replica: &str, resources: &Resources<'_>) -> Copy {
    if source.kind != Kind::Bucket {
        return located(CopyKind::Replica, replica, source, None);
    }
    // The ARN of a bucket names neither its Region nor its account.
    let destination = resources.get(replica);
    let region = destination.map(|bucket| bucket.region.clone());
    Copy {
        kind: CopyKind::ReplicaBucket,
        arn: replica.to_owned(),
        off_region: region.as_ref().map(|region| *region != source.region),
        account: destination.and_then(|bucket| resources.account(bucket)).map(str::to_owned),
        region,
        age: None,
    }
}

/// Backups that are resources of their own.
fn add_separate_backup(
    resource: &Resource,
    resources: &Resources<'_>,
    copies: &mut BTreeMap<String, Copies>,
) {
    let now = resources.captured_at(resource);
    let (source, kind, newest) = match &resource.attributes {
        Attributes::AutomatedBackup(backup) => {
            let Some(source) = backup.source_arn.as_deref() else { return };
            // In the Region of its source it is what the source itself tells of.
            if region_of(source) == Some(resource.region.as_str()) {
                return;
            }
            (source, CopyKind::ReplicatedAutomatedBackup, backup.latest_time)
        }
        Attributes::DbSnapshot(snapshot) => {
            let Some(source) = resources.origin(resource, snapshot) else { return };
            let kind = match snapshot.snapshot_type.as_deref() {
                Some("manual") => CopyKind::ManualSnapshot,
                Some("awsbackup") => CopyKind::AwsBackupSnapshot,
                // Automated snapshots go with the automated backups.
                _ => return,
            };
            if snapshot.status.as_deref() != Some("available") {
                return;
            }
            (source, kind, snapshot.original_snapshot_create_time.or(snapshot.snapshot_create_time))
        }
        _ => return,
    };
    if let (Some(entry), Some(source)) = (copies.get_mut(source), resources.get(source)) {
        let age = newest.map(|newest| now.seconds_since(newest));
        entry.known.retain(|known| known.arn != resource.arn);
        entry.known.push(located(kind, &resource.arn, source, age));
    }
}

/// A copy whose ARN names its Region and account.
fn located(kind: CopyKind, arn: &str, source: &Resource, age: Option<i64>) -> Copy {
    let region = region_of(arn);
    Copy {
        kind,
        arn: arn.to_owned(),
        region: region.map(str::to_owned),
        account: account_of(arn).map(str::to_owned),
        off_region: region.map(|region| region != source.region),
        age,
    }
}

/// Listings that were not collected, in any of the snapshots.
struct Hidden<'a> {
    calls: Vec<(String, &'a Call)>,
    only_region: bool,
}

impl<'a> Hidden<'a> {
    fn of(snapshots: &[&'a Snapshot]) -> Self {
        let calls = snapshots.iter().flat_map(|snapshot| &snapshot.coverage);
        let calls = calls
            .filter(|call| call.outcome != Outcome::Collected && call.outcome != Outcome::RegionDisabled);
        let regions: std::collections::BTreeSet<&String> =
            snapshots.iter().flat_map(|snapshot| &snapshot.scope.regions).collect();
        Self {
            calls: calls.map(|call| (format!("{}:{}", call.service, call.operation), call)).collect(),
            only_region: regions.len() < 2,
        }
    }

    fn among(&self, operations: &[&str]) -> Vec<Unseen> {
        let failed =
            self.calls.iter().filter(|(id, _)| operations.contains(&id.as_str())).map(|(id, call)| Unseen {
                region: call.region.clone(),
                operation: id.clone(),
                outcome: call.outcome,
            });
        // A scan of one Region cannot see copies in the others.
        let elsewhere = operations.iter().filter(|_| self.only_region).map(|operation| Unseen {
            region: "other Regions".to_owned(),
            operation: (*operation).to_owned(),
            outcome: Outcome::Skipped,
        });
        failed.chain(elsewhere).collect()
    }
}
