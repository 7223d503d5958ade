//! Evidence as policies see it: by workload, with its age, and what could not be used.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use super::Resources;
use super::context::Context;
use crate::config::{Config, Environment};
use crate::evidence::{self, DrillStep, EvidenceKind, Kept, Observed, Record, Strength, Unusable};
use crate::snapshot::operation::{self, Reach};
use crate::snapshot::{Attributes, Outcome, Resource, Snapshot, Timestamp};

/// All of it, for one account.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceInput {
    /// What counts, the newest first.
    pub records: Vec<EvidenceRecord>,
    /// What was meant as evidence and is none.
    pub unusable: Vec<Unusable>,
    /// Seconds for which the ledger has watched the account without a gap; `null` if it does not. What happened since was
    /// seen, or did not happen.
    pub watched: Option<i64>,
    /// Whether attestations are kept, so that one that is not there was not made.
    pub is_attested: bool,
    /// Calls that could have told of more and were not answered, as `service:Operation`, sorted.
    pub unseen: BTreeSet<String>,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EvidenceRecord {
    /// What was done.
    pub kind: EvidenceKind,
    /// Workload; `null` for a resource that belongs to none.
    pub workload: Option<String>,
    /// ARN of the resource, if one is known.
    pub resource: Option<String>,
    /// Seconds since then.
    pub age: i64,
    /// How much it proves, `A` to `D`.
    pub strength: Strength,
    /// Steps of a drill that it proves.
    pub steps: Vec<DrillStep>,
    /// Seconds until the service was back, if measured.
    pub rto: Option<u64>,
    /// Seconds of writes that were lost, if measured.
    pub rpo: Option<u64>,
    /// Those who took part, or know the runbook.
    pub people: Vec<String>,
    /// Where it comes from.
    pub source: String,
}

/// The calls that tell of drills, restores and failovers.
const TELLING: [&str; 15] = [
    "arc-region-switch:ListPlanExecutions",
    "arc-region-switch:ListPlans",
    "arc-zonal-shift:ListManagedResources",
    "arc-zonal-shift:ListZonalShifts",
    "backup:ListRestoreJobs",
    "cloudtrail:LookupDatabaseEvents",
    "cloudtrail:LookupHealthCheckEvents",
    "cloudtrail:LookupRoutingControlEvents",
    "cloudtrail:LookupTableEvents",
    "drs:DescribeJobs",
    "drs:DescribeSourceServers",
    "fis:GetExperiment",
    "fis:ListExperimentResolvedTargets",
    "fis:ListExperiments",
    "rds:DescribeEvents",
];

/// Whether a call, as `service:Operation`, tells of drills, restores or failovers.
pub fn tells_of_recoveries(id: &str) -> bool {
    TELLING.contains(&id)
}

/// What services remember, once for each workload that it is about.
pub(super) fn seen(resources: &Resources<'_>, contexts: &[Arc<Context>], snapshot: &Snapshot) -> Vec<Record> {
    let failed = failed_restores(snapshot);
    let worked = snapshot.resources.iter().filter(|resource| !failed.is_of(resource));
    let observed = worked.filter_map(evidence::observed);
    observed.flat_map(|observed| of_each_workload(observed, resources, contexts)).collect()
}

/// Restores of which somebody found that they had not worked: what was restored, and between which instants.
struct FailedRestores<'a>(BTreeMap<&'a str, Vec<(Timestamp, Timestamp)>>);

fn failed_restores(snapshot: &Snapshot) -> FailedRestores<'_> {
    let mut failed: BTreeMap<&str, Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for resource in &snapshot.resources {
        if let Attributes::RestoreJob(job) = &resource.attributes
            && job.validation_status.as_deref() == Some("FAILED")
            && let (Some(arn), Some(began)) = (job.source_resource_arn.as_deref(), job.creation_date)
        {
            failed.entry(arn).or_default().push((began, job.completion_date.unwrap_or(snapshot.captured_at)));
        }
    }
    FailedRestores(failed)
}

impl FailedRestores<'_> {
    /// Whether a backup says no more than that it was used for one of them.
    fn is_of(&self, resource: &Resource) -> bool {
        /// Seconds by which the backup may tell another instant than the job.
        const SLACK: i64 = 3600;
        let Attributes::RecoveryPoint(point) = &resource.attributes else { return false };
        let (Some(arn), Some(at)) = (point.resource_arn.as_deref(), point.last_restore_time) else {
            return false;
        };
        let during = |(began, ended): &(Timestamp, Timestamp)| {
            at.seconds_since(*began) >= -SLACK && at.seconds_since(*ended) <= SLACK
        };
        self.0.get(arn).is_some_and(|failed| failed.iter().any(during))
    }
}

/// One record for each workload among what something was done to, with the first resource of it; one without a
/// workload if none of it belongs to one.
fn of_each_workload(
    observed: Observed<'_>,
    resources: &Resources<'_>,
    contexts: &[Arc<Context>],
) -> Vec<Record> {
    let Observed { record, on } = observed;
    let on: Vec<&str> = on.into_iter().map(|arn| origin(arn, resources)).collect();
    let mut workloads: BTreeMap<String, (&str, Environment)> = BTreeMap::new();
    for arn in &on {
        if let Some((name, environment)) = owner(arn, resources, contexts) {
            workloads.entry(name).or_insert((arn, environment));
        }
    }
    if workloads.is_empty() {
        return vec![Record { resource: on.first().map(|arn| (*arn).to_owned()), ..record }];
    }
    let of_workload = |(name, (arn, environment)): (String, (&str, Environment))| {
        // What works where developers are may not in production, least of all where that is unlike production.
        let strength = match environment {
            Environment::Production | Environment::DisasterRecovery => record.strength,
            Environment::Staging => record.strength.max(Strength::B),
            Environment::NonProduction | Environment::Ephemeral => record.strength.max(Strength::D),
        };
        Record { workload: Some(name), resource: Some(arn.to_owned()), strength, ..record.clone() }
    };
    workloads.into_iter().map(of_workload).collect()
}

/// The database that a snapshot is of: who restores the one tries the other.
fn origin<'r>(arn: &'r str, resources: &Resources<'r>) -> &'r str {
    let origin = resources.get(arn).and_then(|resource| match &resource.attributes {
        Attributes::DbSnapshot(snapshot) => resources.origin(resource, snapshot),
        _ => None,
    });
    origin.unwrap_or(arn)
}

/// The workload of what has an ARN.
fn owner(arn: &str, resources: &Resources<'_>, contexts: &[Arc<Context>]) -> Option<(String, Environment)> {
    let context = contexts.get(*resources.by_arn.get(arn)?)?;
    Some((context.workload.value.clone()?, context.environment.value))
}

/// Calls of [`TELLING`] that were not answered. A service that a Region does not have has done nothing there.
fn unseen(snapshot: &Snapshot) -> BTreeSet<String> {
    let silent = snapshot.coverage.iter().filter(|call| {
        let is_absent = call.outcome == Outcome::Unsupported && call.code.as_deref() == Some("UnknownHost");
        !is_absent && !matches!(call.outcome, Outcome::Collected | Outcome::RegionDisabled)
    });
    let silent = silent.map(|call| format!("{}:{}", call.service, call.operation));
    let asked_in_vain = silent.filter(|id| TELLING.contains(&id.as_str()));
    let never_asked = TELLING.into_iter().filter(|id| {
        // Those about single resources need not be made at all.
        operation::find(id).is_some_and(|operation| operation.reach != Reach::Resource)
            && !snapshot
                .coverage
                .iter()
                .any(|call| id.split_once(':') == Some((&call.service, &call.operation)))
    });
    asked_in_vain.chain(never_asked.map(str::to_owned)).collect()
}

/// Evidence from files and from what the services of one account remember.
pub(super) fn evidence(
    resources: &Resources<'_>,
    contexts: &[Arc<Context>],
    snapshot: &Snapshot,
    config: &Config,
) -> EvidenceInput {
    let is_workload =
        |name: &str| contexts.iter().any(|context| context.workload.value.as_deref() == Some(name));
    let workload_of = |arn: &str| Some(owner(arn, resources, contexts)?.0);
    let kept = &config.records.records;
    let seen = seen(resources, contexts, snapshot).into_iter();
    // The ledger has what the services still remember, too, and may know better whose it was.
    let seen = seen.filter(|record| !kept.iter().any(|kept| record.adds_nothing_to(&kept.record)));
    let seen = seen.map(|record| Kept::at(record.source.clone(), record));
    let kept = kept.iter().cloned();
    let mut unusable = config.records.unusable.clone();
    let mut records: Vec<EvidenceRecord> = Vec::new();
    for Kept { record, date_place, workload_place } in seen.chain(kept) {
        let workload = record.workload.clone().or_else(|| workload_of(record.resource.as_deref()?));
        if record.at > snapshot.captured_at {
            let problem = format!("{} is after the scan", record.at);
            unusable.push(Unusable { place: date_place, problem });
            continue;
        }
        // What services saw stays true of a workload that is gone.
        let named = record.workload.as_deref().filter(|_| record.resource.is_none());
        if let Some(name) = named.filter(|name| !is_workload(name)) {
            let problem = format!("nothing that was scanned belongs to the workload {name}");
            unusable.push(Unusable { place: workload_place, problem });
            continue;
        }
        let record = EvidenceRecord {
            kind: record.kind,
            workload,
            resource: record.resource,
            age: snapshot.captured_at.seconds_since(record.at),
            strength: record.strength,
            steps: record.steps.into_iter().collect(),
            rto: record.rto,
            rpo: record.rpo,
            people: record.acknowledged_by,
            source: record.source,
        };
        records.push(record);
    }
    records.sort_by(|one, other| (one.age, &one.source).cmp(&(other.age, &other.source)));
    records.dedup();
    unusable.sort_unstable();
    EvidenceInput {
        records,
        unusable,
        watched: config
            .records
            .watches
            .get(&snapshot.scope.account)
            .and_then(|watch| watch.seconds_until(snapshot.captured_at)),
        is_attested: config.records.is_attested,
        unseen: unseen(snapshot),
    }
}

#[cfg(test)]
mod tests;
