//! Backup coverage: every copy from which the data of a resource could come back, and what might hide others.

mod newest;
mod orphan;
mod place;

use std::borrow::Cow;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

pub use self::newest::Newest;
use self::orphan::Orphans;
pub use self::orphan::PossibleCopy;
use super::Resources;
use super::relation::{REPLICATES_TO, Relations};
use crate::snapshot::arn::{account_of, region_of};
use crate::snapshot::backup::RecoveryPoint;
use crate::snapshot::s3::ReplicationRule;
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
    /// A backup that AWS Backup made or copied.
    AwsBackupSnapshot,
    /// What AWS Backup keeps to restore any point in time.
    ContinuousBackup,
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
    /// ARN of the vault of AWS Backup that it lies in; `null` for what is in none.
    pub vault: Option<&'a str>,
    /// Whether it lies in another Region than the resource; `null` if that is not known.
    pub off_region: Option<bool>,
    /// Seconds from the newest data in it to the instant of the snapshot; `null` where the API did not say, as it does not
    /// for replicas other than those of file systems.
    pub age: Option<i64>,
    /// Seconds that it is taken to be behind: its age, 0 for what is kept up to date and tells no age, and `null` where
    /// nothing says.
    pub behind: Option<i64>,
    /// Storage system that it is in: `live`, `automated backups`, `snapshots`, `vaults`, or `account ID` for everything in
    /// another account, which nothing that happens to this one reaches.
    pub system: Cow<'a, str>,
    /// How and where it is kept, in words. Several copies in one place count once.
    pub place: String,
    /// Whether nobody with the rights of an administrator of the account can delete it; `null` if that is not known.
    pub out_of_reach: Option<bool>,
}

impl<'a> Copy<'a> {
    /// A copy of which only that is known.
    fn new(kind: CopyKind, arn: Cow<'a, str>) -> Self {
        Self {
            kind,
            arn,
            region: None,
            account: None,
            vault: None,
            off_region: None,
            age: None,
            behind: None,
            system: Cow::Borrowed(kind.system()),
            place: String::new(),
            out_of_reach: None,
        }
    }
}

/// A listing that was not collected and could hold more copies.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
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
    /// How far the newest of them are behind.
    pub newest: Newest,
    /// The same if whatever is not known of them is as good as it could be. Where all is known there is no such member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_best: Option<Newest>,
    /// Of a volume, copies that may be of it or of another one. What has none has no such member.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub possible: Vec<PossibleCopy<'a>>,
    /// Listings that could hold more. Without a copy that suffices, the verdict is then unknown.
    pub unseen: Vec<Unseen<'a>>,
}

/// Copies of databases, tables, buckets and volumes, by ARN.
pub(super) fn copies<'a>(
    resources: &Resources<'a>,
    relations: &Relations<'a>,
    snapshots: &[&'a Snapshot],
) -> FxHashMap<&'a str, Copies<'a>> {
    let unseen = Hidden::of(snapshots);
    let orphans = Orphans::of(resources);
    let mut copies: FxHashMap<&str, Copies<'_>> = FxHashMap::default();
    for (resource, holder) in resources.all.iter().copied() {
        let Some(listings) = listings_of_copies(resource) else { continue };
        let account = holder.scope.account.as_str();
        let entry = copies.entry(resource.arn.as_str()).or_default();
        entry.unseen = unseen.among(account, listings);
        if resource.kind == Kind::Volume {
            entry.possible = orphans.among(account, &resource.region);
        }
        add_own_backup(resource, holder.captured_at, entry);
        for replica in relations
            .get(REPLICATES_TO)
            .and_then(|edges| edges.get(resource.arn.as_str()))
            .into_iter()
            .flatten()
        {
            if is_current(resource, replica, resources) {
                entry.known.push(replica_of(resource, replica, holder.captured_at, resources));
            }
        }
    }
    for (resource, holder) in resources.all.iter().copied() {
        add_separate_backup(resource, holder, resources, &mut copies);
    }
    copies.par_iter_mut().for_each(|(arn, entry)| {
        entry.known.sort_by(|left, right| (left.kind, &left.arn).cmp(&(right.kind, &right.arn)));
        entry.known.dedup_by(|later, earlier| later.arn == earlier.arn);
        entry.known.shrink_to_fit();
        let Some((resource, holder)) = resources.entry(arn) else { return };
        for copy in &mut entry.known {
            place::settle(copy, holder, resources);
        }
        entry.newest = Newest::of(&entry.known, resource);
        entry.at_best = Newest::at_best(&entry.known, resource);
    });
    copies
}

/// The listings that show copies of a resource; `None` if copies of its type are not asked for.
fn listings_of_copies(resource: &Resource) -> Option<&'static [&'static str]> {
    match resource.kind {
        Kind::DbInstance => Some(&[
            "rds:DescribeDBSnapshots",
            "rds:DescribeDBInstanceAutomatedBackups",
            LIST_VAULTS,
            LIST_RECOVERY_POINTS,
        ]),
        Kind::DbCluster | Kind::DocDbCluster | Kind::NeptuneCluster => Some(&[
            "rds:DescribeDBClusterSnapshots",
            "rds:DescribeDBClusterAutomatedBackups",
            LIST_VAULTS,
            LIST_RECOVERY_POINTS,
        ]),
        Kind::Volume => Some(&["ec2:DescribeSnapshots", LIST_VAULTS, LIST_RECOVERY_POINTS]),
        // A bucket and a table name their replicas themselves.
        Kind::Bucket | Kind::Table => Some(&[LIST_VAULTS, LIST_RECOVERY_POINTS]),
        Kind::FileSystem => {
            Some(&["elasticfilesystem:DescribeReplicationConfigurations", LIST_VAULTS, LIST_RECOVERY_POINTS])
        }
        _ => None,
    }
}

/// Whether a replica takes part in the replication. That of a table does while it is active: one that is being made
/// has no data yet, and one that cannot be reached falls behind. Of a global table of 2017, the table there tells.
///
/// A file system is one from the first time on that everything was replicated to it, a bucket that is there if a rule
/// covers all of the source or somebody says that a part is enough, and a database as long as RDS does not say that it has
/// stopped following.
fn is_current(source: &Resource, replica: &str, resources: &Resources<'_>) -> bool {
    let table = match &source.attributes {
        Attributes::FileSystem(file_system) => {
            return file_system.replica(replica).is_some_and(|replica| {
                replica.status.as_deref() == Some("ENABLED") && replica.last_replicated_timestamp.is_some()
            });
        }
        Attributes::Bucket(bucket) => {
            let rules = bucket.replication.iter().flat_map(|replication| &replication.rules);
            let mut rules = rules.filter(|rule| {
                rule.destination_bucket.as_deref() == Some(replica) && !is_gone(source, rule, resources)
            });
            let suffices = source.tag("hadr:crr-scope").is_some_and(|scope| !scope.is_empty());
            return rules.any(|rule| rule.enabled == Some(true) && (suffices || rule.covers_all_objects));
        }
        Attributes::DbInstance(_) => {
            let replica = resources.get(replica).map(|replica| &replica.attributes);
            let Some(Attributes::DbInstance(replica)) = replica else { return true };
            return replica.status_infos.iter().all(|info| info.normal != Some(false));
        }
        Attributes::Table(table) => table,
        _ => return true,
    };
    if let Some(replica) = table.replicas.iter().find(|known| known.arn == replica) {
        return replica.replica_status.as_deref() == Some("ACTIVE")
            && replica.replica_inaccessible_date_time.is_none();
    }
    let status = resources.get(replica).and_then(|table| table.attributes.status());
    status.is_none_or(|status| matches!(status, "ACTIVE" | "UPDATING"))
}

/// Whether a rule leads to a bucket that was deleted: it names this account as the owner of one that is not among all
/// the buckets of the account.
fn is_gone(source: &Resource, rule: &ReplicationRule, resources: &Resources<'_>) -> bool {
    let Some(destination) = rule.destination_bucket.as_deref() else { return true };
    let Some((_, snapshot)) = resources.entry(&source.arn) else { return false };
    let is_listing = |call: &Call| {
        (call.service.as_str(), call.operation.as_str()) == ("s3", "ListBuckets")
            && call.outcome == Outcome::Collected
    };
    resources.get(destination).is_none()
        && rule.destination_account.as_deref() == Some(snapshot.scope.account.as_str())
        && snapshot.coverage.iter().any(is_listing)
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
            region: Some(Cow::Borrowed(&resource.region)),
            account: account_of(&resource.arn).map(Cow::Borrowed),
            off_region: Some(false),
            age: newest.map(|newest| now.seconds_since(newest)),
            ..Copy::new(CopyKind::AutomatedBackup, Cow::Borrowed(&resource.arn))
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

fn replica_of<'a>(
    source: &Resource,
    replica: &Cow<'a, str>,
    now: Timestamp,
    resources: &Resources<'a>,
) -> Copy<'a> {
    if let Attributes::FileSystem(file_system) = &source.attributes {
        let newest = file_system.replica(replica).and_then(|replica| replica.last_replicated_timestamp);
        let age = newest.map(|newest| now.seconds_since(newest));
        return located(CopyKind::Replica, replica.clone(), source, age);
    }
    if source.kind != Kind::Bucket {
        return located(CopyKind::Replica, replica.clone(), source, None);
    }
    // The ARN of a bucket names neither its Region nor its account.
    let destination = resources.get(replica);
    // Where the Region of a bucket could not be found out, it stands as `global`.
    let region = destination.map(|bucket| bucket.region.as_str()).filter(|region| *region != GLOBAL);
    Copy {
        off_region: region.map(|region| region != source.region),
        account: destination.and_then(|bucket| resources.account(bucket)).map(Cow::Borrowed),
        region: region.map(Cow::Borrowed),
        ..Copy::new(CopyKind::ReplicaBucket, replica.clone())
    }
}

/// Backups that are resources of their own.
fn add_separate_backup<'a>(
    resource: &'a Resource,
    holder: &'a Snapshot,
    resources: &Resources<'a>,
    copies: &mut FxHashMap<&'a str, Copies<'a>>,
) {
    let now = holder.captured_at;
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
        Attributes::RecoveryPoint(point) => {
            add_recovery_point(point, resources, now, copies);
            return;
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
        // AWS Backup has told of it already if it made it, and knows less of it than the service.
        let told = entry.known.iter().position(|known| known.arn == resource.arn);
        let vault = told.and_then(|position| entry.known.swap_remove(position).vault);
        // The ARN of a snapshot of a volume has no account.
        let account = Some(Cow::Borrowed(holder.scope.account.as_str()));
        let copy = located(kind, Cow::Borrowed(&resource.arn), source, age);
        entry.known.push(Copy { account, vault, ..copy });
    }
}

/// A backup in a vault. Where it lies is where the vault is; its own ARN has no account where it is that of a snapshot.
fn add_recovery_point<'a>(
    point: &'a RecoveryPoint,
    resources: &Resources<'a>,
    now: Timestamp,
    copies: &mut FxHashMap<&'a str, Copies<'a>>,
) {
    let kind = match point.status.as_deref() {
        Some("COMPLETED") => CopyKind::AwsBackupSnapshot,
        Some("AVAILABLE") => CopyKind::ContinuousBackup,
        _ => return,
    };
    let Some(arn) = point.resource_arn.as_deref() else { return };
    if let (Some(entry), Some(source)) = (copies.get_mut(arn), resources.get(arn)) {
        // What was deleted and made again under the same name is another resource, and a backup has only the name.
        if point.creation_date.zip(made(source)).is_some_and(|(backup, made)| backup < made) {
            return;
        }
        let region = region_of(&point.backup_vault);
        // What is kept continuously is as new as the source; when that began is no age.
        let made = point.creation_date.filter(|_| kind == CopyKind::AwsBackupSnapshot);
        entry.known.push(Copy {
            off_region: region.map(|region| region != source.region),
            region: region.map(Cow::Borrowed),
            account: account_of(&point.backup_vault).map(Cow::Borrowed),
            vault: Some(&point.backup_vault),
            age: made.map(|made| now.seconds_since(made)),
            ..Copy::new(kind, Cow::Borrowed(&point.recovery_point_arn))
        });
    }
}

/// Seconds from when a resource was made to the instant of the snapshot that holds it; `None` if that is not known.
pub(super) fn age(resource: &Resource, holder: &Snapshot) -> Option<i64> {
    made(resource).map(|made| holder.captured_at.seconds_since(made))
}

/// When a resource was made. The date that S3 tells of a bucket changes when its policy does.
fn made(resource: &Resource) -> Option<Timestamp> {
    match &resource.attributes {
        Attributes::DbCluster(cluster) => cluster.cluster_create_time,
        Attributes::DbInstance(instance) => instance.instance_create_time,
        Attributes::FileSystem(file_system) => file_system.creation_time,
        Attributes::Table(table) => table.creation_date_time,
        Attributes::Volume(volume) => volume.create_time,
        _ => None,
    }
}

/// A copy whose ARN names its Region and account.
fn located<'a>(kind: CopyKind, arn: Cow<'a, str>, source: &Resource, age: Option<i64>) -> Copy<'a> {
    let region = part(&arn, region_of);
    let off_region = region.as_ref().map(|region| *region != source.region);
    Copy { account: part(&arn, account_of), off_region, region, age, ..Copy::new(kind, arn) }
}

/// A part of an ARN, borrowed where the ARN is.
fn part<'a>(arn: &Cow<'a, str>, of: fn(&str) -> Option<&str>) -> Option<Cow<'a, str>> {
    match arn {
        Cow::Borrowed(arn) => of(arn).map(Cow::Borrowed),
        Cow::Owned(arn) => of(arn).map(|part| Cow::Owned(part.to_owned())),
    }
}

/// The calls that show what is in the vaults of AWS Backup.
const LIST_VAULTS: &str = "backup:ListBackupVaults";
const LIST_RECOVERY_POINTS: &str = "backup:ListRecoveryPointsByBackupVault";

/// Listings of one account that were not collected. Those of another account hide nothing: what lies there is not looked
/// for unless it is evaluated along, and a scan that saw half of it says no less than none.
struct HiddenInAccount<'a> {
    calls: Vec<&'a Call>,
    /// Vaults whose backups could not be listed, with what became of the call.
    vaults: Vec<(&'a str, Outcome)>,
    only_region: bool,
}

/// The same of each account, by its id.
pub(super) struct Hidden<'a>(FxHashMap<&'a str, HiddenInAccount<'a>>);

impl<'a> Hidden<'a> {
    pub(super) fn of(snapshots: &[&'a Snapshot]) -> Self {
        let of_account =
            |snapshot: &&'a Snapshot| (snapshot.scope.account.as_str(), HiddenInAccount::of(snapshot));
        Self(snapshots.iter().map(of_account).collect())
    }

    /// Those of one Region of an account.
    pub(super) fn in_region(
        &self,
        account: &str,
        region: &str,
        operations: &[&'static str],
    ) -> Vec<Unseen<'a>> {
        let failed = self.0.get(account).into_iter().flat_map(|hidden| hidden.failed(operations));
        failed.filter(|unseen| unseen.region == region).collect()
    }

    fn among(&self, account: &str, operations: &[&'static str]) -> Vec<Unseen<'a>> {
        self.0.get(account).map(|hidden| hidden.among(operations)).unwrap_or_default()
    }
}

impl<'a> HiddenInAccount<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let calls = snapshot
            .coverage
            .iter()
            .filter(|call| call.outcome != Outcome::Collected && call.outcome != Outcome::RegionDisabled);
        let vaults = snapshot.resources.iter().filter(|resource| resource.kind == Kind::BackupVault);
        let vaults = vaults.filter_map(|vault| {
            let gap = vault.gaps.iter().find(|gap| gap.operation == LIST_RECOVERY_POINTS)?;
            Some((vault.region.as_str(), gap.outcome))
        });
        Self {
            calls: calls.collect(),
            vaults: vaults.collect(),
            only_region: snapshot.scope.regions.len() < 2,
        }
    }

    fn failed(&self, operations: &[&'static str]) -> impl Iterator<Item = Unseen<'a>> {
        let is = |call: &Call, id: &str| {
            id.split_once(':') == Some((call.service.as_str(), call.operation.as_str()))
        };
        self.calls.iter().filter_map(move |call| {
            let operation = operations.iter().find(|id| is(call, id))?;
            Some(Unseen { region: call.region.as_str(), operation, outcome: call.outcome })
        })
    }

    fn among(&self, operations: &[&'static str]) -> Vec<Unseen<'a>> {
        let vaults = self.vaults.iter().filter(|_| operations.contains(&LIST_RECOVERY_POINTS));
        let vaults = vaults.map(|(region, outcome)| Unseen {
            region,
            operation: LIST_RECOVERY_POINTS,
            outcome: *outcome,
        });
        // A scan of one Region cannot see copies in the others.
        let elsewhere = operations.iter().filter(|_| self.only_region);
        let elsewhere = elsewhere.map(|operation| Unseen {
            region: "other Regions",
            operation,
            outcome: Outcome::Skipped,
        });
        self.failed(operations).chain(vaults).chain(elsewhere).collect()
    }
}

#[cfg(test)]
mod tests;
