//! What backs a resource up again and again: rules of AWS Backup and schedules of Data Lifecycle Manager.
//!
//! Organisations' backup policies appear in an account as plans, and count as such.

mod failure;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

use self::failure::add_failures;
pub use self::failure::{Failure, JobKind};
use super::copies::{Hidden, Unseen, age};
use super::cron::{self, Period};
use super::relation::{ATTACHED_TO, Relations};
use super::selection::{self, Target};
use super::{Context, Criticality, Resources};
use crate::config::DataRole;
use crate::snapshot::arn::{Arn, account_of, region_of};
use crate::snapshot::backup::{BackupPlan, BackupRule, BackupSelection, LifecyclePolicy, LifecycleSchedule};
use crate::snapshot::{Attributes, Kind, Resource, Snapshot, Timestamp};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// When a rule without a schedule runs.
const DEFAULT_SCHEDULE: &str = "cron(0 5 ? * * *)";

/// Minutes within which AWS Backup begins where a rule does not say.
const DEFAULT_START_WINDOW: i64 = 8 * 60;

/// Seconds within which Data Lifecycle Manager begins.
const LIFECYCLE_START_WINDOW: i64 = HOUR;

/// Calls without whose answers a schedule may be hidden. The tags of a resource and what a Region has opted in decide
/// with them.
const LISTINGS: [&str; 6] = [
    "backup:GetBackupSelection",
    "backup:ListBackupPlans",
    "backup:ListBackupSelections",
    "backup:ListBackupVaults",
    "dlm:GetLifecyclePolicies",
    "dlm:GetLifecyclePolicy",
];

/// What makes backups.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheduler {
    /// A rule of a plan of AWS Backup.
    AwsBackup,
    /// A schedule of a policy of Data Lifecycle Manager.
    Dlm,
}

/// One rule or schedule that has a resource.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
pub struct Schedule<'a> {
    /// What makes the backups.
    pub by: Scheduler,
    /// ARN of the plan or policy.
    pub arn: &'a str,
    /// Name of the rule or schedule; `null` if it has none.
    pub rule: Option<&'a str>,
    /// Most seconds between the beginnings of two backups; `null` if it never runs, or cannot be told.
    pub period: Option<i64>,
    /// Whether it never runs.
    pub never_runs: bool,
    /// Seconds by which a backup may begin late.
    pub start_window: i64,
    /// Seconds for which backups are kept; `null` is for ever.
    pub retention: Option<i64>,
    /// Whether any point in time can be restored.
    pub continuous: bool,
    /// ARN of the vault; `null` for Data Lifecycle Manager.
    pub vault: Option<String>,
    /// Where the backups are copied to.
    pub copies: Vec<ScheduledCopy<'a>>,
}

/// Where a schedule copies its backups to.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
pub struct ScheduledCopy<'a> {
    /// ARN of the vault; `null` for Data Lifecycle Manager.
    pub vault: Option<&'a str>,
    /// Region.
    pub region: Option<&'a str>,
    /// Account; `null` if it is the one of the resource, by Data Lifecycle Manager.
    pub account: Option<&'a str>,
    /// Seconds for which copies are kept; `null` is for ever, or not known.
    pub retention: Option<i64>,
}

/// Schedules of one resource.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq, Serialize)]
pub struct Schedules<'a> {
    /// Those that have the resource.
    pub known: Vec<Schedule<'a>>,
    /// Those of which it cannot be told, as tags, settings of the Region or the selection were not collected.
    pub possible: Vec<Schedule<'a>>,
    /// Calls that could show more.
    pub unseen: Vec<Unseen<'a>>,
    /// Where those of both that run copy backups of it to without that anybody looked there: into a vault of an account or
    /// Region that was not scanned, or to such a Region. What has none has no such member.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub out_of_sight: Vec<ScheduledCopy<'a>>,
    /// Jobs for the resource that failed. What has none has no such member.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<Failure<'a>>,
    /// Whether the resource was made so short a time ago that none of those that have it need have run since.
    pub is_waiting: bool,
    /// Of a plan, the highest criticality of itself and of the data that it has, which nothing else makes again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serves: Option<Criticality>,
    /// The same with the data that it may have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub may_serve: Option<Criticality>,
}

/// Schedules of everything that AWS Backup can back up, by ARN. What is not there has none. Those of a plan are its rules,
/// whether or not it has anything.
pub(super) fn schedules<'a>(
    resources: &Resources<'a>,
    relations: &Relations<'a>,
    contexts: &[Arc<Context>],
    snapshots: &[&'a Snapshot],
) -> FxHashMap<&'a str, Schedules<'a>> {
    let hidden = Hidden::of(snapshots);
    let offers = Offer::by_place(resources);
    let attached_to = |volume: &str| relations.get(ATTACHED_TO)?.get(volume);
    let of_target = |target: Target<'a>| {
        let resource = target.resource;
        let account = resources.account(resource)?;
        let place = (account, resource.region.as_str());
        let unseen = hidden.in_region(account, &resource.region, &LISTINGS);
        let mut schedules = Schedules { unseen, ..Schedules::default() };
        if let Some(offer) = offers.get(&place) {
            let hosts = attached_to(&resource.arn).into_iter().flatten();
            let is_root = hosts.filter_map(|host| resources.get(host)).any(|host| is_root(resource, host));
            offer.add_to(&mut schedules, &target, is_root);
        }
        Some((resource.arn.as_str(), schedules))
    };
    let targets: Vec<&'a Resource> = resources.iter().collect();
    let targets = targets.into_par_iter().filter_map(Target::of).filter_map(of_target);
    let mut schedules: FxHashMap<&str, Schedules<'_>> = targets.collect();
    // An instance is backed up with its volumes.
    for (volume, hosts) in relations.get(ATTACHED_TO).into_iter().flatten() {
        let hosts: Vec<Schedules<'_>> =
            hosts.iter().filter_map(|host| schedules.get(host.as_ref())).cloned().collect();
        let Some(schedules) = schedules.get_mut(volume.as_ref()) else { continue };
        for host in hosts {
            // A plan may have both the instance and its volume.
            for schedule in host.known {
                if !schedules.known.contains(&schedule) {
                    schedules.known.push(schedule);
                }
            }
            schedules.possible.extend(host.possible);
        }
    }
    for (arn, schedules) in schedules.iter_mut().filter(|(_, schedules)| schedules.has_any()) {
        let Some((resource, holder)) = resources.entry(arn) else { continue };
        schedules.settle(resource, holder, resources);
    }
    add_failures(resources, &mut schedules);
    // Most of a large account has none, and what is not there takes no room.
    schedules.retain(|_, schedules| *schedules != Schedules::default());
    let context = |arn: &str| contexts.get(*resources.by_arn.get(arn)?).map(Arc::as_ref);
    let served = served(&schedules, context);
    for (plan, known) in offers.values().flat_map(Offer::rules) {
        let own = context(plan).map(|context| context.criticality);
        let Served { certainly, perhaps } = served.get(plan).copied().unwrap_or_default();
        let serves = highest(own, certainly);
        let may_serve = highest(serves, perhaps);
        schedules.insert(plan, Schedules { known, serves, may_serve, ..Schedules::default() });
    }
    schedules
}

/// The highest criticality of the data that a plan has for certain, and of what it may have; `None` if there is none.
#[derive(Clone, Copy, Default)]
struct Served {
    certainly: Option<Criticality>,
    perhaps: Option<Criticality>,
}

/// What is served by each plan and policy, by its ARN. Data that can be made again does not count.
fn served<'a, 'c>(
    schedules: &FxHashMap<&'a str, Schedules<'a>>,
    context: impl Fn(&str) -> Option<&'c Context>,
) -> FxHashMap<&'a str, Served> {
    let mut served = FxHashMap::<&str, Served>::default();
    for (arn, schedules) in schedules {
        let Some(context) = context(arn) else { continue };
        if context.role.value != DataRole::Authoritative {
            continue;
        }
        for schedule in &schedules.known {
            let plan = served.entry(schedule.arn).or_default();
            plan.certainly = highest(plan.certainly, Some(context.criticality));
        }
        for schedule in &schedules.possible {
            let plan = served.entry(schedule.arn).or_default();
            plan.perhaps = highest(plan.perhaps, Some(context.criticality));
        }
    }
    served
}

/// The higher of two criticalities, which comes first in their order.
fn highest(one: Option<Criticality>, other: Option<Criticality>) -> Option<Criticality> {
    one.into_iter().chain(other).min()
}

/// Whether a resource of that age in seconds is too new for the schedules to have run.
fn is_waiting(schedules: &[Schedule<'_>], age: Option<i64>) -> bool {
    let running = schedules.iter().filter(|schedule| !schedule.never_runs);
    let waits = running.filter_map(|schedule| Some(schedule.period? + schedule.start_window));
    age.zip(waits.min()).is_some_and(|(age, wait)| age <= wait)
}

/// Whether a volume is the root of an instance.
fn is_root(volume: &Resource, host: &Resource) -> bool {
    let (Attributes::Volume(volume), Attributes::Instance(host)) = (&volume.attributes, &host.attributes)
    else {
        return false;
    };
    let devices = volume.attachments.iter().map(|attachment| attachment.device.as_deref());
    host.root_device_name.is_some()
        && devices.into_iter().any(|device| device == host.root_device_name.as_deref())
}

/// What expressions come to. Few differ in an account.
type Periods<'a> = FxHashMap<&'a str, Period>;

/// Account and Region.
type Place<'a> = (&'a str, &'a str);

/// What makes backups in one Region of an account.
#[derive(Default)]
struct Offer<'a> {
    plans: FxHashMap<&'a str, (&'a Resource, &'a BackupPlan)>,
    selections: Vec<&'a BackupSelection>,
    policies: Vec<(&'a Resource, &'a LifecyclePolicy)>,
    opted_in: Option<&'a BTreeMap<String, bool>>,
    /// What the expressions come to.
    periods: Periods<'a>,
    /// Calls about single plans and selections that gave no answer.
    unseen: Vec<Unseen<'a>>,
}

impl<'a> Offer<'a> {
    fn by_place(resources: &Resources<'a>) -> FxHashMap<Place<'a>, Self> {
        let mut offers = FxHashMap::<Place<'a>, Self>::default();
        // The runs of years are gone through for each, and the same expressions are used in all Regions.
        let mut known = FxHashMap::default();
        for (resource, snapshot) in &resources.all {
            let kinds =
                [Kind::BackupPlan, Kind::BackupSelection, Kind::LifecyclePolicy, Kind::RegionSettings];
            if !kinds.contains(&resource.kind) {
                continue;
            }
            let place = (snapshot.scope.account.as_str(), resource.region.as_str());
            let offer = offers.entry(place).or_default();
            match &resource.attributes {
                Attributes::BackupPlan(plan) => {
                    let rules = plan.rules.iter().flatten();
                    offer.add_periods(rules.map(expression), snapshot.captured_at, &mut known);
                    offer.plans.insert(&resource.arn, (resource, plan));
                }
                Attributes::BackupSelection(selection) => offer.selections.push(selection),
                Attributes::LifecyclePolicy(policy) => {
                    let lines = policy.schedules.iter().flatten();
                    let expressions = lines.filter_map(|schedule| schedule.cron_expression.as_deref());
                    offer.add_periods(expressions, snapshot.captured_at, &mut known);
                    offer.policies.push((resource, policy));
                }
                Attributes::RegionSettings(settings) => {
                    offer.opted_in = settings.resource_type_opt_in_preference.as_ref();
                }
                _ => {}
            }
            let gaps = resource.gaps.iter().filter_map(|gap| {
                let operation = LISTINGS.into_iter().find(|listing| *listing == gap.operation)?;
                Some(Unseen { region: &resource.region, operation, outcome: gap.outcome })
            });
            offer.unseen.extend(gaps);
        }
        offers
    }

    /// The rules of each plan, by its ARN.
    fn rules(&self) -> impl Iterator<Item = (&'a str, Vec<Schedule<'a>>)> {
        self.plans.iter().map(|(arn, (resource, plan))| {
            let rules = plan.rules.iter().flatten();
            (*arn, rules.map(|rule| of_rule(resource, rule, true, &self.periods)).collect())
        })
    }

    fn add_periods(
        &mut self,
        expressions: impl Iterator<Item = &'a str>,
        now: Timestamp,
        known: &mut FxHashMap<(&'a str, Timestamp), Period>,
    ) {
        for expression in expressions {
            let period = known.entry((expression, now)).or_insert_with(|| cron::period(expression, now));
            self.periods.insert(expression, *period);
        }
    }

    /// Adds what has a resource.
    fn add_to(&self, schedules: &mut Schedules<'a>, target: &Target<'a>, is_root: bool) {
        schedules.unseen.extend(self.unseen.iter().cloned());
        for selection in &self.selections {
            let Some((resource, plan)) = self.plans.get(selection.backup_plan.as_str()) else { continue };
            let selected = selection::selects(selection, target, self.opted_in);
            let rules = plan.rules.iter().flatten();
            let can_be_continuous = target.can_be_continuous();
            let rules = rules.map(|rule| of_rule(resource, rule, can_be_continuous, &self.periods));
            schedules.add(selected, rules);
        }
        for (resource, policy) in &self.policies {
            if policy.state.as_deref() != Some("ENABLED") {
                continue;
            }
            let managed = selection::manages(policy, target.resource, is_root);
            let lines = policy.schedules.iter().flatten();
            schedules.add(managed, lines.map(|schedule| of_policy(resource, schedule, &self.periods)));
        }
    }
}

impl<'a> Schedules<'a> {
    fn add(&mut self, selected: Option<bool>, schedules: impl Iterator<Item = Schedule<'a>>) {
        match selected {
            Some(true) => self.known.extend(schedules),
            Some(false) => {}
            None => self.possible.extend(schedules),
        }
    }

    fn has_any(&self) -> bool {
        !self.known.is_empty() || !self.possible.is_empty()
    }

    /// Derives the rest, once it is known which there are.
    fn settle(&mut self, resource: &Resource, holder: &Snapshot, resources: &Resources<'a>) {
        self.is_waiting = is_waiting(&self.known, age(resource, holder));
        self.known.shrink_to_fit();
        let is_seen = |copy: &ScheduledCopy<'_>| match (copy.vault, copy.region) {
            (Some(vault), _) => resources.get(vault).is_some(),
            (None, Some(region)) => holder.scope.regions.iter().any(|scanned| scanned == region),
            (None, None) => false,
        };
        let running = self.known.iter().chain(&self.possible).filter(|schedule| !schedule.never_runs);
        let copies = running.flat_map(|schedule| &schedule.copies);
        self.out_of_sight = copies.filter(|copy| !is_seen(copy)).cloned().collect();
    }
}

fn of_rule<'a>(
    plan: &'a Resource,
    rule: &'a BackupRule,
    can_be_continuous: bool,
    periods: &Periods<'_>,
) -> Schedule<'a> {
    let (period, never_runs) = period(expression(rule), periods);
    let copies = rule.copy_actions.iter().map(|copy| ScheduledCopy {
        vault: Some(&copy.destination_backup_vault_arn),
        region: region_of(&copy.destination_backup_vault_arn),
        account: account_of(&copy.destination_backup_vault_arn),
        retention: copy.delete_after_days.map(|days| days * DAY),
    });
    let vault = Arn::parse(&plan.arn);
    let vault = vault.map(|arn| arn.sibling(&format!("backup-vault:{}", rule.target_backup_vault_name)));
    Schedule {
        by: Scheduler::AwsBackup,
        arn: &plan.arn,
        rule: Some(&rule.rule_name),
        period,
        never_runs,
        start_window: 60 * rule.start_window_minutes.unwrap_or(DEFAULT_START_WINDOW),
        retention: rule.delete_after_days.map(|days| days * DAY),
        continuous: rule.enable_continuous_backup == Some(true) && can_be_continuous,
        vault,
        copies: copies.collect(),
    }
}

fn of_policy<'a>(
    policy: &'a Resource,
    schedule: &'a LifecycleSchedule,
    periods: &Periods<'_>,
) -> Schedule<'a> {
    let (period, never_runs) = match (&schedule.cron_expression, schedule.interval_hours) {
        (Some(expression), _) => period(expression, periods),
        (None, hours) => (hours.map(|hours| hours * HOUR), false),
    };
    // So many snapshots are kept as are made in as many periods.
    let by_count = schedule.retain_count.zip(period).map(|(count, period)| count * period);
    let copies = schedule.copy_regions.iter();
    let copies = copies.map(|region| ScheduledCopy {
        vault: None,
        region: Some(region),
        account: None,
        retention: None,
    });
    Schedule {
        by: Scheduler::Dlm,
        arn: &policy.arn,
        rule: schedule.name.as_deref(),
        period,
        never_runs,
        start_window: LIFECYCLE_START_WINDOW,
        retention: schedule.retain_days.map(|days| days * DAY).or(by_count),
        continuous: false,
        vault: None,
        copies: copies.collect(),
    }
}

fn expression(rule: &BackupRule) -> &str {
    rule.schedule_expression.as_deref().unwrap_or(DEFAULT_SCHEDULE)
}

/// The period of an expression, and whether it never comes.
fn period(expression: &str, periods: &Periods<'_>) -> (Option<i64>, bool) {
    match periods.get(expression) {
        Some(Period::Every(seconds)) => (Some(*seconds), false),
        Some(Period::Never) => (None, true),
        Some(Period::Unreadable) | None => (None, false),
    }
}

#[cfg(test)]
mod tests;
