//! Evidence as policies see it: by workload, with its age, and what could not be used.

use serde::Serialize;

use super::Resources;
use super::context::Context;
use crate::config::Config;
use crate::evidence::{self, DrillStep, EvidenceKind, Record, Strength, Unusable};
use crate::snapshot::{Snapshot, Timestamp};

/// All of it, for one account.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceInput {
    /// What counts, the newest first.
    pub records: Vec<EvidenceRecord>,
    /// What was meant as evidence and is none.
    pub unusable: Vec<Unusable>,
    /// Seconds since the ledger was begun; `null` without one. What happened since was seen, or did not happen.
    pub watched: Option<i64>,
    /// Whether attestations are kept, so that one that is not there was not made.
    pub is_attested: bool,
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

/// Evidence from files and from what the services of one account remember.
pub(super) fn evidence(
    resources: &Resources<'_>,
    contexts: &[Context],
    snapshot: &Snapshot,
    config: &Config,
) -> EvidenceInput {
    let workload_of = |arn: &str| {
        let position = *resources.by_arn.get(arn)?;
        contexts.get(position)?.workload.value.clone()
    };
    let is_workload =
        |name: &str| contexts.iter().any(|context| context.workload.value.as_deref() == Some(name));
    let seen = snapshot.resources.iter().filter_map(evidence::observed);
    let kept = config.records.records.iter().cloned();
    let mut unusable = config.records.unusable.clone();
    let mut records: Vec<EvidenceRecord> = Vec::new();
    for record in seen.chain(kept) {
        let workload = record.workload.clone().or_else(|| workload_of(record.resource.as_deref()?));
        let problem = problem(&record, snapshot.captured_at).or_else(|| {
            let name = record.workload.as_deref().filter(|name| !is_workload(name))?;
            Some(format!("nothing that was scanned belongs to the workload {name}"))
        });
        if let Some(problem) = problem {
            unusable.push(Unusable { place: record.source, problem });
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
    // The ledger has what the services still remember, too.
    records.dedup();
    unusable.sort_unstable();
    EvidenceInput {
        records,
        unusable,
        watched: config.records.since.map(|since| snapshot.captured_at.seconds_since(since)),
        is_attested: config.records.is_attested,
    }
}

/// What keeps a record from being evidence.
fn problem(record: &Record, now: Timestamp) -> Option<String> {
    (record.at > now).then(|| format!("{} is after the scan", record.at))
}

#[cfg(test)]
mod tests;
