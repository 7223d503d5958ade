//! Applications of Resilience Hub and plans for a switch of the Region: what somebody has said there about a workload.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::Resources;
use super::context::Attributed;
use crate::config::Tier;
use crate::snapshot::resiliencehub::ResiliencyPolicy;
use crate::snapshot::{Attributes, Resource};

/// What was said, for all accounts.
#[derive(Default)]
pub(super) struct Applications<'a> {
    /// Applications by the ARNs of what they consist of.
    by_resource: FxHashMap<&'a str, Application<'a>>,
    /// Promises by account and by the name of the application or plan, in the order in which they count.
    promises: BTreeMap<&'a str, BTreeMap<&'a str, Vec<Promise>>>,
}

/// The application that a resource is part of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Application<'a> {
    /// Its name, which is that of the workload.
    pub(super) name: &'a str,
    /// The tier of its policy; `None` if that has none which matters here.
    pub(super) tier: Option<Tier>,
}

/// What was promised, each with where.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    /// Seconds until the workload is back.
    pub(super) rto: Option<Attributed<u64>>,
    /// Seconds of writes that may be lost.
    pub(super) rpo: Option<Attributed<u64>>,
}

impl<'a> Applications<'a> {
    /// Gathers it.
    pub(super) fn of(resources: &Resources<'a>) -> Self {
        let mut applications = Self::default();
        for resource in resources.iter() {
            let promise = match &resource.attributes {
                Attributes::App(app) => {
                    let policy = app.policy_arn.as_deref().and_then(|arn| resources.get(arn));
                    let policy = policy.and_then(|resource| match &resource.attributes {
                        Attributes::ResiliencyPolicy(policy) => Some((resource, policy.as_ref())),
                        _ => None,
                    });
                    let tier = policy.and_then(|(_, policy)| tier(policy));
                    let application = Application { name: &resource.name, tier };
                    for arn in app.resources.iter().flatten() {
                        applications.by_resource.entry(arn).or_insert(application);
                    }
                    policy.map(|(resource, policy)| promised(resource, policy))
                }
                Attributes::RegionSwitchPlan(plan) => {
                    let minutes = plan.recovery_time_objective_minutes;
                    let seconds = minutes.and_then(|minutes| u64::try_from(minutes).ok()).map(|it| it * 60);
                    let source = format!("plan {} of Region switch", resource.name);
                    Some(Promise { rto: seconds.map(|rto| Attributed::new(rto, source)), rpo: None })
                }
                _ => None,
            };
            if let Some(promise) = promise {
                let account = resources.account(resource).unwrap_or_default();
                let promises =
                    applications.promises.entry(account).or_default().entry(&resource.name).or_default();
                // What is promised for data, too, comes before what a plan was made for.
                let position = if promise.rpo.is_some() { 0 } else { promises.len() };
                promises.insert(position, promise);
            }
        }
        applications
    }

    /// The application that lists a resource.
    pub(super) fn listing(&self, arn: &str) -> Option<Application<'a>> {
        self.by_resource.get(arn).copied()
    }

    /// What was promised for a workload that consists of these resources: under its name, and for the applications that
    /// list them under whatever name.
    pub(super) fn promises<'r>(
        &self,
        account: &str,
        workload: &str,
        resources: impl Iterator<Item = &'r str>,
    ) -> Vec<&Promise> {
        let Some(promises) = self.promises.get(account) else { return Vec::new() };
        let listing: BTreeSet<&str> =
            resources.filter_map(|arn| self.listing(arn)).map(|application| application.name).collect();
        let others = listing.into_iter().filter(|name| *name != workload);
        [workload].into_iter().chain(others).filter_map(|name| promises.get(name)).flatten().collect()
    }
}

/// The tiers that mean the same here and there. The lower ones of Resilience Hub are all the general one.
fn tier(policy: &ResiliencyPolicy) -> Option<Tier> {
    match policy.tier.as_deref()? {
        "MissionCritical" => Some(Tier::MissionCritical),
        "Critical" => Some(Tier::BusinessCritical),
        _ => None,
    }
}

/// Objectives for the failures that backups and copies answer: of the software and of the Region. Those for a host or a
/// zone, which redundancy answers, are shorter, and would ask of a backup what no backup can do. Of the two the shorter one
/// counts: what is enough for the other failure may break this promise.
fn promised(resource: &Resource, policy: &ResiliencyPolicy) -> Promise {
    let answered = || ["Software", "Region"].into_iter().filter_map(|failure| policy.policy.get(failure));
    let shortest = |seconds: Option<i32>| {
        let source = format!("policy {} of Resilience Hub", resource.name);
        u64::try_from(seconds?).ok().map(|seconds| Attributed::new(seconds, source))
    };
    Promise {
        rto: shortest(answered().map(|objective| objective.rto_in_secs).min()),
        rpo: shortest(answered().map(|objective| objective.rpo_in_secs).min()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::config::Config;
    use crate::index::{Attributed, Criticality, Index};
    use crate::snapshot::arc::RegionSwitchPlan;
    use crate::snapshot::resiliencehub::{App, FailurePolicy, ResiliencyPolicy};
    use crate::snapshot::{Attributes, GLOBAL, Kind, Resource, samples};

    const VOLUME: &str = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";
    const POLICY: &str = "arn:aws:resiliencehub:eu-west-1:123456789012:resiliency-policy/p";

    fn volume(tags: &[(&str, &str)]) -> Resource {
        samples::resource(Kind::Volume, VOLUME, tags, Attributes::Volume(Box::default()))
    }

    fn app() -> Resource {
        let app = App {
            policy_arn: Some(POLICY.to_owned()),
            resources: Some(vec![VOLUME.to_owned()]),
            ..App::default()
        };
        let arn = "arn:aws:resiliencehub:eu-west-1:123456789012:app/a";
        Resource {
            name: "shop".to_owned(),
            ..samples::resource(Kind::App, arn, &[], Attributes::App(Box::new(app)))
        }
    }

    /// A policy with objectives by what fails: RTO and RPO in seconds.
    fn policy(objectives: &[(&str, i32, i32)]) -> Resource {
        let policy = objectives.iter().map(|(failure, rto, rpo)| {
            ((*failure).to_owned(), FailurePolicy { rto_in_secs: *rto, rpo_in_secs: *rpo })
        });
        let policy = ResiliencyPolicy {
            tier: Some("MissionCritical".to_owned()),
            policy: policy.collect::<BTreeMap<_, _>>(),
        };
        let attributes = Attributes::ResiliencyPolicy(Box::new(policy));
        Resource {
            name: "gold".to_owned(),
            ..samples::resource(Kind::ResiliencyPolicy, POLICY, &[], attributes)
        }
    }

    fn plan() -> Resource {
        let plan =
            RegionSwitchPlan { recovery_time_objective_minutes: Some(30), ..RegionSwitchPlan::default() };
        let arn = "arn:aws:arc-region-switch::123456789012:plan/shop:1";
        Resource {
            name: "shop".to_owned(),
            region: GLOBAL.to_owned(),
            ..samples::resource(
                Kind::RegionSwitchPlan,
                arn,
                &[],
                Attributes::RegionSwitchPlan(Box::new(plan)),
            )
        }
    }

    /// RTO and RPO of the workload with their sources, and the tier of the volume.
    fn of(resources: Vec<Resource>) -> (u64, String, u64, String, String) {
        let snapshot = samples::snapshot(resources);
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let workload = index.workloads(&snapshot).find(|workload| workload.name == "shop").unwrap();
        let (rto, rpo) = (workload.rto.clone(), workload.rpo.clone());
        let (_, context) = index.resource(VOLUME).unwrap();
        (rto.value, rto.source, rpo.value, rpo.source, context.tier.source.clone().into_owned())
    }

    #[test]
    fn an_application_is_a_workload_with_its_objectives() {
        let objectives = [("Software", 7200, 600), ("Region", 3600, 1200), ("AZ", 60, 0)];
        let policy_name = "policy gold of Resilience Hub".to_owned();
        assert_eq!(
            of(vec![volume(&[]), app(), policy(&objectives)]),
            (
                3600,
                policy_name.clone(),
                600,
                policy_name,
                "policy of application shop of Resilience Hub".to_owned()
            )
        );
    }

    #[test]
    fn a_tag_says_it_first() {
        let tags = [("hadr:tier", "general"), ("hadr:rto", "PT4H")];
        let (rto, source, ..) = of(vec![volume(&tags), app(), policy(&[("Software", 7200, 600)])]);
        assert_eq!((rto, source.as_str()), (14400, "tag hadr:rto of vol-1"));
    }

    /// A plan is as critical as what it moves.
    #[test]
    fn a_plan_belongs_to_the_workload_of_its_name() {
        let tags = [("hadr:workload", "shop"), ("hadr:tier", "mission-critical")];
        let snapshot = samples::snapshot(vec![volume(&tags), plan()]);
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let (_, context) = index.resource("arn:aws:arc-region-switch::123456789012:plan/shop:1").unwrap();
        assert_eq!(context.workload, Attributed::new(Some("shop".to_owned()), "its name"));
        assert_eq!(context.criticality, Criticality::MissionCritical);
    }

    #[test]
    fn an_application_is_as_critical_as_what_it_consists_of() {
        let tags = [("hadr:tier", "business-critical")];
        let snapshot = samples::snapshot(vec![volume(&tags), app()]);
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let (_, context) = index.resource("arn:aws:resiliencehub:eu-west-1:123456789012:app/a").unwrap();
        assert_eq!(context.criticality, Criticality::BusinessCritical);
    }

    #[test]
    fn a_plan_promises_a_time_to_the_workload_of_its_name() {
        let (rto, source, _, implied, _) = of(vec![volume(&[("hadr:workload", "shop")]), plan()]);
        assert_eq!((rto, source.as_str()), (1800, "plan shop of Region switch"));
        assert_eq!(implied, "tier general");
    }
}
