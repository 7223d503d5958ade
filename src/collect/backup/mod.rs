//! AWS Backup: vaults with their backups, plans with what they select, jobs that failed, restores.
//!
//! Nothing can be backed up where there is no vault. So the vaults are listed first, and a Region without one costs one
//! call; what the others would have said is known then.

mod job;
mod plan;
mod testing;
mod vault;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::{join, join3, join4};

use super::Place;
use super::ledger::operation;
use super::scan::Scan;
use crate::snapshot::backup::RegionSettings;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource, Timestamp};

const DESCRIBE_REGION_SETTINGS: &Operation = operation("backup", "DescribeRegionSettings");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 8] = [
    vault::LIST_VAULTS,
    DESCRIBE_REGION_SETTINGS,
    job::LIST_BACKUP_JOBS,
    job::LIST_COPY_JOBS,
    job::LIST_RESTORE_JOBS,
    plan::LIST_PLANS,
    vault::LIST_PROTECTED_RESOURCES,
    testing::LIST_PLANS,
];

/// The calls that are made about what those list.
const ABOUT: [&Operation; 5] = [
    vault::LIST_RECOVERY_POINTS,
    plan::GET_PLAN,
    plan::LIST_SELECTIONS,
    plan::GET_SELECTION,
    testing::LIST_SELECTIONS,
];

/// Items in a page: the most that the API allows.
const PAGE: i32 = 1000;

/// Collects what AWS Backup has and does in a Region.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let vaults = vault::list(scan, place).await;
    if vaults.failure.is_none() && vaults.items.is_empty() {
        for operation in OPERATIONS.into_iter().filter(|operation| *operation != vault::LIST_VAULTS) {
            scan.ledger.list(operation, &place.region, 0, None);
        }
        scan.ledger.enter_about(&ABOUT, &place.region, 0, std::iter::empty(), None);
        return Vec::new();
    }
    let (kept, made, other) = join3(
        vault::with_points(scan, place, vaults),
        join(plan::collect(scan, place), vault::protected_resources(scan, place)),
        join4(
            region_settings(scan, place),
            job::failed(scan, place),
            job::restores(scan, place),
            testing::collect(scan, place),
        ),
    )
    .await;
    let (plans, protected) = made;
    let (settings, failed, restores, tests) = other;
    [kept, plans, protected, settings, failed, restores, tests].concat()
}

async fn region_settings(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let answer = scan.send(&lane, || client.describe_region_settings().send()).await;
    let (found, failure) = match answer {
        Ok(settings) => {
            let preference = settings.resource_type_opt_in_preference;
            let attributes = RegionSettings {
                resource_type_opt_in_preference: preference.map(|types| types.into_iter().collect()),
            };
            let arn = place.arn("backup", "region-settings");
            let attributes = Attributes::RegionSettings(Box::new(attributes));
            (vec![place.resource(Kind::RegionSettings, arn, place.region.clone(), attributes)], None)
        }
        Err(unanswered) => (Vec::new(), Some(unanswered.failure(&lane.region))),
    };
    scan.ledger.list(DESCRIBE_REGION_SETTINGS, &place.region, found.len(), failure.as_ref());
    found
}

/// The newest of those that share a key, by when they were made.
fn newest<K: Ord, T>(items: impl IntoIterator<Item = (K, Option<Timestamp>, T)>) -> impl Iterator<Item = T> {
    let mut newest: BTreeMap<K, (Option<Timestamp>, T)> = BTreeMap::new();
    for (key, made, item) in items {
        let known = newest.get(&key).map(|(known, _)| *known);
        if known.is_none_or(|known| known < made) {
            newest.insert(key, (made, item));
        }
    }
    newest.into_values().map(|(_, item)| item)
}
