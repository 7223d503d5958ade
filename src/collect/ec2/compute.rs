//! Instances, images and launch templates as the snapshot has them.

use std::collections::BTreeMap;

use aws_sdk_ec2::types;

use super::super::{Place, instant, sorted, text};
use super::tags;
use crate::snapshot::ec2::{Image, Instance, LaunchTemplate, LaunchTemplateVersion};
use crate::snapshot::{Attributes, Kind, Resource, Zone};

/// The tag by which Auto Scaling marks the instances of a group.
const GROUP_TAG: &str = "aws:autoscaling:groupName";

/// Normalises instances, which come by the request that started them.
pub(super) fn instances(place: &Place, reservations: Vec<types::Reservation>) -> Vec<Resource> {
    let instances =
        reservations.into_iter().flat_map(|reservation| reservation.instances.unwrap_or_default());
    instances.filter_map(|it| instance(place, it)).collect()
}

fn instance(place: &Place, instance: types::Instance) -> Option<Resource> {
    let id = text(instance.instance_id)?;
    let placement = instance.placement;
    let zone = placement.and_then(|placement| {
        let name = text(placement.availability_zone)?;
        Some(Zone { name, id: text(placement.availability_zone_id) })
    });
    let tags = tags(instance.tags);
    let interfaces = instance.network_interfaces.unwrap_or_default();
    let mut private: Vec<String> = text(instance.private_ip_address).into_iter().collect();
    let (mut public, mut elastic) = (Vec::new(), Vec::new());
    for address in interfaces.iter().flat_map(|it| it.private_ip_addresses.as_deref().unwrap_or_default()) {
        private.extend(text(address.private_ip_address.clone()));
        let Some(association) = &address.association else { continue };
        let Some(ip) = text(association.public_ip.clone()) else { continue };
        // Addresses that EC2 lends to an instance until it stops belong to Amazon.
        if association.ip_owner_id.as_deref().is_some_and(|owner| owner != "amazon") {
            elastic.push(ip.clone());
        }
        public.push(ip);
    }
    for address in interfaces.iter().flat_map(|it| it.ipv6_addresses.as_deref().unwrap_or_default()) {
        private.extend(text(address.ipv6_address.clone()));
    }
    let attributes = Instance {
        state: text(instance.state.and_then(|state| state.name).map(|name| name.as_str().to_owned())),
        instance_type: text(instance.instance_type.map(|kind| kind.as_str().to_owned())),
        image_id: text(instance.image_id),
        vpc_id: text(instance.vpc_id),
        subnet_id: text(instance.subnet_id),
        private_ip_addresses: sorted(private),
        public_ip_addresses: sorted(public),
        elastic_ip_addresses: sorted(elastic),
        instance_lifecycle: text(instance.instance_lifecycle.map(|it| it.as_str().to_owned())),
        auto_scaling_group: tags.as_ref().and_then(|tags| tags.get(GROUP_TAG)).map(str::to_owned),
        auto_recovery: text(
            instance.maintenance_options.and_then(|it| it.auto_recovery).map(|it| it.as_str().to_owned()),
        ),
        root_device_type: text(instance.root_device_type.map(|kind| kind.as_str().to_owned())),
        root_device_name: text(instance.root_device_name),
        operator: instance.operator.and_then(|operator| text(operator.principal)),
        launch_time: instant(instance.launch_time),
    };
    let arn = place.arn("ec2", &format!("instance/{id}"));
    Some(Resource {
        zones: zone.into_iter().collect(),
        tags,
        ..place.resource(Kind::Instance, arn, id, Attributes::Instance(Box::new(attributes)))
    })
}

/// Normalises images. Their ARNs have no account, though only that of the owner lists them here.
pub(super) fn images(place: &Place, images: Vec<types::Image>) -> Vec<Resource> {
    // A server that ignores whose images are asked for would show those of everyone.
    let own = images.into_iter().filter(|image| place.is_owner(image.owner_id.as_deref()));
    own.filter_map(|it| image(place, it)).collect()
}

fn image(place: &Place, image: types::Image) -> Option<Resource> {
    let id = text(image.image_id)?;
    let parsed = |time: Option<String>| time.and_then(|time| time.parse().ok());
    let attributes = Image {
        state: text(image.state.map(|state| state.as_str().to_owned())),
        image_id: Some(id.clone()),
        source_image_id: text(image.source_image_id),
        source_image_region: text(image.source_image_region),
        creation_date: parsed(image.creation_date),
        deprecation_time: parsed(image.deprecation_time),
    };
    let arn = format!("arn:{}:ec2:{}::image/{id}", place.account.partition, place.region);
    let name = text(image.name).unwrap_or(id);
    Some(Resource {
        tags: tags(image.tags),
        ..place.resource(Kind::Image, arn, name, Attributes::Image(Box::new(attributes)))
    })
}

/// Normalises launch templates, of which the default and the latest version are listed.
pub(super) fn launch_templates(place: &Place, versions: Vec<types::LaunchTemplateVersion>) -> Vec<Resource> {
    let mut by_id: BTreeMap<String, (String, BTreeMap<i64, LaunchTemplateVersion>)> = BTreeMap::new();
    for version in versions {
        let (Some(id), Some(number)) = (text(version.launch_template_id), version.version_number) else {
            continue;
        };
        let name = text(version.launch_template_name).unwrap_or_else(|| id.clone());
        let data = version.launch_template_data;
        let settings = LaunchTemplateVersion {
            version_number: Some(number),
            default_version: version.default_version,
            image_id: data.as_ref().and_then(|data| text(data.image_id.clone())),
            instance_type: text(data.and_then(|it| it.instance_type).map(|it| it.as_str().to_owned())),
        };
        by_id.entry(id).or_insert_with(|| (name, BTreeMap::new())).1.insert(number, settings);
    }
    let templates = by_id.into_iter().map(|(id, (name, versions))| {
        let attributes = LaunchTemplate { versions: versions.into_values().collect() };
        let arn = place.arn("ec2", &format!("launch-template/{id}"));
        place.resource(Kind::LaunchTemplate, arn, name, Attributes::LaunchTemplate(Box::new(attributes)))
    });
    templates.collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types;

    use super::super::super::Place;
    use super::super::super::identity::Account;
    use super::{images, instances, launch_templates};
    use crate::snapshot::{Attributes, Zone};

    fn place() -> Place {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        Place::new(&account, "eu-west-1")
    }

    #[test]
    fn an_instance_knows_its_zone_its_group_and_which_addresses_stay() {
        let address = |private: &str, public: &str, owner: &str| {
            let association =
                types::InstanceNetworkInterfaceAssociation::builder().public_ip(public).ip_owner_id(owner);
            types::InstancePrivateIpAddress::builder()
                .private_ip_address(private)
                .association(association.build())
                .build()
        };
        let interface = types::InstanceNetworkInterface::builder()
            .private_ip_addresses(address("10.0.0.1", "203.0.113.1", "amazon"))
            .private_ip_addresses(address("10.0.0.2", "203.0.113.2", "123456789012"));
        let instance = types::Instance::builder()
            .instance_id("i-1")
            .placement(
                types::Placement::builder()
                    .availability_zone("eu-west-1a")
                    .availability_zone_id("euw1-az2")
                    .build(),
            )
            .tags(types::Tag::builder().key("aws:autoscaling:groupName").value("web").build())
            .network_interfaces(interface.build());
        let reservation = types::Reservation::builder().instances(instance.build()).build();
        let found = instances(&place(), vec![reservation]);
        let [resource] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(resource.arn, "arn:aws:ec2:eu-west-1:123456789012:instance/i-1");
        let zone = Zone { name: "eu-west-1a".to_owned(), id: Some("euw1-az2".to_owned()) };
        assert_eq!(resource.zones, [zone]);
        let Attributes::Instance(instance) = &resource.attributes else { panic!("it has its settings") };
        assert_eq!(instance.auto_scaling_group.as_deref(), Some("web"));
        assert_eq!(instance.private_ip_addresses, ["10.0.0.1", "10.0.0.2"]);
        assert_eq!(instance.public_ip_addresses, ["203.0.113.1", "203.0.113.2"]);
        assert_eq!(instance.elastic_ip_addresses, ["203.0.113.2"]);
        assert_eq!(instance.auto_recovery, None);
    }

    #[test]
    fn images_of_others_are_left_out() {
        let image = |id: &str, owner: &str| types::Image::builder().image_id(id).owner_id(owner).build();
        let found = images(&place(), vec![image("ami-1", "123456789012"), image("ami-2", "amazon")]);
        let arns: Vec<&str> = found.iter().map(|resource| resource.arn.as_str()).collect();
        assert_eq!(arns, ["arn:aws:ec2:eu-west-1::image/ami-1"]);
    }

    #[test]
    fn a_version_that_is_the_default_and_the_latest_is_there_once() {
        let version = |id: &str, number: i64| {
            types::LaunchTemplateVersion::builder()
                .launch_template_id(id)
                .launch_template_name("web")
                .version_number(number)
                .launch_template_data(
                    types::ResponseLaunchTemplateData::builder()
                        .image_id("ami-1")
                        .user_data("c2VjcmV0")
                        .build(),
                )
                .build()
        };
        let found =
            launch_templates(&place(), vec![version("lt-1", 2), version("lt-1", 2), version("lt-2", 1)]);
        let versions = |index: usize| match &found[index].attributes {
            Attributes::LaunchTemplate(template) => template.versions.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!((found.len(), versions(0), versions(1)), (2, 1, 1));
        let written = serde_json::to_string(&found).unwrap();
        assert!(written.contains("ami-1") && !written.contains("c2VjcmV0"), "{written}");
    }
}
