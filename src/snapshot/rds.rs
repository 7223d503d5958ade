//! Settings of the databases that the RDS API serves: RDS, Aurora, DocumentDB and Neptune.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Fields that the
//! API does not have are marked "derived". Retention is in days, storage in GiB, windows are UTC.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::resource::Zone;

/// What a DB instance is for, because nearly every setting of an instance means something else for each of
/// them: only a standalone instance has a standby and backups of its own.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DbInstanceRole {
    /// It holds its data itself.
    Standalone,
    /// It follows another instance or cluster.
    ReadReplica,
    /// It belongs to a Multi-AZ DB cluster, which is not Aurora.
    MultiAzClusterMember,
    /// It computes for an Aurora cluster volume.
    AuroraMember,
    /// It computes for a Neptune cluster volume.
    NeptuneMember,
    /// It computes for a DocumentDB cluster volume.
    DocdbMember,
}

/// Which kind of cluster answers under the one API.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DbClusterFamily {
    /// Aurora with instances: provisioned, Serverless v2 or both.
    Aurora,
    /// Aurora Serverless v1, which has no instances that one could place.
    AuroraServerlessV1,
    /// Aurora Limitless, whose compute is not listed as instances.
    AuroraLimitless,
    /// One writer and two readable standbys that are not Aurora.
    MultiAz,
    /// Amazon DocumentDB.
    Docdb,
    /// Amazon Neptune.
    Neptune,
}

/// A DB instance.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DbInstance {
    /// Derived from the cluster, the engine and the replication source.
    pub role: DbInstanceRole,
    /// `postgres`, `aurora-mysql`, `docdb`, …
    pub engine: Option<String>,
    /// Version of the engine.
    pub engine_version: Option<String>,
    /// `available`, `creating`, `stopped`, …
    pub db_instance_status: Option<String>,
    /// Such as `db.r6g.large`.
    pub db_instance_class: Option<String>,
    /// Whether a standby exists in another zone. Always `false` for members of a cluster.
    pub multi_az: Option<bool>,
    /// Changes that wait for the maintenance window.
    pub pending_modified_values: PendingModifiedValues,
    /// Days that automated backups are kept; 0 means that there are none.
    pub backup_retention_period: Option<i32>,
    /// Newest instant that the instance can be restored to.
    pub latest_restorable_time: Option<Timestamp>,
    /// Whether the API refuses to delete it.
    pub deletion_protection: Option<bool>,
    /// Whether the storage is encrypted.
    pub storage_encrypted: Option<bool>,
    /// ARN of the key that encrypts the storage.
    pub kms_key_id: Option<String>,
    /// GiB.
    pub allocated_storage: Option<i32>,
    /// GiB that the storage may grow to by itself; `null` if it does not grow.
    pub max_allocated_storage: Option<i32>,
    /// Provisioned operations per second.
    pub iops: Option<i32>,
    /// Whether the instance has a public address.
    pub publicly_accessible: Option<bool>,
    /// `hh:mm-hh:mm`.
    pub preferred_backup_window: Option<String>,
    /// `ddd:hh:mm-ddd:hh:mm`.
    pub preferred_maintenance_window: Option<String>,
    /// The cluster that it is a member of.
    pub db_cluster_identifier: Option<String>,
    /// Derived: ARN of the instance that this one follows. The API gives a name inside one Region.
    pub read_replica_source_db_instance_arn: Option<String>,
    /// Derived: ARN of the cluster that this one follows.
    pub read_replica_source_db_cluster_arn: Option<String>,
    /// Derived: ARNs of the instances that follow this one.
    pub read_replica_db_instance_arns: Vec<String>,
    /// `open-read-only` or `mounted` (Oracle).
    pub replica_mode: Option<String>,
    /// ARNs of the copies of the automated backups in other Regions.
    pub db_instance_automated_backups_replications: Vec<String>,
    /// Name of the subnet group.
    pub db_subnet_group_name: Option<String>,
    /// Names of the parameter groups.
    pub db_parameter_groups: Vec<String>,
    /// Place in the order of failover, 0 first; cluster members only.
    pub promotion_tier: Option<i32>,
    /// `region` or `outposts`, where automated backups are kept.
    pub backup_target: Option<String>,
    /// Replication state of a read replica.
    pub status_infos: Vec<StatusInfo>,
    /// ARN of the recovery point, when AWS Backup runs continuous backups of the instance.
    pub aws_backup_recovery_point_arn: Option<String>,
    /// Never changes and never comes back, unlike the name.
    pub dbi_resource_id: Option<String>,
    /// When it was created.
    pub instance_create_time: Option<Timestamp>,
}

/// Changes to an instance that wait for its maintenance window.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PendingModifiedValues {
    /// A standby that will be added or removed.
    pub multi_az: Option<bool>,
    /// Retention in days that will apply.
    pub backup_retention_period: Option<i32>,
}

/// One line of the status of a read replica.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StatusInfo {
    /// `read replication`.
    pub status_type: Option<String>,
    /// Whether it works.
    pub normal: Option<bool>,
    /// `replicating`, `stopped`, `error`, …
    pub status: Option<String>,
}

/// A DB cluster.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DbCluster {
    /// Derived from the engine, its mode and the instance class.
    pub family: DbClusterFamily,
    /// `aurora-postgresql`, `mysql`, `docdb`, …
    pub engine: Option<String>,
    /// Version of the engine.
    pub engine_version: Option<String>,
    /// `provisioned` or `serverless`.
    pub engine_mode: Option<String>,
    /// `available`, `creating`, `stopped`, …
    pub status: Option<String>,
    /// Whether the API says that members are in more than one zone. The members' own zones decide, where known.
    pub multi_az: Option<bool>,
    /// Class of each instance of a Multi-AZ DB cluster.
    pub db_cluster_instance_class: Option<String>,
    /// Instances of the cluster.
    pub db_cluster_members: Vec<DbClusterMember>,
    /// Capacity of Serverless v2 instances.
    pub serverless_v2_scaling_configuration: Option<ServerlessV2Scaling>,
    /// Days that automated backups are kept, at least 1.
    pub backup_retention_period: Option<i32>,
    /// Oldest instant that the cluster can be restored to.
    pub earliest_restorable_time: Option<Timestamp>,
    /// Newest instant that the cluster can be restored to.
    pub latest_restorable_time: Option<Timestamp>,
    /// Seconds that the cluster can be rewound (Aurora MySQL).
    pub backtrack_window: Option<i64>,
    /// Whether the API refuses to delete it.
    pub deletion_protection: Option<bool>,
    /// Whether the storage is encrypted.
    pub storage_encrypted: Option<bool>,
    /// ARN of the key that encrypts the storage.
    pub kms_key_id: Option<String>,
    /// Name of the global cluster that it is a member of.
    pub global_cluster_identifier: Option<String>,
    /// ARN of the cluster or instance that this one follows.
    pub replication_source_identifier: Option<String>,
    /// ARNs of the clusters that follow this one.
    pub read_replica_identifiers: Vec<String>,
    /// `hh:mm-hh:mm`.
    pub preferred_backup_window: Option<String>,
    /// `ddd:hh:mm-ddd:hh:mm`.
    pub preferred_maintenance_window: Option<String>,
    /// Name of the subnet group.
    pub db_subnet_group: Option<String>,
    /// Name of the parameter group.
    pub db_cluster_parameter_group: Option<String>,
    /// ARN of the recovery point, when AWS Backup runs continuous backups of the cluster.
    pub aws_backup_recovery_point_arn: Option<String>,
    /// Never changes and never comes back, unlike the name.
    pub db_cluster_resource_id: Option<String>,
    /// When it was created.
    pub cluster_create_time: Option<Timestamp>,
}

/// An instance as its cluster lists it.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DbClusterMember {
    /// Derived: ARN of the instance.
    pub arn: String,
    /// Whether it is the one that writes.
    pub is_cluster_writer: Option<bool>,
    /// Place in the order of failover, 0 first.
    pub promotion_tier: Option<i32>,
}

/// Bounds of Serverless v2 capacity, in Aurora capacity units.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ServerlessV2Scaling {
    /// Least capacity.
    pub min_capacity: Option<f64>,
    /// Most capacity.
    pub max_capacity: Option<f64>,
}

/// An Aurora, DocumentDB or Neptune cluster that spans Regions. Its Region is `global`.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GlobalCluster {
    /// `aurora-postgresql`, …
    pub engine: Option<String>,
    /// Version of the engine.
    pub engine_version: Option<String>,
    /// `available`, …
    pub status: Option<String>,
    /// Whether the API refuses to delete it.
    pub deletion_protection: Option<bool>,
    /// Clusters of which it consists.
    pub global_cluster_members: Vec<GlobalClusterMember>,
    /// Set while a switchover or failover runs or did not end: `pending`, `failing-over`, `cancelling`.
    pub failover_status: Option<String>,
}

/// One Region of a global cluster.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GlobalClusterMember {
    /// The cluster.
    pub db_cluster_arn: String,
    /// Whether it is the primary.
    pub is_writer: Option<bool>,
    /// ARNs of the secondaries, on the primary only.
    pub readers: Vec<String>,
    /// `connected` or `pending-resync`; not every engine has it.
    pub synchronization_status: Option<String>,
}

/// Automated backups of an instance or cluster: of one that exists, of one that was deleted, or the copy of
/// another Region's.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AutomatedBackup {
    /// ARN of the instance or cluster that is backed up.
    pub source_arn: Option<String>,
    /// Resource id of it, which tells a deleted source from a new one of the same name.
    pub source_resource_id: Option<String>,
    /// Region of the source. The backups themselves lie in the Region of this resource.
    pub source_region: Option<String>,
    /// `active`, `retained`, `creating`, `replicating`, …
    pub status: Option<String>,
    /// Days that they are kept.
    pub backup_retention_period: Option<i32>,
    /// Oldest instant that can be restored.
    pub earliest_time: Option<Timestamp>,
    /// Newest instant that can be restored.
    pub latest_time: Option<Timestamp>,
    /// ARNs of the copies in other Regions.
    pub replications: Vec<String>,
    /// Whether they are encrypted.
    pub encrypted: Option<bool>,
    /// ARN of the key that encrypts them.
    pub kms_key_id: Option<String>,
}

/// A snapshot of an instance or of a cluster.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DbSnapshot {
    /// Derived: ARN of the instance or cluster, in the Region where the snapshot was first taken.
    pub source_arn: Option<String>,
    /// Resource id of it; copies in other Regions keep it.
    pub source_resource_id: Option<String>,
    /// ARN of the snapshot that this one is a copy of.
    pub source_snapshot_arn: Option<String>,
    /// `manual`, `automated` or `awsbackup`.
    pub snapshot_type: Option<String>,
    /// `available`, `creating`, …
    pub status: Option<String>,
    /// When this snapshot was made; for a copy, when it was copied.
    pub snapshot_create_time: Option<Timestamp>,
    /// When the data is from; copies keep it.
    pub original_snapshot_create_time: Option<Timestamp>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// ARN of the key that encrypts it.
    pub kms_key_id: Option<String>,
    /// `postgres`, …
    pub engine: Option<String>,
}

/// A DB subnet group.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DbSubnetGroup {
    /// `Complete`, …
    pub subnet_group_status: Option<String>,
    /// The network that it lies in.
    pub vpc_id: Option<String>,
    /// Subnets of the group.
    pub subnets: Vec<DbSubnet>,
}

/// A subnet of a DB subnet group.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DbSubnet {
    /// `subnet-…`.
    pub subnet_identifier: Option<String>,
    /// Where it lies.
    pub zone: Option<Zone>,
    /// `Active` or not.
    pub subnet_status: Option<String>,
}

/// A subscription to the events of RDS.
#[derive(Clone, Debug, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EventSubscription {
    /// Whether it delivers.
    pub enabled: Option<bool>,
    /// `active`, `no-permission`, `topic-not-exist`, …
    pub status: Option<String>,
    /// `db-instance`, `db-cluster`, …; `null` means every type.
    pub source_type: Option<String>,
    /// Names of the resources that it is limited to; empty means all.
    pub source_ids: Vec<String>,
    /// `failover`, `failure`, …; empty means all.
    pub event_categories: Vec<String>,
    /// Topic that it delivers to.
    pub sns_topic_arn: Option<String>,
}

/// What happened to a database in the last 14 days, of the kinds that recoveries consist of: failovers, promotions and
/// restores. It has no ARN, and is named here after its source, with its time and its message.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DbEvent {
    /// ARN of the database.
    pub source_arn: Option<String>,
    /// `failover`, `global-failover`, `read replica`, `recovery`, `restoration`, …, sorted.
    pub event_categories: Vec<String>,
    /// What the service says of it.
    pub message: String,
    /// When it happened.
    pub date: Option<Timestamp>,
}

/// Parameters of a cluster that were set by its owner. Collected for the clusters of global databases only.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DbClusterParameterGroup {
    /// Values by name; `null` if they could not be collected.
    pub parameters: Option<BTreeMap<String, String>>,
}
