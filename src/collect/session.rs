//! Credentials and clients.
//!
//! A profile that is named is used even where the environment has credentials, as the AWS CLI does; the SDK's
//! default chain would prefer those and scan another account.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_sdk_sts::config::{
    IdentityCache, RuntimeComponents, SharedCredentialsProvider, StalledStreamProtectionConfig,
};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::answer::Verdict;
use super::limiter::{Lane, Limiter, Service};
use super::{Error, Request, regions};

/// Name in the user agent and of the role session, where CloudTrail shows it.
const NAME: &str = "hadr-scan";

/// Attempts of one call that the SDK makes itself, the first included. Its default is three; one more makes up
/// for connections that were closed while they were idle.
const ATTEMPTS: u32 = 4;

/// Where calls go and with whose credentials.
#[derive(Debug)]
pub(super) struct Session {
    config: SdkConfig,
    home: String,
    role: Option<String>,
    limiter: Limiter,
    account: Clients<aws_sdk_account::Client>,
    application_auto_scaling: Clients<aws_sdk_applicationautoscaling::Client>,
    auto_scaling: Clients<aws_sdk_autoscaling::Client>,
    backup: Clients<aws_sdk_backup::Client>,
    classic_elb: Clients<aws_sdk_elasticloadbalancing::Client>,
    cloudformation: Clients<aws_sdk_cloudformation::Client>,
    cloudtrail: Clients<aws_sdk_cloudtrail::Client>,
    cloudwatch: Clients<aws_sdk_cloudwatch::Client>,
    dlm: Clients<aws_sdk_dlm::Client>,
    drs: Clients<aws_sdk_drs::Client>,
    dynamodb: Clients<aws_sdk_dynamodb::Client>,
    dynamodb_backups: Clients<aws_sdk_dynamodb::Client>,
    ec2: Clients<aws_sdk_ec2::Client>,
    efs: Clients<aws_sdk_efs::Client>,
    elb: Clients<aws_sdk_elasticloadbalancingv2::Client>,
    fis: Clients<aws_sdk_fis::Client>,
    iam: Clients<aws_sdk_iam::Client>,
    kms: Clients<aws_sdk_kms::Client>,
    rds: Clients<aws_sdk_rds::Client>,
    region_switch: Clients<aws_sdk_arcregionswitch::Client>,
    resilience_hub: Clients<aws_sdk_resiliencehub::Client>,
    route53: Clients<aws_sdk_route53::Client>,
    routing_control: Clients<aws_sdk_route53recoverycontrolconfig::Client>,
    s3: Clients<aws_sdk_s3::Client>,
    secrets_manager: Clients<aws_sdk_secretsmanager::Client>,
    sts: Clients<aws_sdk_sts::Client>,
    tagging: Clients<aws_sdk_resourcegroupstagging::Client>,
    zonal_shift: Clients<aws_sdk_arczonalshift::Client>,
}

/// Clients by Region. A client owns its connections, its retry quota and its adaptive rate, so there is one.
type Clients<T> = Mutex<HashMap<String, T>>;

/// Makes a client of a service in a Region with the retries and the verdict of its lane.
macro_rules! client {
    ($name:ident, $sdk:ident, $service:expr $(, $setting:ident($value:expr))*) => {
        #[doc = concat!("A client for ", stringify!($name), " in a Region, and its lane.")]
        pub(super) fn $name(&self, region: &str) -> ($sdk::Client, Arc<Lane>) {
            let lane = self.limiter.lane($service, region);
            let mut clients = self.$name.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(client) = clients.get(region) {
                return (client.clone(), lane);
            }
            let regional = self.config.to_builder().region(Region::new(region.to_owned())).build();
            // The SDK keeps one retry quota and one adaptive rate per partition. A default partition is shared
            // by everything in the process that calls the service in the Region, whatever its account.
            let partition = $sdk::config::retry::RetryPartition::custom(format!("{}-{region}", $service.as_str()));
            let config = $sdk::config::Builder::from(&regional)
                .retry_partition(partition.build())
                .retry_classifier(Verdict::new(Arc::clone(&lane)))
                $(.$setting($value))*
                .build();
            let client = $sdk::Client::from_conf(config);
            clients.insert(region.to_owned(), client.clone());
            (client, lane)
        }
    };
}

impl Session {
    /// Finds out where the credentials come from. They are asked for with the first call.
    pub(super) async fn open(request: &Request) -> Result<Self, Error> {
        let profiles = load_profiles(request.profile.as_deref()).await;
        if let Some(name) = &request.profile {
            let missing = profiles.as_ref().is_none_or(|profiles| profiles.get_profile(name).is_none());
            if missing {
                let mut known: Vec<_> =
                    profiles.iter().flat_map(ProfileSet::profiles).map(str::to_owned).collect();
                known.sort_unstable();
                return Err(Error::UnknownProfile { name: name.clone(), known });
            }
        }
        let home = home_region(request, profiles.as_ref());
        let mut config = load(request, &home).await;
        if let Some(role) = &request.role_arn {
            let mut provider = AssumeRoleProvider::builder(role).configure(&config).session_name(NAME);
            if let Some(external_id) = &request.external_id {
                provider = provider.external_id(external_id);
            }
            let provider = SharedCredentialsProvider::new(provider.build().await);
            config = config
                .into_builder()
                .credentials_provider(provider)
                // The cache of the credentials that the role is asked for with must not answer for the role.
                .identity_cache(IdentityCache::lazy().load_timeout(request.call_timeout).build())
                .build();
        }
        Ok(Self {
            config,
            home,
            role: request.role_arn.clone(),
            limiter: Limiter::new(),
            account: Clients::default(),
            application_auto_scaling: Clients::default(),
            auto_scaling: Clients::default(),
            backup: Clients::default(),
            classic_elb: Clients::default(),
            cloudformation: Clients::default(),
            cloudtrail: Clients::default(),
            cloudwatch: Clients::default(),
            dlm: Clients::default(),
            drs: Clients::default(),
            dynamodb: Clients::default(),
            dynamodb_backups: Clients::default(),
            ec2: Clients::default(),
            efs: Clients::default(),
            elb: Clients::default(),
            fis: Clients::default(),
            iam: Clients::default(),
            kms: Clients::default(),
            rds: Clients::default(),
            region_switch: Clients::default(),
            resilience_hub: Clients::default(),
            route53: Clients::default(),
            routing_control: Clients::default(),
            s3: Clients::default(),
            secrets_manager: Clients::default(),
            sts: Clients::default(),
            tagging: Clients::default(),
            zonal_shift: Clients::default(),
        })
    }

    /// Region for calls that are not about a Region.
    pub(super) fn home(&self) -> &str {
        &self.home
    }

    /// ARN of the role that the caller takes, if any.
    pub(super) fn role(&self) -> Option<&str> {
        self.role.as_deref()
    }

    /// Where calls go, for people to read.
    pub(super) fn endpoint(&self, service: Service) -> String {
        self.config.endpoint_url().map_or_else(
            || format!("{} in {}", service.as_str(), self.home),
            |url| format!("the endpoint {url}"),
        )
    }

    client!(account, aws_sdk_account, Service::Account);
    client!(application_auto_scaling, aws_sdk_applicationautoscaling, Service::ApplicationAutoScaling);
    client!(auto_scaling, aws_sdk_autoscaling, Service::AutoScaling);
    client!(backup, aws_sdk_backup, Service::Backup);
    client!(classic_elb, aws_sdk_elasticloadbalancing, Service::Elb);
    client!(cloudformation, aws_sdk_cloudformation, Service::CloudFormation);
    client!(cloudtrail, aws_sdk_cloudtrail, Service::CloudTrail);
    client!(cloudwatch, aws_sdk_cloudwatch, Service::CloudWatch);
    client!(dlm, aws_sdk_dlm, Service::Dlm);
    client!(drs, aws_sdk_drs, Service::Drs);
    client!(dynamodb, aws_sdk_dynamodb, Service::DynamoDb);
    // A client slows down with its lane, and knows of one lane whether it is throttled.
    client!(dynamodb_backups, aws_sdk_dynamodb, Service::DynamoDbBackups);
    client!(ec2, aws_sdk_ec2, Service::Ec2);
    client!(efs, aws_sdk_efs, Service::Efs);
    client!(elb, aws_sdk_elasticloadbalancingv2, Service::Elb);
    client!(fis, aws_sdk_fis, Service::Fis);
    client!(iam, aws_sdk_iam, Service::Iam);
    client!(kms, aws_sdk_kms, Service::Kms);
    client!(rds, aws_sdk_rds, Service::Rds);
    client!(region_switch, aws_sdk_arcregionswitch, Service::RegionSwitch);
    client!(resilience_hub, aws_sdk_resiliencehub, Service::ResilienceHub);
    client!(route53, aws_sdk_route53, Service::Route53);
    client!(routing_control, aws_sdk_route53recoverycontrolconfig, Service::RoutingControl);
    // Path style keeps all buckets of a Region on one host name. With a host name for each bucket, every bucket
    // would cost a lookup, several TLS handshakes, and connections that stay open after their only use.
    client!(s3, aws_sdk_s3, Service::S3, force_path_style(true));
    client!(secrets_manager, aws_sdk_secretsmanager, Service::SecretsManager);
    client!(sts, aws_sdk_sts, Service::Sts);
    client!(tagging, aws_sdk_resourcegroupstagging, Service::Tagging);
    client!(zonal_shift, aws_sdk_arczonalshift, Service::ZonalShift);
}

async fn load_profiles(name: Option<&str>) -> Option<ProfileSet> {
    let name = name.map(|name| name.to_owned().into());
    // The types of the first three are the process's file system and environment and the usual files; the crate
    // that declares the first two is not meant to be named.
    let profiles =
        aws_config::profile::load(&Default::default(), &Default::default(), &Default::default(), name).await;
    profiles.inspect_err(|error| tracing::warn!("the AWS configuration files cannot be read: {error}")).ok()
}

/// The Region that the profile or the environment names, else the first that every account of the partition has.
/// The instance metadata service is not asked: off EC2 that takes seconds to fail.
fn home_region(request: &Request, profiles: Option<&ProfileSet>) -> String {
    let of_profile = |name: &str| profiles?.get_profile(name)?.get("region").map(str::to_owned);
    let of_environment = || {
        let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter();
        variables.filter_map(|name| std::env::var(name).ok()).find(|region| !region.is_empty())
    };
    let configured = match &request.profile {
        Some(name) => of_profile(name).or_else(of_environment),
        None => of_environment().or_else(|| of_profile(profiles?.selected_profile())),
    };
    configured.unwrap_or_else(|| {
        let first = request.regions.first().map_or("", String::as_str);
        regions::first_of(regions::partition_of(first)).to_owned()
    })
}

/// The HTTP client that all clients share, made as each would make its own. Making one reads the certificates of
/// the system, which takes longer than some calls, and there is a client for every service in every Region.
fn http_client() -> SharedHttpClient {
    aws_smithy_http_client::Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.build()
    })
}

async fn load(request: &Request, home: &str) -> SdkConfig {
    let version = BehaviorVersion::v2026_01_12();
    let region = Region::new(home.to_owned());
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(request.call_timeout.min(Duration::from_millis(3100)))
        .operation_attempt_timeout(request.call_timeout)
        .build();
    let mut loader = aws_config::defaults(version)
        .region(region.clone())
        .http_client(http_client())
        .retry_config(RetryConfig::adaptive().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts)
        // The roles of profiles and the pages of SSO can be slow; the default is five seconds.
        .identity_cache(IdentityCache::lazy().load_timeout(request.call_timeout).build())
        // Answers are small and the attempt has its time-out; a slow link is not an error.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Ok(name) = AppName::new(NAME) {
        loader = loader.app_name(name);
    }
    if let Some(url) = &request.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(name) = &request.profile {
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(
                &ProviderConfig::default().with_region(Some(region)).with_behavior_version(Some(version)),
            )
            .profile_name(name)
            .build();
        loader = loader.profile_name(name).credentials_provider(provider);
    }
    loader.load().await
}
