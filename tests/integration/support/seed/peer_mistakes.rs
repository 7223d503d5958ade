//! `peer_mistakes`: one case for each thing that scanners of single settings are known to get wrong. Names say what a
//! case is; the right verdicts are in `peer_mistakes.rs` of the tests, which were written before the policies saw the
//! account.

mod backups;

use aws_sdk_elasticloadbalancingv2::types::ProtocolEnum;
use aws_sdk_s3::types::{
    Destination, ReplicationConfiguration, ReplicationRule, ReplicationRuleFilter, ReplicationRuleStatus,
};

use super::OrFail as _;
use super::compute::{self, Check, Group};
use super::network::{Exits, network};
use super::{Replication, SINGAPORE, TOKYO, Tags};
use super::{bucket, rds, rds_tags, replicate, s3, table, version};
use crate::support::account::Account;

const TAGS: Tags<'static> = &[("env", "prod"), ("hadr:tier", "mission-critical")];

/// Fills the account. `partner` is another account, which is not scanned.
pub(crate) async fn seed(account: &Account, partner: &Account) {
    clusters(account).await;
    replica(account).await;
    buckets(account, partner).await;
    table(account, TOKYO, "on-demand", TAGS).await;
    compute(account).await;
    backups::seed(account, partner).await;
}

/// Aurora has its standby in another member, not in a setting of one; the setting is off on every member of every
/// cluster. Neptune comes through the same calls and has other rules.
async fn clusters(account: &Account) {
    let client = rds(account, TOKYO);
    for (name, engine, zones) in [
        ("two-members", "aurora-postgresql", ["a", "c"].as_slice()),
        ("one-member", "aurora-postgresql", &["a"]),
        ("graph", "neptune", &["a", "c"]),
    ] {
        client
            .create_db_cluster()
            .db_cluster_identifier(name)
            .engine(engine)
            .master_username("app")
            .master_user_password("not-a-secret")
            .backup_retention_period(35)
            .deletion_protection(true)
            .set_tags(rds_tags(TAGS))
            .send()
            .await
            .or_fail(name);
        for (number, zone) in zones.iter().enumerate() {
            client
                .create_db_instance()
                .db_instance_identifier(format!("{name}-{}", number + 1))
                .db_cluster_identifier(name)
                .engine(engine)
                .db_instance_class("db.r6g.large")
                .availability_zone(format!("{TOKYO}{zone}"))
                .set_tags(rds_tags(TAGS))
                .send()
                .await
                .or_fail(name);
        }
    }
}

/// A replica that serves reads has neither a standby nor backups of its own, and needs neither.
async fn replica(account: &Account) {
    let client = rds(account, TOKYO);
    client
        .create_db_instance()
        .db_instance_identifier("orders")
        .engine("postgres")
        .engine_version("16.4")
        .db_instance_class("db.r6g.large")
        .allocated_storage(100)
        .master_username("app")
        .master_user_password("not-a-secret")
        .availability_zone(format!("{TOKYO}a"))
        .multi_az(true)
        .backup_retention_period(35)
        .deletion_protection(true)
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail("orders");
    client
        .create_db_instance_read_replica()
        .db_instance_identifier("orders-reads")
        .source_db_instance_identifier("orders")
        .availability_zone(format!("{TOKYO}c"))
        .multi_az(false)
        .set_tags(rds_tags(TAGS))
        .send()
        .await
        .or_fail("orders-reads");
    client
        .modify_db_instance()
        .db_instance_identifier("orders-reads")
        .backup_retention_period(0)
        .apply_immediately(true)
        .send()
        .await
        .or_fail("orders-reads");
}

/// Replication that stays in the Region, that is off, that takes a part, and that goes to another account, which is
/// the layout to wish for.
async fn buckets(account: &Account, partner: &Account) {
    let near = bucket(account, TOKYO, "near", false, TAGS).await;
    let far = bucket(account, SINGAPORE, "far", false, TAGS).await;
    let vault = bucket(partner, SINGAPORE, "vault", false, &[]).await;
    for (owner, region, name) in
        [(account, TOKYO, &near), (account, SINGAPORE, &far), (partner, SINGAPORE, &vault)]
    {
        version(owner, region, name).await;
    }
    for name in ["same-region", "switched-off", "only-a-prefix", "to-a-partner"] {
        let source = bucket(account, TOKYO, name, false, TAGS).await;
        version(account, TOKYO, &source).await;
        let whole = Replication { timed: true, delete_markers: false };
        match name {
            "same-region" => replicate(account, TOKYO, &source, &near, whole).await,
            "to-a-partner" => replicate(account, TOKYO, &source, &vault, whole).await,
            "switched-off" => rule(account, &source, &far, ReplicationRuleStatus::Disabled, "").await,
            _ => rule(account, &source, &far, ReplicationRuleStatus::Enabled, "reports/").await,
        }
    }
}

async fn rule(account: &Account, from: &str, to: &str, status: ReplicationRuleStatus, prefix: &str) {
    let destination = Destination::builder().bucket(format!("arn:aws:s3:::{to}")).build();
    let rule = ReplicationRule::builder()
        .id("rule")
        .status(status)
        .priority(1)
        .filter(ReplicationRuleFilter::builder().prefix(prefix).build())
        .destination(destination.expect("complete"))
        .build();
    let configuration = ReplicationConfiguration::builder()
        .role(format!("arn:aws:iam::{}:role/S3ReplicationRole", account.id))
        .rules(rule.expect("complete"))
        .build();
    s3(account, TOKYO)
        .put_bucket_replication()
        .bucket(from)
        .replication_configuration(configuration.expect("complete"))
        .send()
        .await
        .or_fail(&format!("replication of {from}"));
}

/// Two NAT gateways that are in one zone, a group that no load balancer asks for the health of its instances, a volume
/// that nothing saves, and one that a lifecycle policy is about to save.
async fn compute(account: &Account) {
    let network = network(account, TOKYO, &["a", "c"], Exits::Crowded).await;
    let image = compute::image(account, TOKYO, "worker").await;
    let balancer = compute::load_balancer(account, TOKYO, "front", &network.public, true, TAGS).await;
    let check = Check { protocol: ProtocolEnum::Http, interval: 10, failures: 2 };
    let targets = compute::target_group(account, &network, "front", &balancer, check, TAGS).await;
    for (name, target_group) in [("behind-a-balancer", Some(targets.as_str())), ("workers", None)] {
        let group = Group {
            name,
            template: name,
            version: Some("$Default"),
            instance_types: &[],
            image: &image,
            subnets: &network.private,
            sizes: [2, 8, 4],
            health_check: "EC2",
            target_group,
            tags: TAGS,
        };
        let instances = compute::group(account, TOKYO, group).await;
        if target_group.is_none() {
            compute::volume(account, TOKYO, "a", &instances[0], None, TAGS).await;
            compute::volume(account, TOKYO, "a", &instances[0], None, backups::OF_VOLUME).await;
        }
    }
}
