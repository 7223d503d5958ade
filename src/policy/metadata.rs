//! The `# METADATA` block of a policy, parsed once into types.
//!
//! regorus does not read annotations, and documents, SARIF rules and permissions need them without evaluating
//! anything, so this is where they come from.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, de};

use super::framework::{self, Framework};
use super::practice::{self, PracticeReference};
use super::severity::Severities;
use crate::config::Environment;
use crate::snapshot::Kind;
use crate::snapshot::operation::{self, OPERATIONS, Operation};
use crate::text;

/// Metadata of a policy. Unknown keys are errors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metadata {
    /// The bad pattern, as a statement about the resource.
    pub title: String,
    /// Why it is bad, when it does not apply, and what is not known. Markdown.
    pub description: String,
    /// OPA's scope of the block.
    pub scope: Scope,
    /// Pages of AWS's documentation.
    #[serde(default)]
    pub related_resources: Vec<RelatedResource>,
    /// What OPA has no key for.
    pub custom: Custom,
}

/// The only scope that a policy's block can have.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The whole package.
    Package,
}

/// A page of documentation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelatedResource {
    /// Title of the page.
    pub description: String,
    /// Address; `https` only.
    #[serde(rename = "ref", deserialize_with = "https")]
    pub reference: String,
}

/// What OPA has no key for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Custom {
    /// One severity, or one for each criticality.
    pub severity: Severities,
    /// What kind of weakness it is.
    pub concern: Concern,
    /// Failures in which it hurts.
    pub scenarios: Vec<Scenario>,
    /// Types of its subjects.
    pub resource_types: Vec<SubjectType>,
    /// Environments whose resources it does not judge.
    #[serde(default)]
    pub exempt_environments: Vec<Environment>,
    /// API calls without which there is no verdict, as `service:Operation`.
    #[serde(deserialize_with = "operations")]
    pub requires: Vec<String>,
    /// Thresholds that a configuration can change.
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
    /// Ids of controls that it checks, by framework, sorted.
    #[serde(default, deserialize_with = "framework::controls")]
    pub controls: BTreeMap<Framework, Vec<String>>,
    /// Controls, by id, that are about some of the types only: subjects of other types say nothing about them.
    #[serde(default)]
    pub control_types: BTreeMap<String, Vec<SubjectType>>,
    /// Ids of the practices that it looks after.
    #[serde(default, deserialize_with = "practice::references")]
    pub practices: Vec<PracticeReference>,
    /// Steps that mend it.
    #[serde(default)]
    pub remediation: Arc<[Step]>,
    /// Version of this program that had it first.
    pub since: String,
}

/// What kind of weakness a policy looks for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concern {
    /// Nothing takes over when one part fails.
    Redundancy,
    /// The past cannot be restored.
    Backup,
    /// Data does not reach the other place, or not all of it.
    Replication,
    /// What takes over is not ready to.
    Failover,
    /// Someone can destroy it in one step.
    Protection,
    /// Nobody is told.
    Monitoring,
    /// It disturbs the business.
    Operations,
    /// Nobody decided or owns it.
    Governance,
}

impl Concern {
    /// The word in metadata and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Redundancy => "redundancy",
            Self::Backup => "backup",
            Self::Replication => "replication",
            Self::Failover => "failover",
            Self::Protection => "protection",
            Self::Monitoring => "monitoring",
            Self::Operations => "operations",
            Self::Governance => "governance",
        }
    }
}

/// A failure.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scenario {
    /// One instance or host.
    Instance,
    /// An Availability Zone.
    Zone,
    /// A Region.
    Region,
    /// Data deleted or corrupted by mistake.
    Deletion,
    /// Data deleted or encrypted on purpose, by someone with credentials.
    Ransom,
    /// The API of a service.
    ControlPlane,
}

impl Scenario {
    /// The word in metadata and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Instance => "instance",
            Self::Zone => "zone",
            Self::Region => "region",
            Self::Deletion => "deletion",
            Self::Ransom => "ransom",
            Self::ControlPlane => "control-plane",
        }
    }
}

/// Type of the subjects of a policy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SubjectType {
    /// A resource type.
    Resource(Kind),
    /// The account.
    Account,
    /// A Region of the account.
    Region,
    /// A workload.
    Workload,
}

impl SubjectType {
    /// CloudFormation name, or `AWS::Account`, `AWS::Region` or `Workload`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resource(kind) => kind.as_str(),
            Self::Account => "AWS::Account",
            Self::Region => "AWS::Region",
            Self::Workload => "Workload",
        }
    }
}

impl<'de> Deserialize<'de> for SubjectType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        match name.as_str() {
            "AWS::Account" => Ok(Self::Account),
            "AWS::Region" => Ok(Self::Region),
            "Workload" => Ok(Self::Workload),
            _ => Kind::ALL
                .iter()
                .find(|kind| kind.as_str() == name)
                .map(|kind| Self::Resource(*kind))
                .ok_or_else(|| de::Error::custom(format!("`{name}` is not a type that snapshots hold"))),
        }
    }
}

/// A threshold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Value, or an object with a value for each criticality.
    pub default: serde_json::Value,
    /// What it decides, with its unit.
    pub description: String,
}

/// One step of a remediation: a command as an argument list with `{{placeholders}}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Types of the resource for which the step is meant; empty means all of the policy's.
    #[serde(default)]
    pub resource_types: Vec<SubjectType>,
    /// Program and arguments.
    pub argv: Vec<String>,
    /// What the step does, and what else happens.
    pub effect: String,
    /// How careful one has to be.
    pub risk: Risk,
    /// Command that takes it back, if there is one.
    #[serde(default)]
    pub undo: Option<Vec<String>>,
    /// Command that shows that it worked.
    pub verify: Vec<String>,
    /// What it costs, in words.
    pub cost: String,
}

impl Step {
    /// Names that its commands take from `[inputs]` of the configuration.
    pub fn inputs(&self) -> impl Iterator<Item = &str> {
        let arguments = self.argv.iter().chain(&self.verify).chain(self.undo.iter().flatten());
        placeholders(arguments, "inputs.")
    }
}

/// Names of a kind, such as `params.`, that arguments of a command have to be filled with.
pub(crate) fn placeholders<'a>(
    arguments: impl IntoIterator<Item = &'a String>,
    kind: &'static str,
) -> impl Iterator<Item = &'a str> {
    let opened = arguments.into_iter().flat_map(|argument| argument.split("{{").skip(1));
    opened.filter_map(move |opened| opened.split_once("}}")?.0.strip_prefix(kind))
}

/// How careful one has to be with a step.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, schemars::JsonSchema, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Nothing is disturbed.
    Safe,
    /// Short impact, a restart or a replacement is possible: read first.
    Review,
    /// Traffic moves or something restarts.
    Disruptive,
    /// It cannot be taken back.
    Irreversible,
}

impl Risk {
    /// The word in metadata and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Review => "review",
            Self::Disruptive => "disruptive",
            Self::Irreversible => "irreversible",
        }
    }
}

fn https<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let reference = String::deserialize(deserializer)?;
    if reference.starts_with("https://") {
        Ok(reference)
    } else {
        Err(de::Error::custom(format!("`{reference}` does not start with https://")))
    }
}

fn operations<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let ids = Vec::<String>::deserialize(deserializer)?;
    match ids.iter().find(|id| operation::find(id).is_none()) {
        Some(unknown) => Err(de::Error::custom(unknown_operation(unknown))),
        None => Ok(ids),
    }
}

/// Says which operations were meant: those that need the IAM action of that name, or else those that look like it.
fn unknown_operation(unknown: &str) -> String {
    let message = format!("`{unknown}` is not an operation that the collector calls");
    let allowed = OPERATIONS.iter().filter(|operation| operation.permission().as_deref() == Some(unknown));
    let allowed: Vec<String> = allowed.map(Operation::id).collect();
    if !allowed.is_empty() {
        return format!("{message} but an IAM action, which {} needs", allowed.join(" or "));
    }
    let ids: Vec<String> = OPERATIONS.iter().map(Operation::id).collect();
    let nearest = text::nearest(unknown, ids.iter().map(String::as_str));
    if nearest.is_empty() { message } else { format!("{message}, did you mean {}", nearest.join(" or ")) }
}

/// What is wrong with a block, and in which line of the file.
#[derive(Debug, PartialEq)]
pub(super) struct Problem {
    pub(super) line: u64,
    pub(super) message: String,
}

/// Reads the block at the head of a policy.
pub(super) fn parse(source: &str) -> Result<Metadata, Problem> {
    let start = source.lines().position(|line| line.trim_end() == "# METADATA");
    let Some(start) = start else {
        return Err(Problem { line: 1, message: "it has no `# METADATA` block".to_owned() });
    };
    // Empty lines stand for what comes before, so that the parser counts the lines of the file.
    let mut yaml = "\n".repeat(start + 1);
    for line in source.lines().skip(start + 1).take_while(|line| line.starts_with('#')) {
        let content = line.strip_prefix("# ").or_else(|| line.strip_prefix('#')).unwrap_or(line);
        yaml.push_str(content);
        yaml.push('\n');
    }
    let metadata: Metadata = from_yaml(&yaml).map_err(|problem| {
        let line = problem.line.max(u64::try_from(start + 1).unwrap_or(1));
        Problem { line, ..problem }
    })?;
    check_control_types(&metadata.custom, &yaml)?;
    Ok(metadata)
}

/// A restriction of what is not there would say nothing, and one to other types would let the control pass.
fn check_control_types(custom: &Custom, yaml: &str) -> Result<(), Problem> {
    for (id, types) in &custom.control_types {
        let key = format!("{id}:");
        let line = yaml.lines().position(|line| line.trim_start().starts_with(&key)).unwrap_or_default() + 1;
        let wrong = |message| Problem { line: u64::try_from(line).unwrap_or(1), message };
        if !custom.controls.values().flatten().any(|control| control == id) {
            return Err(wrong(format!("`{id}` is not among the controls")));
        }
        if let Some(other) = types.iter().find(|kind| !custom.resource_types.contains(kind)) {
            return Err(wrong(format!("`{}` is not among the resource types", other.as_str())));
        }
    }
    Ok(())
}

/// Reads YAML into a type.
pub(super) fn from_yaml<T: DeserializeOwned>(yaml: &str) -> Result<T, Problem> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(yaml, options).map_err(|error| {
        let line = error.location().map_or(0, |location| location.line());
        let text = error.without_snippet().to_string();
        let message = text.split(" at line ").next().unwrap_or(&text).lines().next().unwrap_or_default();
        Problem { line, message: message.trim_start_matches("error: ").to_owned() }
    })
}

#[cfg(test)]
mod tests {
    use super::{SubjectType, parse};
    use crate::index::Criticality;
    use crate::policy::{Framework, PracticeReference, Severity};
    use crate::snapshot::Kind;

    const BLOCK: &str = "\
# METADATA
# title: Bucket keeps no versions
# description: Gone is gone.
# scope: package
# custom:
#   severity: {mission-critical: high, business-critical: high, general: medium, non-production: none}
#   concern: backup
#   scenarios: [deletion]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:GetBucketVersioning]
#   controls:
#     nist-800-53: [CP-9]
#     dora: [9(3)]
#   practices:
#   - buckets-versioned
#   since: 0.1.0
package hadr.s3.bucket_unversioned
";

    #[test]
    fn a_block_becomes_types() {
        let metadata = parse(BLOCK).unwrap();
        assert_eq!(metadata.title, "Bucket keeps no versions");
        assert_eq!(metadata.custom.severity.of(Criticality::General), Some(Severity::Medium));
        assert_eq!(metadata.custom.severity.of(Criticality::NonProduction), None);
        assert_eq!(metadata.custom.severity.worst(), Some(Severity::High));
        assert_eq!(metadata.custom.resource_types, [SubjectType::Resource(Kind::Bucket)]);
        assert_eq!(metadata.custom.controls[&Framework::Dora], ["9(3)"]);
        let practice = PracticeReference { id: "buckets-versioned".to_owned(), line: 15 };
        assert_eq!(metadata.custom.practices, [practice]);
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let cases = [
            ("concern: backup", "concern: bakcup", 7, "bakcup"),
            ("since: 0.1.0", "sine: 0.1.0", 16, "sine"),
            (
                "[s3:GetBucketVersioning]",
                "[s3:PutBucketVersioning]",
                10,
                "`s3:PutBucketVersioning` is not an operation",
            ),
            (
                "[s3:GetBucketVersioning]",
                "[s3:GetBucketVersionin]",
                10,
                "`s3:GetBucketVersionin` is not an operation that the collector calls, did you mean \
                 s3:GetBucketVersioning",
            ),
            (
                "[s3:GetBucketVersioning]",
                "[s3:ListAllMyBuckets]",
                10,
                "`s3:ListAllMyBuckets` is not an operation that the collector calls but an IAM action, which \
                 s3:ListBuckets needs",
            ),
            ("AWS::S3::Bucket", "AWS::S3::Bukket", 9, "`AWS::S3::Bukket` is not a type"),
            ("general: medium, ", "", 6, "no severity for general"),
            ("[CP-9]", "[CP9]", 12, "`CP9` is not an id of nist-800-53, such as CP-9(5)"),
            ("dora: [9(3)", "dora: [12(1), 9(3)", 13, "`9(3)` has to stand before `12(1)`"),
            ("dora:", "doar:", 13, "doar"),
        ];
        for (right, wrong, line, part) in cases {
            let problem = parse(&BLOCK.replace(right, wrong)).unwrap_err();
            assert!(problem.message.contains(part), "{wrong}: {}", problem.message);
            assert_eq!(problem.line, line, "{wrong}: {}", problem.message);
        }
    }

    #[test]
    fn a_control_is_restricted_to_types_that_the_policy_judges() {
        let with = |types: &str| {
            let text = format!("#   control_types:\n#     CP-9: [{types}]\n#   practices:");
            parse(&BLOCK.replace("#   practices:", &text))
        };
        let types = with("AWS::S3::Bucket").unwrap().custom.control_types;
        assert_eq!(types["CP-9"], [SubjectType::Resource(Kind::Bucket)]);
        let problem = with("AWS::EC2::Volume").unwrap_err();
        assert_eq!(problem.line, 15);
        assert_eq!(problem.message, "`AWS::EC2::Volume` is not among the resource types");
        let unknown = BLOCK.replace("#   practices:", "#   control_types:\n#     CP-10: []\n#   practices:");
        assert_eq!(parse(&unknown).unwrap_err().message, "`CP-10` is not among the controls");
    }

    #[test]
    fn a_policy_without_a_block_is_refused() {
        assert_eq!(parse("package hadr.s3.x").unwrap_err().message, "it has no `# METADATA` block");
    }
}
