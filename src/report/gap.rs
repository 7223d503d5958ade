//! What could not be evaluated, gathered by cause: a denied call leaves thousands of verdicts open and is one
//! thing to repair.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::AccountAssessment;
use crate::index;
use crate::policy::Reason;
use crate::snapshot::{Outcome, operation};

/// Why verdicts are open. The order puts the same failure of one operation in several Regions side by side.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Cause<'a> {
    /// A call gave no answer, in a Region or about some resources there.
    Call {
        /// `service:Operation`.
        operation: String,
        /// What became of it.
        outcome: Outcome,
        /// Error code of the API.
        code: Option<&'a str>,
        /// Region, or `global`.
        region: &'a str,
    },
    /// The policy says that a value which decides was not collected.
    Undecided {
        /// The policy.
        policy: &'a str,
    },
    /// The policy could not be evaluated.
    Evaluation {
        /// The policy.
        policy: &'a str,
        /// Why.
        error: &'a str,
    },
}

/// What a cause leaves open.
#[derive(Debug, Default)]
pub(super) struct Open<'a> {
    /// Policies without a verdict about something.
    pub(super) policies: BTreeSet<&'a str>,
    /// Number of verdicts.
    pub(super) verdicts: usize,
    /// Whether it could have told of drills, restores or failovers, which decide about workloads.
    pub(super) tells_of_recoveries: bool,
}

impl Open<'_> {
    /// Such as `3 verdicts`.
    pub(super) fn verdicts(&self) -> String {
        counted(self.verdicts, "verdict", "verdicts")
    }

    /// Such as `3 verdicts of 2 policies`.
    pub(super) fn describe(&self) -> String {
        let mut policies = self.policies.iter();
        match (policies.next(), policies.next()) {
            (None, _) if self.tells_of_recoveries => "drills may have been missed".to_owned(),
            (None, _) => "no verdict hangs on it alone".to_owned(),
            (Some(policy), None) => format!("{} of {policy}", self.verdicts()),
            _ => format!("{} of {} policies", self.verdicts(), self.policies.len()),
        }
    }
}

/// A number with its noun.
pub(super) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// What could not be evaluated on an account, and every call without an answer even if nothing depends on it.
pub(super) fn gaps(account: &AccountAssessment) -> BTreeMap<Cause<'_>, Open<'_>> {
    let mut gaps: BTreeMap<Cause<'_>, Open<'_>> = BTreeMap::new();
    for call in &account.uncollected {
        let cause = Cause::Call {
            operation: call.id(),
            outcome: call.outcome,
            code: call.code.as_deref(),
            region: &call.region,
        };
        gaps.entry(cause).or_default().tells_of_recoveries = index::tells_of_recoveries(&call.id());
    }
    for inconclusive in &account.inconclusive {
        let policy = inconclusive.policy.as_str();
        let cause = match &inconclusive.reason {
            Reason::Call { operation, region, outcome, code } => {
                Cause::Call { operation: operation.clone(), outcome: *outcome, code: code.as_deref(), region }
            }
            Reason::Undecided => Cause::Undecided { policy },
            Reason::Evaluation(error) => Cause::Evaluation { policy, error },
        };
        let open = gaps.entry(cause).or_default();
        open.policies.insert(policy);
        open.verdicts += 1;
    }
    gaps
}

/// A call by its name, and where it was denied and IAM has another name for it, with that.
pub(super) fn named(operation: &str, outcome: Outcome) -> String {
    let action = operation::find(operation).and_then(operation::Operation::permission);
    match action.filter(|action| outcome == Outcome::Denied && action != operation) {
        Some(action) => format!("{operation} (IAM action {action})"),
        None => operation.to_owned(),
    }
}

/// What became of a call, after `was`.
pub(super) const fn past(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Collected => "answered",
        Outcome::Denied => "denied",
        Outcome::Throttled => "throttled",
        Outcome::Failed => "not answered",
        Outcome::Unsupported => "not supported",
        Outcome::RegionDisabled | Outcome::Skipped => "not made",
    }
}
