//! Controls of frameworks in version 1: a section of each account's report, and a document of their own.

use schemars::JsonSchema;
use serde::Serialize;

use super::words::{ControlStatus, Framework};
use super::{Counts, PolicyResult, Scope, Tool};
use crate::finding::AccountAssessment;
use crate::report::control;
use crate::report::summary::Status;

/// Version of the document about controls.
pub const CONTROLS_SCHEMA_VERSION: u32 = 1;

/// What the policies say about the controls of frameworks, over all accounts together.
#[derive(JsonSchema, Serialize)]
pub(in crate::report::json) struct ControlReport<'a> {
    /// Version of the format.
    schema_version: u32,
    /// What wrote it.
    tool: Tool,
    /// The accounts, in the order in which they were given.
    accounts: Vec<JudgedAccount<'a>>,
    /// What became of each policy that was evaluated, by id, whether or not it is mapped to a control.
    policies: Vec<PolicyResult<'a>>,
    /// The frameworks that policies are mapped to.
    frameworks: Vec<FrameworkResult<'a>>,
}

/// An account that was judged.
#[derive(JsonSchema, Serialize)]
struct JudgedAccount<'a> {
    /// What was looked at.
    scope: Scope<'a>,
    /// When the scan began, in UTC: the "now" of every verdict.
    captured_at: String,
    /// Path of the snapshot.
    snapshot: &'a str,
}

/// The controls of one framework that policies are mapped to. What no policy looks at is not here.
#[derive(JsonSchema, Serialize)]
pub(super) struct FrameworkResult<'a> {
    /// The framework.
    framework: Framework,
    /// What people call it.
    title: &'static str,
    /// Edition of it that the ids are from.
    edition: &'static str,
    /// Number of its controls by result.
    summary: ByResult,
    /// Its controls, by id.
    controls: Vec<ControlResult<'a>>,
}

/// Number of controls by result.
#[derive(JsonSchema, Serialize)]
struct ByResult {
    fail: usize,
    inconclusive: usize,
    waived: usize,
    pass: usize,
    not_applicable: usize,
}

/// What became of one control.
#[derive(JsonSchema, Serialize)]
struct ControlResult<'a> {
    /// Id in the framework.
    id: &'a str,
    /// What became of it.
    result: ControlStatus,
    /// Number of subjects by verdict, over its policies: a subject of two of them counts twice.
    counts: Counts,
    /// Ids of the policies that are mapped to it.
    policies: Vec<&'a str>,
}

impl<'a> ControlReport<'a> {
    pub(in crate::report::json) fn of(controls: &control::Controls<'a>) -> Self {
        let assessment = controls.assessment;
        let account = |account: &'a AccountAssessment| JudgedAccount {
            scope: Scope::of(account),
            captured_at: account.captured_at.to_string(),
            snapshot: &account.snapshot,
        };
        let policy = |policy| PolicyResult::of(policy, assessment.counts(policy));
        Self {
            schema_version: CONTROLS_SCHEMA_VERSION,
            tool: Tool::this(),
            accounts: assessment.accounts.iter().map(account).collect(),
            policies: assessment.policies.iter().map(policy).collect(),
            frameworks: controls.frameworks.iter().map(FrameworkResult::from).collect(),
        }
    }
}

impl<'a> From<&control::FrameworkResult<'a>> for FrameworkResult<'a> {
    fn from(result: &control::FrameworkResult<'a>) -> Self {
        Self {
            framework: result.framework.into(),
            title: result.framework.title(),
            edition: result.framework.edition(),
            summary: ByResult {
                fail: result.number(Status::Violated),
                inconclusive: result.number(Status::Inconclusive),
                waived: result.number(Status::Waived),
                pass: result.number(Status::Passed),
                not_applicable: result.number(Status::NotApplicable),
            },
            controls: result.controls.iter().map(ControlResult::from).collect(),
        }
    }
}

impl<'a> From<&control::ControlResult<'a>> for ControlResult<'a> {
    fn from(control: &control::ControlResult<'a>) -> Self {
        Self {
            id: control.id,
            result: control.status().into(),
            counts: control.counts().into(),
            policies: control.policies.iter().map(|(policy, _)| policy.id.as_str()).collect(),
        }
    }
}
