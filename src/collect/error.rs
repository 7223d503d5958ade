//! What makes a scan pointless. Everything else is an entry of the ledger.

use std::error::Error as StdError;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::error::ProvideErrorMetadata;

use super::answer::{self, Unanswered};

/// Why there is no snapshot.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The profile that was asked for is in neither of the AWS configuration files.
    #[error("there is no AWS profile `{name}`")]
    UnknownProfile {
        /// The name that was asked for.
        name: String,
        /// Profiles that are there, sorted.
        known: Vec<String>,
    },
    /// No provider of the credential chain had credentials.
    #[error("there are no AWS credentials: {cause}")]
    NoCredentials {
        /// What the last provider said.
        cause: String,
    },
    /// STS did not accept the credentials.
    #[error("AWS refused the credentials: {code}: {message}")]
    Refused {
        /// Error code of STS.
        code: String,
        /// What STS said about it.
        message: String,
    },
    /// The credentials were valid once.
    #[error("the AWS credentials have expired: {code}: {message}")]
    Expired {
        /// Error code of STS.
        code: String,
        /// What STS said about it.
        message: String,
    },
    /// The role exists for nobody, or not for this caller.
    #[error("the role {role} cannot be assumed: {cause}")]
    Role {
        /// ARN of the role.
        role: String,
        /// What STS said.
        cause: String,
    },
    /// Nothing answers at the endpoint of STS.
    #[error("{endpoint} cannot be reached: {cause}")]
    Unreachable {
        /// URL, or the service and its Region.
        endpoint: String,
        /// What the connection ended with.
        cause: String,
    },
    /// Something answers at the endpoint of STS, but not STS.
    #[error("{endpoint} does not answer as AWS does: {cause}")]
    NotAws {
        /// URL, or the service and its Region.
        endpoint: String,
        /// What answered.
        cause: String,
    },
    /// The deadline passed before AWS said which account this is.
    #[error("{endpoint} did not answer before the deadline")]
    TimedOut {
        /// URL, or the service and its Region.
        endpoint: String,
    },
    /// A Region that was asked for does not exist in the partition of the account.
    #[error("there is no AWS Region `{region}`")]
    UnknownRegion {
        /// The name that was asked for.
        region: String,
        /// Regions that exist, sorted.
        known: Vec<String>,
    },
    /// The operating system did not give the threads that the collector runs on.
    #[error("cannot start the collector")]
    Runtime(#[source] std::io::Error),
}

impl Error {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::UnknownProfile { known, .. } if known.is_empty() => {
                "`aws configure` or `aws configure sso` makes a profile".to_owned()
            }
            Self::UnknownProfile { known, .. } => format!("the profiles are {}", known.join(", ")),
            Self::NoCredentials { .. } => {
                "log in (`aws sso login`), name a profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                    .to_owned()
            }
            Self::Refused { .. } => {
                "check with `aws sts get-caller-identity` that these are the credentials that you mean, and that \
                 the Region is in their partition"
                    .to_owned()
            }
            Self::Expired { .. } => "log in again, for example with `aws sso login`".to_owned(),
            Self::Role { .. } => {
                "check the ARN, that the trust policy of the role names the caller, and the external id".to_owned()
            }
            Self::Unreachable { .. } | Self::TimedOut { .. } => {
                "check the network, the proxy, and the endpoint or Region that is configured".to_owned()
            }
            Self::NotAws { .. } => {
                "check the endpoint; a proxy or a login page may answer in its place".to_owned()
            }
            Self::UnknownRegion { known, .. } => format!("the Regions are {}", known.join(", ")),
            Self::Runtime(_) => "check the limits on threads and open files (`ulimit -a`)".to_owned(),
        }
    }

    /// Explains why `GetCallerIdentity` gave no answer. `role` is the role that was to be assumed for it.
    pub(super) fn of_identity<E>(unanswered: Unanswered<E>, endpoint: String, role: Option<&str>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let error = match unanswered {
            Unanswered::Deadline { .. } => return Self::TimedOut { endpoint },
            Unanswered::Error(error) => error,
        };
        if let Some(credentials) = answer::find::<CredentialsError>(&error) {
            return Self::of_credentials(credentials, endpoint, role);
        }
        if error.raw_response().is_some_and(|response| !answer::is_api(response)) {
            return Self::NotAws { endpoint, cause: answer::status(&error).unwrap_or_default() };
        }
        let message = error.message().unwrap_or("no message").to_owned();
        match error.code().map(str::to_owned).or_else(|| answer::status(&error)) {
            Some(code) if answer::EXPIRED.contains(&code.as_str()) => Self::Expired { code, message },
            Some(code) => Self::Refused { code, message },
            None => Self::Unreachable { endpoint, cause: answer::root_cause(&error) },
        }
    }

    fn of_credentials(error: &CredentialsError, endpoint: String, role: Option<&str>) -> Self {
        let cause = answer::root_cause(error);
        // Credentials for a role are asked for with other credentials, whose absence is the real cause.
        let innermost = answer::chain(error).filter_map(|error| error.downcast_ref()).last();
        if matches!(innermost.unwrap_or(error), CredentialsError::CredentialsNotLoaded(_)) {
            return Self::NoCredentials { cause };
        }
        if answer::chain(error).any(answer::is_connection) {
            return Self::Unreachable { endpoint, cause };
        }
        match role {
            Some(role) => Self::Role { role: role.to_owned(), cause },
            None => Self::NoCredentials { cause },
        }
    }
}
