//! Settings of EC2 Auto Scaling.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Times are UTC,
//! durations are seconds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::resource::Zone;

/// An Auto Scaling group. The zones that it may start instances in are the resource's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AutoScalingGroup {
    /// `Delete in progress`; `null` at all other times.
    pub status: Option<String>,
    /// Instances that it never goes below.
    pub min_size: Option<i32>,
    /// Instances that it never goes above.
    pub max_size: Option<i32>,
    /// Instances that it keeps.
    pub desired_capacity: Option<i32>,
    /// Ids of the subnets that it may start instances in, sorted.
    pub vpc_zone_identifier: Vec<String>,
    /// What tells that an instance has failed, sorted: `EC2`, `ELB`, `EBS` or `VPC_LATTICE`. The API writes them as
    /// one text with commas.
    pub health_check_type: Vec<String>,
    /// Seconds after its start in which a failing instance is left alone.
    pub health_check_grace_period: Option<i32>,
    /// Seconds until a new instance counts as warmed up.
    pub default_instance_warmup: Option<i32>,
    /// Its instances, by id.
    pub instances: Vec<GroupInstance>,
    /// ARNs of the target groups that it registers its instances with, sorted.
    pub target_group_arns: Vec<String>,
    /// Names of the Classic Load Balancers that it registers its instances with, sorted.
    pub load_balancer_names: Vec<String>,
    /// Everything that it registers its instances with, by identifier; those above included.
    pub traffic_sources: Vec<TrafficSource>,
    /// Processes that are suspended, by name.
    pub suspended_processes: Vec<SuspendedProcess>,
    /// Name of the launch configuration; a group has this or one of the next two.
    pub launch_configuration_name: Option<String>,
    /// The launch template.
    pub launch_template: Option<LaunchTemplateSpecification>,
    /// The launch template together with the types of instance that may be started.
    pub mixed_instances_policy: Option<MixedInstancesPolicy>,
    /// Whether a zonal shift can keep it from starting instances in a zone; `null` where nobody has said.
    pub zonal_shift_enabled: Option<bool>,
    /// When it was made.
    pub created_time: Option<Timestamp>,
}

/// An instance as its group sees it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GroupInstance {
    /// Id.
    pub instance_id: String,
    /// Zone.
    pub zone: Option<Zone>,
    /// `InService`, `Pending`, `Standby`, `Terminating`, …
    pub lifecycle_state: Option<String>,
    /// `HEALTHY` or `UNHEALTHY`.
    pub health_status: Option<String>,
}

/// What a group registers its instances with.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TrafficSource {
    /// ARN of a target group, or name of a Classic Load Balancer.
    pub identifier: String,
    /// `elb`, `elbv2` or `vpc-lattice`.
    pub r#type: Option<String>,
}

/// A process of a group that is suspended.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SuspendedProcess {
    /// `Launch`, `Terminate`, `HealthCheck`, `ReplaceUnhealthy`, `AZRebalance`, …
    pub process_name: String,
    /// Derived: since when, where the reason that the API gives tells it.
    pub suspended_at: Option<Timestamp>,
}

/// A launch template as a group names it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchTemplateSpecification {
    /// Id.
    pub launch_template_id: Option<String>,
    /// Name.
    pub launch_template_name: Option<String>,
    /// Number, `$Default` or `$Latest`; `null` stands for the default one.
    pub version: Option<String>,
}

/// A launch template together with the types of instance that may be started.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MixedInstancesPolicy {
    /// The template of those that name none themselves.
    pub launch_template: Option<LaunchTemplateSpecification>,
    /// Types that may be started instead of the template's, sorted.
    pub instance_types: Vec<String>,
    /// Whether any type that meets requirements may be started.
    pub has_instance_requirements: bool,
}
