//! Secrets, without their values.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A secret in one Region: itself, or its replica.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Where it is replicated from, or its own Region if it is replicated; `null` if it is in one Region only.
    pub primary_region: Option<String>,
    /// Key that encrypts it; `null` is the one that AWS manages.
    pub kms_key_id: Option<String>,
    /// Service that manages it, such as `rds`.
    pub owning_service: Option<String>,
    /// When it was last read, to the day.
    pub last_accessed_date: Option<Timestamp>,
}
