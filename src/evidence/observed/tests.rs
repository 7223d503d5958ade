use super::observed;
use crate::evidence::{DrillStep, EvidenceKind, Record, Strength};
use crate::snapshot::arc::{PlanExecution, ZonalShift};
use crate::snapshot::cloudtrail::TrailEvent;
use crate::snapshot::drs::RecoveryJob;
use crate::snapshot::fis::{Experiment, ExperimentAction};
use crate::snapshot::rds::DbEvent;
use crate::snapshot::{Attributes, Kind, Timestamp, samples};

const ORDERS: &str = "arn:aws:rds:eu-west-1:123456789012:cluster:orders";

fn at(seconds: i64) -> Option<Timestamp> {
    Some(Timestamp::from_unix_seconds(seconds))
}

/// The record and what it is about.
fn of(kind: Kind, attributes: Attributes) -> Option<(Record, Vec<String>)> {
    let resource = samples::resource(kind, "arn:aws:x:eu-west-1:123456789012:it", &[], attributes);
    let observed = observed(&resource)?;
    Some((observed.record, observed.on.into_iter().map(str::to_owned).collect()))
}

fn call(name: &str) -> Option<(Record, Vec<String>)> {
    let event = TrailEvent {
        event_name: name.to_owned(),
        event_time: at(100),
        resources: vec![ORDERS.to_owned()],
        ..TrailEvent::default()
    };
    of(Kind::TrailEvent, Attributes::TrailEvent(Box::new(event)))
}

fn experiment(actions_mode: &str, action: &str, status: &str) -> Option<(Record, Vec<String>)> {
    let action = ExperimentAction { action_id: action.to_owned(), status: Some("completed".to_owned()) };
    let experiment = Experiment {
        status: Some(status.to_owned()),
        actions_mode: Some(actions_mode.to_owned()),
        end_time: at(100),
        actions: Some(vec![action]),
        targets: Some(vec![ORDERS.to_owned()]),
        ..Experiment::default()
    };
    of(Kind::Experiment, Attributes::Experiment(Box::new(experiment)))
}

#[test]
fn a_failover_that_somebody_asked_for_is_part_of_a_drill() {
    let (record, on) = call("FailoverDBCluster").unwrap();
    assert_eq!((record.kind, record.strength), (EvidenceKind::Drill, Strength::B));
    assert_eq!(record.steps, [DrillStep::PrimaryStopped, DrillStep::DatabasePromoted].into());
    assert_eq!(on, [ORDERS]);
    assert_eq!(call("SwitchoverGlobalCluster").unwrap().0.steps, [DrillStep::DatabasePromoted].into());
}

#[test]
fn a_restore_is_no_drill() {
    assert_eq!(call("RestoreDBClusterToPointInTime").unwrap().0.kind, EvidenceKind::Restore);
}

/// What failed over by accident shows that it can, and that nobody practised.
#[test]
fn a_failover_that_happened_is_no_drill() {
    let event = |message: &str| {
        let event = DbEvent {
            source_arn: Some(ORDERS.to_owned()),
            event_categories: vec!["failover".to_owned()],
            message: message.to_owned(),
            date: at(100),
        };
        of(Kind::DbEvent, Attributes::DbEvent(Box::new(event)))
    };
    let (record, _) = event("Completed failover to DB instance: orders-2").unwrap();
    assert_eq!((record.kind, record.steps.len()), (EvidenceKind::Failover, 0));
    assert_eq!(event("Started cross AZ failover to DB instance: orders-2"), None);
}

#[test]
fn an_experiment_proves_what_it_did() {
    let (record, on) = experiment("run-all", "aws:rds:failover-db-cluster", "completed").unwrap();
    assert_eq!(record.strength, Strength::B);
    assert_eq!(record.steps, [DrillStep::PrimaryStopped, DrillStep::DatabasePromoted].into());
    assert_eq!(on, [ORDERS]);
    // Nothing says that another one wrote after it.
    let (record, _) = experiment("run-all", "aws:rds:reboot-db-instances", "completed").unwrap();
    assert_eq!(record.steps, [DrillStep::PrimaryStopped].into());
    let cut = "aws:network:route-table-disrupt-cross-region-connectivity";
    let (record, _) = experiment("run-all", cut, "completed").unwrap();
    assert_eq!((record.strength, record.steps), (Strength::A, [DrillStep::PrimaryStopped].into()));
}

#[test]
fn an_experiment_that_did_nothing_proves_nothing() {
    let failover = "aws:rds:failover-db-cluster";
    assert_eq!(experiment("skip-all", failover, "completed"), None);
    assert_eq!(experiment("run-all", failover, "stopped"), None);
    assert_eq!(experiment("run-all", "aws:ssm:send-command", "completed"), None);
}

#[test]
fn a_switch_of_the_region_is_measured() {
    let execution = |state: &str, action: &str| {
        let execution = PlanExecution {
            plan_arn: "arn:aws:arc-region-switch::123456789012:plan/shop:1".to_owned(),
            execution_state: Some(state.to_owned()),
            execution_action: Some(action.to_owned()),
            end_time: at(100),
            actual_recovery_time: Some("PT12M".to_owned()),
            ..PlanExecution::default()
        };
        of(Kind::PlanExecution, Attributes::PlanExecution(Box::new(execution)))
    };
    let (record, on) = execution("completed", "activate").unwrap();
    assert_eq!((record.kind, record.strength, record.rto), (EvidenceKind::Drill, Strength::A, Some(720)));
    assert_eq!(on, ["arn:aws:arc-region-switch::123456789012:plan/shop:1"]);
    assert_eq!(execution("completedWithExceptions", "activate").unwrap().0.strength, Strength::B);
    assert_eq!(execution("failed", "activate"), None);
    assert_eq!(execution("completed", "deactivate"), None);
}

#[test]
fn servers_are_launched_to_rehearse_or_because_they_have_to_be() {
    let job = |begun_by: &str, launched: Vec<String>| {
        let job = RecoveryJob {
            initiated_by: Some(begun_by.to_owned()),
            status: Some("COMPLETED".to_owned()),
            creation_date_time: at(100),
            end_date_time: at(700),
            launched,
            ..RecoveryJob::default()
        };
        of(Kind::RecoveryJob, Attributes::RecoveryJob(Box::new(job)))
    };
    let server = vec!["arn:aws:drs:eu-central-1:123456789012:source-server/s-1".to_owned()];
    let (record, on) = job("START_DRILL", server.clone()).unwrap();
    // How long they took to start says little about how long the workload would be away.
    assert_eq!((record.kind, record.rto, on), (EvidenceKind::Drill, None, server.clone()));
    assert_eq!(job("START_RECOVERY", server).unwrap().0.kind, EvidenceKind::Failover);
    assert_eq!(job("START_DRILL", Vec::new()), None);
}

#[test]
fn a_shift_out_of_a_zone_moves_traffic() {
    let shift = |shift_type: &str, outcome: Option<&str>| {
        let shift = ZonalShift {
            resource_arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1"
                .to_owned(),
            shift_type: Some(shift_type.to_owned()),
            practice_run_outcome: outcome.map(str::to_owned),
            start_time: at(100),
            ..ZonalShift::default()
        };
        let (record, _) = of(Kind::ZonalShift, Attributes::ZonalShift(Box::new(shift)))?;
        Some((record.kind, record.steps.len()))
    };
    assert_eq!(shift("ZONAL_SHIFT", None), Some((EvidenceKind::Drill, 1)));
    assert_eq!(shift("PRACTICE_RUN", Some("SUCCEEDED")), Some((EvidenceKind::Drill, 1)));
    assert_eq!(shift("PRACTICE_RUN", Some("INTERRUPTED")), None);
    assert_eq!(shift("ZONAL_AUTOSHIFT", None), Some((EvidenceKind::Failover, 0)));
}
