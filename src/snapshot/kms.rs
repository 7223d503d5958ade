//! Settings of KMS keys. Nothing of what a key is made of is read, and its policy is not either.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A key. The resource has its ARN; aliases of it are not collected.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// `Enabled`, `Disabled`, `PendingDeletion`, `PendingReplicaDeletion`, `Unavailable`, …
    pub key_state: Option<String>,
    /// `AWS` or `CUSTOMER`.
    pub key_manager: Option<String>,
    /// When it will be deleted.
    pub deletion_date: Option<Timestamp>,
    /// Whether the same key can be in several Regions.
    pub multi_region: Option<bool>,
    /// ARNs of the same key in other Regions, the primary one included, sorted.
    pub multi_region_keys: Vec<String>,
}
