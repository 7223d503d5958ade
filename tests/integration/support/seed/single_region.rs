//! `single_region`: the classic failures. Everything is in Tokyo, most of it in one zone, with the defaults
//! that a console leaves behind.

use aws_sdk_elasticloadbalancingv2::types::ProtocolEnum;
use aws_sdk_route53::types::ResourceRecordSetFailover;

use super::OrFail as _;
use super::compute::{self, Check, Group};
use super::dns::{self, Failover, TOKYO_BALANCERS};
use super::network::{Exits, endpoint, network};
use super::{Replication, TOKYO, Tags, backup, keys};
use super::{bucket, expire_noncurrent, rds, rds_tags, replicate, subnet_group, table, version};
use crate::support::account::Account;

/// Fills the account.
pub(crate) async fn seed(account: &Account) {
    databases(account).await;
    clusters(account).await;
    buckets(account).await;
    table(account, TOKYO, "carts", &[("env", "prod")]).await;
    shop(account).await;
    names(account).await;
}

async fn databases(account: &Account) {
    subnet_group(account, TOKYO, "one-zone", &["a"]).await;
    let client = rds(account, TOKYO);
    for (name, engine, version, retention) in
        [("orders", "postgres", "16.4", 1), ("reports", "mysql", "8.0.39", 0)]
    {
        client
            .create_db_instance()
            .db_instance_identifier(name)
            .engine(engine)
            .engine_version(version)
            .db_instance_class("db.t3.medium")
            .allocated_storage(100)
            .master_username("app")
            .master_user_password("not-a-secret")
            .db_subnet_group_name("one-zone")
            .availability_zone(format!("{TOKYO}a"))
            .multi_az(false)
            .backup_retention_period(retention)
            .deletion_protection(false)
            .set_tags(rds_tags(&[("env", "prod")]))
            .send()
            .await
            .or_fail(&format!("instance {name}"));
    }
}

/// Clusters of one member: the standby that Aurora and Neptune would fail over to is not there.
async fn clusters(account: &Account) {
    let client = rds(account, TOKYO);
    for (name, engine) in [("catalog", "aurora-mysql"), ("graph", "neptune")] {
        client
            .create_db_cluster()
            .db_cluster_identifier(name)
            .engine(engine)
            .master_username("app")
            .master_user_password("not-a-secret")
            .backup_retention_period(1)
            .deletion_protection(false)
            .send()
            .await
            .or_fail(&format!("cluster {name}"));
        client
            .create_db_instance()
            .db_instance_identifier(format!("{name}-1"))
            .db_cluster_identifier(name)
            .engine(engine)
            .db_instance_class("db.r6g.large")
            .availability_zone(format!("{TOKYO}a"))
            .send()
            .await
            .or_fail(&format!("member of {name}"));
    }
}

async fn buckets(account: &Account) {
    bucket(account, TOKYO, "uploads", false, &[]).await;

    // Replicated within the Region: a second bucket, but the same disaster.
    let assets = bucket(account, TOKYO, "assets", false, &[]).await;
    let copy = bucket(account, TOKYO, "assets-copy", false, &[]).await;
    version(account, TOKYO, &assets).await;
    version(account, TOKYO, &copy).await;
    replicate(account, TOKYO, &assets, &copy, Replication { timed: false, delete_markers: true }).await;
    expire_noncurrent(account, TOKYO, &assets, 1).await;

    // The backups can be deleted by whoever deletes the data.
    bucket(account, TOKYO, "backups", false, &[("hadr:role", "backup")]).await;
}

/// A load balancer in two zones with a group in one of them, which nothing replaces when the shop does not answer, and
/// one instance that nobody could start again.
async fn shop(account: &Account) {
    let tags: Tags<'_> = &[("env", "prod"), ("hadr:workload", "shop")];
    let network = network(account, TOKYO, &["a", "c"], Exits::Single).await;
    endpoint(account, &network, &network.private[..1]).await;
    let image = compute::image(account, TOKYO, "shop").await;
    let check = || Check { protocol: ProtocolEnum::Tcp, interval: 30, failures: 10 };
    let balancer = compute::load_balancer(account, TOKYO, "shop", &network.public, false, tags).await;
    let targets = compute::target_group(account, &network, "shop", &balancer, check(), tags).await;
    let group = Group {
        name: "shop",
        template: "shop",
        version: Some("$Latest"),
        instance_types: &[],
        image: &image,
        subnets: &network.private[..1],
        sizes: [1, 4, 1],
        health_check: "EC2",
        target_group: Some(&targets),
        tags,
    };
    compute::group(account, TOKYO, group).await;

    let balancer = compute::load_balancer(account, TOKYO, "legacy", &network.public, false, tags).await;
    let targets = compute::target_group(account, &network, "legacy", &balancer, check(), tags).await;
    let instance = compute::instance(account, TOKYO, &image, &network.private[1], tags).await;
    compute::register(account, TOKYO, &targets, &instance).await;
    // The volume can be read for as long as the key is there, which is a week.
    let key = keys::key(account, TOKYO, "alias/legacy").await;
    compute::volume(account, TOKYO, "c", &instance, Some(&key), tags).await;
    keys::delete_key(account, TOKYO, &key).await;
    // Somebody made a vault once, and nothing that fills it.
    backup::vault(account, TOKYO, "shop", &keys::key(account, TOKYO, "alias/shop").await).await;
}

/// Both halves of a failover are in the Region, nobody looks at either, and what shares a name is kept for an hour.
async fn names(account: &Account) {
    let zone = dns::zone(account, "shop.example").await;
    let sets = [
        (ResourceRecordSetFailover::Primary, "shop-1.ap-northeast-1.elb.amazonaws.com"),
        (ResourceRecordSetFailover::Secondary, "shop-2.ap-northeast-1.elb.amazonaws.com"),
    ];
    let sets = sets.map(|(role, balancer)| Failover {
        role,
        health_check: None,
        balancer,
        balancer_zone: TOKYO_BALANCERS,
        evaluate_target_health: false,
    });
    dns::failover(account, &zone, "www.shop.example", sets).await;
    dns::weighted(account, &zone, "api.shop.example", 3600, ["192.0.2.1", "192.0.2.2"]).await;
}
