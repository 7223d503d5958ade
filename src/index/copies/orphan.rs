//! Snapshots of volumes that are copies of what nobody knows any more, and may be of any volume.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::index::Resources;
use crate::snapshot::Attributes;
use crate::snapshot::arn::region_of;

/// A copy that may be of a resource. Of several in one Region it is the newest.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct PossibleCopy<'a> {
    /// Region that it lies in.
    pub region: &'a str,
    /// Seconds since it was begun, and its data is older; 0 where nothing says.
    pub age: i64,
}

/// Such copies by account and by the Region of their source, which some of them tell; by the Region that they lie in, the
/// age of the newest.
#[derive(Default)]
pub(super) struct Orphans<'a>(FxHashMap<(&'a str, Option<&'a str>), BTreeMap<&'a str, i64>>);

impl<'a> Orphans<'a> {
    pub(super) fn of(resources: &Resources<'a>) -> Self {
        let mut orphans = Self::default();
        for (resource, holder) in &resources.all {
            let Attributes::VolumeSnapshot(snapshot) = &resource.attributes else { continue };
            let may_be_whole = snapshot.state.as_deref().is_none_or(|state| state == "completed");
            if !snapshot.is_copy || snapshot.source_volume_arn.is_some() || !may_be_whole {
                continue;
            }
            let source_region = snapshot.source_snapshot_arn.as_deref().and_then(region_of);
            let age = snapshot.start_time.map_or(0, |begun| holder.captured_at.seconds_since(begun));
            let by_region = orphans.0.entry((holder.scope.account.as_str(), source_region)).or_default();
            keep_newest(by_region, &resource.region, age);
        }
        orphans
    }

    /// Those that may be of a volume of one Region of an account.
    pub(super) fn among(&self, account: &'a str, region: &'a str) -> Vec<PossibleCopy<'a>> {
        let mut newest: BTreeMap<&str, i64> = BTreeMap::new();
        let sources = [None, Some(region)].into_iter();
        for (region, age) in sources.filter_map(|source| self.0.get(&(account, source))).flatten() {
            keep_newest(&mut newest, region, *age);
        }
        newest.into_iter().map(|(region, age)| PossibleCopy { region, age }).collect()
    }
}

fn keep_newest<'a>(by_region: &mut BTreeMap<&'a str, i64>, region: &'a str, age: i64) {
    let newest = by_region.entry(region).or_insert(age);
    *newest = age.min(*newest);
}
