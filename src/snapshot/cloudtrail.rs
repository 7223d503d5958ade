//! What CloudTrail remembers of recoveries that people and programs began. It forgets after 90 days.
//!
//! Times are UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A call that succeeded and that belongs to a recovery or its rehearsal, such as `FailoverDBCluster`. Who made it is left
/// out: it is nobody's business here.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrailEvent {
    /// Name of the call.
    pub event_name: String,
    /// Endpoint of the service, such as `rds.amazonaws.com`.
    pub event_source: Option<String>,
    /// When it was made.
    pub event_time: Option<Timestamp>,
    /// Derived: ARNs of what it was made about, from its parameters, sorted. Empty where they do not say.
    pub resources: Vec<String>,
}
