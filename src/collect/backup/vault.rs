//! Vaults, the backups in them, and what has ever been backed up.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sdk_backup::types;

use super::super::answer::Failure;
use super::super::ledger::{gap, operation};
use super::super::scan::{Listing, Scan};
use super::super::{Place, at_once, instant, text};
use super::{PAGE, newest};
use crate::snapshot::backup::{BackupVault, ProtectedResource, RecoveryPoint};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource};

pub(super) const LIST_VAULTS: &Operation = operation("backup", "ListBackupVaults");
pub(super) const LIST_PROTECTED_RESOURCES: &Operation = operation("backup", "ListProtectedResources");
pub(super) const LIST_RECOVERY_POINTS: &Operation = operation("backup", "ListRecoveryPointsByBackupVault");

/// How far back backups are listed. A plan that runs every quarter has made one since, and the many thousands that
/// a vault may keep for years say nothing about what would be lost today.
const HORIZON: Duration = Duration::from_secs(100 * 24 * 3600);

/// Code of a vault that is gone.
const GONE: [&str; 1] = ["ResourceNotFoundException"];

/// Lists the vaults.
pub(super) async fn list(scan: &Scan, place: &Place) -> Listing<types::BackupVaultListMember> {
    let (client, lane) = scan.session.backup(&place.region);
    scan.list(
        LIST_VAULTS,
        &place.region,
        &lane,
        |marker| client.list_backup_vaults().max_results(PAGE).set_next_token(marker).send(),
        |page| (page.next_token, page.backup_vault_list),
    )
    .await
}

/// Lists the backups of each vault that has any.
pub(super) async fn with_points(
    scan: &Arc<Scan>,
    place: &Place,
    vaults: Listing<types::BackupVaultListMember>,
) -> Vec<Resource> {
    let since = aws_smithy_types::DateTime::from(SystemTime::now() - HORIZON);
    let mut pending = Vec::new();
    let mut found = Vec::new();
    for listed in vaults.items {
        let is_empty = listed.number_of_recovery_points == 0;
        let Some(vault) = vault(place, listed) else { continue };
        if is_empty {
            found.push(vault);
            continue;
        }
        let (scan, place) = (Arc::clone(scan), place.clone());
        pending.push(async move { points(&scan, &place, vault, since).await });
    }
    let asked = pending.len();
    scan.ledger.plan(asked);
    found.extend(at_once(pending).await.into_iter().flatten());
    let vaults_found = found.iter().filter(|resource| resource.kind == Kind::BackupVault);
    scan.ledger.enter_about(
        &[LIST_RECOVERY_POINTS],
        &place.region,
        asked,
        vaults_found,
        vaults.failure.as_ref(),
    );
    found
}

fn vault(place: &Place, listed: types::BackupVaultListMember) -> Option<Resource> {
    let name = text(listed.backup_vault_name)?;
    let arn =
        text(listed.backup_vault_arn).unwrap_or_else(|| place.arn("backup", &format!("backup-vault:{name}")));
    let attributes = BackupVault {
        vault_type: listed.vault_type.map(|kind| kind.as_str().to_owned()),
        vault_state: listed.vault_state.map(|state| state.as_str().to_owned()),
        locked: listed.locked,
        lock_date: instant(listed.lock_date),
        min_retention_days: listed.min_retention_days,
        max_retention_days: listed.max_retention_days,
        number_of_recovery_points: Some(listed.number_of_recovery_points),
        encryption_key_arn: text(listed.encryption_key_arn),
    };
    Some(place.resource(Kind::BackupVault, arn, name, Attributes::BackupVault(Box::new(attributes))))
}

/// Lists the backups in a vault, and gives them with it; nothing where it was deleted after it was listed. Of each
/// resource, the newest of each status is kept.
async fn points(
    scan: &Scan,
    place: &Place,
    mut vault: Resource,
    since: aws_smithy_types::DateTime,
) -> Vec<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let listing = scan
        .pages(
            &lane,
            |marker| {
                client
                    .list_recovery_points_by_backup_vault()
                    .backup_vault_name(&vault.name)
                    .by_created_after(since)
                    .max_results(PAGE)
                    .set_next_token(marker)
                    .send()
            },
            |page| (page.next_token, page.recovery_points),
        )
        .await;
    let is_gone = listing.failure.as_ref().is_some_and(|failure: &Failure| failure.is_answer(&GONE));
    let failure = listing.failure.filter(|_| !is_gone);
    scan.ledger.finish(LIST_RECOVERY_POINTS, &place.region, failure.as_ref());
    if is_gone {
        return Vec::new();
    }
    vault.gaps.extend(failure.map(|failure| gap(LIST_RECOVERY_POINTS, failure)));
    let points = listing.items.into_iter().filter_map(|listed| {
        let point = point(&vault.arn, listed)?;
        let key = (point.resource_arn.clone(), point.status.clone());
        Some((key, point.creation_date, point))
    });
    let points: Vec<Resource> = newest(points).map(|point| recovery_point(place, point)).collect();
    [points, vec![vault]].concat()
}

fn point(vault: &str, listed: types::RecoveryPointByBackupVault) -> Option<RecoveryPoint> {
    // What a nested backup holds is in one of the stack that it belongs to.
    Some(RecoveryPoint {
        recovery_point_arn: text(listed.recovery_point_arn)?,
        resource_arn: text(listed.resource_arn),
        resource_type: text(listed.resource_type),
        backup_vault: vault.to_owned(),
        source_backup_vault_arn: text(listed.source_backup_vault_arn),
        status: listed.status.map(|status| status.as_str().to_owned()),
        creation_date: instant(listed.creation_date),
        delete_at: instant(listed.calculated_lifecycle.and_then(|lifecycle| lifecycle.delete_at)),
        is_encrypted: Some(listed.is_encrypted),
        encryption_key_arn: text(listed.encryption_key_arn),
        last_restore_time: instant(listed.last_restore_time),
    })
}

fn recovery_point(place: &Place, point: RecoveryPoint) -> Resource {
    let name = point.recovery_point_arn.clone();
    let arn = format!("{}/{name}", point.backup_vault);
    place.resource(Kind::RecoveryPoint, arn, name, Attributes::RecoveryPoint(Box::new(point)))
}

/// Lists what has ever been backed up.
pub(super) async fn protected_resources(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let listing = scan
        .list(
            LIST_PROTECTED_RESOURCES,
            &place.region,
            &lane,
            |marker| client.list_protected_resources().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.results),
        )
        .await;
    let resources = listing.items.into_iter().filter_map(|listed| {
        let resource_arn = text(listed.resource_arn)?;
        let arn = place.arn("backup", &format!("protected-resource/{resource_arn}"));
        let name = text(listed.resource_name).unwrap_or_else(|| resource_arn.clone());
        let attributes = ProtectedResource {
            resource_arn,
            resource_type: text(listed.resource_type),
            last_backup_time: instant(listed.last_backup_time),
            last_backup_vault_arn: text(listed.last_backup_vault_arn),
        };
        let attributes = Attributes::ProtectedResource(Box::new(attributes));
        Some(place.resource(Kind::ProtectedResource, arn, name, attributes))
    });
    resources.collect()
}
