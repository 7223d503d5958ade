//! The numbers at the end: findings by severity and policies by what became of them.

use std::collections::BTreeMap;

use crate::finding::{AccountAssessment, Assessment, Counts, EvaluatedPolicy};
use crate::policy::Severity;

/// What became of a policy, the first that applies to any of its subjects.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Status {
    /// Something has the bad pattern.
    Violated,
    /// Of something it cannot be told.
    Inconclusive,
    /// Something has the bad pattern, all of it waived.
    Waived,
    /// Nothing has it.
    Passed,
    /// It has no subject.
    NotApplicable,
}

impl Status {
    /// Status of a policy with these verdicts.
    pub(super) const fn of(counts: Counts) -> Self {
        match counts {
            Counts { violated: 1.., .. } => Self::Violated,
            Counts { inconclusive: 1.., .. } => Self::Inconclusive,
            Counts { waived: 1.., .. } => Self::Waived,
            Counts { satisfied: 1.., .. } => Self::Passed,
            _ => Self::NotApplicable,
        }
    }
}

/// Numbers about one or more accounts.
#[derive(Debug, Default)]
pub(super) struct Summary {
    /// Findings that are not waived, by severity.
    pub(super) findings: BTreeMap<Severity, usize>,
    /// Findings that are waived.
    pub(super) waived: usize,
    /// Verdicts that cannot be told.
    pub(super) inconclusive: usize,
    /// Policies by status.
    pub(super) policies: BTreeMap<Status, usize>,
}

impl Summary {
    /// Numbers of all accounts. A policy counts once, with the verdicts of all of them.
    pub(super) fn of_all(assessment: &Assessment) -> Self {
        Self::over(&assessment.policies, assessment.accounts.iter())
    }

    /// Numbers of one account.
    pub(super) fn of_account(policies: &[EvaluatedPolicy], account: &AccountAssessment) -> Self {
        Self::over(policies, std::iter::once(account))
    }

    /// Number of findings of a severity that are not waived.
    pub(super) fn findings(&self, severity: Severity) -> usize {
        self.findings.get(&severity).copied().unwrap_or_default()
    }

    /// Number of policies with a status.
    pub(super) fn policies(&self, status: Status) -> usize {
        self.policies.get(&status).copied().unwrap_or_default()
    }

    fn over<'a>(
        policies: &[EvaluatedPolicy],
        accounts: impl Iterator<Item = &'a AccountAssessment> + Clone,
    ) -> Self {
        let mut summary = Self::default();
        for account in accounts.clone() {
            summary.inconclusive += account.inconclusive.len();
            for finding in &account.findings {
                if finding.waiver.is_some() {
                    summary.waived += 1;
                } else {
                    *summary.findings.entry(finding.severity).or_default() += 1;
                }
            }
        }
        for policy in policies {
            let counts = accounts.clone().filter_map(|account| account.counts.get(&policy.id));
            let total: Counts = counts.copied().sum();
            *summary.policies.entry(Status::of(total)).or_default() += 1;
        }
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::Status;
    use crate::finding::Counts;

    #[test]
    fn the_worst_verdict_is_the_status() {
        let all = Counts { satisfied: 4, violated: 3, waived: 2, inconclusive: 1 };
        assert_eq!(Status::of(all), Status::Violated);
        assert_eq!(Status::of(Counts { violated: 0, ..all }), Status::Inconclusive);
        assert_eq!(Status::of(Counts { violated: 0, inconclusive: 0, ..all }), Status::Waived);
        assert_eq!(Status::of(Counts { satisfied: 1, ..Counts::default() }), Status::Passed);
        assert_eq!(Status::of(Counts::default()), Status::NotApplicable);
    }
}
