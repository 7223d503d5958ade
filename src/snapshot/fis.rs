//! Experiments of the Fault Injection Service.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// An experiment that was begun. The service forgets it after some months.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Experiment {
    /// Id of the template that it was made from.
    pub experiment_template_id: Option<String>,
    /// `completed`, `failed`, `stopped`, `running`, …
    pub status: Option<String>,
    /// `run-all`, or `skip-all` for one that only shows what it would do.
    pub actions_mode: Option<String>,
    /// When it was begun.
    pub start_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// What it did, sorted by id. `null`, like what follows, if it could not be collected.
    pub actions: Option<Vec<ExperimentAction>>,
    /// ARNs of what it was done to, sorted.
    pub targets: Option<Vec<String>>,
}

/// A fault.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExperimentAction {
    /// `aws:rds:failover-db-cluster`, `aws:ec2:stop-instances`, …
    pub action_id: String,
    /// `completed`, `failed`, `skipped`, …
    pub status: Option<String>,
}

/// What experiments are made from.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ExperimentTemplate {
    /// When it was made.
    pub creation_time: Option<Timestamp>,
    /// When it was last changed.
    pub last_update_time: Option<Timestamp>,
}
