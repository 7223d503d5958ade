//! Version 1 of the JSON report.
//!
//! These types exist so that the program's own are never serialised: whoever reads reports would otherwise break
//! with every change inside. A field may be added here; one that is removed, renamed or given another meaning
//! makes a version 2 beside this file. Field docs become the schema's descriptions.

mod control;
mod finding;
mod words;

use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use crate::finding::{AccountAssessment, Assessment, EvaluatedPolicy};
use crate::policy;
use crate::report::{control as controls, summary};
use crate::snapshot;
use control::FrameworkResult;
use finding::{Call, Finding, Inconclusive};
use words::{Concern, Framework, Scenario, Severity, Status};

pub use control::CONTROLS_SCHEMA_VERSION;
pub(super) use control::ControlReport;

/// Version of the format that this program writes.
pub const SCHEMA_VERSION: u32 = 1;

/// What hadr-scan concluded about one or more accounts.
#[derive(JsonSchema, Serialize)]
pub(super) struct Report<'a> {
    /// Version of the format.
    schema_version: u32,
    /// What wrote it.
    tool: Tool,
    /// The policies that were evaluated, by id.
    policies: Each<'a, EvaluatedPolicy, Policy<'a>>,
    /// The accounts, in the order in which they were given.
    accounts: Vec<Account<'a>>,
}

/// The program that wrote a report.
#[derive(JsonSchema, Serialize)]
struct Tool {
    /// `hadr-scan`.
    name: &'static str,
    /// Version of it.
    version: &'static str,
}

impl Tool {
    const fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

impl<'a> Report<'a> {
    pub(super) fn of(assessment: &'a Assessment) -> Self {
        let account = |account| Account::of(&assessment.policies, account);
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::this(),
            policies: Each::of(&assessment.policies),
            accounts: assessment.accounts.iter().map(account).collect(),
        }
    }
}

/// A list whose elements are converted one by one while they are written: findings are not held twice.
struct Each<'a, S, T> {
    items: &'a [S],
    converted: PhantomData<fn() -> T>,
}

impl<'a, S, T> Each<'a, S, T> {
    const fn of(items: &'a [S]) -> Self {
        Self { items, converted: PhantomData }
    }
}

impl<'a, S, T: From<&'a S> + Serialize> Serialize for Each<'a, S, T> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.items.iter().map(T::from))
    }
}

impl<S, T: JsonSchema> JsonSchema for Each<'_, S, T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        Vec::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Vec::<T>::json_schema(generator)
    }
}

/// Metadata of a policy that was evaluated.
#[derive(JsonSchema, Serialize)]
struct Policy<'a> {
    /// Id, such as `rds-instance-single-az`.
    id: &'a str,
    /// The bad pattern, as a statement about the resource.
    title: &'a str,
    /// What kind of weakness it is.
    concern: Concern,
    /// Failures in which it hurts.
    scenarios: Vec<Scenario>,
    /// Severity for the criticality for which it is worst; `null` if it applies to none.
    worst_severity: Option<Severity>,
    /// Clauses of frameworks.
    controls: Vec<Control<'a>>,
    /// Pages of AWS's documentation.
    references: Vec<Reference<'a>>,
    /// Version of hadr-scan that had it first.
    since: &'a str,
}

/// Clauses of one framework.
#[derive(JsonSchema, Serialize)]
struct Control<'a> {
    /// The framework.
    framework: Framework,
    /// Edition of it that the ids are from.
    edition: &'static str,
    /// Ids of the clauses.
    ids: &'a [String],
}

/// A page of documentation.
#[derive(JsonSchema, Serialize)]
struct Reference<'a> {
    /// Title of the page.
    title: &'a str,
    /// Address; `https` only.
    url: &'a str,
}

impl<'a> From<&'a EvaluatedPolicy> for Policy<'a> {
    fn from(policy: &'a EvaluatedPolicy) -> Self {
        let metadata = &policy.metadata;
        let custom = &metadata.custom;
        let control = |(framework, ids): (&policy::Framework, &'a Vec<String>)| Control {
            framework: (*framework).into(),
            edition: framework.edition(),
            ids,
        };
        let reference =
            |page: &'a policy::RelatedResource| Reference { title: &page.description, url: &page.reference };
        Self {
            id: &policy.id,
            title: &metadata.title,
            concern: custom.concern.into(),
            scenarios: custom.scenarios.iter().map(|scenario| (*scenario).into()).collect(),
            worst_severity: custom.severity.worst().map(Severity::from),
            controls: custom.controls.iter().map(control).collect(),
            references: metadata.related_resources.iter().map(reference).collect(),
            since: &custom.since,
        }
    }
}

/// What was concluded about one account.
#[derive(JsonSchema, Serialize)]
struct Account<'a> {
    /// What was looked at.
    scope: Scope<'a>,
    /// When the scan began, in UTC: the "now" of every verdict.
    captured_at: String,
    /// Path of the snapshot that the lines of subjects are counted in.
    snapshot: &'a str,
    /// Number of resources in it.
    resources: usize,
    /// Numbers about what follows.
    summary: Summary,
    /// What became of each policy, in the order of `policies` above.
    policies: Vec<PolicyResult<'a>>,
    /// What that says about the controls of frameworks.
    controls: Vec<FrameworkResult<'a>>,
    /// Findings, the worst first, waived ones included.
    findings: Each<'a, crate::finding::Finding, Finding<'a>>,
    /// Verdicts that cannot be told, by policy and subject.
    inconclusive: Each<'a, crate::finding::Inconclusive, Inconclusive<'a>>,
    /// Calls that gave no answer. Calls about single resources are in `inconclusive` only.
    uncollected: Each<'a, snapshot::Call, Call<'a>>,
}

/// The account and its Regions.
#[derive(JsonSchema, Serialize)]
struct Scope<'a> {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    partition: &'a str,
    /// Twelve digits.
    account: &'a str,
    /// Alias of the account, if it has one and it could be read.
    alias: Option<&'a str>,
    /// Regions that were scanned.
    regions: &'a [String],
}

/// Numbers about an account.
#[derive(JsonSchema, Serialize)]
struct Summary {
    /// Findings by severity, without waived ones.
    findings: BySeverity,
    /// Findings that a waiver accepts.
    waived: usize,
    /// Verdicts that cannot be told.
    inconclusive: usize,
    /// Policies by status.
    policies: ByStatus,
}

/// Number of findings by severity.
#[derive(JsonSchema, Serialize)]
struct BySeverity {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

/// Number of policies by status.
#[derive(JsonSchema, Serialize)]
struct ByStatus {
    violated: usize,
    inconclusive: usize,
    waived: usize,
    passed: usize,
    not_applicable: usize,
}

/// What became of a policy on an account.
#[derive(JsonSchema, Serialize)]
struct PolicyResult<'a> {
    /// Id of the policy.
    id: &'a str,
    /// Title of the policy.
    title: &'a str,
    /// What became of it.
    status: Status,
    /// Number of subjects by verdict.
    counts: Counts,
}

/// Number of subjects by verdict.
#[derive(JsonSchema, Serialize)]
struct Counts {
    /// Subjects without the bad pattern.
    satisfied: usize,
    /// Subjects with it.
    violated: usize,
    /// Subjects with it, all of it waived.
    waived: usize,
    /// Subjects of which it cannot be told.
    inconclusive: usize,
}

impl<'a> Account<'a> {
    fn of(policies: &'a [EvaluatedPolicy], account: &'a AccountAssessment) -> Self {
        let result = |policy: &'a EvaluatedPolicy| {
            PolicyResult::of(policy, account.counts.get(&policy.id).copied().unwrap_or_default())
        };
        let controls = controls::results(policies, std::slice::from_ref(account));
        Self {
            scope: Scope::of(account),
            captured_at: account.captured_at.to_string(),
            snapshot: &account.snapshot,
            resources: account.resources,
            summary: Summary::of(&summary::Summary::of_account(policies, account)),
            policies: policies.iter().map(result).collect(),
            controls: controls.iter().map(FrameworkResult::from).collect(),
            findings: Each::of(&account.findings),
            inconclusive: Each::of(&account.inconclusive),
            uncollected: Each::of(&account.uncollected),
        }
    }
}

impl<'a> Scope<'a> {
    fn of(account: &'a AccountAssessment) -> Self {
        Self {
            partition: &account.partition,
            account: &account.account,
            alias: account.alias.as_deref(),
            regions: &account.regions,
        }
    }
}

impl<'a> PolicyResult<'a> {
    fn of(policy: &'a EvaluatedPolicy, counts: crate::finding::Counts) -> Self {
        Self {
            id: &policy.id,
            title: &policy.metadata.title,
            status: summary::Status::of(counts).into(),
            counts: counts.into(),
        }
    }
}

impl From<crate::finding::Counts> for Counts {
    fn from(counts: crate::finding::Counts) -> Self {
        let crate::finding::Counts { satisfied, violated, waived, inconclusive } = counts;
        Self { satisfied, violated, waived, inconclusive }
    }
}

impl Summary {
    fn of(summary: &summary::Summary) -> Self {
        use policy::Severity::{Critical, High, Info, Low, Medium};
        use summary::Status::{Inconclusive, NotApplicable, Passed, Violated, Waived};
        Self {
            findings: BySeverity {
                critical: summary.findings(Critical),
                high: summary.findings(High),
                medium: summary.findings(Medium),
                low: summary.findings(Low),
                info: summary.findings(Info),
            },
            waived: summary.waived,
            inconclusive: summary.inconclusive,
            policies: ByStatus {
                violated: summary.policies(Violated),
                inconclusive: summary.policies(Inconclusive),
                waived: summary.policies(Waived),
                passed: summary.policies(Passed),
                not_applicable: summary.policies(NotApplicable),
            },
        }
    }
}
