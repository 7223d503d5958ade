//! Applications of Resilience Hub, what was promised for them, and how they were assessed.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC, objectives
//! are seconds.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// An application.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// ARN of the policy with its objectives; `null` if it has none, or if it could not be collected.
    pub policy_arn: Option<String>,
    /// `PolicyMet`, `PolicyBreached`, `NotAssessed`, …
    pub compliance_status: Option<String>,
    /// `NotDetected`, `Detected`, …
    pub drift_status: Option<String>,
    /// When it was last assessed.
    pub last_app_compliance_evaluation_time: Option<Timestamp>,
    /// Derived: ARNs of what it consists of in its published version, sorted, without what it excludes. `null` if they
    /// could not be collected.
    pub resources: Option<Vec<String>>,
}

/// What is promised.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ResiliencyPolicy {
    /// `MissionCritical`, `Critical`, `Important`, `CoreServices`, `NonCritical` or `NotApplicable`.
    pub tier: Option<String>,
    /// Objectives by what fails: `Software`, `Hardware`, `AZ` and `Region`.
    pub policy: BTreeMap<String, FailurePolicy>,
}

/// Objectives for one kind of failure.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FailurePolicy {
    /// Seconds until the application is back.
    pub rto_in_secs: i32,
    /// Seconds of writes that may be lost.
    pub rpo_in_secs: i32,
}

/// The newest assessment of an application that came to its end.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AppAssessment {
    /// ARN of the application.
    pub app_arn: Option<String>,
    /// `Success` or `Failed`.
    pub assessment_status: Option<String>,
    /// `PolicyMet`, `PolicyBreached`, …
    pub compliance_status: Option<String>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
}
