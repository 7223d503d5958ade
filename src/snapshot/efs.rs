//! File systems of EFS.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A file system.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FileSystem {
    /// `creating`, `available`, `updating`, `deleting`, `deleted` or `error`.
    pub life_cycle_state: Option<String>,
    /// When it was made.
    pub creation_time: Option<Timestamp>,
    /// The zone of one that is in a single zone; `null` for one that is in all zones of its Region.
    pub availability_zone_name: Option<String>,
    /// Bytes, as EFS last measured them.
    pub size_in_bytes: Option<i64>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// Key that encrypts it.
    pub kms_key_id: Option<String>,
    /// `ENABLED`, `DISABLED`, or `REPLICATING` for one that is the destination of a replication.
    pub replication_overwrite_protection: Option<String>,
    /// What it is replicated to, by ARN. `null` if that could not be collected.
    pub replications: Option<Vec<FileSystemReplica>>,
    /// Whether EFS has AWS Backup back it up every day. `null` if that could not be collected.
    pub automatic_backups: Option<bool>,
}

impl FileSystem {
    /// One that it is replicated to, by its ARN.
    pub fn replica(&self, arn: &str) -> Option<&FileSystemReplica> {
        self.replications.iter().flatten().find(|replica| replica.arn == arn)
    }
}

/// A file system that another is replicated to.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FileSystemReplica {
    /// ARN.
    pub arn: String,
    /// `ENABLED`, `ENABLING`, `DELETING`, `ERROR`, `PAUSED` or `PAUSING`.
    pub status: Option<String>,
    /// Everything that was written until then is there; `null` before the first time.
    pub last_replicated_timestamp: Option<Timestamp>,
}
