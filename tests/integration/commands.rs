//! The commands of the remediations: the AWS CLI understands each of them, and they mend what was found.

mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use hadr_scan::policy::{Catalogue, Step};
use serde_json::Value;

use crate::policies::python;
use crate::support::account::Account;
use crate::support::block_on;
use crate::support::cloud::Cloud;
use crate::support::program::Program;
use crate::support::seed::{SINGAPORE, TOKYO, single_region};
use crate::support::tools::tools;
use samples::SAMPLES;

/// A command as it stands in the metadata of a policy.
struct Template {
    policy: String,
    argv: Vec<String>,
}

/// Commands of the AWS CLI.
fn of_the_aws_cli() -> Vec<Template> {
    templates().into_iter().filter(|template| template.argv[0] != OWN).collect()
}

/// This program, which attests what no service can see.
const OWN: &str = "hadr-scan";

fn templates() -> Vec<Template> {
    let commands = |step: &Step| [Some(step.argv.clone()), step.undo.clone(), Some(step.verify.clone())];
    let catalogue = Catalogue::embedded().unwrap();
    let steps = catalogue
        .iter()
        .flat_map(|policy| policy.metadata.custom.remediation.iter().map(|step| (policy.id.clone(), step)));
    steps
        .flat_map(|(policy, step)| {
            let argvs = commands(step).into_iter().flatten();
            argvs.map(move |argv| Template { policy: policy.clone(), argv }).collect::<Vec<_>>()
        })
        .collect()
}

/// The names between `{{` and `}}`.
fn placeholders(argument: &str) -> impl Iterator<Item = &str> {
    argument.split("{{").skip(1).filter_map(|opened| Some(opened.split_once("}}")?.0))
}

fn filled(argument: &str, samples: &BTreeMap<&str, &str>) -> String {
    let mut text = argument.to_owned();
    for placeholder in placeholders(argument) {
        let name = placeholder.rsplit('.').next().unwrap();
        let sample = samples.get(name).unwrap_or_else(|| panic!("there is no sample for {placeholder}"));
        text = text.replace(&format!("{{{{{placeholder}}}}}"), sample);
    }
    text
}

#[test]
fn the_aws_cli_understands_every_command() {
    let samples: BTreeMap<&str, &str> = SAMPLES.iter().copied().collect();
    let templates = of_the_aws_cli();
    let argvs: Vec<Vec<String>> = templates
        .iter()
        .map(|template| template.argv.iter().map(|argument| filled(argument, &samples)).collect())
        .collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/support/aws_cli_peer.py");
    let answer = python(script, &serde_json::to_value(&argvs).unwrap());
    let answers = answer.as_array().unwrap();
    assert_eq!(answers.len(), templates.len());
    let wrong: BTreeSet<String> = templates
        .iter()
        .zip(&argvs)
        .zip(answers)
        .filter(|(_, answer)| !answer.is_null())
        .map(|((template, argv), answer)| format!("{}: {argv:?}: {answer}", template.policy))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(argvs.len() > 100, "there are only {} commands", argvs.len());
}

#[test]
fn the_program_understands_its_own_commands() {
    let samples: BTreeMap<&str, &str> = SAMPLES.iter().copied().collect();
    let snapshot = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/accounts/empty/snapshot.json");
    let own: Vec<Template> = templates().into_iter().filter(|template| template.argv[0] == OWN).collect();
    assert!(own.iter().any(|template| template.argv[1] == "attest"), "nothing attests");
    for Template { policy, argv } in own {
        // An attestation is not written over, so that each command has a folder of its own.
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(snapshot, folder.path().join("snapshot.json")).unwrap();
        let arguments = argv[1..].iter().map(|argument| filled(argument, &samples));
        let program = Command::new(env!("CARGO_BIN_EXE_hadr-scan"))
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&program.stderr).into_owned();
        assert_eq!(program.status.code(), Some(0), "{policy}: {argv:?}: {stderr}");
    }
}

/// The peer has to be able to find something.
#[test]
fn the_peer_finds_what_is_wrong() {
    let region = "--region=eu-west-1";
    let cases: [(&[&str], &str); 8] = [
        (&["aws", "rds", "modify-db-instanse", region], "Invalid choice"),
        (&["aws", "rds", "modify-db-instance", region], "--db-instance-identifier"),
        (
            &["aws", "rds", "modify-db-instance", "--db-instance-identifier=a", "--multiaz", region],
            "--multiaz",
        ),
        (
            &["aws", "rds", "modify-db-instance", "--db-instance-identifier=a", "--iops=many", region],
            "invalid literal",
        ),
        (
            &[
                "aws",
                "s3api",
                "put-bucket-versioning",
                "--bucket=a",
                "--versioning-configuration=Status=On",
                region,
            ],
            "not one of Enabled, Suspended",
        ),
        (
            &[
                "aws",
                "s3api",
                "put-bucket-replication",
                "--bucket=a",
                "--replication-configuration={\"Rules\":[{}]}",
                region,
            ],
            "Role",
        ),
        (&["aws", "rds", "describe-db-instances", "--query=DBInstances[0].Multi", region], "finds nothing"),
        (&["aws", "rds", "describe-db-instances"], "no Region"),
    ];
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/support/aws_cli_peer.py");
    let argvs: Vec<&[&str]> = cases.iter().map(|(argv, _)| *argv).collect();
    let answers = python(script, &serde_json::to_value(argvs).unwrap());
    for ((argv, part), answer) in cases.iter().zip(answers.as_array().unwrap()) {
        assert!(answer.as_str().is_some_and(|text| text.contains(part)), "{argv:?}: {answer}");
    }
}

#[test]
fn every_command_is_of_the_aws_cli_and_names_its_region() {
    // Services with one endpoint for the world.
    let global = ["iam", "route53"];
    for Template { policy, argv } in templates() {
        assert!(argv[0] == "aws" || argv[0] == OWN, "{policy}: {argv:?}");
        let names_region = argv.iter().any(|argument| argument.starts_with("--region=")) || argv[0] == OWN;
        assert!(names_region || global.contains(&argv[1].as_str()), "{policy}: {argv:?}");
        for argument in &argv {
            let known = |placeholder: &str| match placeholder.split_once('.') {
                None => ["account", "arn", "name", "partition", "region"].contains(&placeholder),
                Some((kind, name)) => {
                    let plain = |letter: char| letter.is_ascii_lowercase() || letter == '_';
                    ["choose", "inputs", "params"].contains(&kind)
                        && !name.is_empty()
                        && name.chars().all(plain)
                }
            };
            let opened = argument.matches("{{").count();
            assert!(placeholders(argument).all(known), "{policy}: {argument}");
            // A value that is an argument of its own could be taken for an option.
            assert!(opened == 0 || argument.starts_with("--"), "{policy}: {argument}");
        }
    }
}

/// Every sample is used: one that is not has lost its command.
#[test]
fn every_sample_is_of_some_command() {
    let templates = templates();
    let used: BTreeSet<&str> = templates
        .iter()
        .flat_map(|template| template.argv.iter().flat_map(|argument| placeholders(argument)))
        .map(|placeholder| placeholder.rsplit('.').next().unwrap())
        .collect();
    let samples: BTreeSet<&str> = SAMPLES.iter().map(|(name, _)| *name).collect();
    assert_eq!(samples, used);
}

/// Policies whose commands a server of the tests can obey.
const MENDED: [&str; 7] = [
    "dynamodb-deletion-protection-off",
    "dynamodb-point-in-time-recovery-off",
    "rds-backup-retention-short",
    "rds-deletion-protection-off",
    "rds-instance-backups-disabled",
    "rds-instance-single-az",
    "s3-bucket-unversioned",
];

fn scan(program: &Program) -> Vec<Value> {
    let run = program.run(&[
        "scan",
        "--region",
        TOKYO,
        "--region",
        SINGAPORE,
        "--format",
        "json",
        "--fail-on",
        "none",
        "--allow-incomplete",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    report["accounts"][0]["findings"].as_array().unwrap().clone()
}

fn text<'f>(finding: &'f Value, name: &str) -> Option<&'f str> {
    finding[name].as_str()
}

/// Policy and id of each finding: the id is what a ticket or a baseline keeps.
fn identities(findings: &[Value]) -> BTreeSet<(&str, &str)> {
    let identity = |finding| Some((text(finding, "policy")?, text(finding, "id")?));
    findings.iter().map(|finding| identity(finding).unwrap()).collect()
}

/// Runs a command of a report as it stands there.
fn obey(account: &Account, command: &Value) {
    assert_eq!(command["complete"], true, "{command}");
    let argv: Vec<&str> =
        command["argv"].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
    assert_eq!(argv[0], "aws");
    let output = Command::new(tools().aws())
        .args(&argv[1..])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(account.env())
        .output()
        .unwrap();
    assert!(output.status.success(), "{argv:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// moto changes at once what AWS would change in the next maintenance window; all else is as on AWS.
#[test]
fn the_commands_mend_what_was_found_and_undo_brings_it_back() {
    let cloud = Cloud::new();
    block_on(single_region::seed(&cloud.account));
    let program = Program::on(&cloud.account);
    let found = scan(&program);
    let is_mended = |finding: &&Value| MENDED.contains(&finding["policy"].as_str().unwrap());
    let mended: Vec<Value> = found.iter().filter(is_mended).cloned().collect();
    for policy in MENDED {
        assert!(mended.iter().any(|finding| finding["policy"] == policy), "nothing to mend for {policy}");
    }
    // What a person has to choose first, such as subnets in a second zone, moto does without.
    let is_complete = |step: &&Value| step["command"]["complete"] == true;
    let steps = mended.iter().flat_map(|finding| finding["remediation"].as_array().unwrap());
    let steps: Vec<&Value> = steps.filter(is_complete).collect();

    for step in &steps {
        obey(&cloud.account, &step["command"]);
    }
    let after = scan(&program);
    let (before, expected) = (identities(&found), identities(&mended));
    let expected: BTreeSet<_> = before.difference(&expected).copied().collect();
    // Nothing of what was mended is left, and nothing else was found in its place.
    assert_eq!(identities(&after), expected);

    let undone = steps.iter().filter(|step| !step["undo"].is_null());
    for step in undone {
        obey(&cloud.account, &step["undo"]);
    }
    assert_eq!(identities(&scan(&program)), before);
}
