//! An AWS account for one test, on one endpoint: its id, credentials for it, and the forms in which the SDK
//! and a child process want them.

use std::collections::HashMap;
use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;

use super::gateway::Gateway;
use super::kept_files;

/// Which account each access key that a server gave out belongs to. The gateway needs it, because moto knows
/// an account by keys that it made up and ministack by the account id as the key.
static ACCOUNT_OF_KEY: LazyLock<Mutex<HashMap<String, String>>> = LazyLock::new(Mutex::default);

/// One account on one endpoint.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// Twelve digits.
    pub(crate) id: String,
    /// A server or a gateway.
    pub(crate) endpoint: String,
    /// Full rights in this account.
    pub(crate) credentials: Credentials,
}

impl Account {
    /// An account id that this process has not used.
    pub(crate) fn fresh_id() -> String {
        static NEXT: AtomicU64 = AtomicU64::new(200_000_000_001);
        NEXT.fetch_add(1, Ordering::Relaxed).to_string()
    }

    /// The account's root user on ministack, which knows accounts by the access key id.
    pub(crate) fn root(id: &str, endpoint: &str) -> Self {
        remember_key(id, id);
        Self { id: id.into(), endpoint: endpoint.into(), credentials: static_credentials(id, "test", None) }
    }

    /// A role in the account on moto, which makes the account and the role as soon as somebody assumes it.
    pub(crate) async fn by_assumed_role(id: &str, endpoint: &str) -> Self {
        let caller = Self {
            id: id.into(),
            endpoint: endpoint.into(),
            credentials: static_credentials("AKIAHARNESS", "test", None),
        };
        let assumed = aws_sdk_sts::Client::new(&caller.sdk_config("us-east-1"))
            .assume_role()
            .role_arn(format!("arn:aws:iam::{id}:role/harness"))
            .role_session_name("harness")
            .send()
            .await
            .expect("moto lets anyone assume a role");
        let given = assumed.credentials().expect("an assumed role comes with credentials");
        remember_key(given.access_key_id(), id);
        let credentials = static_credentials(
            given.access_key_id(),
            given.secret_access_key(),
            Some(given.session_token().to_owned()),
        );
        Self { credentials, ..caller }
    }

    /// A user of the account who may do what the policy document says, on a server that enforces it. Called
    /// on the root user.
    pub(crate) async fn user(&self, name: &str, policy: &str) -> Self {
        let iam = aws_sdk_iam::Client::new(&self.sdk_config("us-east-1"));
        iam.create_user().user_name(name).send().await.expect("the root user may create users");
        iam.put_user_policy()
            .user_name(name)
            .policy_name("only")
            .policy_document(policy)
            .send()
            .await
            .expect("the policy is valid");
        let made = iam.create_access_key().user_name(name).send().await.expect("a user may have a key");
        let key = made.access_key().expect("a key that was created is given");
        let credentials = static_credentials(key.access_key_id(), key.secret_access_key(), None);
        Self { credentials, ..self.clone() }
    }

    /// The same account, reached through a gateway.
    pub(crate) fn through(&self, gateway: &Gateway) -> Self {
        Self { endpoint: gateway.endpoint(), ..self.clone() }
    }

    /// Configuration for SDK clients that seed the account. Without retries, so that what a server does not
    /// support shows at once.
    pub(crate) fn sdk_config(&self, region: &'static str) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .endpoint_url(&self.endpoint)
            .credentials_provider(SharedCredentialsProvider::new(self.credentials.clone()))
            .retry_config(RetryConfig::disabled())
            .build()
    }

    /// The environment in which a child process uses this account and nothing of the user's own AWS setup.
    pub(crate) fn env(&self) -> Vec<(String, String)> {
        let empty = kept_files().join("empty-aws-config");
        fs::write(&empty, "").expect("the target folder is writable");
        let empty = empty.to_str().expect("the target folder has a UTF-8 path");
        let mut variables = vec![
            ("AWS_ACCESS_KEY_ID", self.credentials.access_key_id()),
            ("AWS_SECRET_ACCESS_KEY", self.credentials.secret_access_key()),
            ("AWS_ENDPOINT_URL", &self.endpoint),
            ("AWS_EC2_METADATA_DISABLED", "true"),
            ("AWS_CONFIG_FILE", empty),
            ("AWS_SHARED_CREDENTIALS_FILE", empty),
        ];
        if let Some(token) = self.credentials.session_token() {
            variables.push(("AWS_SESSION_TOKEN", token));
        }
        variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// A bucket name of this account: names are global, and every test has its `orders`.
    pub(crate) fn bucket(&self, name: &str) -> String {
        format!("{name}-{}", self.id)
    }

    /// The ARN of one of the account's Regional resources.
    pub(crate) fn arn(&self, service: &str, region: &str, resource: &str) -> String {
        format!("arn:aws:{service}:{region}:{}:{resource}", self.id)
    }
}

/// The account behind an access key, if this process has seen a server give it out.
pub(crate) fn account_of_key(access_key: &str) -> Option<String> {
    ACCOUNT_OF_KEY.lock().unwrap_or_else(PoisonError::into_inner).get(access_key).cloned()
}

/// Notes that a server knows the access key as the account's.
pub(crate) fn remember_key(access_key: &str, account: &str) {
    ACCOUNT_OF_KEY
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(access_key.to_owned(), account.to_owned());
}

fn static_credentials(key: &str, secret: &str, token: Option<String>) -> Credentials {
    Credentials::new(key, secret, token, None, "harness")
}
