//! The call ledger as the snapshot keeps it: what was asked of AWS and what became of it.
//!
//! Absent, denied and failed are three different things. A setting that does not exist is a value in the
//! resource; a call that was denied or failed is an entry here (for a listing) or a [`Gap`] on the resource
//! (for a call about one resource), and no policy may take either for a pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a call.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The API answered; an answer with nothing in it is an answer.
    Collected,
    /// The caller may not make this call: an IAM, resource or service control policy, or expired credentials.
    Denied,
    /// The API kept refusing for its rate limit until the retries or the deadline ran out.
    Throttled,
    /// Anything else: a time-out, a connection that broke, a server error, an answer that does not parse.
    Failed,
    /// The Region is not enabled for the account.
    RegionDisabled,
    /// What answered is not this API: the service does not exist in the Region, or a page that is not AWS's.
    Unsupported,
    /// The call was not made, because one that it depends on had failed or the deadline had passed.
    Skipped,
}

impl Outcome {
    /// The word that snapshots and reports use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Collected => "collected",
            Self::Denied => "denied",
            Self::Throttled => "throttled",
            Self::Failed => "failed",
            Self::RegionDisabled => "region_disabled",
            Self::Unsupported => "unsupported",
            Self::Skipped => "skipped",
        }
    }
}

/// One operation in one Region. Pages are one call here; calls about single resources are one entry for the
/// Region of those resources, `collected` when they could be made, and what failed is a [`Gap`] on its resource.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// IAM prefix of the service, such as `rds`.
    pub service: String,
    /// API name of the operation, such as `DescribeDBInstances`.
    pub operation: String,
    /// Region, or `global`.
    pub region: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Error code of the API, for any outcome but `collected`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Number of resources that the answer held.
    #[serde(default)]
    pub items: u64,
}

impl Call {
    /// The call as `service:Operation`, as policies and gaps write it.
    pub fn id(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}

/// A call about one resource that gave no answer.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The call as `service:Operation`, such as `s3:GetBucketReplication`.
    pub operation: String,
    /// What became of it; never `collected`.
    pub outcome: Outcome,
    /// Error code of the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}
