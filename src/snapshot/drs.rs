//! Servers of Elastic Disaster Recovery, and what was launched from them.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A server that is replicated to the Region that it is listed in.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SourceServer {
    /// Derived: ARN of the instance that it is, if it is one of EC2.
    pub source_instance: Option<String>,
    /// `CONTINUOUS` is in step; `INITIATING`, `INITIAL_SYNC`, `BACKLOG`, `STALLED`, `DISCONNECTED`, …
    pub data_replication_state: Option<String>,
    /// How far the copy is behind, as an ISO 8601 duration such as `PT5M`.
    pub lag_duration: Option<String>,
    /// `SUCCEEDED`, `FAILED`, `PENDING` or `NOT_STARTED`.
    pub last_launch_result: Option<String>,
}

/// A launch of servers, to rehearse or to recover.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryJob {
    /// `START_DRILL`, `START_RECOVERY`, `FAILBACK`, …
    pub initiated_by: Option<String>,
    /// `PENDING`, `STARTED` or `COMPLETED`, which does not say that it succeeded.
    pub status: Option<String>,
    /// When it began.
    pub creation_date_time: Option<Timestamp>,
    /// When it ended.
    pub end_date_time: Option<Timestamp>,
    /// Derived: ARNs of the source servers that it launched, sorted.
    pub launched: Vec<String>,
    /// Derived: ARNs of those that it did not launch, sorted.
    pub failed: Vec<String>,
}
