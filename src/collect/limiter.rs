//! How many calls are in flight at once.
//!
//! AWS limits calls per account, Region and service, and the account's own automation draws on the same limits.
//! A lane is one of these. What a lane lets through and the API still refuses, the SDK's adaptive retries slow down;
//! they keep one rate for each lane, too.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Semaphore, SemaphorePermit};
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
    /// AWS Backup.
    Backup,
    /// CloudFormation.
    CloudFormation,
    /// CloudTrail.
    CloudTrail,
    /// CloudWatch.
    CloudWatch,
    /// Data Lifecycle Manager.
    Dlm,
    /// Elastic Disaster Recovery.
    Drs,
    /// DynamoDB.
    DynamoDb,
    /// The calls of DynamoDB about continuous backups, which have a limit of their own.
    DynamoDbBackups,
    /// Elastic Compute Cloud, and the network.
    Ec2,
    /// Elastic File System.
    Efs,
    /// Elastic Load Balancing, both versions of its API.
    Elb,
    /// Fault Injection Service.
    Fis,
    /// Identity and Access Management.
    Iam,
    /// Key Management Service.
    Kms,
    /// Relational Database Service, and what shares its API.
    Rds,
    /// Region switch, of Application Recovery Controller.
    RegionSwitch,
    /// Resilience Hub.
    ResilienceHub,
    /// Route 53.
    Route53,
    /// Routing controls, of Application Recovery Controller.
    RoutingControl,
    /// Simple Storage Service.
    S3,
    /// Secrets Manager.
    SecretsManager,
    /// Security Token Service.
    Sts,
    /// Resource Groups Tagging.
    Tagging,
    /// Zonal shift, of Application Recovery Controller.
    ZonalShift,
}

impl Service {
    /// Calls in flight at once in one Region of one account.
    const fn concurrency(self) -> usize {
        match self {
            // Each of them is called once or twice, page by page.
            Self::Account
            | Self::ApplicationAutoScaling
            | Self::AutoScaling
            | Self::CloudFormation
            | Self::CloudWatch
            | Self::Drs
            | Self::Iam
            | Self::SecretsManager
            | Self::Sts
            | Self::ZonalShift => 2,
            // One call after the other: the rate is as low as that.
            Self::CloudTrail => 2,
            // Their limits are not published. Few accounts have more than some of what they ask about.
            Self::Efs | Self::Fis | Self::RegionSwitch | Self::ResilienceHub | Self::RoutingControl => 4,
            // Their limits are not published. A console page of a backup plan makes about as many calls.
            Self::Backup | Self::Dlm => 8,
            // Descriptions of keys have a quota of their own, 2,000 a second.
            Self::Kms => 16,
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
            // "The rate of lookup requests is limited to two per second, per account, per Region."
            Self::CloudTrail => Some(Rate { per_second: 2, burst: 1 }),
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
            Self::Backup => "backup",
            Self::CloudFormation => "cloudformation",
            Self::CloudTrail => "cloudtrail",
            Self::CloudWatch => "cloudwatch",
            Self::Dlm => "dlm",
            Self::Drs => "drs",
            Self::DynamoDb => "dynamodb",
            Self::DynamoDbBackups => "dynamodb-backups",
            Self::Ec2 => "ec2",
            Self::Efs => "elasticfilesystem",
            Self::Elb => "elasticloadbalancing",
            Self::Fis => "fis",
            Self::Iam => "iam",
            Self::Kms => "kms",
            Self::Rds => "rds",
            Self::RegionSwitch => "arc-region-switch",
            Self::ResilienceHub => "resiliencehub",
            Self::Route53 => "route53",
            Self::RoutingControl => "route53-recovery-control-config",
            Self::S3 => "s3",
            Self::SecretsManager => "secretsmanager",
            Self::Sts => "sts",
            Self::Tagging => "tag",
            Self::ZonalShift => "arc-zonal-shift",
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
    /// When the next call is due; none has left yet if there is no such time.
    next: Option<Instant>,
}

impl Pace {
    fn new(rate: Rate) -> Self {
        // Calls that left in time may arrive closer to each other; a twentieth makes up for that.
        let interval = Duration::from_secs(1) * 21 / 20 / rate.per_second;
        Self { interval, ahead: interval * (rate.burst - 1), next: None }
    }

    /// When a call may leave that is ready now.
    fn due(&self, now: Instant) -> Instant {
        self.next.map_or(now, |next| next.max(now))
    }

    /// Notes that a call leaves now. One that is late has those behind it leave later, too.
    fn leave(&mut self, now: Instant) {
        // The bucket is full after a pause, and before the first call the pause is long.
        let full = now.checked_sub(self.ahead).unwrap_or(now);
        self.next = Some(match self.next {
            Some(next) => next.max(full) + self.interval,
            // The first call opens a connection and arrives that much later, closer to those behind it.
            None => full + self.interval * 2,
        });
    }
}

/// Calls to one service in one Region.
#[derive(Debug)]
pub(super) struct Lane {
    /// The Region.
    pub(super) region: String,
    permits: Semaphore,
    pace: Option<AsyncMutex<Pace>>,
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
            let mut pace = pace.lock().await;
            let now = Instant::now();
            let due = pace.due(now);
            // Even a sleep of no time takes a millisecond, in which those of a burst would wait for each other.
            if due > now {
                tokio::time::sleep_until(due).await;
            }
            pace.leave(Instant::now());
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
                pace: service.rate().map(Pace::new).map(AsyncMutex::new),
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

    /// Seconds after a pause at which calls leave that are all ready then.
    fn times(pace: &mut Pace, pause: u64, calls: usize) -> Vec<f64> {
        let now = Instant::now() + Duration::from_secs(pause);
        let leave = |_| {
            let due = pace.due(now);
            pace.leave(due);
            due.duration_since(now).as_secs_f64()
        };
        (0..calls).map(leave).collect()
    }

    fn most_in_a_second(times: &[f64]) -> usize {
        let within = |first: &f64| times.iter().filter(|time| (*first..first + 1.0).contains(*time)).count();
        times.iter().map(within).max().unwrap_or(0)
    }

    #[test]
    fn no_second_has_more_calls_than_the_rate() {
        let mut times = times(&mut Pace::new(Rate { per_second: 5, burst: 1 }), 0, 20);
        assert_eq!(most_in_a_second(&times), 5, "{times:?}");
        assert!(times[19] < 4.3, "{times:?}");
        // The first opens the connection.
        times[0] += 0.2;
        assert_eq!(most_in_a_second(&times), 5, "{times:?}");
    }

    #[test]
    fn calls_behind_one_that_is_late_do_not_catch_up() {
        let mut pace = Pace::new(Rate { per_second: 5, burst: 1 });
        let begin = Instant::now();
        pace.leave(begin);
        let late = begin + Duration::from_secs(3);
        pace.leave(late);
        assert!(pace.due(late) > late + Duration::from_millis(200));
    }

    #[test]
    fn at_first_and_after_a_pause_the_burst_is_allowed_and_then_the_rate() {
        let mut pace = Pace::new(Rate { per_second: 10, burst: 40 });
        let first = times(&mut pace, 0, 50);
        assert!(first[38] == 0.0 && first[39] > 0.0, "{first:?}");
        assert!((0.9..1.2).contains(&first[49]), "{first:?}");
        let later = times(&mut pace, 60, 50);
        assert!(later[39] == 0.0 && later[40] > 0.0, "{later:?}");
        assert!((0.9..1.2).contains(&later[49]), "{later:?}");
    }
}
