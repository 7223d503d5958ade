//! What became of a call: tells an answer of the API from a refusal, a limit, and something that is not the API.

use std::error::Error as StdError;

use aws_sdk_sts::error::{ConnectorError, ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority, RetryReason,
};
use aws_smithy_types::retry::ErrorKind;

use super::limiter::Lane;
use super::regions;
use crate::snapshot::Outcome;

/// Codes of credentials that were valid once.
pub(super) const EXPIRED: &[&str] =
    &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];

/// Codes of a rate limit. Some services send them with status 400.
const THROTTLED: &[&str] = &[
    "BandwidthLimitExceeded",
    "EC2ThrottledException",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
];

/// Codes of credentials that the Region does not know. A Region that is not enabled sends them for credentials
/// that are good elsewhere.
const UNKNOWN_CREDENTIALS: &[&str] =
    &["AuthFailure", "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException"];

/// Codes that say that the Region is not enabled.
const REGION_DISABLED: &[&str] = &["OptInRequired", "RegionDisabledException"];

/// Codes that refuse the caller and need not have status 403.
const DENIED: &[&str] = &[
    "AuthorizationError",
    "IncompleteSignature",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "SignatureDoesNotMatch",
    "UnauthorizedOperation",
];

/// Why a call gave nothing.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Failure {
    /// Never `collected`.
    pub(super) outcome: Outcome,
    /// Error code of the API, or a word for what happened instead of an answer.
    pub(super) code: Option<String>,
}

impl Failure {
    /// A failure without an answer of the API.
    pub(super) fn new(outcome: Outcome, code: &str) -> Self {
        Self { outcome, code: Some(code.to_owned()) }
    }
}

/// Why a call was not answered.
#[derive(Debug)]
pub(super) enum Unanswered<E> {
    /// The SDK gave up.
    Error(Box<SdkError<E, HttpResponse>>),
    /// The scan's deadline passed first.
    Deadline {
        /// Whether the API was refusing for its rate limit at that time.
        throttled: bool,
    },
}

impl<E: ProvideErrorMetadata + StdError + 'static> Unanswered<E> {
    /// The failure as the ledger keeps it, of a call in `region`.
    pub(super) fn failure(&self, region: &str) -> Failure {
        match self {
            Self::Error(error) => classify(error, region),
            Self::Deadline { throttled: true } => Failure::new(Outcome::Throttled, "DeadlineExceeded"),
            Self::Deadline { throttled: false } => Failure::new(Outcome::Skipped, "DeadlineExceeded"),
        }
    }
}

/// Says what an error of the SDK means.
pub(super) fn classify<E>(error: &SdkError<E, HttpResponse>, region: &str) -> Failure
where
    E: ProvideErrorMetadata + StdError + 'static,
{
    let Some(response) = error.raw_response() else {
        return without_response(error);
    };
    let status = response.status().as_u16();
    let code = error.code().map(str::to_owned).or_else(|| Some(format!("HTTP {status}")));
    let outcome = if !is_api(response) {
        // Gateways in front of the API send pages of their own while it is down.
        if matches!(status, 502..=504) { Outcome::Failed } else { Outcome::Unsupported }
    } else {
        of_code(error.code(), status, region)
    };
    Failure { outcome, code }
}

fn of_code(code: Option<&str>, status: u16, region: &str) -> Outcome {
    let name = code.unwrap_or_default();
    if THROTTLED.contains(&name) || status == 429 {
        Outcome::Throttled
    } else if REGION_DISABLED.contains(&name)
        || (regions::is_opt_in(region)
            && (UNKNOWN_CREDENTIALS.contains(&name) || name.starts_with("IllegalLocationConstraint")))
    {
        Outcome::RegionDisabled
    } else if matches!(status, 401 | 403)
        || name.starts_with("AccessDenied")
        || [EXPIRED, UNKNOWN_CREDENTIALS, DENIED].iter().any(|codes| codes.contains(&name))
    {
        Outcome::Denied
    } else if status == 501 || (code.is_none() && matches!(status, 404 | 405)) {
        Outcome::Unsupported
    } else {
        Outcome::Failed
    }
}

fn without_response<E>(error: &SdkError<E, HttpResponse>) -> Failure
where
    E: StdError + 'static,
{
    // Credentials that cannot be renewed half-way are refused credentials.
    if find::<aws_credential_types::provider::error::CredentialsError>(error).is_some() {
        return Failure::new(Outcome::Denied, "CredentialsUnavailable");
    }
    match error {
        SdkError::TimeoutError(_) => Failure::new(Outcome::Failed, "Timeout"),
        SdkError::DispatchFailure(failure) if chain(error).any(has_no_address) => {
            // Services without an endpoint in the Region have no name there.
            let _ = failure;
            Failure::new(Outcome::Unsupported, "UnknownHost")
        }
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            Failure::new(Outcome::Failed, "ConnectTimeout")
        }
        SdkError::DispatchFailure(_) => Failure::new(Outcome::Failed, "ConnectionError"),
        _ => Failure::new(Outcome::Failed, "RequestError"),
    }
}

/// Whether a response can be one of an AWS API: XML or JSON, or nothing at all, which `HEAD` requests get.
pub(super) fn is_api(response: &HttpResponse) -> bool {
    let Some(body) = response.body().bytes() else {
        return true;
    };
    let body = body.trim_ascii_start();
    let starts_with = |prefix: &[u8]| {
        body.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    match body.first() {
        None | Some(b'{') => true,
        Some(b'<') => !starts_with(b"<!doctype") && !starts_with(b"<html"),
        Some(_) => false,
    }
}

/// The status of the response, such as `HTTP 404`.
pub(super) fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<String> {
    error.raw_response().map(|response| format!("HTTP {}", response.status().as_u16()))
}

/// The error and its causes, outermost first.
pub(super) fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| (*error).source())
}

/// Finds a type of error among the causes.
pub(super) fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// The text of the last cause, which says what happened; those around it say where in the SDK.
pub(super) fn root_cause(error: &(dyn StdError + 'static)) -> String {
    chain(error).last().unwrap_or(error).to_string()
}

/// Whether an error is about the connection rather than the answer.
pub(super) fn is_connection(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref::<ConnectorError>().is_some()
}

/// Whether the resolver says that the name does not exist. The resolver being out of order is something else.
fn has_no_address(error: &(dyn StdError + 'static)) -> bool {
    let text = error.to_string();
    text.contains("failed to lookup address information") && !text.contains("Temporary failure")
}

/// Keeps the SDK from repeating calls that cannot succeed, and notes for the lane whether it is throttled.
/// The SDK repeats every status 500 and every connection error.
#[derive(Debug)]
pub(super) struct Verdict {
    lane: std::sync::Arc<Lane>,
}

impl Verdict {
    /// Judges the calls of one lane.
    pub(super) fn new(lane: std::sync::Arc<Lane>) -> Self {
        Self { lane }
    }
}

impl ClassifyRetry for Verdict {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        self.classify_retry_v2(context, &RetryAction::NoActionIndicated)
    }

    fn classify_retry_v2(&self, context: &InterceptorContext, previous: &RetryAction) -> RetryAction {
        if let Some(Ok(_)) = context.output_or_error() {
            self.lane.set_throttled(false);
            return RetryAction::NoActionIndicated;
        }
        let throttled = matches!(
            previous,
            RetryAction::RetryIndicated(RetryReason::RetryableError { kind: ErrorKind::ThrottlingError, .. })
        );
        self.lane.set_throttled(throttled);
        let foreign = context
            .response()
            .is_some_and(|response| !matches!(response.status().as_u16(), 502..=504) && !is_api(response));
        let nowhere = context
            .output_or_error()
            .and_then(Result::err)
            .and_then(|error| error.as_connector_error())
            .is_some_and(|error| chain(error).any(has_no_address));
        if foreign || nowhere { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "hadr-scan"
    }

    /// After all others, so that their verdict is known.
    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
