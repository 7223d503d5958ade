//! Stacks of CloudFormation. Their parameters and outputs may be secrets, and are left where they are.

use aws_sdk_cloudformation::types;

use super::ledger::operation;
use super::scan::Scan;
use super::{Place, text};
use crate::snapshot::cloudformation::Stack;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource, Tags};

const DESCRIBE_STACKS: &Operation = operation("cloudformation", "DescribeStacks");

/// The call that is made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [DESCRIBE_STACKS];

/// Status of a stack that is gone, and is listed for a while.
const GONE: &str = "DELETE_COMPLETE";

/// Collects the stacks of a Region.
pub(super) async fn collect(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.cloudformation(&place.region);
    let listing = scan
        .list(
            DESCRIBE_STACKS,
            &place.region,
            &lane,
            |marker| client.describe_stacks().set_next_token(marker).send(),
            |page| (page.next_token, page.stacks),
        )
        .await;
    listing.items.into_iter().filter_map(|listed| stack(place, listed)).collect()
}

fn stack(place: &Place, listed: types::Stack) -> Option<Resource> {
    let name = text(listed.stack_name)?;
    let arn = text(listed.stack_id)?;
    let stack_status = listed.stack_status.map(|status| status.as_str().to_owned());
    if stack_status.as_deref() == Some(GONE) {
        return None;
    }
    let tags = listed.tags.into_iter().flatten();
    let tags: Tags = tags.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect();
    let attributes = Stack {
        stack_status,
        enable_termination_protection: listed.enable_termination_protection,
        root_id: text(listed.root_id).filter(|root| *root != arn),
    };
    let attributes = Attributes::Stack(Box::new(attributes));
    Some(Resource { tags: Some(tags), ..place.resource(Kind::Stack, arn, name, attributes) })
}
