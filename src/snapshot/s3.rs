//! Settings of S3 buckets.
//!
//! A group of settings that could not be read is `null` and has a gap on the bucket. A group that AWS says is
//! not set is a value: replication without rules, object lock that is not enabled.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A general-purpose bucket.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// When it was created.
    pub creation_date: Option<Timestamp>,
    /// Versioning.
    pub versioning: Option<Versioning>,
    /// Replication.
    pub replication: Option<Replication>,
    /// Lifecycle.
    pub lifecycle: Option<Lifecycle>,
    /// Object lock.
    pub object_lock: Option<ObjectLock>,
    /// Default encryption.
    pub encryption: Option<Encryption>,
}

/// Versioning of a bucket.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Versioning {
    /// Whether new versions are kept.
    pub status: VersioningStatus,
    /// Whether deleting a version needs a second factor; `null` if that was never set.
    pub mfa_delete: Option<bool>,
}

/// Whether new versions are kept.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum VersioningStatus {
    /// Yes.
    Enabled,
    /// No longer; old versions remain.
    Suspended,
    /// It was never enabled.
    Never,
}

/// Replication of a bucket to others.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Replication {
    /// ARN of the role that S3 takes.
    pub role: Option<String>,
    /// Rules; empty if replication is not set.
    pub rules: Vec<ReplicationRule>,
}

/// One rule of replication.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ReplicationRule {
    /// Name of the rule.
    pub id: Option<String>,
    /// Whether it is in force.
    pub enabled: Option<bool>,
    /// Derived: whether it applies to every object, that is, neither a prefix nor a tag narrows it.
    pub covers_all_objects: bool,
    /// Destination, `arn:aws:s3:::name`.
    pub destination_bucket: Option<String>,
    /// Account that owns the destination, where the rule names it.
    pub destination_account: Option<String>,
    /// Storage class at the destination.
    pub storage_class: Option<String>,
    /// Whether Replication Time Control is on.
    pub replication_time_control: Option<bool>,
    /// Minutes within which it replicates.
    pub replication_time_minutes: Option<i32>,
    /// Whether replication metrics are on.
    pub metrics: Option<bool>,
    /// Whether delete markers are replicated. Rules of the first version of the API always do.
    pub delete_marker_replication: Option<bool>,
    /// Whether objects encrypted with KMS keys are replicated.
    pub sse_kms_encrypted_objects: Option<bool>,
    /// Whether objects older than the rule are replicated.
    pub existing_object_replication: Option<bool>,
}

/// Lifecycle of a bucket.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// Rules; empty if lifecycle is not set.
    pub rules: Vec<LifecycleRule>,
}

/// One rule of lifecycle.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleRule {
    /// Name of the rule.
    pub id: Option<String>,
    /// Whether it is in force.
    pub enabled: Option<bool>,
    /// Derived: whether it applies to every object.
    pub covers_all_objects: bool,
    /// Days after which a version that is no longer current is deleted.
    pub noncurrent_days: Option<i32>,
    /// Versions that are kept however old they are.
    pub newer_noncurrent_versions: Option<i32>,
    /// Days after which current objects expire.
    pub expiration_days: Option<i32>,
    /// Storage classes that objects move to.
    pub transition_storage_classes: Vec<String>,
}

/// Object lock of a bucket.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectLock {
    /// Whether it is enabled.
    pub enabled: bool,
    /// `COMPLIANCE` or `GOVERNANCE`; `null` without a default retention.
    pub mode: Option<String>,
    /// Derived: days of the default retention; a year counts 365.
    pub retention_days: Option<i32>,
}

impl ObjectLock {
    /// Whether it keeps objects from everybody. What governance mode keeps can be deleted by those who may.
    pub(crate) fn is_for_everybody(&self) -> bool {
        self.mode.as_deref() == Some("COMPLIANCE")
    }
}

/// Default encryption of a bucket.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// `AES256`, `aws:kms` or `aws:kms:dsse`; `null` if AWS says that none is set.
    pub sse_algorithm: Option<String>,
    /// Key, where one is named.
    pub kms_master_key_id: Option<String>,
}
