//! Settings of CloudFormation stacks.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stack. What it consists of is said by the tag `aws:cloudformation:stack-id` of each resource.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stack {
    /// `CREATE_COMPLETE`, `UPDATE_COMPLETE`, `DELETE_IN_PROGRESS`, …
    pub stack_status: Option<String>,
    /// Whether it refuses to be deleted. Nested stacks have the setting of their root.
    pub enable_termination_protection: Option<bool>,
    /// ARN of the outermost stack that it is nested in; `null` if it is in none.
    pub root_id: Option<String>,
}
