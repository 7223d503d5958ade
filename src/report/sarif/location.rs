//! Where a result is: a line of the snapshot, because services refuse a file with a result that has none, and a
//! resource in a Region of an account.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};
use serde_sarif::sarif::{Artifact, ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region};

use crate::finding::{AccountAssessment, Subject};
use crate::snapshot::GLOBAL;

/// The folder that paths of snapshots are relative to, by the name that services give to the checkout.
const ROOT: &str = "%SRCROOT%";

/// Says what the base of relative paths is, and not where: that is different on each machine.
pub(super) fn uri_bases() -> Value {
    json!({ROOT: {"description": {"text": "The folder from which paths of snapshots are given."}}})
}

/// Places of an account: its snapshot, itself, its Regions and the subjects of its results.
pub(super) struct Places<'a> {
    account: &'a AccountAssessment,
    snapshot: ArtifactLocation,
    regions: BTreeMap<&'a str, i64>,
    resources: Vec<&'a Subject>,
    indices: HashMap<&'a str, i64>,
}

/// Index of the account among the logical locations.
const ACCOUNT: i64 = 0;

impl<'a> Places<'a> {
    pub(super) fn of(account: &'a AccountAssessment) -> Self {
        let subjects = || super::reported(account).map(|finding| &finding.subject);
        let names: BTreeSet<&str> = subjects()
            .map(|subject| subject.region.as_str())
            .chain(account.regions.iter().map(String::as_str))
            .filter(|region| *region != GLOBAL)
            .collect();
        let regions: BTreeMap<&str, i64> = names.into_iter().zip(ACCOUNT + 1..).collect();
        let first = ACCOUNT + 1 + index(regions.len());
        let mut indices = HashMap::new();
        let mut resources = Vec::new();
        for subject in subjects() {
            match subject.kind {
                "AWS::Account" => indices.insert(subject.arn.as_str(), ACCOUNT),
                "AWS::Region" => {
                    let region = regions.get(subject.region.as_str()).copied();
                    indices.insert(subject.arn.as_str(), region.unwrap_or(ACCOUNT))
                }
                _ if indices.contains_key(subject.arn.as_str()) => None,
                _ => {
                    let at = first + index(resources.len());
                    resources.push(subject);
                    indices.insert(subject.arn.as_str(), at)
                }
            };
        }
        Self { account, snapshot: snapshot_location(&account.snapshot), regions, resources, indices }
    }

    /// The snapshot, which results point into.
    pub(super) fn artifact(&self) -> Artifact {
        let mut location = self.snapshot.clone();
        location.index = None;
        Artifact::builder().location(location).roles(vec![Value::from("analysisTarget")]).build()
    }

    /// The account, its Regions and the resources of its results, in the order of their indices.
    pub(super) fn logical_locations(&self) -> impl Iterator<Item = LogicalLocation> {
        let account = self.account.account.as_str();
        let regions = self
            .regions
            .keys()
            .map(move |region| named(region, format!("{account}/{region}"), "namespace").parent(ACCOUNT));
        let resources = self.resources.iter().map(|subject| {
            // A global resource is in no Region.
            let parent = self.regions.get(subject.region.as_str()).copied().unwrap_or(ACCOUNT);
            named(&subject.name, subject.arn.clone(), "resource").parent(parent)
        });
        std::iter::once(named(account, account, "namespace")).chain(regions).chain(resources)
    }

    /// The place of a result.
    pub(super) fn location(&self, subject: &Subject) -> Location {
        // Region and account have logical locations of their own, so their names come from there.
        let account = self.account.account.as_str();
        let mut logical = match subject.kind {
            "AWS::Account" => named(account, account, "namespace"),
            "AWS::Region" => named(&subject.region, format!("{account}/{}", subject.region), "namespace"),
            _ => named(&subject.name, subject.arn.clone(), "resource"),
        };
        logical.index = self.indices.get(subject.arn.as_str()).copied();
        let region = Region::builder().start_line(i64::from(subject.line.max(1))).build();
        let physical =
            PhysicalLocation::builder().artifact_location(self.snapshot.clone()).region(region).build();
        Location::builder().physical_location(physical).logical_locations(vec![logical]).build()
    }
}

fn named(name: &str, fully_qualified: impl Into<String>, kind: &str) -> LogicalLocation {
    LogicalLocation::builder().name(name).fully_qualified_name(fully_qualified.into()).kind(kind).build()
}

/// Puts a logical location into another.
trait Parent {
    fn parent(self, index: i64) -> Self;
}

impl Parent for LogicalLocation {
    fn parent(mut self, index: i64) -> Self {
        self.parent_index = Some(index);
        self
    }
}

fn index(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The URI of a snapshot. Services take paths below the checkout only, and match alerts by them, so `.` and `..`
/// are taken out; a path that is not relative is a `file` URI without a base.
fn snapshot_location(path: &str) -> ArtifactLocation {
    let mut segments: Vec<String> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            name => segments.push(percent_encoded(name)),
        }
    }
    let uri = segments.join("/");
    if path.starts_with('/') {
        ArtifactLocation::builder().uri(format!("file:///{uri}")).index(0_i64).build()
    } else {
        ArtifactLocation::builder().uri(uri).uri_base_id(ROOT).index(0_i64).build()
    }
}

/// RFC 3986: everything but unreserved characters is encoded. A colon in the first segment would be a scheme.
fn percent_encoded(segment: &str) -> String {
    let mut encoded = String::with_capacity(segment.len());
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::snapshot_location;

    #[test]
    fn a_path_becomes_a_relative_uri() {
        let cases = [
            ("snapshots/123456789012.json", "snapshots/123456789012.json"),
            ("./a b/é?.json", "a%20b/%C3%A9%3F.json"),
            ("../x/../prod.json", "prod.json"),
            ("arn:aws/prod.json", "arn%3Aaws/prod.json"),
        ];
        for (path, uri) in cases {
            let location = snapshot_location(path);
            assert_eq!(location.uri.as_deref(), Some(uri), "{path}");
            assert_eq!(location.uri_base_id.as_deref(), Some("%SRCROOT%"), "{path}");
        }
    }

    #[test]
    fn an_absolute_path_has_no_base() {
        let location = snapshot_location("/tmp/a b.json");
        assert_eq!(location.uri.as_deref(), Some("file:///tmp/a%20b.json"));
        assert_eq!(location.uri_base_id, None);
    }
}
