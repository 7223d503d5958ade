//! The settings of one bucket.

use std::error::Error as StdError;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::types;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use futures_util::future::join5;

use super::super::answer::Failure;
use super::super::ledger::operation;
use super::super::limiter::Lane;
use super::super::scan::Scan;
use crate::snapshot::Gap;
use crate::snapshot::operation::Operation;
use crate::snapshot::s3::{
    Bucket, Encryption, Lifecycle, LifecycleRule, ObjectLock, Replication, ReplicationRule, Versioning,
    VersioningStatus,
};

const GET_BUCKET_VERSIONING: &Operation = operation("s3", "GetBucketVersioning");
const GET_BUCKET_REPLICATION: &Operation = operation("s3", "GetBucketReplication");
const GET_BUCKET_LIFECYCLE: &Operation = operation("s3", "GetBucketLifecycleConfiguration");
const GET_OBJECT_LOCK: &Operation = operation("s3", "GetObjectLockConfiguration");
const GET_BUCKET_ENCRYPTION: &Operation = operation("s3", "GetBucketEncryption");

/// The calls that are made about each bucket.
pub(super) const OPERATIONS: [&Operation; 5] = [
    GET_BUCKET_VERSIONING,
    GET_BUCKET_REPLICATION,
    GET_BUCKET_LIFECYCLE,
    GET_OBJECT_LOCK,
    GET_BUCKET_ENCRYPTION,
];

/// One bucket to ask about.
struct Asked<'a> {
    scan: &'a Scan,
    client: Client,
    lane: &'a Lane,
}

/// Asks for the settings of a bucket, all at once.
pub(super) async fn collect(scan: &Scan, region: &str, name: &str) -> (Bucket, Vec<Gap>) {
    let (client, lane) = scan.session.s3(region);
    let asked = Asked { scan, client, lane: &lane };
    let (versioning, replication, lifecycle, object_lock, encryption) = join5(
        asked.get(
            GET_BUCKET_VERSIONING,
            None,
            |client| client.get_bucket_versioning().bucket(name).send(),
            |answer| Some(versioning(&answer.status?, answer.mfa_delete)),
            || Versioning { status: VersioningStatus::Never, mfa_delete: None },
        ),
        asked.get(
            GET_BUCKET_REPLICATION,
            Some("ReplicationConfigurationNotFoundError"),
            |client| client.get_bucket_replication().bucket(name).send(),
            |answer| answer.replication_configuration.map(replication),
            Replication::default,
        ),
        asked.get(
            GET_BUCKET_LIFECYCLE,
            Some("NoSuchLifecycleConfiguration"),
            |client| client.get_bucket_lifecycle_configuration().bucket(name).send(),
            |answer| Some(Lifecycle { rules: answer.rules?.into_iter().map(lifecycle_rule).collect() }),
            Lifecycle::default,
        ),
        asked.get(
            GET_OBJECT_LOCK,
            Some("ObjectLockConfigurationNotFoundError"),
            |client| client.get_object_lock_configuration().bucket(name).send(),
            |answer| answer.object_lock_configuration.map(object_lock),
            ObjectLock::default,
        ),
        asked.get(
            GET_BUCKET_ENCRYPTION,
            Some("ServerSideEncryptionConfigurationNotFoundError"),
            |client| client.get_bucket_encryption().bucket(name).send(),
            |answer| answer.server_side_encryption_configuration.map(encryption),
            Encryption::default,
        ),
    )
    .await;
    let mut gaps = Vec::new();
    let bucket = Bucket {
        creation_date: None,
        versioning: known(versioning, &mut gaps),
        replication: known(replication, &mut gaps),
        lifecycle: known(lifecycle, &mut gaps),
        object_lock: known(object_lock, &mut gaps),
        encryption: known(encryption, &mut gaps),
    };
    gaps.sort_unstable();
    (bucket, gaps)
}

fn known<T>(setting: Result<T, Gap>, gaps: &mut Vec<Gap>) -> Option<T> {
    setting.map_err(|gap| gaps.push(gap)).ok()
}

impl Asked<'_> {
    /// Asks for one setting. `absent` is the code by which S3 says that it is not set, and `unset` what it then
    /// is.
    async fn get<T, A, E, F>(
        &self,
        operation: &'static Operation,
        absent: Option<&str>,
        call: impl Fn(&Client) -> F,
        normalise: impl FnOnce(A) -> Option<T>,
        unset: impl FnOnce() -> T,
    ) -> Result<T, Gap>
    where
        F: Future<Output = Result<A, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let judge = |answer| match answer {
            Ok(answer) => Ok(normalise(answer).unwrap_or_else(unset)),
            Err(failure) if absent.is_some_and(|code| Failure::is_answer(&failure, &[code])) => Ok(unset()),
            Err(failure) => Err(failure),
        };
        self.scan.ask(operation, self.lane, || call(&self.client), judge).await
    }
}

fn versioning(
    status: &types::BucketVersioningStatus,
    mfa_delete: Option<types::MfaDeleteStatus>,
) -> Versioning {
    let status = match status {
        types::BucketVersioningStatus::Enabled => VersioningStatus::Enabled,
        _ => VersioningStatus::Suspended,
    };
    Versioning { status, mfa_delete: mfa_delete.map(|delete| delete == types::MfaDeleteStatus::Enabled) }
}

fn replication(configuration: types::ReplicationConfiguration) -> Replication {
    let rules = configuration.rules.into_iter().map(replication_rule).collect();
    Replication { role: Some(configuration.role).filter(|role| !role.is_empty()), rules }
}

fn replication_rule(rule: types::ReplicationRule) -> ReplicationRule {
    // The first version of the API has the prefix on the rule, and no filter.
    let is_first_version = rule.filter.is_none();
    #[expect(deprecated, reason = "rules of the first version of the API still exist")]
    let prefix = rule.prefix;
    let covers_all_objects = match &rule.filter {
        None => is_everything(prefix.as_deref()),
        Some(filter) => {
            let and = filter.and.as_ref();
            is_everything(filter.prefix.as_deref())
                && filter.tag.is_none()
                && and.is_none_or(|and| is_everything(and.prefix.as_deref()) && and.tags().is_empty())
        }
    };
    let delete_markers = rule.delete_marker_replication.and_then(|replication| replication.status);
    let kms = rule.source_selection_criteria.and_then(|criteria| criteria.sse_kms_encrypted_objects);
    let destination = rule.destination;
    let time = destination.as_ref().and_then(|destination| destination.replication_time.as_ref());
    let metrics = destination.as_ref().and_then(|destination| destination.metrics.as_ref());
    ReplicationRule {
        id: rule.id,
        enabled: Some(rule.status == types::ReplicationRuleStatus::Enabled),
        covers_all_objects,
        replication_time_control: time.map(|time| time.status == types::ReplicationTimeStatus::Enabled),
        replication_time_minutes: time.and_then(|time| time.time.as_ref()?.minutes),
        metrics: metrics.map(|metrics| metrics.status == types::MetricsStatus::Enabled),
        delete_marker_replication: if is_first_version {
            Some(true)
        } else {
            delete_markers.map(|status| status == types::DeleteMarkerReplicationStatus::Enabled)
        },
        sse_kms_encrypted_objects: kms.map(|kms| kms.status == types::SseKmsEncryptedObjectsStatus::Enabled),
        existing_object_replication: rule
            .existing_object_replication
            .map(|existing| existing.status == types::ExistingObjectReplicationStatus::Enabled),
        destination_bucket: destination.as_ref().map(|destination| destination.bucket.clone()),
        destination_account: destination.as_ref().and_then(|destination| destination.account.clone()),
        storage_class: destination
            .and_then(|destination| destination.storage_class)
            .map(|class| class.as_str().to_owned()),
    }
}

fn lifecycle_rule(rule: types::LifecycleRule) -> LifecycleRule {
    #[expect(deprecated, reason = "rules of the first version of the API still exist")]
    let prefix = rule.prefix;
    let covers_all_objects = match &rule.filter {
        None => is_everything(prefix.as_deref()),
        Some(filter) => {
            is_everything(filter.prefix.as_deref())
                && filter.tag.is_none()
                && filter.object_size_greater_than.is_none()
                && filter.object_size_less_than.is_none()
                && filter.and.as_ref().is_none_or(|and| {
                    is_everything(and.prefix.as_deref())
                        && and.tags().is_empty()
                        && and.object_size_greater_than.is_none()
                        && and.object_size_less_than.is_none()
                })
        }
    };
    let transitions = rule.transitions.unwrap_or_default();
    let noncurrent = rule.noncurrent_version_expiration;
    LifecycleRule {
        id: rule.id,
        enabled: Some(rule.status == types::ExpirationStatus::Enabled),
        covers_all_objects,
        noncurrent_days: noncurrent.as_ref().and_then(|expiration| expiration.noncurrent_days),
        newer_noncurrent_versions: noncurrent.and_then(|expiration| expiration.newer_noncurrent_versions),
        expiration_days: rule.expiration.and_then(|expiration| expiration.days),
        transition_storage_classes: transitions
            .into_iter()
            .filter_map(|transition| Some(transition.storage_class?.as_str().to_owned()))
            .collect(),
    }
}

/// Whether a prefix lets every key through.
fn is_everything(prefix: Option<&str>) -> bool {
    prefix.is_none_or(str::is_empty)
}

fn object_lock(configuration: types::ObjectLockConfiguration) -> ObjectLock {
    let retention = configuration.rule.and_then(|rule| rule.default_retention);
    // A period is given in days or in years. Zero is not a period.
    let days = retention.as_ref().and_then(|retention| {
        let days = retention.days.filter(|days| *days > 0);
        days.or_else(|| retention.years.filter(|years| *years > 0)?.checked_mul(365))
    });
    ObjectLock {
        enabled: configuration.object_lock_enabled == Some(types::ObjectLockEnabled::Enabled),
        mode: retention.and_then(|retention| retention.mode).map(|mode| mode.as_str().to_owned()),
        retention_days: days,
    }
}

fn encryption(configuration: types::ServerSideEncryptionConfiguration) -> Encryption {
    let default =
        configuration.rules.into_iter().find_map(|rule| rule.apply_server_side_encryption_by_default);
    default.map_or_else(Encryption::default, |default| Encryption {
        sse_algorithm: Some(default.sse_algorithm.as_str().to_owned()),
        kms_master_key_id: default.kms_master_key_id,
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_s3::types;

    use super::{lifecycle_rule, object_lock, replication_rule};
    use crate::snapshot::s3::ReplicationRule;

    fn rule(
        set: impl FnOnce(types::builders::ReplicationRuleBuilder) -> types::builders::ReplicationRuleBuilder,
    ) -> ReplicationRule {
        let rule = types::ReplicationRule::builder().status(types::ReplicationRuleStatus::Enabled);
        replication_rule(set(rule).build().unwrap())
    }

    #[test]
    fn a_rule_covers_all_objects_unless_a_prefix_or_tag_narrows_it() {
        let filter = types::ReplicationRuleFilter::builder;
        let tag = || types::Tag::builder().key("k").value("v").build().unwrap();
        let and = types::ReplicationRuleAndOperator::builder;
        assert!(rule(|it| it.filter(filter().build())).covers_all_objects);
        assert!(rule(|it| it.filter(filter().prefix("").build())).covers_all_objects);
        assert!(!rule(|it| it.filter(filter().prefix("logs/").build())).covers_all_objects);
        assert!(!rule(|it| it.filter(filter().tag(tag()).build())).covers_all_objects);
        assert!(!rule(|it| it.filter(filter().and(and().tags(tag()).build()).build())).covers_all_objects);
    }

    #[test]
    fn rules_of_the_first_version_replicate_delete_markers() {
        #[expect(deprecated, reason = "rules of the first version of the API still exist")]
        let first = rule(|it| it.prefix("logs/"));
        assert!(!first.covers_all_objects);
        assert_eq!(first.delete_marker_replication, Some(true));
        let second = rule(|it| it.filter(types::ReplicationRuleFilter::builder().build()));
        assert_eq!(second.delete_marker_replication, None);
    }

    #[test]
    fn a_lifecycle_rule_with_a_size_does_not_cover_all_objects() {
        let filter = types::LifecycleRuleFilter::builder().object_size_greater_than(1).build();
        let rule = types::LifecycleRule::builder().status(types::ExpirationStatus::Enabled).filter(filter);
        assert!(!lifecycle_rule(rule.build().unwrap()).covers_all_objects);
    }

    #[test]
    fn a_retention_is_in_days_or_in_years() {
        let days = |days, years| {
            let retention = types::DefaultRetention::builder().set_days(days).set_years(years).build();
            let rule = types::ObjectLockRule::builder().default_retention(retention).build();
            object_lock(types::ObjectLockConfiguration::builder().rule(rule).build()).retention_days
        };
        assert_eq!(days(Some(35), Some(0)), Some(35));
        assert_eq!(days(None, Some(2)), Some(730));
        assert_eq!(days(None, None), None);
    }
}
