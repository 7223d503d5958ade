//! Settings of Route 53: hosted zones, record sets and health checks. All of them are global.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A hosted zone.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HostedZone {
    /// Whether only VPCs resolve it.
    pub private_zone: Option<bool>,
    /// `ENABLED`, `DISABLED`, `ENABLING`, … : whether changes can be made while the control plane in the first Region is
    /// down. `null` where the list does not say.
    pub accelerated_recovery_status: Option<String>,
    /// Record sets in it, those that every zone has included.
    pub resource_record_set_count: Option<i64>,
}

/// A record set: one answer to queries for its name and type, chosen among others of the same name and type by
/// its routing policy.
///
/// Route 53 gives record sets no ARN. Theirs here is that of the zone with `/recordset/`, name, type and set
/// identifier. The resource's name is the name that is queried, in lower case, without the dot at the end and with
/// escapes such as `\052` decoded.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSet {
    /// ARN of its zone.
    pub hosted_zone: String,
    /// `A`, `AAAA`, `CNAME`, …
    pub record_type: Option<String>,
    /// Tells it from the others of its name and type; `null` for simple routing.
    pub set_identifier: Option<String>,
    /// How it is chosen.
    pub routing_policy: RoutingPolicy,
    /// `PRIMARY` or `SECONDARY`, for failover routing.
    pub failover: Option<String>,
    /// Share of the answers, for weighted routing.
    pub weight: Option<i64>,
    /// Region, for latency routing.
    pub latency_region: Option<String>,
    /// Place, for geolocation routing: such as `continent EU`, `country DE`, `subdivision US-WA` or `default`.
    pub geo_location: Option<String>,
    /// ARN of its health check.
    pub health_check: Option<String>,
    /// What it is an alias of; `null` if it has values.
    pub alias_target: Option<AliasTarget>,
    /// Seconds that resolvers may keep it; `null` for an alias, which has its target's.
    pub ttl: Option<i64>,
    /// Addresses or names that it answers, for `A`, `AAAA` and `CNAME`. Others may be secret and are left out.
    pub values: Vec<String>,
    /// The traffic policy instance that made it.
    pub traffic_policy_instance_id: Option<String>,
}

/// How Route 53 chooses among record sets of one name and type.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutingPolicy {
    /// There is only the one.
    #[default]
    Simple,
    /// The primary while it is healthy, else the secondary.
    Failover,
    /// By share.
    Weighted,
    /// By the Region that is nearest in time.
    Latency,
    /// By the place of who asks.
    Geolocation,
    /// By distance, with a bias.
    Geoproximity,
    /// Up to eight healthy ones, in any order.
    MultivalueAnswer,
    /// By the network of who asks.
    Cidr,
}

/// The target of an alias.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AliasTarget {
    /// Name of the target, in lower case, without the dot at the end and without `dualstack.` in front.
    pub dns_name: String,
    /// Zone that the target's name is in.
    pub hosted_zone_id: String,
    /// Whether the record counts as unhealthy while its target is.
    pub evaluate_target_health: bool,
}

/// A health check.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HealthCheck {
    /// `HTTP`, `HTTPS`, `HTTP_STR_MATCH`, `HTTPS_STR_MATCH`, `TCP`, `CALCULATED`, `CLOUDWATCH_METRIC` or
    /// `RECOVERY_CONTROL`.
    pub check_type: Option<String>,
    /// Address that is checked.
    pub ip_address: Option<String>,
    /// Name that is checked, or the `Host` header if there is an address; in lower case, without the dot at the end.
    pub fully_qualified_domain_name: Option<String>,
    /// Port that is checked.
    pub port: Option<i32>,
    /// Seconds between two checks of one checker: 10 or 30.
    pub request_interval: Option<i32>,
    /// Checks in a row that change the status.
    pub failure_threshold: Option<i32>,
    /// Whether the status is reversed.
    pub inverted: Option<bool>,
    /// Whether checking is off. Route 53 then takes the endpoint for healthy.
    pub disabled: Option<bool>,
    /// Whether the name is sent in the TLS handshake.
    pub enable_sni: Option<bool>,
    /// Regions that are checked from; empty for all of them.
    pub regions: Vec<String>,
    /// ARNs of the health checks that a calculated one looks at.
    pub child_health_checks: Vec<String>,
    /// Children that must be healthy.
    pub health_threshold: Option<i32>,
    /// The CloudWatch alarm that it follows.
    pub alarm: Option<Alarm>,
    /// Status while the alarm has too little data: `Healthy`, `Unhealthy` or `LastKnownStatus`.
    pub insufficient_data_health_status: Option<String>,
    /// The routing control that it follows.
    pub routing_control_arn: Option<String>,
    /// The service that made it, which then manages it.
    pub linked_service: Option<String>,
}

/// A CloudWatch alarm by name.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Region that it is in.
    pub region: String,
    /// Name of it.
    pub name: String,
}
