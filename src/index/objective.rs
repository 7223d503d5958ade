//! Objectives: how long something may be away, how much of its data may be lost, and who said so.

use std::collections::BTreeMap;

use serde::Serialize;

use super::context::Attributed;
use super::workload::Workload;
use crate::config::{self, Config, Seconds, Strategy, Tier};
use crate::snapshot::Resource;

/// What can be promised.
#[derive(Clone, Copy, Debug)]
pub(super) enum Aspect {
    /// The longest time without service.
    Rto,
    /// The longest time of writes that may be lost.
    Rpo,
}

impl Aspect {
    /// Tags that say it, the most specific first.
    fn tags(self) -> [&'static str; 3] {
        match self {
            Self::Rto => ["hadr:rto", "rto", "RTO"],
            Self::Rpo => ["hadr:rpo", "rpo", "RPO"],
        }
    }

    /// What a tag of the resource says.
    fn tagged(self, resource: &Resource) -> Option<(&'static str, &str)> {
        self.tags().into_iter().find_map(|tag| Some((tag, resource.tag(tag)?)))
    }

    /// What a tier is promised.
    pub(super) fn of_tier(self, tier: Tier, config: &Config) -> Attributed<u64> {
        let seconds = config.tiers.get(&tier).map_or(0, |promised| match self {
            Self::Rto => promised.rto.0,
            Self::Rpo => promised.rpo.0,
        });
        Attributed::new(seconds, format!("tier {}", tier.as_str()))
    }

    /// What the configuration says of a workload.
    pub(super) fn written(self, workload: &config::Workload) -> Option<Attributed<u64>> {
        let seconds = match self {
            Self::Rto => workload.rto?,
            Self::Rpo => workload.rpo?,
        };
        Some(Attributed::new(seconds.0, format!("workload {} in the configuration", workload.name)))
    }

    /// What the tags of some resources say, each value once, with the first resource that says it.
    pub(super) fn declared<'r>(self, resources: impl Iterator<Item = &'r Resource>) -> Vec<Attributed<u64>> {
        let mut values: BTreeMap<u64, String> = BTreeMap::new();
        for resource in resources {
            let Some((tag, text)) = self.tagged(resource) else { continue };
            if let Ok(seconds) = text.parse::<Seconds>() {
                values.entry(seconds.0).or_insert_with(|| format!("tag {tag} of {}", resource.name));
            }
        }
        values.into_iter().map(|(value, source)| Attributed::new(value, source)).collect()
    }

    /// What is promised for a resource of a tier: by its workload in the configuration, by a tag of its own, by what else
    /// is said of its workload, or by the tier.
    pub(super) fn of_resource(
        self,
        tagged: &Resource,
        tier: Tier,
        workload: Option<&Workload<'_>>,
        config: &Config,
    ) -> Attributed<u64> {
        let configured = workload
            .and_then(|workload| config.workloads.iter().find(|configured| configured.name == workload.name));
        let by_tag = || {
            let (tag, text) = self.tagged(tagged)?;
            Some(Attributed::new(text.parse::<Seconds>().ok()?.0, format!("tag {tag}")))
        };
        let by_workload = || {
            let workload = workload?;
            let objective = match self {
                Self::Rto => &workload.rto,
                Self::Rpo => &workload.rpo,
            };
            let source = || format!("workload {}, {}", workload.name, objective.source);
            (!objective.implied).then(|| Attributed::new(objective.value, source()))
        };
        configured
            .and_then(|configured| self.written(configured))
            .or_else(by_tag)
            .or_else(by_workload)
            .unwrap_or_else(|| self.of_tier(tier, config))
    }
}

/// What was promised for a workload, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Objective {
    /// The value in effect, in seconds.
    pub value: u64,
    /// Where it came from.
    pub source: String,
    /// Whether it is that of the tier, because nothing says more.
    pub implied: bool,
    /// Everything that was said, if not all of it is the same.
    pub differing: Vec<Attributed<u64>>,
}

impl Objective {
    /// The configuration comes first, then the strictest tag, then what services were told, then the tier.
    pub(super) fn of(
        written: Option<Attributed<u64>>,
        tagged: Vec<Attributed<u64>>,
        told: Vec<Attributed<u64>>,
        implied: Attributed<u64>,
    ) -> Self {
        let said: Vec<Attributed<u64>> = written.iter().chain(&tagged).chain(&told).cloned().collect();
        let strictest = tagged.into_iter().min_by_key(|objective| objective.value);
        let is_implied = said.is_empty();
        let in_effect = written.or(strictest).or_else(|| told.into_iter().next());
        let Attributed { value, source } = in_effect.unwrap_or(implied);
        let differs = said.iter().any(|other| other.value != value);
        Self {
            value,
            source: source.into_owned(),
            implied: is_implied,
            differing: if differs { said } else { Vec::new() },
        }
    }

    /// The value in effect with where it came from.
    pub(super) fn in_effect(&self) -> Attributed<u64> {
        Attributed::new(self.value, self.source.clone())
    }
}

/// A tag whose value says nothing.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct UnreadableTag<'a> {
    /// ARN of the resource.
    pub resource: &'a str,
    /// Key.
    pub tag: &'static str,
    /// Value.
    pub value: &'a str,
    /// What could be read instead.
    pub expected: &'static str,
}

/// Tags of a resource that say an objective, a tier or a strategy in words that cannot be read.
pub(super) fn unreadable(resource: &Resource) -> Vec<UnreadableTag<'_>> {
    let wrong = |tag, value, expected| UnreadableTag { resource: &resource.arn, tag, value, expected };
    let objectives = [Aspect::Rto, Aspect::Rpo].into_iter().filter_map(|aspect| {
        let (tag, text) = aspect.tagged(resource)?;
        text.parse::<Seconds>()
            .is_err()
            .then(|| wrong(tag, text, "no duration such as 15m, 4h, 3600s or PT1H"))
    });
    let tier = resource.tag("hadr:tier").filter(|text| text.parse::<Tier>().is_err());
    let tier =
        tier.map(|text| wrong("hadr:tier", text, "none of mission-critical, business-critical, general"));
    let strategy = resource.tag("hadr:strategy").filter(|text| text.parse::<Strategy>().is_err());
    let strategy = strategy.map(|text| {
        let expected = "none of backup-and-restore, pilot-light, warm-standby, multi-site";
        wrong("hadr:strategy", text, expected)
    });
    objectives.chain(tier).chain(strategy).collect()
}
