//! The snapshot: the configuration of one account at one instant, and the contract between collecting and
//! judging.
//!
//! It is JSON, optionally compressed, sorted by type and ARN, with one resource on each line: a finding can
//! point at a line, a text diff of two snapshots shows what changed, and a reader needs no other index.
//! What the API did not return is `null`, never a default; what could not be asked is in the coverage or a gap.
//! Nothing secret is in it: collectors copy the fields that are listed here and no others.

pub mod arc;
pub(crate) mod arn;
pub mod automation;
pub mod autoscaling;
pub mod backup;
pub mod cloudformation;
pub mod cloudtrail;
pub mod cloudwatch;
pub mod coverage;
pub mod drs;
pub mod dynamodb;
pub mod ec2;
pub mod efs;
pub mod elb;
pub mod fis;
pub mod kms;
pub mod operation;
pub mod rds;
mod read;
pub mod resiliencehub;
mod resource;
pub mod route53;
pub mod s3;
#[cfg(test)]
pub(crate) mod samples;
pub mod secretsmanager;
mod tag;
mod timestamp;
mod write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use coverage::{Call, Gap, Outcome};
pub use read::{ReadError, read};
pub use resource::{Attributes, Kind, Resource, Zone};
pub use tag::Tags;
pub use timestamp::Timestamp;
pub use write::{WriteError, write};

/// Version of the format that this program writes. Older ones are read, newer ones are refused.
pub const SCHEMA_VERSION: u32 = 1;

/// Name of the Region of what is not in a Region.
pub const GLOBAL: &str = "global";

/// Configuration of one account at one instant.
#[derive(Clone, Debug, JsonSchema, PartialEq, Serialize)]
pub struct Snapshot {
    /// Version of the format.
    pub schema_version: u32,
    /// When the scan began. Every judgement takes this for "now".
    pub captured_at: Timestamp,
    /// What wrote it.
    pub collector: Collector,
    /// What was looked at.
    pub scope: Scope,
    /// The calls that were made, sorted.
    pub coverage: Vec<Call>,
    /// What was found, sorted by type and ARN.
    pub resources: Vec<Resource>,
}

/// The program that wrote a snapshot.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Collector {
    /// `hadr-scan`.
    pub name: String,
    /// Version of it.
    pub version: String,
}

impl Collector {
    /// This program.
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// The account and the Regions that a snapshot is about.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// Twelve digits.
    pub account: String,
    /// Alias of the account, if it has one and it could be read.
    pub alias: Option<String>,
    /// Regions that were scanned, sorted, without `global`.
    pub regions: Vec<String>,
}

impl Scope {
    /// ARN of the account, the subject of policies about something that the account lacks.
    pub fn account_arn(&self) -> String {
        format!("arn:{}:account::{}:account", self.partition, self.account)
    }

    /// ARN of a Region of the account, the subject of policies about something that the Region lacks. AWS has
    /// no such ARN; this one is made in the form that it would have.
    pub fn region_arn(&self, region: &str) -> String {
        format!("arn:{}:account::{}:region/{region}", self.partition, self.account)
    }

    /// ARN of a workload in the account, made like that of a Region.
    pub fn workload_arn(&self, name: &str) -> String {
        format!("arn:{}:hadr-scan::{}:workload/{name}", self.partition, self.account)
    }

    /// Name of the workload that has this ARN, if one can have it.
    pub fn workload_of<'a>(&self, arn: &'a str) -> Option<&'a str> {
        arn.strip_prefix(&self.workload_arn(""))
    }

    /// The Region that has this ARN, if it was scanned.
    pub fn region_of(&self, arn: &str) -> Option<&str> {
        self.regions.iter().map(String::as_str).find(|region| self.region_arn(region) == arn)
    }
}

/// A snapshot with the line of each resource, counted from 1, and the line of the scope.
#[derive(Clone, Debug)]
pub struct Located {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// For each resource, in order, its first line in the file.
    pub resource_lines: Vec<u32>,
    /// Line of the scope, which stands for the account and its Regions.
    pub scope_line: u32,
}

impl Located {
    /// Gives the resources the lines that they have, or would have, in a file written by [`write`].
    pub fn as_written(snapshot: Snapshot) -> Self {
        let first = write::first_resource_line(&snapshot);
        let resource_lines = (first..).take(snapshot.resources.len()).collect();
        Self { snapshot, resource_lines, scope_line: write::SCOPE_LINE }
    }
}

/// JSON Schema of the snapshot.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Snapshot)
}
