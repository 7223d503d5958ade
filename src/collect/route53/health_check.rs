//! Health checks.

use aws_sdk_route53::types;

use super::{health_check_arn, record};
use crate::collect::{sorted, text};
use crate::snapshot::route53::{Alarm, HealthCheck};
use crate::snapshot::{Attributes, Kind, Resource};

/// A health check of the account. It has no name but its id.
pub(super) fn resource(partition: &str, listed: types::HealthCheck) -> Resource {
    let service = listed.linked_service.and_then(|service| text(service.service_principal));
    let attributes = HealthCheck {
        linked_service: service,
        ..listed.health_check_config.map(|config| settings(partition, config)).unwrap_or_default()
    };
    let arn = health_check_arn(partition, &listed.id);
    super::resource(Kind::HealthCheck, arn, listed.id, Attributes::HealthCheck(Box::new(attributes)))
}

fn settings(partition: &str, config: types::HealthCheckConfig) -> HealthCheck {
    let children = config.child_health_checks.into_iter().flatten().filter(|id| !id.is_empty());
    let regions = config.regions.into_iter().flatten().map(|region| region.as_str().to_owned());
    let status = config.insufficient_data_health_status.map(|status| status.as_str().to_owned());
    HealthCheck {
        check_type: text(Some(config.r#type.as_str().to_owned())),
        ip_address: text(config.ip_address),
        fully_qualified_domain_name: text(config.fully_qualified_domain_name)
            .map(|domain| record::name(&domain)),
        port: config.port,
        request_interval: config.request_interval,
        failure_threshold: config.failure_threshold,
        inverted: config.inverted,
        disabled: config.disabled,
        enable_sni: config.enable_sni,
        regions: sorted(regions.filter(|region| !region.is_empty())),
        child_health_checks: sorted(children.map(|id| health_check_arn(partition, &id))),
        health_threshold: config.health_threshold,
        alarm: config
            .alarm_identifier
            .map(|alarm| Alarm { region: alarm.region.as_str().to_owned(), name: alarm.name }),
        insufficient_data_health_status: text(status),
        routing_control_arn: text(config.routing_control_arn),
        linked_service: None,
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_route53::types;

    use super::settings;
    use crate::snapshot::route53::{Alarm, HealthCheck};

    fn check(
        kind: types::HealthCheckType,
        with: impl FnOnce(types::builders::HealthCheckConfigBuilder) -> types::builders::HealthCheckConfigBuilder,
    ) -> HealthCheck {
        settings("aws", with(types::HealthCheckConfig::builder().r#type(kind)).build().unwrap())
    }

    #[test]
    fn what_the_api_leaves_out_is_not_known() {
        let tcp = check(types::HealthCheckType::Tcp, |it| it.ip_address("192.0.2.1").port(443));
        assert_eq!(tcp.check_type.as_deref(), Some("TCP"));
        assert_eq!((tcp.disabled, tcp.inverted, tcp.enable_sni), (None, None, None));
        assert_eq!((tcp.request_interval, tcp.failure_threshold), (None, None));
        assert_eq!(tcp.regions, Vec::<String>::new());
    }

    #[test]
    fn children_are_named_by_arn() {
        let calculated = check(types::HealthCheckType::Calculated, |it| {
            it.child_health_checks("b").child_health_checks("a").health_threshold(1)
        });
        assert_eq!(
            calculated.child_health_checks,
            ["arn:aws:route53:::healthcheck/a", "arn:aws:route53:::healthcheck/b"]
        );
        assert_eq!(calculated.health_threshold, Some(1));
    }

    #[test]
    fn an_alarm_is_named_with_its_region() {
        let alarm = types::AlarmIdentifier::builder()
            .region(types::CloudWatchRegion::EuWest1)
            .name("orders")
            .build()
            .unwrap();
        let metric = check(types::HealthCheckType::CloudwatchMetric, |it| {
            it.alarm_identifier(alarm)
                .insufficient_data_health_status(types::InsufficientDataHealthStatus::LastKnownStatus)
        });
        assert_eq!(metric.alarm, Some(Alarm { region: "eu-west-1".to_owned(), name: "orders".to_owned() }));
        assert_eq!(metric.insufficient_data_health_status.as_deref(), Some("LastKnownStatus"));
    }
}
