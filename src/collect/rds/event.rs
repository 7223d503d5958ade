//! What happened to databases.

use aws_sdk_rds::types::Event;

use super::super::{Place, instant, sorted, text};
use crate::snapshot::rds::DbEvent;
use crate::snapshot::{Attributes, Kind, Resource};

/// Minutes of the 14 days that the API remembers.
pub(super) const MEMORY: i32 = 14 * 24 * 60;

/// Categories of what recoveries consist of. Of the others there are several for each database and day.
pub(super) const CATEGORIES: [&str; 7] = [
    "failover",
    "global-failover",
    "global failover",
    "global-switchover",
    "read replica",
    "recovery",
    "restoration",
];

pub(super) fn event(place: &Place, event: Event) -> Option<Resource> {
    let source = text(event.source_identifier)?;
    let date = instant(event.date)?;
    let message = event.message.unwrap_or_default();
    let event_categories = sorted(event.event_categories.into_iter().flatten());
    // Not every server minds what it is asked for.
    if !event_categories.iter().any(|category| CATEGORIES.contains(&category.as_str())) {
        return None;
    }
    let attributes =
        DbEvent { source_arn: text(event.source_arn), event_categories, date: Some(date), message };
    let arn = place.arn("rds", &format!("event:{source}/{date}/{}", attributes.message));
    Some(place.resource(Kind::DbEvent, arn, source, Attributes::DbEvent(Box::new(attributes))))
}
