//! An HTTP gateway that tests put between the scanner and a server.
//!
//! It logs every AWS request, and rules decide what becomes of it:
//!
//! ```ignore
//! let gateway = Gateway::to(moto());
//! gateway.on(rds("DescribeDBClusterAutomatedBackups")).reply(Reply::html(500));
//! gateway.on(s3("GetBucketReplication").bucket("locked")).deny();
//! gateway.on(anything().region("eu-west-1")).times(2).throttle();
//! assert_eq!(gateway.count(rds("DescribeDBInstances")), 1);
//! ```
//!
//! The first rule that matches answers; a rule for latency only delays and lets the next ones answer.
//! Without a rule a request goes to the upstream server of its service, or to the stub's handler.

mod exchange;
mod rules;

use std::collections::{BTreeMap, HashMap};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

pub(crate) use self::exchange::Reply;
pub(crate) use self::rules::{
    Match, account, anything, dynamodb, iam, rds, route53, s3, service, sts, tagging,
};
use self::rules::{NewRule, Rule};
use super::runtime;
use super::server::Server;
use super::wire::Request;

/// A running gateway. It stops listening when it is dropped.
pub(crate) struct Gateway {
    address: SocketAddr,
    shared: Arc<Shared>,
    listener: AbortHandle,
}

/// What answers a request that no rule answers.
enum Origin {
    Servers { default: Upstream, by_service: HashMap<String, Upstream> },
    Stub(Box<Handler>),
}

type Handler = dyn Fn(&Request) -> Reply + Send + Sync;

/// A server behind the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Upstream {
    address: SocketAddr,
    key_is_account: bool,
}

impl From<&Server> for Upstream {
    fn from(server: &Server) -> Self {
        Self { address: server.address(), key_is_account: server.kind().key_is_account() }
    }
}

/// What the connections of a gateway share with its owner.
struct Shared {
    origin: Origin,
    rules: Mutex<Vec<Rule>>,
    log: Mutex<Vec<Request>>,
    in_flight: Mutex<HashMap<(String, String), Load>>,
}

/// How many requests of one service and Region are, and at most were, unanswered at once.
#[derive(Debug, Default, Clone, Copy)]
struct Load {
    now: usize,
    peak: usize,
}

impl Gateway {
    /// A gateway to one server.
    pub(crate) fn to(server: &Server) -> Self {
        Self::routing(server, [])
    }

    /// A gateway to several servers, by signing name. The account is the same on all of them, whatever the
    /// servers know it by; tags come from all of them.
    pub(crate) fn routing<'a>(
        default: &Server,
        others: impl IntoIterator<Item = (&'a str, &'a Server)>,
    ) -> Self {
        let by_service =
            others.into_iter().map(|(service, server)| (service.to_owned(), server.into())).collect();
        Self::start(Origin::Servers { default: default.into(), by_service })
    }

    /// A gateway with no server behind it: what no rule answers is the page of a service that is not there.
    pub(crate) fn alone() -> Self {
        Self::stub(|_| Reply::html(404))
    }

    /// A gateway whose requests a function answers, for accounts too large or too odd to seed.
    pub(crate) fn stub(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::start(Origin::Stub(Box::new(handler)))
    }

    fn start(origin: Origin) -> Self {
        let shared = Arc::new(Shared {
            origin,
            rules: Mutex::default(),
            log: Mutex::default(),
            in_flight: Mutex::default(),
        });
        let listener = runtime()
            .block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
            .expect("the machine has a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let listener = runtime().spawn(accept(listener, Arc::clone(&shared))).abort_handle();
        Self { address, shared, listener }
    }

    /// The endpoint URL for an SDK, the CLI or the scanner.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Begins a rule for the requests that match.
    pub(crate) fn on(&self, matching: Match) -> NewRule<'_> {
        NewRule::new(&self.shared.rules, matching)
    }

    /// Every request so far, in order of arrival.
    pub(crate) fn log(&self) -> Vec<Request> {
        lock(&self.shared.log).clone()
    }

    /// The requests so far that match.
    pub(crate) fn requests(&self, matching: Match) -> Vec<Request> {
        lock(&self.shared.log).iter().filter(|request| matching.matches(request)).cloned().collect()
    }

    /// How many requests so far match.
    pub(crate) fn count(&self, matching: Match) -> usize {
        self.requests(matching).len()
    }

    /// How many requests so far there were of each (service, Region, operation).
    pub(crate) fn counts(&self) -> BTreeMap<(String, String, String), usize> {
        let mut counts = BTreeMap::new();
        for request in self.log() {
            *counts.entry((request.service, request.region, request.operation)).or_default() += 1;
        }
        counts
    }

    /// How many requests of a service in a Region were unanswered at once, at most.
    pub(crate) fn peak(&self, service: &str, region: &str) -> usize {
        lock(&self.shared.in_flight).get(&(service.into(), region.into())).map_or(0, |load| load.peak)
    }

    /// Forgets the requests so far, so that a test counts those of the scan and not those that seeded.
    pub(crate) fn clear_log(&self) {
        lock(&self.shared.log).clear();
        lock(&self.shared.in_flight).values_mut().for_each(|load| load.peak = load.now);
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(|request: hyper::Request<Incoming>| exchange::answer(&shared, request));
            // A client that hangs up, and a rule that does, end here as errors that nobody needs.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// A test that panics while it holds a lock has failed already; the others go on.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
