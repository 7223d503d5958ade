//! The accounts that the reports are about, judged through the public API.

use std::fs;

use hadr_scan::config::Config;
use hadr_scan::finding::{Accounts, Assessment, Source, assess};
use hadr_scan::policy::{Catalogue, Engine, Parameters};
use hadr_scan::report::{Format, Options, render};
use hadr_scan::snapshot::{Located, SCHEMA_VERSION, Snapshot};
use serde_json::{Value, json};

/// Names that are taken for something else than text by some reader of some output.
pub(crate) fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "$(id)",
        "`id`",
        "';id;'",
        "\"quoted\"",
        "it's",
        "-rf",
        "--profile=x",
        "file:///etc/passwd",
        "https://example.com/",
        "=cmd|'/c calc'!A1",
        "[x](javascript:1)",
        "\\[x\\](1)",
        "<img src=x onerror=alert(1)>",
        "::error::x",
        "\u{1b}[31mred\u{1b}]0;title\u{7}",
        "\u{9b}31m",
        "del\u{7f}",
        "\u{202e}gnp.exe\u{2066}",
        "\u{feff}\u{200b}",
        "line\nbreak\r\n",
        "{0} {{name}} }",
        "a|b",
        "a/b:c%41#?",
        "データベース",
        "\u{1f9ea}",
        " ",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("long-".repeat(820));
    names
}

/// A policy of the tests' own, which every DB instance violates and whose steps are of every kind.
const EVERY_STEP: &str = r#"# METADATA
# title: DB instance has a name with `quotes` and {braces}
# description: |
#   It is there for the tests: see [the page](https://example.com/page).
#
#   Second paragraph.
# scope: package
# related_resources:
# - description: A page
#   ref: https://example.com/page
# custom:
#   severity: {mission-critical: critical, business-critical: high, general: low, non-production: info}
#   concern: protection
#   scenarios: [instance, zone, region, deletion, ransom, control-plane]
#   resource_types: [AWS::RDS::DBInstance]
#   requires: [rds:DescribeDBInstances]
#   controls:
#     aws-well-architected: [REL09-BP01, REL10-BP01]
#     nist-800-53: [CP-9, CP-10]
#   remediation:
#   - argv: [aws, rds, modify-db-instance, "--db-instance-identifier={{name}}", "--region={{region}}"]
#     effect: it renames nothing
#     risk: safe
#     verify: [aws, rds, describe-db-instances, "--region={{region}}"]
#     cost: nothing
#   - argv: [aws, rds, start-db-instance-automated-backups-replication, "--source-db-instance-arn={{arn}}", "--region={{inputs.dr_region}}"]
#     effect: it copies backups
#     risk: review
#     undo: [aws, rds, stop-db-instance-automated-backups-replication, "--source-db-instance-arn={{arn}}", "--region={{inputs.dr_region}}"]
#     verify: [aws, rds, describe-db-instance-automated-backups, "--filters={\"Name\": \"{{name}}\"}"]
#     cost: storage in the other Region
#   since: 0.1.0
package hadr.test.every_step

subjects contains instance.arn if some instance in input.resources["AWS::RDS::DBInstance"]

violations contains violation if {
	some instance in input.resources["AWS::RDS::DBInstance"]
	violation := {
		"resource": instance.arn,
		"message": sprintf("%s has a name", [instance.name]),
		"evidence": {"tags": instance.tags},
	}
}
"#;

/// A policy about the account and its Regions, which have no line of their own.
const NO_RESOURCE: &str = r#"# METADATA
# title: Account has nothing of the kind
# description: It is there for the tests.
# scope: package
# custom:
#   severity: medium
#   concern: governance
#   scenarios: [region]
#   resource_types: [AWS::Account, AWS::Region]
#   requires: []
#   since: 0.1.0
package hadr.test.no_resource

subjects contains input.account.arn

subjects contains region.arn if some region in input.regions

violations contains violation if {
	some arn in subjects
	violation := {"resource": arn, "message": sprintf("%s has nothing", [arn]), "evidence": {}}
}
"#;

/// Ids of the policies that the tests look at; others come and go.
pub(crate) const POLICIES: [&str; 3] = ["rds-instance-single-az", "test-every-step", "test-no-resource"];

/// A DB instance without a standby.
pub(crate) fn instance(name: &str, region: &str) -> Value {
    json!({
        "type": "AWS::RDS::DBInstance",
        "arn": format!("arn:aws:rds:{region}:123456789012:db:{name}"),
        "name": name,
        "region": region,
        "zones": [{"name": format!("{region}a"), "id": null}],
        "tags": {name: name, "hadr:workload": name},
        "attributes": {
            "role": "standalone",
            "engine": "postgres",
            "db_instance_status": "available",
            "multi_az": false,
            "pending_modified_values": {},
            "backup_retention_period": 7,
            "read_replica_db_instance_arns": [],
            "db_instance_automated_backups_replications": [],
            "db_parameter_groups": [],
            "status_infos": [],
        },
    })
}

fn call(operation: &str, region: &str, outcome: &str, code: Option<&str>) -> Value {
    let (service, operation) = operation.split_once(':').unwrap();
    json!({"service": service, "operation": operation, "region": region, "outcome": outcome, "code": code, "items": 0})
}

/// A snapshot with these instances, in which one Region denied its listing and another is not enabled.
pub(crate) fn snapshot(account: &str, resources: Vec<Value>) -> Snapshot {
    let from = |value: Value| serde_json::from_value(value).unwrap();
    Snapshot {
        schema_version: SCHEMA_VERSION,
        captured_at: "2026-11-22T03:00:00Z".parse().unwrap(),
        collector: hadr_scan::snapshot::Collector {
            name: "hadr-scan".to_owned(),
            version: "0.1.0".to_owned(),
        },
        scope: serde_json::from_value(json!({
            "partition": "aws", "account": account, "alias": "prod",
            "regions": ["ap-south-2", "eu-west-1", "us-east-1"],
        }))
        .unwrap(),
        coverage: serde_json::from_value(json!([
            call("rds:DescribeDBInstances", "ap-south-2", "region_disabled", None),
            call("rds:DescribeDBInstances", "eu-west-1", "collected", None),
            call("rds:DescribeDBInstances", "us-east-1", "denied", Some("AccessDenied")),
            call("rds:DescribeDBSnapshots", "us-east-1", "failed", Some("\u{1b}[31m500")),
        ]))
        .unwrap(),
        resources: resources.into_iter().map(from).collect(),
    }
}

/// What the tests' policies conclude about snapshots.
pub(crate) fn assessment(snapshots: Vec<Snapshot>, config: Value) -> Assessment {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("test")).unwrap();
    fs::write(folder.path().join("test/every_step.rego"), EVERY_STEP).unwrap();
    fs::write(folder.path().join("test/no_resource.rego"), NO_RESOURCE).unwrap();
    let catalogue = Catalogue::with_folder(folder.path()).unwrap();
    let config: Config = serde_json::from_value(config).unwrap();
    let parameters = Parameters::resolve(&catalogue, &catalogue, &config).unwrap();
    let engine = Engine::compile(&catalogue, &parameters).unwrap();
    let located: Vec<Located> = snapshots.into_iter().map(Located::as_written).collect();
    let source = |located| Source { located, path: path(located) };
    let sources: Vec<Source<'_>> = located.iter().map(source).collect();
    let mut assessment = assess(&Accounts::of(&sources, &config), &catalogue, &engine);
    let known = |policy: &str| POLICIES.contains(&policy);
    assessment.policies.retain(|policy| known(&policy.id));
    for account in &mut assessment.accounts {
        account.findings.retain(|finding| known(&finding.policy));
        account.inconclusive.retain(|inconclusive| known(&inconclusive.policy));
        account.counts.retain(|policy, _| known(policy));
    }
    assessment
}

fn path(located: &Located) -> String {
    format!("snapshots/{}.json", located.snapshot.scope.account)
}

/// Two accounts: a small one in which one finding is waived, and one full of hostile names.
pub(crate) fn hostile() -> Assessment {
    let names = hostile_names();
    let in_a_stack = |name: &String| {
        let mut instance = instance(name, "eu-west-1");
        instance["tags"]["aws:cloudformation:stack-name"] = json!(name);
        instance
    };
    let resources = names.iter().map(in_a_stack).collect();
    assessment(
        vec![snapshot("123456789012", small()), snapshot("210987654321", resources)],
        json!({"waivers": waivers()}),
    )
}

/// Instances of the small account.
pub(crate) fn small() -> Vec<Value> {
    let mut session = instance("sessions", "eu-west-1");
    session["tags"] = json!({"hadr:tier": "mission-critical", "aws:cloudformation:stack-name": "shop"});
    let mut test = instance("trial", "eu-west-1");
    test["tags"] = json!({"env": "dev", "elasticbeanstalk:environment-name": "web"});
    let mut unknown = instance("unknown", "eu-west-1");
    unknown["attributes"]["multi_az"] = Value::Null;
    vec![instance("orders", "eu-west-1"), session, test, unknown]
}

/// Accepts what is wrong with one instance of the small account.
pub(crate) fn waivers() -> Value {
    json!([{
        "policy": "rds-instance-single-az",
        "resource": "arn:aws:rds:eu-west-1:123456789012:db:orders",
        "reason": "rebuilt from the\u{9b} event log every night",
        "owner": "orders team",
        "expires": "2027-01-31",
    }])
}

/// A report as text.
pub(crate) fn rendered(format: Format, assessment: &Assessment, width: Option<usize>) -> String {
    let mut out = Vec::new();
    render(format, assessment, &Options { width, color: false }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Fails if a text holds what a terminal would obey; ends of lines may be there.
pub(crate) fn assert_harmless(text: &str) {
    for (number, line) in text.split('\n').enumerate() {
        let hostile =
            line.chars().find(|letter| letter.is_control() || hadr_scan::text::is_invisible(*letter));
        assert_eq!(hostile, None, "line {number}: {}", line.escape_debug());
    }
}
