//! Settings of DynamoDB tables and of what scales them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A table in one Region. The replicas of a global table are tables of their own, each with its own settings.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// `ACTIVE`, `CREATING`, `DELETING`, …
    pub table_status: Option<String>,
    /// When it was created.
    pub creation_date_time: Option<Timestamp>,
    /// `PAY_PER_REQUEST` or `PROVISIONED`. The API leaves it out for tables that were always provisioned.
    pub billing_mode: Option<String>,
    /// Names of the global secondary indexes, sorted. Each is provisioned on its own.
    pub global_secondary_indexes: Vec<String>,
    /// Whether it refuses to be deleted.
    pub deletion_protection_enabled: Option<bool>,
    /// `2019.11.21` or `2017.11.29`; `null` for a table of one Region.
    pub global_table_version: Option<String>,
    /// `EVENTUAL` or `STRONG`; the API leaves it out for tables of one Region and for eventual consistency.
    pub multi_region_consistency: Option<String>,
    /// Its replicas in other Regions, by Region.
    pub replicas: Vec<Replica>,
    /// Regions of the witnesses of a strongly consistent global table.
    pub witnesses: Vec<String>,
    /// ARN of the KMS key that encrypts it; `null` for the key that DynamoDB owns.
    pub kms_master_key_arn: Option<String>,
    /// Point-in-time recovery; `null` if that could not be read.
    pub point_in_time_recovery: Option<PointInTimeRecovery>,
}

/// A replica as another Region's table tells of it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Replica {
    /// ARN of the table there.
    pub arn: String,
    /// Region that it is in.
    pub region: String,
    /// `ACTIVE`, `CREATING`, `INACCESSIBLE_ENCRYPTION_CREDENTIALS`, …
    pub replica_status: Option<String>,
    /// Since when it cannot be reached; `null` if it can.
    pub replica_inaccessible_date_time: Option<Timestamp>,
}

/// Point-in-time recovery of a table.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PointInTimeRecovery {
    /// Whether it is on. The state of "continuous backups" beside it is always on and says nothing.
    pub enabled: Option<bool>,
    /// Days that it goes back.
    pub recovery_period_in_days: Option<i32>,
    /// The earliest instant that can be restored.
    pub earliest_restorable_date_time: Option<Timestamp>,
    /// The latest instant that can be restored.
    pub latest_restorable_date_time: Option<Timestamp>,
}

/// A global table of the version of 2017, which is a resource besides its tables.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GlobalTable {
    /// Regions of its tables, sorted.
    pub replication_group: Vec<String>,
}

/// What Application Auto Scaling may scale, between which bounds.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ScalableTarget {
    /// Service, such as `dynamodb`.
    pub service_namespace: Option<String>,
    /// Such as `table/orders` or `table/orders/index/by-date`.
    pub resource_id: Option<String>,
    /// Such as `dynamodb:table:WriteCapacityUnits`.
    pub scalable_dimension: Option<String>,
    /// Least capacity.
    pub min_capacity: Option<i32>,
    /// Most capacity.
    pub max_capacity: Option<i32>,
}
