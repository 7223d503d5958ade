//! Small snapshots for the tests of what is derived from one.

use super::{Attributes, Collector, Kind, Resource, SCHEMA_VERSION, Scope, Snapshot, Timestamp};

/// 2026-11-22T03:00:00Z, a Sunday.
pub(crate) const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_316_400);

/// The account 123456789012, of which two Regions were scanned and every call was answered.
pub(crate) fn snapshot(resources: Vec<Resource>) -> Snapshot {
    Snapshot {
        schema_version: SCHEMA_VERSION,
        captured_at: NOW,
        collector: Collector::this(),
        scope: Scope {
            partition: "aws".to_owned(),
            account: "123456789012".to_owned(),
            alias: None,
            regions: vec!["eu-central-1".to_owned(), "eu-west-1".to_owned()],
        },
        coverage: Vec::new(),
        resources,
    }
}

/// A resource of eu-west-1 with these tags. Its name is the end of its ARN.
pub(crate) fn resource(kind: Kind, arn: &str, tags: &[(&str, &str)], attributes: Attributes) -> Resource {
    let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    Resource {
        kind,
        arn: arn.to_owned(),
        name: arn.rsplit(['/', ':']).next().unwrap_or_default().to_owned(),
        region: "eu-west-1".to_owned(),
        zones: Vec::new(),
        tags: Some(tags.collect()),
        attributes,
        gaps: Vec::new(),
    }
}
