//! Commands that mend a finding: argument lists whose placeholders are filled one argument at a time.
//!
//! Names in an account are hostile. No shell text is ever built by joining them: each argument is filled on its
//! own, a value that the AWS CLI would read as an option, a file or a URL is refused, and quoting happens last,
//! over the finished list.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::Subject;
use crate::policy::{Risk, Step, SubjectType, placeholders};
use crate::snapshot::GLOBAL;

/// What mends a finding. Its commands are made when somebody asks for them: a large account has a hundred thousand, of
/// which the table shows the first of each finding.
#[derive(Clone, Debug)]
pub(super) struct Remediation {
    /// Steps of the policy.
    pub(super) steps: Arc<[Step]>,
    /// `params` of the violation.
    pub(super) params: Map<String, Value>,
    /// The same for all findings of an account.
    pub(super) account: Arc<AccountValues>,
}

/// What placeholders are filled from that is the same in a whole account.
#[derive(Debug)]
pub(super) struct AccountValues {
    /// `inputs` of the configuration.
    pub(super) inputs: BTreeMap<String, String>,
    /// Partition of the account.
    pub(super) partition: String,
    /// Its id.
    pub(super) id: String,
}

impl Remediation {
    /// The steps that are meant for the subject and the violation.
    pub(super) fn of<'a>(
        &'a self,
        subject: &'a Subject,
    ) -> impl ExactSizeIterator<Item = RemediationStep<'a>> {
        let values = Values { account: &self.account, subject, params: &self.params };
        let meant = |step: &&Step| values.is_of(&step.resource_types) && values.has_params_of(&step.argv);
        let meant: Vec<&Step> = self.steps.iter().filter(meant).collect();
        meant.into_iter().map(move |step| RemediationStep { step, values })
    }
}

/// A step that mends a finding, or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct RemediationStep<'a> {
    step: &'a Step,
    values: Values<'a>,
}

impl<'a> RemediationStep<'a> {
    /// What to run.
    pub fn command(&self) -> Command {
        self.values.fill(&self.step.argv)
    }

    /// What it does, and what else happens.
    pub fn effect(&self) -> &'a str {
        &self.step.effect
    }

    /// How careful one has to be.
    pub fn risk(&self) -> Risk {
        self.step.risk
    }

    /// What takes it back, if anything does.
    pub fn undo(&self) -> Option<Command> {
        self.step.undo.as_deref().map(|argv| self.values.fill(argv))
    }

    /// What shows that it worked.
    pub fn verify(&self) -> Command {
        self.values.fill(&self.step.verify)
    }

    /// What it costs, in words.
    pub fn cost(&self) -> &'a str {
        &self.step.cost
    }
}

/// A command as an argument list.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Every placeholder is filled.
    Complete {
        /// Program and arguments.
        argv: Vec<String>,
    },
    /// A person has to choose something first; those placeholders are still in the list.
    Incomplete {
        /// Program and arguments.
        argv: Vec<String>,
        /// What is left to choose, such as `inputs.dr_region`.
        missing: Vec<String>,
    },
    /// A value is not safe on a command line, so there is none.
    Refused {
        /// Which value, and why.
        reason: String,
    },
}

impl Command {
    /// The arguments, if there are any.
    pub fn argv(&self) -> Option<&[String]> {
        match self {
            Self::Complete { argv } | Self::Incomplete { argv, .. } => Some(argv),
            Self::Refused { .. } => None,
        }
    }

    /// The arguments as words of a POSIX shell, each of them quoted where it has to be.
    pub fn words(&self) -> Option<Vec<String>> {
        self.argv()?.iter().enumerate().map(|(at, argument)| quoted(argument, at == 0)).collect()
    }

    /// The command as a line for a POSIX shell. Reading the line gives the arguments back.
    pub fn shell(&self) -> Option<String> {
        Some(self.words()?.join(" "))
    }
}

/// An argument as a word of a POSIX shell. `--option=value` needs no quotes, except as the first word, where a
/// shell would take it for an assignment. `None` if no shell can be given the argument.
fn quoted(argument: &str, is_program: bool) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_@%+=:,./-".contains(&byte);
    let bare = !argument.is_empty() && argument.bytes().all(plain) && !argument.starts_with('=');
    if bare && !(is_program && argument.contains('=')) {
        return Some(argument.to_owned());
    }
    shlex::try_quote(argument).map(Cow::into_owned).ok()
}

/// What placeholders are filled from.
#[derive(Clone, Copy, Debug)]
struct Values<'a> {
    account: &'a AccountValues,
    subject: &'a Subject,
    params: &'a Map<String, Value>,
}

impl<'a> Values<'a> {
    fn is_of(&self, types: &[SubjectType]) -> bool {
        types.is_empty() || types.iter().any(|kind| kind.as_str() == self.subject.kind)
    }

    /// A policy with several causes gives each violation the parameters of the steps that mend it. A parameter
    /// that is there as `null` is one that a person has to choose.
    fn has_params_of(&self, argv: &[String]) -> bool {
        placeholders(argv, "params.").all(|name| self.params.contains_key(name))
    }

    fn get(&self, placeholder: &str) -> Option<Cow<'a, str>> {
        let Self { account, subject, params } = *self;
        if let Some(name) = placeholder.strip_prefix("inputs.") {
            // What is in the Region for disasters already has to be copied to yet another one, which nobody named.
            let is_here =
                |value: &&String| name == "dr_region" && subject.is_resource() && subject.region == **value;
            let value = account.inputs.get(name).filter(|value| !is_here(value));
            return value.map(|value| Cow::Borrowed(value.as_str()));
        }
        if let Some(name) = placeholder.strip_prefix("params.") {
            return match params.get(name)? {
                Value::String(text) => Some(Cow::Borrowed(text.as_str())),
                Value::Null => None,
                other => Some(Cow::Owned(other.to_string())),
            };
        }
        match placeholder {
            "account" => Some(Cow::Borrowed(&account.id)),
            "arn" => Some(Cow::Borrowed(&subject.arn)),
            "name" => (!subject.is_place()).then_some(Cow::Borrowed(&subject.name)),
            "partition" => Some(Cow::Borrowed(&account.partition)),
            // No command takes `global`, which also stands for a Region that could not be found out.
            "region" => (subject.region != GLOBAL).then_some(Cow::Borrowed(&subject.region)),
            _ => None,
        }
    }

    fn fill(&self, argv: &[String]) -> Command {
        let mut filled = Vec::with_capacity(argv.len());
        let mut missing = Vec::new();
        for template in argv {
            match self.fill_argument(template, &mut missing) {
                Ok(argument) => filled.push(argument),
                Err(reason) => return Command::Refused { reason },
            }
        }
        missing.dedup();
        if missing.is_empty() {
            Command::Complete { argv: filled }
        } else {
            Command::Incomplete { argv: filled, missing }
        }
    }

    fn fill_argument(&self, template: &str, missing: &mut Vec<String>) -> Result<String, String> {
        // Most have nothing to fill, and a large account has a hundred thousand commands.
        if !template.contains('{') {
            return Ok(template.to_owned());
        }
        // The value of an option starts after the first `=`; a list or object there is JSON.
        let value_at = if template.starts_with("--") { template.find('=').map_or(0, |at| at + 1) } else { 0 };
        let is_json = template
            .get(value_at..)
            .is_some_and(|value| value.starts_with(['{', '[']) && !value.starts_with("{{"));
        let mut argument = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((before, opened)) = rest.split_once("{{") {
            argument.push_str(before);
            let Some((placeholder, after)) = opened.split_once("}}") else {
                argument.push_str("{{");
                rest = opened;
                continue;
            };
            match self.get(placeholder) {
                Some(value) => {
                    refuse_unsafe(placeholder, &value, argument.len() == value_at)?;
                    if is_json {
                        argument.push_str(&json_escaped(&value));
                    } else {
                        argument.push_str(&value);
                    }
                }
                None => {
                    missing.push(placeholder.to_owned());
                    argument.push_str("{{");
                    argument.push_str(placeholder);
                    argument.push_str("}}");
                }
            }
            rest = after;
        }
        argument.push_str(rest);
        Ok(argument)
    }
}

/// The inside of a JSON string.
fn json_escaped(value: &str) -> String {
    let quoted = Value::from(value).to_string();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// Refuses what a terminal, a shell or the AWS CLI would take for something else than text.
fn refuse_unsafe(placeholder: &str, value: &str, starts_value: bool) -> Result<(), String> {
    if value.chars().any(|letter| letter.is_control() || crate::text::is_invisible(letter)) {
        return Err(format!("the {placeholder} holds control characters"));
    }
    // The CLI reads these from the disk or, in version 1, from the network.
    let loaded = ["file://", "fileb://", "http://", "https://"];
    if starts_value && loaded.iter().any(|scheme| value.to_ascii_lowercase().starts_with(scheme)) {
        return Err(format!("the {placeholder} starts like an address that the AWS CLI would load"));
    }
    if starts_value && value.starts_with('-') {
        return Err(format!("the {placeholder} starts with a hyphen like an option"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Command as Process;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::{AccountValues, Command, Values};
    use crate::finding::Subject;
    use crate::snapshot::{GLOBAL, Kind};

    /// The arguments that a shell reads from a line.
    fn read_back(shell: &str, line: &str) -> Vec<String> {
        let script = format!("for word in {line}; do printf '%s\\0' \"$word\"; done");
        let output = Process::new(shell).args(["-c", &script]).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{line}: {output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    fn subject(kind: &'static str, region: &str) -> Subject {
        let arn = "arn:aws:rds:eu-west-1:123456789012:db:orders".to_owned();
        Subject { arn, name: "orders".to_owned(), kind, region: region.to_owned(), line: 1 }
    }

    /// Arguments that are filled for a subject.
    fn filled_for(
        subject: &Subject,
        template: &[&str],
        inputs: &[(&str, &str)],
        params: &[(&str, &str)],
    ) -> Command {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let account = AccountValues {
            inputs: inputs.iter().map(owned).collect(),
            partition: "aws".to_owned(),
            id: "123456789012".to_owned(),
        };
        let params = params.iter().map(owned).map(|(name, value)| (name, Value::from(value))).collect();
        let values = Values { account: &account, subject, params: &params };
        values.fill(&template.iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>())
    }

    fn filled(template: &[&str], name: &str) -> Command {
        filled_for(&subject(Kind::DbInstance.as_str(), "eu-west-1"), template, &[], &[("name", name)])
    }

    /// Any text but NUL, which no command line can hold, with what shells obey more often than by chance.
    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![
            "[^\0]{0,40}",
            "[-='\"`$(){}\\[\\];&|<>*?~!#%^ \t\\\\a-b]{0,40}",
            "(file|fileb|https?)://[a-z/]{0,10}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_shell_reads_the_arguments_back(argv in prop::collection::vec(hostile(), 1..6)) {
            let line = Command::Complete { argv: argv.clone() }.shell().unwrap();
            prop_assert_eq!(read_back("sh", &line), argv);
        }

        #[test]
        fn a_name_is_one_argument_or_none(name in hostile()) {
            let template =
                ["aws", "s3api", "{{params.name}}", "--name={{params.name}}", "--tags={\"Name\": \"{{params.name}}\"}"];
            match filled(&template, &name) {
                Command::Complete { argv } => {
                    prop_assert_eq!(&argv[2], &name);
                    prop_assert_eq!(&argv[3], &format!("--name={name}"));
                    let tags: Value = serde_json::from_str(argv[4].strip_prefix("--tags=").unwrap()).unwrap();
                    prop_assert_eq!(&tags["Name"], &Value::from(name.as_str()));
                    prop_assert!(!name.starts_with('-') && !name.starts_with("file"), "{}", name);
                    let line = Command::Complete { argv: argv.clone() }.shell().unwrap();
                    prop_assert_eq!(read_back("sh", &line), argv);
                }
                Command::Refused { .. } => {
                    let hidden = name.chars().any(|letter| letter.is_control() || crate::text::is_invisible(letter));
                    prop_assert!(hidden || name.starts_with('-') || name.contains("://"), "{}", name);
                }
                Command::Incomplete { missing, .. } => prop_assert!(false, "{:?} is known", missing),
            }
        }
    }

    #[test]
    fn only_what_needs_quotes_has_them() {
        let shell = |argv: &[&str]| {
            Command::Complete { argv: argv.iter().map(|argument| (*argument).to_owned()).collect() }.shell()
        };
        let line = shell(&["aws", "rds", "--name=orders", "--query=DBInstances[0]", "it's", "", "=ls"]);
        let quoted = r#"aws rds --name=orders '--query=DBInstances[0]' "it's" '' '=ls'"#;
        assert_eq!(line.as_deref(), Some(quoted));
        assert_eq!(shell(&["A=b", "c"]).as_deref(), Some("'A=b' c"));
        assert_eq!(shell(&["a\0b"]), None);
    }

    #[test]
    fn a_region_for_disasters_is_never_that_of_the_resource() {
        let template = ["{{region}}", "{{inputs.dr_region}}"];
        let fill =
            |kind, region| filled_for(&subject(kind, region), &template, &[("dr_region", "eu-west-1")], &[]);
        let complete =
            |region: &str| Command::Complete { argv: vec![region.to_owned(), "eu-west-1".to_owned()] };
        let bucket = Kind::Bucket.as_str();
        assert_eq!(fill(bucket, "eu-central-1"), complete("eu-central-1"));
        assert_eq!(fill("AWS::Region", "eu-west-1"), complete("eu-west-1"));
        let argv = vec!["eu-west-1".to_owned(), "{{inputs.dr_region}}".to_owned()];
        let missing = vec!["inputs.dr_region".to_owned()];
        assert_eq!(fill(bucket, "eu-west-1"), Command::Incomplete { argv, missing });
    }

    #[test]
    fn nothing_is_filled_with_what_is_no_region_and_no_name() {
        let missing = |kind| match filled_for(&subject(kind, GLOBAL), &["{{region}}", "{{name}}"], &[], &[]) {
            Command::Incomplete { missing, .. } => missing,
            other => panic!("not {other:?}"),
        };
        assert_eq!(missing(Kind::Bucket.as_str()), ["region"]);
        assert_eq!(missing("Workload"), ["region"]);
        assert_eq!(missing("AWS::Account"), ["region", "name"]);
    }

    #[test]
    fn what_nobody_filled_is_named_once() {
        let command = filled(&["aws", "--a={{inputs.dr_region}}", "--b={{inputs.dr_region}}"], "x");
        let Command::Incomplete { argv, missing } = command else { panic!("not {command:?}") };
        assert_eq!(argv[1], "--a={{inputs.dr_region}}");
        assert_eq!(missing, ["inputs.dr_region"]);
    }
}
