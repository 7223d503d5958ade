use std::fs;
use std::path::Path;

use crate::config::Config;
use crate::evidence::{Evidence, EvidenceKind, Strength};
use crate::index::Index;
use crate::snapshot::backup::RestoreJob;
use crate::snapshot::{Attributes, Kind, Snapshot, Timestamp, samples};

const DAY: i64 = 24 * 3600;
const ORDERS: &str = "arn:aws:rds:eu-west-1:123456789012:db:orders";

/// An account that remembers restores, each of which ended so many days after the epoch.
fn snapshot(captured: i64, restores: &[i64]) -> Snapshot {
    let restore = |day: &i64| {
        let job = RestoreJob {
            source_resource_arn: Some(ORDERS.to_owned()),
            creation_date: Some(Timestamp::from_unix_seconds(day * DAY - 600)),
            completion_date: Some(Timestamp::from_unix_seconds(day * DAY)),
            validation_status: Some("SUCCESSFUL".to_owned()),
            ..RestoreJob::default()
        };
        let arn = format!("arn:aws:backup:eu-west-1:123456789012:restore-job/{day}");
        samples::resource(Kind::RestoreJob, &arn, &[], Attributes::RestoreJob(Box::new(job)))
    };
    let resources = restores.iter().map(restore).collect();
    Snapshot { captured_at: Timestamp::from_unix_seconds(captured * DAY), ..samples::snapshot(resources) }
}

/// Scans the account and adds what it remembers.
fn append(path: &Path, snapshot: &Snapshot) {
    let config = Config::default();
    super::append(path, snapshot, Index::build(vec![snapshot], &config).seen(snapshot)).unwrap();
}

fn read(path: &Path) -> Evidence {
    let mut evidence = Evidence::default();
    evidence.add_ledger(path).unwrap();
    evidence
}

/// Days for which everything was seen, on a day.
fn watched(path: &Path, day: i64) -> Option<i64> {
    let now = Timestamp::from_unix_seconds(day * DAY);
    Some(read(path).watches.get("123456789012")?.seconds_until(now)? / DAY)
}

/// The days on which the restores of a ledger ended, and its problems without the path.
fn told(path: &Path) -> (Vec<i64>, Vec<String>) {
    let evidence = read(path);
    let days = evidence.records.iter().map(|kept| kept.record.at.unix_seconds() / DAY);
    let problems = evidence.unusable.iter().map(|unusable| {
        let (_, line) = unusable.place.rsplit_once(':').unwrap();
        format!("{line}: {}", unusable.problem)
    });
    (days.collect(), problems.collect())
}

#[test]
fn what_was_seen_outlives_the_service() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("evidence.jsonl");
    append(&ledger, &snapshot(100, &[99]));
    append(&ledger, &snapshot(140, &[]));
    append(&ledger, &snapshot(160, &[159]));
    let evidence = read(&ledger);
    let [first, second] = evidence.records.as_slice() else { panic!("{evidence:?}") };
    let (first, second) = (&first.record, &second.record);
    assert_eq!((first.kind, first.strength), (EvidenceKind::Restore, Strength::A));
    assert_eq!((first.resource.as_deref(), first.rto), (Some(ORDERS), Some(600)));
    assert_eq!(second.at, Timestamp::from_unix_seconds(159 * DAY));
}

#[test]
fn what_is_there_is_not_added_again() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("evidence.jsonl");
    append(&ledger, &snapshot(100, &[99]));
    let before = fs::read_to_string(&ledger).unwrap();
    append(&ledger, &snapshot(101, &[99]));
    assert_eq!(fs::read_to_string(&ledger).unwrap(), before);
}

/// From the first scan on, what happens is seen, even if there was nothing to see.
#[test]
fn the_first_scan_is_entered_even_if_it_saw_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("evidence.jsonl");
    append(&ledger, &snapshot(100, &[]));
    assert_eq!(watched(&ledger, 101), Some(1));
    assert_eq!(read(&ledger).records, []);
}

/// What a scan of one account sees says nothing about another, and services forget what nobody asks for in time.
#[test]
fn an_account_is_watched_as_long_as_somebody_looks() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("evidence.jsonl");
    for day in [10, 100, 103, 107, 130] {
        append(&ledger, &snapshot(day, &[]));
    }
    // Nobody looked between the first and the second, and the third brought nothing new within a week.
    assert_eq!(fs::read_to_string(&ledger).unwrap().lines().count(), 4);
    assert_eq!(watched(&ledger, 150), Some(50));
    assert_eq!(watched(&ledger, 161), None);
    assert_eq!(read(&ledger).watches.get("210987654321"), None);
}

#[test]
fn a_byte_that_is_no_text_spoils_its_line_only() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("evidence.jsonl");
    append(&ledger, &snapshot(100, &[98, 99]));
    let mut bytes = fs::read(&ledger).unwrap();
    let last = bytes.len() - 40;
    bytes[last] = 0xff;
    fs::write(&ledger, bytes).unwrap();
    let (days, problems) = told(&ledger);
    assert_eq!((days, problems.len()), (vec![98], 1));
    assert!(problems[0].starts_with("2: "), "{problems:?}");
}

#[test]
fn a_line_that_was_edited_does_not_count_and_the_others_do() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("evidence.jsonl");
    append(&ledger, &snapshot(100, &[97, 98, 99]));
    let text = fs::read_to_string(&ledger).unwrap();
    let line = text.lines().nth(1).unwrap();
    fs::write(&ledger, text.replace(line, &line.replace("\"A\"", "\"C\""))).unwrap();
    assert_eq!(told(&ledger), (vec![97, 99], vec!["2: it was changed after it was written".to_owned()]));
}

#[test]
fn a_line_that_was_taken_out_shows() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("evidence.jsonl");
    append(&ledger, &snapshot(100, &[97, 98, 99]));
    let text = fs::read_to_string(&ledger).unwrap();
    let kept: Vec<&str> = text.lines().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| line).collect();
    fs::write(&ledger, kept.join("\n") + "\n").unwrap();
    assert_eq!(told(&ledger), (vec![97, 99], vec!["2: the line before it was taken out".to_owned()]));
}

#[test]
fn a_line_that_was_cut_off_is_told_and_the_next_scan_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("evidence.jsonl");
    append(&ledger, &snapshot(100, &[98, 99]));
    let text = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, &text[..text.len() - 40]).unwrap();
    assert_eq!(told(&ledger), (vec![98], vec!["2: the line ends in the middle".to_owned()]));
    append(&ledger, &snapshot(101, &[99]));
    let (days, problems) = told(&ledger);
    assert_eq!(days, [98, 99]);
    assert!(problems[0].starts_with("2: it is not a line of a ledger: "), "{problems:?}");
}
