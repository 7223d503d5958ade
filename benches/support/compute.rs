//! What runs in the large account: load balancers, groups, instances, volumes and names.

use hadr_scan::snapshot::autoscaling::{AutoScalingGroup, GroupInstance, LaunchTemplateSpecification};
use hadr_scan::snapshot::ec2::{
    Attachment, AvailabilityZone, Instance, LaunchTemplate, LaunchTemplateVersion, Subnet, Volume,
    VolumeSnapshot,
};
use hadr_scan::snapshot::elb::{LoadBalancer, Target, TargetGroup};
use hadr_scan::snapshot::route53::{AliasTarget, RecordSet, RoutingPolicy};
use hadr_scan::snapshot::{Attributes, Kind, Resource, Zone};

use super::{ACCOUNT, CREATED, NEWEST, REGIONS, resource, text};

/// The zones of a Region.
pub(super) fn zones(region: &'static str) -> [Resource; 3] {
    ["a", "b", "c"].map(|letter| {
        let name = format!("{region}{letter}");
        let zone = AvailabilityZone {
            zone_id: Some(format!("{region}-az-{letter}")),
            zone_type: text("availability-zone"),
            state: text("available"),
            opt_in_status: text("opt-in-not-required"),
        };
        let arn = format!("arn:aws:ec2:{region}:{ACCOUNT}:availability-zone/{name}");
        resource(Kind::AvailabilityZone, arn, name, region, Attributes::AvailabilityZone(Box::new(zone)))
    })
}

/// A service: a name, a load balancer with its target group, a group with an instance, its subnet and its template, and
/// a volume with a snapshot in two Regions. What is as it should be spans three zones.
pub(super) fn ten_resources(number: usize) -> Vec<Resource> {
    let region = REGIONS[number % REGIONS.len()];
    let next = REGIONS[(number + 1) % REGIONS.len()];
    let good = !number.is_multiple_of(20);
    let letters: &[&str] = if good { &["a", "b", "c"] } else { &["a"] };
    let zones = || letters.iter().map(|letter| Zone::named(format!("{region}{letter}"))).collect();
    // The other instance of a load balancer is that of the service four numbers on, in the next zone.
    let letter = if good { ["a", "b", "c"][number / 4 % 3] } else { "a" };
    let first = || vec![Zone::named(format!("{region}{letter}"))];
    let ec2 = |kind: &str, id: &str| format!("arn:aws:ec2:{region}:{ACCOUNT}:{kind}/{id}");
    let elb =
        |kind: &str| format!("arn:aws:elasticloadbalancing:{region}:{ACCOUNT}:{kind}/web-{number}/{number}");
    let (instance, subnet, volume) =
        (format!("i-{number}"), format!("subnet-{number}"), format!("vol-{number}"));
    let (balancer, targets) = (elb("loadbalancer/app"), elb("targetgroup"));
    let name = format!("web-{number}");
    let dns_name = format!("web-{number}.{region}.elb.amazonaws.com");
    let placed = |zones: Vec<Zone>, resource: Resource| Resource { zones, ..resource };
    let snapshot = |place: &str, id: String, is_copy: bool| {
        let snapshot = VolumeSnapshot {
            state: text("completed"),
            source_volume_arn: Some(ec2("volume", &volume)),
            source_snapshot_arn: is_copy.then(|| format!("arn:aws:ec2:{region}::snapshot/snap-{number}")),
            is_copy,
            start_time: Some(NEWEST),
            data_time: Some(NEWEST),
            encrypted: Some(true),
            kms_key_id: None,
            storage_tier: text("standard"),
        };
        let arn = format!("arn:aws:ec2:{place}::snapshot/{id}");
        resource(Kind::VolumeSnapshot, arn, id, place, Attributes::VolumeSnapshot(Box::new(snapshot)))
    };
    vec![
        placed(
            zones(),
            resource(
                Kind::LoadBalancer,
                balancer.clone(),
                name.clone(),
                region,
                Attributes::LoadBalancer(Box::new(LoadBalancer {
                    r#type: text("application"),
                    scheme: text("internal"),
                    state: text("active"),
                    dns_name: Some(dns_name.clone()),
                    canonical_hosted_zone_id: text(hosted_zone(region)),
                    vpc_id: text("vpc-1"),
                    subnets: vec![subnet.clone()],
                    deletion_protection_enabled: Some(good),
                    cross_zone_enabled: Some(true),
                    zonal_shift_enabled: Some(good),
                })),
            ),
        ),
        resource(
            Kind::TargetGroup,
            targets.clone(),
            name.clone(),
            region,
            Attributes::TargetGroup(Box::new(TargetGroup {
                target_type: text("instance"),
                protocol: text("HTTP"),
                port: Some(80),
                vpc_id: text("vpc-1"),
                load_balancer_arns: vec![balancer],
                health_check_enabled: Some(true),
                health_check_protocol: text("HTTP"),
                health_check_path: text("/health"),
                health_check_interval_seconds: Some(10),
                health_check_timeout_seconds: Some(5),
                unhealthy_threshold_count: Some(2),
                matcher: text("200"),
                cross_zone_enabled: None,
                targets: Some(vec![
                    Target { id: instance.clone(), state: text("healthy"), ..Target::default() },
                    // That of another service, in another zone.
                    Target { id: format!("i-{}", number + 4), state: text("healthy"), ..Target::default() },
                ]),
            })),
        ),
        placed(
            zones(),
            resource(
                Kind::AutoScalingGroup,
                format!(
                    "arn:aws:autoscaling:{region}:{ACCOUNT}:autoScalingGroup:{number}:autoScalingGroupName/{name}"
                ),
                name.clone(),
                region,
                Attributes::AutoScalingGroup(Box::new(AutoScalingGroup {
                    min_size: Some(3),
                    max_size: Some(12),
                    desired_capacity: Some(6),
                    vpc_zone_identifier: vec![subnet.clone()],
                    health_check_type: vec!["ELB".to_owned()],
                    health_check_grace_period: Some(300),
                    instances: vec![GroupInstance {
                        instance_id: instance.clone(),
                        zone: first().pop(),
                        lifecycle_state: text("InService"),
                        health_status: text("HEALTHY"),
                    }],
                    target_group_arns: vec![targets],
                    launch_template: Some(LaunchTemplateSpecification {
                        launch_template_id: Some(format!("lt-{number}")),
                        launch_template_name: Some(name.clone()),
                        version: text("$Default"),
                    }),
                    created_time: Some(CREATED),
                    ..AutoScalingGroup::default()
                })),
            ),
        ),
        placed(
            first(),
            resource(
                Kind::Instance,
                ec2("instance", &instance),
                instance.clone(),
                region,
                Attributes::Instance(Box::new(Instance {
                    state: text("running"),
                    instance_type: text("m7g.large"),
                    image_id: text("ami-1"),
                    vpc_id: text("vpc-1"),
                    subnet_id: Some(subnet.clone()),
                    private_ip_addresses: vec![format!(
                        "10.{}.{}.{}",
                        number >> 16,
                        (number >> 8) & 255,
                        number & 255
                    )],
                    auto_scaling_group: Some(name.clone()),
                    auto_recovery: text("default"),
                    root_device_type: text("ebs"),
                    root_device_name: text("/dev/xvda"),
                    launch_time: Some(CREATED),
                    ..Instance::default()
                })),
            ),
        ),
        placed(
            first(),
            resource(
                Kind::Volume,
                ec2("volume", &volume),
                volume.clone(),
                region,
                Attributes::Volume(Box::new(Volume {
                    state: text("in-use"),
                    size: Some(100),
                    encrypted: Some(true),
                    kms_key_id: None,
                    volume_type: None,
                    attachments: vec![Attachment {
                        instance_id: instance,
                        device: text("/dev/sdf"),
                        delete_on_termination: Some(false),
                    }],
                    create_time: Some(CREATED),
                })),
            ),
        ),
        snapshot(region, format!("snap-{number}"), false),
        snapshot(next, format!("snap-{number}-copy"), true),
        placed(
            first(),
            resource(
                Kind::Subnet,
                ec2("subnet", &subnet),
                subnet,
                region,
                Attributes::Subnet(Box::new(Subnet {
                    state: text("available"),
                    vpc_id: text("vpc-1"),
                    available_ip_address_count: Some(200),
                    outpost_arn: None,
                })),
            ),
        ),
        resource(
            Kind::LaunchTemplate,
            ec2("launch-template", &format!("lt-{number}")),
            name.clone(),
            region,
            Attributes::LaunchTemplate(Box::new(LaunchTemplate {
                versions: vec![LaunchTemplateVersion {
                    version_number: Some(1),
                    default_version: Some(true),
                    image_id: text("ami-1"),
                    instance_type: text("m7g.large"),
                }],
            })),
        ),
        record(region, &name, &dns_name),
    ]
}

/// The hosted zone of Application Load Balancers.
fn hosted_zone(region: &str) -> &'static str {
    match region {
        "ap-northeast-1" => "Z14GRHDCWA56QT",
        "ap-southeast-1" => "Z1LMS91P8CMLE5",
        "eu-west-1" => "Z32O12XQLNTSW2",
        _ => "Z35SXDOTRQ7X7K",
    }
}

/// An alias of a load balancer.
fn record(region: &str, name: &str, dns_name: &str) -> Resource {
    let zone = "arn:aws:route53:::hostedzone/Z1";
    let record = RecordSet {
        hosted_zone: zone.to_owned(),
        record_type: text("A"),
        routing_policy: RoutingPolicy::Simple,
        alias_target: Some(AliasTarget {
            dns_name: dns_name.to_owned(),
            hosted_zone_id: hosted_zone(region).to_owned(),
            evaluate_target_health: true,
        }),
        ..RecordSet::default()
    };
    resource(
        Kind::RecordSet,
        format!("{zone}/recordset/{name}.example.com/A"),
        format!("{name}.example.com"),
        "global",
        Attributes::RecordSet(Box::new(record)),
    )
}
