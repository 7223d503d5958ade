//! What plans of AWS Backup and policies of Data Lifecycle Manager select, as AWS documents it.
//!
//! A selection of a plan takes what `Resources` names or `ListOfTags` matches, or everything where both are empty, of
//! which all `Conditions` hold, and leaves out what `NotResources` names. What is taken without being named has to be
//! of a type that the Region has opted in; Aurora, DocumentDB and Neptune always have to.

use std::collections::BTreeMap;

use crate::snapshot::backup::{BackupSelection, LifecyclePolicy, TagCondition};
use crate::snapshot::{self, Attributes, Kind, Resource};

/// Whether something holds: `None` if it cannot be told.
type Known = Option<bool>;

/// A resource as AWS Backup sees it.
pub(super) struct Target<'a> {
    pub(super) resource: &'a Resource,
    /// Type in the words of AWS Backup.
    pub(super) word: &'static str,
}

impl<'a> Target<'a> {
    /// The resource as AWS Backup backs it up; `None` if it does not. Members are backed up with their cluster.
    pub(super) fn of(resource: &'a Resource) -> Option<Self> {
        let word = match (resource.kind, &resource.attributes) {
            (Kind::DbInstance, Attributes::DbInstance(instance)) => {
                instance.db_cluster_identifier.is_none().then_some("RDS")?
            }
            (Kind::DbCluster, Attributes::DbCluster(cluster)) => {
                let engine = cluster.engine.as_deref().unwrap_or_default();
                if engine.starts_with("aurora") { "Aurora" } else { "RDS" }
            }
            (Kind::DocDbCluster, _) => "DocumentDB",
            (Kind::NeptuneCluster, _) => "Neptune",
            (Kind::Table, _) => "DynamoDB",
            (Kind::Volume, _) => "EBS",
            (Kind::Instance, _) => "EC2",
            (Kind::Bucket, _) => "S3",
            (Kind::FileSystem, _) => "EFS",
            _ => return None,
        };
        Some(Self { resource, word })
    }

    /// Whether naming it is not enough where its type is not opted in.
    fn needs_opt_in(&self) -> bool {
        matches!(self.word, "Aurora" | "DocumentDB" | "Neptune")
    }

    /// Whether a point in time can be restored from what AWS Backup keeps of it.
    pub(super) fn can_be_continuous(&self) -> bool {
        matches!(self.word, "Aurora" | "RDS" | "S3")
    }
}

/// Whether a selection takes a resource. `opted_in` says by type what the Region has opted in.
pub(super) fn selects(
    selection: &BackupSelection,
    target: &Target<'_>,
    opted_in: Option<&BTreeMap<String, bool>>,
) -> Known {
    let (resources, not_resources) = (selection.resources.as_ref()?, selection.not_resources.as_ref()?);
    let (list_of_tags, conditions) = (selection.list_of_tags.as_ref()?, selection.conditions.as_ref()?);
    let arn = target.resource.arn.as_str();
    if not_resources.iter().any(|pattern| matches(pattern, arn)) {
        return Some(false);
    }
    let is_named = resources.iter().any(|pattern| pattern != "*" && matches(pattern, arn));
    let takes_all =
        resources.iter().any(|pattern| pattern == "*") || (resources.is_empty() && list_of_tags.is_empty());
    let tags = Tags(target.resource.tags.as_ref());
    let is_tagged = tags.has_any(list_of_tags);
    let opted_in = opted_in.and_then(|types| types.get(target.word).copied());
    let named = if target.needs_opt_in() { and(Some(is_named), opted_in) } else { Some(is_named) };
    let chosen = or(named, and(or(Some(takes_all), is_tagged), opted_in));
    let holds = |conditions: &[TagCondition], holds: &dyn Fn(&str, Option<&str>) -> Known| {
        let each = conditions.iter().map(|condition| match tags.value(&condition.key) {
            Some(value) => holds(&condition.value, value),
            None => None,
        });
        each.fold(Some(true), and)
    };
    // Of what has no such tag, AWS does not say whether its value is another one.
    let differs = |expected: &str, value: Option<&str>| value.map(|value| !matches(expected, value));
    let conditions = [
        holds(&conditions.string_equals, &|expected, value| Some(value == Some(expected))),
        holds(&conditions.string_not_equals, &|expected, value| value.map(|value| value != expected)),
        holds(&conditions.string_like, &|expected, value| {
            Some(value.is_some_and(|value| matches(expected, value)))
        }),
        holds(&conditions.string_not_like, &differs),
    ];
    conditions.into_iter().fold(chosen, and)
}

/// Whether a policy of Data Lifecycle Manager takes a volume or an instance. `is_root` says whether the volume is the
/// root of an instance.
pub(super) fn manages(policy: &LifecyclePolicy, resource: &Resource, is_root: bool) -> Known {
    let word = match resource.kind {
        Kind::Volume => "VOLUME",
        Kind::Instance => "INSTANCE",
        _ => return Some(false),
    };
    let (is_default, types) = (policy.default_policy?, policy.resource_types.as_ref()?);
    if !types.iter().any(|kind| kind == word) {
        return Some(false);
    }
    let tags = Tags(resource.tags.as_ref());
    if !is_default {
        return tags.has_any(policy.target_tags.as_ref()?);
    }
    let Some(exclusions) = &policy.exclusions else { return Some(true) };
    let volume_type = match &resource.attributes {
        Attributes::Volume(volume) => volume.volume_type.as_deref(),
        _ => None,
    };
    let left_out = (is_root && exclusions.exclude_boot_volumes == Some(true))
        || volume_type.is_some_and(|kind| exclusions.exclude_volume_types.iter().any(|other| other == kind));
    and(Some(!left_out), tags.has_any(&exclusions.exclude_tags).map(|has| !has))
}

/// Tags of a resource, if they were collected.
struct Tags<'a>(Option<&'a snapshot::Tags>);

impl<'a> Tags<'a> {
    /// The value of a tag, `Some(None)` if there is no such tag, and `None` if that is not known.
    fn value(&self, key: &str) -> Option<Option<&'a str>> {
        self.0.map(|tags| tags.get(key))
    }

    fn has_any(&self, wanted: &[TagCondition]) -> Known {
        let has = |tag: &TagCondition| self.value(&tag.key).map(|value| value == Some(tag.value.as_str()));
        wanted.iter().map(has).fold(Some(false), or)
    }
}

/// Both, as far as it is known: nothing else matters once one does not hold.
fn and(one: Known, other: Known) -> Known {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Either, as far as it is known: nothing else matters once one holds.
fn or(one: Known, other: Known) -> Known {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// Whether a text is that of a pattern in which `*` stands for any text.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(position) = rest.find(part) else { return false };
        rest = rest.get(position + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests;
