//! What a policy says about an account, before it is joined with metadata and coverage.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::policy::Severity;

/// Results of one policy on one account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// ARNs that were examined, sorted, each of them once.
    pub subjects: Vec<Arc<str>>,
    /// Violations, in the order of their JSON form.
    pub violations: Vec<Violation>,
    /// Subjects whose deciding value was not collected.
    pub unknowns: BTreeSet<Arc<str>>,
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
