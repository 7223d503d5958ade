//! The time of a scan against what no scan could be faster than.
//!
//! A stub answers for an account, every answer late. What a scan cannot avoid is one call after the other along the
//! chain of calls that depend on each other, and the rates that AWS documents; the larger of the two is its floor.
//! `cargo bench --bench scan` prints how much longer it takes. The stub runs on the same machine and has its share of
//! the cores.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench that cannot measure has to stop")]

#[path = "../tests/integration/support/mod.rs"]
#[allow(unreachable_pub, reason = "it is written for another target")]
mod support;

use std::collections::HashMap;
use std::process::Command;
use std::time::{Duration, Instant};

use hadr_scan::collect::{Request as Scan, collect};
use hadr_scan::snapshot::{Kind, Outcome};
use support::gateway::{Gateway, anything};
use support::stub::{Regional, Size, Stub};

/// The Regions that every account has.
const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// The documented rates that a scan of these accounts can meet: the signing name of the service, the operation if it
/// has a rate of its own, how many calls are free, and how many there may be each second.
const RATES: [(&str, Option<&str>, usize, usize); 4] = [
    ("route53", None, 1, 5),
    ("dynamodb", Some("DescribeContinuousBackups"), 1, 10),
    ("elasticloadbalancing", None, 40, 10),
    ("ec2", None, 50, 10),
];

/// An account, and how far away it is.
struct Job {
    name: &'static str,
    size: Size,
    latency: Duration,
    /// The longest chain of calls that depend on each other.
    chain: u32,
    rounds: usize,
    /// What a scan has to find, without the metrics of it.
    resources: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, endpoint, regions] = arguments.as_slice()
        && flag == "--scan"
    {
        return scan(endpoint, regions);
    }
    raise_limit_of_files();
    for job in [buckets(), load()] {
        job.run();
    }
}

/// The latency is what counts: the list of buckets, then their settings, then the metrics of those that are replicated,
/// which the stub gives on two pages. Identity, Regions and the lists of the other services run beside the first.
fn buckets() -> Job {
    let regions = ["ap-northeast-1", "ap-southeast-1", "eu-west-1"].map(|name| (name, Regional::default()));
    Job {
        name: "300 buckets in 3 Regions",
        size: Size { regions: regions.to_vec(), buckets: 300, ..Size::default() },
        latency: Duration::from_millis(200),
        chain: 4,
        rounds: 5,
        // Each Region has three zones.
        resources: 300 + 3 * 3,
    }
}

/// The rates are what counts, and the number of calls. The longest chain is that of the buckets here, too.
fn load() -> Job {
    let share =
        |total: usize, index: usize| total / REGIONS.len() + usize::from(index < total % REGIONS.len());
    let regions = REGIONS.iter().enumerate().map(|(index, name)| {
        let (tables, load_balancers) = (share(200, index), share(300, index));
        (*name, Regional { tables, load_balancers, ..Regional::default() })
    });
    Job {
        name: "1,000 buckets, 200 tables, 300 load balancers and 100 hosted zones in 17 Regions",
        size: Size {
            regions: regions.collect(),
            buckets: 1000,
            zones: 100,
            zones_in_use: 100,
            records: 10,
            ..Size::default()
        },
        latency: Duration::from_millis(50),
        chain: 4,
        rounds: 2,
        resources: 1000 + 200 + 300 + 100 * 11 + 17 * 3,
    }
}

impl Job {
    /// Measures and prints. The least time counts, because a busy moment of the machine only adds to it.
    fn run(self) {
        let regions: Vec<&str> = self.size.regions.iter().map(|(name, _)| *name).collect();
        let gateway = Stub::new(self.size).gateway();
        gateway.on(anything()).latency(self.latency);
        let mut least = f64::INFINITY;
        for _ in 0..self.rounds {
            gateway.clear_log();
            let output = Command::new(std::env::current_exe().unwrap())
                .args(["--scan", &gateway.endpoint(), &regions.join(",")])
                .env("AWS_ACCESS_KEY_ID", "AKIABENCH")
                .env("AWS_SECRET_ACCESS_KEY", "bench")
                .env("AWS_EC2_METADATA_DISABLED", "true")
                .output()
                .unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let printed = String::from_utf8(output.stdout).unwrap();
            let (seconds, resources) = printed.trim().split_once(' ').unwrap();
            assert_eq!(resources, self.resources.to_string(), "resources of {}", self.name);
            least = least.min(seconds.parse().unwrap());
        }
        let chain = (self.latency * self.chain).as_secs_f64();
        let (slowest, time) = slowest_rate(&gateway);
        let floor = chain.max(time);
        let latency = self.latency.as_millis();
        println!("{}, {latency} ms late: {} requests", self.name, gateway.log().len());
        println!(
            "scan {least:.3} s, chain {chain:.3} s, rate of {slowest} {time:.3} s, ratio {:.2}",
            least / floor
        );
    }
}

/// The rate that takes the longest for the requests that were made, and how long it takes at least.
fn slowest_rate(gateway: &Gateway) -> (&'static str, f64) {
    let log = gateway.log();
    let times = RATES.iter().map(|(service, operation, free, each_second)| {
        let mut by_region = HashMap::<&str, usize>::new();
        let meets = |operation: &Option<&str>, name: &str| operation.is_none_or(|only| only == name);
        for request in log.iter().filter(|it| it.service == *service && meets(operation, &it.operation)) {
            *by_region.entry(&request.region).or_default() += 1;
        }
        let most = by_region.into_values().max().unwrap_or(0);
        (operation.unwrap_or(service), most.saturating_sub(*free) as f64 / *each_second as f64)
    });
    times.max_by(|(_, one), (_, other)| one.total_cmp(other)).expect("there are rates")
}

/// Collects the account, in a process of its own, and prints the seconds and the number of resources without metrics.
fn scan(endpoint: &str, regions: &str) {
    let request = Scan {
        profile: None,
        role_arn: None,
        external_id: None,
        endpoint_url: Some(endpoint.to_owned()),
        regions: regions.split(',').map(str::to_owned).collect(),
        deadline: Duration::from_secs(300),
        call_timeout: Duration::from_secs(60),
    };
    let start = Instant::now();
    let snapshot = collect(&request, &()).expect("the stub answers");
    let seconds = start.elapsed().as_secs_f64();
    let missed: Vec<_> = snapshot.coverage.iter().filter(|call| call.outcome != Outcome::Collected).collect();
    assert!(missed.is_empty(), "{missed:?}");
    let with_gaps = snapshot.resources.iter().find(|resource| !resource.gaps.is_empty());
    assert!(with_gaps.is_none(), "{with_gaps:?}");
    let found = snapshot.resources.iter().filter(|resource| resource.kind != Kind::Metric);
    println!("{seconds} {}", found.count());
}

/// The stub has a connection for each call that is under way, which is more than shells allow.
fn raise_limit_of_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

        /// More than there are calls in the largest job.
        const ENOUGH: u64 = 8192;
        let maximum = getrlimit(Resource::Nofile).maximum;
        let current = Some(maximum.unwrap_or(ENOUGH).min(ENOUGH));
        setrlimit(Resource::Nofile, Rlimit { current, maximum }).expect("the limit is one that is allowed");
    }
}
