//! Collecting: asks AWS for the configuration of one account and makes a snapshot of it.
//!
//! The only place that knows the AWS SDK and its runtime. Data flows through the modules in this order: a
//! `session` has the credentials and clients, `identity` and `regions` find out where to look, the services (`rds`,
//! `s3`, …) and `tags` look there at once, through the lanes of the `limiter`; what became of a call is
//! judged in `answer` and entered in the `ledger`. A chain of calls that depend on each other is never longer than:
//! identity, list, pages of the list or settings of what was listed, and then what was measured of it and done to it.
//!
//! Once AWS has said whose account it is, nothing fails a scan. A call that fails is an entry of the ledger.

mod answer;
mod arc;
mod automation;
mod autoscaling;
mod backup;
mod cloudformation;
mod cloudtrail;
mod cloudwatch;
mod dlm;
mod drs;
mod dynamodb;
mod ec2;
mod efs;
mod elb;
mod error;
mod fis;
mod identity;
mod kms;
mod ledger;
mod limiter;
mod metric;
mod rds;
mod regions;
mod resiliencehub;
mod route53;
mod s3;
mod scan;
mod secretsmanager;
mod session;
mod tags;
mod zones;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::join;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub use error::Error;

use crate::snapshot::operation::Operation;
use crate::snapshot::{
    Attributes, Collector, Kind, Outcome, Resource, SCHEMA_VERSION, Scope, Snapshot, Timestamp,
};
use identity::Account;
use ledger::{Event, Ledger};
use scan::Scan;
use session::Session;
use tags::Tags;

/// What to collect, and as whom.
#[derive(Clone, Debug)]
pub struct Request {
    /// Profile of the AWS configuration files; the default credential chain if there is none.
    pub profile: Option<String>,
    /// Role to take with those credentials.
    pub role_arn: Option<String>,
    /// External id that the role asks for.
    pub external_id: Option<String>,
    /// Where all calls go instead of AWS. The environment and the profile may name endpoints, too.
    pub endpoint_url: Option<String>,
    /// Regions to scan; all that are enabled if it is empty.
    pub regions: Vec<String>,
    /// How long the scan may take. What has not ended by then is in the ledger as skipped.
    pub deadline: Duration,
    /// How long one attempt at a call may take.
    pub call_timeout: Duration,
}

/// Follows a scan. Every call that is planned is finished once; pages are one call. Both are called on the thread
/// that called [`collect`].
pub trait Progress {
    /// Calls will be made, besides those that were planned before.
    fn planned(&self, calls: u64);

    /// A planned call has ended.
    fn finished(&self, operation: &'static Operation, region: &str, outcome: Outcome);
}

/// Follows nothing.
impl Progress for () {
    fn planned(&self, _: u64) {}

    fn finished(&self, _: &'static Operation, _: &str, _: Outcome) {}
}

/// Collects a snapshot. It blocks until that is done, and starts threads of its own meanwhile; it must not be
/// called from a thread of an asynchronous runtime.
pub fn collect(request: &Request, progress: &dyn Progress) -> Result<Snapshot, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Runtime)?;
    let (sender, events) = channel();
    let scan = runtime.spawn(run(request.clone(), sender));
    // The channel closes when the scan has ended.
    for event in events {
        match event {
            Event::Planned(calls) => progress.planned(calls),
            Event::Finished(operation, region, outcome) => progress.finished(operation, &region, outcome),
        }
    }
    let snapshot = runtime.block_on(scan);
    // A name lookup cannot be interrupted, and may take longer than the deadline.
    runtime.shutdown_background();
    match snapshot.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(snapshot) => snapshot,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(cancelled)) => Err(Error::Runtime(std::io::Error::other(cancelled))),
    }
}

async fn run(request: Request, events: Sender<Event>) -> Result<Snapshot, Error> {
    let deadline = Instant::now() + request.deadline;
    let captured_at = now();
    let ledger = Ledger::new(events);
    let session = Session::open(&request).await?;
    let scan = Arc::new(Scan { session, ledger, deadline });
    scan.ledger.plan(4);
    let alias = spawn(&scan, async |scan| identity::alias(&scan).await);
    let buckets = spawn(&scan, async |scan| s3::list(&scan).await);
    let dns = spawn(&scan, async |scan| route53::collect(&scan).await);
    let listed = spawn(&scan, async |scan| regions::list(&scan).await);
    let account = identity::account(&scan).await?;
    let listed = joined(listed.await);
    let plan = regions::plan(&request.regions, listed.as_deref(), &account.partition)?;
    let owner = account.clone();
    let switches = spawn(&scan, async move |scan| arc::region_switch::collect(&scan, &owner).await);
    let owner = account.clone();
    let controls = spawn(&scan, async move |scan| {
        let mut found = arc::routing_control::collect(&scan, &owner).await;
        found.extend(cloudtrail::about_routing_controls(&scan, &owner, &found).await);
        found
    });
    let owner = account.clone();
    let dns = spawn(&scan, async move |scan| {
        let mut found = joined(dns.await);
        let (events, metrics) = join(
            cloudtrail::about_health_checks(&scan, &owner, &found),
            metric::of_health_checks(&scan, &owner, &found),
        )
        .await;
        found.extend(events);
        found.extend(metrics);
        found
    });

    let mut resources = JoinSet::new();
    let mut tags = JoinSet::new();
    for region in &plan.scope {
        if plan.disabled.contains(region) {
            skip_region(&scan, region);
            continue;
        }
        scan.ledger.plan(regional_operations().count());
        for service in REGIONAL {
            let (shared, place) = (Arc::clone(&scan), Place::new(&account, region));
            resources.spawn(async move { service.collect(&shared, &place).await });
        }
        let (shared, region) = (Arc::clone(&scan), region.clone());
        tags.spawn(async move {
            let tags = tags::collect(&shared, &region).await;
            (region, tags)
        });
    }
    let buckets = joined(buckets.await);
    let enabled: BTreeSet<String> =
        plan.scope.iter().filter(|region| !plan.disabled.contains(region)).cloned().collect();
    let mut found = s3::collect(&scan, &account, buckets, &enabled).await;
    found.extend(metric::of_buckets(&scan, &account, &enabled, &found).await);
    while let Some(more) = resources.join_next().await {
        found.extend(joined(more));
    }
    let mut tags_by_region = HashMap::new();
    while let Some(tags) = tags.join_next().await {
        tags_by_region.extend([joined(tags)]);
    }
    for global in [dns, switches, controls] {
        found.extend(joined(global.await));
    }
    rds::trace_snapshots(&mut found);
    ec2::trace_snapshots(&mut found);
    zones::join(&mut found);
    join_tags(&mut found, &tags_by_region);
    Ok(Snapshot {
        schema_version: SCHEMA_VERSION,
        captured_at,
        collector: Collector::this(),
        scope: Scope {
            partition: account.partition,
            account: account.id,
            alias: joined(alias.await),
            regions: plan.scope,
        },
        coverage: scan.ledger.take(),
        resources: in_order(found),
    })
}

/// A service whose resources are in Regions.
#[derive(Clone, Copy, Debug)]
enum Regional {
    AutoScaling,
    Automation,
    Backup,
    CloudFormation,
    CloudWatch,
    Dlm,
    Drs,
    DynamoDb,
    Ec2,
    Efs,
    Elb,
    Fis,
    Kms,
    Rds,
    ResilienceHub,
    SecretsManager,
    ZonalShift,
}

/// Every service whose resources are in Regions.
const REGIONAL: [Regional; 17] = [
    Regional::AutoScaling,
    Regional::Automation,
    Regional::Backup,
    Regional::CloudFormation,
    Regional::CloudWatch,
    Regional::Dlm,
    Regional::Drs,
    Regional::DynamoDb,
    Regional::Ec2,
    Regional::Efs,
    Regional::Elb,
    Regional::Fis,
    Regional::Kms,
    Regional::Rds,
    Regional::ResilienceHub,
    Regional::SecretsManager,
    Regional::ZonalShift,
];

impl Regional {
    /// The calls that are made in each Region, whatever is there.
    const fn operations(self) -> &'static [&'static Operation] {
        match self {
            Self::AutoScaling => &autoscaling::OPERATIONS,
            Self::Automation => &automation::OPERATIONS,
            Self::Backup => &backup::OPERATIONS,
            Self::CloudFormation => &cloudformation::OPERATIONS,
            Self::CloudWatch => &cloudwatch::OPERATIONS,
            Self::Dlm => &dlm::OPERATIONS,
            Self::Drs => &drs::OPERATIONS,
            Self::DynamoDb => &dynamodb::OPERATIONS,
            Self::Ec2 => &ec2::OPERATIONS,
            Self::Efs => &efs::OPERATIONS,
            Self::Elb => &elb::OPERATIONS,
            Self::Fis => &fis::OPERATIONS,
            Self::Kms => &kms::OPERATIONS,
            Self::Rds => &rds::OPERATIONS,
            Self::ResilienceHub => &resiliencehub::OPERATIONS,
            Self::SecretsManager => &secretsmanager::OPERATIONS,
            Self::ZonalShift => &arc::zonal_shift::OPERATIONS,
        }
    }

    async fn collect(self, scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
        match self {
            Self::AutoScaling => autoscaling::collect(scan, place).await,
            Self::Automation => {
                let mut found = automation::collect(scan, place).await;
                found.extend(metric::in_region(scan, place, &metric::FUNCTIONS, &found).await);
                found
            }
            Self::Backup => backup::collect(scan, place).await,
            Self::CloudFormation => cloudformation::collect(scan, place).await,
            Self::CloudWatch => cloudwatch::collect(scan, place).await,
            Self::Dlm => dlm::collect(scan, place).await,
            Self::Drs => drs::collect(scan, place).await,
            Self::DynamoDb => dynamodb::collect(scan, place).await,
            Self::Ec2 => ec2::collect(scan, place).await,
            Self::Efs => efs::collect(scan, place).await,
            Self::Elb => elb::collect(scan, place).await,
            Self::Fis => fis::collect(scan, place).await,
            Self::Kms => kms::collect(scan, place).await,
            Self::Rds => {
                let mut found = rds::collect(scan, place).await;
                let is_there = found.iter().any(|it| matches!(it.kind, Kind::DbInstance | Kind::DbCluster));
                let (events, metrics) = join(
                    cloudtrail::in_region(scan, place, &cloudtrail::DATABASES, is_there),
                    metric::in_region(scan, place, &metric::DATABASES, &found),
                )
                .await;
                found.extend(events);
                found.extend(metrics);
                found
            }
            Self::ResilienceHub => resiliencehub::collect(scan, place).await,
            Self::SecretsManager => secretsmanager::collect(scan, place).await,
            Self::ZonalShift => arc::zonal_shift::collect(scan, place).await,
        }
    }
}

/// The calls that are made in each Region, whatever is there.
fn regional_operations() -> impl Iterator<Item = &'static Operation> {
    let services = REGIONAL.into_iter().flat_map(|service| service.operations().iter().copied());
    services.chain([tags::GET_RESOURCES])
}

/// Runs something beside the rest of the scan.
fn spawn<T, F>(scan: &Arc<Scan>, work: impl FnOnce(Arc<Scan>) -> F) -> tokio::task::JoinHandle<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    tokio::spawn(work(Arc::clone(scan)))
}

/// Does several things at once, and gives their results in any order.
async fn at_once<T, F>(work: impl IntoIterator<Item = F>) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut pending: JoinSet<T> = work.into_iter().collect();
    let mut results = Vec::with_capacity(pending.len());
    while let Some(result) = pending.join_next().await {
        results.push(joined(result));
    }
    results
}

/// The result of a task. Tasks are not cancelled before their results are taken, so that the only error is a
/// panic, which goes on here.
fn joined<T>(result: Result<T, tokio::task::JoinError>) -> T {
    result.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// Where resources are.
#[derive(Clone, Debug)]
struct Place {
    account: Account,
    region: String,
}

impl Place {
    fn new(account: &Account, region: &str) -> Self {
        Self { account: account.clone(), region: region.to_owned() }
    }

    /// ARN of a resource here that the API gave none for.
    fn arn(&self, service: &str, resource: &str) -> String {
        let Account { partition, id } = &self.account;
        format!("arn:{partition}:{service}:{}:{id}:{resource}", self.region)
    }

    /// Whether the account is the owner, as far as the API says who is.
    fn is_owner(&self, owner: Option<&str>) -> bool {
        owner.is_none_or(|owner| owner == self.account.id)
    }

    /// A resource here, without zones, tags and gaps, which those set that know them.
    fn resource(&self, kind: Kind, arn: String, name: String, attributes: Attributes) -> Resource {
        Resource {
            kind,
            arn,
            name,
            region: self.region.clone(),
            zones: Vec::new(),
            tags: None,
            attributes,
            gaps: Vec::new(),
        }
    }
}

/// Enters the calls of a Region that is not enabled; none of them could be answered.
fn skip_region(scan: &Scan, region: &str) {
    let failure = answer::Failure::new(Outcome::RegionDisabled, "RegionNotEnabled");
    for operation in regional_operations() {
        scan.ledger.enter(operation, region, 0, Some(&failure));
    }
}

fn join_tags(resources: &mut [Resource], by_region: &HashMap<String, Tags>) {
    for resource in resources {
        if let Some(tags) = by_region.get(&resource.region) {
            tags.join(resource);
        }
    }
}

/// Sorts resources and drops what was seen from several Regions; the first of the same ARN stays.
fn in_order(mut resources: Vec<Resource>) -> Vec<Resource> {
    // Stable, so that what the collectors put first stays first.
    resources.sort_by(|one, other| (one.kind.as_str(), &one.arn).cmp(&(other.kind.as_str(), &other.arn)));
    let mut seen = HashSet::with_capacity(resources.len());
    resources.retain(|resource| seen.insert(resource.arn.clone()));
    resources
}

/// Text that is there. XML has no other sign for "none" than an element that is absent or empty.
fn text(value: Option<String>) -> Option<String> {
    value.filter(|text| !text.is_empty())
}

/// Texts in order, each once.
fn sorted(texts: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut texts: Vec<String> = texts.into_iter().collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

fn instant(value: Option<aws_smithy_types::DateTime>) -> Option<Timestamp> {
    value.as_ref().map(timestamp)
}

/// An instant of the SDK as the snapshot has it.
fn timestamp(instant: &aws_smithy_types::DateTime) -> Timestamp {
    Timestamp::from_unix_seconds(instant.secs())
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_unix_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
