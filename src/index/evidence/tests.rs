use crate::config::Config;
use crate::evidence::{DrillStep, Evidence, EvidenceKind, Record, Strength};
use crate::index::{EvidenceInput, Index};
use crate::snapshot::backup::RestoreJob;
use crate::snapshot::{Attributes, Collector, Kind, Resource, SCHEMA_VERSION, Scope, Snapshot, Timestamp};

const NOW: i64 = 1_795_316_400;
const VOLUME: &str = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";

fn at(seconds_ago: i64) -> Timestamp {
    Timestamp::from_unix_seconds(NOW - seconds_ago)
}

fn resource(kind: Kind, arn: &str, attributes: Attributes) -> Resource {
    Resource {
        kind,
        arn: arn.to_owned(),
        name: "one".to_owned(),
        region: "eu-west-1".to_owned(),
        zones: Vec::new(),
        tags: Some([("hadr:workload".to_owned(), "shop".to_owned())].into()),
        attributes,
        gaps: Vec::new(),
    }
}

fn restore() -> Resource {
    let job = RestoreJob {
        source_resource_arn: Some(VOLUME.to_owned()),
        creation_date: Some(at(1000)),
        completion_date: Some(at(400)),
        ..RestoreJob::default()
    };
    let arn = "arn:aws:backup:eu-west-1:123456789012:restore-job/1";
    Resource { tags: None, ..resource(Kind::RestoreJob, arn, Attributes::RestoreJob(Box::new(job))) }
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
    let snapshot = Snapshot {
        schema_version: SCHEMA_VERSION,
        captured_at: at(0),
        collector: Collector::this(),
        scope: Scope {
            partition: "aws".to_owned(),
            account: "123456789012".to_owned(),
            alias: None,
            regions: vec!["eu-west-1".to_owned()],
        },
        coverage: Vec::new(),
        resources,
    };
    let config = Config { records: Evidence { records, since, ..Evidence::default() }, ..Config::default() };
    Index::build(vec![&snapshot], &config).evidence(&snapshot)
}

fn volume() -> Resource {
    resource(Kind::Volume, VOLUME, Attributes::Volume(Box::default()))
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
