//! Results: a finding each, with the identity that keeps its alert through rewording and moving lines.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use serde_sarif::sarif::{PropertyBag, Result as SarifResult, ResultLevel};
use uuid::Uuid;

use super::location::Places;
use super::message;
use super::rule::Rules;
use crate::finding::{AccountAssessment, Command, Finding, RemediationStep};

/// Hexadecimal digits of the id that GitHub's line hash has.
const LINE_HASH_DIGITS: usize = 16;

/// Characters of a command that a message takes with it; longer ones are in the properties.
const LONGEST_COMMAND: usize = 300;

/// The result of a finding.
pub(super) fn result(
    finding: &Finding,
    account: &AccountAssessment,
    rules: &Rules<'_>,
    places: &Places<'_>,
) -> SarifResult {
    let line_hash: String = finding.id.chars().take(LINE_HASH_DIGITS).collect();
    let correlation =
        Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:hadr-finding:v1:{}", finding.id).as_bytes());
    let mut result = SarifResult::builder()
        .rule_id(finding.policy.as_str())
        .level(level(finding))
        .message(message::message(&text(finding)))
        .locations(vec![places.location(&finding.subject)])
        .fingerprints(BTreeMap::from([("hadrFinding/v1".to_owned(), finding.id.clone())]))
        .partial_fingerprints(BTreeMap::from([(
            "primaryLocationLineHash".to_owned(),
            format!("{line_hash}:1"),
        )]))
        .correlation_guid(correlation.to_string())
        .properties(properties(finding, account))
        .build();
    result.rule_index = rules.index(&finding.policy);
    result
}

fn level(finding: &Finding) -> ResultLevel {
    match super::level(finding.severity) {
        "error" => ResultLevel::Error,
        "warning" => ResultLevel::Warning,
        _ => ResultLevel::Note,
    }
}

/// The message, and the command where a message shows it as it is: GitHub shows nothing else of a result.
fn text(finding: &Finding) -> String {
    let remedy = remedy(finding);
    match &finding.managed_by {
        Some(manager) => {
            format!(
                "{}. It belongs to {}, where it has to be changed.",
                remedy.trim_end_matches('.'),
                manager.name
            )
        }
        None => remedy,
    }
}

fn remedy(finding: &Finding) -> String {
    let message = finding.message.trim_end_matches('.');
    let mut steps = finding.remediation();
    let number = steps.len();
    let Some(first) = steps.next() else { return message.to_owned() };
    let risk = first.risk().as_str();
    match verbatim(&first.command()) {
        Some(command) if number == 1 => format!("{message}. It is fixed with '{command}' ({risk})."),
        Some(command) => {
            format!("{message}. It is fixed in {number} steps, the first is '{command}' ({risk}).")
        }
        None => message.to_owned(),
    }
}

/// The command as a line, if nothing in it needs quotes or escapes.
fn verbatim(command: &Command) -> Option<String> {
    let Command::Complete { argv } = command else { return None };
    let bare = |argument: &String| {
        !argument.is_empty()
            && argument.chars().all(|letter| letter.is_ascii_alphanumeric() || "_@%+=:,./-".contains(letter))
    };
    let line = argv.join(" ");
    (argv.iter().all(bare) && line.len() <= LONGEST_COMMAND).then_some(line)
}

fn properties(finding: &Finding, account: &AccountAssessment) -> PropertyBag {
    let context = &finding.context;
    let hadr = json!({
        "accountId": account.account,
        "region": finding.subject.region,
        "resourceType": finding.subject.kind,
        "severity": finding.severity.as_str(),
        "criticality": context.criticality.as_str(),
        "workload": context.workload.value,
        "tier": {"value": context.tier.value.as_str(), "source": context.tier.source},
        "environment": {"value": context.environment.value, "source": context.environment.source},
        "evidence": finding.evidence,
        "remediation": finding.remediation().map(step).collect::<Vec<_>>(),
        "managedBy": finding.managed_by.as_ref().map(|manager| &manager.name),
    });
    PropertyBag::builder().additional_properties(BTreeMap::from([("hadr".to_owned(), hadr)])).build()
}

fn step(step: RemediationStep<'_>) -> Value {
    let mut fields = Map::new();
    match step.command() {
        Command::Complete { argv } => {
            fields.insert("argv".to_owned(), json!(argv));
        }
        Command::Incomplete { argv, missing } => {
            fields.insert("argv".to_owned(), json!(argv));
            fields.insert("missing".to_owned(), json!(missing));
        }
        Command::Refused { reason } => {
            fields.insert("refused".to_owned(), json!(reason));
        }
    }
    fields.insert("risk".to_owned(), Value::from(step.risk().as_str()));
    Value::Object(fields)
}

#[cfg(test)]
mod tests {
    use super::verbatim;
    use crate::finding::Command;

    fn complete(last: &str) -> Command {
        Command::Complete { argv: ["aws", "rds", last].map(str::to_owned).to_vec() }
    }

    #[test]
    fn only_a_command_that_a_message_does_not_change_is_in_it() {
        assert_eq!(verbatim(&complete("--name=orders")).as_deref(), Some("aws rds --name=orders"));
        for name in ["--name=$(id)", "--filter=[a]", "{}", "a b", "", "it's", &"x".repeat(400)] {
            assert_eq!(verbatim(&complete(name)), None, "{name}");
        }
        let argv = vec!["aws".to_owned()];
        assert_eq!(verbatim(&Command::Incomplete { argv, missing: vec!["name".to_owned()] }), None);
    }
}
