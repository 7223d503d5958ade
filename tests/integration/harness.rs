//! Tests of the harness itself: if it lies, every other test does.

use crate::support::block_on;
use crate::support::cloud::{Cloud, routing};
use crate::support::gateway::{Gateway, account, rds, s3, sts};
use crate::support::server::{Kind, Server, ministack, moto};

const TOKYO: &str = "ap-northeast-1";

#[test]
fn a_server_ends_when_its_pipe_closes() {
    let server = Server::start(Kind::Ministack);
    let address = server.address();
    assert!(std::net::TcpStream::connect(address).is_ok());
    assert_eq!(server.close_pipe().code(), Some(0));
    assert!(std::net::TcpStream::connect(address).is_err(), "nothing listens any more");
}

#[test]
fn what_is_created_is_listed_and_logged() {
    let gateway = Gateway::to(moto());
    let owner = moto().account().through(&gateway);
    let client = aws_sdk_rds::Client::new(&owner.sdk_config(TOKYO));
    block_on(
        client
            .create_db_instance()
            .db_instance_identifier("orders")
            .db_instance_class("db.r6g.large")
            .engine("postgres")
            .allocated_storage(20)
            .master_username("app")
            .master_user_password("not-a-secret")
            .send(),
    )
    .unwrap();
    gateway.clear_log();
    let listed = block_on(client.describe_db_instances().send()).unwrap();
    let arns: Vec<_> = listed.db_instances().iter().filter_map(|db| db.db_instance_arn()).collect();
    assert_eq!(arns, [owner.arn("rds", TOKYO, "db:orders")]);
    let log = gateway.log();
    let [request] = log.as_slice() else { panic!("one request, not {log:?}") };
    assert_eq!(
        (request.service.as_str(), request.region.as_str(), request.operation.as_str()),
        ("rds", TOKYO, "DescribeDBInstances")
    );
    assert_eq!(request.access_key, owner.credentials.access_key_id());
}

#[test]
fn accounts_are_isolated() {
    let (one, other) = (ministack().account(), ministack().account());
    let client = |account: &crate::support::account::Account| {
        aws_sdk_s3::Client::new(&account.sdk_config("us-east-1"))
    };
    block_on(client(&one).create_bucket().bucket(one.bucket("orders")).send()).unwrap();
    let names = |client: aws_sdk_s3::Client| -> Vec<String> {
        let listed = block_on(client.list_buckets().send()).unwrap();
        listed.buckets().iter().filter_map(|bucket| bucket.name().map(str::to_owned)).collect()
    };
    assert_eq!(names(client(&one)), [one.bucket("orders")]);
    assert_eq!(names(client(&other)), [""; 0]);
}

#[test]
fn a_rule_denies_one_operation_only() {
    let gateway = Gateway::to(moto());
    gateway.on(rds("DescribeDBSnapshots")).deny();
    let owner = moto().account().through(&gateway);
    let client = aws_sdk_rds::Client::new(&owner.sdk_config(TOKYO));
    let denied = block_on(client.describe_db_snapshots().send()).unwrap_err();
    assert_eq!(denied.raw_response().map(|raw| raw.status().as_u16()), Some(403));
    assert_eq!(denied.into_service_error().meta().code(), Some("AccessDenied"));
    assert!(block_on(client.describe_db_cluster_snapshots().send()).is_ok());
    assert_eq!(gateway.count(rds("DescribeDBSnapshots")), 1);
    assert_eq!(gateway.count(rds("DescribeDBClusterSnapshots")), 1);
}

#[test]
fn both_servers_see_one_account() {
    let cloud = Cloud::new();
    let config = cloud.account.sdk_config(TOKYO);
    let identity = block_on(aws_sdk_sts::Client::new(&config).get_caller_identity().send()).unwrap();
    assert_eq!(identity.account(), Some(cloud.account.id.as_str()));

    let bucket = cloud.account.bucket("orders");
    let s3_client = aws_sdk_s3::Client::new(&cloud.account.sdk_config("us-east-1"));
    block_on(s3_client.create_bucket().bucket(&bucket).send()).unwrap();
    let direct =
        aws_sdk_s3::Client::new(&ministack().account_with_id(&cloud.account.id).sdk_config("us-east-1"));
    let listed = block_on(direct.list_buckets().send()).unwrap();
    let names: Vec<_> = listed.buckets().iter().filter_map(|bucket| bucket.name()).collect();
    assert_eq!(names, [bucket.as_str()]);

    assert_eq!(cloud.gateway.count(sts("GetCallerIdentity")), 1);
    assert_eq!(cloud.gateway.count(s3("CreateBucket").bucket(&bucket)), 1);
}

#[test]
fn enabled_regions_come_from_the_account_service() {
    let gateway = routing();
    let owner = moto().account().through(&gateway);
    let client = aws_sdk_account::Client::new(&owner.sdk_config("us-east-1"));
    let listed = block_on(client.list_regions().send()).unwrap();
    assert!(listed.regions().iter().any(|region| region.region_name() == Some(TOKYO)));
    assert_eq!(gateway.count(account("ListRegions")), 1);
}
