//! Findings: verdict + metadata + criticality. The [`Assessment`] is all that reports see.

mod fingerprint;
mod manager;
mod remediation;
mod waiver;

use std::collections::{BTreeMap, BTreeSet};
use std::iter::Sum;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::config::Config;
use crate::index::{Context, Index, Workload};
use crate::policy::{
    Catalogue, Document, Engine, Judgement, Ledger, Metadata, Policy, Reason, Severity, SubjectType,
    Violated, Violation, judge,
};
use crate::snapshot::{Call, GLOBAL, Located, Outcome, Resource, Timestamp};

pub use manager::Manager;
use remediation::{AccountValues, Remediation};
pub use remediation::{Command, RemediationStep};
pub use waiver::AppliedWaiver;

/// Everything that was concluded about one or more accounts.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// The policies that were evaluated, by id.
    pub policies: Vec<EvaluatedPolicy>,
    /// The accounts, in the order of the snapshots.
    pub accounts: Vec<AccountAssessment>,
}

impl Assessment {
    /// Findings of a severity that nobody has accepted.
    pub fn open_findings(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        let findings = self.accounts.iter().flat_map(|account| &account.findings);
        findings.filter(move |finding| finding.severity == severity && finding.waiver.is_none())
    }

    /// The worst severity of the findings that nobody has accepted.
    pub fn worst(&self) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| self.open_findings(*severity).next().is_some())
    }

    /// Number of subjects of a policy by verdict, over all accounts.
    pub fn counts(&self, policy: &EvaluatedPolicy) -> Counts {
        Counts::of(policy, &self.accounts)
    }

    /// Whether everything could be evaluated.
    pub fn is_complete(&self) -> bool {
        self.accounts.iter().all(|account| account.inconclusive.is_empty())
    }
}

/// A policy that was evaluated.
#[derive(Clone, Debug)]
pub struct EvaluatedPolicy {
    /// Id.
    pub id: String,
    /// Metadata.
    pub metadata: Metadata,
}

/// What was concluded about one account.
#[derive(Clone, Debug)]
pub struct AccountAssessment {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: String,
    /// Twelve digits.
    pub account: String,
    /// Alias of the account, if it is known.
    pub alias: Option<String>,
    /// Regions that were scanned.
    pub regions: Vec<String>,
    /// When it was captured.
    pub captured_at: Timestamp,
    /// Path of the snapshot with `/`, as findings point at it.
    pub snapshot: String,
    /// Number of resources in it.
    pub resources: usize,
    /// Findings, the worst first, waived ones included.
    pub findings: Vec<Finding>,
    /// Verdicts that cannot be told, by policy and subject.
    pub inconclusive: Vec<Inconclusive>,
    /// Number of subjects by verdict, for each policy in order.
    pub counts: BTreeMap<String, Counts>,
    /// The same by type, for policies of which a control is about some types only. What could not be listed counts for
    /// every type.
    pub counts_by_type: BTreeMap<String, BTreeMap<&'static str, Counts>>,
    /// Calls that gave no answer.
    pub uncollected: Vec<Call>,
    /// Waivers, by their places in the configuration, that match a subject of their policy, or may match one that could
    /// not be listed.
    pub waivers: BTreeSet<usize>,
}

/// Number of subjects of a policy by verdict. All zero means that the policy does not apply.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Subjects without the bad pattern.
    pub satisfied: usize,
    /// Subjects with it.
    pub violated: usize,
    /// Subjects with it, all of it waived.
    pub waived: usize,
    /// Subjects of which it cannot be told.
    pub inconclusive: usize,
}

impl Counts {
    /// Counts of a policy over these accounts.
    pub(crate) fn of(policy: &EvaluatedPolicy, accounts: &[AccountAssessment]) -> Self {
        accounts.iter().filter_map(|account| account.counts.get(&policy.id)).copied().sum()
    }

    /// Counts of a policy over these accounts, of subjects of some types only.
    pub(crate) fn of_types(
        policy: &EvaluatedPolicy,
        types: &[SubjectType],
        accounts: &[AccountAssessment],
    ) -> Self {
        let by_type = accounts.iter().filter_map(|account| account.counts_by_type.get(&policy.id));
        by_type.flat_map(|counts| types.iter().filter_map(|kind| counts.get(kind.as_str()))).copied().sum()
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |total, counts| Self {
            satisfied: total.satisfied + counts.satisfied,
            violated: total.violated + counts.violated,
            waived: total.waived + counts.waived,
            inconclusive: total.inconclusive + counts.inconclusive,
        })
    }
}

/// A violation joined with metadata, context and waiver.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Identity, 64 hexadecimal digits.
    pub id: String,
    /// Policy.
    pub policy: String,
    /// What it is about.
    pub subject: Subject,
    /// Workload, tier and environment of the subject.
    pub context: Context,
    /// How bad it is.
    pub severity: Severity,
    /// One line that starts with the name of the subject.
    pub message: String,
    /// The values that decided.
    pub evidence: Map<String, Value>,
    remediation: Remediation,
    /// What made the subject, if its tags tell.
    pub managed_by: Option<Manager>,
    /// The waiver that accepts it, if one applies.
    pub waiver: Option<AppliedWaiver>,
}

impl Finding {
    /// Steps that mend it. There are none where something would undo them.
    pub fn remediation(&self) -> impl ExactSizeIterator<Item = RemediationStep<'_>> {
        self.remediation.of(&self.subject)
    }
}

/// A resource, or the account or a Region of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// ARN.
    pub arn: String,
    /// Name.
    pub name: String,
    /// CloudFormation type, or `AWS::Account`, `AWS::Region` or `Workload`.
    pub kind: &'static str,
    /// Region, or `global`.
    pub region: String,
    /// Line of the snapshot, counted from 1.
    pub line: u32,
}

impl Subject {
    /// Whether it is the account or a Region of it. Their names are no `name` to commands.
    fn is_place(&self) -> bool {
        [SubjectType::Account, SubjectType::Region].iter().any(|kind| kind.as_str() == self.kind)
    }

    fn is_resource(&self) -> bool {
        !self.is_place() && self.kind != SubjectType::Workload.as_str()
    }
}

/// A verdict that cannot be told.
#[derive(Clone, Debug)]
pub struct Inconclusive {
    /// Policy.
    pub policy: String,
    /// What it is about.
    pub subject: Subject,
    /// Why.
    pub reason: Reason,
}

/// A snapshot to judge, with the path that findings point at.
pub struct Source<'a> {
    /// The snapshot.
    pub located: &'a Located,
    /// Path of it, with `/`.
    pub path: String,
}

/// Snapshots that are judged together, with their index. A large one takes long to free.
pub struct Accounts<'a> {
    sources: &'a [Source<'a>],
    index: Index<'a>,
    config: &'a Config,
    /// The policies' input of the last account.
    document: OnceLock<Document>,
}

impl<'a> Accounts<'a> {
    /// Joins the snapshots.
    pub fn of(sources: &'a [Source<'a>], config: &'a Config) -> Self {
        let index = Index::build(sources.iter().map(|source| &source.located.snapshot).collect(), config);
        tracing::debug!("joined the resources");
        Self { sources, index, config, document: OnceLock::new() }
    }
}

/// Judges accounts together. Relations cross them, findings belong to one.
pub fn assess(accounts: &Accounts<'_>, catalogue: &Catalogue, engine: &Engine) -> Assessment {
    let policies = catalogue.iter();
    Assessment {
        policies: policies
            .map(|policy| EvaluatedPolicy { id: policy.id.clone(), metadata: policy.metadata.clone() })
            .collect(),
        accounts: accounts
            .sources
            .iter()
            .map(|source| assess_account(source, accounts, catalogue, engine))
            .collect(),
    }
}

fn assess_account(
    source: &Source<'_>,
    accounts: &Accounts<'_>,
    catalogue: &Catalogue,
    engine: &Engine,
) -> AccountAssessment {
    let Accounts { sources, index, config, .. } = accounts;
    let snapshot = &source.located.snapshot;
    let (document, (ledger, subjects)) = rayon::join(
        || engine.document(&index.input(snapshot)),
        || (Ledger::of(snapshot), Subjects::of(source.located)),
    );
    tracing::debug!(account = snapshot.scope.account, "made the input of the policies");
    let values = Arc::new(AccountValues {
        inputs: config.inputs.clone(),
        partition: snapshot.scope.partition.clone(),
        id: snapshot.scope.account.clone(),
    });
    let account = Account { source, config, subjects, index, values };
    let judged = engine.evaluate(&document, |id, output| {
        let policy = catalogue.get(id)?;
        let subjects = output.as_ref().ok().map(|output| output.subjects.as_slice());
        let matching = waiver::matching(config, id, subjects);
        let judgement = judge(policy, output, index, &ledger);
        // What could not be listed may be what a waiver is about.
        let was_seen = judgement.inconclusive.iter().all(|(_, reason)| *reason == Reason::Undecided);
        let waivers = if was_seen { matching } else { waiver::matching(config, id, None) };
        Some((id.to_owned(), account.conclude(policy, judgement), waivers))
    });
    // Freeing millions of values takes a while, for which the next account need not wait, nor the reports after the last.
    if sources.last().is_some_and(|last| std::ptr::eq(last, source)) {
        let _ = accounts.document.set(document);
    } else {
        rayon::spawn(move || drop(document));
    }
    let mut assessment = AccountAssessment {
        partition: snapshot.scope.partition.clone(),
        account: snapshot.scope.account.clone(),
        alias: snapshot.scope.alias.clone(),
        regions: snapshot.scope.regions.clone(),
        captured_at: snapshot.captured_at,
        snapshot: source.path.clone(),
        resources: snapshot.resources.len(),
        findings: Vec::new(),
        inconclusive: Vec::new(),
        counts: BTreeMap::new(),
        counts_by_type: BTreeMap::new(),
        uncollected: snapshot
            .coverage
            .iter()
            .filter(|call| call.outcome != Outcome::Collected)
            .cloned()
            .collect(),
        waivers: BTreeSet::new(),
    };
    for (id, conclusion, waivers) in judged.into_iter().flatten() {
        if !conclusion.counts_by_type.is_empty() {
            assessment.counts_by_type.insert(id.clone(), conclusion.counts_by_type);
        }
        assessment.counts.insert(id, conclusion.counts);
        assessment.findings.extend(conclusion.findings);
        assessment.inconclusive.extend(conclusion.inconclusive);
        assessment.waivers.extend(waivers);
    }
    // Within a severity, policies are in the order of their ids already, and their subjects in that of the ARNs.
    assessment.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    assessment
}

/// What findings of one account are made from.
struct Account<'a> {
    source: &'a Source<'a>,
    config: &'a Config,
    subjects: Subjects<'a>,
    index: &'a Index<'a>,
    values: Arc<AccountValues>,
}

/// What one policy adds to an assessment.
struct Conclusion {
    counts: Counts,
    counts_by_type: BTreeMap<&'static str, Counts>,
    findings: Vec<Finding>,
    inconclusive: Vec<Inconclusive>,
}

impl Account<'_> {
    fn conclude(&self, policy: &Policy, judgement: Judgement) -> Conclusion {
        let mut counts = Counts {
            satisfied: judgement.satisfied,
            inconclusive: judgement.inconclusive.len(),
            ..Counts::default()
        };
        let types = policy.metadata.custom.control_types.values().flatten();
        let mut counts_by_type: BTreeMap<&'static str, Counts> = types
            .map(|kind| {
                let satisfied = judgement.satisfied_by_type.get(kind.as_str()).copied().unwrap_or_default();
                (kind.as_str(), Counts { satisfied, ..Counts::default() })
            })
            .collect();
        let mut findings = Vec::new();
        for Violated { violations, severity } in judgement.violated {
            let start = findings.len();
            findings
                .extend(violations.into_iter().map(|violation| self.finding(policy, violation, severity)));
            let own = findings.get(start..).unwrap_or_default();
            let is_waived = own.iter().all(|finding: &Finding| finding.waiver.is_some());
            let of_type = own.first().and_then(|finding| counts_by_type.get_mut(finding.subject.kind));
            for counts in [Some(&mut counts), of_type].into_iter().flatten() {
                if is_waived {
                    counts.waived += 1;
                } else {
                    counts.violated += 1;
                }
            }
        }
        let inconclusive = judgement.inconclusive.into_iter().map(|(arn, reason)| Inconclusive {
            policy: policy.id.clone(),
            subject: self.subjects.get(&arn),
            reason,
        });
        let inconclusive: Vec<Inconclusive> = inconclusive.collect();
        for (kind, counts) in &mut counts_by_type {
            // Where a Region or the account stands for what could not be listed, that may be of any type.
            let may_be = |open: &&Inconclusive| open.subject.kind == *kind || open.subject.is_place();
            counts.inconclusive = inconclusive.iter().filter(may_be).count();
        }
        Conclusion { counts, counts_by_type, findings, inconclusive }
    }

    fn finding(&self, policy: &Policy, violation: Violation, severity: Severity) -> Finding {
        let arn: &str = &violation.resource;
        let known = self.index.resource(arn);
        let managed_by = known.and_then(|(resource, _)| manager::manager(resource));
        let steps = match &managed_by {
            Some(Manager { undoes_changes: true, .. }) => Arc::default(),
            _ => Arc::clone(&policy.metadata.custom.remediation),
        };
        Finding {
            id: fingerprint::fingerprint(&policy.id, arn, violation.discriminator.as_deref()),
            policy: policy.id.clone(),
            subject: self.subjects.get(arn),
            context: known.map_or_else(
                || self.index.workload(arn).map_or_else(Context::unattributed, Workload::context),
                |(_, context)| context.clone(),
            ),
            severity: violation.at_most.map_or(severity, |limit| severity.min(limit)),
            remediation: Remediation { steps, params: violation.params, account: Arc::clone(&self.values) },
            managed_by,
            waiver: waiver::applied(self.config, &policy.id, arn, self.source.located.snapshot.captured_at),
            message: violation.message,
            evidence: violation.evidence,
        }
    }
}

/// Resources of one snapshot with their lines, by ARN.
struct Subjects<'a> {
    located: &'a Located,
    resources: FxHashMap<&'a str, (&'a Resource, u32)>,
}

impl<'a> Subjects<'a> {
    fn of(located: &'a Located) -> Self {
        let resources = located.snapshot.resources.iter().zip(&located.resource_lines);
        let resources = resources.map(|(resource, line)| (resource.arn.as_str(), (resource, *line)));
        Self { located, resources: resources.collect() }
    }

    /// A resource, or what has no line of its own: workloads, Regions and the account stand in the line of the scope.
    fn get(&self, arn: &str) -> Subject {
        let scope = &self.located.snapshot.scope;
        if let Some((resource, line)) = self.resources.get(arn) {
            return Subject {
                arn: arn.to_owned(),
                name: resource.name.clone(),
                kind: resource.kind.as_str(),
                region: resource.region.clone(),
                line: *line,
            };
        }
        let (kind, name, region) = match (scope.workload_of(arn), scope.region_of(arn)) {
            (Some(name), _) => ("Workload", name, GLOBAL),
            (None, Some(region)) => ("AWS::Region", region, region),
            (None, None) => ("AWS::Account", scope.account.as_str(), GLOBAL),
        };
        Subject {
            arn: arn.to_owned(),
            name: name.to_owned(),
            kind,
            region: region.to_owned(),
            line: self.located.scope_line,
        }
    }
}
