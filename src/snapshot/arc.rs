//! What Application Recovery Controller moves traffic with: zonal shifts, plans for a switch of the Region, and routing
//! controls.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A load balancer or a group whose traffic can be shifted out of a zone. It has the ARN of that, and is named here as
/// `arn:PARTITION:arc-zonal-shift:REGION:ACCOUNT:managed-resource/ARN`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ManagedResource {
    /// ARN of the load balancer or the group.
    pub resource_arn: String,
    /// Whether AWS shifts the traffic by itself: `ENABLED` or `DISABLED`.
    pub zonal_autoshift_status: Option<String>,
    /// Whether that is rehearsed each week: `ENABLED` or `DISABLED`.
    pub practice_run_status: Option<String>,
}

/// A shift of traffic out of a zone, begun by somebody or as a practice run.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ZonalShift {
    /// ARN of what was shifted.
    pub resource_arn: String,
    /// Zone that the traffic left.
    pub away_from: Option<String>,
    /// `ZONAL_SHIFT`, `PRACTICE_RUN`, …
    pub shift_type: Option<String>,
    /// `ACTIVE`, `EXPIRED` or `CANCELED`.
    pub status: Option<String>,
    /// `SUCCEEDED`, `FAILED`, `INTERRUPTED`, … of a practice run.
    pub practice_run_outcome: Option<String>,
    /// When it began.
    pub start_time: Option<Timestamp>,
    /// When it ended or will.
    pub expiry_time: Option<Timestamp>,
}

/// A plan that moves a workload to another Region.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RegionSwitchPlan {
    /// `activeActive` or `activePassive`.
    pub recovery_approach: Option<String>,
    /// Where the workload usually is; `null` if it is active everywhere.
    pub primary_region: Option<String>,
    /// Regions that it moves between, sorted.
    pub regions: Vec<String>,
    /// Minutes that a switch may take.
    pub recovery_time_objective_minutes: Option<i32>,
    /// Whether ARC finds that it could run: `passed`, `actionRequired` or `pendingEvaluation`. `null`, like what
    /// follows, if it could not be collected.
    pub evaluation_state: Option<String>,
    /// When that was found.
    pub last_evaluation_time: Option<Timestamp>,
}

/// A run of such a plan. It has no ARN, and is named here after its plan: `PLAN/execution/ID`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PlanExecution {
    /// ARN of the plan.
    pub plan_arn: String,
    /// `graceful`, or `ungraceful` as in an emergency.
    pub mode: Option<String>,
    /// `completed`, `completedWithExceptions`, `failed`, `canceled`, `inProgress`, …
    pub execution_state: Option<String>,
    /// `activate`, `deactivate` or `postRecovery`.
    pub execution_action: Option<String>,
    /// Region that it was about.
    pub execution_region: Option<String>,
    /// When it began.
    pub start_time: Option<Timestamp>,
    /// When it ended.
    pub end_time: Option<Timestamp>,
    /// What it took in all, as an ISO 8601 duration.
    pub actual_recovery_time: Option<String>,
}

/// A switch that the data plane of ARC keeps in five Regions, and that health checks follow.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RoutingControl {
    /// ARN of the panel that it is on.
    pub control_panel_arn: Option<String>,
    /// `DEPLOYED`, `PENDING` or `PENDING_DELETION`.
    pub status: Option<String>,
}
