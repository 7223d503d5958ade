//! Load balancers as the snapshot has them.

use aws_sdk_elasticloadbalancing::types as classic;
use aws_sdk_elasticloadbalancingv2::types;

use super::super::{Place, sorted, text};
use crate::snapshot::elb::{ClassicHealthCheck, ClassicLoadBalancer, LoadBalancer};
use crate::snapshot::{Attributes, Kind, Resource, Zone};

/// Normalises an Application, Network or Gateway Load Balancer, without what it is set to.
pub(super) fn load_balancer(place: &Place, balancer: types::LoadBalancer) -> Option<Resource> {
    let (arn, name) = (text(balancer.load_balancer_arn)?, text(balancer.load_balancer_name)?);
    let zones = balancer.availability_zones.unwrap_or_default();
    let kind = balancer.r#type;
    let attributes = LoadBalancer {
        // An Application Load Balancer cannot turn it off, whatever a server says.
        cross_zone_enabled: (kind == Some(types::LoadBalancerTypeEnum::Application)).then_some(true),
        r#type: text(kind.map(|kind| kind.as_str().to_owned())),
        scheme: text(balancer.scheme.map(|scheme| scheme.as_str().to_owned())),
        state: text(balancer.state.and_then(|state| state.code).map(|code| code.as_str().to_owned())),
        dns_name: text(balancer.dns_name).map(|name| name.to_ascii_lowercase()),
        canonical_hosted_zone_id: text(balancer.canonical_hosted_zone_id),
        vpc_id: text(balancer.vpc_id),
        subnets: sorted(zones.iter().filter_map(|zone| text(zone.subnet_id.clone()))),
        deletion_protection_enabled: None,
        zonal_shift_enabled: None,
    };
    let zones = sorted(zones.into_iter().filter_map(|zone| text(zone.zone_name)));
    Some(Resource {
        zones: zones.into_iter().map(Zone::named).collect(),
        ..place.resource(Kind::LoadBalancer, arn, name, Attributes::LoadBalancer(Box::new(attributes)))
    })
}

/// Fills in what a load balancer is set to.
pub(super) fn set(balancer: &mut LoadBalancer, attributes: &[types::LoadBalancerAttribute]) {
    let is = |key: &str| {
        let attribute = attributes.iter().find(|attribute| attribute.key.as_deref() == Some(key))?;
        attribute.value.as_deref()?.parse::<bool>().ok()
    };
    balancer.deletion_protection_enabled = is("deletion_protection.enabled");
    balancer.zonal_shift_enabled = is("zonal_shift.config.enabled");
    balancer.cross_zone_enabled =
        balancer.cross_zone_enabled.or_else(|| is("load_balancing.cross_zone.enabled"));
}

/// Normalises a Classic Load Balancer, without what it is set to.
pub(super) fn classic(place: &Place, balancer: classic::LoadBalancerDescription) -> Option<Resource> {
    let name = text(balancer.load_balancer_name)?;
    let arn = place.arn("elasticloadbalancing", &format!("loadbalancer/{name}"));
    let attributes = ClassicLoadBalancer {
        scheme: text(balancer.scheme),
        dns_name: text(balancer.dns_name).map(|name| name.to_ascii_lowercase()),
        canonical_hosted_zone_name_id: text(balancer.canonical_hosted_zone_name_id),
        vpc_id: text(balancer.vpc_id),
        subnets: sorted(balancer.subnets.into_iter().flatten()),
        instances: sorted(balancer.instances.into_iter().flatten().filter_map(|it| text(it.instance_id))),
        health_check: balancer.health_check.map(|check| ClassicHealthCheck {
            target: check.target,
            interval: check.interval,
            unhealthy_threshold: check.unhealthy_threshold,
        }),
        cross_zone_enabled: None,
    };
    let zones = sorted(balancer.availability_zones.into_iter().flatten());
    let attributes = Attributes::ClassicLoadBalancer(Box::new(attributes));
    Some(Resource {
        zones: zones.into_iter().map(Zone::named).collect(),
        ..place.resource(Kind::ClassicLoadBalancer, arn, name, attributes)
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types::{self, LoadBalancerTypeEnum};

    use super::super::super::Place;
    use super::super::super::identity::Account;
    use super::{load_balancer, set};
    use crate::snapshot::Attributes;
    use crate::snapshot::elb::LoadBalancer;

    fn balancer(kind: LoadBalancerTypeEnum, attributes: &[(&str, &str)]) -> LoadBalancer {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        let given = types::LoadBalancer::builder()
            .load_balancer_arn("arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/x/web/1")
            .load_balancer_name("web")
            .dns_name("Web-1.eu-west-1.elb.amazonaws.com")
            .r#type(kind);
        let resource = load_balancer(&Place::new(&account, "eu-west-1"), given.build()).unwrap();
        let Attributes::LoadBalancer(mut balancer) = resource.attributes else {
            panic!("it has its settings")
        };
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(key, value)| types::LoadBalancerAttribute::builder().key(*key).value(*value).build())
            .collect();
        set(&mut balancer, &attributes);
        *balancer
    }

    #[test]
    fn an_application_load_balancer_is_always_across_zones() {
        let off = [("load_balancing.cross_zone.enabled", "false")];
        assert_eq!(balancer(LoadBalancerTypeEnum::Application, &off).cross_zone_enabled, Some(true));
        assert_eq!(balancer(LoadBalancerTypeEnum::Network, &off).cross_zone_enabled, Some(false));
        assert_eq!(balancer(LoadBalancerTypeEnum::Network, &[]).cross_zone_enabled, None);
    }

    #[test]
    fn names_are_in_lower_case_as_those_of_records_are() {
        let balancer = balancer(LoadBalancerTypeEnum::Network, &[("deletion_protection.enabled", "true")]);
        assert_eq!(balancer.dns_name.as_deref(), Some("web-1.eu-west-1.elb.amazonaws.com"));
        assert_eq!(balancer.deletion_protection_enabled, Some(true));
    }
}
