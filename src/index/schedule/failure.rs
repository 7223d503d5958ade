//! Jobs that AWS Backup did not finish.

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::Schedules;
use crate::index::Resources;
use crate::snapshot::{Attributes, Kind, Timestamp};

/// What a job makes.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// A backup of a resource.
    Backup,
    /// A copy of such a backup into another vault.
    Copy,
}

/// A job that failed, of the last 30 days, which is as far back as jobs are listed.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
pub struct Failure<'a> {
    /// What it was to make.
    pub kind: JobKind,
    /// ARN of the vault that this was to go to; `null` if the API did not say.
    pub vault: Option<&'a str>,
    /// `FAILED`, `ABORTED`, `EXPIRED` or `PARTIAL`.
    pub state: Option<&'a str>,
    /// Why, in a word of the API such as `AccessDenied`.
    pub message_category: Option<&'a str>,
    /// When it began.
    pub began: Option<Timestamp>,
}

/// Adds to the schedules of each resource the jobs for it that failed.
pub(super) fn add_failures<'a>(resources: &Resources<'a>, schedules: &mut FxHashMap<&'a str, Schedules<'a>>) {
    for resource in resources.iter() {
        let Attributes::FailedJob(job) = &resource.attributes else { continue };
        let source = job.resource_arn.as_deref();
        let Some(schedules) = source.and_then(|arn| schedules.get_mut(arn)) else { continue };
        schedules.failed.push(Failure {
            kind: if resource.kind == Kind::CopyJob { JobKind::Copy } else { JobKind::Backup },
            vault: job.destination_vault_arn.as_deref(),
            state: job.state.as_deref(),
            message_category: job.message_category.as_deref(),
            began: job.creation_date,
        });
    }
}
