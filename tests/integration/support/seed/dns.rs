//! What the accounts have in Route 53.

use aws_sdk_route53::Client;
use aws_sdk_route53::types::{
    AliasTarget, Change, ChangeAction, ChangeBatch, HealthCheckConfig, HealthCheckType, ResourceRecord,
    ResourceRecordSet, ResourceRecordSetFailover, RrType,
};

use super::OrFail as _;
use crate::support::account::Account;

/// Zones in which AWS keeps the names of Application Load Balancers.
pub(super) const TOKYO_BALANCERS: &str = "Z14GRHDCWA56QT";
pub(super) const SINGAPORE_BALANCERS: &str = "Z1LMS91P8CMLE5";

fn client(account: &Account) -> Client {
    Client::new(&account.sdk_config("us-east-1"))
}

/// A public zone; gives its id.
pub(super) async fn zone(account: &Account, name: &str) -> String {
    let answer = client(account)
        .create_hosted_zone()
        .name(name)
        .caller_reference(name)
        .send()
        .await
        .or_fail(&format!("zone {name}"));
    answer.hosted_zone.expect("a zone that was made").id
}

/// A health check by HTTPS; gives its id. AWS sends the name in the handshake unless told otherwise.
pub(super) async fn health_check(account: &Account, domain: &str, interval: i32, failures: i32) -> String {
    let config = HealthCheckConfig::builder()
        .r#type(HealthCheckType::Https)
        .fully_qualified_domain_name(domain)
        .resource_path("/health")
        .port(443)
        .request_interval(interval)
        .failure_threshold(failures)
        .enable_sni(true)
        .build()
        .expect("complete");
    let answer = client(account)
        .create_health_check()
        .caller_reference(domain)
        .health_check_config(config)
        .send()
        .await
        .or_fail(&format!("health check of {domain}"));
    answer.health_check.expect("a health check that was made").id
}

/// A record set that is an alias of a load balancer, chosen by failover.
#[derive(Debug)]
pub(super) struct Failover<'a> {
    pub(super) role: ResourceRecordSetFailover,
    pub(super) health_check: Option<&'a str>,
    pub(super) balancer: &'a str,
    pub(super) balancer_zone: &'a str,
    pub(super) evaluate_target_health: bool,
}

/// Makes the two record sets of a failover.
pub(super) async fn failover(account: &Account, zone: &str, name: &str, sets: [Failover<'_>; 2]) {
    let sets = sets.map(|set| {
        let target = AliasTarget::builder()
            .hosted_zone_id(set.balancer_zone)
            .dns_name(set.balancer)
            .evaluate_target_health(set.evaluate_target_health)
            .build()
            .expect("complete");
        ResourceRecordSet::builder()
            .name(name)
            .r#type(RrType::A)
            .set_identifier(set.role.as_str())
            .failover(set.role)
            .set_health_check_id(set.health_check.map(str::to_owned))
            .alias_target(target)
            .build()
            .expect("complete")
    });
    create(account, zone, sets).await;
}

/// Makes record sets of one address and weight each, without a health check.
pub(super) async fn weighted(account: &Account, zone: &str, name: &str, ttl: i64, addresses: [&str; 2]) {
    let sets = addresses.map(|address| {
        ResourceRecordSet::builder()
            .name(name)
            .r#type(RrType::A)
            .set_identifier(address)
            .weight(50)
            .ttl(ttl)
            .resource_records(ResourceRecord::builder().value(address).build().expect("complete"))
            .build()
            .expect("complete")
    });
    create(account, zone, sets).await;
}

async fn create(account: &Account, zone: &str, sets: [ResourceRecordSet; 2]) {
    let changes = sets.map(|set| {
        let change = Change::builder().action(ChangeAction::Create).resource_record_set(set);
        change.build().expect("complete")
    });
    let batch = ChangeBatch::builder().set_changes(Some(changes.to_vec())).build().expect("complete");
    client(account)
        .change_resource_record_sets()
        .hosted_zone_id(zone)
        .change_batch(batch)
        .send()
        .await
        .or_fail("record sets");
}
