//! What databases rely on: subnet groups and event subscriptions.

use aws_sdk_rds::types;

use super::super::{Place, text};
use crate::snapshot::rds::{DbSubnet, DbSubnetGroup, EventSubscription};
use crate::snapshot::{Attributes, Kind, Resource, Zone};

/// Normalises a subnet group.
pub(super) fn subnet_group(place: &Place, group: types::DbSubnetGroup) -> Option<Resource> {
    let name = text(group.db_subnet_group_name)?;
    let mut subnets: Vec<DbSubnet> = group
        .subnets
        .into_iter()
        .flatten()
        .map(|subnet| DbSubnet {
            subnet_identifier: text(subnet.subnet_identifier),
            zone: subnet.subnet_availability_zone.and_then(|zone| text(zone.name)).map(Zone::named),
            subnet_status: text(subnet.subnet_status),
        })
        .collect();
    subnets.sort_unstable_by(|one, other| one.subnet_identifier.cmp(&other.subnet_identifier));
    let attributes = DbSubnetGroup {
        subnet_group_status: text(group.subnet_group_status),
        vpc_id: text(group.vpc_id),
        subnets,
    };
    let arn = text(group.db_subnet_group_arn).unwrap_or_else(|| place.arn("rds", &format!("subgrp:{name}")));
    Some(place.resource(Kind::DbSubnetGroup, arn, name, Attributes::DbSubnetGroup(Box::new(attributes))))
}

/// Normalises an event subscription.
pub(super) fn event_subscription(place: &Place, subscription: types::EventSubscription) -> Option<Resource> {
    let name = text(subscription.cust_subscription_id)?;
    let attributes = EventSubscription {
        enabled: subscription.enabled,
        status: text(subscription.status),
        source_type: text(subscription.source_type),
        source_ids: subscription.source_ids_list.unwrap_or_default(),
        event_categories: subscription.event_categories_list.unwrap_or_default(),
        sns_topic_arn: text(subscription.sns_topic_arn),
    };
    let arn =
        text(subscription.event_subscription_arn).unwrap_or_else(|| place.arn("rds", &format!("es:{name}")));
    Some(place.resource(
        Kind::EventSubscription,
        arn,
        name,
        Attributes::EventSubscription(Box::new(attributes)),
    ))
}
