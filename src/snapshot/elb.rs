//! Settings of Elastic Load Balancing: Application, Network, Gateway and Classic Load Balancers and target groups.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Durations are seconds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::resource::Zone;

/// An Application, Network or Gateway Load Balancer. The zones that are enabled are the resource's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LoadBalancer {
    /// `application`, `network` or `gateway`.
    pub r#type: Option<String>,
    /// `internet-facing` or `internal`.
    pub scheme: Option<String>,
    /// `provisioning`, `active`, `active_impaired` or `failed`.
    pub state: Option<String>,
    /// Name that records lead to, in lower case.
    pub dns_name: Option<String>,
    /// Zone that an alias to it has to name.
    pub canonical_hosted_zone_id: Option<String>,
    /// VPC.
    pub vpc_id: Option<String>,
    /// Ids of the subnets that it is in, sorted.
    pub subnets: Vec<String>,
    /// `deletion_protection.enabled`.
    pub deletion_protection_enabled: Option<bool>,
    /// `load_balancing.cross_zone.enabled`. A target group may say otherwise for its targets. Always on for Application
    /// Load Balancers.
    pub cross_zone_enabled: Option<bool>,
    /// `zonal_shift.config.enabled`.
    pub zonal_shift_enabled: Option<bool>,
}

/// A Classic Load Balancer. The zones that are enabled are the resource's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClassicLoadBalancer {
    /// `internet-facing` or `internal`.
    pub scheme: Option<String>,
    /// Name that records lead to, in lower case.
    pub dns_name: Option<String>,
    /// Zone that an alias to it has to name.
    pub canonical_hosted_zone_name_id: Option<String>,
    /// VPC; `null` on EC2-Classic.
    pub vpc_id: Option<String>,
    /// Ids of the subnets that it is in, sorted.
    pub subnets: Vec<String>,
    /// Ids of the instances that are registered, sorted.
    pub instances: Vec<String>,
    /// How its instances are checked.
    pub health_check: Option<ClassicHealthCheck>,
    /// Whether each zone sends to the instances of all zones.
    pub cross_zone_enabled: Option<bool>,
}

/// How the instances of a Classic Load Balancer are checked.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ClassicHealthCheck {
    /// `PROTOCOL:PORT/PATH`.
    pub target: String,
    /// Seconds between two checks.
    pub interval: i32,
    /// Checks in a row that make an instance unhealthy.
    pub unhealthy_threshold: i32,
}

/// A target group.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TargetGroup {
    /// `instance`, `ip`, `lambda` or `alb`.
    pub target_type: Option<String>,
    /// `HTTP`, `HTTPS`, `TCP`, `TLS`, `UDP`, `TCP_UDP`, `QUIC`, `TCP_QUIC` or `GENEVE`.
    pub protocol: Option<String>,
    /// Port of the targets.
    pub port: Option<i32>,
    /// VPC.
    pub vpc_id: Option<String>,
    /// ARNs of the load balancers whose listeners name it, sorted.
    pub load_balancer_arns: Vec<String>,
    /// Whether its targets are checked. It is off only for Lambda functions.
    pub health_check_enabled: Option<bool>,
    /// `HTTP`, `HTTPS` or `TCP`.
    pub health_check_protocol: Option<String>,
    /// Path that is asked for.
    pub health_check_path: Option<String>,
    /// Seconds between two checks.
    pub health_check_interval_seconds: Option<i32>,
    /// Seconds until a check without an answer has failed.
    pub health_check_timeout_seconds: Option<i32>,
    /// Checks in a row that make a target unhealthy.
    pub unhealthy_threshold_count: Option<i32>,
    /// Codes that pass, such as `200-299`; HTTP codes or, for gRPC, codes of gRPC.
    pub matcher: Option<String>,
    /// `true`, `false` or `use_load_balancer_configuration`; asked for only where a Network or Gateway Load Balancer
    /// can be in front.
    pub cross_zone_enabled: Option<String>,
    /// Its targets, by id and port. `null` where no load balancer uses it and where the targets are functions, which
    /// are not asked for, and where that could not be collected.
    pub targets: Option<Vec<Target>>,
}

/// A target.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Id of an instance, an address, or ARN of an Application Load Balancer.
    pub id: String,
    /// Port.
    pub port: Option<i32>,
    /// Zone that was given when it was registered: only addresses have one, and those outside of the VPC have
    /// `all`, which stands here as `null`.
    pub zone: Option<Zone>,
    /// `healthy`, `unhealthy`, `initial`, `draining`, `unused`, `unavailable`, …
    pub state: Option<String>,
    /// Why it is not healthy.
    pub reason: Option<String>,
}
