//! Secrets: where they are, and nothing of what they say.

use aws_sdk_secretsmanager::types;

use super::ledger::operation;
use super::scan::Scan;
use super::{Place, instant, text};
use crate::snapshot::operation::Operation;
use crate::snapshot::secretsmanager::Secret;
use crate::snapshot::{Attributes, Kind, Resource, Tags};

const LIST_SECRETS: &Operation = operation("secretsmanager", "ListSecrets");

/// The call that is made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [LIST_SECRETS];

/// Secrets in a page: the most that the API allows.
const PAGE: i32 = 100;

/// Collects the secrets of a Region, its replicas of others among them.
pub(super) async fn collect(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.secrets_manager(&place.region);
    let listing = scan
        .list(
            LIST_SECRETS,
            &place.region,
            &lane,
            |marker| client.list_secrets().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.secret_list),
        )
        .await;
    listing.items.into_iter().filter_map(|listed| secret(place, listed)).collect()
}

fn secret(place: &Place, listed: types::SecretListEntry) -> Option<Resource> {
    let (arn, name) = (text(listed.arn)?, text(listed.name)?);
    // What is to be deleted is listed only for those who ask for it.
    if listed.deleted_date.is_some() {
        return None;
    }
    let tags = listed.tags.into_iter().flatten();
    let tags: Tags = tags.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect();
    let attributes = Secret {
        primary_region: text(listed.primary_region),
        kms_key_id: text(listed.kms_key_id),
        owning_service: text(listed.owning_service),
        last_accessed_date: instant(listed.last_accessed_date),
    };
    let attributes = Attributes::Secret(Box::new(attributes));
    Some(Resource { tags: Some(tags), ..place.resource(Kind::Secret, arn, name, attributes) })
}
