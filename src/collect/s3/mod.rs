//! Buckets and their settings.

mod settings;

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::types;

use super::answer::{Failure, Unanswered};
use super::identity::Account;
use super::ledger::{gap, operation};
use super::scan::Scan;
use super::{at_once, timestamp};
use crate::snapshot::operation::Operation;
use crate::snapshot::s3::Bucket;
use crate::snapshot::{Attributes, GLOBAL, Gap, Kind, Outcome, Resource};

const LIST_BUCKETS: &Operation = operation("s3", "ListBuckets");
const HEAD_BUCKET: &Operation = operation("s3", "HeadBucket");

/// Buckets in a page. S3 says in which Region a bucket is only if the request has a parameter, so this one is
/// always sent; less than the most would only add pages.
const PAGE: i32 = 10_000;

/// Lists the buckets of all Regions.
pub(super) async fn list(scan: &Scan) -> Vec<types::Bucket> {
    let (client, lane) = scan.session.s3(scan.session.home());
    let listing = scan
        .list(
            LIST_BUCKETS,
            GLOBAL,
            &lane,
            |marker| client.list_buckets().max_buckets(PAGE).set_continuation_token(marker).send(),
            |page| (page.continuation_token, page.buckets),
        )
        .await;
    listing.items
}

/// A bucket and where it is.
struct Located {
    name: String,
    bucket: types::Bucket,
    /// Why it is not known where it is.
    region: Result<String, Failure>,
}

/// Collects the settings of the buckets in the Regions of the scan. The other buckets are in the snapshot, too,
/// with a gap for every setting: they are where buckets in scope replicate to.
pub(super) async fn collect(
    scan: &Arc<Scan>,
    account: &Account,
    buckets: Vec<types::Bucket>,
    regions: &BTreeSet<String>,
) -> Vec<Resource> {
    let buckets = locate(scan, buckets).await;
    let in_scope = |located: &Located| located.region.as_ref().is_ok_and(|region| regions.contains(region));
    scan.ledger.plan(settings::OPERATIONS.len() * buckets.iter().filter(|located| in_scope(located)).count());
    let mut resources = Vec::with_capacity(buckets.len());
    let mut pending = Vec::new();
    for located in buckets {
        let is_in_scope = in_scope(&located);
        let mut resource = resource(account, &located);
        match located.region {
            Ok(region) if is_in_scope => {
                let scan = Arc::clone(scan);
                pending.push(async move {
                    let (bucket, gaps) = settings::collect(&scan, &region, &located.name).await;
                    fill(&mut resource, bucket, gaps);
                    resource
                });
            }
            Ok(_) => {
                resource.gaps = unasked(&Failure::new(Outcome::Skipped, "RegionNotInScope"));
                resources.push(resource);
            }
            Err(failure) => {
                resource.gaps = unasked(&Failure::new(Outcome::Skipped, "UnknownRegion"));
                resource.gaps.push(gap(HEAD_BUCKET, failure));
                resources.push(resource);
            }
        }
    }
    let mut asked = at_once(pending).await;
    for region in regions {
        let here = asked.iter().filter(|bucket| bucket.region == *region);
        scan.ledger.enter_about(&settings::OPERATIONS, region, here.clone().count(), here, None);
    }
    resources.append(&mut asked);
    resources
}

/// Finds out where the buckets are that the list does not say it of.
async fn locate(scan: &Arc<Scan>, buckets: Vec<types::Bucket>) -> Vec<Located> {
    let mut located = Vec::with_capacity(buckets.len());
    let mut pending = Vec::new();
    for bucket in buckets {
        let Some(name) = bucket.name.clone() else { continue };
        match bucket.bucket_region.clone() {
            Some(region) => located.push(Located { name, bucket, region: Ok(region) }),
            None => {
                let scan = Arc::clone(scan);
                pending.push(async move {
                    let region = head(&scan, &name).await;
                    Located { name, bucket, region }
                });
            }
        }
    }
    if pending.is_empty() {
        return located;
    }
    scan.ledger.plan(pending.len());
    let mut headed = at_once(pending).await;
    let failures = headed.iter().filter_map(|located| located.region.as_ref().err());
    // The Region is what is asked for, so that the entry cannot be of one.
    scan.ledger.enter_together(HEAD_BUCKET, GLOBAL, headed.len(), failures.cloned().collect());
    located.append(&mut headed);
    located
}

/// Asks S3 in which Region a bucket is. It says so even to those whom it shows nothing else.
async fn head(scan: &Scan, bucket: &str) -> Result<String, Failure> {
    let home = scan.session.home();
    let (client, lane) = scan.session.s3(home);
    let region = match scan.send(&lane, || client.head_bucket().bucket(bucket).send()).await {
        Ok(answer) => {
            answer.bucket_region.ok_or_else(|| Failure::new(Outcome::Unsupported, "MissingBucketRegion"))
        }
        Err(unanswered) => region_header(&unanswered).ok_or_else(|| unanswered.failure(home)),
    };
    scan.ledger.finish(HEAD_BUCKET, GLOBAL, region.as_ref().err());
    region
}

fn region_header<E: ProvideErrorMetadata>(unanswered: &Unanswered<E>) -> Option<String> {
    let Unanswered::Error(error) = unanswered else { return None };
    error.raw_response()?.headers().get("x-amz-bucket-region").map(str::to_owned)
}

fn resource(account: &Account, located: &Located) -> Resource {
    let creation_date = located.bucket.creation_date.as_ref().map(timestamp);
    Resource {
        kind: Kind::Bucket,
        arn: format!("arn:{}:s3:::{}", account.partition, located.name),
        name: located.name.clone(),
        region: located.region.clone().unwrap_or_else(|_| GLOBAL.to_owned()),
        zones: Vec::new(),
        tags: None,
        attributes: Attributes::Bucket(Box::new(Bucket { creation_date, ..Bucket::default() })),
        gaps: Vec::new(),
    }
}

/// Puts the settings into the resource, which has the date from the list already.
fn fill(resource: &mut Resource, settings: Bucket, gaps: Vec<Gap>) {
    if let Attributes::Bucket(bucket) = &mut resource.attributes {
        **bucket = Bucket { creation_date: bucket.creation_date, ..settings };
    }
    resource.gaps = gaps;
}

fn unasked(failure: &Failure) -> Vec<Gap> {
    settings::OPERATIONS.iter().map(|operation| gap(operation, failure.clone())).collect()
}
