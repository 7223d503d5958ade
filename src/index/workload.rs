//! Workloads: what belongs together, how much it matters, and what was promised for it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Resources;
use super::application::{Applications, Promise};
use super::context::{Attributed, Context, Criticality};
use super::objective::{Aspect, Objective};
use crate::config::{Config, Environment, Strategy, Tier, Workload as Configured};
use crate::snapshot::{Attributes, GLOBAL, Resource, Snapshot};

/// What the tag [`OBJECTIVE`] says where somebody has decided to promise nothing.
const NONE_ACCEPTED: &str = "none-accepted";
const OBJECTIVE: &str = "hadr:objective";

/// Everything in one account that carries the name of one workload. What is shared by several has the tag of one.
#[derive(Clone, Debug, Serialize)]
pub struct Workload<'a> {
    /// It has none of AWS, and is named here as `arn:PARTITION:hadr-scan::ACCOUNT:workload/NAME`.
    pub arn: String,
    /// Name.
    pub name: String,
    /// Tier: that of the configuration, or the strictest of its resources.
    pub tier: Attributed<Tier>,
    /// That of its resources which matters most.
    pub environment: Attributed<Environment>,
    /// Follows from tier and environment.
    pub criticality: Criticality,
    /// ARNs, sorted.
    pub resources: BTreeSet<&'a str>,
    /// Regions that they are in, without `global`.
    pub regions: BTreeSet<&'a str>,
    /// Longest time without service.
    pub rto: Objective,
    /// Longest time of writes that may be lost.
    pub rpo: Objective,
    /// Rank of the strategy that it is said to follow, as in `config.tiers`; `null` if nothing says.
    pub strategy_rank: Option<u8>,
    /// Whether somebody has decided to promise nothing: by tag, with a name and a day that has not passed.
    pub accepted: bool,
}

/// Workloads of every account, by ARN.
pub(super) fn workloads<'a>(
    resources: &Resources<'a>,
    contexts: &[Context],
    applications: &Applications<'a>,
    config: &Config,
) -> BTreeMap<String, Workload<'a>> {
    let mut members: BTreeMap<(&str, &str), (&Snapshot, Vec<Member<'a, '_>>)> = BTreeMap::new();
    for ((resource, snapshot), context) in resources.all.iter().zip(contexts) {
        if let Some(name) = context.workload.value.as_deref() {
            let account = (snapshot.scope.account.as_str(), name);
            let (_, members) = members.entry(account).or_insert_with(|| (snapshot, Vec::new()));
            members.push((resource, context));
        }
    }
    let workloads = members.into_iter().map(|((account, name), (snapshot, members))| {
        let configured = config.workloads.iter().find(|workload| workload.name == name);
        let resources = members.iter().map(|(resource, _)| resource.arn.as_str());
        let promises = applications.promises(account, name, resources);
        let workload = Workload::of(name, &members, configured, &promises, snapshot, config);
        (workload.arn.clone(), workload)
    });
    workloads.collect()
}

/// Plans for a switch of the Region have no tags that a scan reads, and applications of Resilience Hub seldom have any. One
/// that has the name of a workload belongs to it, and is what the most critical part of that is.
pub(super) fn adopt_namesakes(resources: &Resources<'_>, contexts: &mut [Context]) {
    for (position, (resource, snapshot)) in resources.all.iter().enumerate() {
        let is_named = matches!(resource.attributes, Attributes::App(_) | Attributes::RegionSwitchPlan(_));
        if !is_named || contexts[position].workload.value.is_some() {
            continue;
        }
        let is_of_workload =
            |context: &Context| context.workload.value.as_deref() == Some(resource.name.as_str());
        let members = resources.all.iter().zip(contexts.iter()).filter(|((_, owner), context)| {
            owner.scope.account == snapshot.scope.account && is_of_workload(context)
        });
        if let Some(context) = members.map(|(_, context)| context).min_by_key(|context| context.criticality) {
            let workload = Attributed::new(Some(resource.name.clone()), "its name");
            contexts[position] = Context { workload, ..context.clone() };
        }
    }
}

/// A resource and what it is to the business.
type Member<'a, 'c> = (&'a Resource, &'c Context);

impl<'a> Workload<'a> {
    fn of(
        name: &str,
        members: &[Member<'a, '_>],
        configured: Option<&Configured>,
        promises: &[&Promise],
        snapshot: &Snapshot,
        config: &Config,
    ) -> Self {
        let tier = members.iter().min_by_key(|(_, context)| context.tier.value);
        let tier = tier.map_or_else(Context::unattributed_tier, |(_, context)| context.tier.clone());
        let environment = members.iter().min_by_key(|(_, context)| context.environment.value);
        let environment = environment
            .map_or_else(Context::unattributed_environment, |(_, context)| context.environment.clone());
        let objective = |aspect: Aspect, told: fn(&Promise) -> Option<Attributed<u64>>| {
            Objective::of(
                configured.and_then(|workload| aspect.written(workload)),
                aspect.declared(members.iter().map(|(resource, _)| *resource)),
                promises.iter().copied().filter_map(told).collect(),
                aspect.of_tier(tier.value, config),
            )
        };
        let rto = objective(Aspect::Rto, |promise| promise.rto.clone());
        let rpo = objective(Aspect::Rpo, |promise| promise.rpo.clone());
        let strategy = configured.and_then(|workload| workload.strategy);
        let strategy = strategy.or_else(|| {
            let tags = members.iter().filter_map(|(resource, _)| resource.tag("hadr:strategy"));
            tags.filter_map(|text| text.parse::<Strategy>().ok()).max()
        });
        Self {
            arn: snapshot.scope.workload_arn(name),
            name: name.to_owned(),
            criticality: Criticality::of(environment.value, tier.value),
            tier,
            environment,
            resources: members.iter().map(|(resource, _)| resource.arn.as_str()).collect(),
            regions: members
                .iter()
                .map(|(resource, _)| resource.region.as_str())
                .filter(|region| *region != GLOBAL)
                .collect(),
            rto,
            rpo,
            strategy_rank: strategy.map(|strategy| strategy as u8),
            accepted: members.iter().any(|(resource, _)| accepts_none(resource, snapshot)),
        }
    }

    /// What the workload is to the business, as its own findings show it.
    pub fn context(&self) -> Context {
        Context {
            workload: Attributed::new(Some(self.name.clone()), "the workload itself"),
            tier: self.tier.clone(),
            environment: self.environment.clone(),
            criticality: self.criticality,
            rto: Some(self.rto.in_effect()),
            rpo: Some(self.rpo.in_effect()),
            ..Context::unattributed()
        }
    }
}

/// Whether tags say that nothing is promised, who decided it, and until when, and that has not passed.
fn accepts_none(resource: &Resource, snapshot: &Snapshot) -> bool {
    let tag = |key| resource.tag(key);
    let until = tag("hadr:accepted-until").and_then(|day| day.parse::<crate::config::Date>().ok());
    tag(OBJECTIVE) == Some(NONE_ACCEPTED)
        && tag("hadr:accepted-by").is_some_and(|name| !name.trim().is_empty())
        && until.is_some_and(|day| day.end() > snapshot.captured_at)
}

#[cfg(test)]
mod tests;
