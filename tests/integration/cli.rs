//! The command line without AWS: what is wrong with the input is said clearly, with the documented exit code and a
//! line that helps, and no file is left half written.

mod controls;
mod evidence;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const SNAPSHOT: &str = r#"{"schema_version":1,"captured_at":"2026-11-22T03:00:00Z",
"collector":{"name":"hadr-scan","version":"0.1.0"},
"scope":{"partition":"aws","account":"123456789012","alias":null,"regions":["eu-west-1"]},
"coverage":[
{"service":"rds","operation":"DescribeDBInstances","region":"eu-west-1","outcome":"collected","items":1}
],
"resources":[
{"type":"AWS::RDS::DBInstance","arn":"arn:aws:rds:eu-west-1:123456789012:db:orders","name":"orders","region":"eu-west-1","zones":[{"name":"eu-west-1a","id":null}],"tags":{},"attributes":{"role":"standalone","engine":"postgres","db_instance_status":"available","multi_az":false,"pending_modified_values":{},"read_replica_db_instance_arns":[],"db_instance_automated_backups_replications":[],"db_parameter_groups":[],"status_infos":[]}}
]}
"#;

/// Evaluates the one policy that the snapshot has all calls for.
const ONE_POLICY: [&str; 4] = ["evaluate", "snapshot.json", "--policy", "rds-instance-single-az"];

/// A folder of its own to run the program in. It has a snapshot.
struct Workspace(TempDir);

impl Workspace {
    fn new() -> Self {
        let workspace = Self(tempfile::tempdir().unwrap());
        workspace.write("snapshot.json", SNAPSHOT);
        workspace
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs the program as if there were neither an AWS configuration nor a terminal.
    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_hadr-scan"))
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .output()
            .unwrap()
    }

    /// Runs what cannot go well. Every mistake of the user's looks the same.
    #[track_caller]
    fn refuses(&self, args: &[&str], message: &str) {
        let before = self.files();
        let output = self.run(args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(message), "{message}\n{stderr}");
        assert!(stderr.lines().last().unwrap().starts_with("help: "), "{stderr}");
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
        assert_eq!(self.files(), before);
    }

    fn files(&self) -> Vec<String> {
        let mut files: Vec<String> = fs::read_dir(self.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        files
    }

    fn status(&self, args: &[&str]) -> Option<i32> {
        self.run(args).status.code()
    }
}

#[test]
fn a_configuration_that_is_wrong_is_refused_with_its_line() {
    let workspace = Workspace::new();
    let cases = [
        ("[acounts]\n", "hadr-scan.toml:1: unknown field `acounts`"),
        (
            "[accounts.prod]\nregions = 3\n",
            "hadr-scan.toml:2: invalid type: integer `3`, expected a sequence",
        ),
        (
            "[[waivers]]\npolicy = \"rds-instance-single\"\nresource = \"*\"\nreason = \"none\"\n",
            "hadr-scan.toml:2: there is no policy rds-instance-single",
        ),
        ("[parameters.none]\ndays = 3\n", "hadr-scan.toml:1: [parameters.none]: there is no policy none"),
        (
            "[inputs]\n\ndr_regoin = \"eu-central-1\"\n",
            "hadr-scan.toml:3: [inputs]: no policy has a command with {{inputs.dr_regoin}}\nhelp: did you mean dr_region?",
        ),
        ("[accounts", "hadr-scan.toml:1: "),
    ];
    for (text, message) in cases {
        workspace.write("hadr-scan.toml", text);
        workspace.refuses(&["evaluate", "snapshot.json"], message);
        workspace.refuses(&["config", "show"], message);
    }
    workspace.refuses(&["evaluate", "snapshot.json", "--config", "none.toml"], "none.toml");
}

#[test]
fn the_configuration_is_found_above_the_working_directory() {
    let workspace = Workspace::new();
    workspace.write("hadr-scan.toml", "[acounts]\n");
    workspace.write("deep/er/snapshot.json", SNAPSHOT);
    let output = Command::new(env!("CARGO_BIN_EXE_hadr-scan"))
        .args(["evaluate", "snapshot.json"])
        .current_dir(workspace.path().join("deep/er"))
        .output()
        .unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("hadr-scan.toml:1: unknown field `acounts`"));
}

#[test]
fn a_policy_that_does_not_exist_is_named_with_its_neighbours() {
    let workspace = Workspace::new();
    workspace.refuses(
        &["evaluate", "snapshot.json", "--policy", "rds-instance-single"],
        "there is no policy rds-instance-single\nhelp: did you mean rds-instance-single-az",
    );
    workspace.refuses(&["policy", "show", "none"], "there is no policy none");
    workspace.refuses(&["policy", "test", "none"], "there is no test of none");
    workspace.refuses(&["permissions", "--policy", "none"], "there is no policy none");
}

#[test]
fn a_file_that_is_no_snapshot_is_refused() {
    let workspace = Workspace::new();
    workspace.write("truncated.json", &SNAPSHOT[..400]);
    workspace.write("newer.json", &SNAPSHOT.replace("\"schema_version\":1", "\"schema_version\":99"));
    workspace.write("page.json", "<html></html>");
    workspace.write("empty.json", "");
    workspace.write("other.json", "{\"schema_version\":1}");
    workspace.write("text.json.gz", "not compressed");
    workspace.write("folder/inside.json", SNAPSHOT);
    let cases = [
        ("truncated.json", "it is truncated"),
        ("newer.json", "its schema version is 99"),
        ("page.json", "line 1: it is not JSON"),
        ("empty.json", "it is empty"),
        ("other.json", "missing field `captured_at`"),
        ("text.json.gz", "cannot read the snapshot text.json.gz"),
        ("folder", "it is a folder"),
        ("none.json", "cannot read the snapshot none.json"),
    ];
    for (file, message) in cases {
        workspace.refuses(&["evaluate", file, "-o", "out.json", "-o", "out.sarif"], message);
    }
    workspace.refuses(
        &["evaluate", "snapshot.json", "folder/inside.json"],
        "both snapshots of account 123456789012",
    );
}

#[test]
fn a_policy_of_the_users_that_is_wrong_is_refused_with_its_line() {
    let workspace = Workspace::new();
    let new = workspace.run(&["policy", "new", "s3/bucket_new", "--policies", "right"]);
    assert!(new.status.success());
    let right = fs::read_to_string(workspace.path().join("right/s3/bucket_new.rego")).unwrap();
    let cases = [
        ("package hadr.s3.bucket_new\n".to_owned(), "s3/bucket_new.rego:1: it has no `# METADATA` block"),
        (right.replace("concern:", "konzern:"), "unknown field `konzern`"),
        (right.replace("since: 0.1.0", "#"), "missing field `since`"),
        (right.replace("package hadr.s3.", "package s3."), "the package must be hadr.s3.bucket_new"),
        (right.replace("subjects contains", "subjects contain"), "s3/bucket_new.rego:"),
        (right.replace("violations contains", "others contains"), "it has no rule `violations`"),
    ];
    for (text, message) in cases {
        workspace.write("policies/s3/bucket_new.rego", &text);
        workspace.refuses(&["evaluate", "snapshot.json", "--policies", "policies"], message);
    }
    workspace.write("nothing/README.md", "");
    workspace.refuses(&["policy", "list", "--policies", "nothing"], "there is no policy in nothing");
    workspace.refuses(&["policy", "list", "--policies", "none"], "cannot read the policies in none");
    workspace.refuses(&["policy", "new", "s3/bucket_new", "--policies", "right"], "cannot write right/s3");
    workspace.refuses(&["policy", "new", "S3"], "`S3` is not SERVICE/PATTERN");
}

#[test]
fn a_report_does_not_take_the_place_of_its_snapshot() {
    let workspace = Workspace::new();
    let before = std::fs::read(workspace.path().join("snapshot.json")).unwrap();
    let expected = "the report would take the place of the snapshot ./snapshot.json";
    workspace.refuses(&["evaluate", "snapshot.json", "-o", "./snapshot.json"], expected);
    assert_eq!(std::fs::read(workspace.path().join("snapshot.json")).unwrap(), before);
}

#[test]
fn a_ledger_that_cannot_be_written_costs_no_scan() {
    let workspace = Workspace::new();
    let arguments = ["collect", "--evidence", "none/evidence.jsonl", "-o", "new.json"];
    workspace.refuses(&arguments, "none/evidence.jsonl");
    assert!(!workspace.path().join("new.json").exists());
}

#[test]
fn an_address_that_is_none_is_refused() {
    let workspace = Workspace::new();
    for address in ["", "localhost:5000", "http://"] {
        let output = workspace.run(&["--endpoint-url", address]);
        assert_eq!(output.status.code(), Some(2), "{address}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("it is not an address such as http://127.0.0.1:5000"), "{stderr}");
    }
}

#[test]
fn an_output_that_cannot_be_written_is_refused_before_anything_is_done() {
    let workspace = Workspace::new();
    workspace.write("folder.json/inside", "");
    let cases = [
        ("none/out.json", "cannot write none/out.json"),
        ("folder.json", "cannot write folder.json"),
        ("out.html", "the name out.html does not say which format to write"),
    ];
    for (path, message) in cases {
        // The snapshot is not there either: the output is looked at first.
        workspace.refuses(&["evaluate", "none.json", "-o", "good.json", "-o", path], message);
    }
    workspace.refuses(&["collect", "-o", "none/out.json"], "cannot write none/out.json");
    workspace.refuses(&["--save-snapshot", "none/out.json"], "cannot write none/out.json");
}

#[test]
fn an_account_that_does_not_exist_is_named_with_those_that_do() {
    let workspace = Workspace::new();
    workspace.refuses(&["--account", "nowhere"], "there is no account or AWS profile `nowhere`");
    workspace.write("hadr-scan.toml", "[accounts.prod]\n");
    workspace.write(".aws/config", "[profile stage]\n");
    let expected = "there is no account or AWS profile `nowhere`\nhelp: the accounts of hadr-scan.toml are prod; \
                    the AWS profiles are stage";
    for command in [&["--account", "nowhere"][..], &["scan", "--account", "nowhere"]] {
        workspace.refuses(command, expected);
    }
    workspace.refuses(&["collect", "-o", "out.json", "--account", "nowhere"], expected);
}

#[test]
fn a_wrong_command_line_has_the_exit_code_of_every_mistake() {
    let workspace = Workspace::new();
    for args in [
        &["evaluate"][..],
        &["evaluate", "snapshot.json", "--fail-on", "terrible"],
        &["evaluate", "snapshot.json", "--format", "xml"],
        &["--call-timeout", "0s"],
        &["--deadline", "soon"],
        &["--account", "prod", "evaluate", "snapshot.json"],
    ] {
        assert_eq!(workspace.status(args), Some(2), "{args:?}");
    }
}

#[test]
fn the_exit_code_follows_the_worst_finding_that_nobody_has_accepted() {
    let workspace = Workspace::new();
    let status = |more: &[&str]| workspace.status(&[&ONE_POLICY[..], more].concat());
    // An instance of a general workload is a medium finding.
    assert_eq!(status(&[]), Some(0));
    assert_eq!(status(&["--fail-on", "medium"]), Some(1));
    assert_eq!(status(&["--fail-on", "none"]), Some(0));

    let waiver = "[[waivers]]\npolicy = \"rds-instance-single-az\"\nresource = \"*:db:orders\"\nreason = \"r\"\n\
                  owner = \"o\"\nexpires = 2026-11-22\n";
    workspace.write("hadr-scan.toml", waiver);
    assert_eq!(status(&["--fail-on", "medium"]), Some(0));
    workspace.write("hadr-scan.toml", &waiver.replace("11-22", "11-21"));
    assert_eq!(status(&["--fail-on", "medium"]), Some(1));
}

/// It is a mistake or a leftover, neither of which is a reason to fail.
#[test]
fn a_waiver_that_matches_nothing_is_told_with_its_line() {
    let workspace = Workspace::new();
    let waiver = "[[waivers]]\npolicy = \"rds-instance-single-az\"\nresource = \"*:db:odrers\"\nreason = \"r\"\n\
                  owner = \"o\"\nexpires = 2026-11-22\n";
    workspace.write("hadr-scan.toml", waiver);
    for command in ["evaluate", "controls"] {
        let output = workspace.run(&[&[command][..], &ONE_POLICY[1..]].concat());
        let stderr = String::from_utf8(output.stderr).unwrap();
        let note = "hadr-scan.toml:3: the waiver of rds-instance-single-az for *:db:odrers matches nothing\n";
        assert_eq!(stderr, note, "{command}");
        workspace.write("hadr-scan.toml", &waiver.replace("odrers", "orders"));
        let output = workspace.run(&[&[command][..], &ONE_POLICY[1..]].concat());
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{command}");
        workspace.write("hadr-scan.toml", waiver);
    }
    assert_eq!(workspace.status(&ONE_POLICY), Some(0));
}

#[test]
fn what_could_not_be_evaluated_is_no_pass() {
    let workspace = Workspace::new();
    workspace.write(
        "snapshot.json",
        &SNAPSHOT.replace("\"collected\",\"items\":1", "\"denied\",\"code\":\"AccessDenied\""),
    );
    assert_eq!(workspace.status(&ONE_POLICY), Some(3));
    assert_eq!(workspace.status(&[&ONE_POLICY[..], &["--allow-incomplete"]].concat()), Some(0));
}

#[test]
fn reports_go_where_they_are_sent() {
    let workspace = Workspace::new();
    let run = |more: &[&str]| workspace.run(&[&ONE_POLICY[..], more].concat());
    let output = run(&["-o", "out.json", "-o", "out.sarif"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "1 medium; written to out.json, out.sarif\n");
    assert_eq!(workspace.files(), ["out.json", "out.sarif", "snapshot.json"]);

    let json = fs::read(workspace.path().join("out.json")).unwrap();
    assert_eq!(run(&["--format", "json"]).stdout, json);
    assert_eq!(run(&["-o", "-", "--format", "json"]).stdout, json);
    run(&["-o", "named.txt", "--format", "json"]);
    assert_eq!(fs::read(workspace.path().join("named.txt")).unwrap(), json);
    // What is there is replaced, and a device stays what it is.
    fs::write(workspace.path().join("out.json"), "old").unwrap();
    run(&["-o", "out.json", "-o", "/dev/null", "--format", "json"]);
    assert_eq!(fs::read(workspace.path().join("out.json")).unwrap(), json);
    assert!(!Path::new("/dev/null").is_file());
}

#[test]
fn the_input_of_the_policies_is_printed_as_json() {
    let workspace = Workspace::new();
    let output = workspace.run(&["evaluate", "snapshot.json", "--print-input"]);
    let input: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(input["resources"]["AWS::RDS::DBInstance"][0]["name"], "orders");
}

#[test]
fn the_example_of_the_configuration_is_written_once() {
    let workspace = Workspace::new();
    assert_eq!(workspace.status(&["config", "init"]), Some(0));
    workspace.refuses(&["config", "init"], "cannot write hadr-scan.toml");
    workspace
        .write("hadr-scan.toml", "[tiers.general]\nrto = \"2h\"\nrpo = \"1h\"\nstrategy = \"multi-site\"\n");
    let shown = String::from_utf8(workspace.run(&["config", "show"]).stdout).unwrap();
    let line = |start: &str| shown.lines().find(|line| line.starts_with(start)).unwrap();
    assert!(line("tiers.general.rto = \"7200s\"").ends_with("# hadr-scan.toml:2"), "{shown}");
    assert!(line("tiers.mission-critical.rto = \"3600s\"").ends_with("# default"), "{shown}");
}

#[test]
fn a_stale_catalogue_is_told_and_written() {
    let workspace = Workspace::new();
    workspace.run(&["policy", "new", "s3/bucket_new"]);
    workspace.refuses(&["policy", "docs"], "cannot read or write policies/README.md");
    workspace.write("policies/README.md", "# Mine\n");
    workspace.refuses(&["policy", "docs"], "has no lines `<!-- catalogue -->`");
    workspace.write("policies/README.md", "# Mine\n<!-- catalogue -->\n<!-- /catalogue -->\nend\n");
    assert_eq!(workspace.status(&["policy", "docs", "--check"]), Some(1));
    assert_eq!(workspace.status(&["policy", "docs"]), Some(0));
    assert_eq!(workspace.status(&["policy", "docs", "--check"]), Some(0));
    // A policy that is begun is not finished.
    assert_eq!(workspace.status(&["policy", "test", "s3-bucket-new", "--policies", "policies"]), Some(1));
}

/// The interface at a glance: a change to it shows up here.
#[test]
fn help() {
    let workspace = Workspace::new();
    for command in [
        "",
        "scan",
        "collect",
        "evaluate",
        "controls",
        "policy",
        "policy list",
        "policy show",
        "policy new",
        "policy test",
        "policy docs",
        "permissions",
        "schema",
        "config",
        "config init",
        "config show",
        "completions",
    ] {
        let args: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let output = workspace.run(&args);
        assert!(output.status.success());
        let name = if command.is_empty() { "hadr-scan".to_owned() } else { command.replace(' ', "-") };
        insta::assert_snapshot!(format!("help-{name}"), String::from_utf8(output.stdout).unwrap());
    }
}

/// Policies of a service are run together. One that gives nothing that could be read takes no other's verdicts along.
#[test]
fn a_policy_that_cannot_be_evaluated_costs_no_other_its_verdicts() {
    let workspace = Workspace::new();
    assert_eq!(workspace.status(&["policy", "new", "s3/bucket_new", "--policies", "mine"]), Some(0));
    let file = workspace.path().join("mine/s3/bucket_new.rego");
    let text = fs::read_to_string(&file).unwrap();
    let (metadata, _) = text.split_once("\npackage ").unwrap();
    let rules = "subjects := input.nothing\n\nviolations := set()\n";
    fs::write(&file, format!("{metadata}\npackage hadr.s3.bucket_new\n\n{rules}")).unwrap();
    let report = |arguments: &[&str], output: &str| -> serde_json::Value {
        let arguments =
            [&["evaluate", "snapshot.json", "--fail-on", "none", "-o", output], arguments].concat();
        workspace.status(&arguments);
        serde_json::from_slice(&fs::read(workspace.path().join(output)).unwrap()).unwrap()
    };
    let before = report(&[], "before.json");
    let after = report(&["--policies", "mine"], "after.json");
    assert_eq!(after["accounts"][0]["findings"], before["accounts"][0]["findings"]);
    let reasons = |report: &serde_json::Value| {
        let inconclusive = report["accounts"][0]["inconclusive"].as_array().unwrap().clone();
        let (new, others): (Vec<_>, Vec<_>) =
            inconclusive.into_iter().partition(|open| open["policy"] == "s3-bucket-new");
        (new.iter().map(|open| open["reason"].to_string()).collect::<Vec<_>>(), others)
    };
    let ((none, others_before), (new, others_after)) = (reasons(&before), reasons(&after));
    assert_eq!((none, others_after), (Vec::new(), others_before));
    assert!(new.iter().any(|reason| reason.contains("the policy could not be evaluated")), "{new:?}");
}

/// A program of the machine has room for a limited number of modules and values.
#[test]
fn a_service_can_have_more_policies_than_a_program_has_room_for() {
    let workspace = Workspace::new();
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/s3/bucket_unversioned.rego");
    let text = fs::read_to_string(policy).unwrap();
    for number in 0..150 {
        let copy =
            text.replace("package hadr.s3.bucket_unversioned", &format!("package hadr.s3.bucket_{number}"));
        workspace.write(&format!("mine/s3/bucket_{number}.rego"), &copy);
    }
    let arguments =
        ["evaluate", "snapshot.json", "--policies", "mine", "--fail-on", "none", "--allow-incomplete"];
    assert_eq!(workspace.status(&arguments), Some(0));
}

/// A misspelt attribute is undefined, fires nowhere and would look like a pass.
#[test]
fn a_policy_that_reads_what_no_resource_has_is_refused() {
    let workspace = Workspace::new();
    assert_eq!(workspace.status(&["policy", "new", "rds/instance_odd", "--policies", "mine"]), Some(0));
    workspace.refuses(
        &["evaluate", "snapshot.json", "--policies", "mine"],
        "rds/instance_odd.rego:34: no resource has an attribute `fill_in`",
    );
}
