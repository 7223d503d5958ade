//! Load balancers of all four kinds and target groups.
//!
//! What a load balancer is set to and how its targets are takes a call for each of them. They are not made where the
//! answer could not matter: for target groups that no load balancer uses, for functions, which have no zone, and for
//! the cross-zone setting of target groups that only an Application Load Balancer can use.

mod balancer;
mod target_group;

use std::sync::Arc;

use futures_util::future::{OptionFuture, join, join3};

use super::answer::unless_gone;
use super::ledger::operation;
use super::scan::Scan;
use super::{Place, at_once};
use crate::snapshot::elb::TargetGroup;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Resource};

const DESCRIBE_LOAD_BALANCERS: &Operation = operation("elasticloadbalancing", "DescribeLoadBalancers");
const DESCRIBE_LOAD_BALANCER_ATTRIBUTES: &Operation =
    operation("elasticloadbalancing", "DescribeLoadBalancerAttributes");
const DESCRIBE_CLASSIC_LOAD_BALANCERS: &Operation =
    operation("elasticloadbalancing", "DescribeClassicLoadBalancers");
const DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES: &Operation =
    operation("elasticloadbalancing", "DescribeClassicLoadBalancerAttributes");
const DESCRIBE_TARGET_GROUPS: &Operation = operation("elasticloadbalancing", "DescribeTargetGroups");
const DESCRIBE_TARGET_GROUP_ATTRIBUTES: &Operation =
    operation("elasticloadbalancing", "DescribeTargetGroupAttributes");
const DESCRIBE_TARGET_HEALTH: &Operation = operation("elasticloadbalancing", "DescribeTargetHealth");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 3] =
    [DESCRIBE_LOAD_BALANCERS, DESCRIBE_CLASSIC_LOAD_BALANCERS, DESCRIBE_TARGET_GROUPS];

/// Items in a page: the most that the API allows.
const PAGE: i32 = 400;

/// Codes by which a call says that what it asks about was deleted after it was listed.
const GONE: [&str; 2] = ["LoadBalancerNotFound", "TargetGroupNotFound"];

/// Collects the load balancers and target groups of a Region.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (balancers, classic, groups) =
        join3(load_balancers(scan, place), classic_load_balancers(scan, place), target_groups(scan, place))
            .await;
    [balancers, classic, groups].concat()
}

async fn load_balancers(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.elb(&place.region);
    let listing = scan
        .list(
            DESCRIBE_LOAD_BALANCERS,
            &place.region,
            &lane,
            |marker| client.describe_load_balancers().page_size(PAGE).set_marker(marker).send(),
            |page| (page.next_marker, page.load_balancers),
        )
        .await;
    let listed: Vec<Resource> =
        listing.items.into_iter().filter_map(|item| balancer::load_balancer(place, item)).collect();
    let asked = listed.len();
    scan.ledger.plan(asked);
    let answers = listed.into_iter().map(|balancer| attributes(Arc::clone(scan), balancer));
    let balancers: Vec<Resource> = at_once(answers).await.into_iter().flatten().collect();
    scan.ledger.enter_about(
        &[DESCRIBE_LOAD_BALANCER_ATTRIBUTES],
        &place.region,
        asked,
        balancers.iter(),
        listing.failure.as_ref(),
    );
    balancers
}

/// Asks what a load balancer is set to. There is no resource where it is gone.
async fn attributes(scan: Arc<Scan>, mut resource: Resource) -> Option<Resource> {
    let (client, lane) = scan.session.elb(&resource.region);
    let answer = scan
        .ask(
            DESCRIBE_LOAD_BALANCER_ATTRIBUTES,
            &lane,
            || client.describe_load_balancer_attributes().load_balancer_arn(&resource.arn).send(),
            |answer| unless_gone(answer.map(|answer| answer.attributes), &GONE),
        )
        .await;
    match (answer, &mut resource.attributes) {
        (Ok(attributes), Attributes::LoadBalancer(settings)) => balancer::set(settings, &attributes?),
        (Ok(_), _) => {}
        (Err(gap), _) => resource.gaps.push(gap),
    }
    Some(resource)
}

async fn classic_load_balancers(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.classic_elb(&place.region);
    let listing = scan
        .list(
            DESCRIBE_CLASSIC_LOAD_BALANCERS,
            &place.region,
            &lane,
            |marker| client.describe_load_balancers().page_size(PAGE).set_marker(marker).send(),
            |page| (page.next_marker, page.load_balancer_descriptions),
        )
        .await;
    let listed: Vec<Resource> =
        listing.items.into_iter().filter_map(|item| balancer::classic(place, item)).collect();
    let asked = listed.len();
    scan.ledger.plan(asked);
    let answers = listed.into_iter().map(|balancer| classic_attributes(Arc::clone(scan), balancer));
    let balancers: Vec<Resource> = at_once(answers).await.into_iter().flatten().collect();
    scan.ledger.enter_about(
        &[DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES],
        &place.region,
        asked,
        balancers.iter(),
        listing.failure.as_ref(),
    );
    balancers
}

/// Asks what a Classic Load Balancer is set to. There is no resource where it is gone.
async fn classic_attributes(scan: Arc<Scan>, mut resource: Resource) -> Option<Resource> {
    let (client, lane) = scan.session.classic_elb(&resource.region);
    let answer = scan
        .ask(
            DESCRIBE_CLASSIC_LOAD_BALANCER_ATTRIBUTES,
            &lane,
            || client.describe_load_balancer_attributes().load_balancer_name(&resource.name).send(),
            |answer| unless_gone(answer.map(|answer| answer.load_balancer_attributes), &GONE),
        )
        .await;
    match (answer, &mut resource.attributes) {
        (Ok(attributes), Attributes::ClassicLoadBalancer(settings)) => {
            settings.cross_zone_enabled = attributes?.cross_zone_load_balancing.map(|it| it.enabled);
        }
        (Ok(_), _) => {}
        (Err(gap), _) => resource.gaps.push(gap),
    }
    Some(resource)
}

async fn target_groups(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.elb(&place.region);
    let listing = scan
        .list(
            DESCRIBE_TARGET_GROUPS,
            &place.region,
            &lane,
            |marker| client.describe_target_groups().page_size(PAGE).set_marker(marker).send(),
            |page| (page.next_marker, page.target_groups),
        )
        .await;
    let listed: Vec<Resource> =
        listing.items.into_iter().filter_map(|item| target_group::resource(place, item)).collect();
    let asked = |is_asked: fn(&TargetGroup) -> bool| {
        let settings = listed.iter().filter_map(|group| match &group.attributes {
            Attributes::TargetGroup(settings) => Some(settings),
            _ => None,
        });
        settings.filter(|settings| is_asked(settings)).count()
    };
    let (of_health, of_attributes) = (asked(target_group::has_health), asked(target_group::has_cross_zone));
    scan.ledger.plan(of_health + of_attributes);
    let answers = listed.into_iter().map(|group| targets(Arc::clone(scan), group));
    let groups: Vec<Resource> = at_once(answers).await.into_iter().flatten().collect();
    scan.ledger.enter_about(
        &[DESCRIBE_TARGET_HEALTH],
        &place.region,
        of_health,
        groups.iter(),
        listing.failure.as_ref(),
    );
    scan.ledger.enter_about(
        &[DESCRIBE_TARGET_GROUP_ATTRIBUTES],
        &place.region,
        of_attributes,
        groups.iter(),
        listing.failure.as_ref(),
    );
    groups
}

/// Asks how the targets of a group are, and whether it is served across zones. There is no resource where it is gone.
async fn targets(scan: Arc<Scan>, mut resource: Resource) -> Option<Resource> {
    let Attributes::TargetGroup(group) = &mut resource.attributes else { return Some(resource) };
    let (client, lane) = scan.session.elb(&resource.region);
    let health = target_group::has_health(group).then(|| {
        scan.ask(
            DESCRIBE_TARGET_HEALTH,
            &lane,
            || client.describe_target_health().target_group_arn(&resource.arn).send(),
            |answer| unless_gone(answer.map(|answer| answer.target_health_descriptions), &GONE),
        )
    });
    let attributes = target_group::has_cross_zone(group).then(|| {
        scan.ask(
            DESCRIBE_TARGET_GROUP_ATTRIBUTES,
            &lane,
            || client.describe_target_group_attributes().target_group_arn(&resource.arn).send(),
            |answer| unless_gone(answer.map(|answer| answer.attributes), &GONE),
        )
    });
    let (health, attributes) = join(OptionFuture::from(health), OptionFuture::from(attributes)).await;
    match health {
        Some(Ok(descriptions)) => group.targets = Some(target_group::targets(descriptions?)),
        Some(Err(gap)) => resource.gaps.push(gap),
        None => {}
    }
    match attributes {
        Some(Ok(attributes)) => group.cross_zone_enabled = target_group::cross_zone(attributes?),
        Some(Err(gap)) => resource.gaps.push(gap),
        None => {}
    }
    resource.gaps.sort_unstable();
    Some(resource)
}
