//! What the policies say about the controls of frameworks, from the assessment alone.
//!
//! A control is as good as the worst of the policies that are mapped to it. What no policy looks at is not here: no
//! result says that a framework is met.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::summary::Status;
use super::{Options, json, table};
use crate::finding::{AccountAssessment, Assessment, Counts, EvaluatedPolicy};
use crate::policy::{Framework, natural_order};

/// What accounts, judged together, say about the controls of frameworks.
pub struct Controls<'a> {
    pub(super) assessment: &'a Assessment,
    pub(super) frameworks: Vec<FrameworkResult<'a>>,
}

/// The controls of one framework that policies are mapped to.
#[derive(Debug)]
pub(super) struct FrameworkResult<'a> {
    pub(super) framework: Framework,
    /// Controls, by id.
    pub(super) controls: Vec<ControlResult<'a>>,
}

/// What became of one control.
#[derive(Debug)]
pub(super) struct ControlResult<'a> {
    /// Id in the framework.
    pub(super) id: &'a str,
    /// Policies that are mapped to it, by id, each with its verdicts.
    pub(super) policies: Vec<(&'a EvaluatedPolicy, Counts)>,
}

impl ControlResult<'_> {
    /// Number of verdicts: what two of its policies judge counts twice.
    pub(super) fn counts(&self) -> Counts {
        self.policies.iter().map(|(_, counts)| *counts).sum()
    }

    pub(super) fn status(&self) -> Status {
        Status::of(self.counts())
    }
}

impl FrameworkResult<'_> {
    /// Number of controls with a status.
    pub(super) fn number(&self, status: Status) -> usize {
        self.controls.iter().filter(|control| control.status() == status).count()
    }
}

impl<'a> Controls<'a> {
    /// The controls of these frameworks, or of all where none is named.
    pub fn of(assessment: &'a Assessment, only: &[Framework]) -> Self {
        let mut frameworks = results(&assessment.policies, &assessment.accounts);
        frameworks.retain(|result| only.is_empty() || only.contains(&result.framework));
        Self { assessment, frameworks }
    }

    /// Whether a control fails: something violates one of its policies, and nobody has accepted that.
    pub fn any_fails(&self) -> bool {
        self.any(Status::Violated)
    }

    /// Whether every control could be evaluated where it does not fail anyway.
    pub fn is_complete(&self) -> bool {
        !self.any(Status::Inconclusive)
    }

    fn any(&self, status: Status) -> bool {
        self.frameworks.iter().any(|framework| framework.number(status) > 0)
    }

    /// Writes them for a person.
    pub fn write_table(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        table::controls(self, *options, out)
    }

    /// Writes them for programs, in the format that [`controls_schema`](super::controls_schema) describes.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        json::controls(self, out)
    }
}

/// The frameworks that the policies name, with the verdicts of these accounts.
pub(super) fn results<'a>(
    policies: &'a [EvaluatedPolicy],
    accounts: &[AccountAssessment],
) -> Vec<FrameworkResult<'a>> {
    let mut frameworks: BTreeMap<Framework, BTreeMap<&str, Vec<_>>> = BTreeMap::new();
    for policy in policies {
        let counts = Counts::of(policy, accounts);
        for (framework, ids) in &policy.metadata.custom.controls {
            let controls = frameworks.entry(*framework).or_default();
            for id in ids {
                let types = policy.metadata.custom.control_types.get(id);
                let counts = types.map_or(counts, |types| Counts::of_types(policy, types, accounts));
                controls.entry(id).or_default().push((policy, counts));
            }
        }
    }
    let result = |(framework, controls): (Framework, BTreeMap<&'a str, Vec<_>>)| {
        let control = |(id, policies)| ControlResult { id, policies };
        let mut controls: Vec<ControlResult<'a>> = controls.into_iter().map(control).collect();
        controls.sort_by_cached_key(|control| natural_order(control.id));
        FrameworkResult { framework, controls }
    };
    frameworks.into_iter().map(result).collect()
}

#[cfg(test)]
mod tests {
    use super::{FrameworkResult, Status, results};
    use crate::finding::{AccountAssessment, Counts, EvaluatedPolicy};
    use std::collections::{BTreeMap, BTreeSet};

    use crate::policy::{Catalogue, Framework, SubjectType};
    use crate::snapshot::Kind;

    const NONE: Counts = Counts { satisfied: 0, violated: 0, waived: 0, inconclusive: 0 };

    /// Policies `a`, `b` and so on, each with controls of DORA.
    fn policies(controls: &[&[&str]]) -> Vec<EvaluatedPolicy> {
        let catalogue = Catalogue::embedded().unwrap();
        let metadata = &catalogue.require("rds-instance-single-az").unwrap().metadata;
        let policy = |(name, ids): (char, &&[&str])| {
            let mut metadata = metadata.clone();
            let ids = ids.iter().map(|id| (*id).to_owned()).collect();
            metadata.custom.controls = [(Framework::Dora, ids)].into();
            EvaluatedPolicy { id: name.to_string(), metadata }
        };
        ('a'..).zip(controls).map(policy).collect()
    }

    fn account(counts: &[(&str, Counts)]) -> AccountAssessment {
        AccountAssessment {
            partition: "aws".to_owned(),
            account: "123456789012".to_owned(),
            alias: None,
            regions: Vec::new(),
            captured_at: "2026-11-22T03:00:00Z".parse().unwrap(),
            snapshot: "snapshot.json".to_owned(),
            resources: 0,
            findings: Vec::new(),
            inconclusive: Vec::new(),
            counts: counts.iter().map(|(policy, counts)| ((*policy).to_owned(), *counts)).collect(),
            counts_by_type: BTreeMap::new(),
            uncollected: Vec::new(),
            waivers: BTreeSet::new(),
        }
    }

    fn statuses(frameworks: &[FrameworkResult<'_>]) -> Vec<(String, Status)> {
        let controls = frameworks.iter().flat_map(|framework| &framework.controls);
        controls.map(|control| (control.id.to_owned(), control.status())).collect()
    }

    #[test]
    fn the_worst_of_its_policies_decides_about_a_control() {
        let policies = policies(&[&["9(3)", "12(1)"], &["12(1)", "12(3)"], &["10(1)", "12(3)"], &["11(5)"]]);
        let accounts = [account(&[
            ("a", Counts { satisfied: 2, ..NONE }),
            ("b", Counts { satisfied: 1, waived: 1, ..NONE }),
            ("c", Counts { inconclusive: 1, waived: 1, ..NONE }),
            ("d", NONE),
        ])];
        let expected = [
            ("9(3)", Status::Passed),
            ("10(1)", Status::Inconclusive),
            ("11(5)", Status::NotApplicable),
            ("12(1)", Status::Waived),
            ("12(3)", Status::Inconclusive),
        ]
        .map(|(id, status)| (id.to_owned(), status));
        assert_eq!(statuses(&results(&policies, &accounts)), expected);
    }

    /// A volume in no plan says nothing about the control that asks for plans of file systems.
    #[test]
    fn a_control_about_one_type_has_the_verdicts_of_that_type() {
        let mut policies = policies(&[&["12(1)", "12(3)"]]);
        let types = vec![SubjectType::Resource(Kind::FileSystem)];
        policies[0].metadata.custom.control_types = [("12(3)".to_owned(), types)].into();
        let mut account = account(&[("a", Counts { satisfied: 1, violated: 2, ..NONE })]);
        let of_file_systems = Counts { satisfied: 1, ..NONE };
        account.counts_by_type =
            [("a".to_owned(), [("AWS::EFS::FileSystem", of_file_systems)].into())].into();
        let expected = [("12(1)", Status::Violated), ("12(3)", Status::Passed)];
        let expected = expected.map(|(id, status)| (id.to_owned(), status));
        assert_eq!(statuses(&results(&policies, &[account])), expected);
    }

    #[test]
    fn verdicts_of_all_policies_and_accounts_are_counted() {
        let policies = policies(&[&["12(1)"], &["12(1)"]]);
        let accounts = [
            account(&[
                ("a", Counts { satisfied: 2, violated: 1, ..NONE }),
                ("b", Counts { waived: 3, ..NONE }),
            ]),
            account(&[("a", Counts { satisfied: 4, ..NONE })]),
        ];
        let frameworks = results(&policies, &accounts);
        let [framework] = frameworks.as_slice() else { panic!("one framework: {frameworks:?}") };
        let [control] = framework.controls.as_slice() else { panic!("one control: {framework:?}") };
        assert_eq!(control.counts(), Counts { satisfied: 6, violated: 1, waived: 3, inconclusive: 0 });
        assert_eq!(framework.number(Status::Violated), 1);
        let ids: Vec<&str> = control.policies.iter().map(|(policy, _)| policy.id.as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
    }
}
