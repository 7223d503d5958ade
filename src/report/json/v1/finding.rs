//! Findings, open verdicts and calls of version 1.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::words::{Environment, Outcome, Risk, Role, Severity, Tier};
use crate::finding;
use crate::index::Attributed;
use crate::policy;
use crate::snapshot::{self, operation};

/// A bad pattern that something in the account has.
#[derive(JsonSchema, Serialize)]
pub(super) struct Finding<'a> {
    /// Identity, 64 hexadecimal digits. It outlives rewording, other severities and new versions.
    id: &'a str,
    /// Id of the policy.
    policy: &'a str,
    /// How bad it is here.
    severity: Severity,
    /// What it is about.
    subject: Subject<'a>,
    /// Workload of the subject; its value is `null` if nothing names one.
    workload: Sourced<'a, Option<&'a str>>,
    /// Tier of the subject.
    tier: Sourced<'a, Tier>,
    /// Environment of the subject.
    environment: Sourced<'a, Environment>,
    /// What the data of the subject is to its workload.
    role: Sourced<'a, Role>,
    /// Seconds that the subject may be away; `null` for the account and its Regions.
    rto: Option<Sourced<'a, u64>>,
    /// Seconds of its data that may be lost; `null` for the account and its Regions.
    rpo: Option<Sourced<'a, u64>>,
    /// One line that starts with the name of the subject.
    message: &'a str,
    /// The values that decided, by name.
    evidence: &'a Map<String, Value>,
    /// Steps that mend it, in order. There are none where what made the subject would undo them.
    remediation: Vec<Step<'a>>,
    /// What made the subject and has to be changed; `null` if its tags do not tell.
    managed_by: Option<Manager<'a>>,
    /// The waiver that accepts it; `null` if none does.
    waiver: Option<Waiver<'a>>,
}

/// A template or controller that a resource belongs to.
#[derive(JsonSchema, Serialize)]
struct Manager<'a> {
    /// What it is, such as `the CloudFormation stack shop`.
    name: &'a str,
    /// Whether it undoes changes that others make.
    undoes_changes: bool,
}

/// A resource, the account or a Region of it.
#[derive(JsonSchema, Serialize)]
struct Subject<'a> {
    /// ARN.
    arn: &'a str,
    /// Name.
    name: &'a str,
    /// CloudFormation type, or `AWS::Account`, `AWS::Region` or `Workload`.
    #[serde(rename = "type")]
    kind: &'a str,
    /// Region, or `global`.
    region: &'a str,
    /// Line of the snapshot, counted from 1.
    line: u32,
}

/// A value with where it came from.
#[derive(JsonSchema, Serialize)]
struct Sourced<'a, T> {
    /// The value.
    value: T,
    /// Such as `tag hadr:tier`, `workload orders in the configuration` or `default`.
    source: &'a str,
}

/// A step that mends a finding, or a part of it.
#[derive(JsonSchema, Serialize)]
struct Step<'a> {
    /// What to run.
    command: Command,
    /// What it does, and what else happens.
    effect: &'a str,
    /// How careful one has to be.
    risk: Risk,
    /// What takes it back; `null` if nothing does.
    undo: Option<Command>,
    /// What shows that it worked.
    verify: Command,
    /// What it costs, in words.
    cost: &'a str,
}

/// A command as an argument list.
#[derive(JsonSchema, Serialize)]
struct Command {
    /// Program and arguments; `null` if the command is refused.
    argv: Option<Vec<String>>,
    /// The same as one line for a POSIX shell.
    shell: Option<String>,
    /// Whether it can be run as it is.
    complete: bool,
    /// Placeholders that a person has to fill first, such as `inputs.dr_region`.
    missing: Vec<String>,
    /// Why there is no command; `null` if there is one.
    refused: Option<String>,
}

/// A waiver that applies.
#[derive(JsonSchema, Serialize)]
struct Waiver<'a> {
    /// Why the risk is accepted.
    reason: &'a str,
    /// Who accepts it.
    owner: &'a str,
    /// Last day on which it applies, in UTC.
    expires: &'a str,
}

/// A verdict that cannot be told.
#[derive(JsonSchema, Serialize)]
pub(super) struct Inconclusive<'a> {
    /// Id of the policy.
    policy: &'a str,
    /// What it is about.
    subject: Subject<'a>,
    /// Why.
    reason: Reason<'a>,
}

/// Why a verdict cannot be told.
#[derive(JsonSchema, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Reason<'a> {
    /// A call that the policy requires gave no answer.
    Call {
        /// `service:Operation`.
        operation: &'a str,
        /// Region, or `global`.
        region: &'a str,
        /// What became of it.
        outcome: Outcome,
        /// Error code of the API, if it gave one.
        code: Option<&'a str>,
    },
    /// The value which decides was not collected.
    Undecided,
    /// The policy could not be evaluated.
    Evaluation {
        /// Why.
        error: &'a str,
    },
}

/// A call that gave no answer.
#[derive(JsonSchema, Serialize)]
pub(super) struct Call<'a> {
    /// `service:Operation`.
    operation: String,
    /// The IAM action that it needs, as `prefix:Action`; `null` where none is needed.
    permission: Option<String>,
    /// Region, or `global`.
    region: &'a str,
    /// What became of it.
    outcome: Outcome,
    /// Error code of the API, if it gave one.
    code: Option<&'a str>,
}

impl<'a> From<&'a finding::Finding> for Finding<'a> {
    fn from(finding: &'a finding::Finding) -> Self {
        let context = &finding.context;
        Self {
            id: &finding.id,
            policy: &finding.policy,
            severity: finding.severity.into(),
            subject: (&finding.subject).into(),
            workload: sourced(&context.workload, |name| name.as_deref()),
            tier: sourced(&context.tier, |tier| (*tier).into()),
            environment: sourced(&context.environment, |environment| (*environment).into()),
            role: sourced(&context.role, |role| (*role).into()),
            rto: context.rto.as_ref().map(|rto| sourced(rto, |seconds| *seconds)),
            rpo: context.rpo.as_ref().map(|rpo| sourced(rpo, |seconds| *seconds)),
            message: &finding.message,
            evidence: &finding.evidence,
            remediation: finding.remediation().map(Step::from).collect(),
            managed_by: finding
                .managed_by
                .as_ref()
                .map(|manager| Manager { name: &manager.name, undoes_changes: manager.undoes_changes }),
            waiver: finding.waiver.as_ref().map(|waiver| Waiver {
                reason: &waiver.reason,
                owner: &waiver.owner,
                expires: &waiver.expires,
            }),
        }
    }
}

fn sourced<'a, S, T>(attributed: &'a Attributed<S>, value: impl Fn(&'a S) -> T) -> Sourced<'a, T> {
    Sourced { value: value(&attributed.value), source: &attributed.source }
}

impl<'a> From<&'a finding::Subject> for Subject<'a> {
    fn from(subject: &'a finding::Subject) -> Self {
        let finding::Subject { arn, name, kind, region, line } = subject;
        Self { arn, name, kind, region, line: *line }
    }
}

impl<'a> From<finding::RemediationStep<'a>> for Step<'a> {
    fn from(step: finding::RemediationStep<'a>) -> Self {
        Self {
            command: step.command().into(),
            effect: step.effect(),
            risk: step.risk().into(),
            undo: step.undo().map(Command::from),
            verify: step.verify().into(),
            cost: step.cost(),
        }
    }
}

impl From<finding::Command> for Command {
    fn from(command: finding::Command) -> Self {
        let shell = command.shell();
        let (argv, complete, missing, refused) = match command {
            finding::Command::Complete { argv } => (Some(argv), true, Vec::new(), None),
            finding::Command::Incomplete { argv, missing } => (Some(argv), false, missing, None),
            finding::Command::Refused { reason } => (None, false, Vec::new(), Some(reason)),
        };
        Self { argv, shell, complete, missing, refused }
    }
}

impl<'a> From<&'a finding::Inconclusive> for Inconclusive<'a> {
    fn from(inconclusive: &'a finding::Inconclusive) -> Self {
        let reason = match &inconclusive.reason {
            policy::Reason::Call { operation, region, outcome, code } => {
                Reason::Call { operation, region, outcome: (*outcome).into(), code: code.as_deref() }
            }
            policy::Reason::Undecided => Reason::Undecided,
            policy::Reason::Evaluation(error) => Reason::Evaluation { error },
        };
        Self { policy: &inconclusive.policy, subject: (&inconclusive.subject).into(), reason }
    }
}

impl<'a> From<&'a snapshot::Call> for Call<'a> {
    fn from(call: &'a snapshot::Call) -> Self {
        Self {
            operation: call.id(),
            permission: operation::find(&call.id()).and_then(operation::Operation::permission),
            region: &call.region,
            outcome: call.outcome.into(),
            code: call.code.as_deref(),
        }
    }
}
