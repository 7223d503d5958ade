//! Settings of CloudWatch alarms.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC, periods
//! are seconds.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// An alarm on a metric or, if it has an `alarm_rule`, on other alarms.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Namespace of the metric; `null` for composite alarms and those on expressions.
    pub namespace: Option<String>,
    /// Name of the metric.
    pub metric_name: Option<String>,
    /// Dimensions of the metric.
    pub dimensions: BTreeMap<String, String>,
    /// What a composite alarm follows from.
    pub alarm_rule: Option<String>,
    /// Whether it does anything when it changes.
    pub actions_enabled: Option<bool>,
    /// ARNs of what it does when it goes off, sorted.
    pub alarm_actions: Vec<String>,
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    pub state_value: Option<String>,
    /// Since when.
    pub state_transitioned_timestamp: Option<Timestamp>,
    /// Seconds that one sample spans.
    pub period: Option<i32>,
    /// Samples that are looked at.
    pub evaluation_periods: Option<i32>,
    /// Samples of those that have to be bad; `null` is all.
    pub datapoints_to_alarm: Option<i32>,
    /// What a missing sample counts as: `breaching`, `notBreaching`, `ignore` or `missing`.
    pub treat_missing_data: Option<String>,
}

/// What a metric of a resource was in the time before the scan. It has no ARN, and is named here after the resource:
/// `arn:PARTITION:cloudwatch:REGION:ACCOUNT:metric/NAMESPACE/NAME/RESOURCE`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// Namespace, such as `AWS/RDS`.
    pub namespace: String,
    /// Name, such as `ReplicaLag`.
    pub metric_name: String,
    /// Dimensions.
    pub dimensions: BTreeMap<String, String>,
    /// ARN of the resource that it is about.
    pub resource_arn: String,
    /// `Minimum`, `Maximum`, `Average` or `Sum`, which each sample is and `value` is of all of them.
    pub statistic: String,
    /// Seconds that one sample spans.
    pub period: i32,
    /// Seconds before the scan from which on samples were asked for.
    pub window: i64,
    /// Samples that there were.
    pub samples: usize,
    /// The statistic over all samples; `null` if there were none.
    pub value: Option<f64>,
}
