//! Every page of every list is fetched.

use hadr_scan::snapshot::{Kind, Outcome};
use serde_json::{Value, json};

use super::listed::lists;
use super::{Found, balancer, failure, in_tokyo, tokyo};
use crate::support::block_on;
use crate::support::gateway::service;
use crate::support::seed::{SINGAPORE, TOKYO};
use crate::support::stub::{self, ACCOUNT, Regional, Size, Stub, id};

fn group(id: &str) -> String {
    tokyo("elasticloadbalancing", &format!("targetgroup/web-{id}/0f0f0f0f0{id}"))
}

/// Pages as large as each API allows them. Target groups that nothing uses are only listed.
#[test]
fn a_list_of_several_pages_comes_out_complete() {
    let lists = lists();
    let items = |operation: &str| {
        lists.iter().find(|list| list.operation == operation).expect("it is on the list").items
    };
    let regional = Regional {
        alarms: items("DescribeAlarms"),
        auto_scaling_groups: items("DescribeAutoScalingGroups"),
        backup_plans: items("ListBackupPlans"),
        backup_vaults: items("ListBackupVaults"),
        keys: items("ListKeys"),
        protected_resources: items("ListProtectedResources"),
        restore_testing_plans: items("ListRestoreTestingPlans"),
        target_groups: 900,
        global_tables: items("ListGlobalTables"),
        scalable_targets: items("DescribeScalableTargets"),
        images: items("DescribeImages"),
        instances: items("DescribeInstances"),
        launch_templates: items("DescribeLaunchTemplateVersions"),
        nat_gateways: items("DescribeNatGateways"),
        route_tables: items("DescribeRouteTables"),
        snapshots: items("DescribeSnapshots"),
        subnets: items("DescribeSubnets"),
        volumes: items("DescribeVolumes"),
        vpc_endpoints: items("DescribeVpcEndpoints"),
        vpn_connections: 30,
        cluster_backups: items("DescribeDBClusterAutomatedBackups"),
        cluster_snapshots: items("DescribeDBClusterSnapshots"),
        clusters: items("DescribeDBClusters"),
        databases: items("DescribeDBInstances"),
        database_backups: items("DescribeDBInstanceAutomatedBackups"),
        database_snapshots: items("DescribeDBSnapshots"),
        event_subscriptions: items("DescribeEventSubscriptions"),
        global_clusters: items("DescribeGlobalClusters"),
        subnet_groups: items("DescribeDBSubnetGroups"),
        ..Regional::default()
    };
    let others = Size {
        zones: items("ListHostedZones"),
        zones_in_use: 2,
        records: 700,
        health_checks: items("ListHealthChecks"),
        ..Size::default()
    };
    let gateway = in_tokyo(regional, others).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);

    assert_eq!(found.missed(), []);
    for list in &lists {
        list.is_in(&found, &gateway);
    }
    found.has_all(Kind::VpnConnection, 30, |id| tokyo("ec2", &format!("vpn-connection/vpn-0000000000{id}")));
    let tunnel = tokyo("ec2", "vpn-connection/vpn-00000000000000028");
    assert_eq!(found.value(&tunnel, "/attributes/tunnels/1/status"), "DOWN");

    // 400 in a page, and 100 tags.
    found.has_all(Kind::TargetGroup, 900, group);
    for number in [0, 399, 400, 799, 800, 899] {
        let group = group(&id(number));
        assert_eq!(found.value(&group, "/attributes/port"), &json!(number + 1));
        assert_eq!(found.value(&group, "/tags/number"), &json!(number.to_string()));
    }
    let asked = |of: &str, operation: &str| gateway.count(service(of).operation(operation));
    assert_eq!(asked("elasticloadbalancing", "DescribeTargetGroups"), 3);
    // And once for what has the tag of automation.
    assert_eq!(asked("tagging", "GetResources"), 9 + 3 + 1);

    // Two zones with 300 in a page: the second and third begin with the same name and type.
    let records = (0..2).flat_map(|zone| (2..702).map(move |number| (zone, number)));
    let records: Vec<(usize, String)> = records
        .map(|(zone, number)| {
            let (zone, identifier) = (id(zone), id(number));
            let set = format!("recordset/www.zone-{zone}.example/A/{identifier}");
            (number, format!("arn:aws:route53:::hostedzone/Z{zone}/{set}"))
        })
        .collect();
    for (number, arn) in &records {
        assert_eq!(found.value(arn, "/attributes/weight"), &json!(number.min(&255)));
    }
    let sets = found.snapshot.resources.iter().filter(|resource| resource.kind == Kind::RecordSet);
    assert_eq!(sets.count(), records.len());
    assert_eq!(asked("route53", "ListResourceRecordSets"), 2 * 3);
}

/// What takes a call each takes the time that the rates allow. What was listed until the deadline is there, and says
/// what was not asked about it.
#[test]
fn what_was_listed_before_the_deadline_is_there() {
    let stub = Stub::new(Size {
        regions: vec![
            (TOKYO, Regional { load_balancers: 450, tables: 250, ..Regional::default() }),
            (SINGAPORE, Regional { classic_load_balancers: 450, ..Regional::default() }),
        ],
        ..Size::default()
    });
    let gateway = stub.gateway();
    let found = Found::behind(&gateway, &[TOKYO, SINGAPORE], &["--deadline", "6s"]);

    let classic = |id: &str| {
        let resource = format!("loadbalancer/classic-{id}");
        format!("arn:aws:elasticloadbalancing:{SINGAPORE}:{ACCOUNT}:{resource}")
    };
    let table = |id: &str| tokyo("dynamodb", &format!("table/table-{id}"));
    found.has_all(Kind::LoadBalancer, 450, |id| balancer(id.parse().unwrap()));
    found.has_all(Kind::ClassicLoadBalancer, 450, classic);
    found.has_all(Kind::Table, 250, table);
    for number in [0, 399, 400, 449] {
        let dns_name = format!("web-{}.{TOKYO}.elb.amazonaws.com", id(number));
        assert_eq!(found.value(&balancer(number), "/attributes/dns_name"), &json!(dns_name));
    }
    for number in [0, 99, 100, 199, 200, 249] {
        let path = "/attributes/deletion_protection_enabled";
        assert_eq!(found.value(&table(&id(number)), path), &json!(number % 2 == 1));
    }

    // A setting is there, or a gap says that it was not asked for.
    let asked_about =
        |operation: &str, region: &str, path: &str, arns: Vec<String>, is_set: fn(usize) -> Value| {
            let (outcome, _, items) = found.call(operation, region);
            assert_eq!(outcome, Outcome::Collected, "{operation}");
            let mut asked = 0;
            for (number, arn) in arns.iter().enumerate() {
                match found.gaps(arn).as_slice() {
                    [] => {
                        asked += 1;
                        assert_eq!(found.value(arn, path), &is_set(number), "{arn}");
                    }
                    [(of, outcome, code)] => {
                        assert!(of.ends_with(operation), "{arn}: {of}");
                        assert_eq!((*outcome, *code), (Outcome::Skipped, Some("DeadlineExceeded")), "{arn}");
                        assert_eq!(found.value(arn, path), &Value::Null, "{arn}");
                    }
                    gaps => panic!("{arn}: {gaps:?}"),
                }
            }
            assert_eq!(asked, items, "{operation}");
            assert!((1..arns.len()).contains(&usize::try_from(asked).unwrap()), "{operation}: {asked}");
        };
    let is_odd = |number| json!(number % 2 == 1);
    asked_about(
        "DescribeLoadBalancerAttributes",
        TOKYO,
        "/attributes/deletion_protection_enabled",
        (0..450).map(balancer).collect(),
        is_odd,
    );
    asked_about(
        "DescribeClassicLoadBalancerAttributes",
        SINGAPORE,
        "/attributes/cross_zone_enabled",
        (0..450).map(|number| classic(&id(number))).collect(),
        is_odd,
    );
    asked_about(
        "DescribeContinuousBackups",
        TOKYO,
        "/attributes/point_in_time_recovery",
        (0..250).map(|number| table(&id(number))).collect(),
        |number| {
            let period = (number % 2 == 1).then_some(35);
            let time = |text: &str| period.map(|_| text.to_owned());
            json!({
                "enabled": period.is_some(),
                "recovery_period_in_days": period,
                "earliest_restorable_date_time": time("2026-01-02T03:04:05Z"),
                "latest_restorable_date_time": time("2026-01-02T03:09:05Z"),
            })
        },
    );
}

/// APIs may give less than a page and go on. What tells the end is that there is no token, and nothing else.
#[test]
fn pages_that_are_not_full_are_not_the_last() {
    let items = 10;
    let others = Size {
        buckets: items,
        zones: items,
        zones_in_use: 1,
        records: items,
        health_checks: items,
        most_in_a_page: Some(4),
        ..Size::default()
    };
    let gateway = in_tokyo(Regional::each(items), others).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);

    assert_eq!(found.missed(), []);
    assert!(found.snapshot.resources.iter().all(|resource| resource.gaps.is_empty()));
    for list in lists() {
        list.paged(items, 4).is_in(&found, &gateway);
    }
    let has =
        |arn: &str, path: &str, value: Value| assert_eq!(found.value(arn, path), &value, "{arn} {path}");
    found.has_all(Kind::LoadBalancer, items, |id| balancer(id.parse().unwrap()));
    has(&balancer(9), "/attributes/deletion_protection_enabled", json!(true));
    has(&balancer(9), "/attributes/cross_zone_enabled", json!(false));
    has(&balancer(8), "/attributes/cross_zone_enabled", json!(true));
    has(&balancer(8), "/tags/number", json!("8"));
    found.has_all(Kind::TargetGroup, items, group);
    let target = json!([{
        "id": "i-00000000000000009",
        "port": 10,
        "zone": {"name": format!("{TOKYO}a"), "id": format!("{TOKYO}-az1")},
        "state": "unhealthy",
        "reason": null,
    }]);
    has(&group(&id(9)), "/attributes/targets", target);
    has(&group(&id(9)), "/attributes/cross_zone_enabled", json!("use_load_balancer_configuration"));
    has(&group(&id(8)), "/attributes/cross_zone_enabled", Value::Null);
    let classic = |id: &str| tokyo("elasticloadbalancing", &format!("loadbalancer/classic-{id}"));
    found.has_all(Kind::ClassicLoadBalancer, items, classic);
    has(&classic(&id(9)), "/attributes/cross_zone_enabled", json!(true));
    let table = |id: &str| tokyo("dynamodb", &format!("table/table-{id}"));
    found.has_all(Kind::Table, items, table);
    has(&table(&id(9)), "/attributes/point_in_time_recovery/recovery_period_in_days", json!(35));
    has(&table(&id(8)), "/attributes/point_in_time_recovery/enabled", json!(false));
    let bucket = |id: &str| format!("arn:aws:s3:::data-{id}");
    found.has_all(Kind::Bucket, items, bucket);
    has(&bucket(&id(9)), "/region", json!(TOKYO));
    has(&bucket(&id(9)), "/attributes/versioning/status", json!("enabled"));
    has(&bucket(&id(9)), "/attributes/lifecycle/rules/0/noncurrent_days", json!(10));
    has(&bucket(&id(9)), "/attributes/object_lock/retention_days", json!(10));
    let copy = json!("arn:aws:s3:::copy-0000009");
    has(&bucket(&id(9)), "/attributes/replication/rules/0/destination_bucket", copy);
    has(&bucket(&id(8)), "/attributes/replication/rules", json!([]));
    has(&bucket(&id(8)), "/attributes/encryption/sse_algorithm", json!("AES256"));
    // Ten records and the two that every zone has.
    assert_eq!(gateway.count(service("route53").operation("ListResourceRecordSets")), 3);
    let record = "arn:aws:route53:::hostedzone/Z0000000/recordset/www.zone-0000000.example/A/0000011";
    has(record, "/attributes/weight", json!(11));
}

/// If the stub took any size and any token, the other tests would show nothing.
#[test]
fn the_stub_refuses_sizes_and_tokens_as_the_apis_do() {
    let others = Size { zones: 1, zones_in_use: 1, records: 400, ..Size::default() };
    let gateway = in_tokyo(Regional::each(250), others).gateway();
    let config = stub::account(&gateway).sdk_config(TOKYO);
    let ec2 = aws_sdk_ec2::Client::new(&config);
    let tables = || ec2.describe_route_tables();
    let page = block_on(tables().max_results(100).send()).unwrap();
    assert_eq!(page.route_tables().len(), 100);
    let token = page.next_token().unwrap();
    let page = block_on(tables().max_results(7).next_token(token).send()).unwrap();
    assert_eq!(page.route_tables()[0].route_table_id(), Some("rtb-00000000000000100"));
    assert_eq!(page.route_tables().len(), 7, "the caller may change its mind");

    let invalid = (400, "InvalidParameterValue".to_owned());
    assert_eq!(failure(block_on(tables().max_results(101).send())), invalid);
    assert_eq!(failure(block_on(tables().next_token("100").send())), invalid);
    let of_another_list = block_on(ec2.describe_subnets().next_token(token).send());
    assert_eq!(failure(of_another_list), invalid);
    let elsewhere = aws_sdk_ec2::Client::new(&stub::account(&gateway).sdk_config(SINGAPORE));
    let of_another_region = block_on(elsewhere.describe_route_tables().next_token(token).send());
    assert_eq!(failure(of_another_region), invalid);

    let rds = aws_sdk_rds::Client::new(&config);
    assert_eq!(failure(block_on(rds.describe_db_instances().max_records(19).send())), invalid);
    let route53 = aws_sdk_route53::Client::new(&config);
    let records =
        route53.list_resource_record_sets().hosted_zone_id("Z0000000").start_record_identifier("0000300");
    let invalid = (400, "InvalidInput".to_owned());
    assert_eq!(failure(block_on(records.send())), invalid, "a page begins with a name and a type, too");
    let s3 = aws_sdk_s3::Client::new(&config);
    assert_eq!(
        failure(block_on(s3.head_bucket().bucket("data-0000000").send())).0,
        404,
        "there are no buckets"
    );
}
