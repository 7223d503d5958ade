//! How far the newest copies are behind, which is all that most verdicts ask of copies that are good enough: those that are
//! so for certain, and those that may be.

use std::borrow::Cow;

use serde::Serialize;

use super::{Copy, CopyKind};
use crate::snapshot::s3::ObjectLock;
use crate::snapshot::{Attributes, Resource};

/// Seconds that the newest copies of a resource are behind at most. What there is no copy for is not there, and nothing can
/// take that for a small number.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Newest {
    /// Of those in another Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_region: Option<i64>,
    /// Of those, of [`CopyKind::Replica`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub off_region_replica: Option<i64>,
    /// By number, what is needed to have so many copies that nobody in the account can delete. Data whose object lock keeps
    /// it from everybody is the first, as new as it is.
    pub out_of_reach: Vec<i64>,
    /// The same for copies in different places, of which the data is the first.
    pub places: Vec<i64>,
    /// The same for copies in different storage systems.
    pub systems: Vec<i64>,
    /// Of [`CopyKind::AutomatedBackup`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub automated_backup: Option<i64>,
    /// Of [`CopyKind::ManualSnapshot`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manual_snapshot: Option<i64>,
    /// Of [`CopyKind::AwsBackupSnapshot`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws_backup_snapshot: Option<i64>,
    /// Of [`CopyKind::ContinuousBackup`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub continuous_backup: Option<i64>,
}

impl Newest {
    /// Of copies that are settled.
    pub(super) fn of(known: &[Copy<'_>], source: &Resource) -> Self {
        Self::with_lock(known, is_locked(source) == Some(true))
    }

    /// The same if whatever is not known of the copies and of the lock of the data is as good as it could be; `None` if all
    /// of it is known.
    pub(super) fn at_best(known: &[Copy<'_>], source: &Resource) -> Option<Self> {
        let locked = is_locked(source);
        let is_known = locked.is_some() && known.iter().all(is_known);
        (!is_known).then(|| {
            let best: Vec<Copy<'_>> = known.iter().map(at_best).collect();
            Self::with_lock(&best, locked != Some(false))
        })
    }

    fn with_lock(known: &[Copy<'_>], is_locked: bool) -> Self {
        let dated = || known.iter().filter_map(|copy| Some((copy, copy.behind?)));
        let least = |is_such: &dyn Fn(&Copy<'_>) -> bool| {
            dated().filter(|(copy, _)| is_such(copy)).map(|(_, behind)| behind).min()
        };
        let of_kind = |kind| least(&|copy| copy.kind == kind);
        let out_of_reach = dated().filter(|(copy, _)| copy.out_of_reach == Some(true));
        let out_of_reach = out_of_reach.map(|(copy, behind)| (copy.place.as_str(), behind));
        let locked = is_locked.then_some((DATA, 0));
        let places = dated().map(|(copy, behind)| (copy.place.as_str(), behind));
        let systems = dated().map(|(copy, behind)| (copy.system.as_ref(), behind));
        Self {
            off_region: least(&|copy| copy.off_region == Some(true)),
            off_region_replica: least(&|copy| {
                copy.off_region == Some(true) && copy.kind == CopyKind::Replica
            }),
            out_of_reach: by_number(locked, out_of_reach),
            places: by_number(Some((DATA, 0)), places),
            systems: by_number(Some((CopyKind::Replica.system(), 0)), systems),
            automated_backup: of_kind(CopyKind::AutomatedBackup),
            manual_snapshot: of_kind(CopyKind::ManualSnapshot),
            aws_backup_snapshot: of_kind(CopyKind::AwsBackupSnapshot),
            continuous_backup: of_kind(CopyKind::ContinuousBackup),
        }
    }
}

/// Where the data is, as the place of a copy.
const DATA: &str = "the data itself";

/// Whether an object lock keeps the data from everybody; `None` if that is not known.
fn is_locked(resource: &Resource) -> Option<bool> {
    let Attributes::Bucket(bucket) = &resource.attributes else { return Some(false) };
    bucket.object_lock.as_ref().map(ObjectLock::is_for_everybody)
}

fn is_known(copy: &Copy<'_>) -> bool {
    copy.behind.is_some()
        && copy.off_region.is_some()
        && copy.out_of_reach.is_some()
        && copy.region.is_some()
        && copy.account.is_some()
}

/// What is not known where it lies may be in a place of its own, and in an account of its own.
fn at_best<'c>(copy: &'c Copy<'_>) -> Copy<'c> {
    let mut best = copy.clone();
    best.behind = copy.behind.or(Some(0));
    best.off_region = copy.off_region.or(Some(true));
    best.out_of_reach = copy.out_of_reach.or(Some(true));
    if copy.region.is_none() || copy.account.is_none() {
        best.place = format!("wherever {} is", copy.arn);
    }
    if copy.account.is_none() {
        best.system = Cow::Owned(format!("the account of {}", copy.arn));
    }
    best
}

/// How far copies are behind if there have to be none, one, two and so on that differ.
fn by_number<'c>(first: Option<(&'c str, i64)>, others: impl Iterator<Item = (&'c str, i64)>) -> Vec<i64> {
    // There are few that differ.
    let mut newest: Vec<(&str, i64)> = first.into_iter().collect();
    for (name, behind) in others {
        match newest.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = behind.min(*known),
            None => newest.push((name, behind)),
        }
    }
    newest.sort_unstable_by_key(|(_, behind)| *behind);
    std::iter::once(0).chain(newest.into_iter().map(|(_, behind)| behind)).collect()
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::Newest;
    use crate::index::copies::{Copy, CopyKind};
    use crate::snapshot::s3::{Bucket, ObjectLock};
    use crate::snapshot::{Attributes, Kind, Resource, samples};

    fn table() -> Resource {
        let attributes = Attributes::Table(Box::default());
        samples::resource(Kind::Table, "arn:aws:dynamodb:eu-west-1:123456789012:table/carts", &[], attributes)
    }

    fn copy(kind: CopyKind, place: &str, behind: Option<i64>) -> Copy<'static> {
        Copy {
            place: place.to_owned(),
            behind,
            off_region: Some(place != "here"),
            out_of_reach: Some(false),
            ..Copy::new(kind, Cow::Borrowed("arn"))
        }
    }

    #[test]
    fn of_several_copies_in_one_place_the_newest_counts() {
        let known = [
            copy(CopyKind::ManualSnapshot, "here", Some(500)),
            copy(CopyKind::ManualSnapshot, "here", Some(200)),
            copy(CopyKind::AutomatedBackup, "elsewhere", Some(300)),
            copy(CopyKind::AwsBackupSnapshot, "elsewhere", Some(100)),
        ];
        let expected = Newest {
            off_region: Some(100),
            out_of_reach: vec![0],
            places: vec![0, 0, 100, 200],
            systems: vec![0, 0, 100, 200, 300],
            automated_backup: Some(300),
            manual_snapshot: Some(200),
            aws_backup_snapshot: Some(100),
            ..Newest::default()
        };
        assert_eq!(Newest::of(&known, &table()), expected);
    }

    /// What was written while the account was scanned is ahead of the instant of the snapshot.
    #[test]
    fn having_none_comes_before_what_is_ahead() {
        let newest = Newest::of(&[copy(CopyKind::AutomatedBackup, "here", Some(-3))], &table());
        assert_eq!((newest.places, newest.systems), (vec![0, -3, 0], vec![0, -3, 0]));
    }

    /// A replica is a copy in another place, and in the storage system of the data.
    #[test]
    fn a_replica_adds_no_system() {
        let newest = Newest::of(&[copy(CopyKind::Replica, "elsewhere", Some(0))], &table());
        assert_eq!((newest.places, newest.systems), (vec![0, 0, 0], vec![0, 0]));
        assert_eq!((newest.off_region, newest.off_region_replica), (Some(0), Some(0)));
        let newest = Newest::of(&[copy(CopyKind::Replica, "here", Some(0))], &table());
        assert_eq!((newest.off_region, newest.off_region_replica), (None, None));
    }

    /// What has no age is not new, and what may be somewhere is not there.
    #[test]
    fn what_is_not_known_does_not_count() {
        let undated = copy(CopyKind::ManualSnapshot, "elsewhere", None);
        let unclear = Copy {
            off_region: None,
            out_of_reach: None,
            ..copy(CopyKind::AwsBackupSnapshot, "somewhere", Some(60))
        };
        let expected = Newest {
            out_of_reach: vec![0],
            places: vec![0, 0, 60],
            systems: vec![0, 0, 60],
            aws_backup_snapshot: Some(60),
            ..Newest::default()
        };
        assert_eq!(Newest::of(&[undated, unclear], &table()), expected);
    }

    #[test]
    fn nothing_needs_to_be_out_of_reach_but_what_is_asked_for() {
        let out_of_reach = |place, behind| Copy {
            out_of_reach: Some(true),
            ..copy(CopyKind::AwsBackupSnapshot, place, Some(behind))
        };
        let known = [out_of_reach("there", 90), out_of_reach("elsewhere", 30), out_of_reach("there", 60)];
        assert_eq!(Newest::of(&known, &table()).out_of_reach, [0, 30, 60]);

        let lock = |mode: &str| ObjectLock { mode: Some(mode.to_owned()), ..ObjectLock::default() };
        for (mode, expected) in [("COMPLIANCE", vec![0, 0]), ("GOVERNANCE", vec![0])] {
            let bucket = Bucket { object_lock: Some(lock(mode)), ..Bucket::default() };
            let attributes = Attributes::Bucket(Box::new(bucket));
            let bucket = samples::resource(Kind::Bucket, "arn:aws:s3:::invoices", &[], attributes);
            assert_eq!(Newest::of(&[], &bucket).out_of_reach, expected, "{mode}");
        }
    }

    #[test]
    fn what_is_not_known_may_be_the_newest_and_in_a_place_of_its_own() {
        let known = copy(CopyKind::ManualSnapshot, "here", Some(500));
        let known = Copy { region: Some("r".into()), account: Some("a".into()), ..known };
        assert_eq!(Newest::at_best(std::slice::from_ref(&known), &table()), None);

        let undated = Copy { behind: None, ..known.clone() };
        let best = Newest::at_best(&[undated], &table()).unwrap();
        assert_eq!((best.manual_snapshot, best.off_region), (Some(0), None));
        assert_eq!((best.places, best.out_of_reach), (vec![0, 0, 0], vec![0]));

        let anywhere = |arn: &'static str| Copy {
            arn: Cow::Borrowed(arn),
            account: None,
            off_region: None,
            out_of_reach: None,
            ..known.clone()
        };
        let best = Newest::at_best(&[anywhere("one"), anywhere("other")], &table()).unwrap();
        assert_eq!((best.off_region, best.out_of_reach), (Some(500), vec![0, 500, 500]));
        assert_eq!((best.places, best.systems), (vec![0, 0, 500, 500], vec![0, 0, 500, 500]));
    }

    #[test]
    fn a_bucket_whose_lock_is_not_known_may_be_locked() {
        let attributes = Attributes::Bucket(Box::default());
        let bucket = samples::resource(Kind::Bucket, "arn:aws:s3:::invoices", &[], attributes);
        assert_eq!(Newest::of(&[], &bucket).out_of_reach, [0]);
        assert_eq!(Newest::at_best(&[], &bucket).unwrap().out_of_reach, [0, 0]);
    }

    /// Policies compare the members with limits, and `null` would be less than each of them.
    #[test]
    fn what_there_is_no_copy_for_is_not_there() {
        let newest = serde_json::to_value(Newest::of(&[], &table())).unwrap();
        assert_eq!(newest, serde_json::json!({"out_of_reach": [0], "places": [0, 0], "systems": [0, 0]}));
        let known = [copy(CopyKind::ManualSnapshot, "elsewhere", Some(60))];
        let newest = serde_json::to_value(Newest::of(&known, &table())).unwrap();
        assert_eq!((&newest["manual_snapshot"], &newest["off_region"]), (&60.into(), &60.into()));
    }
}
