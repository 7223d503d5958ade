//! What the gateway knows about AWS requests on the wire: which service, Region, operation and bucket a
//! request is for, and how each protocol spells an error.

use std::fmt::Write as _;
use std::time::Instant;

use hyper::Method;
use hyper::body::Bytes;
use hyper::http::request::Parts;
use serde_json::Value;

use super::{account, cbor};

/// How a service spells requests and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// Form in, XML out: RDS, STS, IAM. Route 53 has its errors.
    Query,
    /// As `Query`, with its own error document.
    Ec2,
    /// S3.
    RestXml,
    /// JSON with the operation in `X-Amz-Target`: tagging.
    Json,
    /// JSON with the operation in method and path: account, AWS Backup, Data Lifecycle Manager, Elastic Disaster
    /// Recovery, fault injection, Resilience Hub.
    RestJson,
    /// CBOR with the operation in the path: CloudWatch, Region switch.
    Cbor,
}

/// A request as the gateway's log and rules see it.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The service's signing name: `rds`, `s3`, `sts`, `account`, `tagging`, ...
    pub(crate) service: String,
    /// The Region that the request is signed for.
    pub(crate) region: String,
    /// The operation's name in the API reference.
    pub(crate) operation: String,
    /// The bucket, for requests of S3 about one.
    pub(crate) bucket: Option<String>,
    /// Who asks.
    pub(crate) access_key: String,
    /// How to spell an error for it.
    pub(crate) protocol: Protocol,
    /// Path and query.
    pub(crate) target: String,
    /// What came with it.
    pub(crate) body: Bytes,
    /// When it was read completely.
    pub(crate) at: Instant,
}

impl Request {
    /// Reads what the gateway needs from a request. What is not signed or not known has empty names, so that
    /// it shows in the log instead of being lost.
    pub(crate) fn parse(parts: &Parts, body: Bytes) -> Self {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
        let (access_key, region, service) = scope(header("authorization"));
        let path = parts.uri.path();
        let query = parts.uri.query().unwrap_or("");
        let form = std::str::from_utf8(&body).unwrap_or("");
        let (protocol, operation) = if service == "s3" {
            (Protocol::RestXml, s3_operation(&parts.method, path, query))
        } else if service == "route53" {
            (Protocol::Query, route53_operation(&parts.method, path))
        } else if let Some((_, operation)) = header("x-amz-target").rsplit_once('.') {
            (Protocol::Json, operation.to_owned())
        } else if let Some(action) = parameter(form, "Action").or_else(|| parameter(query, "Action")) {
            let protocol = if service == "ec2" { Protocol::Ec2 } else { Protocol::Query };
            (protocol, action.to_owned())
        } else if let Some((_, operation)) = path.split_once("/operation/") {
            (Protocol::Cbor, operation.to_owned())
        } else {
            (Protocol::RestJson, json_operation(&service, &parts.method, path))
        };
        let bucket = (service == "s3").then(|| split_path(path).0).filter(|bucket| !bucket.is_empty());
        Self {
            bucket: bucket.map(str::to_owned),
            service,
            region,
            operation,
            access_key,
            protocol,
            target: parts.uri.to_string(),
            body,
            at: Instant::now(),
        }
    }

    /// What came with it as JSON, if it is JSON or CBOR.
    pub(crate) fn json(&self) -> Option<Value> {
        match self.protocol {
            Protocol::Cbor => cbor::decode(&self.body),
            _ => serde_json::from_slice(&self.body).ok(),
        }
    }

    /// The account of whoever asks. Keys that nobody has given out are of no account.
    pub(crate) fn account(&self) -> String {
        account::account_of_key(&self.access_key).unwrap_or_default()
    }

    /// The parts of the path.
    pub(crate) fn path(&self) -> impl Iterator<Item = &str> {
        let path = self.target.split('?').next().unwrap_or_default();
        path.split('/').filter(|part| !part.is_empty())
    }

    /// The value of a parameter of the query protocol, for stubs that page or filter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        parameter(std::str::from_utf8(&self.body).unwrap_or(""), name).or_else(|| parameter(query, name))
    }
}

/// An error document in the protocol's own spelling, with its content type.
pub(crate) fn error_body(protocol: Protocol, code: &str, message: &str) -> (&'static str, Bytes) {
    const XML: &str = "text/xml";
    let text = message.replace('&', "&amp;").replace('<', "&lt;");
    let json = || serde_json::json!({ "__type": code, "message": message });
    let (content_type, body) = match protocol {
        Protocol::Query => (
            XML,
            format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{text}</Message></Error>\
                 <RequestId>gateway</RequestId></ErrorResponse>"
            ),
        ),
        Protocol::Ec2 => (
            XML,
            format!(
                "<Response><Errors><Error><Code>{code}</Code><Message>{text}</Message></Error></Errors>\
                 <RequestID>gateway</RequestID></Response>"
            ),
        ),
        Protocol::RestXml => (
            "application/xml",
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{text}</Message>\
                 <RequestId>gateway</RequestId></Error>"
            ),
        ),
        Protocol::Json => ("application/x-amz-json-1.1", json().to_string()),
        Protocol::RestJson => ("application/json", json().to_string()),
        Protocol::Cbor => return ("application/cbor", cbor::encode(&json()).into()),
    };
    (content_type, body.into())
}

/// Access key, Region and service from the credential scope of a SigV4 signature.
fn scope(authorization: &str) -> (String, String, String) {
    let credential = authorization.split_once("Credential=").map_or("", |(_, rest)| rest);
    let credential = credential.split([',', ' ']).next().unwrap_or("");
    let mut words = credential.split('/').map(str::to_owned);
    let access_key = words.next().unwrap_or_default();
    let region = words.nth(1).unwrap_or_default();
    (access_key, region, words.next().unwrap_or_default())
}

fn parameter<'a>(form: &'a str, name: &str) -> Option<&'a str> {
    form.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then_some(value)
    })
}

fn split_path(path: &str) -> (&str, &str) {
    let path = path.trim_start_matches('/');
    path.split_once('/').unwrap_or((path, ""))
}

/// The sub-resources of a bucket that name an operation, with the operation's name after `Get` or `Put`.
const SUBRESOURCES: [(&str, &str); 16] = [
    ("versioning", "BucketVersioning"),
    ("replication", "BucketReplication"),
    ("lifecycle", "BucketLifecycleConfiguration"),
    ("object-lock", "ObjectLockConfiguration"),
    ("encryption", "BucketEncryption"),
    ("location", "BucketLocation"),
    ("tagging", "BucketTagging"),
    ("publicAccessBlock", "PublicAccessBlock"),
    ("notification", "BucketNotificationConfiguration"),
    ("policyStatus", "BucketPolicyStatus"),
    ("policy", "BucketPolicy"),
    ("ownershipControls", "BucketOwnershipControls"),
    ("acl", "BucketAcl"),
    ("logging", "BucketLogging"),
    ("metrics", "BucketMetricsConfiguration"),
    ("inventory", "BucketInventoryConfiguration"),
];

fn s3_operation(method: &Method, path: &str, query: &str) -> String {
    // The SDK names the operation where method and query leave it open.
    if let Some(name) = parameter(query, "x-id") {
        return name.to_owned();
    }
    let (bucket, key) = split_path(path);
    let mut verb = capitalized(&method.as_str().to_ascii_lowercase());
    if bucket.is_empty() {
        return "ListBuckets".into();
    }
    if key.is_empty() {
        if let Some((_, name)) = SUBRESOURCES.iter().find(|(marker, _)| parameter(query, marker).is_some()) {
            let _ = write!(verb, "{name}");
            return verb;
        }
        return match *method {
            Method::PUT => "CreateBucket".into(),
            Method::HEAD => "HeadBucket".into(),
            Method::DELETE => "DeleteBucket".into(),
            _ if parameter(query, "list-type").is_some() => "ListObjectsV2".into(),
            _ => "ListObjects".into(),
        };
    }
    verb + "Object"
}

fn route53_operation(method: &Method, path: &str) -> String {
    // The version of the API stands in front.
    let (_, path) = split_path(path);
    let name = match (method.as_str(), path.split('/').collect::<Vec<_>>().as_slice()) {
        ("GET", ["hostedzone"]) => "ListHostedZones",
        ("GET", ["hostedzone", _, "rrset"]) => "ListResourceRecordSets",
        ("GET", ["healthcheck"]) => "ListHealthChecks",
        ("POST", ["hostedzone"]) => "CreateHostedZone",
        ("POST", ["hostedzone", _, "rrset"]) => "ChangeResourceRecordSets",
        ("POST", ["healthcheck"]) => "CreateHealthCheck",
        ("POST", ["tags", _, _]) => "ChangeTagsForResource",
        _ => return format!("{method} {path}"),
    };
    name.into()
}

/// The operations of the services that have them in method and path. Names of what is made are below its kind.
fn json_operation(service: &str, method: &Method, path: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let name = match (service, method.as_str(), parts.as_slice()) {
        ("account", _, [operation]) => return capitalized(operation),
        ("arc-zonal-shift", "GET", ["managedresources"]) => "ListManagedResources",
        ("arc-zonal-shift", "GET", ["zonalshifts"]) => "ListZonalShifts",
        ("backup", "GET", ["backup-vaults"]) => "ListBackupVaults",
        ("backup", "GET", ["backup-vaults", _, "recovery-points"]) => "ListRecoveryPointsByBackupVault",
        ("backup", "GET", ["backup", "plans"]) => "ListBackupPlans",
        ("backup", "GET", ["backup", "plans", _]) => "GetBackupPlan",
        ("backup", "GET", ["backup", "plans", _, "selections"]) => "ListBackupSelections",
        ("backup", "GET", ["backup", "plans", _, "selections", _]) => "GetBackupSelection",
        ("backup", "GET", ["backup-jobs"]) => "ListBackupJobs",
        ("backup", "GET", ["copy-jobs"]) => "ListCopyJobs",
        ("backup", "GET", ["restore-jobs"]) => "ListRestoreJobs",
        ("backup", "GET", ["resources"]) => "ListProtectedResources",
        ("backup", "GET", ["restore-testing", "plans"]) => "ListRestoreTestingPlans",
        ("backup", "GET", ["restore-testing", "plans", _, "selections"]) => "ListRestoreTestingSelections",
        ("backup", "GET", ["account-settings"]) => "DescribeRegionSettings",
        ("backup", "PUT", ["account-settings"]) => "UpdateRegionSettings",
        ("backup", "PUT", ["backup", "plans"]) => "CreateBackupPlan",
        ("backup", "PUT", ["backup-vaults", _, "vault-lock"]) => "PutBackupVaultLockConfiguration",
        ("backup", "PUT", ["backup-jobs"]) => "StartBackupJob",
        ("backup", "PUT", ["copy-jobs"]) => "StartCopyJob",
        ("backup", "PUT", ["restore-testing", "plans"]) => "CreateRestoreTestingPlan",
        ("backup", "PUT", ["restore-testing", "plans", _, "selections"]) => "CreateRestoreTestingSelection",
        ("dlm", "GET", ["policies"]) => "GetLifecyclePolicies",
        ("dlm", "GET", ["policies", _]) => "GetLifecyclePolicy",
        ("dlm", "POST", ["policies"]) => "CreateLifecyclePolicy",
        ("drs", "POST", [operation]) => return (*operation).to_owned(),
        ("elasticfilesystem", "GET", ["2015-02-01", "file-systems"]) => "DescribeFileSystems",
        ("elasticfilesystem", "GET", ["2015-02-01", "file-systems", "replication-configurations"]) => {
            "DescribeReplicationConfigurations"
        }
        ("elasticfilesystem", "GET", ["2015-02-01", "file-systems", _, "backup-policy"]) => {
            "DescribeBackupPolicy"
        }
        ("elasticfilesystem", "POST", ["2015-02-01", "file-systems"]) => "CreateFileSystem",
        ("fis", "GET", ["experiments"]) => "ListExperiments",
        ("fis", "GET", ["experiments", _]) => "GetExperiment",
        ("fis", "GET", ["experiments", _, "resolvedTargets"]) => "ListExperimentResolvedTargets",
        ("fis", "GET", ["experimentTemplates"]) => "ListExperimentTemplates",
        ("resiliencehub", _, [operation]) => return operation.split('-').map(capitalized).collect(),
        ("route53-recovery-control-config", "GET", ["cluster"]) => "ListClusters",
        ("route53-recovery-control-config", "GET", ["controlpanels"]) => "ListControlPanels",
        ("route53-recovery-control-config", "GET", ["controlpanel", _, "routingcontrols"]) => {
            "ListRoutingControls"
        }
        _ => return format!("{method} {path}"),
    };
    name.into()
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
