//! What services remember, as the snapshot has it.

use std::collections::BTreeSet;

use super::{DrillStep, EvidenceKind, Record, Strength};
use crate::config::Seconds;
use crate::snapshot::arc::{PlanExecution, ZonalShift};
use crate::snapshot::cloudtrail::TrailEvent;
use crate::snapshot::drs::RecoveryJob;
use crate::snapshot::fis::Experiment;
use crate::snapshot::rds::DbEvent;
use crate::snapshot::{Attributes, Resource, Timestamp};

/// Evidence, before anybody has looked up whose resources it is about.
pub(crate) struct Observed<'a> {
    /// The record without a workload and a resource.
    pub(crate) record: Record,
    /// ARNs of what was done something to.
    pub(crate) on: Vec<&'a str>,
}

/// Faults after which the primary does not answer, by the start of their ids.
const STOPS_PRIMARY: [&str; 9] = [
    "aws:ebs:pause-volume-io",
    "aws:ec2:stop-instances",
    "aws:ec2:terminate-instances",
    "aws:ecs:stop-task",
    "aws:eks:terminate-nodegroup-instances",
    "aws:network:disrupt-connectivity",
    "aws:rds:",
    CUTS_REGION[0],
    CUTS_REGION[1],
];

/// Faults that cut Regions off from each other.
const CUTS_REGION: [&str; 2] = [
    "aws:network:route-table-disrupt-cross-region-connectivity",
    "aws:network:transit-gateway-disrupt-cross-region-connectivity",
];

/// The evidence that a resource of the snapshot is.
pub(crate) fn observed(resource: &Resource) -> Option<Observed<'_>> {
    let record = |kind, at| Record {
        kind,
        workload: None,
        resource: None,
        at,
        strength: Strength::B,
        steps: BTreeSet::new(),
        rto: None,
        rpo: None,
        acknowledged_by: Vec::new(),
        source: resource.arn.clone(),
    };
    match &resource.attributes {
        // What somebody tried and found wanting was not restored.
        Attributes::RestoreJob(job) if job.validation_status.as_deref() == Some("FAILED") => None,
        Attributes::RestoreJob(job) => {
            // Data that nobody looked at may be anything.
            let is_validated = job.validation_status.as_deref() == Some("SUCCESSFUL");
            let restored = Record {
                strength: if is_validated { Strength::A } else { Strength::B },
                steps: is_validated.then_some(DrillStep::DataCompared).into_iter().collect(),
                rto: between(job.creation_date?, job.completion_date?),
                ..record(EvidenceKind::Restore, job.completion_date?)
            };
            Some(Observed { record: restored, on: job.source_resource_arn.as_deref().into_iter().collect() })
        }
        Attributes::RecoveryPoint(point) => Some(Observed {
            record: record(EvidenceKind::Restore, point.last_restore_time?),
            on: point.resource_arn.as_deref().into_iter().collect(),
        }),
        Attributes::TrailEvent(event) => of_call(event, record),
        Attributes::DbEvent(event) => of_database(event, record),
        Attributes::Experiment(experiment) => of_experiment(experiment, record),
        Attributes::PlanExecution(execution) => of_execution(execution, record),
        Attributes::ZonalShift(shift) => of_shift(shift, record),
        Attributes::RecoveryJob(job) => of_job(job, record),
        _ => None,
    }
}

/// A call proves that somebody recovered something on purpose, and not that all went well.
fn of_call(event: &TrailEvent, record: impl Fn(EvidenceKind, Timestamp) -> Record) -> Option<Observed<'_>> {
    use DrillStep::{DatabasePromoted, PrimaryStopped, TrafficMoved};
    let (kind, steps): (_, &[DrillStep]) = match event.event_name.as_str() {
        name if name.starts_with("Restore") => (EvidenceKind::Restore, &[]),
        // These take the writer away, as its failure would.
        "FailoverDBCluster" | "RebootDBInstance" => {
            (EvidenceKind::Drill, &[PrimaryStopped, DatabasePromoted])
        }
        "FailoverGlobalCluster"
        | "PromoteReadReplica"
        | "PromoteReadReplicaDBCluster"
        | "SwitchoverGlobalCluster"
        | "SwitchoverReadReplica" => (EvidenceKind::Drill, &[DatabasePromoted]),
        "UpdateHealthCheck" | "UpdateRoutingControlState" | "UpdateRoutingControlStates" => {
            (EvidenceKind::Drill, &[TrafficMoved])
        }
        _ => return None,
    };
    let record = Record { steps: steps.iter().copied().collect(), ..record(kind, event.event_time?) };
    Some(Observed { record, on: event.resources.iter().map(String::as_str).collect() })
}

/// A failover that ended. It shows that the mechanism works, and not that anybody practised: that is in the calls.
fn of_database(event: &DbEvent, record: impl Fn(EvidenceKind, Timestamp) -> Record) -> Option<Observed<'_>> {
    let message = event.message.to_ascii_lowercase();
    let is_failover = event.event_categories.iter().any(|category| category.contains("failover"));
    let has_ended = ["complete", "finished", "succe"].iter().any(|word| message.contains(word));
    let record = record(EvidenceKind::Failover, event.date?);
    (is_failover && has_ended)
        .then(|| Observed { record, on: event.source_arn.as_deref().into_iter().collect() })
}

/// An experiment that really did something, and came to its end.
fn of_experiment(
    experiment: &Experiment,
    record: impl Fn(EvidenceKind, Timestamp) -> Record,
) -> Option<Observed<'_>> {
    if experiment.status.as_deref() != Some("completed")
        || experiment.actions_mode.as_deref() == Some("skip-all")
    {
        return None;
    }
    let done = experiment.actions.iter().flatten();
    let done = done.filter(|action| action.status.as_deref() == Some("completed"));
    let ids: Vec<&str> = done.map(|action| action.action_id.as_str()).collect();
    let did = |faults: &[&str]| ids.iter().any(|id| faults.iter().any(|fault| id.starts_with(fault)));
    let proven = [
        (did(&STOPS_PRIMARY), DrillStep::PrimaryStopped),
        // A reboot need not make another one the writer.
        (did(&["aws:rds:failover-db-cluster"]), DrillStep::DatabasePromoted),
        (did(&["aws:arc:start-zonal-autoshift"]), DrillStep::TrafficMoved),
    ];
    let steps: BTreeSet<DrillStep> =
        proven.into_iter().filter(|(is_proven, _)| *is_proven).map(|(_, step)| step).collect();
    let ended = experiment.end_time.or(experiment.start_time)?;
    let record = Record {
        strength: if did(&CUTS_REGION) { Strength::A } else { Strength::B },
        steps,
        ..record(EvidenceKind::Drill, ended)
    };
    (!record.steps.is_empty())
        .then(|| Observed { record, on: experiment.targets.iter().flatten().map(String::as_str).collect() })
}

/// A switch of the Region that came to its end. It moves everything that the plan names, and takes a known time.
fn of_execution(
    execution: &PlanExecution,
    record: impl Fn(EvidenceKind, Timestamp) -> Record,
) -> Option<Observed<'_>> {
    let state = execution.execution_state.as_deref()?;
    if !state.starts_with("completed") || execution.execution_action.as_deref() != Some("activate") {
        return None;
    }
    let took = execution.actual_recovery_time.as_deref().and_then(|text| text.parse::<Seconds>().ok());
    let ended = execution.end_time.or(execution.start_time)?;
    let record = Record {
        strength: if state == "completed" { Strength::A } else { Strength::B },
        steps: [DrillStep::TrafficMoved].into(),
        rto: took.map(|seconds| seconds.0),
        ..record(EvidenceKind::Drill, ended)
    };
    Some(Observed { record, on: vec![&execution.plan_arn] })
}

/// A shift out of a zone, which moves traffic and proves no more.
fn of_shift(shift: &ZonalShift, record: impl Fn(EvidenceKind, Timestamp) -> Record) -> Option<Observed<'_>> {
    let is_practice = shift.shift_type.as_deref() == Some("PRACTICE_RUN");
    if is_practice && shift.practice_run_outcome.as_deref() != Some("SUCCEEDED") {
        return None;
    }
    // AWS shifts by itself when it finds a zone to be in trouble.
    let is_asked_for = shift.shift_type.as_deref() != Some("ZONAL_AUTOSHIFT");
    let kind = if is_asked_for { EvidenceKind::Drill } else { EvidenceKind::Failover };
    let steps = is_asked_for.then_some(DrillStep::TrafficMoved).into_iter().collect();
    let record = Record { steps, ..record(kind, shift.start_time?) };
    Some(Observed { record, on: vec![&shift.resource_arn] })
}

/// Servers that were launched from their copies, to rehearse or because they had to be.
fn of_job(job: &RecoveryJob, record: impl Fn(EvidenceKind, Timestamp) -> Record) -> Option<Observed<'_>> {
    let kind = match job.initiated_by.as_deref()? {
        "START_DRILL" => EvidenceKind::Drill,
        "START_RECOVERY" => EvidenceKind::Failover,
        _ => return None,
    };
    if job.status.as_deref() != Some("COMPLETED") || job.launched.is_empty() {
        return None;
    }
    // How long servers take to start says little about how long the workload is away.
    let record = record(kind, job.end_date_time?);
    Some(Observed { record, on: job.launched.iter().map(String::as_str).collect() })
}

fn between(begun: Timestamp, ended: Timestamp) -> Option<u64> {
    u64::try_from(ended.seconds_since(begun)).ok()
}

#[cfg(test)]
mod tests;
