//! Every policy on every fixture, under every engine, and what all policies have in common.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use hadr_scan::config::Config;
use hadr_scan::finding::{Accounts, Assessment, Source, assess};
use hadr_scan::index::Index;
use hadr_scan::policy::{self, Catalogue, Engine, Output, Parameters, Reason};
use hadr_scan::snapshot::{self, Located, operation};

use crate::fixtures::{NAMES, file};
use crate::support::tools::tools;

pub(crate) fn located(name: &str) -> Located {
    snapshot::read(&file(name)).unwrap()
}

/// Hours in which somebody works in Tokyo, so that the policy about them has something to say.
fn config() -> Config {
    toml::from_str("[business_hours]\ndays = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]\nstart = \"00:00\"\nend = \"09:00\"")
        .unwrap()
}

/// All policies, ready to judge.
pub(crate) struct Judge {
    pub(crate) catalogue: Catalogue,
    pub(crate) parameters: Parameters,
    pub(crate) engine: Engine,
    pub(crate) config: Config,
}

impl Judge {
    pub(crate) fn new() -> Self {
        let config = config();
        let catalogue = Catalogue::embedded().unwrap();
        let parameters = Parameters::resolve(&catalogue, &catalogue, &config).unwrap();
        let engine = Engine::compile(&catalogue, &parameters).unwrap();
        Self { catalogue, parameters, engine, config }
    }

    fn assess(&self, name: &str) -> Assessment {
        let located = located(name);
        let path = format!("fixtures/accounts/{name}/snapshot.json");
        let source = [Source { located: &located, path }];
        assess(&Accounts::of(&source, &self.config), &self.catalogue, &self.engine)
    }

    /// What each policy says under both engines of regorus.
    fn outputs(&self, name: &str) -> (BTreeMap<String, Output>, BTreeMap<String, Output>) {
        let located = located(name);
        let index = Index::build(vec![&located.snapshot], &self.config);
        let document = self.engine.document(&index.input(&located.snapshot));
        let machine = self.engine.evaluate(&document, |id, output| (id.to_owned(), output.unwrap()));
        let interpreted = policy::interpret(&self.catalogue, &self.parameters, &document).unwrap();
        (machine.into_iter().collect(), interpreted)
    }
}

/// One file for each policy: a policy that changes shows there, and one that another change made different as well.
#[test]
fn every_policy_on_every_fixture() {
    let judge = Judge::new();
    let assessments = NAMES.map(|name| (name, judge.assess(name)));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/policies");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for policy in judge.catalogue.iter() {
            let mut text = String::new();
            for (name, assessment) in &assessments {
                describe(&mut text, name, &policy.id, assessment);
            }
            insta::assert_snapshot!(policy.id.as_str(), text);
        }
    });
}

fn describe(text: &mut String, fixture: &str, policy: &str, assessment: &Assessment) {
    let account = &assessment.accounts[0];
    let counts = account.counts[policy];
    let all = counts.satisfied + counts.violated + counts.waived + counts.inconclusive;
    if all == 0 {
        writeln!(text, "{fixture}: not applicable").unwrap();
        return;
    }
    writeln!(text, "{fixture}: {} satisfied", counts.satisfied).unwrap();
    for finding in account.findings.iter().filter(|finding| finding.policy == policy) {
        writeln!(text, "  {} {} | {}", finding.severity, finding.subject.arn, finding.message).unwrap();
    }
    for open in account.inconclusive.iter().filter(|open| open.policy == policy) {
        let reason = match &open.reason {
            Reason::Call { operation, region, outcome, .. } => {
                format!("{operation} in {region}: {}", outcome.as_str())
            }
            Reason::Undecided => "undecided".to_owned(),
            Reason::Evaluation(error) => error.clone(),
        };
        writeln!(text, "  inconclusive {} | {reason}", open.subject.arn).unwrap();
    }
}

#[test]
fn the_resilient_account_has_no_findings() {
    let assessment = Judge::new().assess("resilient");
    let findings = &assessment.accounts[0].findings;
    let found: Vec<_> = findings.iter().map(|finding| (&finding.policy, &finding.message)).collect();
    assert_eq!(found, []);
    let satisfied: usize = assessment.accounts[0].counts.values().map(|counts| counts.satisfied).sum();
    assert!(satisfied > 40, "{satisfied} verdicts are satisfied, so hardly anything was judged");
}

#[test]
fn the_empty_account_has_nothing_to_judge() {
    let assessment = Judge::new().assess("empty");
    for (policy, counts) in &assessment.accounts[0].counts {
        assert_eq!((policy.as_str(), counts.violated, counts.satisfied), (policy.as_str(), 0, 0));
    }
}

/// What is in no plan, by type: an auditor asks of file systems, and not of tables.
#[test]
fn controls_about_one_type_have_the_verdicts_of_that_type() {
    let assessment = Judge::new().assess("peer_mistakes");
    let counts = &assessment.accounts[0].counts_by_type["backup-not-in-plan"];
    let violated = |kind: &str| counts[kind].violated;
    assert_eq!(violated("AWS::EFS::FileSystem"), 1);
    assert_eq!(violated("AWS::DynamoDB::Table"), 4);
    assert_eq!(violated("AWS::EC2::Volume"), 1);
    assert_eq!(counts["AWS::EFS::FileSystem"].satisfied, 3);
    assert!(!assessment.accounts[0].counts_by_type.contains_key("rds-instance-single-az"));
}

/// Invariant 1, on the account in which half of the calls were denied.
#[test]
fn no_policy_is_satisfied_where_its_calls_were_denied() {
    let judge = Judge::new();
    let assessment = judge.assess("restricted");
    let account = &assessment.accounts[0];
    let gaps = located("restricted").snapshot.resources.into_iter().flat_map(|resource| resource.gaps);
    let mut denied: BTreeSet<String> = gaps.map(|gap| gap.operation).collect();
    denied.extend(account.uncollected.iter().map(|call| format!("{}:{}", call.service, call.operation)));
    assert!(denied.len() >= 8, "{denied:?}");
    let mut judged = 0;
    for policy in judge.catalogue.iter() {
        let custom = &policy.metadata.custom;
        let types: Vec<&str> = custom.resource_types.iter().map(|subject| subject.as_str()).collect();
        for id in custom.requires.iter().filter(|operation| denied.contains(*operation)) {
            judged += 1;
            let listed = operation::find(id).unwrap().lists;
            if types.iter().any(|subject| !listed.contains(subject))
                && types.iter().any(|subject| listed.contains(subject))
            {
                // Subjects of the other types are listed by calls that were answered.
                let region = "arn:aws:account::444444444444:region/ap-northeast-1";
                let open = account
                    .inconclusive
                    .iter()
                    .find(|open| open.policy == policy.id && open.subject.arn == region);
                assert!(open.is_some(), "{}: nothing says that {id} was denied", policy.id);
            } else {
                assert_eq!(account.counts[&policy.id].satisfied, 0, "{} without {id}", policy.id);
            }
        }
    }
    assert!(judged >= 8, "only {judged} policies need what was denied");
}

#[test]
fn the_interpreter_and_the_machine_agree() {
    let judge = Judge::new();
    for name in NAMES {
        let (machine, interpreted) = judge.outputs(name);
        assert_eq!(machine, interpreted, "{name}");
    }
}

/// rego-cpp is another implementation of Rego, by other people.
#[test]
fn an_independent_engine_agrees() {
    let judge = Judge::new();
    let modules = |path: &str, source: &str| (path.to_owned(), source.to_owned());
    let libraries: BTreeMap<_, _> =
        judge.catalogue.libraries().iter().map(|module| modules(&module.path, &module.source)).collect();
    let policies: BTreeMap<_, _> = judge
        .catalogue
        .iter()
        .map(|policy| {
            (policy.id.clone(), (policy.path.clone(), policy.source.clone(), policy.package.clone()))
        })
        .collect();
    let inputs: BTreeMap<_, _> = NAMES
        .iter()
        .map(|name| {
            let located = located(name);
            let index = Index::build(vec![&located.snapshot], &judge.config);
            (*name, serde_json::to_value(index.input(&located.snapshot)).unwrap())
        })
        .collect();
    let job = serde_json::json!({
        "libraries": libraries,
        "policies": policies,
        "inputs": inputs,
        "data": {"parameters": judge.parameters},
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/support/rego_peer.py");
    let answer = python(script, &job);
    for name in NAMES {
        let (machine, _) = judge.outputs(name);
        for (id, output) in machine {
            let violated: Vec<_> = output
                .violations
                .iter()
                .map(|violation| serde_json::json!([&*violation.resource, violation.discriminator]))
                .collect();
            let ours = serde_json::json!({
                "subjects": output.subjects.iter().map(|arn| &**arn).collect::<Vec<_>>(),
                "unknowns": output.unknowns.iter().map(|arn| &**arn).collect::<Vec<_>>(),
                "violations": sorted(violated),
            });
            assert_eq!(answer[name][&id], ours, "{name}, {id}");
        }
    }
}

fn sorted(mut values: Vec<serde_json::Value>) -> Vec<serde_json::Value> {
    values.sort_by_key(ToString::to_string);
    values
}

/// Runs a script of the harness with a job on its input, and gives what it answers.
pub(crate) fn python(script: &str, job: &serde_json::Value) -> serde_json::Value {
    let mut child = Command::new(tools().python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(job.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{script} failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_tests_of_all_policies_pass() {
    let judge = Judge::new();
    let defaults = Parameters::resolve(&judge.catalogue, &judge.catalogue, &Config::default()).unwrap();
    for module in judge.catalogue.tests() {
        for result in policy::test(&judge.catalogue, &defaults, module).unwrap() {
            assert_eq!(result.failure, None, "{}: {}", result.path, result.name);
        }
    }
}

#[test]
fn every_policy_has_a_test_beside_it() {
    let catalogue = Catalogue::embedded().unwrap();
    for policy in catalogue.iter() {
        assert!(
            catalogue.tests().iter().any(|module| module.tests_of(&policy.id)),
            "{} has no test",
            policy.id
        );
    }
}

/// Invariant 2: what a policy can call is the same at every time and everywhere.
#[test]
fn policies_have_no_clock_no_network_and_no_chance() {
    let catalogue = Catalogue::embedded().unwrap();
    let policies = catalogue.iter().map(|policy| (&policy.path, &policy.source));
    let libraries = catalogue.libraries().iter().map(|module| (&module.path, &module.source));
    for (path, source) in policies.chain(libraries) {
        let code: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
        let code = code.join("\n");
        let words = code.split(|letter: char| !letter.is_ascii_alphanumeric() && !"._".contains(letter));
        for word in words {
            let family = word.split_once('.').map_or("", |(family, _)| family);
            let forbidden = ["time", "http", "opa", "rand", "uuid", "net"].contains(&family);
            assert!(!forbidden, "{path} uses {word}");
        }
    }
}
