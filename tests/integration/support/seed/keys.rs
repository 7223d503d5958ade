//! Keys of KMS, and alarms that ring when what they watch goes wrong.

use aws_sdk_cloudwatch::types::{ComparisonOperator, Dimension, StateValue, Statistic};

use super::OrFail as _;
use crate::support::account::Account;

fn client(account: &Account, region: &'static str) -> aws_sdk_kms::Client {
    aws_sdk_kms::Client::new(&account.sdk_config(region))
}

/// A customer-managed key with an alias; gives its ARN.
pub(super) async fn key(account: &Account, region: &'static str, alias: &str) -> String {
    let client = client(account, region);
    let made = client.create_key().send().await.or_fail(alias);
    let arn = made.key_metadata.and_then(|key| key.arn).expect("a key has an ARN");
    client.create_alias().alias_name(alias).target_key_id(&arn).send().await.or_fail(alias);
    arn
}

/// Has a key deleted in a week.
pub(super) async fn delete_key(account: &Account, region: &'static str, key: &str) {
    // moto knows keys by their ids here.
    let id = key.rsplit('/').next().unwrap_or(key);
    let deletion = client(account, region).schedule_key_deletion().key_id(id).pending_window_in_days(7);
    deletion.send().await.or_fail(&format!("deletion of {key}"));
}

/// What an alarm watches: namespace, metric, and what is not as it should be.
pub(super) struct Watched<'a> {
    pub(super) namespace: &'a str,
    pub(super) metric: &'a str,
    pub(super) dimensions: &'a [(&'a str, &'a str)],
    /// Whether low values are bad, or high ones.
    pub(super) below: bool,
}

/// An alarm that tells operations when something is wrong for three minutes, and that is quiet at present.
pub(super) async fn alarm(account: &Account, region: &'static str, name: &str, watched: Watched<'_>) {
    let dimensions =
        watched.dimensions.iter().map(|(name, value)| Dimension::builder().name(*name).value(*value).build());
    let (statistic, comparison) = if watched.below {
        (Statistic::Minimum, ComparisonOperator::LessThanThreshold)
    } else {
        (Statistic::Maximum, ComparisonOperator::GreaterThanOrEqualToThreshold)
    };
    let client = aws_sdk_cloudwatch::Client::new(&account.sdk_config(region));
    client
        .put_metric_alarm()
        .alarm_name(name)
        .namespace(watched.namespace)
        .metric_name(watched.metric)
        .set_dimensions(Some(dimensions.collect()))
        .statistic(statistic)
        .period(60)
        .evaluation_periods(3)
        .threshold(1.0)
        .comparison_operator(comparison)
        .treat_missing_data(if watched.below { "breaching" } else { "notBreaching" })
        .actions_enabled(true)
        .alarm_actions(account.arn("sns", region, "operations"))
        .send()
        .await
        .or_fail(name);
    let state = client.set_alarm_state().alarm_name(name).state_value(StateValue::Ok).state_reason("seeded");
    state.send().await.or_fail(name);
}
