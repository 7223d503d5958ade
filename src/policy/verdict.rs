//! From what a policy says to a verdict about each of its subjects, with the coverage taken into account.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::catalogue::Policy;
use super::engine::EvaluationError;
use super::metadata::SubjectType;
use super::output::{Output, Violation};
use super::severity::Severity;
use crate::index::{Criticality, Index};
use crate::snapshot::operation::{self, OPERATIONS, Operation, Reach};
use crate::snapshot::{Call, GLOBAL, Outcome, Snapshot};

/// What a policy concludes about a subject.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The subject has the bad pattern, once or in several ways.
    Violated {
        /// Each way.
        violations: Vec<Violation>,
        /// Severity for the criticality of the subject.
        severity: Severity,
    },
    /// It cannot be told.
    Inconclusive(Reason),
    /// The subject does not have the bad pattern.
    Satisfied,
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

/// Verdicts of a policy on an account, by the ARN of the subject.
pub type Verdicts = BTreeMap<String, Verdict>;

/// Calls of a snapshot, to look up what became of them.
pub struct Ledger<'a> {
    calls: HashMap<(&'a str, &'a str), &'a Call>,
    snapshot: &'a Snapshot,
}

impl<'a> Ledger<'a> {
    /// Indexes the coverage of a snapshot.
    pub fn of(snapshot: &'a Snapshot) -> Self {
        let calls = snapshot.coverage.iter().map(|call| {
            let operation = find(call).map_or(call.operation.as_str(), |operation| operation.name);
            ((operation, call.region.as_str()), call)
        });
        Self { calls: calls.collect(), snapshot }
    }

    /// Why an operation has no answer in a Region; `None` if it has. A Region that is disabled holds nothing,
    /// which is an answer.
    fn missing(&self, operation: &Operation, region: &str) -> Option<Reason> {
        let (outcome, code) = match self.calls.get(&(operation.name, region)) {
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
            (Reach::Resource, Place::Resource { gaps, region }) => {
                let id = operation.id();
                let gap = gaps.iter().find(|gap| gap.operation == id).map(|gap| Reason::Call {
                    operation: id,
                    region: (*region).to_owned(),
                    outcome: gap.outcome,
                    code: gap.code.clone(),
                });
                gap.or_else(|| self.missing(operation, region))
            }
            (Reach::Resource, Place::Region(region)) => self.missing(operation, region),
        }
    }
}

fn find(call: &Call) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.service == call.service && operation.name == call.operation)
}

/// Where a subject is, which decides what calls it depends on.
enum Place<'a> {
    Account,
    Region(&'a str),
    Resource { region: &'a str, gaps: &'a [crate::snapshot::Gap] },
}

/// Judges every subject of a policy on one account.
pub fn judge(
    policy: &Policy,
    output: &Result<Output, EvaluationError>,
    index: &Index<'_>,
    ledger: &Ledger<'_>,
) -> Verdicts {
    let custom = &policy.metadata.custom;
    let snapshot = ledger.snapshot;
    let required: Vec<&Operation> = custom.requires.iter().filter_map(|id| operation::find(id)).collect();
    let mut verdicts = unlisted(policy, ledger);
    let (subjects, output) = match output {
        Ok(output) => match stray(output) {
            None => (output.subjects.clone(), Ok(output)),
            Some(stray) => (candidates(policy, snapshot), Err(stray)),
        },
        Err(error) => (candidates(policy, snapshot), Err(error.to_string())),
    };
    let mut violations: BTreeMap<&str, Vec<Violation>> = BTreeMap::new();
    for violation in output.iter().flat_map(|output| &output.violations) {
        violations.entry(&violation.resource).or_default().push(violation.clone());
    }
    for subject in subjects {
        let place = place(&subject, index, snapshot);
        let criticality = index.context(&subject).map_or(Criticality::General, |context| context.criticality);
        let Some(severity) = custom.severity.of(criticality) else { continue };
        let blocked = required.iter().find_map(|operation| ledger.missing_for(operation, &place));
        let verdict = match (&output, blocked) {
            (Err(error), _) => Verdict::Inconclusive(Reason::Evaluation(error.clone())),
            (Ok(_), Some(reason)) => Verdict::Inconclusive(reason),
            (Ok(output), None) => match violations.remove(subject.as_str()) {
                Some(violations) => Verdict::Violated { violations, severity },
                None if output.unknowns.contains(&subject) => Verdict::Inconclusive(Reason::Undecided),
                None => Verdict::Satisfied,
            },
        };
        verdicts.insert(subject, verdict);
    }
    verdicts
}

/// Regions, or the account, in which the subjects of a policy could not be listed. Without them, a policy that
/// saw nothing would look as if there were nothing.
fn unlisted(policy: &Policy, ledger: &Ledger<'_>) -> Verdicts {
    let types = &policy.metadata.custom.resource_types;
    let lists =
        |operation: &&Operation| types.iter().any(|subject| operation.lists.contains(&subject.as_str()));
    let scope = &ledger.snapshot.scope;
    let mut verdicts = Verdicts::new();
    for operation in OPERATIONS.iter().filter(lists) {
        match operation.reach {
            Reach::Regional => {
                for region in &scope.regions {
                    if let Some(reason) = ledger.missing(operation, region) {
                        verdicts.insert(scope.region_arn(region), Verdict::Inconclusive(reason));
                    }
                }
            }
            Reach::Global | Reach::Resource => {
                if let Some(reason) = ledger.missing(operation, GLOBAL) {
                    verdicts.insert(scope.account_arn(), Verdict::Inconclusive(reason));
                }
            }
        }
    }
    verdicts
}

/// A violation or unknown that is not a subject: the policy breaks its contract, and none of its verdicts can be
/// trusted.
fn stray(output: &Output) -> Option<String> {
    let violated = output.violations.iter().map(|violation| &violation.resource);
    let stray = violated.chain(&output.unknowns).find(|arn| !output.subjects.contains(*arn))?;
    Some(format!("the policy judges {stray}, which is not one of its subjects"))
}

/// What a policy that gave nothing would have judged: every resource of its types, or else the account.
fn candidates(policy: &Policy, snapshot: &Snapshot) -> BTreeSet<String> {
    let types = &policy.metadata.custom.resource_types;
    let judged = |kind| types.contains(&SubjectType::Resource(kind));
    let resources: BTreeSet<String> = snapshot
        .resources
        .iter()
        .filter(|resource| judged(resource.kind))
        .map(|resource| resource.arn.clone())
        .collect();
    if resources.is_empty() { BTreeSet::from([snapshot.scope.account_arn()]) } else { resources }
}

fn place<'a>(subject: &str, index: &Index<'a>, snapshot: &'a Snapshot) -> Place<'a> {
    let scope = &snapshot.scope;
    match index.resource(subject) {
        Some(resource) => Place::Resource { region: &resource.region, gaps: &resource.gaps },
        None => match scope.regions.iter().find(|region| scope.region_arn(region) == subject) {
            Some(region) => Place::Region(region),
            None => Place::Account,
        },
    }
}
