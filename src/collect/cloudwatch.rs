//! Alarms of CloudWatch.

use aws_sdk_cloudwatch::types;
use aws_sdk_cloudwatch::types::AlarmType;

use super::ledger::operation;
use super::scan::Scan;
use super::{Place, instant, sorted, text};
use crate::snapshot::cloudwatch::Alarm;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource};

const DESCRIBE_ALARMS: &Operation = operation("cloudwatch", "DescribeAlarms");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [DESCRIBE_ALARMS];

/// Alarms in a page: the most that the API allows.
const PAGE: i32 = 100;

/// Collects the alarms of a Region.
pub(super) async fn collect(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.cloudwatch(&place.region);
    let listing = scan
        .list(
            DESCRIBE_ALARMS,
            &place.region,
            &lane,
            |marker| {
                client
                    .describe_alarms()
                    .alarm_types(AlarmType::MetricAlarm)
                    .alarm_types(AlarmType::CompositeAlarm)
                    .max_records(PAGE)
                    .set_next_token(marker)
                    .send()
            },
            |page| {
                let on_metrics = page.metric_alarms.into_iter().flatten();
                let on_metrics = on_metrics.filter_map(|alarm| metric_alarm(place, alarm));
                let composite = page.composite_alarms.into_iter().flatten();
                let composite = composite.filter_map(|alarm| composite_alarm(place, alarm));
                (page.next_token, Some(on_metrics.chain(composite).collect()))
            },
        )
        .await;
    listing.items
}

fn metric_alarm(place: &Place, alarm: types::MetricAlarm) -> Option<Resource> {
    let dimensions = alarm.dimensions.into_iter().flatten();
    let dimensions = dimensions.filter_map(|dimension| Some((dimension.name?, dimension.value?)));
    let attributes = Alarm {
        namespace: text(alarm.namespace),
        metric_name: text(alarm.metric_name),
        dimensions: dimensions.collect(),
        alarm_rule: None,
        actions_enabled: alarm.actions_enabled,
        alarm_actions: sorted(alarm.alarm_actions.into_iter().flatten()),
        state_value: alarm.state_value.map(|state| state.as_str().to_owned()),
        state_transitioned_timestamp: instant(alarm.state_transitioned_timestamp),
        period: alarm.period,
        evaluation_periods: alarm.evaluation_periods,
        datapoints_to_alarm: alarm.datapoints_to_alarm,
        treat_missing_data: text(alarm.treat_missing_data),
    };
    resource(place, alarm.alarm_name, alarm.alarm_arn, attributes)
}

fn composite_alarm(place: &Place, alarm: types::CompositeAlarm) -> Option<Resource> {
    let attributes = Alarm {
        alarm_rule: text(alarm.alarm_rule),
        actions_enabled: alarm.actions_enabled,
        alarm_actions: sorted(alarm.alarm_actions.into_iter().flatten()),
        state_value: alarm.state_value.map(|state| state.as_str().to_owned()),
        state_transitioned_timestamp: instant(alarm.state_transitioned_timestamp),
        ..Alarm::default()
    };
    resource(place, alarm.alarm_name, alarm.alarm_arn, attributes)
}

fn resource(place: &Place, name: Option<String>, arn: Option<String>, attributes: Alarm) -> Option<Resource> {
    let name = text(name)?;
    let arn = text(arn).unwrap_or_else(|| place.arn("cloudwatch", &format!("alarm:{name}")));
    Some(place.resource(Kind::Alarm, arn, name, Attributes::Alarm(Box::new(attributes))))
}
