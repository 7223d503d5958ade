//! Controls of frameworks: the table, the document, the section of the JSON report and SARIF's taxonomies.

use console::measure_text_width;
use hadr_scan::finding::Assessment;
use hadr_scan::policy::Framework;
use hadr_scan::report::{Controls, Format, Options, controls_schema};
use serde_json::{Value, json};

use super::account::{assert_harmless, assessment, hostile, instance, rendered, small, snapshot, waivers};

fn table(assessment: &Assessment, only: &[Framework], options: Options) -> String {
    let mut out = Vec::new();
    Controls::of(assessment, only).write_table(&options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn document(assessment: &Assessment, only: &[Framework]) -> Value {
    let mut out = Vec::new();
    Controls::of(assessment, only).write_json(&mut out).unwrap();
    assert_harmless(std::str::from_utf8(&out).unwrap());
    serde_json::from_slice(&out).unwrap()
}

/// An account whose listings were all answered, with an instance for each name and state of `multi_az`.
fn answered(instances: &[(&str, Option<bool>)], config: Value) -> Assessment {
    let instance = |(name, multi_az): &(&str, Option<bool>)| {
        let mut instance = instance(name, "eu-west-1");
        instance["attributes"]["multi_az"] = json!(multi_az);
        instance
    };
    let mut snapshot = snapshot("123456789012", instances.iter().map(instance).collect());
    snapshot.scope.regions.retain(|region| region == "eu-west-1");
    snapshot.coverage.retain(|call| call.region == "eu-west-1");
    assessment(vec![snapshot], config)
}

/// Result and counts of a control.
fn of(document: &Value, framework: &str, id: &str) -> Value {
    let frameworks = document["frameworks"].as_array().unwrap();
    let controls = &frameworks.iter().find(|result| result["framework"] == framework).unwrap()["controls"];
    let control = controls.as_array().unwrap().iter().find(|control| control["id"] == id).unwrap();
    json!([control["result"], control["counts"], control["policies"]])
}

fn counts(satisfied: u32, violated: u32, waived: u32, inconclusive: u32) -> Value {
    json!({"satisfied": satisfied, "violated": violated, "waived": waived, "inconclusive": inconclusive})
}

#[test]
fn the_document_matches_its_schema() {
    let validator = jsonschema::validator_for(&controls_schema().to_value()).unwrap();
    let document = document(&hostile(), &[]);
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let mut wrong = document;
    wrong["frameworks"][0]["controls"][0]["result"] = json!("failed");
    assert!(!validator.is_valid(&wrong));
}

#[test]
fn a_control_has_the_result_of_its_worst_verdict() {
    let policies = json!(["rds-instance-single-az"]);
    let waived = json!({"waivers": waivers()});
    let cases: [(&[_], Value, &str, Value); 5] = [
        (&[("orders", Some(false)), ("a", None)], json!({}), "fail", counts(0, 1, 0, 1)),
        (&[("orders", Some(false)), ("a", None)], waived.clone(), "inconclusive", counts(0, 0, 1, 1)),
        (&[("orders", Some(false)), ("a", Some(true))], waived, "waived", counts(1, 0, 1, 0)),
        (&[("orders", Some(true))], json!({}), "pass", counts(1, 0, 0, 0)),
        (&[], json!({}), "not_applicable", counts(0, 0, 0, 0)),
    ];
    for (instances, config, result, counts) in cases {
        let assessment = answered(instances, config);
        let document = document(&assessment, &[]);
        assert_eq!(of(&document, "dora", "11(5)"), json!([result, counts, policies]));
        let controls = Controls::of(&assessment, &[Framework::Dora]);
        assert_eq!(controls.any_fails(), result == "fail");
        assert_eq!(controls.is_complete(), result != "inconclusive");
    }
}

#[test]
fn policies_and_accounts_are_counted_together() {
    let other = snapshot("210987654321", vec![instance("other", "eu-west-1")]);
    let assessment = assessment(vec![snapshot("123456789012", small()), other], json!({}));
    let document = document(&assessment, &[]);
    // In each account one Region denied the listing, and an instance outside production is nobody's subject.
    let both = json!(["fail", counts(0, 8, 0, 5), ["rds-instance-single-az", "test-every-step"]]);
    assert_eq!(of(&document, "aws-well-architected", "REL10-BP01"), both);
    let accounts = document["accounts"].as_array().unwrap().iter();
    let accounts: Vec<&Value> = accounts.map(|account| &account["scope"]["account"]).collect();
    assert_eq!(accounts, ["123456789012", "210987654321"]);
}

#[test]
fn only_the_frameworks_that_were_asked_for_are_there() {
    let document = document(&hostile(), &[Framework::Nist80053]);
    let [framework] = document["frameworks"].as_array().unwrap().as_slice() else { panic!("{document}") };
    assert_eq!(framework["edition"], "Rev. 5");
    let controls = framework["controls"].as_array().unwrap().iter();
    let ids: Vec<&Value> = controls.map(|control| &control["id"]).collect();
    assert_eq!(ids, ["CP-9", "CP-10", "SC-36", "SI-13(5)"]);
}

#[test]
fn the_report_of_an_account_has_its_own_controls() {
    let report: Value = serde_json::from_str(&rendered(Format::Json, &hostile(), None)).unwrap();
    let section = |account: usize| json!({"frameworks": report["accounts"][account]["controls"]});
    let policies = json!(["rds-instance-single-az"]);
    assert_eq!(of(&section(0), "soc2", "A1.2"), json!(["fail", counts(0, 1, 1, 2), policies]));
    let summary = &report["accounts"][0]["controls"][0]["summary"];
    assert_eq!(*summary, json!({"fail": 3, "inconclusive": 0, "waived": 0, "pass": 0, "not_applicable": 0}));
    assert_ne!(of(&section(1), "soc2", "A1.2"), of(&section(0), "soc2", "A1.2"));
}

#[test]
fn a_terminal_gets_short_lines_and_nothing_to_obey() {
    for width in [20, 80, 120] {
        let text = table(&hostile(), &[], Options { width: Some(width), color: false });
        assert_harmless(&text);
        for line in text.lines() {
            assert!(measure_text_width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn controls_on_a_terminal() {
    let assessment = assessment(vec![snapshot("123456789012", small())], json!({"waivers": waivers()}));
    let frameworks = [Framework::AwsWellArchitected, Framework::Dora];
    let text = table(&assessment, &frameworks, Options { width: Some(100), color: false });
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_waived_and_what_does_not_apply_is_said() {
    let options = Options { width: Some(100), color: false };
    let one = answered(&[("orders", Some(false))], json!({"waivers": waivers()}));
    let text = table(&one, &[Framework::Dora], options);
    assert!(text.contains("waived        11(5)  1 waived\n"), "{text}");
    let text = table(&answered(&[], json!({})), &[Framework::Dora], options);
    assert!(text.contains("\nnot applicable: 11(5), 12(4)\n"), "{text}");
    let text = table(&one, &[], Options::default());
    assert!(text.contains("ISO 22301, 2019: 1 waived\n"), "{text}");
}
