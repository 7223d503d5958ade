//! Target groups as the snapshot has them.

use aws_sdk_elasticloadbalancingv2::types;

use super::super::{Place, sorted, text};
use crate::snapshot::elb::{Target, TargetGroup};
use crate::snapshot::{Attributes, Kind, Resource, Zone};

/// Normalises a target group, without its targets.
pub(super) fn resource(place: &Place, group: types::TargetGroup) -> Option<Resource> {
    let (arn, name) = (text(group.target_group_arn)?, text(group.target_group_name)?);
    let attributes = TargetGroup {
        target_type: text(group.target_type.map(|kind| kind.as_str().to_owned())),
        protocol: text(group.protocol.map(|protocol| protocol.as_str().to_owned())),
        port: group.port,
        vpc_id: text(group.vpc_id),
        load_balancer_arns: sorted(group.load_balancer_arns.into_iter().flatten()),
        health_check_enabled: group.health_check_enabled,
        health_check_protocol: text(group.health_check_protocol.map(|it| it.as_str().to_owned())),
        health_check_path: text(group.health_check_path),
        health_check_interval_seconds: group.health_check_interval_seconds,
        health_check_timeout_seconds: group.health_check_timeout_seconds,
        unhealthy_threshold_count: group.unhealthy_threshold_count,
        matcher: group.matcher.and_then(|matcher| text(matcher.http_code).or(text(matcher.grpc_code))),
        cross_zone_enabled: None,
        targets: None,
    };
    Some(place.resource(Kind::TargetGroup, arn, name, Attributes::TargetGroup(Box::new(attributes))))
}

/// Whether the health of the targets tells something.
pub(super) fn has_health(group: &TargetGroup) -> bool {
    !group.load_balancer_arns.is_empty() && group.target_type.as_deref() != Some("lambda")
}

/// Whether a Network or Gateway Load Balancer uses the group. Those of Application Load Balancers have their protocol.
pub(super) fn has_cross_zone(group: &TargetGroup) -> bool {
    has_health(group) && !matches!(group.protocol.as_deref(), Some("HTTP" | "HTTPS"))
}

/// Normalises the targets of a group.
pub(super) fn targets(descriptions: Vec<types::TargetHealthDescription>) -> Vec<Target> {
    let targets = descriptions.into_iter().filter_map(|description| {
        let target = description.target?;
        let health = description.target_health;
        let reason = health.as_ref().and_then(|health| health.reason.as_ref());
        Some(Target {
            reason: text(reason.map(|reason| reason.as_str().to_owned())),
            state: text(health.and_then(|health| health.state).map(|state| state.as_str().to_owned())),
            id: text(target.id)?,
            port: target.port,
            zone: text(target.availability_zone).filter(|zone| zone != "all").map(Zone::named),
        })
    });
    let mut targets: Vec<Target> = targets.collect();
    targets.sort_unstable_by(|one, other| (&one.id, one.port).cmp(&(&other.id, other.port)));
    targets
}

/// What a group says about its own zones.
pub(super) fn cross_zone(attributes: Vec<types::TargetGroupAttribute>) -> Option<String> {
    let mut attributes = attributes.into_iter();
    attributes.find(|it| it.key.as_deref() == Some("load_balancing.cross_zone.enabled"))?.value
}

#[cfg(test)]
mod tests {
    use aws_sdk_elasticloadbalancingv2::types;

    use super::{has_cross_zone, has_health, targets};
    use crate::snapshot::Zone;
    use crate::snapshot::elb::TargetGroup;

    fn group(protocol: &str, target_type: &str) -> TargetGroup {
        TargetGroup {
            protocol: Some(protocol.to_owned()),
            target_type: Some(target_type.to_owned()),
            load_balancer_arns: vec!["arn".to_owned()],
            ..TargetGroup::default()
        }
    }

    #[test]
    fn nothing_is_asked_whose_answer_could_not_matter() {
        let unused = TargetGroup { load_balancer_arns: Vec::new(), ..group("TCP", "instance") };
        let asked = |group: &TargetGroup| (has_health(group), has_cross_zone(group));
        assert_eq!(asked(&group("TCP", "ip")), (true, true));
        assert_eq!(asked(&group("HTTPS", "instance")), (true, false));
        assert_eq!(asked(&group("HTTP", "lambda")), (false, false));
        assert_eq!(asked(&unused), (false, false));
    }

    #[test]
    fn an_address_in_all_zones_is_in_no_zone_of_its_own() {
        let target = |id: &str, zone: &str| {
            let target = types::TargetDescription::builder().id(id).port(80).availability_zone(zone);
            let health = types::TargetHealth::builder().state(types::TargetHealthStateEnum::Healthy);
            types::TargetHealthDescription::builder().target(target.build()).target_health(health.build())
        };
        let targets =
            targets(vec![target("10.0.0.2", "all").build(), target("10.0.0.1", "eu-west-1a").build()]);
        let zones: Vec<_> = targets.iter().map(|target| target.zone.clone()).collect();
        assert_eq!(zones, [Some(Zone::named("eu-west-1a")), None]);
        assert_eq!(targets[0].state.as_deref(), Some("healthy"));
    }
}
