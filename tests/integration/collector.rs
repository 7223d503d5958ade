//! The collector on AWS servers: what it asks, what it makes of the answers, and what it makes of none.

use std::collections::BTreeMap;

use aws_sdk_applicationautoscaling::types::{ScalableDimension, ServiceNamespace};
use hadr_scan::snapshot::{
    Attributes, Call, Kind, Outcome, Resource, Snapshot, dynamodb as table, s3 as bucket,
};

use crate::support::block_on;
use crate::support::cloud::{Cloud, routing};
use crate::support::gateway::{Gateway, Reply, account, anything, dynamodb, rds, s3, service, sts, tagging};
use crate::support::program::Program;
use crate::support::seed::{SINGAPORE, TOKYO, resilient, single_region};
use crate::support::server::moto;

/// What became of a call.
#[track_caller]
fn call<'s>(snapshot: &'s Snapshot, operation: &str, region: &str) -> &'s Call {
    let found = snapshot.coverage.iter().find(|call| call.operation == operation && call.region == region);
    found.unwrap_or_else(|| panic!("{operation} in {region} is not in the coverage"))
}

fn outcome(snapshot: &Snapshot, operation: &str, region: &str) -> (Outcome, Option<String>) {
    let call = call(snapshot, operation, region);
    (call.outcome, call.code.clone())
}

#[track_caller]
fn resource<'s>(snapshot: &'s Snapshot, kind: Kind, name: &str) -> &'s Resource {
    let found = snapshot.resources.iter().find(|resource| resource.kind == kind && resource.name == name);
    found.unwrap_or_else(|| panic!("there is no {} {name}", kind.as_str()))
}

#[test]
fn an_account_becomes_a_snapshot() {
    let cloud = Cloud::new();
    block_on(resilient::seed(&cloud.account));
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]);

    assert_eq!(snapshot.scope.account, cloud.account.id);
    assert_eq!(snapshot.scope.regions, [TOKYO, SINGAPORE]);
    let orders = resource(&snapshot, Kind::DbInstance, "orders");
    assert_eq!(orders.arn, cloud.account.arn("rds", TOKYO, "db:orders"));
    let zones: Vec<&str> = orders.zones.iter().map(|zone| zone.name.as_str()).collect();
    assert_eq!(zones, ["ap-northeast-1a", "ap-northeast-1c"]);
    let tags = orders.tags.as_ref().unwrap();
    assert_eq!(tags.get("hadr:tier"), Some("mission-critical"));
    let Attributes::DbInstance(instance) = &orders.attributes else { panic!("an instance has its settings") };
    assert_eq!(instance.multi_az, Some(true));
    assert_eq!(instance.backup_retention_period, Some(35));
    assert_eq!(
        instance.read_replica_db_instance_arns,
        [cloud.account.arn("rds", SINGAPORE, "db:orders-dr")],
        "the replica is in the other Region"
    );

    let data = resource(&snapshot, Kind::Bucket, &cloud.account.bucket("orders"));
    assert_eq!(data.region, TOKYO);
    assert_eq!(data.tags.as_ref().unwrap().get("env"), Some("prod"));
    let Attributes::Bucket(settings) = &data.attributes else { panic!("a bucket has its settings") };
    assert_eq!(settings.versioning.as_ref().unwrap().status, bucket::VersioningStatus::Enabled);
    let rule = &settings.replication.as_ref().unwrap().rules[0];
    assert_eq!(rule.destination_bucket, Some(format!("arn:aws:s3:::{}", cloud.account.bucket("orders-dr"))));
    assert_eq!(rule.delete_marker_replication, Some(false));
    assert!(rule.covers_all_objects);

    let global = resource(&snapshot, Kind::GlobalCluster, "ledger");
    assert_eq!(global.region, "global", "it is listed in both Regions and is there once");
}

/// The replicas of a global table are tables of their own, each with its own settings and tags.
#[test]
fn a_global_table_is_a_table_in_each_region() {
    let cloud = Cloud::new();
    block_on(resilient::seed(&cloud.account));
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]);
    for (region, other) in [(TOKYO, SINGAPORE), (SINGAPORE, TOKYO)] {
        let arn = cloud.account.arn("dynamodb", region, "table/carts");
        let table = snapshot.resources.iter().find(|resource| resource.arn == arn).expect("it is there");
        assert_eq!((table.kind, table.region.as_str()), (Kind::Table, region));
        assert_eq!(table.gaps, []);
        assert_eq!(table.tags.as_ref().unwrap().get("env"), Some("prod"));
        let settings = table_settings(table);
        assert_eq!(settings.billing_mode.as_deref(), Some("PAY_PER_REQUEST"));
        assert_eq!(settings.deletion_protection_enabled, Some(true));
        assert_eq!(settings.global_table_version.as_deref(), Some("2019.11.21"));
        assert_eq!(settings.replicas[0].arn, cloud.account.arn("dynamodb", other, "table/carts"));
        assert_eq!(settings.replicas[0].replica_status.as_deref(), Some("ACTIVE"));
        let recovery = settings.point_in_time_recovery.as_ref().unwrap();
        assert_eq!((recovery.enabled, recovery.recovery_period_in_days), (Some(true), Some(35)));
    }
}

#[track_caller]
fn table_settings(resource: &Resource) -> &table::Table {
    match &resource.attributes {
        Attributes::Table(settings) => settings,
        other => panic!("{other:?}"),
    }
}

/// A failed call about a table is a gap of it; a table that was deleted meanwhile is not there.
#[test]
fn a_table_that_is_not_described_has_a_gap_and_one_that_is_gone_is_left_out() {
    let cloud = Cloud::new();
    block_on(resilient::seed(&cloud.account));
    let gateway = &cloud.gateway;
    let tokyo = |operation: &str| dynamodb(operation).region(TOKYO);
    gateway.on(tokyo("DescribeTable")).deny();
    gateway.on(dynamodb("DescribeTable").region(SINGAPORE)).error(400, "ResourceNotFoundException", "gone");
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]);

    let table = resource(&snapshot, Kind::Table, "carts");
    assert_eq!(table.region, TOKYO, "the one in Singapore is gone");
    let gaps: Vec<(&str, Outcome)> =
        table.gaps.iter().map(|gap| (gap.operation.as_str(), gap.outcome)).collect();
    assert_eq!(gaps, [("dynamodb:DescribeTable", Outcome::Denied)]);
    let settings = table_settings(table);
    assert_eq!((&settings.table_status, &settings.billing_mode), (&None, &None));
    assert_eq!(settings.point_in_time_recovery.as_ref().unwrap().enabled, Some(true));

    assert_eq!(outcome(&snapshot, "DescribeTable", TOKYO).0, Outcome::Denied);
    assert_eq!(outcome(&snapshot, "DescribeTable", SINGAPORE), (Outcome::Collected, None));
    assert_eq!(outcome(&snapshot, "DescribeContinuousBackups", TOKYO), (Outcome::Collected, None));
}

/// moto knows what ministack does not: what scales tables.
#[test]
fn every_page_of_tables_is_read_with_what_scales_them() {
    let account = moto().account();
    let gateway = Gateway::to(moto());
    block_on(async {
        let client = aws_sdk_dynamodb::Client::new(&account.sdk_config(TOKYO));
        for number in 0..101 {
            make_table(&client, &format!("carts-{number:03}")).await;
        }
        aws_sdk_applicationautoscaling::Client::new(&account.sdk_config(TOKYO))
            .register_scalable_target()
            .service_namespace(ServiceNamespace::Dynamodb)
            .resource_id("table/carts-000")
            .scalable_dimension(ScalableDimension::DynamoDbTableWriteCapacityUnits)
            .min_capacity(5)
            .max_capacity(50)
            .send()
            .await
            .expect("moto registers targets");
    });
    let snapshot = Program::on(&account.through(&gateway)).collect(&[TOKYO]);
    assert_eq!(gateway.count(dynamodb("ListTables")), 2);
    assert_eq!(call(&snapshot, "ListTables", TOKYO).items, 101);
    assert_eq!(call(&snapshot, "DescribeTable", TOKYO).items, 101);
    let last = table_settings(resource(&snapshot, Kind::Table, "carts-100"));
    assert_eq!(last.billing_mode.as_deref(), Some("PROVISIONED"));
    assert_eq!(last.point_in_time_recovery.as_ref().unwrap().enabled, Some(false));
    let target = resource(&snapshot, Kind::ScalableTarget, "table/carts-000");
    let Attributes::ScalableTarget(settings) = &target.attributes else {
        panic!("a target has its settings")
    };
    assert_eq!(settings.service_namespace.as_deref(), Some("dynamodb"));
    assert_eq!(settings.scalable_dimension.as_deref(), Some("dynamodb:table:WriteCapacityUnits"));
    assert_eq!((settings.min_capacity, settings.max_capacity), (Some(5), Some(50)));
    // A server that has no global tables of 2017 is an entry like any other.
    assert_eq!(outcome(&snapshot, "ListGlobalTables", TOKYO).0, Outcome::Unsupported);
}

async fn make_table(client: &aws_sdk_dynamodb::Client, name: &str) {
    use aws_sdk_dynamodb::types::{
        AttributeDefinition, KeySchemaElement, KeyType, ProvisionedThroughput, ScalarAttributeType,
    };
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build();
    let id =
        AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S).build();
    let capacity = ProvisionedThroughput::builder().read_capacity_units(5).write_capacity_units(5).build();
    client
        .create_table()
        .table_name(name)
        .key_schema(key.unwrap())
        .attribute_definitions(id.unwrap())
        .provisioned_throughput(capacity.unwrap())
        .send()
        .await
        .expect("moto makes tables");
}

/// What AWS says is not set is a value, and is not mixed up with what was not answered.
#[test]
fn not_set_is_a_value() {
    let cloud = Cloud::new();
    block_on(single_region::seed(&cloud.account));
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO]);
    let buckets = snapshot.resources.iter().filter_map(|resource| match &resource.attributes {
        Attributes::Bucket(settings) => Some((resource, settings)),
        _ => None,
    });
    let unversioned = buckets.clone().find(|(_, settings)| {
        settings.versioning.as_ref().unwrap().status == bucket::VersioningStatus::Never
    });
    let (resource, settings) = unversioned.expect("one bucket keeps no versions");
    assert_eq!(settings.replication, Some(bucket::Replication::default()));
    assert_eq!(settings.lifecycle, Some(bucket::Lifecycle::default()));
    assert_eq!(settings.object_lock, Some(bucket::ObjectLock::default()));
    assert_eq!(resource.gaps, []);
}

/// One call for a listing in a Region, five for a bucket, one for tags: nothing that can be avoided.
#[test]
fn no_call_is_made_that_can_be_avoided() {
    let cloud = Cloud::new();
    block_on(resilient::seed(&cloud.account));
    cloud.gateway.clear_log();
    Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]);

    let mut made = BTreeMap::new();
    for ((service, region, operation), count) in cloud.gateway.counts() {
        *made.entry((service, operation)).or_insert_with(BTreeMap::new).entry(region).or_insert(0) += count;
    }
    // Service, operation, and how often it is called in each of the two Regions, whose accounts are alike: two buckets,
    // one table, one load balancer, and one target group whose protocol no Network Load Balancer has.
    let regional = [
        // What was shifted out of a zone is asked for where something can be.
        ("arc-zonal-shift", ["ListManagedResources", "ListZonalShifts"].as_slice(), 1),
        ("application-autoscaling", &["DescribeScalableTargets"], 1),
        ("autoscaling", &["DescribeAutoScalingGroups"], 1),
        // One vault with backups, one plan with one selection, one plan that tests restores.
        (
            "backup",
            &[
                "DescribeRegionSettings",
                "GetBackupPlan",
                "GetBackupSelection",
                "ListBackupPlans",
                "ListBackupSelections",
                "ListBackupVaults",
                "ListProtectedResources",
                "ListRecoveryPointsByBackupVault",
                "ListRestoreJobs",
                "ListRestoreTestingPlans",
                "ListRestoreTestingSelections",
            ],
            1,
        ),
        // A state that means a failure is a call.
        ("backup", &["ListBackupJobs"], 4),
        ("backup", &["ListCopyJobs"], 2),
        ("cloudformation", &["DescribeStacks"], 1),
        ("dlm", &["GetLifecyclePolicies"], 1),
        ("drs", &["DescribeSourceServers"], 1),
        ("dynamodb", &["ListTables", "ListGlobalTables", "DescribeTable", "DescribeContinuousBackups"], 1),
        (
            "ec2",
            &[
                "DescribeAvailabilityZones",
                "DescribeImages",
                "DescribeInstances",
                "DescribeLaunchTemplateVersions",
                "DescribeNatGateways",
                "DescribeRouteTables",
                "DescribeSnapshots",
                "DescribeSubnets",
                "DescribeVolumes",
                "DescribeVpcEndpoints",
                "DescribeVpnConnections",
            ],
            1,
        ),
        // The two lists of load balancers, of both versions of the API.
        ("elasticloadbalancing", &["DescribeLoadBalancers"], 2),
        (
            "elasticloadbalancing",
            &["DescribeTargetGroups", "DescribeLoadBalancerAttributes", "DescribeTargetHealth"],
            1,
        ),
        ("elasticfilesystem", &["DescribeFileSystems"], 1),
        ("fis", &["ListExperiments"], 1),
        // There is one key in each Region.
        ("kms", &["ListKeys", "DescribeKey"], 1),
        ("monitoring", &["DescribeAlarms"], 1),
        (
            "rds",
            &[
                "DescribeDBInstances",
                "DescribeDBClusters",
                "DescribeGlobalClusters",
                "DescribeDBInstanceAutomatedBackups",
                "DescribeDBClusterAutomatedBackups",
                "DescribeDBSnapshots",
                "DescribeDBClusterSnapshots",
                "DescribeDBSubnetGroups",
                "DescribeEventSubscriptions",
                "DescribeEvents",
                // Of the one cluster that belongs to a global one.
                "DescribeDBClusterParameters",
            ],
            1,
        ),
        ("resiliencehub", &["ListApps"], 1),
        ("secretsmanager", &["ListSecrets"], 1),
        (
            "s3",
            &[
                "GetBucketVersioning",
                "GetBucketReplication",
                "GetBucketLifecycleConfiguration",
                "GetObjectLockConfiguration",
                "GetBucketEncryption",
            ],
            2,
        ),
    ];
    let in_both = |count: usize| BTreeMap::from([(TOKYO.to_owned(), count), (SINGAPORE.to_owned(), count)]);
    for (service, operations, count) in regional {
        for operation in operations {
            let calls = made.remove(&(service.to_owned(), (*operation).to_owned()));
            assert_eq!(calls, Some(in_both(count)), "{service}:{operation}");
        }
    }
    // Tags are asked for by type and by that of automation. Objects in buckets are counted over three days, and how far
    // the copies in Singapore are behind is measured over one: of buckets and of databases. Eleven names of events are
    // about databases and two about tables. What is in no Region has its tags, its metrics and its events in the first.
    for (service, operation, tokyo, singapore) in [
        ("tagging", "GetResources", 2, 2),
        ("monitoring", "GetMetricData", 1, 3),
        ("cloudtrail", "LookupEvents", 13, 13),
    ] {
        let calls = made.remove(&(service.to_owned(), operation.to_owned()));
        let expected = [(TOKYO, tokyo), (SINGAPORE, singapore), ("us-east-1", 1)];
        let expected = expected.map(|(region, calls)| (region.to_owned(), calls));
        assert_eq!(calls, Some(BTreeMap::from(expected)), "{service}:{operation}");
    }
    let once: Vec<(String, usize)> =
        made.into_iter().map(|((_, operation), regions)| (operation, regions.values().sum())).collect();
    let expected = [
        ("ListRegions", 1),
        ("GetPlanEvaluationStatus", 1),
        ("ListPlanExecutions", 2),
        ("ListPlans", 1),
        ("ListAccountAliases", 1),
        ("ListHealthChecks", 1),
        ("ListHostedZones", 1),
        ("ListResourceRecordSets", 1),
        ("ListClusters", 1),
        ("ListBuckets", 1),
        ("GetCallerIdentity", 1),
    ];
    assert_eq!(once, expected.map(|(operation, count)| (operation.to_owned(), count)));
}

#[test]
fn every_page_is_read() {
    let cloud = Cloud::new();
    block_on(async {
        let client = aws_sdk_rds::Client::new(&cloud.account.sdk_config(TOKYO));
        for number in 0..105 {
            client
                .create_db_instance()
                .db_instance_identifier(format!("orders-{number:03}"))
                .engine("postgres")
                .db_instance_class("db.t3.micro")
                .allocated_storage(20)
                .master_username("app")
                .master_user_password("not-a-secret")
                .send()
                .await
                .expect("moto makes instances");
        }
    });
    cloud.gateway.clear_log();
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO]);
    assert_eq!(cloud.gateway.count(rds("DescribeDBInstances")), 2);
    assert_eq!(call(&snapshot, "DescribeDBInstances", TOKYO).items, 105);
    resource(&snapshot, Kind::DbInstance, "orders-104");
}

/// Four ways in which a call can end without an answer, in one scan: each is told apart, and the rest is there.
#[test]
fn failed_calls_are_entries_and_the_snapshot_is_still_written() {
    let cloud = Cloud::new();
    block_on(resilient::seed(&cloud.account));
    let gateway = &cloud.gateway;
    gateway.on(rds("DescribeDBClusters").region(SINGAPORE)).deny();
    gateway.on(rds("DescribeGlobalClusters")).reply(Reply::html(500));
    gateway.on(rds("DescribeDBSubnetGroups")).reply(Reply::html(404));
    gateway.on(rds("DescribeEventSubscriptions").region(TOKYO)).expired_token();
    let locked = cloud.account.bucket("orders");
    gateway.on(s3("GetBucketReplication").bucket(&locked)).deny();
    gateway.on(tagging("GetResources").region(SINGAPORE)).deny();
    let snapshot = Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]);

    let denied = |code: &str| (Outcome::Denied, Some(code.to_owned()));
    assert_eq!(outcome(&snapshot, "DescribeDBClusters", SINGAPORE), denied("AccessDenied"));
    assert_eq!(outcome(&snapshot, "DescribeDBClusters", TOKYO), (Outcome::Collected, None));
    assert_eq!(outcome(&snapshot, "DescribeGlobalClusters", TOKYO).0, Outcome::Unsupported);
    assert_eq!(outcome(&snapshot, "DescribeDBSubnetGroups", TOKYO).0, Outcome::Unsupported);
    assert_eq!(outcome(&snapshot, "DescribeEventSubscriptions", TOKYO), denied("ExpiredToken"));

    let bucket = resource(&snapshot, Kind::Bucket, &locked);
    assert_eq!(bucket.gaps.len(), 1, "{:?}", bucket.gaps);
    assert_eq!(bucket.gaps[0].operation, "s3:GetBucketReplication");
    assert_eq!(bucket.gaps[0].outcome, Outcome::Denied);
    let Attributes::Bucket(settings) = &bucket.attributes else { panic!("a bucket has its settings") };
    assert_eq!(settings.replication, None, "denied is not absent");

    // Tags of buckets come from that call; those of instances come with the instances.
    assert_eq!(resource(&snapshot, Kind::Bucket, &cloud.account.bucket("orders-dr")).tags, None);
    assert!(resource(&snapshot, Kind::DbInstance, "orders-dr").tags.is_some());
    resource(&snapshot, Kind::DbInstance, "orders");
}

/// A page of an error must not look like a listing that is empty.
#[test]
fn a_second_page_that_fails_keeps_the_first_and_is_no_answer() {
    let cloud = Cloud::new();
    block_on(single_region::seed(&cloud.account));
    let gateway = routing();
    gateway.on(rds("DescribeDBInstances")).times(1).rewrite(|_, text| {
        text.replace("</DescribeDBInstancesResult>", "<Marker>more</Marker></DescribeDBInstancesResult>")
    });
    gateway.on(rds("DescribeDBInstances")).deny();
    let snapshot = Program::on(&cloud.account.through(&gateway)).collect(&[TOKYO]);
    assert_eq!(outcome(&snapshot, "DescribeDBInstances", TOKYO).0, Outcome::Denied);
    resource(&snapshot, Kind::DbInstance, "orders");
}

#[test]
fn where_regions_cannot_be_listed_the_default_ones_are_scanned() {
    let cloud = Cloud::new();
    cloud.gateway.on(account("ListRegions")).deny();
    let snapshot = Program::on(&cloud.account).collect(&[]);
    assert_eq!(snapshot.scope.regions.len(), 17);
    assert!(snapshot.scope.regions.contains(&TOKYO.to_owned()));
    assert_eq!(outcome(&snapshot, "ListRegions", "global").0, Outcome::Denied);
}

#[test]
fn a_scan_that_cannot_begin_says_why() {
    let cloud = Cloud::new();
    let program = Program::on(&cloud.account);
    let refuses = |program: &Program, arguments: &[&str], message: &str| {
        let run = program.run(&[&["collect", "-o", "out.json"], arguments].concat());
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(run.stderr.lines().any(|line| line.starts_with("help: ")), "{}", run.stderr);
        assert!(!program.path("out.json").exists(), "a partial file is left behind");
    };
    refuses(&program, &["--region", "mars-north-1"], "mars-north-1");
    refuses(&program, &["--endpoint-url", "http://127.0.0.1:1"], "127.0.0.1:1");
    refuses(&program, &["--account", "nowhere"], "nowhere");

    cloud.gateway.on(sts("GetCallerIdentity")).expired_token();
    refuses(&program, &["--region", TOKYO], "expired");
}

/// Somebody who may do nothing still gets a snapshot, and no verdict from it.
#[test]
fn without_any_permission_everything_is_inconclusive() {
    let cloud = Cloud::new();
    block_on(single_region::seed(&cloud.account));
    let gateway = routing();
    for name in [
        "account",
        "application-autoscaling",
        "autoscaling",
        "backup",
        "dlm",
        "dynamodb",
        "ec2",
        "elasticloadbalancing",
        "iam",
        "kms",
        "monitoring",
        "rds",
        "route53",
        "s3",
        "tagging",
    ] {
        gateway.on(service(name)).deny();
    }
    let program = Program::on(&cloud.account.through(&gateway));
    let run = program.run(&["--region", TOKYO, "-o", "out.json"]);
    assert_eq!(run.code, 3, "{}", run.stderr);
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(program.path("out.json")).unwrap()).unwrap();
    let policies = report["accounts"][0]["policies"].as_array().unwrap();
    let satisfied: Vec<_> = policies.iter().filter(|policy| policy["counts"]["satisfied"] != 0).collect();
    assert_eq!(satisfied, Vec::<&serde_json::Value>::new());
    assert_eq!(report["accounts"][0]["findings"], serde_json::json!([]));
}

/// One service that throttles for the whole scan does not keep the others from being collected.
#[test]
fn a_throttled_service_does_not_hold_up_the_scan() {
    let cloud = Cloud::new();
    block_on(single_region::seed(&cloud.account));
    cloud.gateway.on(tagging("GetResources")).throttle();
    let program = Program::on(&cloud.account);
    let run = program.run(&["collect", "-o", "out.json", "--region", TOKYO, "--deadline", "5s"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let snapshot = crate::support::program::read(&program.path("out.json"));
    assert_eq!(outcome(&snapshot, "GetResources", TOKYO).0, Outcome::Throttled);
    assert_eq!(outcome(&snapshot, "DescribeDBInstances", TOKYO), (Outcome::Collected, None));
    assert!(cloud.gateway.count(anything()) > 10);
}
