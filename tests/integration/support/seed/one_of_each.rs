//! `one_of_each`: something of every type that a call is made about, as far as ministack has it.

use aws_sdk_elasticloadbalancingv2::types::ProtocolEnum;
use aws_sdk_rds::types::Tag;

use super::compute::{self, Check};
use super::network::default_network;
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
    let network = default_network(account, TOKYO, &["a"]).await;
    let balancer = compute::load_balancer(account, TOKYO, "orders", &network.public, false, &[]).await;
    let check = Check { protocol: ProtocolEnum::Http, interval: 30, failures: 2 };
    compute::target_group(account, &network, "orders", &balancer, check, &[]).await;
}
