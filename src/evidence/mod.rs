//! Evidence that recovery was tried: what services remember, what people attest, and what was seen before.
//!
//! Services forget after 14, 30 or 90 days, and drills are due each quarter. So what a scan sees can be kept in a
//! [`Ledger`](ledger), a file to which lines are only added; and what no service can see, such as whether people knew
//! the runbook, is attested in files of the user's repository.

mod attestation;
mod ledger;
mod observed;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::snapshot::Timestamp;

pub use attestation::{Attestation, AttestationError, write};
pub use ledger::{LedgerError, append};
pub(crate) use observed::{Observed, observed};

/// What was done.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// The failure of a Region or a zone was tried.
    Drill,
    /// People practised.
    Gameday,
    /// The instructions were read again.
    Runbook,
    /// Something was restored from a backup.
    Restore,
    /// Something failed over, whether or not anybody wanted it to.
    Failover,
}

impl EvidenceKind {
    /// The word in files and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drill => "drill",
            Self::Gameday => "gameday",
            Self::Runbook => "runbook",
            Self::Restore => "restore",
            Self::Failover => "failover",
        }
    }
}

/// A step of a drill.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrillStep {
    /// The primary was stopped or cut off.
    PrimaryStopped,
    /// Names led to the other place.
    TrafficMoved,
    /// The database there took writes.
    DatabasePromoted,
    /// The application worked there.
    ApplicationChecked,
    /// The data was compared.
    DataCompared,
    /// Everything went back.
    RolledBack,
}

impl DrillStep {
    /// Every step, in order.
    pub const ALL: [Self; 6] = [
        Self::PrimaryStopped,
        Self::TrafficMoved,
        Self::DatabasePromoted,
        Self::ApplicationChecked,
        Self::DataCompared,
        Self::RolledBack,
    ];

    /// The word in files and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PrimaryStopped => "primary-stopped",
            Self::TrafficMoved => "traffic-moved",
            Self::DatabasePromoted => "database-promoted",
            Self::ApplicationChecked => "application-checked",
            Self::DataCompared => "data-compared",
            Self::RolledBack => "rolled-back",
        }
    }
}

impl std::str::FromStr for DrillStep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|step| step.as_str() == text).ok_or_else(|| {
            let words = Self::ALL.map(Self::as_str).join(", ");
            format!("`{text}` is not one of {words}")
        })
    }
}

/// How much a piece of evidence proves.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub enum Strength {
    /// A service saw it, and that it worked.
    A,
    /// A service saw it.
    B,
    /// People attest it, with a report.
    C,
    /// Somebody says so.
    D,
}

/// One piece of evidence.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What was done.
    pub kind: EvidenceKind,
    /// Workload that it was done to; `null` if only the resource is known.
    pub workload: Option<String>,
    /// ARN of the resource that it was done to.
    pub resource: Option<String>,
    /// When.
    pub at: Timestamp,
    /// How much it proves.
    pub strength: Strength,
    /// Steps that it proves.
    #[serde(default)]
    pub steps: BTreeSet<DrillStep>,
    /// Seconds until the service was back, if somebody measured them.
    pub rto: Option<u64>,
    /// Seconds of writes that were lost, if somebody measured them.
    pub rpo: Option<u64>,
    /// Those who know the runbook.
    #[serde(default)]
    pub acknowledged_by: Vec<String>,
    /// Where it comes from: a file, or the ARN of a job.
    pub source: String,
}

impl Record {
    /// Whether the other one says all of it, and perhaps whose resource it was, which nobody can tell any more when the
    /// resource is gone.
    pub(crate) fn adds_nothing_to(&self, other: &Self) -> bool {
        self == other
            || (self.workload.is_none()
                && (self.kind, self.at, &self.source) == (other.kind, other.at, &other.source))
    }
}

/// A record of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What it says.
    pub record: Record,
    /// `file:line` of when it was.
    pub date_place: String,
    /// `file:line` of the workload.
    pub workload_place: String,
}

impl Kept {
    /// A record that has one place for all that it says.
    pub(crate) fn at(place: String, record: Record) -> Self {
        Self { record, date_place: place.clone(), workload_place: place }
    }
}

/// A time in which an account was scanned again and again, often enough for services not to have forgotten anything
/// between two scans.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Watch {
    since: Timestamp,
    last: Timestamp,
}

impl Watch {
    /// Seconds for which AWS Backup lists restores, the shortest memory of what is due each quarter.
    const MEMORY: i64 = 30 * 24 * 3600;

    /// One that begins with a scan.
    pub const fn begun(at: Timestamp) -> Self {
        Self { since: at, last: at }
    }

    /// The same after another scan, or a new one if that came too late.
    fn and(self, at: Timestamp) -> Self {
        if self.seconds_until(at).is_some() { Self { last: at, ..self } } else { Self::begun(at) }
    }

    /// Seconds for which everything that happened was seen; `None` if something may have been forgotten by then.
    pub(crate) fn seconds_until(self, now: Timestamp) -> Option<i64> {
        (now.seconds_since(self.last) <= Self::MEMORY).then(|| now.seconds_since(self.since))
    }
}

/// Something that was meant as evidence and is none.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Unusable {
    /// `file:line`.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

/// Why a file of evidence was not read at all.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the evidence in {path}")]
pub struct ReadError {
    path: PathBuf,
    source: io::Error,
}

impl ReadError {
    /// What to do about it.
    pub fn help(&self) -> String {
        "check `attestations` and `ledger` of [evidence] in the configuration, and --evidence".to_owned()
    }
}

/// Evidence from files.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What the files say, in their order.
    pub records: Vec<Kept>,
    /// What is wrong in them. The rest counts.
    pub unusable: Vec<Unusable>,
    /// Since when the ledger has watched each account, by account id.
    pub watches: BTreeMap<String, Watch>,
    /// Whether attestations are kept, so that one that is not there was not made.
    pub is_attested: bool,
}

impl Evidence {
    /// Adds the attestations of a folder.
    pub fn add_attestations(&mut self, folder: &Path) -> Result<(), ReadError> {
        attestation::read(folder, self).map_err(|source| ReadError { path: folder.to_owned(), source })
    }

    /// Adds what a ledger says. One that is not there yet is empty.
    pub fn add_ledger(&mut self, file: &Path) -> Result<(), ReadError> {
        ledger::read(file, self).map_err(|source| ReadError { path: file.to_owned(), source })
    }
}
