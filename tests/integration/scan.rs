//! The main job, as the README tells users to do it: scan an account, upload the SARIF, act on the JSON.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::fixtures::{NAMES, file};
use crate::support::block_on;
use crate::support::cloud::Cloud;
use crate::support::program::Program;
use crate::support::seed::single_region;

#[test]
fn an_account_of_the_configuration_is_scanned_into_sarif_and_json() {
    let cloud = Cloud::new();
    block_on(single_region::seed(&cloud.account));
    let program = Program::on(&cloud.account);
    let configuration = "[accounts.prod]\nregions = [\"ap-northeast-1\", \"ap-southeast-1\"]\n\n\
        [[waivers]]\npolicy = \"rds-deletion-protection-off\"\nresource = \"arn:aws:rds:*:db:reports\"\n\
        reason = \"rebuilt every night\"\nowner = \"data\"\nexpires = 2999-12-31\n\n\
        [parameters.governance-waiver-ineffective]\nmaximum_days = 1000000\n";
    fs::write(program.path("hadr-scan.toml"), configuration).unwrap();
    let endpoint = cloud.gateway.endpoint();
    let run = program.run(&[
        "--account",
        "prod",
        "--endpoint-url",
        &endpoint,
        "-o",
        "out.sarif",
        "-o",
        "out.json",
        "--save-snapshot",
        "prod.json",
    ]);
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert_eq!(run.stdout, "");

    let read =
        |name: &str| -> Value { serde_json::from_slice(&fs::read(program.path(name)).unwrap()).unwrap() };
    let (sarif, report) = (read("out.sarif"), read("out.json"));
    let findings = report["accounts"][0]["findings"].as_array().unwrap();
    let open: BTreeSet<&str> = findings
        .iter()
        .filter(|finding| finding["waiver"].is_null())
        .map(|finding| finding["id"].as_str().unwrap())
        .collect();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let uploaded: BTreeSet<&str> =
        results.iter().map(|result| result["fingerprints"]["hadrFinding/v1"].as_str().unwrap()).collect();
    assert_eq!(open, uploaded, "what is not waived is what is uploaded");

    let waived: Vec<&Value> = findings.iter().filter(|finding| !finding["waiver"].is_null()).collect();
    assert_eq!(waived.len(), 1);
    assert_eq!(waived[0]["subject"]["name"], "reports");
    assert_eq!(waived[0]["waiver"]["owner"], "data");

    // A finding points at the line of its resource in the snapshot that was kept.
    let lines = fs::read_to_string(program.path("prod.json")).unwrap();
    for result in results {
        let location = &result["locations"][0];
        assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "prod.json");
        let line = location["physicalLocation"]["region"]["startLine"].as_u64().unwrap();
        let text = lines.lines().nth(usize::try_from(line).unwrap() - 1).unwrap();
        let arn = location["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap();
        // The account and its workloads are no resources. They are where the snapshot says whose it is.
        let resource = format!("\"arn\":\"{arn}\"");
        let account = format!("\"account\":\"{}\"", cloud.account.id);
        let expected = if lines.contains(&resource) { resource } else { account };
        assert!(text.contains(&expected), "{arn} is not in line {line}: {text}");
    }

    // Without credentials and network the same snapshot gives the same report.
    let again = program.run(&["evaluate", "prod.json", "-o", "again.json"]);
    assert_eq!(again.code, 1, "{}", again.stderr);
    assert_eq!(read("again.json"), report);
}

/// Invariant 2. The number of threads is the one thing that differs between machines.
#[test]
fn an_evaluation_gives_the_same_bytes_every_time() {
    for format in ["table", "json", "sarif"] {
        let evaluate = |threads: &str| {
            let files = NAMES.map(file);
            let output = Command::new(env!("CARGO_BIN_EXE_hadr-scan"))
                .args(["evaluate", "--format", format])
                .args(&files)
                .env("RAYON_NUM_THREADS", threads)
                .output()
                .unwrap();
            assert!(output.stdout.len() > 1000, "{}", String::from_utf8_lossy(&output.stderr));
            output.stdout
        };
        assert!(evaluate("1") == evaluate("8"), "{format}");
    }
}

#[test]
fn snapshots_match_the_schema_that_is_printed() {
    let output = Command::new(env!("CARGO_BIN_EXE_hadr-scan")).args(["schema", "snapshot"]).output().unwrap();
    let schema: Value = serde_json::from_slice(&output.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut snapshots: Vec<Value> =
        NAMES.iter().map(|name| serde_json::from_slice(&fs::read(file(name)).unwrap()).unwrap()).collect();
    for snapshot in &snapshots {
        let errors: Vec<String> = validator.iter_errors(snapshot).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    snapshots[0]["resources"][0]["attributes"]["surprise"] = json!(true);
    assert!(!validator.is_valid(&snapshots[0]), "the schema allows attributes that it does not know");
}
