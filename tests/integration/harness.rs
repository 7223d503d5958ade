//! Tests of the harness itself: if it lies, every other test does.

use std::fmt::Debug;
use std::time::{Duration, Instant};

use aws_sdk_rds::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::support::account::Account;
use crate::support::block_on;
use crate::support::cloud::{Cloud, routing};
use crate::support::gateway::{Gateway, Reply, account, anything, rds, s3, service, sts};
use crate::support::seed::{self, SINGAPORE, TOKYO};
use crate::support::server::{Kind, Server, ministack, ministack_with_auth, moto};
use crate::support::tools::tools;

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
    let client = |account: &Account| aws_sdk_s3::Client::new(&account.sdk_config("us-east-1"));
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

#[test]
fn the_resilient_seed_recovers_in_the_other_region() {
    let cloud = Cloud::new();
    block_on(seed::resilient::seed(&cloud.account));
    let databases = |region| {
        let client = aws_sdk_rds::Client::new(&cloud.account.sdk_config(region));
        block_on(client.describe_db_instances().send()).unwrap().db_instances.unwrap()
    };
    let named = |region, name: &str| {
        databases(region).into_iter().find(|db| db.db_instance_identifier() == Some(name)).unwrap()
    };
    let (orders, replica) = (named(TOKYO, "orders"), named(SINGAPORE, "orders-dr"));
    let replica_arn = cloud.account.arn("rds", SINGAPORE, "db:orders-dr");
    assert_eq!(orders.read_replica_db_instance_identifiers(), [replica_arn]);
    assert_eq!(
        replica.read_replica_source_db_instance_identifier(),
        Some(cloud.account.arn("rds", TOKYO, "db:orders").as_str())
    );
    for (database, zone, standby) in
        [(&orders, "ap-northeast-1a", "ap-northeast-1c"), (&replica, "ap-southeast-1a", "ap-southeast-1c")]
    {
        assert_eq!(database.multi_az(), Some(true));
        assert_eq!(database.availability_zone(), Some(zone));
        assert_eq!(database.secondary_availability_zone(), Some(standby));
        assert_eq!(database.backup_retention_period(), Some(35));
        assert_eq!(database.deletion_protection(), Some(true));
        assert_eq!(database.storage_encrypted(), Some(true));
        assert_eq!(database.db_subnet_group().unwrap().subnets().len(), 3);
    }
    assert_ne!(orders.dbi_resource_id(), replica.dbi_resource_id());
    assert!(replica.kms_key_id().unwrap().contains(SINGAPORE), "{:?}", replica.kms_key_id());
    for region in [TOKYO, SINGAPORE] {
        let members = databases(region).into_iter().filter(|db| db.db_cluster_identifier().is_some());
        let mut zones: Vec<_> = members.map(|db| db.availability_zone.unwrap()).collect();
        zones.dedup();
        assert_eq!(zones.len(), 2, "{region}: {zones:?}");
    }

    let singapore = aws_sdk_rds::Client::new(&cloud.account.sdk_config(SINGAPORE));
    let listed = block_on(singapore.describe_db_snapshots().send()).unwrap();
    let names: Vec<_> = listed.db_snapshots().iter().filter_map(|s| s.db_snapshot_identifier()).collect();
    assert_eq!(names, ["orders-monthly-dr", "orders-dr-monthly"]);
    let copy = &listed.db_snapshots()[0];
    assert_eq!(copy.source_region(), Some(TOKYO));
    assert_eq!(
        copy.source_db_snapshot_identifier(),
        Some(cloud.account.arn("rds", TOKYO, "snapshot:orders-monthly").as_str())
    );
    let listed = block_on(singapore.describe_db_cluster_snapshots().send()).unwrap();
    let copy = listed.db_cluster_snapshots().iter().find(|s| s.source_db_cluster_snapshot_arn().is_some());
    assert_eq!(copy.unwrap().db_cluster_snapshot_identifier(), Some("ledger-monthly-dr"));
    let global = block_on(singapore.describe_global_clusters().send()).unwrap();
    let members = global.global_clusters()[0].global_cluster_members();
    let writers: Vec<_> = members.iter().map(|m| (m.db_cluster_arn().unwrap(), m.is_writer())).collect();
    let (ledger, ledger_dr) = (
        cloud.account.arn("rds", TOKYO, "cluster:ledger"),
        cloud.account.arn("rds", SINGAPORE, "cluster:ledger-dr"),
    );
    assert_eq!(writers, [(ledger.as_str(), Some(true)), (ledger_dr.as_str(), Some(false))]);
    let backups = block_on(singapore.describe_db_instance_automated_backups().send()).unwrap();
    let backed_up: Vec<_> = backups
        .db_instance_automated_backups()
        .iter()
        .map(|b| (b.db_instance_identifier().unwrap(), b.backup_retention_period(), b.region().unwrap()))
        .collect();
    assert_eq!(backed_up, [("orders-dr", Some(35), SINGAPORE)]);

    // S3 comes from the other server, with what moto drops.
    let s3_client = aws_sdk_s3::Client::new(&cloud.account.sdk_config(TOKYO));
    let bucket = cloud.account.bucket("orders");
    let replication = block_on(s3_client.get_bucket_replication().bucket(&bucket).send()).unwrap();
    let rule = &replication.replication_configuration().unwrap().rules()[0];
    let destination = rule.destination().unwrap();
    assert_eq!(destination.bucket(), format!("arn:aws:s3:::{}", cloud.account.bucket("orders-dr")));
    assert_eq!(destination.replication_time().unwrap().time().unwrap().minutes(), Some(15));
    assert_eq!(rule.delete_marker_replication().unwrap().status().unwrap().as_str(), "Disabled");
    let listed = block_on(s3_client.list_buckets().max_buckets(10_000).send()).unwrap();
    let places: Vec<_> = listed.buckets().iter().filter_map(|b| b.bucket_region()).collect();
    assert_eq!(places.iter().filter(|region| **region == SINGAPORE).count(), 2, "{places:?}");

    // Tags come from both.
    let tags = aws_sdk_resourcegroupstagging::Client::new(&cloud.account.sdk_config(TOKYO));
    let listed = block_on(tags.get_resources().send()).unwrap();
    let arns: Vec<_> = listed.resource_tag_mapping_list().iter().filter_map(|m| m.resource_arn()).collect();
    assert!(arns.contains(&cloud.account.arn("rds", TOKYO, "db:orders").as_str()), "{arns:?}");
    assert!(arns.contains(&format!("arn:aws:s3:::{bucket}").as_str()), "{arns:?}");
}

#[test]
fn the_single_region_seed_has_the_classic_failures() {
    let cloud = Cloud::new();
    block_on(seed::single_region::seed(&cloud.account));
    let client = aws_sdk_rds::Client::new(&cloud.account.sdk_config(TOKYO));
    let listed = block_on(client.describe_db_instances().send()).unwrap();
    let facts: Vec<_> = listed
        .db_instances()
        .iter()
        .filter(|db| db.db_cluster_identifier().is_none())
        .map(|db| {
            let restorable = db.latest_restorable_time().is_some();
            (db.db_instance_identifier().unwrap(), db.multi_az(), db.backup_retention_period(), restorable)
        })
        .collect();
    assert_eq!(facts, [("orders", Some(false), Some(1), true), ("reports", Some(false), Some(0), false)]);
    let backups = block_on(client.describe_db_instance_automated_backups().send()).unwrap();
    let names: Vec<_> =
        backups.db_instance_automated_backups().iter().filter_map(|b| b.db_instance_identifier()).collect();
    assert_eq!(names, ["orders"], "retention 0 means no backups");
    let clusters = block_on(client.describe_db_clusters().send()).unwrap();
    let members: Vec<_> =
        clusters.db_clusters().iter().map(|c| (c.engine().unwrap(), c.db_cluster_members().len())).collect();
    assert_eq!(members, [("aurora-mysql", 1), ("neptune", 1)]);
    let s3_client = aws_sdk_s3::Client::new(&cloud.account.sdk_config(TOKYO));
    let versioning = |name| {
        let bucket = cloud.account.bucket(name);
        block_on(s3_client.get_bucket_versioning().bucket(bucket).send()).unwrap().status
    };
    assert_eq!(versioning("uploads"), None);
    assert_eq!(versioning("assets").unwrap().as_str(), "Enabled");
}

#[test]
fn the_seed_architecture_has_its_defects() {
    let cloud = Cloud::new();
    block_on(seed::seed_architecture::seed(&cloud.account));
    let singapore = aws_sdk_rds::Client::new(&cloud.account.sdk_config(SINGAPORE));
    let listed = block_on(singapore.describe_db_instances().send()).unwrap();
    let [replica] = listed.db_instances() else { panic!("one instance, not {listed:?}") };
    assert_eq!(replica.db_instance_identifier(), Some("production-db-replica-singapore"));
    assert_eq!((replica.multi_az(), replica.backup_retention_period()), (Some(false), Some(0)));
    let clusters = block_on(singapore.describe_db_clusters().send()).unwrap();
    assert_eq!(clusters.db_clusters()[0].db_cluster_members().len(), 0, "headless");
    let snapshots = block_on(singapore.describe_db_snapshots().send()).unwrap();
    let names: Vec<_> = snapshots.db_snapshots().iter().filter_map(|s| s.db_snapshot_identifier()).collect();
    assert_eq!(names, ["production-db-monthly-202501-singapore"]);
    let tokyo = aws_sdk_rds::Client::new(&cloud.account.sdk_config(TOKYO));
    let listed = block_on(tokyo.describe_db_instances().send()).unwrap();
    let [database] = listed.db_instances() else { panic!("one instance, not {listed:?}") };
    assert_eq!((database.multi_az(), database.backup_retention_period()), (Some(true), Some(35)));
    assert_eq!(database.storage_encrypted(), Some(false));
    let s3_client = aws_sdk_s3::Client::new(&cloud.account.sdk_config(TOKYO));
    let bucket = cloud.account.bucket("my-bucket-primary");
    let replication = block_on(s3_client.get_bucket_replication().bucket(&bucket).send()).unwrap();
    let rule = &replication.replication_configuration().unwrap().rules()[0];
    assert_eq!(rule.delete_marker_replication().unwrap().status().unwrap().as_str(), "Enabled");
}

#[test]
fn errors_are_spelled_as_each_protocol_does() {
    let gateway = Gateway::alone();
    gateway.on(anything().region("us-west-2")).deny();
    gateway.on(anything().region("us-west-1")).throttle();
    gateway.on(anything().region("us-east-2")).expired_token();
    let owner = Account::root("111122223333", &gateway.endpoint());
    let codes = |region| -> [(u16, String); 4] {
        let config = owner.sdk_config(region);
        [
            failure(block_on(aws_sdk_rds::Client::new(&config).describe_db_instances().send())),
            failure(block_on(aws_sdk_s3::Client::new(&config).get_bucket_versioning().bucket("b").send())),
            failure(block_on(aws_sdk_resourcegroupstagging::Client::new(&config).get_resources().send())),
            failure(block_on(aws_sdk_account::Client::new(&config).list_regions().send())),
        ]
    };
    let expected = |codes: [(u16, &str); 4]| codes.map(|(status, code)| (status, code.to_owned()));
    let denied = "AccessDeniedException";
    assert_eq!(
        codes("us-west-2"),
        expected([(403, "AccessDenied"), (403, "AccessDenied"), (400, denied), (403, denied)])
    );
    assert_eq!(
        codes("us-west-1"),
        expected([
            (400, "Throttling"),
            (503, "SlowDown"),
            (400, "ThrottlingException"),
            (429, "TooManyRequestsException")
        ])
    );
    let expired = "ExpiredTokenException";
    assert_eq!(
        codes("us-east-2"),
        expected([(403, "ExpiredToken"), (400, "ExpiredToken"), (400, expired), (403, expired)])
    );
    // What no rule answers is a page, as of a server that does not know the service.
    assert_eq!(codes("eu-west-1").map(|(status, _)| status), [404; 4]);
    assert_eq!(gateway.count(s3("GetBucketVersioning").bucket("b").region("us-west-1")), 1);
}

#[test]
fn a_rule_for_a_number_of_times_gives_way_to_the_next() {
    let gateway = Gateway::stub(|_| Reply::xml(EMPTY_INSTANCES));
    gateway.on(rds("DescribeDBInstances")).times(1).hang_up();
    gateway.on(rds("DescribeDBInstances")).times(2).reply(Reply::html(500));
    let owner = Account::root("111122223333", &gateway.endpoint());
    let client = aws_sdk_rds::Client::new(&owner.sdk_config(TOKYO));
    let ask = || block_on(client.describe_db_instances().send());
    assert!(ask().unwrap_err().raw_response().is_none(), "no answer at all");
    assert_eq!(failure(ask()).0, 500);
    assert_eq!(failure(ask()).0, 500);
    assert_eq!(ask().unwrap().db_instances().len(), 0);
    assert_eq!(gateway.count(rds("DescribeDBInstances")), 4);
}

#[test]
fn latency_delays_without_queueing() {
    let latency = Duration::from_millis(300);
    let gateway = Gateway::stub(|_| Reply::xml(EMPTY_INSTANCES));
    gateway.on(service("rds")).latency(latency);
    let owner = Account::root("111122223333", &gateway.endpoint());
    let client = aws_sdk_rds::Client::new(&owner.sdk_config(TOKYO));
    let ask = || client.describe_db_instances().send();
    let start = Instant::now();
    block_on(async { tokio::try_join!(ask(), ask(), ask()) }).unwrap();
    assert!(start.elapsed() >= latency);
    assert_eq!(gateway.peak("rds", TOKYO), 3, "all of them waited at the same time");
    gateway.clear_log();
    assert_eq!(gateway.peak("rds", TOKYO), 0);
}

#[test]
fn a_role_assumed_through_the_gateway_is_the_same_account_on_both_servers() {
    let cloud = Cloud::new();
    let other = Account::fresh_id();
    let assumed = block_on(Account::by_assumed_role(&other, &cloud.gateway.endpoint()));
    let s3_client = aws_sdk_s3::Client::new(&assumed.sdk_config("us-east-1"));
    block_on(s3_client.create_bucket().bucket(assumed.bucket("orders")).send()).unwrap();
    let direct = aws_sdk_s3::Client::new(&ministack().account_with_id(&other).sdk_config("us-east-1"));
    assert_eq!(block_on(direct.list_buckets().send()).unwrap().buckets().len(), 1);
}

#[test]
fn the_server_with_auth_knows_who_may_do_what() {
    let root = ministack_with_auth().account();
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*" }],
    });
    let mut user = block_on(root.user("reader", &policy.to_string()));
    let list = |user: &Account| {
        block_on(aws_sdk_s3::Client::new(&user.sdk_config("us-east-1")).list_buckets().send())
    };
    assert_eq!(list(&user).unwrap().buckets().len(), 0);
    let databases = aws_sdk_rds::Client::new(&user.sdk_config(TOKYO));
    let denied = failure(block_on(databases.describe_db_instances().send()));
    assert_eq!(denied, (403, "AccessDenied".into()));

    let key = user.credentials.access_key_id().to_owned();
    user.credentials = aws_credential_types::Credentials::new(key, "wrong", None, None, "test");
    assert_eq!(failure(list(&user)), (403, "SignatureDoesNotMatch".into()));
}

#[test]
fn a_child_process_gets_the_account_from_its_environment() {
    let cloud = Cloud::new();
    let output = std::process::Command::new(tools().aws())
        .args(["sts", "get-caller-identity", "--query", "Account", "--output", "text"])
        .args(["--region", TOKYO])
        .env_clear()
        .envs(cloud.account.env())
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    assert_eq!(said(&output.stdout), cloud.account.id, "{}", said(&output.stderr));
    assert_eq!(cloud.gateway.count(sts("GetCallerIdentity").region(TOKYO)), 1);
}

const EMPTY_INSTANCES: &str = "<DescribeDBInstancesResponse><DescribeDBInstancesResult><DBInstances/>\
     </DescribeDBInstancesResult></DescribeDBInstancesResponse>";

/// Status and code of a call that has to fail.
fn failure<T: Debug, E>(result: Result<T, SdkError<E, HttpResponse>>) -> (u16, String)
where
    E: ProvideErrorMetadata + Debug,
{
    let error = result.unwrap_err();
    let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
    (status, error.code().unwrap_or("").to_owned())
}
