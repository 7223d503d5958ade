//! SARIF: against the schema, against the validator with GitHub's rules where it is there, and against what
//! neither of them checks.

use std::collections::{BTreeMap, HashSet};
use std::process::Command;

use hadr_scan::report::Format;
use serde_json::{Value, json};

use super::account::{POLICIES, assert_harmless, assessment, hostile, rendered, small, snapshot, waivers};
use crate::support::node::multitool;

fn sarif() -> Value {
    serde_json::from_str(&rendered(Format::Sarif, &hostile(), None)).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_else(|| panic!("a list, not {value}"))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text, not {value}"))
}

/// The element that an index points at.
fn at<'a>(items: &'a Value, index: &Value) -> &'a Value {
    let index = usize::try_from(index.as_u64().unwrap_or_else(|| panic!("an index, not {index}"))).unwrap();
    &list(items)[index]
}

/// The schema of the validator's package, or else of the crate with SARIF's types, from where cargo keeps it.
fn schema() -> Value {
    if let Some(multitool) = multitool() {
        return multitool.schema();
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["metadata", "--format-version", "1", "--offline", "--manifest-path"];
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let output = Command::new(cargo).args(arguments).arg(manifest).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let package =
        list(&metadata["packages"]).iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let folder = std::path::Path::new(text(&package["manifest_path"])).parent().unwrap();
    let mut schema: Value =
        serde_json::from_slice(&std::fs::read(folder.join("src/schema.json")).unwrap()).unwrap();
    // This pattern has a bracket too many, and the report says no language.
    for component in ["run", "toolComponent"] {
        schema["definitions"][component]["properties"]["language"] = json!({"type": "string"});
    }
    schema
}

#[test]
fn the_report_matches_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let sarif = sarif();
    let errors: Vec<String> = validator.iter_errors(&sarif).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let mut wrong = sarif;
    wrong["runs"][0]["results"][0]["level"] = json!("critical");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn the_report_is_read_by_the_types_of_sarif() {
    let text = rendered(Format::Sarif, &hostile(), None);
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(&text).unwrap();
    assert_eq!(log.runs.len(), 2);
    assert_eq!(serde_json::to_value(&log).unwrap(), sarif(), "nothing is outside of the types");
}

#[test]
fn the_validator_has_nothing_against_the_report() {
    let Some(multitool) = multitool() else { return };
    let text = rendered(Format::Sarif, &hostile(), None);
    let mut objections = multitool.validate(text.as_bytes());
    // It asks for the home page of the tool, which the report has as soon as the package has one.
    objections.retain(|objection| {
        !objection.contains("ProvideToolnformationUri") || !env!("CARGO_PKG_REPOSITORY").is_empty()
    });
    assert_eq!(objections, Vec::<String>::new());
    let located = text.replace("\"startLine\":", "\"endLine\":");
    let objections = multitool.validate(located.as_bytes());
    assert!(
        objections.iter().any(|objection| objection.contains("GH1003")),
        "GitHub's rules are on: {objections:?}"
    );
}

#[test]
fn the_head_is_in_the_order_that_readers_expect() {
    let text = rendered(Format::Sarif, &hostile(), None);
    assert_harmless(&text);
    let places: Vec<usize> = ["\"$schema\"", "\"version\"", "\"runs\"", "\"tool\"", "\"results\""]
        .iter()
        .map(|key| text.find(key).unwrap())
        .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn every_result_has_one_place_that_its_indices_agree_with() {
    for run in list(&sarif()["runs"]) {
        for (index, logical) in list(&run["logicalLocations"]).iter().enumerate() {
            let Some(parent) = logical.get("parentIndex") else {
                assert_eq!(logical["name"], logical["fullyQualifiedName"]);
                continue;
            };
            assert!(parent.as_u64() < u64::try_from(index).ok(), "{logical}");
        }
        for result in list(&run["results"]) {
            let [location] = list(&result["locations"]) else { panic!("one location: {result}") };
            let physical = &location["physicalLocation"];
            assert!(physical["region"]["startLine"].as_u64().unwrap() >= 1);
            let artifact = at(&run["artifacts"], &physical["artifactLocation"]["index"]);
            assert_eq!(artifact["location"]["uri"], physical["artifactLocation"]["uri"]);
            let [logical] = list(&location["logicalLocations"]) else { panic!("one resource: {location}") };
            let known = at(&run["logicalLocations"], &logical["index"]);
            for key in ["name", "fullyQualifiedName", "kind"] {
                assert_eq!(known[key], logical[key]);
            }
        }
    }
}

#[test]
fn every_result_belongs_to_a_rule() {
    for run in list(&sarif()["runs"]) {
        let rules = &run["tool"]["driver"]["rules"];
        let ids: Vec<&str> = list(rules).iter().map(|rule| text(&rule["id"])).collect();
        assert_eq!(ids, POLICIES, "rules are there whether they fired or not");
        for result in list(&run["results"]) {
            assert_eq!(at(rules, &result["ruleIndex"])["id"], result["ruleId"]);
            assert!(["error", "warning", "note"].contains(&text(&result["level"])));
            assert!(result.get("kind").is_none() && result.get("suppressions").is_none());
        }
        for rule in list(rules) {
            assert!(list(&rule["properties"]["tags"]).len() <= 10);
            let severity = text(&rule["properties"]["security-severity"]);
            assert!(severity.parse::<f64>().is_ok(), "{severity}");
            for description in ["shortDescription", "fullDescription"] {
                let length = text(&rule[description]["text"]).chars().count();
                assert!((1..=1024).contains(&length), "{description} of {rule}");
            }
            assert!(!text(&rule["help"]["text"]).is_empty() && !text(&rule["help"]["markdown"]).is_empty());
        }
    }
}

#[test]
fn rules_point_at_clauses_that_are_there() {
    for run in list(&sarif()["runs"]) {
        let mut clauses = 0;
        for rule in list(&run["tool"]["driver"]["rules"]) {
            for relationship in list(&rule["relationships"]) {
                let target = &relationship["target"];
                let taxonomy = at(&run["taxonomies"], &target["toolComponent"]["index"]);
                assert_eq!(taxonomy["name"], target["toolComponent"]["name"]);
                assert_eq!(at(&taxonomy["taxa"], &target["index"])["id"], target["id"]);
                clauses += 1;
            }
        }
        assert!(clauses >= 4, "the policies name at least these");
        let supported = list(&run["tool"]["driver"]["supportedTaxonomies"]);
        assert_eq!(supported.len(), list(&run["taxonomies"]).len());
    }
}

#[test]
fn frameworks_are_taxonomies_with_their_editions() {
    for run in list(&sarif()["runs"]) {
        let taxonomies: Vec<_> = list(&run["taxonomies"])
            .iter()
            .map(|taxonomy| {
                let taxa = list(&taxonomy["taxa"]).iter().map(|taxon| text(&taxon["id"])).collect::<Vec<_>>();
                (text(&taxonomy["name"]), text(&taxonomy["version"]), taxa)
            })
            .collect();
        let expected = [
            ("aws-well-architected", "2024-11", vec!["REL09-BP01", "REL10-BP01", "REL11-BP02"]),
            ("aws-config", "2023-06", vec!["rds-multi-az-support"]),
            ("aws-security-hub", "2023-06", vec!["RDS.5"]),
            ("nist-800-53", "Rev. 5", vec!["CP-10", "CP-9", "SC-36", "SI-13(5)"]),
            ("iso-22301", "2019", vec!["8.3.4"]),
            ("dora", "Regulation (EU) 2022/2554", vec!["11(5)", "12(4)"]),
            ("soc2", "2017, revised 2022", vec!["A1.2"]),
        ];
        assert_eq!(taxonomies, expected);
        let supported = list(&run["tool"]["driver"]["supportedTaxonomies"]).iter();
        let supported: Vec<(&str, Option<u64>)> =
            supported.map(|reference| (text(&reference["name"]), reference["index"].as_u64())).collect();
        let named: Vec<_> = taxonomies.iter().map(|(name, ..)| *name).zip((0..).map(Some)).collect();
        assert_eq!(supported, named);

        let rule = &list(&run["tool"]["driver"]["rules"])[0];
        let relationships: Vec<_> = list(&rule["relationships"])
            .iter()
            .map(|relationship| {
                let target = &relationship["target"];
                (text(&target["toolComponent"]["name"]), text(&target["id"]), &relationship["kinds"])
            })
            .collect();
        let relevant = json!(["relevant"]);
        let of_policy =
            expected.iter().flat_map(|(name, _, ids)| ids.iter().map(|id| (*name, *id, &relevant)));
        let of_policy: Vec<_> =
            of_policy.filter(|(_, id, _)| !["REL09-BP01", "CP-9", "CP-10"].contains(id)).collect();
        assert_eq!(relationships, of_policy);
    }
}

#[test]
fn fingerprints_tell_results_apart() {
    for run in list(&sarif()["runs"]) {
        let mut seen = HashSet::new();
        for result in list(&run["results"]) {
            let id = text(&result["fingerprints"]["hadrFinding/v1"]);
            let line = text(&result["partialFingerprints"]["primaryLocationLineHash"]);
            assert_eq!(line, format!("{}:1", &id[..16]));
            assert!(seen.insert((text(&result["ruleId"]), line)), "{line} is there twice");
            let guid: uuid::Uuid = text(&result["correlationGuid"]).parse().unwrap();
            assert_eq!(guid.get_version_num(), 5);
        }
    }
}

#[test]
fn messages_are_nothing_but_text() {
    for run in list(&sarif()["runs"]) {
        for result in list(&run["results"]) {
            let message = text(&result["message"]["text"]);
            assert!(message.ends_with('.') && !message.contains('`'), "{message}");
            let without_escapes = message.replace("\\\\", "").replace("\\[", "").replace("\\]", "");
            assert!(!without_escapes.contains(['[', ']']), "{message}");
            let without_pairs = message.replace("{{", "").replace("}}", "");
            assert!(!without_pairs.contains(['{', '}']), "{message}");
        }
    }
}

#[test]
fn what_was_not_collected_is_a_warning_and_not_an_error() {
    for run in list(&sarif()["runs"]) {
        let [invocation] = list(&run["invocations"]) else { panic!("one invocation: {run}") };
        assert_eq!(invocation["executionSuccessful"], true);
        let descriptors = &run["tool"]["driver"]["notifications"];
        let mut levels: BTreeMap<&str, &str> = BTreeMap::new();
        for notification in list(&invocation["toolExecutionNotifications"]) {
            let id = &notification["descriptor"]["id"];
            assert_eq!(&at(descriptors, &notification["descriptor"]["index"])["id"], id);
            levels.insert(text(id), text(&notification["level"]));
            if let Some(rule) = notification.get("associatedRule") {
                assert_eq!(at(&run["tool"]["driver"]["rules"], &rule["index"])["id"], rule["id"]);
            }
        }
        assert_eq!(levels.get("hadr-call-denied"), Some(&"warning"));
        assert_eq!(levels.get("hadr-call-failed"), Some(&"warning"));
        assert_eq!(levels.get("hadr-region-disabled"), Some(&"note"));
        assert!(!levels.values().any(|level| *level == "error"));
    }
}

#[test]
fn a_small_account_as_sarif() {
    let assessment = assessment(vec![snapshot("123456789012", small())], json!({"waivers": waivers()}));
    let sarif: Value = serde_json::from_str(&rendered(Format::Sarif, &assessment, None)).unwrap();
    insta::assert_json_snapshot!(sarif);
}
