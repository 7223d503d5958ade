//! How many calls are in flight at once.
//!
//! AWS limits calls per account, Region and service, and the account's own automation draws on the same limits.
//! A lane is one of these. What a lane lets through and the API still refuses, the SDK's adaptive retries slow down;
//! they keep one rate for each lane, too.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// An AWS service that the collector calls.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Service {
    /// Account Management.
    Account,
    /// Application Auto Scaling.
    ApplicationAutoScaling,
    /// EC2 Auto Scaling.
    AutoScaling,
    /// DynamoDB.
    DynamoDb,
    /// The calls of DynamoDB about continuous backups, which have a limit of their own.
    DynamoDbBackups,
    /// Elastic Compute Cloud, and the network.
    Ec2,
    /// Elastic Load Balancing, both versions of its API.
    Elb,
    /// Identity and Access Management.
    Iam,
    /// Relational Database Service, and what shares its API.
    Rds,
    /// Route 53.
    Route53,
    /// Simple Storage Service.
    S3,
    /// Security Token Service.
    Sts,
    /// Resource Groups Tagging.
    Tagging,
}

impl Service {
    /// Calls in flight at once in one Region of one account.
    const fn concurrency(self) -> usize {
        match self {
            // Each of them is called once or twice, page by page.
            Self::Account | Self::ApplicationAutoScaling | Self::AutoScaling | Self::Iam | Self::Sts => 2,
            // What these let through is a matter of their rate.
            Self::DynamoDbBackups | Self::Ec2 | Self::Elb | Self::Route53 => 16,
            // 2,500 a second are allowed for descriptions of tables.
            Self::DynamoDb => 64,
            // Its limits are not published. Nine lists run, so one waits; a console page makes about as many.
            Self::Rds => 8,
            // Its limits are not published, and known to be in the thousands each second for requests to
            // objects. This is five calls about each of a hundred buckets at once, with room for the rest.
            Self::S3 => 512,
            // 15 a second are said to be allowed. Its pages follow each other, so one call runs at a time.
            Self::Tagging => 4,
        }
    }

    /// The rate that AWS documents, or has been seen to allow; none where the semaphore is enough.
    const fn rate(self) -> Option<Rate> {
        match self {
            // "DescribeContinuousBackups can be called at a maximum rate of ten times per second."
            Self::DynamoDbBackups => Some(Rate { per_second: 10, burst: 1 }),
            // Calls without pages, the strictest of its categories: a bucket of 50 that is refilled with 10 a second.
            Self::Ec2 => Some(Rate { per_second: 10, burst: 50 }),
            // "A maximum capacity of 40 tokens" for calls that read, refilled with 10 a second.
            Self::Elb => Some(Rate { per_second: 10, burst: 40 }),
            // "Five requests per second per AWS account", whoever makes them.
            Self::Route53 => Some(Rate { per_second: 5, burst: 1 }),
            _ => None,
        }
    }

    /// Name that the retries of a lane are counted under.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::ApplicationAutoScaling => "application-autoscaling",
            Self::AutoScaling => "autoscaling",
            Self::DynamoDb => "dynamodb",
            Self::DynamoDbBackups => "dynamodb-backups",
            Self::Ec2 => "ec2",
            Self::Elb => "elasticloadbalancing",
            Self::Iam => "iam",
            Self::Rds => "rds",
            Self::Route53 => "route53",
            Self::S3 => "s3",
            Self::Sts => "sts",
            Self::Tagging => "tag",
        }
    }
}

/// Calls that may be made each second, and at once after a pause.
#[derive(Clone, Copy, Debug)]
struct Rate {
    per_second: u32,
    burst: u32,
}

/// Spaces calls so that they stay within a rate.
#[derive(Debug)]
struct Pace {
    interval: Duration,
    /// How far calls may run ahead of their times.
    ahead: Duration,
    /// When the next call is due.
    next: Mutex<Instant>,
}

impl Pace {
    fn new(rate: Rate) -> Self {
        // Calls that left in time may arrive closer to each other; a twentieth makes up for that.
        let interval = Duration::from_secs(1) * 21 / 20 / rate.per_second;
        Self { interval, ahead: interval * (rate.burst - 1), next: Mutex::new(Instant::now()) }
    }

    /// When a call may be made that is ready now. Each answer takes a place in the line.
    fn due(&self, now: Instant) -> Instant {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let earliest = now.checked_sub(self.ahead).unwrap_or(now);
        let due = (*next).max(earliest);
        *next = due + self.interval;
        due.max(now)
    }
}

/// Calls to one service in one Region.
#[derive(Debug)]
pub(super) struct Lane {
    /// The Region.
    pub(super) region: String,
    permits: Semaphore,
    pace: Option<Pace>,
    throttled: AtomicBool,
    connections: Arc<Semaphore>,
}

/// Leave to make one call, until it is dropped.
pub(super) struct Permit<'a> {
    _lane: Option<SemaphorePermit<'a>>,
    _connection: Option<SemaphorePermit<'a>>,
}

impl Lane {
    /// Waits for its turn.
    pub(super) async fn enter(&self) -> Permit<'_> {
        // The semaphores are never closed, which is the only error of theirs.
        let lane = self.permits.acquire().await.ok();
        if let Some(pace) = &self.pace {
            tokio::time::sleep_until(pace.due(Instant::now())).await;
        }
        let connection = self.connections.acquire().await.ok();
        Permit { _lane: lane, _connection: connection }
    }

    /// Whether the last answer was a refusal for the rate limit.
    pub(super) fn is_throttled(&self) -> bool {
        self.throttled.load(Ordering::Relaxed)
    }

    /// Notes whether the last answer was a refusal for the rate limit.
    pub(super) fn set_throttled(&self, throttled: bool) {
        self.throttled.store(throttled, Ordering::Relaxed);
    }
}

/// The lanes of a scan.
#[derive(Debug)]
pub(super) struct Limiter {
    lanes: Mutex<HashMap<(Service, String), Arc<Lane>>>,
    connections: Arc<Semaphore>,
}

impl Limiter {
    /// Without lanes yet. Connections of all lanes together stay within the files that the process may open.
    pub(super) fn new() -> Self {
        let connections = Arc::new(Semaphore::new(connections()));
        Self { lanes: Mutex::new(HashMap::new()), connections }
    }

    /// The lane of a service in a Region.
    pub(super) fn lane(&self, service: Service, region: &str) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry((service, region.to_owned())).or_insert_with(|| {
            Arc::new(Lane {
                region: region.to_owned(),
                permits: Semaphore::new(service.concurrency()),
                pace: service.rate().map(Pace::new),
                throttled: AtomicBool::new(false),
                connections: Arc::clone(&self.connections),
            })
        });
        Arc::clone(lane)
    }
}

/// Connections to allow at once: most of the files that the process may open, after raising that number as far
/// as it goes. Shells give 1024 (Linux) or 256 (macOS), and a scan of three Regions wants 1,600.
#[cfg(unix)]
fn connections() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// As many as any account makes use of.
    const ENOUGH: u64 = 8192;
    let limit = getrlimit(Resource::Nofile);
    let maximum = limit.maximum.unwrap_or(ENOUGH).min(ENOUGH);
    let current = limit.current.unwrap_or(ENOUGH);
    if current < maximum {
        // A refusal leaves the limit as it is, which is read again below.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(maximum), maximum: limit.maximum });
    }
    let files = getrlimit(Resource::Nofile).current.unwrap_or(ENOUGH).min(ENOUGH);
    usize::try_from(files * 3 / 4).unwrap_or(usize::MAX).max(16)
}

/// Connections to allow at once.
#[cfg(not(unix))]
fn connections() -> usize {
    4096
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Pace, Rate};

    /// Seconds after a pause of a minute at which calls may be made that are all ready then.
    fn times(rate: Rate, calls: usize) -> Vec<f64> {
        let pace = Pace::new(rate);
        let now = Instant::now() + Duration::from_secs(60);
        (0..calls).map(|_| pace.due(now).duration_since(now).as_secs_f64()).collect()
    }

    #[test]
    fn no_second_has_more_calls_than_the_rate() {
        let times = times(Rate { per_second: 5, burst: 1 }, 20);
        for first in &times {
            let within = times.iter().filter(|time| (*first..first + 1.0).contains(*time)).count();
            assert!(within <= 5, "{within} calls from {first}");
        }
        assert!(times[19] < 4.1, "{times:?}");
    }

    #[test]
    fn after_a_pause_the_burst_is_allowed_and_then_the_rate() {
        let times = times(Rate { per_second: 10, burst: 40 }, 50);
        assert!(times[39] == 0.0, "{times:?}");
        assert!((0.9..1.2).contains(&times[49]), "{times:?}");
    }
}
