//! What became of a call: tells an answer of the API from a refusal, a limit, and something that is not the API.

use std::error::Error as StdError;

use aws_sdk_sts::error::{ConnectorError, ErrorMetadata, ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority, RetryReason,
};
use aws_smithy_types::retry::ErrorKind;

use super::limiter::Lane;
use super::regions;
use crate::snapshot::{Gap, Outcome};

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

/// Codes of a server that does not have the operation.
const UNKNOWN_OPERATION: &[&str] =
    &["InvalidAction", "NotImplemented", "UnknownOperationException", "UnsupportedOperationException"];

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

    /// What was not asked about, because the listing of it was cut short.
    pub(super) fn incomplete_listing() -> Self {
        Self::new(Outcome::Skipped, "IncompleteListing")
    }

    /// What became of a call that failed or did not.
    pub(super) fn outcome(failure: Option<&Self>) -> Outcome {
        failure.map_or(Outcome::Collected, |failure| failure.outcome)
    }

    /// Whether the API answered, with one of these codes.
    pub(super) fn is_answer(&self, codes: &[&str]) -> bool {
        self.outcome == Outcome::Failed && self.code.as_deref().is_some_and(|code| codes.contains(&code))
    }
}

/// What is said about one resource; `None` if it is gone, which the API says with one of these codes.
pub(super) fn unless_gone<T>(
    answer: Result<Option<T>, Failure>,
    gone: &[&str],
) -> Result<Option<T>, Failure> {
    match answer {
        Ok(Some(description)) => Ok(Some(description)),
        Ok(None) => Err(Failure::new(Outcome::Unsupported, "MissingDescription")),
        Err(failure) if failure.is_answer(gone) => Ok(None),
        Err(failure) => Err(failure),
    }
}

impl From<&Gap> for Failure {
    fn from(gap: &Gap) -> Self {
        Self { outcome: gap.outcome, code: gap.code.clone() }
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
    let code = match error.code() {
        Some(code) => code.to_owned(),
        None if response.status().is_success() => "UnparsableAnswer".to_owned(),
        None => format!("HTTP {status}"),
    };
    let outcome = if !is_api(response) {
        // Gateways in front of the API send pages of their own while it is down.
        if matches!(status, 502..=504) { Outcome::Failed } else { Outcome::Unsupported }
    } else {
        of_code(error.code(), status, region)
    };
    Failure { outcome, code: Some(code) }
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
    } else if UNKNOWN_OPERATION.contains(&name)
        || status == 501
        || (code.is_none() && matches!(status, 404 | 405))
    {
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
        // Services without an endpoint in the Region have no name there.
        SdkError::DispatchFailure(_) if chain(error).any(has_no_address) => {
            Failure::new(Outcome::Unsupported, "UnknownHost")
        }
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            Failure::new(Outcome::Failed, "ConnectTimeout")
        }
        SdkError::DispatchFailure(_) => Failure::new(Outcome::Failed, "ConnectionError"),
        _ => Failure::new(Outcome::Failed, "RequestError"),
    }
}

/// Whether a response can be one of an AWS API: XML, JSON or CBOR, or nothing at all, which `HEAD` requests get.
pub(super) fn is_api(response: &HttpResponse) -> bool {
    let Some(body) = response.body().bytes() else {
        return true;
    };
    let body = body.trim_ascii_start();
    let starts_with =
        |prefix: &[u8]| body.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    match body.first() {
        None | Some(b'{') => true,
        Some(b'<') => !starts_with(b"<!doctype") && !starts_with(b"<html"),
        // CloudWatch answers with maps of CBOR, of a length that is given or not.
        Some(0xA0..=0xBF) => true,
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
    let last = chain(error).last().unwrap_or(error);
    match last.downcast_ref::<ErrorMetadata>() {
        // It would print itself as a Rust value.
        Some(metadata) => {
            format!(
                "{}: {}",
                metadata.code().unwrap_or("no code"),
                metadata.message().unwrap_or("no message")
            )
        }
        None => last.to_string(),
    }
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

#[cfg(test)]
mod tests {
    use aws_sdk_rds::operation::describe_db_instances::DescribeDBInstancesError as Described;
    use aws_sdk_sts::error::{ConnectorError, ErrorMetadata, SdkError};
    use aws_smithy_runtime_api::http::{Response, StatusCode};
    use aws_smithy_types::body::SdkBody;

    use super::{Failure, Outcome, Unanswered, classify, is_api};

    fn answered(status: u16, code: Option<&str>, body: &'static str) -> SdkError<Described, Response> {
        let mut metadata = ErrorMetadata::builder();
        if let Some(code) = code {
            metadata = metadata.code(code);
        }
        let response = Response::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        SdkError::service_error(Described::generic(metadata.build()), response)
    }

    fn outcome(status: u16, code: &str, region: &str) -> Outcome {
        classify(&answered(status, Some(code), "<Error/>"), region).outcome
    }

    #[test]
    fn a_page_is_not_an_answer_of_the_api() {
        let moto_unimplemented = answered(500, None, "<!doctype html>\n<html lang=en>");
        assert_eq!(
            classify(&moto_unimplemented, "us-east-1"),
            Failure { outcome: Outcome::Unsupported, code: Some("HTTP 500".to_owned()) }
        );
        for (status, body) in
            [(404, "<HTML>"), (404, "404 page not found"), (403, "<!DOCTYPE html>"), (200, "ok")]
        {
            assert_eq!(classify(&answered(status, None, body), "us-east-1").outcome, Outcome::Unsupported);
        }
    }

    #[test]
    fn a_gateway_page_is_a_failure_of_the_api_behind_it() {
        for status in 502..=504 {
            assert_eq!(
                classify(&answered(status, None, "<html>"), "us-east-1").outcome,
                Outcome::Failed,
                "{status}"
            );
        }
    }

    #[test]
    fn an_answer_that_is_empty_or_structured_is_one_of_the_api() {
        for body in ["", "{}", "<?xml version=\"1.0\"?>", "  \n<Error/>", "<htm"] {
            assert!(
                is_api(&Response::new(StatusCode::try_from(500).unwrap(), SdkBody::from(body))),
                "{body}"
            );
        }
        let refusal = b"\xA1\x66__type\x6CAccessDenied".as_slice();
        assert!(is_api(&Response::new(StatusCode::try_from(403).unwrap(), SdkBody::from(refusal))), "CBOR");
    }

    #[test]
    fn a_success_that_does_not_parse_is_a_failure() {
        let failure = classify(&answered(200, None, "<Versioning/>"), "us-east-1");
        assert_eq!(failure, Failure::new(Outcome::Failed, "UnparsableAnswer"));
    }

    #[test]
    fn refusals_are_told_by_code_whatever_the_status() {
        for (status, code) in [
            (403, "AccessDenied"),
            (400, "AccessDeniedException"),
            (400, "ExpiredTokenException"),
            (400, "UnrecognizedClientException"),
            (403, "SignatureDoesNotMatch"),
            (403, "AllAccessDisabled"),
        ] {
            assert_eq!(outcome(status, code, "us-east-1"), Outcome::Denied, "{code}");
        }
    }

    #[test]
    fn rate_limits_are_told_by_code_whatever_the_status() {
        for (status, code) in
            [(400, "Throttling"), (503, "SlowDown"), (400, "ThrottlingException"), (429, "Busy")]
        {
            assert_eq!(outcome(status, code, "us-east-1"), Outcome::Throttled, "{code}");
        }
    }

    #[test]
    fn credentials_that_only_an_opt_in_region_does_not_know_mean_that_it_is_not_enabled() {
        assert_eq!(outcome(403, "InvalidClientTokenId", "me-south-1"), Outcome::RegionDisabled);
        assert_eq!(outcome(403, "InvalidClientTokenId", "eu-west-1"), Outcome::Denied);
        assert_eq!(outcome(403, "AccessDenied", "me-south-1"), Outcome::Denied);
        assert_eq!(outcome(400, "OptInRequired", "eu-west-1"), Outcome::RegionDisabled);
    }

    #[test]
    fn an_operation_that_the_server_lacks_is_unsupported() {
        assert_eq!(outcome(400, "InvalidAction", "us-east-1"), Outcome::Unsupported);
        assert_eq!(outcome(501, "NotImplemented", "us-east-1"), Outcome::Unsupported);
        assert_eq!(outcome(404, "NoSuchBucket", "us-east-1"), Outcome::Failed);
        assert_eq!(outcome(500, "InternalFailure", "us-east-1"), Outcome::Failed);
    }

    #[test]
    fn a_name_that_does_not_exist_is_told_from_a_resolver_that_does_not_work() {
        let of = |text: &str| {
            let error = SdkError::<Described, Response>::dispatch_failure(ConnectorError::io(text.into()));
            classify(&error, "us-east-1")
        };
        assert_eq!(
            of("failed to lookup address information: Name or service not known"),
            Failure::new(Outcome::Unsupported, "UnknownHost")
        );
        assert_eq!(
            of("failed to lookup address information: Temporary failure in name resolution"),
            Failure::new(Outcome::Failed, "ConnectionError")
        );
    }

    #[test]
    fn at_the_deadline_a_call_that_met_the_rate_limit_is_throttled_and_another_skipped() {
        let at = |throttled| Unanswered::<Described>::Deadline { throttled }.failure("us-east-1").outcome;
        assert_eq!(at(true), Outcome::Throttled);
        assert_eq!(at(false), Outcome::Skipped);
    }
}
