//! What AWS refuses: for its rate limits, in a Region, by a policy, and because it is elsewhere or gone.

use std::thread;
use std::time::{Duration, Instant};

use hadr_scan::snapshot::operation::{OPERATIONS, Reach, find};
use hadr_scan::snapshot::{Kind, Outcome};
use serde_json::json;

use super::{Found, balancer, failure, in_tokyo, tokyo};
use crate::support::block_on;
use crate::support::gateway::{Reply, account, anything, s3, service};
use crate::support::seed::{SINGAPORE, TOKYO};
use crate::support::stub::{self, Regional, Size, Stub, id};
use crate::support::wire::{Protocol, Request};

/// A Region that accounts have to enable.
const BAHRAIN: &str = "me-south-1";

/// A few of everything in Tokyo.
fn small() -> Stub {
    let others =
        Size { buckets: 3, zones: 3, zones_in_use: 1, records: 3, health_checks: 3, ..Size::default() };
    in_tokyo(Regional::each(3), others)
}

#[test]
fn each_service_throttles_in_its_own_words() {
    let gateway = small().gateway();
    gateway.on(anything()).throttle();
    let config = stub::account(&gateway).sdk_config(TOKYO);
    let codes = block_on(async {
        [
            failure(aws_sdk_ec2::Client::new(&config).describe_subnets().send().await),
            failure(aws_sdk_s3::Client::new(&config).get_bucket_versioning().bucket("b").send().await),
            failure(aws_sdk_dynamodb::Client::new(&config).list_tables().send().await),
            failure(
                aws_sdk_applicationautoscaling::Client::new(&config)
                    .describe_scalable_targets()
                    .service_namespace("dynamodb".into())
                    .send()
                    .await,
            ),
            failure(aws_sdk_route53::Client::new(&config).list_hosted_zones().send().await),
            failure(aws_sdk_autoscaling::Client::new(&config).describe_auto_scaling_groups().send().await),
            failure(
                aws_sdk_elasticloadbalancing::Client::new(&config).describe_load_balancers().send().await,
            ),
            failure(
                aws_sdk_elasticloadbalancingv2::Client::new(&config).describe_target_groups().send().await,
            ),
            failure(aws_sdk_rds::Client::new(&config).describe_db_instances().send().await),
            failure(aws_sdk_cloudwatch::Client::new(&config).describe_alarms().send().await),
            failure(aws_sdk_kms::Client::new(&config).list_keys().send().await),
            failure(aws_sdk_backup::Client::new(&config).list_backup_vaults().send().await),
            failure(aws_sdk_dlm::Client::new(&config).get_lifecycle_policies().send().await),
        ]
    });
    let of_query = (400, "Throttling".to_owned());
    assert_eq!(codes[0], (503, "RequestLimitExceeded".to_owned()));
    assert_eq!(codes[1], (503, "SlowDown".to_owned()));
    assert_eq!(
        codes[2..4],
        [(400, "ThrottlingException".to_owned()), (400, "ThrottlingException".to_owned())]
    );
    assert_eq!(
        codes[4..10],
        [(); 6].map(|()| of_query.clone()),
        "CloudWatch has the codes that it had before"
    );
    assert_eq!(codes[10], (400, "ThrottlingException".to_owned()));
    assert_eq!(codes[11..], [(); 2].map(|()| (429, "TooManyRequestsException".to_owned())));
}

/// Every service refuses once. The snapshot is that of an account where none does.
#[test]
fn what_is_refused_once_is_asked_again() {
    let services = [
        "application-autoscaling",
        "autoscaling",
        "backup",
        "dlm",
        "dynamodb",
        "ec2",
        "elasticfilesystem",
        "elasticloadbalancing",
        "kms",
        "monitoring",
        "rds",
        "route53",
        "s3",
        "tagging",
    ];
    let stub = small();
    let scans = [stub.gateway(), stub.gateway()];
    for name in services {
        scans[1].on(service(name)).times(1).throttle();
    }
    let [undisturbed, refused] = scans.each_ref().map(|gateway| Found::behind(gateway, &[TOKYO], &[]));
    assert_eq!(undisturbed.missed(), []);
    assert_eq!(refused.snapshot.coverage, undisturbed.snapshot.coverage);
    assert_eq!(refused.by_arn, undisturbed.by_arn);
    for name in services {
        let [once, again] = scans.each_ref().map(|gateway| gateway.count(service(name)));
        assert_eq!(again, once + 1, "{name}");
    }
}

/// Somebody else uses up the rate of one service for as long as the scan lasts. What it would have said is not known,
/// all others are collected, and the scan ends in time.
#[test]
fn a_service_that_throttles_for_the_whole_scan_costs_only_its_own_calls() {
    // The service, and the operation that it still answers.
    let services = [
        ("application-autoscaling", None),
        ("autoscaling", None),
        ("backup", Some("ListBackupVaults")),
        ("dlm", Some("GetLifecyclePolicies")),
        ("dynamodb", Some("ListTables")),
        ("ec2", None),
        ("elasticfilesystem", Some("DescribeFileSystems")),
        ("elasticloadbalancing", Some("DescribeLoadBalancers")),
        ("kms", Some("ListKeys")),
        ("monitoring", None),
        ("rds", None),
        ("route53", Some("ListHostedZones")),
        ("s3", Some("ListBuckets")),
    ];
    let scan = |name, answered: Option<&str>| {
        let gateway = small().gateway();
        if let Some(operation) = answered {
            gateway.on(service(name).operation(operation)).forward();
        }
        gateway.on(service(name)).throttle();
        let start = Instant::now();
        (Found::behind(&gateway, &[TOKYO], &["--deadline", "12s"]), start.elapsed())
    };
    // Each of them waits for most of its time.
    thread::scope(|scope| {
        let scans =
            services.map(|(name, answered)| (name, answered, scope.spawn(move || scan(name, answered))));
        for (name, answered, thread) in scans {
            let (found, time) = thread.join().unwrap();
            assert!(time < Duration::from_secs(20), "{name}: {time:?}");
            let mut throttled = 0;
            for call in &found.snapshot.coverage {
                let operation = find(&format!("{}:{}", call.service, call.operation)).unwrap();
                // Those of Classic Load Balancers have the names of the others.
                let is_answered = answered.is_some_and(|it| operation.name.replace("Classic", "") == it);
                // Nobody knows what there is to ask about, and the tags of zones are asked for after the zones.
                let is_behind = operation.reach == Reach::Resource
                    && call.code.as_deref() == Some("IncompleteListing")
                    || (name, operation.service, call.region.as_str()) == ("route53", "tag", "global");
                let signing_name = if call.service == "cloudwatch" { "monitoring" } else { &call.service };
                let expected = if is_behind {
                    Outcome::Skipped
                } else if signing_name != name || is_answered {
                    Outcome::Collected
                } else {
                    throttled += 1;
                    Outcome::Throttled
                };
                assert_eq!(call.outcome, expected, "{name}: {call:?}");
            }
            assert!(throttled > 0, "{name}");
        }
    });
}

/// The calls about what was listed are throttled, so that each of them is a gap.
#[test]
fn what_is_not_said_about_a_thing_is_a_gap_of_it() {
    let gateway = small().gateway();
    for list in ["ListBuckets", "ListTables", "DescribeLoadBalancers", "DescribeTargetGroups"] {
        gateway.on(anything().operation(list)).forward();
    }
    for name in ["s3", "dynamodb", "elasticloadbalancing"] {
        gateway.on(service(name)).throttle();
    }
    let found = Found::behind(&gateway, &[TOKYO], &["--deadline", "6s"]);
    let throttled = |operation| (operation, Outcome::Throttled, Some("DeadlineExceeded"));
    assert_eq!(
        found.gaps("arn:aws:s3:::data-0000002"),
        [
            throttled("s3:GetBucketEncryption"),
            throttled("s3:GetBucketLifecycleConfiguration"),
            throttled("s3:GetBucketReplication"),
            throttled("s3:GetBucketVersioning"),
            throttled("s3:GetObjectLockConfiguration"),
        ]
    );
    assert_eq!(
        found.gaps(&tokyo("dynamodb", "table/table-0000002")),
        [throttled("dynamodb:DescribeContinuousBackups"), throttled("dynamodb:DescribeTable")]
    );
    assert_eq!(found.gaps(&balancer(2)), [throttled("elasticloadbalancing:DescribeLoadBalancerAttributes")]);
    assert_eq!(
        found.gaps(&tokyo("elasticloadbalancing", "targetgroup/web-0000001/0f0f0f0f00000001")),
        [
            throttled("elasticloadbalancing:DescribeTargetGroupAttributes"),
            throttled("elasticloadbalancing:DescribeTargetHealth"),
        ]
    );
    assert_eq!(
        found.value(&balancer(2), "/attributes/dns_name"),
        &json!("web-0000002.ap-northeast-1.elb.amazonaws.com")
    );
}

/// Credentials as a Region refuses them that the account has not enabled.
fn not_enabled(request: &Request) -> Reply {
    let (status, code) = match request.protocol {
        Protocol::Ec2 => (401, "AuthFailure"),
        Protocol::Json | Protocol::RestJson => (400, "UnrecognizedClientException"),
        Protocol::RestXml => (403, "InvalidAccessKeyId"),
        Protocol::Query | Protocol::Cbor => (403, "InvalidClientTokenId"),
    };
    Reply::error(request, status, code, "AWS was not able to validate the provided access credentials")
}

/// The account may not say which Regions it has enabled, so that all that are asked for are tried.
#[test]
fn a_region_that_is_not_enabled_is_told_from_one_that_a_policy_forbids() {
    let regions = [TOKYO, BAHRAIN, SINGAPORE];
    let regional = regions.map(|region| (region, Regional::each(1))).to_vec();
    let gateway = Stub::new(Size { regions: regional, buckets: 3, ..Size::default() }).gateway();
    gateway.on(account("ListRegions")).deny_by_organization();
    gateway.on(anything().region(BAHRAIN)).reply_with(not_enabled);
    gateway.on(anything().region(SINGAPORE)).deny_by_organization();
    let found = Found::behind(&gateway, &regions, &[]);

    for call in &found.snapshot.coverage {
        let operation = find(&format!("{}:{}", call.service, call.operation)).unwrap();
        let code_of = |[ec2, json, s3, query]: [&'static str; 4]| match operation.service {
            "ec2" => ec2,
            "application-autoscaling" | "arc-zonal-shift" | "backup" | "dlm" | "drs" | "dynamodb" => json,
            "elasticfilesystem" | "fis" | "kms" | "resiliencehub" | "secretsmanager" | "tag" => json,
            "s3" => s3,
            _ => query,
        };
        let not_enabled =
            ["AuthFailure", "UnrecognizedClientException", "InvalidAccessKeyId", "InvalidClientTokenId"];
        let denied = ["UnauthorizedOperation", "AccessDeniedException", "AccessDenied", "AccessDenied"];
        let is_of_listed = operation.reach == Reach::Resource && operation.service != "s3";
        let expected = match call.region.as_str() {
            // Some bucket keeps its settings from us, wherever that is.
            _ if operation.name == "GetBucketMetricData" => (Outcome::Skipped, "IncompleteListing"),
            BAHRAIN | SINGAPORE if is_of_listed => (Outcome::Skipped, "IncompleteListing"),
            BAHRAIN => (Outcome::RegionDisabled, code_of(not_enabled)),
            SINGAPORE => (Outcome::Denied, code_of(denied)),
            _ if operation.name == "ListRegions" => (Outcome::Denied, "AccessDeniedException"),
            _ => (Outcome::Collected, ""),
        };
        let actual = (call.outcome, call.code.as_deref().unwrap_or(""));
        assert_eq!(actual, expected, "{} in {}", call.operation, call.region);
    }
    // Buckets are listed in one Region, and each is asked for its settings where it is.
    let gaps = |name: &str| found.gaps(&format!("arn:aws:s3:::{name}"));
    let versioning = |outcome, code| ("s3:GetBucketVersioning", outcome, Some(code));
    assert_eq!(gaps("data-0000000"), []);
    assert!(gaps("data-0000001").contains(&versioning(Outcome::RegionDisabled, "InvalidAccessKeyId")));
    assert!(gaps("data-0000002").contains(&versioning(Outcome::Denied, "AccessDenied")));
    for operation in OPERATIONS.iter().filter(|operation| operation.reach == Reach::Regional) {
        for region in regions {
            found.call(operation.name, region);
        }
    }
}

#[test]
fn no_call_is_made_in_a_region_that_the_account_has_not_enabled() {
    let regions = vec![(TOKYO, Regional::each(1)), (BAHRAIN, Regional::default())];
    let gateway = Stub::new(Size { regions, ..Size::default() }).gateway();
    gateway.on(account("ListRegions")).rewrite(|_, text| {
        let region = |status: &str| format!("\"{BAHRAIN}\", \"RegionOptStatus\": \"{status}\"");
        text.replace(&region("ENABLED"), &region("DISABLED"))
    });
    let found = Found::behind(&gateway, &[TOKYO, BAHRAIN], &[]);
    assert_eq!(gateway.count(anything().region(BAHRAIN)), 0);
    let not_enabled = (Outcome::RegionDisabled, Some("RegionNotEnabled"), 0);
    for operation in [
        "DescribeAlarms",
        "DescribeDBInstances",
        "DescribeInstances",
        "DescribeLoadBalancers",
        "DescribeRegionSettings",
        "GetLifecyclePolicies",
        "GetResources",
        "ListBackupVaults",
        "ListKeys",
    ] {
        assert_eq!(found.call(operation, BAHRAIN), not_enabled, "{operation}");
    }
    assert_eq!(found.call("DescribeInstances", TOKYO), (Outcome::Collected, None, 1));
}

/// S3 lists where a bucket was, and answers there that it is somewhere else.
#[test]
fn a_bucket_that_has_moved_has_gaps() {
    let regions = [TOKYO, SINGAPORE].map(|region| (region, Regional::default())).to_vec();
    let gateway = Stub::new(Size { regions, buckets: 4, ..Size::default() }).gateway();
    // The second and fourth are in Singapore, and Tokyo is where the list has the second.
    gateway.on(s3("ListBuckets")).rewrite(|_, text| text.replacen(SINGAPORE, TOKYO, 1));
    let found = Found::behind(&gateway, &[TOKYO, SINGAPORE], &[]);
    let redirected = |operation| (operation, Outcome::Failed, Some("PermanentRedirect"));
    assert_eq!(
        found.gaps("arn:aws:s3:::data-0000001"),
        [
            redirected("s3:GetBucketEncryption"),
            redirected("s3:GetBucketLifecycleConfiguration"),
            redirected("s3:GetBucketReplication"),
            redirected("s3:GetBucketVersioning"),
            redirected("s3:GetObjectLockConfiguration"),
        ]
    );
    assert_eq!(found.value("arn:aws:s3:::data-0000001", "/attributes/versioning"), &json!(null));
    assert_eq!(found.value("arn:aws:s3:::data-0000003", "/attributes/versioning/status"), &json!("enabled"));
    assert_eq!(found.call("GetBucketVersioning", TOKYO), (Outcome::Collected, None, 2));
    assert_eq!(found.call("GetBucketVersioning", SINGAPORE), (Outcome::Collected, None, 1));
}

/// Where the list does not say where a bucket is, S3 says so in the header of a redirection.
#[test]
fn a_redirection_tells_where_a_bucket_is() {
    let gateway = in_tokyo(Regional::default(), Size { buckets: 2, ..Size::default() }).gateway();
    gateway
        .on(s3("ListBuckets"))
        .rewrite(|_, text| text.replace(&format!("<BucketRegion>{TOKYO}</BucketRegion>"), ""));
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(gateway.count(s3("HeadBucket").region("us-east-1")), 2);
    assert_eq!(found.call("HeadBucket", "global"), (Outcome::Collected, None, 2));
    let bucket = "arn:aws:s3:::data-0000001";
    assert_eq!(found.value(bucket, "/region"), TOKYO);
    assert_eq!(found.value(bucket, "/attributes/lifecycle/rules/0/noncurrent_days"), &json!(2));
    assert_eq!(found.gaps(bucket), []);
}

/// Load balancers and target groups are deleted between the list and the calls about them.
#[test]
fn what_is_gone_after_it_was_listed_is_left_out() {
    let stub = small();
    let gateway = stub.gateway();
    gateway.on(service("elasticloadbalancing")).reply_with(move |request| {
        let gone = String::from_utf8_lossy(&request.body).contains(&id(1));
        match request.operation.as_str() {
            "DescribeLoadBalancerAttributes" if gone => {
                Reply::error(request, 400, "LoadBalancerNotFound", "There is no ACTIVE Load Balancer")
            }
            "DescribeTargetHealth" | "DescribeTargetGroupAttributes" if gone => {
                Reply::error(request, 400, "TargetGroupNotFound", "One or more target groups not found")
            }
            _ => stub.answer(request),
        }
    });
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    for kind in [Kind::LoadBalancer, Kind::ClassicLoadBalancer, Kind::TargetGroup] {
        let left = found.snapshot.resources.iter().filter(|resource| resource.kind == kind);
        let left: Vec<_> = left.map(|resource| (resource.name.as_str(), resource.gaps.len())).collect();
        let name = if kind == Kind::ClassicLoadBalancer { "classic" } else { "web" };
        let [first, third] = [0, 2].map(|number| format!("{name}-{}", id(number)));
        assert_eq!(left, [(first.as_str(), 0), (third.as_str(), 0)], "{}", kind.as_str());
    }
}
