//! How many calls are in flight at once.
//!
//! AWS limits calls per account, Region and service, and the account's own automation draws on the same limits.
//! A lane is one of these. What a lane's semaphore lets through and the API still refuses, the SDK's adaptive
//! retries slow down; they keep one rate for each lane, too.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// An AWS service that the collector calls.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Service {
    /// Account Management.
    Account,
    /// Identity and Access Management.
    Iam,
    /// Relational Database Service, and what shares its API.
    Rds,
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
            Self::Account | Self::Iam | Self::Sts => 2,
            // Its limits are not published. Nine lists run, so one waits; a console page makes about as many.
            Self::Rds => 8,
            // Its limits are not published, and known to be in the thousands each second for requests to
            // objects. This is five calls about each of a hundred buckets at once, with room for the rest.
            Self::S3 => 512,
            // 15 a second are said to be allowed. Its pages follow each other, so one call runs at a time.
            Self::Tagging => 4,
        }
    }

    /// Name that the retries of a lane are counted under.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Iam => "iam",
            Self::Rds => "rds",
            Self::S3 => "s3",
            Self::Sts => "sts",
            Self::Tagging => "tag",
        }
    }
}

/// Calls to one service in one Region.
#[derive(Debug)]
pub(super) struct Lane {
    /// The Region.
    pub(super) region: String,
    permits: Semaphore,
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
