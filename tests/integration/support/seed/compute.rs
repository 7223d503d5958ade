//! What the accounts run: load balancers, Auto Scaling groups with their instances, instances without one, volumes.

use aws_sdk_autoscaling::types::{
    LaunchTemplate, LaunchTemplateOverrides, LaunchTemplateSpecification, MixedInstancesPolicy,
};
use aws_sdk_ec2::types::{
    BlockDeviceMapping, EbsBlockDevice, InstanceType, RequestLaunchTemplateData, ResourceType,
};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, LoadBalancerAttribute, Matcher, ProtocolEnum, TargetDescription,
};

use super::network::{self, Network};
use super::{OrFail as _, Tags};
use crate::support::account::Account;

fn elb(account: &Account, region: &'static str) -> aws_sdk_elasticloadbalancingv2::Client {
    aws_sdk_elasticloadbalancingv2::Client::new(&account.sdk_config(region))
}

fn auto_scaling(account: &Account, region: &'static str) -> aws_sdk_autoscaling::Client {
    aws_sdk_autoscaling::Client::new(&account.sdk_config(region))
}

fn elb_tags(tags: Tags<'_>) -> Option<Vec<aws_sdk_elasticloadbalancingv2::types::Tag>> {
    let tag = |(key, value): &(&str, &str)| {
        let tag = aws_sdk_elasticloadbalancingv2::types::Tag::builder().key(*key).value(*value);
        tag.build()
    };
    Some(tags.iter().map(tag).collect())
}

/// A load balancer that was made.
pub(super) struct Balancer {
    pub(super) arn: String,
    pub(super) dns_name: String,
}

/// An Application Load Balancer in these subnets. A protected one cannot be deleted, and can be shifted out of a zone.
pub(super) async fn load_balancer(
    account: &Account,
    region: &'static str,
    name: &str,
    subnets: &[String],
    protected: bool,
    tags: Tags<'_>,
) -> Balancer {
    let client = elb(account, region);
    let made = client
        .create_load_balancer()
        .name(name)
        .set_subnets(Some(subnets.to_vec()))
        .set_tags(elb_tags(tags))
        .send()
        .await
        .or_fail(&format!("load balancer {name}"));
    let made = made.load_balancers.unwrap_or_default().remove(0);
    let arn = made.load_balancer_arn.expect("a load balancer has an ARN");
    let attribute =
        |key: &str| LoadBalancerAttribute::builder().key(key).value(protected.to_string()).build();
    client
        .modify_load_balancer_attributes()
        .load_balancer_arn(&arn)
        .attributes(attribute("deletion_protection.enabled"))
        .attributes(attribute("zonal_shift.config.enabled"))
        .send()
        .await
        .or_fail(&format!("protection of {name}"));
    Balancer { arn, dns_name: made.dns_name.expect("a load balancer has a name") }
}

/// How the targets of a group are checked.
pub(super) struct Check {
    pub(super) protocol: ProtocolEnum,
    pub(super) interval: i32,
    pub(super) failures: i32,
}

/// A target group behind a load balancer; gives its ARN.
pub(super) async fn target_group(
    account: &Account,
    network: &Network,
    name: &str,
    balancer: &Balancer,
    check: Check,
    tags: Tags<'_>,
) -> String {
    let client = elb(account, network.region);
    let is_http = check.protocol != ProtocolEnum::Tcp;
    let made = client
        .create_target_group()
        .name(name)
        .protocol(ProtocolEnum::Http)
        .port(80)
        .vpc_id(&network.vpc)
        .health_check_protocol(check.protocol)
        .set_health_check_path(is_http.then(|| "/health".to_owned()))
        .set_matcher(is_http.then(|| Matcher::builder().http_code("200").build()))
        .health_check_interval_seconds(check.interval)
        .unhealthy_threshold_count(check.failures)
        .set_tags(elb_tags(tags))
        .send()
        .await
        .or_fail(&format!("target group {name}"));
    let arn = made.target_groups.unwrap_or_default().remove(0).target_group_arn.expect("it has an ARN");
    let forward = Action::builder().r#type(ActionTypeEnum::Forward).target_group_arn(&arn).build();
    client
        .create_listener()
        .load_balancer_arn(&balancer.arn)
        .protocol(ProtocolEnum::Http)
        .port(80)
        .default_actions(forward)
        .send()
        .await
        .or_fail(&format!("listener of {name}"));
    arn
}

/// Registers an instance with a target group.
pub(super) async fn register(account: &Account, region: &'static str, group: &str, instance: &str) {
    elb(account, region)
        .register_targets()
        .target_group_arn(group)
        .targets(TargetDescription::builder().id(instance).build())
        .send()
        .await
        .or_fail("target");
}

/// An image of the account's own; gives its id.
pub(super) async fn image(account: &Account, region: &'static str, name: &str) -> String {
    let root = BlockDeviceMapping::builder()
        .device_name("/dev/sda1")
        .ebs(EbsBlockDevice::builder().volume_size(8).build())
        .build();
    let made = network::client(account, region)
        .register_image()
        .name(name)
        .root_device_name("/dev/sda1")
        .block_device_mappings(root)
        .send()
        .await
        .or_fail(&format!("image {name}"));
    made.image_id.expect("an image has an id")
}

/// Copies an image to another Region under the same name; gives the id of the copy.
pub(super) async fn copy_image(
    account: &Account,
    (from, id): (&'static str, &str),
    to: &'static str,
    name: &str,
) -> String {
    let copied = network::client(account, to)
        .copy_image()
        .source_image_id(id)
        .source_region(from)
        .name(name)
        .send()
        .await
        .or_fail(&format!("copy of image {name}"));
    copied.image_id.expect("an image has an id")
}

/// An Auto Scaling group.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    /// Name of the launch template that is made for it.
    pub(super) template: &'a str,
    /// Version of the launch template that it starts.
    pub(super) version: Option<&'a str>,
    /// Types that it may start instead of the template's.
    pub(super) instance_types: &'a [&'a str],
    pub(super) image: &'a str,
    pub(super) subnets: &'a [String],
    /// Least, most and desired instances.
    pub(super) sizes: [i32; 3],
    pub(super) health_check: &'a str,
    pub(super) target_group: Option<&'a str>,
    pub(super) tags: Tags<'a>,
}

/// Makes a group with its launch template and its instances, and gives their ids. moto starts all instances of a group in its first subnet,
/// so they are started one by one and handed to it.
pub(super) async fn group(account: &Account, region: &'static str, group: Group<'_>) -> Vec<String> {
    network::client(account, region)
        .create_launch_template()
        .launch_template_name(group.template)
        .launch_template_data(
            RequestLaunchTemplateData::builder()
                .image_id(group.image)
                .instance_type(InstanceType::M7gLarge)
                .build(),
        )
        .send()
        .await
        .or_fail(group.template);
    let template = LaunchTemplateSpecification::builder()
        .launch_template_name(group.template)
        .set_version(group.version.map(str::to_owned))
        .build();
    let types = group.instance_types.iter();
    let overrides = types.map(|name| LaunchTemplateOverrides::builder().instance_type(*name).build());
    let mixed = MixedInstancesPolicy::builder().launch_template(
        LaunchTemplate::builder()
            .launch_template_specification(template.clone())
            .set_overrides(Some(overrides.collect()))
            .build(),
    );
    let [least, most, desired] = group.sizes;
    let client = auto_scaling(account, region);
    let tags = group.tags.iter().map(|(key, value)| {
        aws_sdk_autoscaling::types::Tag::builder()
            .key(*key)
            .value(*value)
            .resource_id(group.name)
            .resource_type("auto-scaling-group")
            .propagate_at_launch(true)
            .build()
    });
    client
        .create_auto_scaling_group()
        .auto_scaling_group_name(group.name)
        .set_launch_template(group.instance_types.is_empty().then(|| template.clone()))
        .set_mixed_instances_policy((!group.instance_types.is_empty()).then(|| mixed.build()))
        .min_size(0)
        .max_size(most)
        .desired_capacity(0)
        .vpc_zone_identifier(group.subnets.join(","))
        .health_check_type(group.health_check)
        .health_check_grace_period(300)
        .set_target_group_arns(group.target_group.map(|arn| vec![arn.to_owned()]))
        .set_tags(Some(tags.collect()))
        .send()
        .await
        .or_fail(group.name);
    let mut instances = Vec::new();
    for subnet in group.subnets.iter().cycle().take(usize::try_from(desired).expect("not negative")) {
        let instance = instance(account, region, group.image, subnet, group.tags).await;
        client
            .attach_instances()
            .auto_scaling_group_name(group.name)
            .instance_ids(&instance)
            .send()
            .await
            .or_fail(&format!("instance of {}", group.name));
        instances.push(instance);
    }
    client
        .update_auto_scaling_group()
        .auto_scaling_group_name(group.name)
        .min_size(least)
        .send()
        .await
        .or_fail(&format!("size of {}", group.name));
    instances
}

/// An instance; gives its id.
pub(super) async fn instance(
    account: &Account,
    region: &'static str,
    image: &str,
    subnet: &str,
    tags: Tags<'_>,
) -> String {
    let started = network::client(account, region)
        .run_instances()
        .image_id(image)
        .instance_type(InstanceType::M7gLarge)
        .subnet_id(subnet)
        .min_count(1)
        .max_count(1)
        .set_tag_specifications(network::tags(ResourceType::Instance, tags))
        .send()
        .await
        .or_fail("instance");
    started.instances.unwrap_or_default().remove(0).instance_id.expect("an instance has an id")
}

/// A volume that is attached to an instance, encrypted if there is a key; gives its id.
pub(super) async fn volume(
    account: &Account,
    region: &'static str,
    zone: &str,
    instance: &str,
    key: Option<&str>,
    tags: Tags<'_>,
) -> String {
    let client = network::client(account, region);
    let made = client
        .create_volume()
        .availability_zone(format!("{region}{zone}"))
        .size(100)
        .encrypted(key.is_some())
        .set_kms_key_id(key.map(str::to_owned))
        .set_tag_specifications(network::tags(ResourceType::Volume, tags))
        .send()
        .await
        .or_fail("volume");
    let id = made.volume_id.expect("a volume has an id");
    client
        .attach_volume()
        .volume_id(&id)
        .instance_id(instance)
        .device("/dev/sdf")
        .send()
        .await
        .or_fail("volume");
    id
}

/// A snapshot of a volume; gives its id.
pub(super) async fn snapshot(account: &Account, region: &'static str, volume: &str) -> String {
    let made = network::client(account, region).create_snapshot().volume_id(volume).send().await;
    made.or_fail("snapshot of a volume").snapshot_id.expect("a snapshot has an id")
}

/// Copies a snapshot to another Region, with the description that EC2 gives copies by itself.
pub(super) async fn copy_snapshot(account: &Account, (from, id): (&'static str, &str), to: &'static str) {
    network::client(account, to)
        .copy_snapshot()
        .source_region(from)
        .source_snapshot_id(id)
        .description(format!("[Copied {id} from {from}]"))
        .send()
        .await
        .or_fail("copy of a snapshot");
}
