//! Settings of AWS Backup and of Data Lifecycle Manager, and what came of them.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC. A schedule
//! is an expression of EventBridge, `cron(0 5 ? * * *)`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A plan of AWS Backup.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BackupPlan {
    /// Its rules, in the order of the plan. `null` if they could not be collected.
    pub rules: Option<Vec<BackupRule>>,
    /// When it last made backups; `null` if it never has.
    pub last_execution_date: Option<Timestamp>,
    /// When it was made.
    pub creation_date: Option<Timestamp>,
}

/// A rule of a plan: when, where to, and for how long.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BackupRule {
    /// Name.
    pub rule_name: String,
    /// Name of the vault, in the Region of the plan.
    pub target_backup_vault_name: String,
    /// ARN of the logically air-gapped vault that the backups go to besides.
    pub target_logically_air_gapped_backup_vault_arn: Option<String>,
    /// When it begins; `null` stands for `cron(0 5 ? * * *)`.
    pub schedule_expression: Option<String>,
    /// Minutes after which a backup that has not begun is given up.
    pub start_window_minutes: Option<i64>,
    /// Minutes after which a backup that has begun is given up.
    pub completion_window_minutes: Option<i64>,
    /// Days for which backups are kept; `null` is for ever.
    pub delete_after_days: Option<i64>,
    /// Whether it keeps what is needed to restore any point in time, for the types that can.
    pub enable_continuous_backup: Option<bool>,
    /// Where its backups are copied to.
    pub copy_actions: Vec<CopyAction>,
}

/// Where backups are copied to.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CopyAction {
    /// ARN of the vault, which names its Region and account.
    pub destination_backup_vault_arn: String,
    /// Days for which copies are kept; `null` is for ever.
    pub delete_after_days: Option<i64>,
}

/// What a plan backs up. It has no ARN, and is named here after its plan: `PLAN/selection/ID`.
///
/// Selected is what `resources` or `list_of_tags` name, or everything where both are empty, if it meets all conditions
/// and `not_resources` does not name it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BackupSelection {
    /// ARN of the plan.
    pub backup_plan: String,
    /// ARNs with `*`, sorted. `null`, like the others, if the selection could not be collected.
    pub resources: Option<Vec<String>>,
    /// ARNs with `*` that are left out, sorted.
    pub not_resources: Option<Vec<String>>,
    /// Tags of which a resource needs one.
    pub list_of_tags: Option<Vec<TagCondition>>,
    /// Conditions of which a resource needs all.
    pub conditions: Option<SelectionConditions>,
}

/// A tag and its value.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TagCondition {
    /// Key of the tag. The API writes it as `aws:ResourceTag/KEY` in conditions.
    pub key: String,
    /// Value.
    pub value: String,
}

/// Conditions on tags, each sorted.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SelectionConditions {
    /// The value is this.
    pub string_equals: Vec<TagCondition>,
    /// The value is something else.
    pub string_not_equals: Vec<TagCondition>,
    /// The value matches this, with `*`.
    pub string_like: Vec<TagCondition>,
    /// The value does not match this.
    pub string_not_like: Vec<TagCondition>,
}

/// A vault.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BackupVault {
    /// `BACKUP_VAULT`, `LOGICALLY_AIR_GAPPED_BACKUP_VAULT` or `RESTORE_ACCESS_BACKUP_VAULT`.
    pub vault_type: Option<String>,
    /// `CREATING`, `AVAILABLE` or `FAILED`.
    pub vault_state: Option<String>,
    /// Whether a lock keeps backups from being deleted early.
    pub locked: Option<bool>,
    /// From when on nobody can remove the lock; `null` if those who may can always.
    pub lock_date: Option<Timestamp>,
    /// Least days that the lock asks for.
    pub min_retention_days: Option<i64>,
    /// Most days that the lock allows.
    pub max_retention_days: Option<i64>,
    /// Backups in it.
    pub number_of_recovery_points: Option<i64>,
    /// Key that encrypts them.
    pub encryption_key_arn: Option<String>,
}

/// The newest backup of a resource in a vault, of each status. Several backups may have one ARN in several services, so
/// that it is named here after its vault: `VAULT/RECOVERY-POINT`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RecoveryPoint {
    /// Its own ARN, which is that of a snapshot for services that have such.
    pub recovery_point_arn: String,
    /// ARN of what it is a backup of.
    pub resource_arn: Option<String>,
    /// `RDS`, `Aurora`, `DynamoDB`, `EBS`, `EC2`, `S3`, …
    pub resource_type: Option<String>,
    /// ARN of the vault.
    pub backup_vault: String,
    /// ARN of the vault that it was copied from, if it was.
    pub source_backup_vault_arn: Option<String>,
    /// `COMPLETED`; `AVAILABLE` if it is continuous; `PARTIAL`, `EXPIRED`, `STOPPED`, …
    pub status: Option<String>,
    /// When it was made.
    pub creation_date: Option<Timestamp>,
    /// When it will be deleted; `null` is never.
    pub delete_at: Option<Timestamp>,
    /// Whether it is encrypted.
    pub is_encrypted: Option<bool>,
    /// Key that encrypts it.
    pub encryption_key_arn: Option<String>,
    /// When something was last restored from it.
    pub last_restore_time: Option<Timestamp>,
}

/// What AWS Backup has ever backed up in the Region. It has the ARN of its resource, and is named here as
/// `arn:PARTITION:backup:REGION:ACCOUNT:protected-resource/ARN`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectedResource {
    /// ARN of the resource.
    pub resource_arn: String,
    /// Type, in the words of [`RecoveryPoint::resource_type`].
    pub resource_type: Option<String>,
    /// When the last backup was begun, whether or not it became one.
    pub last_backup_time: Option<Timestamp>,
    /// ARN of the vault of that.
    pub last_backup_vault_arn: Option<String>,
}

/// The newest job about a resource that backed it up or copied a backup of it, and did not come to its end: of those
/// there is one for each resource, and none if no job of the last 30 days failed.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FailedJob {
    /// ARN of the resource.
    pub resource_arn: Option<String>,
    /// Type, in the words of [`RecoveryPoint::resource_type`].
    pub resource_type: Option<String>,
    /// `FAILED`, `ABORTED`, `EXPIRED` or `PARTIAL`.
    pub state: Option<String>,
    /// Why, in a word of the API such as `AccessDenied`.
    pub message_category: Option<String>,
    /// ARN of the vault that it was to go to.
    pub destination_vault_arn: Option<String>,
    /// When it began.
    pub creation_date: Option<Timestamp>,
}

/// A restore of the last 30 days that came to its end.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreJob {
    /// ARN of the resource that the backup was of.
    pub source_resource_arn: Option<String>,
    /// Type, in the words of [`RecoveryPoint::resource_type`].
    pub resource_type: Option<String>,
    /// When it began.
    pub creation_date: Option<Timestamp>,
    /// When it ended.
    pub completion_date: Option<Timestamp>,
    /// Whether somebody tried what was restored: `SUCCESSFUL`, `FAILED`, `TIMED_OUT` or `VALIDATING`.
    pub validation_status: Option<String>,
    /// ARN of the restore testing plan that began it, if one did.
    pub restore_testing_plan_arn: Option<String>,
}

/// A plan that restores backups to see whether they can be.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreTestingPlan {
    /// When it begins.
    pub schedule_expression: Option<String>,
    /// When it last did; `null` if it never has.
    pub last_execution_time: Option<Timestamp>,
    /// Types that it restores, in the words of [`RecoveryPoint::resource_type`], sorted. `null` if they could not be
    /// collected.
    pub protected_resource_types: Option<Vec<String>>,
}

/// What AWS Backup may back up in a Region. It has no ARN, and is named here as
/// `arn:PARTITION:backup:REGION:ACCOUNT:region-settings`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RegionSettings {
    /// By type, whether plans that do not name it select its resources.
    pub resource_type_opt_in_preference: Option<BTreeMap<String, bool>>,
}

/// A policy of Data Lifecycle Manager that makes snapshots or images.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LifecyclePolicy {
    /// `ENABLED`, `DISABLED` or `ERROR`.
    pub state: Option<String>,
    /// `EBS_SNAPSHOT_MANAGEMENT`, `IMAGE_MANAGEMENT` or `EVENT_BASED_POLICY`.
    pub policy_type: Option<String>,
    /// Whether it is the default one, which looks at all volumes or instances instead of tags. `null`, like what
    /// follows, if the policy could not be collected.
    pub default_policy: Option<bool>,
    /// `VOLUME` or `INSTANCE`.
    pub resource_types: Option<Vec<String>>,
    /// Tags of which a volume or instance needs one.
    pub target_tags: Option<Vec<TagCondition>>,
    /// When it makes snapshots.
    pub schedules: Option<Vec<LifecycleSchedule>>,
    /// What the default policy leaves out.
    pub exclusions: Option<LifecycleExclusions>,
}

/// When a policy makes snapshots, and what becomes of them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleSchedule {
    /// Name.
    pub name: Option<String>,
    /// Hours between snapshots; days, for the default policy, as hours.
    pub interval_hours: Option<i64>,
    /// When it makes them, if not every so many hours.
    pub cron_expression: Option<String>,
    /// Snapshots that are kept.
    pub retain_count: Option<i64>,
    /// Derived: days for which they are kept, from the interval and its unit.
    pub retain_days: Option<i64>,
    /// Regions that they are copied to, sorted.
    pub copy_regions: Vec<String>,
}

/// What a default policy leaves out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleExclusions {
    /// Root volumes.
    pub exclude_boot_volumes: Option<bool>,
    /// Types of volume, sorted.
    pub exclude_volume_types: Vec<String>,
    /// What has one of these tags.
    pub exclude_tags: Vec<TagCondition>,
}
