//! `one_of_each`: something of every type that a call is made about, as far as ministack has it.

use aws_sdk_elasticloadbalancingv2::types::ProtocolEnum;
use aws_sdk_rds::types::Tag;

use super::backup::{self, Plan};
use super::compute::{self, Check, Group};
use super::keys::{self, Watched};
use super::network::{Exits, client, endpoint, network};
use super::{OrFail as _, TOKYO, bucket, dns, rds, table};
use crate::support::account::Account;

/// Fills the account.
pub(crate) async fn seed(account: &Account) {
    rds(account, TOKYO)
        .create_db_instance()
        .db_instance_identifier("orders")
        .engine("postgres")
        .db_instance_class("db.r6g.large")
        .allocated_storage(100)
        .master_username("app")
        .master_user_password("not-a-secret")
        .tags(Tag::builder().key("env").value("prod").build())
        .send()
        .await
        .or_fail("orders");
    bucket(account, TOKYO, "orders", false, &[]).await;
    table(account, TOKYO, "orders", &[]).await;
    let zone = dns::zone(account, "orders.example").await;
    dns::weighted(account, &zone, "www.orders.example", 60, ["192.0.2.1", "192.0.2.2"]).await;
    let network = network(account, TOKYO, &["a", "c"], Exits::Single).await;
    endpoint(account, &network, &network.private[..1]).await;
    let balancer = compute::load_balancer(account, TOKYO, "orders", &network.public, false, &[]).await;
    let check = Check { protocol: ProtocolEnum::Http, interval: 30, failures: 2 };
    let targets = compute::target_group(account, &network, "orders", &balancer, check, &[]).await;
    // An image of the account's own stays pending on ministack.
    let images = client(account, TOKYO).describe_images().owners("amazon").send().await.or_fail("images");
    let image = images.images().first().and_then(|image| image.image_id()).expect("Amazon has images");
    let group = Group {
        name: "orders",
        template: "orders",
        version: None,
        instance_types: &[],
        image,
        subnets: &network.private,
        // ministack attaches no instances.
        sizes: [0, 4, 0],
        health_check: "EC2",
        target_group: Some(&targets),
        tags: &[],
    };
    compute::group(account, TOKYO, group).await;
    let instance = compute::instance(account, TOKYO, image, &network.private[0], &[]).await;
    compute::register(account, TOKYO, &targets, &instance).await;
    let volume = compute::volume(account, TOKYO, "a", &instance, None, &[]).await;
    compute::snapshot(account, TOKYO, &volume).await;
    let key = keys::key(account, TOKYO, "alias/orders").await;
    backup::vault(account, TOKYO, "orders", &key).await;
    // Nobody asks for the backups in a vault that is empty.
    backup::back_up(account, TOKYO, ("orders", &account.arn("dynamodb", TOKYO, "table/orders")), 0, 35).await;
    let plan =
        Plan { name: "orders", vault: "orders", schedule: "cron(0 5 ? * * *)", days: 35, copy_to: None };
    let plan = backup::plan(account, TOKYO, plan).await;
    backup::select(account, TOKYO, &plan, backup::by_tags(account, "orders", &[("env", "prod")])).await;
    let lag = Watched {
        namespace: "AWS/RDS",
        metric: "ReplicaLag",
        dimensions: &[("DBInstanceIdentifier", "orders")],
        below: false,
    };
    keys::alarm(account, TOKYO, "orders", lag).await;
}
