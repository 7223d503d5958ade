//! Keys of KMS: whether what they encrypt can be read, and for how long.

use std::sync::Arc;

use aws_sdk_kms::types;

use super::answer::unless_gone;
use super::ledger::operation;
use super::scan::Scan;
use super::{Place, at_once, instant, sorted, text};
use crate::snapshot::kms::Key;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource};

const LIST_KEYS: &Operation = operation("kms", "ListKeys");
const DESCRIBE_KEY: &Operation = operation("kms", "DescribeKey");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [LIST_KEYS];

/// Keys in a page: the most that the API allows.
const PAGE: i32 = 1000;

/// Code of a key that is gone.
const GONE: [&str; 1] = ["NotFoundException"];

/// Collects the keys of a Region.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.kms(&place.region);
    let listing = scan
        .list(
            LIST_KEYS,
            &place.region,
            &lane,
            |marker| client.list_keys().limit(PAGE).set_marker(marker).send(),
            |page| (page.next_marker.filter(|_| page.truncated), page.keys),
        )
        .await;
    let asked = listing.items.len();
    scan.ledger.plan(asked);
    let described = listing.items.into_iter().map(|listed| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { describe(&scan, &place, listed).await }
    });
    let keys: Vec<Resource> = at_once(described).await.into_iter().flatten().collect();
    scan.ledger.enter_about(&[DESCRIBE_KEY], &place.region, asked, keys.iter(), listing.failure.as_ref());
    keys
}

/// A key; `None` where it was deleted after it was listed. The policy of a key may keep even administrators out.
async fn describe(scan: &Scan, place: &Place, listed: types::KeyListEntry) -> Option<Resource> {
    let id = text(listed.key_id)?;
    let arn = text(listed.key_arn).unwrap_or_else(|| place.arn("kms", &format!("key/{id}")));
    let (client, lane) = scan.session.kms(&place.region);
    let answer = scan.ask(
        DESCRIBE_KEY,
        &lane,
        || client.describe_key().key_id(&id).send(),
        |answer| unless_gone(answer.map(|answer| answer.key_metadata), &GONE),
    );
    let (attributes, gaps) = match answer.await {
        Ok(metadata) => (settings(&arn, metadata?), Vec::new()),
        Err(gap) => (Key::default(), vec![gap]),
    };
    Some(Resource { gaps, ..place.resource(Kind::Key, arn, id, Attributes::Key(Box::new(attributes))) })
}

fn settings(arn: &str, key: types::KeyMetadata) -> Key {
    let regions = key.multi_region_configuration;
    let others = regions.into_iter().flat_map(|regions| {
        regions.primary_key.into_iter().chain(regions.replica_keys.into_iter().flatten())
    });
    let others = others.filter_map(|key| key.arn).filter(|other| other != arn);
    Key {
        key_state: key.key_state.map(|state| state.as_str().to_owned()),
        key_manager: key.key_manager.map(|manager| manager.as_str().to_owned()),
        deletion_date: instant(key.deletion_date),
        multi_region: key.multi_region,
        multi_region_keys: sorted(others),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_kms::types;

    use super::settings;

    #[test]
    fn the_same_key_elsewhere_is_told_from_the_key_itself() {
        let arn = |region: &str| format!("arn:aws:kms:{region}:123456789012:key/mrk-1");
        let key = |region: &str| types::MultiRegionKey::builder().arn(arn(region)).region(region).build();
        let regions = types::MultiRegionConfiguration::builder()
            .primary_key(key("eu-west-1"))
            .replica_keys(key("eu-central-1"))
            .replica_keys(key("us-east-1"));
        let metadata = types::KeyMetadata::builder()
            .key_id("mrk-1")
            .key_state(types::KeyState::PendingDeletion)
            .multi_region_configuration(regions.build());
        let settings = settings(&arn("eu-central-1"), metadata.build().unwrap());
        assert_eq!(settings.multi_region_keys, [arn("eu-west-1"), arn("us-east-1")]);
        assert_eq!(settings.key_state.as_deref(), Some("PendingDeletion"));
    }
}
