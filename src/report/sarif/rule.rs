//! Rules: one for every policy that was evaluated, fired or not, so that services show what was looked for and
//! never lose the text of an alert.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use serde_sarif::sarif::{
    PropertyBag, ReportingConfiguration, ReportingDescriptor, ReportingDescriptorReference,
};

use super::message;
use super::taxonomy::Taxonomies;
use crate::finding::EvaluatedPolicy;
use crate::policy::{Metadata, RelatedResource, Severity};

/// Tags that GitHub shows of a rule.
const MOST_TAGS: usize = 10;

/// The evaluated policies as rules.
pub(super) struct Rules<'a> {
    policies: &'a [EvaluatedPolicy],
    indices: HashMap<&'a str, i64>,
    taxonomies: Taxonomies<'a>,
}

impl<'a> Rules<'a> {
    pub(super) fn of(policies: &'a [EvaluatedPolicy]) -> Self {
        let ids = policies.iter().map(|policy| policy.id.as_str());
        Self { policies, indices: ids.zip(0..).collect(), taxonomies: Taxonomies::of(policies) }
    }

    /// Index of the rule of a policy.
    pub(super) fn index(&self, policy: &str) -> Option<i64> {
        self.indices.get(policy).copied()
    }

    /// A reference to the rule of a policy.
    pub(super) fn reference(&self, policy: &str) -> Option<ReportingDescriptorReference> {
        let index = self.index(policy)?;
        Some(ReportingDescriptorReference::builder().id(policy).index(index).build())
    }

    pub(super) const fn taxonomies(&self) -> &Taxonomies<'a> {
        &self.taxonomies
    }

    /// The rules, in the order of their indices.
    pub(super) fn descriptors(&self) -> Vec<ReportingDescriptor> {
        self.policies.iter().map(|policy| self.descriptor(policy)).collect()
    }

    fn descriptor(&self, policy: &EvaluatedPolicy) -> ReportingDescriptor {
        let metadata = &policy.metadata;
        // A policy that no criticality makes severe has no finding, but a rule has to have a level.
        let severity = metadata.custom.severity.worst().unwrap_or(Severity::Info);
        let mut rule = ReportingDescriptor::builder()
            .id(policy.id.as_str())
            .name(name(&policy.id))
            .short_description(message::description(&metadata.title))
            .full_description(message::description(&metadata.description))
            .help(message::documentation(help_text(metadata), help_markdown(metadata)))
            .default_configuration(ReportingConfiguration::builder().level(super::level(severity)).build())
            .relationships(self.taxonomies.relationships(policy))
            .properties(properties(policy, severity))
            .build();
        rule.help_uri = metadata.related_resources.first().map(|page| page.reference.clone());
        rule
    }
}

/// Services that show a name want one without hyphens.
fn name(id: &str) -> String {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    id.split('-').filter_map(capitalised).collect()
}

fn properties(policy: &EvaluatedPolicy, severity: Severity) -> PropertyBag {
    let custom = &policy.metadata.custom;
    let service = policy.id.split('-').next();
    let scenarios = custom.scenarios.iter().map(|scenario| scenario.as_str());
    let mut tags = vec!["aws".to_owned(), "reliability".to_owned()];
    for tag in service.into_iter().chain([custom.concern.as_str()]).chain(scenarios) {
        if !tags.iter().any(|known| known == tag) && tags.len() < MOST_TAGS {
            tags.push(tag.to_owned());
        }
    }
    let properties = BTreeMap::from([
        // Policies judge configuration that was read, and say so where it was not.
        ("precision".to_owned(), Value::from("high")),
        ("problem.severity".to_owned(), Value::from(problem_severity(severity))),
        ("security-severity".to_owned(), Value::from(security_severity(severity))),
    ]);
    PropertyBag::builder().tags(tags).additional_properties(properties).build()
}

/// GitHub and DefectDojo take the severity from this number, as text. The values are clear of the borders of
/// their bands, which differ between services.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
        Severity::Info => "0.0",
    }
}

const fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

/// The template of a command with `<name>` for what differs between resources: help is the same for all alerts
/// of a rule.
fn template(argv: &[String]) -> String {
    let word = |argument: &String| shlex::try_quote(&shown(argument)).map(std::borrow::Cow::into_owned).ok();
    let words: Option<Vec<String>> = argv.iter().map(word).collect();
    words.unwrap_or_default().join(" ")
}

/// An argument with its placeholders as `<name>`. Two braces may also end JSON.
fn shown(argument: &str) -> String {
    let mut shown = String::with_capacity(argument.len());
    let mut rest = argument;
    while let Some((before, opened)) = rest.split_once("{{") {
        shown.push_str(before);
        let is_name =
            |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte));
        match opened.split_once("}}").filter(|(name, _)| is_name(name)) {
            Some((name, after)) => {
                shown.push_str(&format!("<{name}>"));
                rest = after;
            }
            None => {
                shown.push_str("{{");
                rest = opened;
            }
        }
    }
    shown.push_str(rest);
    shown
}

fn help_text(metadata: &Metadata) -> String {
    let mut paragraphs = vec![message::plain(&metadata.description)];
    paragraphs.extend(metadata.custom.remediation.iter().map(|step| {
        format!(
            "To fix it ({}): {}\n{}. Cost: {}.",
            step.risk.as_str(),
            template(&step.argv),
            capitalised(&step.effect),
            step.cost
        )
    }));
    paragraphs.extend(metadata.related_resources.iter().map(|page| {
        let RelatedResource { description, reference } = page;
        format!("{description}: {reference}")
    }));
    paragraphs.join("\n\n")
}

fn help_markdown(metadata: &Metadata) -> String {
    let mut help = format!("{}\n", metadata.description.trim());
    if !metadata.custom.remediation.is_empty() {
        help.push_str("\n## How to fix it\n");
    }
    for step in metadata.custom.remediation.iter() {
        help.push_str(&format!("\n{}.\n\n", capitalised(&step.effect)));
        help.push_str(&fenced(&step.argv));
        help.push_str(&format!("\n- Risk: {}\n- Cost: {}\n", step.risk.as_str(), step.cost));
        help.push_str("\nTo see that it worked:\n\n");
        help.push_str(&fenced(&step.verify));
        if let Some(undo) = &step.undo {
            help.push_str("\nTo take it back:\n\n");
            help.push_str(&fenced(undo));
        }
    }
    if !metadata.custom.controls.is_empty() {
        help.push_str("\n## Frameworks\n\n");
    }
    for (framework, clauses) in &metadata.custom.controls {
        let (title, edition) = (framework.title(), framework.edition());
        help.push_str(&format!("- {title} ({edition}): {}\n", clauses.join(", ")));
    }
    if !metadata.related_resources.is_empty() {
        help.push_str("\n## References\n\n");
    }
    for page in &metadata.related_resources {
        help.push_str(&format!("- [{}]({})\n", page.description, page.reference));
    }
    help
}

fn fenced(argv: &[String]) -> String {
    format!("```shell\n{}\n```\n", template(argv))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{name, template};

    #[test]
    fn a_template_shows_what_to_choose() {
        let argv = ["aws", "--name={{name}}", "--multi-az"].map(str::to_owned);
        assert_eq!(template(&argv), "aws '--name=<name>' --multi-az");
        let json = ["--rule={\"A\":{\"B\":\"{{inputs.dr_region}}\"}}".to_owned(), "{{\"A\":1}}".to_owned()];
        assert_eq!(template(&json), "'--rule={\"A\":{\"B\":\"<inputs.dr_region>\"}}' '{{\"A\":1}}'");
    }

    #[test]
    fn a_rule_has_a_name_without_hyphens() {
        assert_eq!(name("rds-instance-single-az"), "RdsInstanceSingleAz");
    }
}
