//! The settings of buckets. S3 gives them only where a bucket is, and says elsewhere where that is.

use super::page::number_of;
use super::{Stub, item};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

/// Answers what is asked about a bucket.
pub(super) fn answer(stub: &Stub, request: &Request, bucket: &str) -> Reply {
    let Some(number) = number_of(bucket).filter(|number| *number < stub.size.buckets) else {
        return Reply::error(request, 404, "NoSuchBucket", "The specified bucket does not exist");
    };
    let region = stub.size.region_of_bucket(number);
    if request.region != region {
        let message =
            "The bucket you are attempting to access must be addressed using the specified endpoint";
        return Reply::error(request, 301, "PermanentRedirect", message)
            .header("x-amz-bucket-region", region);
    }
    // A bucket with an even number has nothing set that need not be.
    let is_set = !number.is_multiple_of(2);
    let (template, unset) = match request.operation.as_str() {
        "HeadBucket" => {
            return Reply::new(200, "application/xml", "").header("x-amz-bucket-region", region);
        }
        "GetBucketVersioning" => (include_str!("responses/s3/GetBucketVersioning.xml"), None),
        "GetBucketEncryption" => (include_str!("responses/s3/GetBucketEncryption.xml"), None),
        "GetBucketReplication" => (
            include_str!("responses/s3/GetBucketReplication.xml"),
            Some("ReplicationConfigurationNotFoundError"),
        ),
        "GetBucketLifecycleConfiguration" => (
            include_str!("responses/s3/GetBucketLifecycleConfiguration.xml"),
            Some("NoSuchLifecycleConfiguration"),
        ),
        "GetObjectLockConfiguration" => (
            include_str!("responses/s3/GetObjectLockConfiguration.xml"),
            Some("ObjectLockConfigurationNotFoundError"),
        ),
        _ => return Reply::html(404),
    };
    match unset.filter(|_| !is_set) {
        Some(code) => Reply::error(request, 404, code, "It is not set"),
        None => stub.reply(request, template, item(number)),
    }
}
