//! Seeds: what the fixtures' accounts contain, created through the AWS API. Each file is one account with the
//! same anatomy: what it shows, then `seed`, then one function per service.
//!
//! They are written for [`Cloud`](super::cloud::Cloud), which sends each service to the server that is right
//! about it. A call that a server refuses fails the test: a fixture with a hole would prove nothing.

mod backup;
mod compute;
mod dns;
pub(crate) mod empty;
mod keys;
mod network;
pub(crate) mod one_of_each;
pub(crate) mod peer_mistakes;
pub(crate) mod resilient;
pub(crate) mod seed_architecture;
pub(crate) mod single_region;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateReplicationGroupMemberAction, KeySchemaElement, KeyType,
    PointInTimeRecoverySpecification, ReplicationGroupUpdate, ScalarAttributeType, StreamSpecification,
    StreamViewType,
};
use aws_sdk_rds::error::DisplayErrorContext;
use aws_sdk_rds::types::Tag;
use aws_sdk_s3::types::{
    BucketLifecycleConfiguration, BucketLocationConstraint, BucketVersioningStatus,
    CreateBucketConfiguration, DefaultRetention, DeleteMarkerReplication, DeleteMarkerReplicationStatus,
    Destination, ExpirationStatus, LifecycleRule, LifecycleRuleFilter, Metrics, MetricsStatus,
    NoncurrentVersionExpiration, ObjectLockConfiguration, ObjectLockEnabled, ObjectLockRetentionMode,
    ObjectLockRule, ReplicationConfiguration, ReplicationRule, ReplicationRuleFilter, ReplicationRuleStatus,
    ReplicationTime, ReplicationTimeStatus, ReplicationTimeValue, Tagging, VersioningConfiguration,
};

use super::account::Account;

/// Where the accounts' workloads run.
pub(crate) const TOKYO: &str = "ap-northeast-1";
/// Where they recover, if they can.
pub(crate) const SINGAPORE: &str = "ap-southeast-1";

const INSTANCE_CLASS: &str = "db.r6g.xlarge";

/// Tags by key.
type Tags<'a> = &'a [(&'a str, &'a str)];

/// Unwraps what a call that seeds gave, with the whole story of what went wrong otherwise.
trait OrFail<T> {
    fn or_fail(self, what: &str) -> T;
}

impl<T, E: std::error::Error> OrFail<T> for Result<T, E> {
    fn or_fail(self, what: &str) -> T {
        self.unwrap_or_else(|error| panic!("{what}: {}", DisplayErrorContext(error)))
    }
}

fn rds(account: &Account, region: &'static str) -> aws_sdk_rds::Client {
    aws_sdk_rds::Client::new(&account.sdk_config(region))
}

fn s3(account: &Account, region: &'static str) -> aws_sdk_s3::Client {
    aws_sdk_s3::Client::new(&account.sdk_config(region))
}

fn dynamodb(account: &Account, region: &'static str) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::new(&account.sdk_config(region))
}

fn rds_tags(tags: Tags<'_>) -> Option<Vec<Tag>> {
    Some(tags.iter().map(|(key, value)| Tag::builder().key(*key).value(*value).build()).collect())
}

/// A DB subnet group over the default VPC's subnets in the given zones of the Region.
async fn subnet_group(account: &Account, region: &'static str, name: &str, zones: &[&str]) {
    let ids = network::default_network(account, region, zones).await.public;
    rds(account, region)
        .create_db_subnet_group()
        .db_subnet_group_name(name)
        .db_subnet_group_description(name)
        .set_subnet_ids(Some(ids))
        .send()
        .await
        .or_fail(&format!("subnet group {name}"));
}

/// A bucket in a Region; gives its full name, which carries the account.
async fn bucket(account: &Account, region: &'static str, name: &str, locked: bool, tags: Tags<'_>) -> String {
    let name = account.bucket(name);
    let client = s3(account, region);
    let place = CreateBucketConfiguration::builder()
        .location_constraint(BucketLocationConstraint::from(region))
        .build();
    client
        .create_bucket()
        .bucket(&name)
        .create_bucket_configuration(place)
        .object_lock_enabled_for_bucket(locked)
        .send()
        .await
        .or_fail(&format!("bucket {name}"));
    if !tags.is_empty() {
        let set = tags.iter().map(|(key, value)| {
            aws_sdk_s3::types::Tag::builder()
                .key(*key)
                .value(*value)
                .build()
                .expect("key and value are there")
        });
        let tagging =
            Tagging::builder().set_tag_set(Some(set.collect())).build().expect("there is a tag set");
        client
            .put_bucket_tagging()
            .bucket(&name)
            .tagging(tagging)
            .send()
            .await
            .or_fail(&format!("tags of {name}"));
    }
    name
}

/// Turns versioning on.
async fn version(account: &Account, region: &'static str, bucket: &str) {
    let enabled = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
    s3(account, region)
        .put_bucket_versioning()
        .bucket(bucket)
        .versioning_configuration(enabled)
        .send()
        .await
        .or_fail(&format!("versioning of {bucket}"));
}

/// What a replication rule has besides its two ends.
#[derive(Debug, Clone, Copy)]
struct Replication {
    /// Replication Time Control and its metrics.
    timed: bool,
    delete_markers: bool,
}

/// Replicates a whole bucket to another.
async fn replicate(account: &Account, region: &'static str, from: &str, to: &str, how: Replication) {
    let fifteen = || ReplicationTimeValue::builder().minutes(15).build();
    let mut destination = Destination::builder().bucket(format!("arn:aws:s3:::{to}"));
    if how.timed {
        let time = ReplicationTime::builder().status(ReplicationTimeStatus::Enabled).time(fifteen()).build();
        let metrics = Metrics::builder().status(MetricsStatus::Enabled).event_threshold(fifteen()).build();
        destination =
            destination.replication_time(time.expect("complete")).metrics(metrics.expect("complete"));
    }
    let markers = if how.delete_markers {
        DeleteMarkerReplicationStatus::Enabled
    } else {
        DeleteMarkerReplicationStatus::Disabled
    };
    let rule = ReplicationRule::builder()
        .id("ReplicateAll")
        .status(ReplicationRuleStatus::Enabled)
        .priority(1)
        .filter(ReplicationRuleFilter::builder().build())
        .destination(destination.build().expect("complete"))
        .delete_marker_replication(DeleteMarkerReplication::builder().status(markers).build())
        .build()
        .expect("complete");
    let configuration = ReplicationConfiguration::builder()
        .role(format!("arn:aws:iam::{}:role/S3ReplicationRole", account.id))
        .rules(rule)
        .build()
        .expect("complete");
    s3(account, region)
        .put_bucket_replication()
        .bucket(from)
        .replication_configuration(configuration)
        .send()
        .await
        .or_fail(&format!("replication of {from}"));
}

/// Lets noncurrent versions expire after so many days.
async fn expire_noncurrent(account: &Account, region: &'static str, bucket: &str, days: i32) {
    let rule = LifecycleRule::builder()
        .id("noncurrent")
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix("").build())
        .noncurrent_version_expiration(NoncurrentVersionExpiration::builder().noncurrent_days(days).build())
        .build()
        .expect("complete");
    let configuration = BucketLifecycleConfiguration::builder().rules(rule).build().expect("complete");
    s3(account, region)
        .put_bucket_lifecycle_configuration()
        .bucket(bucket)
        .lifecycle_configuration(configuration)
        .send()
        .await
        .or_fail(&format!("lifecycle of {bucket}"));
}

/// Keeps every version for so many days, against everyone.
async fn lock(account: &Account, region: &'static str, bucket: &str, days: i32) {
    let retention = DefaultRetention::builder().mode(ObjectLockRetentionMode::Compliance).days(days).build();
    let configuration = ObjectLockConfiguration::builder()
        .object_lock_enabled(ObjectLockEnabled::Enabled)
        .rule(ObjectLockRule::builder().default_retention(retention).build())
        .build();
    s3(account, region)
        .put_object_lock_configuration()
        .bucket(bucket)
        .object_lock_configuration(configuration)
        .send()
        .await
        .or_fail(&format!("object lock of {bucket}"));
}

/// A table on demand with the stream that replicas need. DynamoDB gives it nothing else that protects it.
async fn table(account: &Account, region: &'static str, name: &str, tags: Tags<'_>) {
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build();
    let id =
        AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S).build();
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build();
    dynamodb(account, region)
        .create_table()
        .table_name(name)
        .key_schema(key.expect("complete"))
        .attribute_definitions(id.expect("complete"))
        .billing_mode(BillingMode::PayPerRequest)
        .stream_specification(stream.expect("complete"))
        .send()
        .await
        .or_fail(&format!("table {name}"));
    tag_table(account, region, name, tags).await;
}

/// Tags a table. A replica has tags of its own.
async fn tag_table(account: &Account, region: &'static str, name: &str, tags: Tags<'_>) {
    if tags.is_empty() {
        return;
    }
    let tags = tags.iter().map(|(key, value)| {
        aws_sdk_dynamodb::types::Tag::builder().key(*key).value(*value).build().expect("complete")
    });
    dynamodb(account, region)
        .tag_resource()
        .resource_arn(account.arn("dynamodb", region, &format!("table/{name}")))
        .set_tags(Some(tags.collect()))
        .send()
        .await
        .or_fail(&format!("tags of {name}"));
}

/// Makes a table global: it gets a replica in another Region.
async fn replicate_table(account: &Account, region: &'static str, name: &str, to: &str) {
    let replica = CreateReplicationGroupMemberAction::builder().region_name(to).build();
    dynamodb(account, region)
        .update_table()
        .table_name(name)
        .replica_updates(ReplicationGroupUpdate::builder().create(replica.expect("complete")).build())
        .send()
        .await
        .or_fail(&format!("replica of {name}"));
}

/// Protects a table from deletion, and its data from mistakes.
async fn protect_table(account: &Account, region: &'static str, name: &str) {
    let client = dynamodb(account, region);
    client
        .update_table()
        .table_name(name)
        .deletion_protection_enabled(true)
        .send()
        .await
        .or_fail(&format!("deletion protection of {name}"));
    let recovery = PointInTimeRecoverySpecification::builder().point_in_time_recovery_enabled(true).build();
    client
        .update_continuous_backups()
        .table_name(name)
        .point_in_time_recovery_specification(recovery.expect("complete"))
        .send()
        .await
        .or_fail(&format!("recovery of {name}"));
}
