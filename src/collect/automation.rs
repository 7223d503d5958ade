//! Programs that recover something, which only their tag tells from others.

use super::ledger::operation;
use super::scan::Scan;
use super::{Place, text};
use crate::snapshot::arn::Arn;
use crate::snapshot::automation::Automation;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource, Tags};

const GET_AUTOMATION_RESOURCES: &Operation = operation("tag", "GetAutomationResources");

/// The call that is made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [GET_AUTOMATION_RESOURCES];

/// The tag that people mark them with.
const TAG: &str = "hadr:automation";

/// Collects what has the tag in a Region.
pub(super) async fn collect(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.tagging(&place.region);
    let filter = aws_sdk_resourcegroupstagging::types::TagFilter::builder().key(TAG).build();
    let listing = scan
        .list(
            GET_AUTOMATION_RESOURCES,
            &place.region,
            &lane,
            |marker| {
                client
                    .get_resources()
                    .tag_filters(filter.clone())
                    .resources_per_page(100)
                    .set_pagination_token(marker)
                    .send()
            },
            |page| (page.pagination_token, page.resource_tag_mapping_list),
        )
        .await;
    let mappings = listing.items.into_iter().filter_map(|mapping| {
        let arn = text(mapping.resource_arn)?;
        let tags = mapping.tags.into_iter().flatten().map(|tag| (tag.key, tag.value));
        automation(place, arn, tags.collect())
    });
    mappings.collect()
}

fn automation(place: &Place, arn: String, tags: Tags) -> Option<Resource> {
    let parsed = Arn::parse(&arn)?;
    let (kind, name) = match parsed.service {
        "lambda" => (Kind::LambdaFunction, parsed.resource.strip_prefix("function:")?),
        "ssm" => (Kind::AutomationDocument, parsed.resource.strip_prefix("document/")?),
        "states" => (Kind::StateMachine, parsed.resource.strip_prefix("stateMachine:")?),
        // Anything may have the tag; these are what can run by itself.
        _ => return None,
    };
    let name = name.to_owned();
    let attributes = Automation { purpose: tags.get(TAG).unwrap_or_default().to_owned() };
    Some(Resource {
        tags: Some(tags),
        ..place.resource(kind, arn, name, Attributes::Automation(Box::new(attributes)))
    })
}
