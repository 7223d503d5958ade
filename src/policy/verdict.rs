//! From what a policy says to a verdict about each of its subjects, with the coverage taken into account.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::catalogue::Policy;
use super::engine::EvaluationError;
use super::metadata::SubjectType;
use super::output::{Output, Violation};
use super::severity::Severity;
use crate::config::Environment;
use crate::index::{Criticality, Index};
use crate::snapshot::operation::{self, OPERATIONS, Operation, Reach};
use crate::snapshot::{Call, GLOBAL, Gap, Kind, Outcome, Resource, Snapshot};

/// What a policy concludes about one account. A subject that is satisfied is only counted: in a good account
/// nearly all of them are.
#[derive(Debug, Default)]
pub struct Judgement {
    /// Number of subjects without the bad pattern.
    pub satisfied: usize,
    /// The same by type, where controls of the policy are about some types only.
    pub satisfied_by_type: BTreeMap<&'static str, usize>,
    /// Subjects with it.
    pub violated: Vec<Violated>,
    /// Subjects of which it cannot be told, and why.
    pub inconclusive: Vec<(Arc<str>, Reason)>,
}

/// A subject that has the bad pattern, once or in several ways.
#[derive(Debug)]
pub struct Violated {
    /// Each way.
    pub violations: Vec<Violation>,
    /// Severity for the criticality of the subject.
    pub severity: Severity,
}

/// Why a verdict cannot be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A call that the policy requires gave no answer.
    Call {
        /// `service:Operation`.
        operation: String,
        /// Region of the call, or `global`.
        region: String,
        /// What became of it.
        outcome: Outcome,
        /// Error code of the API.
        code: Option<String>,
    },
    /// The policy says that the value which decides was not collected.
    Undecided,
    /// The policy could not be evaluated.
    Evaluation(String),
}

/// Calls of a snapshot, to look up what became of them.
pub struct Ledger<'a> {
    calls: FxHashMap<(&'a str, &'a str, &'a str), &'a Call>,
    /// Gaps of resources whose own listing failed, such as that of the record sets of a zone.
    unlisted: Vec<(&'a Resource, &'a Gap, &'static Operation)>,
    snapshot: &'a Snapshot,
}

impl<'a> Ledger<'a> {
    /// Indexes the coverage of a snapshot.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        let calls = snapshot.coverage.iter();
        let calls =
            calls.map(|call| ((call.service.as_str(), call.operation.as_str(), call.region.as_str()), call));
        let gaps = snapshot
            .resources
            .iter()
            .flat_map(|resource| resource.gaps.iter().map(move |gap| (resource, gap)));
        let unlisted = gaps.filter_map(|(resource, gap)| {
            let operation =
                operation::find(&gap.operation).filter(|operation| !operation.lists.is_empty())?;
            Some((resource, gap, operation))
        });
        Self { calls: calls.collect(), unlisted: unlisted.collect(), snapshot }
    }

    /// Why an operation has no answer in a Region; `None` if it has. A Region that is disabled holds nothing,
    /// which is an answer.
    fn missing(&self, operation: &Operation, region: &str) -> Option<Reason> {
        let (outcome, code) = match self.calls.get(&(operation.service, operation.name, region)) {
            Some(call) if matches!(call.outcome, Outcome::Collected | Outcome::RegionDisabled) => {
                return None;
            }
            Some(call) => (call.outcome, call.code.clone()),
            None => (Outcome::Skipped, None),
        };
        Some(Reason::Call { operation: operation.id(), region: region.to_owned(), outcome, code })
    }

    /// Why an operation has no answer for a subject.
    fn missing_for(&self, operation: &Operation, subject: &Place<'_>) -> Option<Reason> {
        let regions = || self.snapshot.scope.regions.iter();
        match (operation.reach, subject) {
            (Reach::Global, _) => self.missing(operation, GLOBAL),
            (Reach::Regional | Reach::Resource, Place::Account) => {
                regions().find_map(|region| self.missing(operation, region))
            }
            (Reach::Regional, Place::Resource { region: GLOBAL, .. }) => {
                // What spans Regions is listed in each of them: one answer suffices.
                let mut missing = regions().map(|region| self.missing(operation, region));
                let first = missing.next().flatten();
                if missing.any(|reason| reason.is_none()) { None } else { first }
            }
            (Reach::Regional, Place::Resource { region, .. } | Place::Region(region)) => {
                self.missing(operation, region)
            }
            (Reach::Resource, Place::Resource { gaps, region, .. }) => {
                let gap = gaps.iter().find(|gap| operation.is(&gap.operation));
                gap.map(|gap| gap_reason(gap, region)).or_else(|| self.missing(operation, region))
            }
            (Reach::Resource, Place::Region(region)) => self.missing(operation, region),
        }
    }
}

/// An operation that a policy requires.
struct Required {
    operation: &'static Operation,
    /// Whether it lists resources of a type that the policy is about.
    lists_subjects: bool,
}

impl Required {
    fn of(policy: &Policy) -> Vec<Self> {
        let custom = &policy.metadata.custom;
        let operations = custom.requires.iter().filter_map(|id| operation::find(id));
        let required = operations.map(|operation| {
            let lists_subjects =
                custom.resource_types.iter().any(|subject| operation.lists.contains(&subject.as_str()));
            Self { operation, lists_subjects }
        });
        required.collect()
    }
}

/// Where a subject is, which decides what calls it depends on.
enum Place<'a> {
    Account,
    Region(&'a str),
    Resource { kind: Kind, region: &'a str, gaps: &'a [Gap] },
}

impl Place<'_> {
    /// Buckets of every Region are listed, so that a copy can be found wherever it is; those of Regions that
    /// nobody asked to scan are not judged.
    fn in_scope(&self, snapshot: &Snapshot) -> bool {
        match self {
            Self::Resource { region, .. } => {
                *region == GLOBAL || snapshot.scope.regions.iter().any(|scanned| scanned == region)
            }
            Self::Account | Self::Region(_) => true,
        }
    }

    /// A policy about several types requires the listings of all of them; a resource needs only its own.
    fn needs(&self, Required { operation, lists_subjects }: &Required) -> bool {
        match self {
            Self::Resource { kind, .. } => !lists_subjects || operation.lists.contains(&kind.as_str()),
            Self::Account | Self::Region(_) => true,
        }
    }
}

/// Judges every subject of a policy on one account.
pub fn judge(
    policy: &Policy,
    output: Result<Output, EvaluationError>,
    index: &Index<'_>,
    ledger: &Ledger<'_>,
) -> Judgement {
    let custom = &policy.metadata.custom;
    let required = Required::of(policy);
    let mut judgement = Judgement { inconclusive: unlisted(policy, ledger), ..Judgement::default() };
    let output = output.and_then(|output| match stray(&output) {
        None => Ok(output),
        Some(stray) => Err(EvaluationError::contract(stray)),
    });
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            let reason = Reason::Evaluation(error.to_string());
            let subjects = candidates(policy, ledger.snapshot).into_iter();
            judgement.inconclusive.extend(subjects.map(|subject| (subject, reason.clone())));
            return judgement;
        }
    };
    let mut violations: FxHashMap<Arc<str>, Vec<Violation>> = FxHashMap::default();
    for violation in output.violations {
        violations.entry(Arc::clone(&violation.resource)).or_default().push(violation);
    }
    for subject in output.subjects {
        let (place, criticality, environment) = place(&subject, index, ledger.snapshot);
        if !place.in_scope(ledger.snapshot) || custom.exempt_environments.contains(&environment) {
            continue;
        }
        let Some(severity) = custom.severity.of(criticality) else { continue };
        let mut needed = required.iter().filter(|required| place.needs(required));
        if let Some(reason) = needed.find_map(|required| ledger.missing_for(required.operation, &place)) {
            judgement.inconclusive.push((subject, reason));
        } else if let Some(violations) = violations.remove(&subject) {
            judgement.violated.push(Violated { violations, severity });
        } else if output.unknowns.contains(&subject) {
            judgement.inconclusive.push((subject, Reason::Undecided));
        } else {
            judgement.satisfied += 1;
            if !custom.control_types.is_empty()
                && let Some((resource, _)) = index.resource(&subject)
            {
                *judgement.satisfied_by_type.entry(resource.kind.as_str()).or_default() += 1;
            }
        }
    }
    judgement
}

/// Regions, or the account, in which the subjects of a policy could not be listed. Without them, a policy that
/// saw nothing would look as if there were nothing.
fn unlisted(policy: &Policy, ledger: &Ledger<'_>) -> Vec<(Arc<str>, Reason)> {
    let types = &policy.metadata.custom.resource_types;
    let lists =
        |operation: &&Operation| types.iter().any(|subject| operation.lists.contains(&subject.as_str()));
    let scope = &ledger.snapshot.scope;
    let mut unlisted = BTreeMap::new();
    for operation in OPERATIONS.iter().filter(lists) {
        match operation.reach {
            Reach::Regional => {
                for region in &scope.regions {
                    if let Some(reason) = ledger.missing(operation, region) {
                        unlisted.insert(scope.region_arn(region).into(), reason);
                    }
                }
            }
            Reach::Global | Reach::Resource => {
                if let Some(reason) = ledger.missing(operation, GLOBAL) {
                    unlisted.insert(scope.account_arn().into(), reason);
                }
            }
        }
    }
    for (resource, gap, _) in ledger.unlisted.iter().filter(|(_, _, operation)| lists(operation)) {
        unlisted.entry(resource.arn.as_str().into()).or_insert_with(|| gap_reason(gap, &resource.region));
    }
    unlisted.into_iter().collect()
}

fn gap_reason(gap: &Gap, region: &str) -> Reason {
    Reason::Call {
        operation: gap.operation.clone(),
        region: region.to_owned(),
        outcome: gap.outcome,
        code: gap.code.clone(),
    }
}

/// A violation or unknown that is not a subject: the policy breaks its contract, and none of its verdicts can be
/// trusted.
fn stray(output: &Output) -> Option<String> {
    let violated = output.violations.iter().map(|violation| &violation.resource);
    let mut judged = violated.chain(&output.unknowns);
    let stray = judged.find(|arn| output.subjects.binary_search(arn).is_err())?;
    Some(format!("the policy judges {stray}, which is not one of its subjects"))
}

/// What a policy that gave nothing would have judged: every resource of its types, or else the account.
fn candidates(policy: &Policy, snapshot: &Snapshot) -> Vec<Arc<str>> {
    let types = &policy.metadata.custom.resource_types;
    let judged = |kind| types.contains(&SubjectType::Resource(kind));
    let resources = snapshot.resources.iter().filter(|resource| judged(resource.kind));
    let resources: Vec<Arc<str>> = resources.map(|resource| resource.arn.as_str().into()).collect();
    if resources.is_empty() { vec![snapshot.scope.account_arn().into()] } else { resources }
}

/// Where a subject is, how much it matters and what it serves.
fn place<'a>(
    subject: &str,
    index: &Index<'a>,
    snapshot: &'a Snapshot,
) -> (Place<'a>, Criticality, Environment) {
    if let Some((resource, context)) = index.resource(subject) {
        let place = Place::Resource { kind: resource.kind, region: &resource.region, gaps: &resource.gaps };
        return (place, context.criticality, context.environment.value);
    }
    if let Some(workload) = index.workload(subject) {
        return (Place::Account, workload.criticality, workload.environment.value);
    }
    // The account and its Regions have no tags that could say otherwise.
    let scope = &snapshot.scope;
    let place = scope.region_of(subject).map_or(Place::Account, Place::Region);
    (place, Criticality::General, Environment::Production)
}

#[cfg(test)]
mod tests {
    use super::{Ledger, judge};
    use crate::config::Config;
    use crate::index::Index;
    use crate::policy::{Catalogue, Output};
    use crate::snapshot::{Attributes, Kind, samples};

    /// A standby is not asked for a standby of its own, and for all else.
    #[test]
    fn a_policy_does_not_judge_the_environments_that_it_exempts() {
        let arn = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";
        let catalogue = Catalogue::embedded().unwrap();
        let judged = |policy: &str, env: &str| {
            let volume = Attributes::Volume(Box::default());
            let volume = samples::resource(Kind::Volume, arn, &[("env", env)], volume);
            let snapshot = samples::snapshot(vec![volume]);
            let config = Config::default();
            let index = Index::build(vec![&snapshot], &config);
            let output = Output { subjects: vec![arn.into()], ..Output::default() };
            let policy = catalogue.get(policy).unwrap();
            // No call was made, so that every subject is inconclusive.
            let judgement = judge(policy, Ok(output), &index, &Ledger::of(&snapshot));
            judgement.inconclusive.iter().any(|(subject, _)| **subject == *arn)
        };
        assert!(judged("ebs-no-copy-off-region", "prod"));
        assert!(!judged("ebs-no-copy-off-region", "dr"));
        assert!(judged("ebs-snapshot-stale", "dr"));
    }
}
