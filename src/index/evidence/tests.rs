use serde_json::json;

use crate::config::Config;
use crate::evidence::{DrillStep, Evidence, EvidenceKind, Kept, Record, Strength, Watch};
use crate::index::{EvidenceInput, Index};
use crate::snapshot::backup::{RecoveryPoint, RestoreJob};
use crate::snapshot::cloudtrail::TrailEvent;
use crate::snapshot::fis::{Experiment, ExperimentAction};
use crate::snapshot::{Attributes, Call, Kind, Outcome, Resource, Timestamp, samples};

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

/// A call of somebody who recovers something.
fn call(name: &str, on: &[&str]) -> Resource {
    let event = TrailEvent {
        event_name: name.to_owned(),
        event_time: Some(at(60)),
        resources: on.iter().map(|arn| (*arn).to_owned()).collect(),
        ..TrailEvent::default()
    };
    let arn = "arn:aws:cloudtrail:eu-west-1:123456789012:event/1";
    samples::resource(Kind::TrailEvent, arn, &[], Attributes::TrailEvent(Box::new(event)))
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
    let records = records.into_iter().map(|record| Kept::at(format!("{}:1", record.source), record));
    let watches = since.map(|since| ("123456789012".to_owned(), Watch::begun(since)));
    let evidence = Evidence {
        records: records.collect(),
        watches: watches.into_iter().collect(),
        ..Evidence::default()
    };
    let config = Config { records: evidence, ..Config::default() };
    Index::build(vec![&snapshot], &config).evidence(&snapshot)
}

fn volume() -> Resource {
    let tags = [("hadr:workload", "shop")];
    samples::resource(Kind::Volume, VOLUME, &tags, Attributes::Volume(Box::default()))
}

/// What the ledger keeps of the restore.
fn kept() -> Record {
    let snapshot = samples::snapshot(vec![volume(), restore()]);
    let config = Config::default();
    Index::build(vec![&snapshot], &config).seen(&snapshot).remove(0)
}

/// What the service remembers and the ledger kept is one restore, of the workload that the resource belongs to.
#[test]
fn a_restore_is_evidence_for_the_workload_of_its_resource() {
    let kept = kept();
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
    // The backup remembers no more than that it was used.
    let backup = |seconds_ago| {
        let point = RecoveryPoint {
            resource_arn: Some(VOLUME.to_owned()),
            last_restore_time: Some(at(seconds_ago)),
            ..RecoveryPoint::default()
        };
        let arn = "arn:aws:ec2:eu-west-1::snapshot/snap-1";
        samples::resource(Kind::RecoveryPoint, arn, &[], Attributes::RecoveryPoint(Box::new(point)))
    };
    assert_eq!(input(vec![volume(), failed.clone(), backup(390)], Vec::new(), None).records, []);
    let earlier = input(vec![volume(), failed, backup(90_000)], Vec::new(), None);
    assert_eq!(earlier.records.iter().map(|record| record.age).collect::<Vec<_>>(), [90_000]);
}

/// What lies in the ledger counts when the service has forgotten it.
#[test]
fn what_the_ledger_kept_counts_alone() {
    let kept = kept();
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

/// Who restores a snapshot tries the database, and belongs to the workload of it.
#[test]
fn a_restore_of_a_snapshot_is_one_of_its_database() {
    let database = "arn:aws:rds:eu-west-1:123456789012:db:orders";
    let snapshot = "arn:aws:rds:eu-west-1:123456789012:snapshot:daily";
    let instance = json!({
        "role": "standalone", "pending_modified_values": {}, "read_replica_db_instance_arns": [],
        "db_instance_automated_backups_replications": [], "db_parameter_groups": [], "status_infos": [],
    });
    let instance = Attributes::DbInstance(Box::new(serde_json::from_value(instance).unwrap()));
    let taken = json!({"source_arn": database});
    let taken = Attributes::DbSnapshot(Box::new(serde_json::from_value(taken).unwrap()));
    let tags = [("hadr:workload", "shop")];
    let resources = vec![
        samples::resource(Kind::DbInstance, database, &tags, instance),
        samples::resource(Kind::DbSnapshot, snapshot, &[], taken),
        call("RestoreDBInstanceFromDBSnapshot", &[snapshot]),
    ];
    let evidence = input(resources, Vec::new(), None);
    let [record] = evidence.records.as_slice() else { panic!("{evidence:?}") };
    assert_eq!((record.kind, record.resource.as_deref()), (EvidenceKind::Restore, Some(database)));
    assert_eq!(record.workload.as_deref(), Some("shop"));
}

/// An experiment on two workloads is evidence for each, and no better than what it was tried on.
#[test]
fn what_was_done_to_several_workloads_counts_for_each() {
    let till = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-2";
    let till_tags = [("hadr:workload", "till"), ("env", "staging")];
    let toy = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-3";
    let toy_tags = [("hadr:workload", "toy"), ("env", "dev")];
    let cut = "aws:network:route-table-disrupt-cross-region-connectivity";
    let experiment = Experiment {
        status: Some("completed".to_owned()),
        end_time: Some(at(60)),
        actions: Some(vec![ExperimentAction {
            action_id: cut.to_owned(),
            status: Some("completed".to_owned()),
        }]),
        targets: Some(vec![VOLUME.to_owned(), till.to_owned(), toy.to_owned()]),
        ..Experiment::default()
    };
    let arn = "arn:aws:fis:eu-west-1:123456789012:experiment/e";
    let resources = vec![
        volume(),
        samples::resource(Kind::Volume, till, &till_tags, Attributes::Volume(Box::default())),
        samples::resource(Kind::Volume, toy, &toy_tags, Attributes::Volume(Box::default())),
        samples::resource(Kind::Experiment, arn, &[], Attributes::Experiment(Box::new(experiment))),
    ];
    let evidence = input(resources, Vec::new(), None);
    let told: Vec<_> =
        evidence.records.iter().map(|record| (record.workload.as_deref(), record.strength)).collect();
    let expected = [(Some("shop"), Strength::A), (Some("till"), Strength::B), (Some("toy"), Strength::D)];
    assert_eq!(told, expected);
}

/// What was seen stays true of a workload of which nothing is left.
#[test]
fn what_the_ledger_kept_outlives_the_workload() {
    let evidence = input(Vec::new(), vec![kept()], Some(at(5000)));
    let [record] = evidence.records.as_slice() else { panic!("{evidence:?}") };
    assert_eq!((record.workload.as_deref(), evidence.unusable.len()), (Some("shop"), 0));
}

#[test]
fn calls_that_were_refused_may_have_told_of_more() {
    let mut snapshot = samples::snapshot(Vec::new());
    let call = |operation: &str, outcome, code: Option<&str>| Call {
        service: "fis".to_owned(),
        operation: operation.to_owned(),
        region: "eu-west-1".to_owned(),
        outcome,
        code: code.map(str::to_owned),
        items: 0,
    };
    snapshot.coverage.push(call("ListExperiments", Outcome::Denied, Some("AccessDenied")));
    let config = Config::default();
    let unseen = Index::build(vec![&snapshot], &config).evidence(&snapshot).unseen;
    assert!(unseen.contains("fis:ListExperiments"), "{unseen:?}");
    assert!(unseen.contains("drs:DescribeSourceServers"), "it was never asked: {unseen:?}");

    // A Region that does not have the service has nothing to tell.
    snapshot.coverage = vec![call("ListExperiments", Outcome::Unsupported, Some("UnknownHost"))];
    let unseen = Index::build(vec![&snapshot], &config).evidence(&snapshot).unseen;
    assert!(!unseen.contains("fis:ListExperiments"), "{unseen:?}");
}
