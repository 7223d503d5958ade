//! Auto Scaling groups.

use aws_sdk_autoscaling::types;

use super::ledger::operation;
use super::scan::Scan;
use super::{Place, instant, sorted, text};
use crate::snapshot::autoscaling::{
    AutoScalingGroup, GroupInstance, LaunchTemplateSpecification, MixedInstancesPolicy, SuspendedProcess,
    TrafficSource,
};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource, Zone};

const DESCRIBE_AUTO_SCALING_GROUPS: &Operation = operation("autoscaling", "DescribeAutoScalingGroups");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [DESCRIBE_AUTO_SCALING_GROUPS];

/// Groups in a page: the most that the API allows.
const PAGE: i32 = 100;

/// Collects the groups of a Region with their instances.
pub(super) async fn collect(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.auto_scaling(&place.region);
    let listing = scan
        .list(
            DESCRIBE_AUTO_SCALING_GROUPS,
            &place.region,
            &lane,
            |marker| client.describe_auto_scaling_groups().max_records(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.auto_scaling_groups),
        )
        .await;
    listing.items.into_iter().filter_map(|group| resource(place, group)).collect()
}

fn resource(place: &Place, group: types::AutoScalingGroup) -> Option<Resource> {
    let name = text(group.auto_scaling_group_name)?;
    let arn = text(group.auto_scaling_group_arn).unwrap_or_else(|| {
        place.arn("autoscaling", &format!("autoScalingGroup::autoScalingGroupName/{name}"))
    });
    let zones = sorted(group.availability_zones.into_iter().flatten()).into_iter().map(Zone::named);
    let tags = group.tags.map(|tags| {
        tags.into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect()
    });
    let attributes = AutoScalingGroup {
        status: text(group.status),
        min_size: group.min_size,
        max_size: group.max_size,
        desired_capacity: group.desired_capacity,
        vpc_zone_identifier: listed(group.vpc_zone_identifier),
        health_check_type: listed(group.health_check_type),
        health_check_grace_period: group.health_check_grace_period,
        default_instance_warmup: group.default_instance_warmup,
        instances: instances(group.instances.unwrap_or_default()),
        target_group_arns: sorted(group.target_group_arns.into_iter().flatten()),
        load_balancer_names: sorted(group.load_balancer_names.into_iter().flatten()),
        traffic_sources: traffic_sources(group.traffic_sources.unwrap_or_default()),
        suspended_processes: suspended_processes(group.suspended_processes.unwrap_or_default()),
        launch_configuration_name: text(group.launch_configuration_name),
        launch_template: group.launch_template.map(launch_template),
        mixed_instances_policy: group.mixed_instances_policy.map(mixed_instances_policy),
        zonal_shift_enabled: group
            .availability_zone_impairment_policy
            .and_then(|policy| policy.zonal_shift_enabled),
        created_time: instant(group.created_time),
    };
    let attributes = Attributes::AutoScalingGroup(Box::new(attributes));
    Some(Resource {
        zones: zones.collect(),
        tags,
        ..place.resource(Kind::AutoScalingGroup, arn, name, attributes)
    })
}

/// Texts that the API joins with commas.
fn listed(joined: Option<String>) -> Vec<String> {
    let parts = joined.as_deref().unwrap_or_default().split(',').map(str::trim);
    sorted(parts.filter(|part| !part.is_empty()).map(str::to_owned))
}

fn instances(instances: Vec<types::Instance>) -> Vec<GroupInstance> {
    let mut instances: Vec<GroupInstance> = instances
        .into_iter()
        .filter_map(|instance| {
            let zone = text(instance.availability_zone);
            Some(GroupInstance {
                instance_id: text(instance.instance_id)?,
                zone: zone.map(|name| Zone { name, id: text(instance.availability_zone_id) }),
                lifecycle_state: text(instance.lifecycle_state.map(|state| state.as_str().to_owned())),
                // moto and AWS differ in the case.
                health_status: text(instance.health_status).map(|status| status.to_ascii_uppercase()),
            })
        })
        .collect();
    instances.sort_unstable_by(|one, other| one.instance_id.cmp(&other.instance_id));
    instances
}

fn traffic_sources(sources: Vec<types::TrafficSourceIdentifier>) -> Vec<TrafficSource> {
    let sources = sources.into_iter().filter_map(|source| {
        Some(TrafficSource { identifier: text(source.identifier)?, r#type: text(source.r#type) })
    });
    let mut sources: Vec<TrafficSource> = sources.collect();
    sources.sort_unstable();
    sources
}

fn suspended_processes(processes: Vec<types::SuspendedProcess>) -> Vec<SuspendedProcess> {
    let processes = processes.into_iter().filter_map(|process| {
        // "User suspended at 2026-11-20T10:00:00Z"
        let reason = text(process.suspension_reason);
        let suspended_at = reason.and_then(|reason| reason.rsplit_once(" at ")?.1.parse().ok());
        Some(SuspendedProcess { process_name: text(process.process_name)?, suspended_at })
    });
    let mut processes: Vec<SuspendedProcess> = processes.collect();
    processes.sort_unstable();
    processes
}

fn launch_template(template: types::LaunchTemplateSpecification) -> LaunchTemplateSpecification {
    LaunchTemplateSpecification {
        launch_template_id: text(template.launch_template_id),
        launch_template_name: text(template.launch_template_name),
        version: text(template.version),
    }
}

fn mixed_instances_policy(policy: types::MixedInstancesPolicy) -> MixedInstancesPolicy {
    let template = policy.launch_template;
    let overrides = template.as_ref().and_then(|template| template.overrides.as_deref()).unwrap_or_default();
    MixedInstancesPolicy {
        instance_types: sorted(overrides.iter().filter_map(|it| text(it.instance_type.clone()))),
        has_instance_requirements: overrides.iter().any(|it| it.instance_requirements.is_some()),
        launch_template: template
            .and_then(|template| template.launch_template_specification)
            .map(launch_template),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_autoscaling::types;
    use aws_sdk_autoscaling::types::builders::AutoScalingGroupBuilder;

    use super::super::Place;
    use super::super::identity::Account;
    use crate::snapshot::autoscaling::{AutoScalingGroup, SuspendedProcess};
    use crate::snapshot::{Attributes, Timestamp};

    fn normalise(group: AutoScalingGroupBuilder) -> AutoScalingGroup {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        let group = group.auto_scaling_group_name("web").build();
        match super::resource(&Place::new(&account, "eu-west-1"), group).unwrap().attributes {
            Attributes::AutoScalingGroup(group) => *group,
            other => panic!("{other:?}"),
        }
    }

    fn group() -> AutoScalingGroupBuilder {
        types::AutoScalingGroup::builder()
    }

    #[test]
    fn what_the_api_joins_with_commas_is_taken_apart() {
        let given = group().health_check_type("EC2, ELB").vpc_zone_identifier("subnet-2,subnet-1");
        let group = normalise(given);
        assert_eq!(group.health_check_type, ["EC2", "ELB"]);
        assert_eq!(group.vpc_zone_identifier, ["subnet-1", "subnet-2"]);
        assert_eq!(normalise(super::tests::group().vpc_zone_identifier("")).vpc_zone_identifier, [""; 0]);
    }

    #[test]
    fn the_reason_tells_since_when_a_process_is_suspended() {
        let suspended = |reason: &str| {
            let process = types::SuspendedProcess::builder().process_name("Launch").suspension_reason(reason);
            normalise(group().suspended_processes(process.build())).suspended_processes
        };
        let at = |suspended_at| vec![SuspendedProcess { process_name: "Launch".to_owned(), suspended_at }];
        let instant = Timestamp::from_unix_seconds(1_356_649_063);
        assert_eq!(suspended("User suspended at 2012-12-27T22:57:43Z"), at(Some(instant)));
        assert_eq!(suspended(""), at(None));
        assert_eq!(suspended("Look at this"), at(None));
    }

    #[test]
    fn types_of_instance_are_those_of_the_overrides() {
        let template = types::LaunchTemplate::builder()
            .launch_template_specification(
                types::LaunchTemplateSpecification::builder()
                    .launch_template_name("web")
                    .version("3")
                    .build(),
            )
            .overrides(types::LaunchTemplateOverrides::builder().instance_type("m7g.large").build())
            .overrides(types::LaunchTemplateOverrides::builder().instance_type("m6g.large").build());
        let policy = types::MixedInstancesPolicy::builder().launch_template(template.build());
        let policy =
            normalise(group().mixed_instances_policy(policy.build())).mixed_instances_policy.unwrap();
        assert_eq!(policy.instance_types, ["m6g.large", "m7g.large"]);
        assert!(!policy.has_instance_requirements);
        assert_eq!(policy.launch_template.unwrap().version.as_deref(), Some("3"));
    }
}
