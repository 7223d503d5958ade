//! What services remember, as the snapshot has it.

use std::collections::BTreeSet;

use super::{DrillStep, EvidenceKind, Record, Strength};
use crate::snapshot::{Attributes, Resource};

/// The evidence that a resource of the snapshot is.
pub(crate) fn observed(resource: &Resource) -> Option<Record> {
    match &resource.attributes {
        // What somebody tried and found wanting was not restored.
        Attributes::RestoreJob(job) if job.validation_status.as_deref() == Some("FAILED") => None,
        Attributes::RestoreJob(job) => {
            // Data that nobody looked at may be anything.
            let is_validated = job.validation_status.as_deref() == Some("SUCCESSFUL");
            let steps = is_validated.then_some(DrillStep::DataCompared);
            Some(Record {
                kind: EvidenceKind::Restore,
                workload: None,
                resource: job.source_resource_arn.clone(),
                at: job.completion_date?,
                strength: if is_validated { Strength::A } else { Strength::B },
                steps: steps.into_iter().collect(),
                rto: restore_time(job.creation_date?.unix_seconds(), job.completion_date?.unix_seconds()),
                rpo: None,
                acknowledged_by: Vec::new(),
                source: resource.arn.clone(),
            })
        }
        Attributes::RecoveryPoint(point) => Some(Record {
            kind: EvidenceKind::Restore,
            workload: None,
            resource: point.resource_arn.clone(),
            at: point.last_restore_time?,
            strength: Strength::B,
            steps: BTreeSet::new(),
            rto: None,
            rpo: None,
            acknowledged_by: Vec::new(),
            source: resource.arn.clone(),
        }),
        _ => None,
    }
}

fn restore_time(begun: i64, ended: i64) -> Option<u64> {
    u64::try_from(ended - begun).ok()
}
