//! Programs that people have marked as automation of recovery.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A function, a state machine or a document with the tag `hadr:automation`. The tag is all that is read of it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Automation {
    /// Value of the tag, such as `failover`.
    pub purpose: String,
}
