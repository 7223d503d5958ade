//! No lane exceeds the rate that AWS documents for it, whatever there is to ask, and none waits for nothing.

use std::time::{Duration, Instant};

use super::{Found, in_tokyo};
use crate::support::gateway::{Gateway, Match, dynamodb, service};
use crate::support::seed::TOKYO;
use crate::support::stub::{Regional, Size};

/// How often the scan is repeated. A machine that stalls for a tenth of a second moves requests closer to each other,
/// which happens once in a while; a lane that is too fast is so every time.
const ATTEMPTS: usize = 3;

/// What AWS documents about a lane.
enum Rate {
    /// So many calls in any second.
    PerSecond(usize),
    /// A bucket that holds so many calls, and is refilled with so many a second.
    Bucket(usize, usize),
}

impl Rate {
    /// The first requests that were more than the rate allows, for people to read.
    fn excess(&self, arrivals: &[Instant]) -> Option<String> {
        (0..arrivals.len()).find_map(|first| {
            let since = |last: usize| arrivals[last].duration_since(arrivals[first]);
            let last = (first..arrivals.len()).find(|last| match self {
                Self::PerSecond(most) => last - first >= *most && since(*last) < Duration::from_secs(1),
                Self::Bucket(holds, refill) => {
                    (last - first + 1) as f64 > *holds as f64 + *refill as f64 * since(*last).as_secs_f64()
                }
            })?;
            Some(format!("{} requests within {:?}", last - first + 1, since(last)))
        })
    }
}

/// The requests that a rate is for, their number, and the rate.
fn lanes() -> [(Match, usize, Rate); 4] {
    [
        // Twelve zones, the list of them, and that of the health checks.
        (service("route53"), 14, Rate::PerSecond(5)),
        (dynamodb("DescribeContinuousBackups"), 30, Rate::PerSecond(10)),
        // Seventy load balancers and three lists.
        (service("elasticloadbalancing"), 73, Rate::Bucket(40, 10)),
        (service("ec2"), 11, Rate::Bucket(50, 10)),
    ]
}

/// When the requests that match arrived.
fn arrivals(gateway: &Gateway, matching: Match) -> Vec<Instant> {
    let mut arrivals: Vec<Instant> = gateway.requests(matching).iter().map(|request| request.at).collect();
    arrivals.sort_unstable();
    arrivals
}

#[test]
fn no_lane_exceeds_its_rate() {
    let regional = Regional { load_balancers: 70, tables: 30, ..Regional::default() };
    let others = Size { zones: 12, zones_in_use: 12, records: 1, ..Size::default() };
    let gateway = in_tokyo(regional, others).gateway();
    let mut faults = Vec::new();
    for _ in 0..ATTEMPTS {
        gateway.clear_log();
        let found = Found::behind(&gateway, &[TOKYO], &[]);
        assert_eq!(found.missed(), []);
        faults.clear();
        for (matching, number, rate) in lanes() {
            let arrivals = arrivals(&gateway, matching.clone());
            assert_eq!(arrivals.len(), number, "{matching:?}");
            faults.extend(rate.excess(&arrivals).map(|excess| format!("{matching:?}: {excess}")));
        }
        // What a bucket holds is there at once, and the rest as fast as it is refilled: 34 calls in 3.4 s.
        let balancing = arrivals(&gateway, service("elasticloadbalancing"));
        let time = balancing[72].duration_since(balancing[0]);
        if time > Duration::from_secs(5) {
            faults.push(format!("73 calls to Elastic Load Balancing took {time:?}"));
        }
        if faults.is_empty() {
            return;
        }
    }
    panic!("{faults:#?}");
}
