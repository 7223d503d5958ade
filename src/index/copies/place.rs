//! What follows from where a copy lies: what it counts as, how old it is taken to be, and who can delete it.

use std::borrow::Cow;

use super::{Copy, CopyKind};
use crate::index::Resources;
use crate::snapshot::{Attributes, Snapshot, Timestamp};

impl CopyKind {
    /// Storage system that such copies are in. A replica is in that of the data: what is deleted in one is deleted in the
    /// other.
    pub(super) fn system(self) -> &'static str {
        match self {
            Self::AutomatedBackup | Self::ReplicatedAutomatedBackup => "automated backups",
            Self::ManualSnapshot => "snapshots",
            Self::AwsBackupSnapshot | Self::ContinuousBackup => "vaults",
            Self::Replica | Self::ReplicaBucket => "live",
        }
    }
}

/// Fills in what follows from the rest of a copy of a resource that the holder has.
pub(super) fn settle(copy: &mut Copy<'_>, holder: &Snapshot, resources: &Resources<'_>) {
    let region = copy.region.as_deref().unwrap_or("an unknown Region");
    let account = copy.account.as_deref().unwrap_or("an unknown account");
    copy.place = format!("{} in {region} of {account}", copy.kind.system());
    copy.behind = copy.age.or_else(|| is_kept_up(copy, resources).then_some(0));
    let elsewhere = copy.account.as_deref().filter(|account| *account != holder.scope.account);
    if let Some(account) = elsewhere {
        copy.system = Cow::Owned(format!("account {account}"));
        copy.out_of_reach = Some(true);
    } else {
        copy.out_of_reach = is_out_of_reach(copy, holder.captured_at, resources);
    }
}

/// Whether it follows the data all the time. Replicated automated backups do where only the database tells of them, as
/// they lie where nobody looked.
fn is_kept_up(copy: &Copy<'_>, resources: &Resources<'_>) -> bool {
    match copy.kind {
        CopyKind::ContinuousBackup | CopyKind::Replica | CopyKind::ReplicaBucket => true,
        CopyKind::ReplicatedAutomatedBackup => resources.get(&copy.arn).is_none(),
        _ => false,
    }
}

/// Whether a vault or an object lock keeps it from everybody in the account: a logically air-gapped vault, a lock in
/// compliance mode whose grace time is over, or an object lock in compliance mode. A lock in governance mode can be
/// removed by those who may.
fn is_out_of_reach(copy: &Copy<'_>, now: Timestamp, resources: &Resources<'_>) -> Option<bool> {
    if copy.kind == CopyKind::ReplicaBucket {
        let Attributes::Bucket(bucket) = &resources.get(&copy.arn)?.attributes else { return None };
        return Some(bucket.object_lock.as_ref()?.is_for_everybody());
    }
    let Some(vault) = copy.vault else { return Some(false) };
    let Attributes::BackupVault(vault) = &resources.get(vault)?.attributes else { return None };
    let is_final = vault.lock_date.is_some_and(|date| date <= now);
    if vault.vault_type.as_deref() == Some("LOGICALLY_AIR_GAPPED_BACKUP_VAULT")
        || (vault.locked == Some(true) && is_final)
    {
        return Some(true);
    }
    (vault.locked.is_some() && vault.vault_type.is_some()).then_some(false)
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::index::Index;
    use crate::snapshot::backup::{BackupVault, RecoveryPoint};
    use crate::snapshot::dynamodb::{PointInTimeRecovery, Replica, Table};
    use crate::snapshot::s3::{Bucket, ObjectLock, Replication, ReplicationRule};
    use crate::snapshot::{Attributes, Call, GLOBAL, Kind, Outcome, Resource, Timestamp, samples};

    const CARTS: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/carts";
    const OWN_VAULT: &str = "arn:aws:backup:eu-west-1:123456789012:backup-vault:main";
    const FOREIGN_VAULT: &str = "arn:aws:backup:eu-west-1:210987654321:backup-vault:main";
    const INVOICES: &str = "arn:aws:s3:::invoices";
    const INVOICES_COPY: &str = "arn:aws:s3:::invoices-copy";

    fn table(settings: Table) -> Resource {
        samples::resource(Kind::Table, CARTS, &[], Attributes::Table(Box::new(settings)))
    }

    /// A backup of the table that is a minute old.
    fn backup(vault: &str) -> Resource {
        let point = RecoveryPoint {
            recovery_point_arn: "arn:aws:backup:eu-west-1:123456789012:recovery-point:1".to_owned(),
            resource_arn: Some(CARTS.to_owned()),
            backup_vault: vault.to_owned(),
            status: Some("COMPLETED".to_owned()),
            creation_date: Some(Timestamp::from_unix_seconds(samples::NOW.unix_seconds() - 60)),
            ..RecoveryPoint::default()
        };
        let attributes = Attributes::RecoveryPoint(Box::new(point));
        samples::resource(Kind::RecoveryPoint, &format!("{vault}/1"), &[], attributes)
    }

    fn vault(settings: BackupVault) -> Resource {
        samples::resource(Kind::BackupVault, OWN_VAULT, &[], Attributes::BackupVault(Box::new(settings)))
    }

    /// A bucket that is replicated to another, which is of the same account.
    fn bucket() -> Resource {
        let rule = ReplicationRule {
            enabled: Some(true),
            covers_all_objects: true,
            destination_bucket: Some(INVOICES_COPY.to_owned()),
            destination_account: Some("123456789012".to_owned()),
            ..ReplicationRule::default()
        };
        let replication = Some(Replication { role: None, rules: vec![rule] });
        let bucket = Bucket { replication, ..Bucket::default() };
        samples::resource(Kind::Bucket, INVOICES, &[], Attributes::Bucket(Box::new(bucket)))
    }

    fn destination(object_lock: Option<ObjectLock>) -> Resource {
        let bucket = Bucket { object_lock, ..Bucket::default() };
        samples::resource(Kind::Bucket, INVOICES_COPY, &[], Attributes::Bucket(Box::new(bucket)))
    }

    /// System and place of the copies of a resource, how far they are behind, and whether they are out of reach.
    fn copies(resources: Vec<Resource>, of: &str) -> Vec<(String, String, Option<i64>, Option<bool>)> {
        let mut snapshot = samples::snapshot(resources);
        snapshot.coverage.push(Call {
            service: "s3".to_owned(),
            operation: "ListBuckets".to_owned(),
            region: GLOBAL.to_owned(),
            outcome: Outcome::Collected,
            code: None,
            items: 1,
        });
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let known = index.copies[of].known.iter();
        known
            .map(|copy| (copy.system.to_string(), copy.place.clone(), copy.behind, copy.out_of_reach))
            .collect()
    }

    #[test]
    fn a_copy_says_how_and_where_it_is_kept() {
        let replica = Replica {
            arn: "arn:aws:dynamodb:eu-central-1:123456789012:table/carts".to_owned(),
            region: "eu-central-1".to_owned(),
            replica_status: Some("ACTIVE".to_owned()),
            ..Replica::default()
        };
        let recovery = PointInTimeRecovery {
            enabled: Some(true),
            latest_restorable_date_time: Some(Timestamp::from_unix_seconds(
                samples::NOW.unix_seconds() - 300,
            )),
            ..PointInTimeRecovery::default()
        };
        let settings =
            Table { replicas: vec![replica], point_in_time_recovery: Some(recovery), ..Table::default() };
        let entry = |system: &str, region: &str, behind| {
            (system.to_owned(), format!("{system} in {region} of 123456789012"), Some(behind), Some(false))
        };
        let expected = [entry("automated backups", "eu-west-1", 300), entry("live", "eu-central-1", 0)];
        assert_eq!(copies(vec![table(settings)], CARTS), expected);
    }

    #[test]
    fn a_vault_keeps_a_backup_from_the_account_if_nobody_can_unlock_it() {
        let plain = || BackupVault {
            vault_type: Some("BACKUP_VAULT".to_owned()),
            locked: Some(false),
            ..BackupVault::default()
        };
        let later = Timestamp::from_unix_seconds(samples::NOW.unix_seconds() + 1);
        let locked = |lock_date| BackupVault { locked: Some(true), lock_date, ..plain() };
        let air_gapped = BackupVault {
            vault_type: Some("LOGICALLY_AIR_GAPPED_BACKUP_VAULT".to_owned()),
            locked: Some(true),
            ..BackupVault::default()
        };
        let cases = [
            (Some(plain()), Some(false)),
            (Some(locked(Some(samples::NOW))), Some(true)),
            (Some(locked(Some(later))), Some(false)),
            (Some(locked(None)), Some(false)),
            (Some(air_gapped), Some(true)),
            (Some(BackupVault { locked: None, ..plain() }), None),
            (Some(BackupVault { vault_type: None, ..plain() }), None),
            (None, None),
        ];
        for (settings, expected) in cases {
            let mut resources = vec![table(Table::default()), backup(OWN_VAULT)];
            resources.extend(settings.clone().map(vault));
            let place = "vaults in eu-west-1 of 123456789012".to_owned();
            let expected = [("vaults".to_owned(), place, Some(60), expected)];
            assert_eq!(copies(resources, CARTS), expected, "{settings:?}");
        }
    }

    #[test]
    fn everything_in_another_account_is_a_system_of_its_own_and_out_of_reach() {
        let place = "vaults in eu-west-1 of 210987654321".to_owned();
        let expected = [("account 210987654321".to_owned(), place, Some(60), Some(true))];
        assert_eq!(copies(vec![table(Table::default()), backup(FOREIGN_VAULT)], CARTS), expected);
    }

    #[test]
    fn a_replica_of_a_bucket_is_out_of_reach_if_its_objects_are_locked_for_all() {
        let lock = |mode: Option<&str>| ObjectLock {
            enabled: true,
            mode: mode.map(str::to_owned),
            ..ObjectLock::default()
        };
        let cases = [
            (Some(lock(Some("COMPLIANCE"))), Some(true)),
            (Some(lock(Some("GOVERNANCE"))), Some(false)),
            (Some(lock(None)), Some(false)),
            (None, None),
        ];
        for (object_lock, expected) in cases {
            let place = "live in eu-west-1 of 123456789012".to_owned();
            let expected = [("live".to_owned(), place, Some(0), expected)];
            assert_eq!(copies(vec![bucket(), destination(object_lock.clone())], INVOICES), expected);
        }
    }

    /// A rule goes on naming a bucket that is no more.
    #[test]
    fn a_bucket_that_was_deleted_is_no_copy() {
        assert_eq!(copies(vec![bucket()], INVOICES), []);
        let mut elsewhere = bucket();
        if let Attributes::Bucket(bucket) = &mut elsewhere.attributes {
            for rule in bucket.replication.iter_mut().flat_map(|replication| &mut replication.rules) {
                rule.destination_account = Some("210987654321".to_owned());
            }
        }
        let place = "live in an unknown Region of an unknown account".to_owned();
        assert_eq!(copies(vec![elsewhere], INVOICES), [("live".to_owned(), place, Some(0), None)]);
    }
}
