//! What a policy says about an account, before it is joined with metadata and coverage.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::policy::Severity;

/// Results of one policy on one account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// ARNs that were examined, sorted, each of them once.
    pub subjects: Vec<Arc<str>>,
    /// Violations, by their resources, discriminators and messages, each of them once.
    pub violations: Vec<Violation>,
    /// Subjects whose deciding value was not collected.
    pub unknowns: BTreeSet<Arc<str>>,
}

impl Output {
    /// Adds what the policy says about other resources. What comes of it is to be put in order.
    pub(super) fn add(&mut self, mut other: Self) {
        self.subjects.append(&mut other.subjects);
        self.violations.append(&mut other.violations);
        self.unknowns.extend(other.unknowns);
    }

    /// The same with everything in its order and once.
    pub(super) fn in_order(mut self) -> Self {
        self.subjects.sort();
        self.subjects.dedup();
        self.violations.sort_by(Violation::order);
        self.violations.dedup();
        self
    }
}

/// A subject that has the bad pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The subject.
    pub resource: Arc<str>,
    /// One line that starts with the name of the resource and says the fact.
    pub message: String,
    /// The values that decided, by name.
    pub evidence: serde_json::Map<String, serde_json::Value>,
    /// Values for the placeholders of the remediation.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// Tells several violations of one policy by one resource apart.
    pub discriminator: Option<String>,
    /// Severity that this violation does not exceed, whatever the metadata says: the pattern is there, but
    /// something makes it less bad. A policy can only lower what its documentation promises.
    pub at_most: Option<Severity>,
}

impl Violation {
    fn order(&self, other: &Self) -> Ordering {
        let first = self.resource.cmp(&other.resource);
        let then = first.then_with(|| self.discriminator.cmp(&other.discriminator));
        then.then_with(|| self.message.cmp(&other.message)).then_with(|| {
            // Few are alike up to here, and the values have no order of their own.
            let rest = |violation: &Self| format!("{violation:?}");
            rest(self).cmp(&rest(other))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::{Output, Violation};

    fn violation(resource: &str, discriminator: Option<&str>, days: u8) -> Violation {
        Violation {
            resource: resource.into(),
            message: format!("{resource} is odd"),
            evidence: Map::from_iter([("days".to_owned(), json!(days))]),
            params: Map::new(),
            discriminator: discriminator.map(str::to_owned),
            at_most: None,
        }
    }

    fn output(subjects: &[&str], violations: Vec<Violation>, unknowns: &[&str]) -> Output {
        Output {
            subjects: subjects.iter().map(|arn| (*arn).into()).collect(),
            violations,
            unknowns: unknowns.iter().map(|arn| (*arn).into()).collect(),
        }
    }

    #[test]
    fn what_is_said_of_several_parts_is_said_once_and_in_one_order() {
        let b = [violation("b", None, 1), violation("b", None, 2)];
        let mut whole = output(&["b", "c"], vec![b[1].clone(), b[0].clone()], &["c"]);
        let a = [violation("a", Some("x"), 1), violation("a", Some("y"), 1)];
        whole.add(output(&["a", "b"], vec![a[1].clone(), b[1].clone(), a[0].clone()], &["a", "c"]));
        let violations = vec![a[0].clone(), a[1].clone(), b[0].clone(), b[1].clone()];
        assert_eq!(whole.in_order(), output(&["a", "b", "c"], violations, &["a", "c"]));
    }
}
