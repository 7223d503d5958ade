//! The few metrics that decide a verdict. A call is billed by the metrics that it asks for, so no others are read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aws_sdk_cloudwatch::types::{Dimension, MetricDataQuery, MetricStat};
use aws_smithy_types::DateTime;

use super::answer::Failure;
use super::identity::Account;
use super::ledger::operation;
use super::scan::Scan;
use super::{Place, at_once, now, regions};
use crate::snapshot::arn::Arn;
use crate::snapshot::cloudwatch::Metric;
use crate::snapshot::operation::Operation;
use crate::snapshot::rds::DbInstanceRole;
use crate::snapshot::s3::{Bucket, ReplicationRule};
use crate::snapshot::{Attributes, GLOBAL, Kind, Resource};

/// What is asked about, and by what listing it is known whether there is any of it.
pub(super) struct About {
    /// How the entry is called.
    operation: &'static Operation,
    /// What lists such things.
    listing: &'static Operation,
}

/// Databases.
pub(super) const DATABASES: About = About {
    operation: operation("cloudwatch", "GetDatabaseMetricData"),
    listing: operation("rds", "DescribeDBInstances"),
};

/// Functions.
pub(super) const FUNCTIONS: About = About {
    operation: operation("cloudwatch", "GetFunctionMetricData"),
    listing: operation("tag", "GetAutomationResources"),
};

/// Health checks, which are in no Region.
const HEALTH_CHECKS: About = About {
    operation: operation("cloudwatch", "GetHealthCheckMetricData"),
    listing: operation("route53", "ListHealthChecks"),
};

/// Buckets.
const BUCKETS: About = About {
    operation: operation("cloudwatch", "GetBucketMetricData"),
    listing: operation("s3", "ListBuckets"),
};

/// Metrics in a call: the most that the API allows.
const QUERIES: usize = 500;

const HOUR: i32 = 3600;
const DAY: i32 = 24 * HOUR;

/// By how far back to look, which is the same for a whole call.
type ByWindow = BTreeMap<i64, Vec<Metric>>;

/// Reads the metrics of what was found in a Region.
pub(super) async fn in_region(
    scan: &Scan,
    place: &Place,
    about: &About,
    found: &[Resource],
) -> Vec<Resource> {
    let followers = Followers::of(found);
    let mut asked = ByWindow::new();
    for metric in found.iter().flat_map(|resource| deciding(resource, &followers)) {
        asked.entry(metric.window).or_default().push(metric);
    }
    let cut_short = scan.ledger.is_cut_short(&[about.listing], &place.region);
    read_all(scan, place, about, asked, cut_short).await
}

/// Reads the metrics of health checks.
pub(super) async fn of_health_checks(scan: &Scan, account: &Account, found: &[Resource]) -> Vec<Resource> {
    in_region(scan, &Place::new(account, GLOBAL), &HEALTH_CHECKS, found).await
}

/// Reads the metrics of buckets, in the Regions of the scan.
pub(super) async fn of_buckets(
    scan: &Arc<Scan>,
    account: &Account,
    enabled: &BTreeSet<String>,
    found: &[Resource],
) -> Vec<Resource> {
    let followers = Followers::of(found);
    let mut asked: BTreeMap<&str, ByWindow> =
        enabled.iter().map(|region| (region.as_str(), ByWindow::new())).collect();
    for resource in found {
        for metric in deciding(resource, &followers) {
            let region = followers.region_of(&metric, resource);
            if let Some(by_window) = region.and_then(|region| asked.get_mut(region)) {
                by_window.entry(metric.window).or_default().push(metric);
            }
        }
    }
    // What is not known to be replicated is not asked about.
    let is_unclear = |resource: &Resource| match &resource.attributes {
        Attributes::Bucket(bucket) => bucket.replication.is_none(),
        _ => false,
    };
    let cut_short = scan.ledger.is_cut_short(&[BUCKETS.listing], GLOBAL) || found.iter().any(is_unclear);
    let in_regions = asked.into_iter().map(|(region, by_window)| {
        let (scan, place) = (Arc::clone(scan), Place::new(account, region));
        async move { read_all(&scan, &place, &BUCKETS, by_window, cut_short).await }
    });
    at_once(in_regions).await.into_iter().flatten().collect()
}

/// What follows something else, which it does not say of itself.
#[derive(Default)]
struct Followers<'a> {
    /// ARNs of the clusters of global databases that take no writes.
    secondaries: BTreeSet<&'a str>,
    /// ARNs of the buckets that are a source or a destination of replication.
    replicated: BTreeSet<&'a str>,
    /// Regions of buckets by name.
    buckets: BTreeMap<&'a str, &'a str>,
}

impl<'a> Followers<'a> {
    fn of(found: &'a [Resource]) -> Self {
        let mut followers = Self::default();
        for resource in found {
            match &resource.attributes {
                Attributes::GlobalCluster(global) => {
                    let members = global.global_cluster_members.iter();
                    let secondaries = members.filter(|member| member.is_writer == Some(false));
                    followers.secondaries.extend(secondaries.map(|member| member.db_cluster_arn.as_str()));
                }
                Attributes::Bucket(bucket) => {
                    followers.buckets.insert(&resource.name, &resource.region);
                    for rule in in_force(bucket) {
                        followers.replicated.insert(&resource.arn);
                        followers.replicated.extend(rule.destination_bucket.as_deref());
                    }
                }
                _ => {}
            }
        }
        followers
    }

    /// Where a metric of a resource is. How far a replica is behind is known where the replica is.
    fn region_of(&self, metric: &Metric, resource: &'a Resource) -> Option<&'a str> {
        match metric.dimensions.get("DestinationBucket") {
            Some(bucket) => self.buckets.get(bucket.as_str()).copied(),
            None => Some(&resource.region),
        }
    }
}

fn in_force(bucket: &Bucket) -> impl Iterator<Item = &ReplicationRule> {
    let rules = bucket.replication.iter().flat_map(|replication| &replication.rules);
    rules.filter(|rule| rule.enabled == Some(true))
}

/// The metrics of a resource that say what its settings cannot.
fn deciding(resource: &Resource, followers: &Followers<'_>) -> Vec<Metric> {
    let metric = |namespace: &str, name: &str, dimensions: &[(&str, &str)]| Metric {
        namespace: namespace.to_owned(),
        metric_name: name.to_owned(),
        dimensions: dimensions
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        resource_arn: resource.arn.clone(),
        statistic: "Maximum".to_owned(),
        period: HOUR,
        window: i64::from(DAY),
        samples: 0,
        value: None,
    };
    let name = resource.name.as_str();
    match &resource.attributes {
        Attributes::DbInstance(instance) => {
            let dimensions = [("DBInstanceIdentifier", name)];
            let lag = metric("AWS/RDS", "ReplicaLag", &dimensions);
            let space = Metric {
                statistic: "Minimum".to_owned(),
                ..metric("AWS/RDS", "FreeStorageSpace", &dimensions)
            };
            // Members of clusters share storage that grows by itself.
            let is_alone = resource.kind == Kind::DbInstance && instance.db_cluster_identifier.is_none();
            let can_fill = is_alone && instance.max_allocated_storage.is_none();
            let lag = (instance.role == DbInstanceRole::ReadReplica).then_some(lag);
            lag.into_iter().chain(can_fill.then_some(space)).collect()
        }
        Attributes::DbCluster(_) if followers.secondaries.contains(resource.arn.as_str()) => {
            vec![metric("AWS/RDS", "AuroraGlobalDBReplicationLag", &[("DBClusterIdentifier", name)])]
        }
        Attributes::HealthCheck(_) => {
            vec![metric("AWS/Route53", "HealthCheckStatus", &[("HealthCheckId", name)])]
        }
        Attributes::Bucket(bucket) if followers.replicated.contains(resource.arn.as_str()) => {
            let objects = [("BucketName", name), ("StorageType", "AllStorageTypes")];
            let objects = Metric {
                statistic: "Average".to_owned(),
                period: DAY,
                // It is there once a day, and late.
                window: 3 * i64::from(DAY),
                ..metric("AWS/S3", "NumberOfObjects", &objects)
            };
            let latencies = in_force(bucket).filter(|rule| rule.metrics == Some(true)).filter_map(|rule| {
                let destination = Arn::parse(rule.destination_bucket.as_deref()?)?.resource;
                let of = [
                    ("SourceBucket", name),
                    ("DestinationBucket", destination),
                    ("RuleId", rule.id.as_deref()?),
                ];
                Some(metric("AWS/S3", "ReplicationLatency", &of))
            });
            latencies.chain([objects]).collect()
        }
        Attributes::Automation(_) if resource.kind == Kind::LambdaFunction => {
            let runs = |which: &str| Metric {
                statistic: "Sum".to_owned(),
                period: DAY,
                // A quarter, which is how often drills are due.
                window: 92 * i64::from(DAY),
                ..metric("AWS/Lambda", which, &[("FunctionName", name)])
            };
            vec![runs("Invocations"), runs("Errors")]
        }
        _ => Vec::new(),
    }
}

/// Reads the metrics of a Region, and makes one entry.
async fn read_all(
    scan: &Scan,
    place: &Place,
    about: &About,
    by_window: ByWindow,
    cut_short: bool,
) -> Vec<Resource> {
    let asked: usize = by_window.values().map(Vec::len).sum();
    scan.ledger.plan(by_window.values().map(|metrics| metrics.len().div_ceil(QUERIES)).sum());
    let mut read = Vec::with_capacity(asked);
    let mut failures = Vec::new();
    for (window, metrics) in by_window {
        for chunk in metrics.chunks(QUERIES) {
            let failure = read_chunk(scan, place, window, chunk, &mut read).await.err();
            scan.ledger.finish(about.operation, &place.region, failure.as_ref());
            failures.extend(failure.into_iter().flat_map(|failure| vec![failure; chunk.len()]));
        }
    }
    if cut_short {
        let failure = Failure::incomplete_listing();
        scan.ledger.enter(about.operation, &place.region, read.len(), Some(&failure));
    } else {
        scan.ledger.enter_together(about.operation, &place.region, asked, failures);
    }
    read
}

/// Reads some metrics in one call and its pages.
async fn read_chunk(
    scan: &Scan,
    place: &Place,
    window: i64,
    metrics: &[Metric],
    read: &mut Vec<Resource>,
) -> Result<(), Failure> {
    // What is in no Region is measured in that of the global services.
    let region = match place.region.as_str() {
        GLOBAL => regions::of_global(&place.account.partition),
        region => region,
    };
    let (client, lane) = scan.session.cloudwatch(region);
    let queries: Vec<MetricDataQuery> =
        metrics.iter().enumerate().map(|(index, metric)| query(index, metric)).collect();
    let end = now().unix_seconds();
    let listing = scan
        .pages(
            &lane,
            |marker| {
                client
                    .get_metric_data()
                    .set_metric_data_queries(Some(queries.clone()))
                    .start_time(DateTime::from_secs(end - window))
                    .end_time(DateTime::from_secs(end))
                    .set_next_token(marker)
                    .send()
            },
            |page| (page.next_token, page.metric_data_results),
        )
        .await;
    if let Some(failure) = listing.failure {
        return Err(failure);
    }
    // The samples of one metric may come in several pages.
    let mut samples: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for result in listing.items {
        let Some(id) = result.id else { continue };
        samples.entry(id).or_default().extend(result.values.into_iter().flatten());
    }
    for (index, metric) in metrics.iter().enumerate() {
        let samples = samples.remove(&id(index)).unwrap_or_default();
        read.push(resource(place, metric.clone(), &samples));
    }
    Ok(())
}

/// Name of a query in its call. It has to begin with a small letter.
fn id(index: usize) -> String {
    format!("m{index}")
}

fn query(index: usize, metric: &Metric) -> MetricDataQuery {
    let dimensions =
        metric.dimensions.iter().map(|(name, value)| Dimension::builder().name(name).value(value).build());
    let named = aws_sdk_cloudwatch::types::Metric::builder()
        .namespace(&metric.namespace)
        .metric_name(&metric.metric_name)
        .set_dimensions(Some(dimensions.collect()));
    let stat =
        MetricStat::builder().metric(named.build()).period(metric.period).stat(&metric.statistic).build();
    MetricDataQuery::builder().id(id(index)).metric_stat(stat).return_data(true).build()
}

fn resource(place: &Place, metric: Metric, samples: &[f64]) -> Resource {
    let value = over_all(&metric.statistic, samples);
    let Metric { namespace, metric_name, resource_arn, dimensions, .. } = &metric;
    // A bucket has a latency for each rule.
    let rule = dimensions.get("RuleId").map(|rule| format!("/{rule}")).unwrap_or_default();
    let arn = place.arn("cloudwatch", &format!("metric/{namespace}/{metric_name}/{resource_arn}{rule}"));
    let name = metric_name.clone();
    let attributes = Metric { samples: samples.len(), value, ..metric };
    place.resource(Kind::Metric, arn, name, Attributes::Metric(Box::new(attributes)))
}

/// The statistic over samples that each are the same statistic of their own time.
fn over_all(statistic: &str, samples: &[f64]) -> Option<f64> {
    let sum = samples.iter().sum::<f64>();
    match statistic {
        "Maximum" => samples.iter().copied().reduce(f64::max),
        "Minimum" => samples.iter().copied().reduce(f64::min),
        // What is not called has no samples.
        "Sum" => Some(sum),
        #[expect(clippy::cast_precision_loss, reason = "there are fewer samples than hours in a century")]
        _ => (!samples.is_empty()).then(|| sum / samples.len() as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::over_all;

    #[test]
    fn samples_are_put_together_as_they_were_made() {
        let samples = [2.0, 4.0, 3.0];
        assert_eq!(over_all("Maximum", &samples), Some(4.0));
        assert_eq!(over_all("Minimum", &samples), Some(2.0));
        assert_eq!(over_all("Average", &samples), Some(3.0));
        assert_eq!(over_all("Sum", &samples), Some(9.0));
    }

    #[test]
    fn nothing_was_measured_or_nothing_happened() {
        for statistic in ["Maximum", "Minimum", "Average"] {
            assert_eq!(over_all(statistic, &[]), None, "{statistic}");
        }
        assert_eq!(over_all("Sum", &[]), Some(0.0));
    }
}
