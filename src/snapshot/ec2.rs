//! Settings of EC2: instances, volumes and their snapshots, images, and the network between them.
//!
//! Fields have the API's names in snake case and are `null` where the API did not return them. Sizes are GiB.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// An Availability Zone, a Local Zone or one of Wavelength. Its name is the resource's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AvailabilityZone {
    /// Id, which means the same zone in every account.
    pub zone_id: Option<String>,
    /// `availability-zone`, `local-zone` or `wavelength-zone`.
    pub zone_type: Option<String>,
    /// `available`, `information`, `impaired`, `unavailable` or `constrained`.
    pub state: Option<String>,
    /// `opt-in-not-required`, `opted-in` or `not-opted-in`.
    pub opt_in_status: Option<String>,
}

/// An instance. Its zone is the resource's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// `pending`, `running`, `stopping`, `stopped`, `shutting-down` or `terminated`.
    pub state: Option<String>,
    /// Type, such as `m7g.large`.
    pub instance_type: Option<String>,
    /// Image that it was started from.
    pub image_id: Option<String>,
    /// VPC.
    pub vpc_id: Option<String>,
    /// Subnet.
    pub subnet_id: Option<String>,
    /// Private addresses, sorted: what targets of type `ip` and records name.
    pub private_ip_addresses: Vec<String>,
    /// Public addresses, sorted.
    pub public_ip_addresses: Vec<String>,
    /// Elastic IP addresses among the public ones, sorted.
    pub elastic_ip_addresses: Vec<String>,
    /// `spot` or `scheduled`; `null` for On-Demand.
    pub instance_lifecycle: Option<String>,
    /// Name of the Auto Scaling group that started it.
    pub auto_scaling_group: Option<String>,
    /// `default` or `disabled`: whether EC2 recovers it when its host fails.
    pub auto_recovery: Option<String>,
    /// `ebs` or `instance-store`.
    pub root_device_type: Option<String>,
    /// The service that made and manages it, such as EKS Auto Mode; `null` for those of the account.
    pub operator: Option<String>,
    /// Device name of the root volume.
    pub root_device_name: Option<String>,
    /// When it was started.
    pub launch_time: Option<Timestamp>,
}

/// An EBS volume. Its zone is the resource's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// `creating`, `available`, `in-use`, `deleting`, `deleted` or `error`.
    pub state: Option<String>,
    /// Gibibytes.
    pub size: Option<i32>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// ARN of the key.
    pub kms_key_id: Option<String>,
    /// `gp3`, `io2`, …
    pub volume_type: Option<String>,
    /// Where it is attached, by instance.
    pub attachments: Vec<Attachment>,
    /// When it was created.
    pub create_time: Option<Timestamp>,
}

/// Where a volume is attached.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Id of the instance.
    pub instance_id: String,
    /// Device name.
    pub device: Option<String>,
    /// Whether the volume goes with the instance.
    pub delete_on_termination: Option<bool>,
}

/// A snapshot of a volume, owned by the account.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VolumeSnapshot {
    /// `pending`, `completed`, `error`, `recoverable` or `recovering`.
    pub state: Option<String>,
    /// Derived: ARN of the volume that it is of. A copy is of the volume that its source is of, as far as the sources
    /// on the way were collected.
    pub source_volume_arn: Option<String>,
    /// Derived: ARN of the snapshot that it is a copy of, where its description says so, as it does unless somebody
    /// gave another one.
    pub source_snapshot_arn: Option<String>,
    /// Derived: whether it is a copy. The API gives copies the id of a volume that does not exist.
    pub is_copy: bool,
    /// When it was begun.
    pub start_time: Option<Timestamp>,
    /// Derived: the instant that its data is of. That of a copy is its source's, as far as that was collected.
    pub data_time: Option<Timestamp>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// ARN of the KMS key that encrypts it; `null` if none does.
    pub kms_key_id: Option<String>,
    /// `standard` or `archive`, which takes days to restore.
    pub storage_tier: Option<String>,
}

/// A subnet. Its zone is the resource's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// `pending` or `available`.
    pub state: Option<String>,
    /// VPC.
    pub vpc_id: Option<String>,
    /// Addresses that are left.
    pub available_ip_address_count: Option<i32>,
    /// ARN of the Outpost that it is on.
    pub outpost_arn: Option<String>,
}

/// A route table.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RouteTable {
    /// VPC.
    pub vpc_id: Option<String>,
    /// Whether it is that of the subnets that have none of their own.
    pub main: bool,
    /// Ids of the subnets that it was given to, sorted.
    pub subnets: Vec<String>,
    /// Its routes, by destination.
    pub routes: Vec<Route>,
}

/// A route.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Derived: network or prefix list that it is for.
    pub destination: String,
    /// Derived: id of what it leads to: a gateway, an instance, a network interface, a peering, …
    pub target: Option<String>,
    /// `active` or `blackhole`.
    pub state: Option<String>,
}

/// A NAT gateway.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NatGateway {
    /// `pending`, `failed`, `available`, `deleting` or `deleted`.
    pub state: Option<String>,
    /// VPC.
    pub vpc_id: Option<String>,
    /// Subnet that it is in; `null` for a regional one.
    pub subnet_id: Option<String>,
    /// `public` or `private`.
    pub connectivity_type: Option<String>,
    /// `zonal` or `regional`. A regional one is in several zones by itself; `null` before there were any.
    pub availability_mode: Option<String>,
}

/// A VPC endpoint.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VpcEndpoint {
    /// `pending`, `available`, `deleting`, `rejected`, …
    pub state: Option<String>,
    /// `Interface`, `Gateway`, `GatewayLoadBalancer`, …
    pub vpc_endpoint_type: Option<String>,
    /// Service that it leads to.
    pub service_name: Option<String>,
    /// VPC.
    pub vpc_id: Option<String>,
    /// Ids of its subnets, sorted.
    pub subnets: Vec<String>,
}

/// A VPN connection, without the configuration of the customer's side, which has the keys in it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct VpnConnection {
    /// `pending`, `available`, `deleting` or `deleted`.
    pub state: Option<String>,
    /// Id of the customer gateway.
    pub customer_gateway_id: Option<String>,
    /// Id of the gateway on AWS's side.
    pub gateway_id: Option<String>,
    /// Its tunnels, by outside address.
    pub tunnels: Vec<Tunnel>,
}

/// A tunnel of a VPN connection.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tunnel {
    /// Address on AWS's side.
    pub outside_ip_address: Option<String>,
    /// `UP` or `DOWN`.
    pub status: Option<String>,
}

/// A launch template: its default and its latest version, by number, which may be the same.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchTemplate {
    /// The versions.
    pub versions: Vec<LaunchTemplateVersion>,
}

/// A version of a launch template, without user data, which can hold secrets.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchTemplateVersion {
    /// Its number.
    pub version_number: Option<i64>,
    /// Whether it is the default.
    pub default_version: Option<bool>,
    /// Image, or `resolve:ssm:…` for a parameter that names one.
    pub image_id: Option<String>,
    /// Type of the instances.
    pub instance_type: Option<String>,
}

/// An image that the account owns. Its name, which copies in other Regions often share, is the resource's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// `pending`, `available`, `invalid`, `deregistered`, `failed`, …
    pub state: Option<String>,
    /// Id.
    pub image_id: Option<String>,
    /// Id of the image that it is a copy of.
    pub source_image_id: Option<String>,
    /// Region of that image.
    pub source_image_region: Option<String>,
    /// When it was created.
    pub creation_date: Option<Timestamp>,
    /// From when on AWS calls it deprecated: it can still be started, and lists leave it out.
    pub deprecation_time: Option<Timestamp>,
}
