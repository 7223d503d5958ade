//! The time of a scan against the longest chain of calls that depend on each other.
//!
//! A stub answers for an account with 300 buckets in three Regions, every answer 200 ms late. What a scan cannot
//! avoid is one call after the other along the chain: the list of buckets, then their settings. `cargo bench --bench
//! scan` prints how much longer it takes. The stub runs on the same machine and has its share of the cores.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot measure has to stop")]

#[path = "../tests/integration/support/mod.rs"]
#[allow(unreachable_pub, reason = "it is written for another target")]
mod support;

use std::process::Command;
use std::time::{Duration, Instant};

use hadr_scan::collect::{Request as Scan, collect};
use hadr_scan::snapshot::{Kind, Outcome};
use support::gateway::{Gateway, Reply, anything};
use support::wire::Request;

const REGIONS: [&str; 3] = ["ap-northeast-1", "ap-southeast-1", "eu-west-1"];
const BUCKETS: usize = 300;
const LATENCY: Duration = Duration::from_millis(200);
/// The list of buckets, then their settings. Identity, Regions and the lists of RDS run beside the first.
const CHAIN: u32 = 2;
const ROUNDS: usize = 5;

fn main() {
    if std::env::args().nth(1).as_deref() == Some("--scan") {
        return scan(&std::env::args().nth(2).expect("the endpoint is given"));
    }
    let gateway = Gateway::stub(answer);
    gateway.on(anything()).latency(LATENCY);
    let mut least = f64::INFINITY;
    for _ in 0..ROUNDS {
        gateway.clear_log();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--scan", &gateway.endpoint()])
            .env("AWS_ACCESS_KEY_ID", "AKIABENCH")
            .env("AWS_SECRET_ACCESS_KEY", "bench")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        least = least.min(String::from_utf8(output.stdout).unwrap().trim().parse().unwrap());
    }
    let chain = (LATENCY * CHAIN).as_secs_f64();
    println!(
        "{BUCKETS} buckets in {} Regions, {} ms late: {} requests",
        REGIONS.len(),
        LATENCY.as_millis(),
        gateway.log().len()
    );
    println!("scan {least:.3} s, chain {chain:.3} s, ratio {:.2}", least / chain);
}

/// Collects the account, in a process of its own, and prints the seconds.
fn scan(endpoint: &str) {
    let request = Scan {
        profile: None,
        role_arn: None,
        external_id: None,
        endpoint_url: Some(endpoint.to_owned()),
        regions: REGIONS.map(str::to_owned).to_vec(),
        deadline: Duration::from_secs(60),
        call_timeout: Duration::from_secs(10),
    };
    let start = Instant::now();
    let snapshot = collect(&request, &()).expect("the stub answers");
    let seconds = start.elapsed().as_secs_f64();
    let missed: Vec<_> = snapshot.coverage.iter().filter(|call| call.outcome != Outcome::Collected).collect();
    assert!(missed.is_empty(), "{missed:?}");
    let buckets = snapshot.resources.iter().filter(|resource| resource.kind == Kind::Bucket);
    assert_eq!(buckets.filter(|bucket| bucket.gaps.is_empty()).count(), BUCKETS);
    println!("{seconds}");
}

fn answer(request: &Request) -> Reply {
    let list = |operation: &str, content: &str| {
        Reply::xml(format!(
            "<{operation}Response><{operation}Result>{content}</{operation}Result></{operation}Response>"
        ))
    };
    match request.operation.as_str() {
        "GetCallerIdentity" => list(
            "GetCallerIdentity",
            "<Arn>arn:aws:iam::123456789012:user/bench</Arn><UserId>U</UserId><Account>123456789012</Account>",
        ),
        "ListAccountAliases" => {
            list("ListAccountAliases", "<IsTruncated>false</IsTruncated><AccountAliases/>")
        }
        "ListRegions" => {
            let regions =
                REGIONS.map(|name| serde_json::json!({"RegionName": name, "RegionOptStatus": "ENABLED"}));
            Reply::json(&serde_json::json!({"Regions": regions}))
        }
        "GetResources" => Reply::json(&serde_json::json!({"ResourceTagMappingList": []})),
        "ListBuckets" => {
            let buckets: String = (0..BUCKETS)
                .map(|number| {
                    let region = REGIONS[number % REGIONS.len()];
                    format!(
                        "<Bucket><Name>data-{number}</Name><BucketRegion>{region}</BucketRegion></Bucket>"
                    )
                })
                .collect();
            Reply::xml(format!(
                "<ListAllMyBucketsResult><Buckets>{buckets}</Buckets></ListAllMyBucketsResult>"
            ))
        }
        "GetBucketVersioning" => Reply::xml("<VersioningConfiguration/>"),
        "GetBucketEncryption" => Reply::xml(
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
             <SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>\
             </ServerSideEncryptionConfiguration>",
        ),
        "GetBucketReplication" => {
            Reply::error(request, 404, "ReplicationConfigurationNotFoundError", "not set")
        }
        "GetBucketLifecycleConfiguration" => {
            Reply::error(request, 404, "NoSuchLifecycleConfiguration", "not set")
        }
        "GetObjectLockConfiguration" => {
            Reply::error(request, 404, "ObjectLockConfigurationNotFoundError", "not set")
        }
        operation => list(operation, ""),
    }
}
