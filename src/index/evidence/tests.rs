use crate::config::Config;
use crate::evidence::{DrillStep, Evidence, EvidenceKind, Record, Strength};
use crate::index::{EvidenceInput, Index};
use crate::snapshot::backup::RestoreJob;
use crate::snapshot::{Attributes, Kind, Resource, Timestamp, samples};

const VOLUME: &str = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";

fn at(seconds_ago: i64) -> Timestamp {
    Timestamp::from_unix_seconds(samples::NOW.unix_seconds() - seconds_ago)
}

fn restore() -> Resource {
    let job = RestoreJob {
        source_resource_arn: Some(VOLUME.to_owned()),
        creation_date: Some(at(1000)),
        completion_date: Some(at(400)),
        ..RestoreJob::default()
    };
    let arn = "arn:aws:backup:eu-west-1:123456789012:restore-job/1";
    samples::resource(Kind::RestoreJob, arn, &[], Attributes::RestoreJob(Box::new(job)))
}

fn drill(workload: &str, seconds_ago: i64) -> Record {
    Record {
        kind: EvidenceKind::Drill,
        workload: Some(workload.to_owned()),
        resource: None,
        at: at(seconds_ago),
        strength: Strength::C,
        steps: [DrillStep::PrimaryStopped].into(),
        rto: None,
        rpo: None,
        acknowledged_by: Vec::new(),
        source: "attestations/drill.toml".to_owned(),
    }
}

fn input(resources: Vec<Resource>, records: Vec<Record>, since: Option<Timestamp>) -> EvidenceInput {
    let snapshot = samples::snapshot(resources);
    let config = Config { records: Evidence { records, since, ..Evidence::default() }, ..Config::default() };
    Index::build(vec![&snapshot], &config).evidence(&snapshot)
}

fn volume() -> Resource {
    let tags = [("hadr:workload", "shop")];
    samples::resource(Kind::Volume, VOLUME, &tags, Attributes::Volume(Box::default()))
}

/// What the service remembers and the ledger kept is one restore, of the workload that the resource belongs to.
#[test]
fn a_restore_is_evidence_for_the_workload_of_its_resource() {
    let kept = crate::evidence::observed(&restore()).unwrap();
    let evidence = input(vec![volume(), restore()], vec![kept], Some(at(5000)));
    let [record] = evidence.records.as_slice() else { panic!("{evidence:?}") };
    assert_eq!((record.kind, record.strength), (EvidenceKind::Restore, Strength::B));
    assert_eq!((record.workload.as_deref(), record.age, record.rto), (Some("shop"), 400, Some(600)));
    assert_eq!(evidence.watched, Some(5000));
}

#[test]
fn a_restore_that_failed_its_validation_is_no_evidence() {
    let mut failed = restore();
    if let Attributes::RestoreJob(job) = &mut failed.attributes {
        job.validation_status = Some("FAILED".to_owned());
    }
    assert_eq!(input(vec![volume(), failed], Vec::new(), None).records, []);
}

/// What lies in the ledger counts when the service has forgotten it.
#[test]
fn what_the_ledger_kept_counts_alone() {
    let kept = crate::evidence::observed(&restore()).unwrap();
    let evidence = input(vec![volume()], vec![kept], Some(at(5000)));
    assert_eq!(evidence.records[0].resource.as_deref(), Some(VOLUME));
}

#[test]
fn what_lies_in_the_future_or_is_about_nothing_known_is_no_evidence() {
    let evidence =
        input(vec![volume()], vec![drill("shop", -60), drill("till", 60), drill("shop", 60)], None);
    assert_eq!(evidence.records.iter().map(|record| record.age).collect::<Vec<_>>(), [60]);
    let problems: Vec<&str> = evidence.unusable.iter().map(|unusable| unusable.problem.as_str()).collect();
    assert_eq!(
        problems,
        ["2026-11-22T03:01:00Z is after the scan", "nothing that was scanned belongs to the workload till",]
    );
}
