//! Policies of Data Lifecycle Manager, which makes snapshots of volumes and images of instances.

use std::sync::Arc;

use aws_sdk_dlm::types;

use super::answer::unless_gone;
use super::ledger::operation;
use super::scan::Scan;
use super::{Place, at_once, sorted, text};
use crate::snapshot::backup::{LifecycleExclusions, LifecyclePolicy, LifecycleSchedule, TagCondition};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource};

const GET_POLICIES: &Operation = operation("dlm", "GetLifecyclePolicies");
const GET_POLICY: &Operation = operation("dlm", "GetLifecyclePolicy");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [GET_POLICIES];

/// Code of a policy that is gone.
const GONE: [&str; 1] = ["ResourceNotFoundException"];

/// Hours in a day.
const HOURS_IN_A_DAY: i64 = 24;

/// Collects the policies of a Region.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.dlm(&place.region);
    // The API has no pages.
    let listing = scan
        .list(
            GET_POLICIES,
            &place.region,
            &lane,
            |_| client.get_lifecycle_policies().send(),
            |page| (None, page.policies),
        )
        .await;
    let asked = listing.items.len();
    scan.ledger.plan(asked);
    let described = listing.items.into_iter().map(|listed| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { describe(&scan, &place, listed).await }
    });
    let policies: Vec<Resource> = at_once(described).await.into_iter().flatten().collect();
    scan.ledger.enter_about(&[GET_POLICY], &place.region, asked, policies.iter(), listing.failure.as_ref());
    policies
}

/// A policy; `None` where it was deleted after it was listed.
async fn describe(scan: &Scan, place: &Place, listed: types::LifecyclePolicySummary) -> Option<Resource> {
    let id = text(listed.policy_id)?;
    let (client, lane) = scan.session.dlm(&place.region);
    let answer = scan.ask(
        GET_POLICY,
        &lane,
        || client.get_lifecycle_policy().policy_id(&id).send(),
        |answer| unless_gone(answer.map(|answer| answer.policy), &GONE),
    );
    let (attributes, gaps) = match answer.await {
        Ok(policy) => (settings(policy?), Vec::new()),
        Err(gap) => {
            let attributes = LifecyclePolicy {
                state: listed.state.map(|state| state.as_str().to_owned()),
                policy_type: listed.policy_type.map(|kind| kind.as_str().to_owned()),
                ..LifecyclePolicy::default()
            };
            (attributes, vec![gap])
        }
    };
    let arn = place.arn("dlm", &format!("policy/{id}"));
    let attributes = Attributes::LifecyclePolicy(Box::new(attributes));
    Some(Resource { gaps, ..place.resource(Kind::LifecyclePolicy, arn, id, attributes) })
}

fn settings(policy: types::LifecyclePolicy) -> LifecyclePolicy {
    let is_default = policy.default_policy.unwrap_or(false);
    let state = policy.state.map(|state| state.as_str().to_owned());
    let Some(details) = policy.policy_details else {
        return LifecyclePolicy { state, ..LifecyclePolicy::default() };
    };
    let of_default = is_default.then(|| default_schedule(&details));
    let types = details.resource_types.into_iter().flatten().chain(details.resource_type);
    let schedules = details.schedules.into_iter().flatten().map(schedule);
    LifecyclePolicy {
        state,
        policy_type: details.policy_type.map(|kind| kind.as_str().to_owned()),
        default_policy: Some(is_default),
        resource_types: Some(sorted(types.map(|kind| kind.as_str().to_owned()))),
        target_tags: Some(tags(details.target_tags)),
        schedules: Some(schedules.chain(of_default).collect()),
        exclusions: details.exclusions.map(|exclusions| LifecycleExclusions {
            exclude_boot_volumes: exclusions.exclude_boot_volumes,
            exclude_volume_types: sorted(exclusions.exclude_volume_types.into_iter().flatten()),
            exclude_tags: tags(exclusions.exclude_tags),
        }),
    }
}

/// A default policy has one schedule, in days, whose members are its own.
fn default_schedule(details: &types::PolicyDetails) -> LifecycleSchedule {
    let targets = details.cross_region_copy_targets.iter().flatten();
    LifecycleSchedule {
        name: None,
        interval_hours: details.create_interval.map(|days| i64::from(days) * HOURS_IN_A_DAY),
        cron_expression: None,
        retain_count: None,
        retain_days: details.retain_interval.map(i64::from),
        copy_regions: sorted(targets.filter_map(|target| target.target_region.clone())),
    }
}

fn schedule(schedule: types::Schedule) -> LifecycleSchedule {
    let create = schedule.create_rule;
    let copies = schedule.cross_region_copy_rules.into_iter().flatten();
    // Policies of volumes on Outposts name the ARN of an Outpost as the target.
    let regions = copies.filter_map(|copy| copy.target_region.or(copy.target));
    let retain = schedule.retain_rule;
    LifecycleSchedule {
        name: text(schedule.name),
        interval_hours: create.as_ref().and_then(|rule| rule.interval).map(i64::from),
        cron_expression: create.and_then(|rule| text(rule.cron_expression)),
        retain_count: retain.as_ref().and_then(|rule| rule.count).map(i64::from),
        retain_days: retain.and_then(|rule| days(rule.interval?, &rule.interval_unit?)),
        copy_regions: sorted(regions),
    }
}

/// Days of an interval. The shortest of its unit count, as retention must not look longer than it is.
fn days(interval: i32, unit: &types::RetentionIntervalUnitValues) -> Option<i64> {
    let days = match unit.as_str() {
        "DAYS" => 1,
        "WEEKS" => 7,
        "MONTHS" => 28,
        "YEARS" => 365,
        _ => return None,
    };
    Some(i64::from(interval) * days)
}

fn tags(tags: Option<Vec<types::Tag>>) -> Vec<TagCondition> {
    let tags = tags.into_iter().flatten();
    let tags =
        tags.filter_map(|tag| Some(TagCondition { key: tag.key?, value: tag.value.unwrap_or_default() }));
    let mut tags: Vec<TagCondition> = tags.collect();
    tags.sort_unstable();
    tags
}

#[cfg(test)]
mod tests {
    use aws_sdk_dlm::types;

    use super::settings;
    use crate::snapshot::backup::LifecycleSchedule;

    fn schedules(details: types::PolicyDetails, is_default: bool) -> Vec<LifecycleSchedule> {
        let policy = types::LifecyclePolicy::builder().default_policy(is_default).policy_details(details);
        settings(policy.build()).schedules.unwrap()
    }

    #[test]
    fn a_schedule_tells_how_often_how_long_and_where_to() {
        let retain = types::RetainRule::builder()
            .interval(2)
            .interval_unit(types::RetentionIntervalUnitValues::Months);
        let copy = types::CrossRegionCopyRule::builder().target_region("eu-west-1").encrypted(true);
        let schedule = types::Schedule::builder()
            .name("12h")
            .create_rule(types::CreateRule::builder().interval(12).build())
            .retain_rule(retain.build())
            .cross_region_copy_rules(copy.build());
        let details = types::PolicyDetails::builder().schedules(schedule.build()).build();
        let expected = LifecycleSchedule {
            name: Some("12h".to_owned()),
            interval_hours: Some(12),
            retain_days: Some(56),
            copy_regions: vec!["eu-west-1".to_owned()],
            ..LifecycleSchedule::default()
        };
        assert_eq!(schedules(details, false), [expected]);
    }

    #[test]
    fn a_default_policy_counts_in_days() {
        let details =
            types::PolicyDetails::builder().create_interval(3).retain_interval(7).cross_region_copy_targets(
                types::CrossRegionCopyTarget::builder().target_region("eu-west-1").build(),
            );
        let expected = LifecycleSchedule {
            interval_hours: Some(72),
            retain_days: Some(7),
            copy_regions: vec!["eu-west-1".to_owned()],
            ..LifecycleSchedule::default()
        };
        assert_eq!(schedules(details.build(), true), [expected]);
    }
}
