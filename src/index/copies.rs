//! Backup coverage: every copy from which the data of a resource could come back, and what might hide others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::Resources;
use super::relation::{REPLICATES_TO, Relations};
use crate::snapshot::arn::{account_of, region_of};
use crate::snapshot::{Attributes, Call, GLOBAL, Kind, Outcome, Resource, Snapshot, Timestamp};

/// How a copy came about, which decides what it protects from: a live replica follows a deletion at once, a
/// backup does not.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CopyKind {
    /// Automated backups of the resource in its own Region, such as point-in-time recovery.
    AutomatedBackup,
    /// Automated backups that RDS replicates to another Region.
    ReplicatedAutomatedBackup,
    /// A snapshot that someone made or copied; of a volume, whoever made it.
    ManualSnapshot,
    /// A snapshot that AWS Backup made or copied.
    AwsBackupSnapshot,
    /// A read replica, a secondary of a global cluster, or an active replica of a table.
    Replica,
    /// The destination of an enabled replication rule of a bucket.
    ReplicaBucket,
}

/// One copy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Copy<'a> {
    /// How it came about.
    pub kind: CopyKind,
    /// ARN of the copy.
    pub arn: Cow<'a, str>,
    /// Region that it lies in; `null` if that is not known.
    pub region: Option<Cow<'a, str>>,
    /// Account that it lies in; `null` if that is not known.
    pub account: Option<Cow<'a, str>>,
    /// Whether it lies in another Region than the resource; `null` if that is not known.
    pub off_region: Option<bool>,
    /// Seconds from the newest data in it to the instant of the snapshot; `null` for live replicas and where
    /// the API did not say.
    pub age: Option<i64>,
}

/// A listing that was not collected and could hold more copies.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unseen<'a> {
    /// Region of the listing.
    pub region: &'a str,
    /// `service:Operation`.
    pub operation: &'static str,
    /// What became of the call.
    pub outcome: Outcome,
}

/// Copies of one resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Copies<'a> {
    /// Copies that were found.
    pub known: Vec<Copy<'a>>,
    /// Listings that could hold more. Without a copy that suffices, the verdict is then unknown.
    pub unseen: Vec<Unseen<'a>>,
}

/// Copies of databases, tables, buckets and volumes, by ARN.
pub(super) fn copies<'a>(
    resources: &Resources<'a>,
    relations: &Relations<'a>,
    snapshots: &[&'a Snapshot],
) -> BTreeMap<&'a str, Copies<'a>> {
    let unseen = Hidden::of(snapshots);
    let mut copies: BTreeMap<&str, Copies<'_>> = BTreeMap::new();
    for resource in resources.iter() {
        let Some(listings) = listings_of_copies(resource) else { continue };
        let entry = copies.entry(resource.arn.as_str()).or_default();
        entry.unseen = unseen.among(listings);
        add_own_backup(resource, resources.captured_at(resource), entry);
        for replica in relations
            .get(REPLICATES_TO)
            .and_then(|edges| edges.get(resource.arn.as_str()))
            .into_iter()
            .flatten()
        {
            if is_current(resource, replica, resources) {
                entry.known.push(replica_of(resource, replica, resources));
            }
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
        Kind::Volume => Some(&["ec2:DescribeSnapshots"]),
        // A bucket and a table name their replicas themselves.
        Kind::Bucket | Kind::Table => Some(&[]),
        _ => None,
    }
}

/// Whether a replica takes part in the replication. That of a table does while it is active: one that is being made
/// has no data yet, and one that cannot be reached falls behind. Of a global table of 2017, the table there tells.
fn is_current(source: &Resource, replica: &str, resources: &Resources<'_>) -> bool {
    let Attributes::Table(table) = &source.attributes else { return true };
    if let Some(replica) = table.replicas.iter().find(|known| known.arn == replica) {
        return replica.replica_status.as_deref() == Some("ACTIVE")
            && replica.replica_inaccessible_date_time.is_none();
    }
    let status = resources.get(replica).and_then(|table| table.attributes.status());
    status.is_none_or(|status| matches!(status, "ACTIVE" | "UPDATING"))
}

/// Automated backups that the database itself tells of.
fn add_own_backup<'a>(resource: &'a Resource, now: Timestamp, entry: &mut Copies<'a>) {
    let (is_backed_up, newest, replications) = match &resource.attributes {
        Attributes::DbInstance(instance) if instance.db_cluster_identifier.is_none() => (
            instance.backup_retention_period.is_some_and(|days| days > 0),
            instance.latest_restorable_time,
            instance.db_instance_automated_backups_replications.as_slice(),
        ),
        Attributes::DbCluster(cluster) => (
            cluster.backup_retention_period.is_some_and(|days| days > 0),
            cluster.latest_restorable_time,
            Default::default(),
        ),
        Attributes::Table(table) => {
            let Some(recovery) = &table.point_in_time_recovery else { return };
            (recovery.enabled == Some(true), recovery.latest_restorable_date_time, Default::default())
        }
        _ => return,
    };
    if is_backed_up {
        entry.known.push(Copy {
            kind: CopyKind::AutomatedBackup,
            arn: Cow::Borrowed(&resource.arn),
            region: Some(Cow::Borrowed(&resource.region)),
            account: account_of(&resource.arn).map(Cow::Borrowed),
            off_region: Some(false),
            age: newest.map(|newest| now.seconds_since(newest)),
        });
    }
    for replication in replications {
        // The backup itself may be in another account or a Region that was not scanned, so it has no age here;
        // where it was collected, the entry with its age takes the place of this one.
        entry.known.push(located(
            CopyKind::ReplicatedAutomatedBackup,
            Cow::Borrowed(replication),
            resource,
            None,
        ));
    }
}

fn replica_of<'a>(source: &Resource, replica: &Cow<'a, str>, resources: &Resources<'a>) -> Copy<'a> {
    if source.kind != Kind::Bucket {
        return located(CopyKind::Replica, replica.clone(), source, None);
    }
    // The ARN of a bucket names neither its Region nor its account.
    let destination = resources.get(replica);
    // Where the Region of a bucket could not be found out, it stands as `global`.
    let region = destination.map(|bucket| bucket.region.as_str()).filter(|region| *region != GLOBAL);
    Copy {
        kind: CopyKind::ReplicaBucket,
        arn: replica.clone(),
        off_region: region.map(|region| region != source.region),
        account: destination.and_then(|bucket| resources.account(bucket)).map(Cow::Borrowed),
        region: region.map(Cow::Borrowed),
        age: None,
    }
}

/// Backups that are resources of their own.
fn add_separate_backup<'a>(
    resource: &'a Resource,
    resources: &Resources<'a>,
    copies: &mut BTreeMap<&'a str, Copies<'a>>,
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
        Attributes::VolumeSnapshot(snapshot) => {
            let Some(source) = snapshot.source_volume_arn.as_deref() else { return };
            if snapshot.state.as_deref() != Some("completed") {
                return;
            }
            (source, CopyKind::ManualSnapshot, snapshot.data_time)
        }
        _ => return,
    };
    if let (Some(entry), Some(source)) = (copies.get_mut(source), resources.get(source)) {
        let age = newest.map(|newest| now.seconds_since(newest));
        entry.known.retain(|known| known.arn != resource.arn);
        // The ARN of a snapshot of a volume has no account.
        let account = resources.account(resource).map(Cow::Borrowed);
        let copy = located(kind, Cow::Borrowed(&resource.arn), source, age);
        entry.known.push(Copy { account: account.or(copy.account), ..copy });
    }
}

/// A copy whose ARN names its Region and account.
fn located<'a>(kind: CopyKind, arn: Cow<'a, str>, source: &Resource, age: Option<i64>) -> Copy<'a> {
    let region = part(&arn, region_of);
    let off_region = region.as_ref().map(|region| *region != source.region);
    Copy { kind, account: part(&arn, account_of), off_region, region, arn, age }
}

/// A part of an ARN, borrowed where the ARN is.
fn part<'a>(arn: &Cow<'a, str>, of: fn(&str) -> Option<&str>) -> Option<Cow<'a, str>> {
    match arn {
        Cow::Borrowed(arn) => of(arn).map(Cow::Borrowed),
        Cow::Owned(arn) => of(arn).map(|part| Cow::Owned(part.to_owned())),
    }
}

/// Listings that were not collected, in any of the snapshots.
struct Hidden<'a> {
    calls: Vec<&'a Call>,
    only_region: bool,
}

impl<'a> Hidden<'a> {
    fn of(snapshots: &[&'a Snapshot]) -> Self {
        let calls = snapshots.iter().flat_map(|snapshot| &snapshot.coverage);
        let calls = calls
            .filter(|call| call.outcome != Outcome::Collected && call.outcome != Outcome::RegionDisabled);
        let regions: std::collections::BTreeSet<&String> =
            snapshots.iter().flat_map(|snapshot| &snapshot.scope.regions).collect();
        Self { calls: calls.collect(), only_region: regions.len() < 2 }
    }

    fn among(&self, operations: &[&'static str]) -> Vec<Unseen<'a>> {
        let is = |call: &Call, id: &str| {
            id.split_once(':') == Some((call.service.as_str(), call.operation.as_str()))
        };
        let failed = self.calls.iter().filter_map(|call| {
            let operation = operations.iter().find(|id| is(call, id))?;
            Some(Unseen { region: call.region.as_str(), operation, outcome: call.outcome })
        });
        // A scan of one Region cannot see copies in the others.
        let elsewhere = operations.iter().filter(|_| self.only_region);
        let elsewhere = elsewhere.map(|operation| Unseen {
            region: "other Regions",
            operation,
            outcome: Outcome::Skipped,
        });
        failed.chain(elsewhere).collect()
    }
}

#[cfg(test)]
mod tests;
