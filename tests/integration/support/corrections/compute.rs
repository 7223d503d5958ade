//! What moto leaves out about EC2 and load balancers, or has its own words for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::{field, lock};
use crate::support::gateway::{Gateway, service};

/// Zones of the names of Application Load Balancers, by Region. moto has one that does not exist.
const BALANCER_ZONES: [(&str, &str); 2] =
    [("ap-northeast-1", "Z14GRHDCWA56QT"), ("ap-southeast-1", "Z1LMS91P8CMLE5")];

pub(super) fn apply(gateway: &Gateway) {
    // Everything that was made without saying so is public and in the zone of its subnet.
    gateway.on(service("ec2").operation("DescribeNatGateways")).rewrite(|_, text| {
        let settings =
            "<connectivityType>public</connectivityType><availabilityMode>zonal</availabilityMode>";
        text.replace("<natGatewayId>", &format!("{settings}<natGatewayId>"))
    });
    gateway.on(service("ec2").operation("DescribeInstances")).rewrite(|_, text| {
        let options = "<maintenanceOptions><autoRecovery>default</autoRecovery></maintenanceOptions>";
        text.replace("<rootDeviceType>", &format!("{options}<rootDeviceType>"))
    });
    gateway.on(service("elasticloadbalancing").operation("DescribeLoadBalancers")).rewrite(
        |request, text| {
            let zone = BALANCER_ZONES.iter().find(|(region, _)| *region == request.region);
            let text = zone.map_or(text.clone(), |(_, zone)| text.replace("Z2P70J7EXAMPLE", zone));
            // Those that were made without a scheme face the internet.
            if text.contains("<Scheme>") {
                return text;
            }
            text.replace("<LoadBalancerArn>", "<Scheme>internet-facing</Scheme><LoadBalancerArn>")
        },
    );

    mixed_instances(gateway);

    // A copy of an image does not say of which.
    let copies: Arc<Mutex<HashMap<String, (String, String)>>> = Arc::default();
    let seen = Arc::clone(&copies);
    gateway.on(service("ec2").operation("CopyImage")).rewrite(move |request, text| {
        let source = request.parameter("SourceImageId").zip(request.parameter("SourceRegion"));
        if let (Some(copy), Some((image, region))) = (field(&text, "imageId"), source) {
            lock(&seen).insert(copy.to_owned(), (image.to_owned(), region.to_owned()));
        }
        text
    });
    gateway.on(service("ec2").operation("DescribeImages")).rewrite(move |_, text| {
        let copies = lock(&copies);
        copies.iter().fold(text, |text, (copy, (source, region))| {
            let lineage = format!(
                "<sourceImageId>{source}</sourceImageId><sourceImageRegion>{region}</sourceImageRegion>"
            );
            text.replace(&format!("<imageId>{copy}"), &format!("{lineage}<imageId>{copy}"))
        })
    });
}

/// A group does not say which types of instance it may start.
fn mixed_instances(gateway: &Gateway) {
    let policies: Arc<Mutex<HashMap<String, String>>> = Arc::default();
    let seen = Arc::clone(&policies);
    gateway.on(service("autoscaling").operation("CreateAutoScalingGroup")).rewrite(move |request, text| {
        let given = |name: &str| request.parameter(&format!("MixedInstancesPolicy.LaunchTemplate.{name}"));
        let group = request.parameter("AutoScalingGroupName");
        let template = given("LaunchTemplateSpecification.LaunchTemplateName");
        if let (Some(group), Some(template)) = (group, template) {
            let version =
                given("LaunchTemplateSpecification.Version").unwrap_or("$Default").replace("%24", "$");
            let types = (1..).map_while(|number| given(&format!("Overrides.member.{number}.InstanceType")));
            let overrides: String =
                types.map(|kind| format!("<member><InstanceType>{kind}</InstanceType></member>")).collect();
            let policy = format!(
                "<MixedInstancesPolicy><LaunchTemplate><LaunchTemplateSpecification>\
                 <LaunchTemplateName>{template}</LaunchTemplateName><Version>{version}</Version>\
                 </LaunchTemplateSpecification><Overrides>{overrides}</Overrides></LaunchTemplate>\
                 </MixedInstancesPolicy>"
            );
            lock(&seen).insert(group.to_owned(), policy);
        }
        text
    });
    gateway.on(service("autoscaling").operation("DescribeAutoScalingGroups")).rewrite(move |_, text| {
        lock(&policies).iter().fold(text, |text, (group, policy)| {
            let name = format!("<AutoScalingGroupName>{group}</AutoScalingGroupName>");
            text.replace(&name, &format!("{name}{policy}"))
        })
    });
}
