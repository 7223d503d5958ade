//! The program's own JSON.

use hadr_scan::report::{Format, schema};
use serde_json::{Value, json};

use super::account::{assert_harmless, hostile, hostile_names, rendered};

#[test]
fn the_report_matches_its_schema() {
    let text = rendered(Format::Json, &hostile(), None);
    let report: Value = serde_json::from_str(&text).unwrap();
    let schema = schema().to_value();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let mut wrong = report;
    wrong["accounts"][0]["findings"][0]["severity"] = json!("dreadful");
    assert!(!validator.is_valid(&wrong));
    wrong["accounts"][0]["findings"][0].as_object_mut().unwrap().remove("severity");
    assert!(!validator.is_valid(&wrong), "every field is promised");
}

#[test]
fn names_are_escaped_and_read_back() {
    let text = rendered(Format::Json, &hostile(), None);
    assert_harmless(&text);
    let report: Value = serde_json::from_str(&text).unwrap();
    let findings = report["accounts"][1]["findings"].as_array().unwrap();
    for name in hostile_names() {
        let found = findings.iter().any(|finding| finding["subject"]["name"] == json!(name));
        assert!(found, "{name:?} is a subject");
    }
}

#[test]
fn a_report_says_what_was_concluded() {
    let report: Value = serde_json::from_str(&rendered(Format::Json, &hostile(), None)).unwrap();
    let account = &report["accounts"][0];
    assert_eq!(
        account["summary"]["findings"],
        json!({"critical": 2, "high": 0, "medium": 4, "low": 2, "info": 1})
    );
    assert_eq!(account["summary"]["waived"], 1);
    let waived =
        account["findings"].as_array().unwrap().iter().find(|finding| !finding["waiver"].is_null()).unwrap();
    assert_eq!(waived["subject"]["name"], "orders");
    assert_eq!(waived["waiver"]["owner"], "orders team");
    let step = &waived["remediation"][0];
    assert_eq!(step["command"]["complete"], true);
    assert_eq!(step["command"]["argv"][3], "--db-instance-identifier=orders");
    assert_eq!(step["undo"]["argv"][4], "--no-multi-az");
    let reasons: Vec<&Value> =
        account["inconclusive"].as_array().unwrap().iter().map(|open| &open["reason"]["kind"]).collect();
    assert!(reasons.contains(&&json!("call")) && reasons.contains(&&json!("undecided")), "{reasons:?}");
    assert_eq!(account["uncollected"][1]["outcome"], "denied");
}

#[test]
fn what_made_a_resource_is_named_and_what_it_would_undo_is_not_proposed() {
    let report: Value = serde_json::from_str(&rendered(Format::Json, &hostile(), None)).unwrap();
    let findings = report["accounts"][0]["findings"].as_array().unwrap();
    let of = |name: &str| findings.iter().find(|finding| finding["subject"]["name"] == name).unwrap();
    let in_a_stack = json!({"name": "the CloudFormation stack shop", "undoes_changes": false});
    assert_eq!(of("sessions")["managed_by"], in_a_stack);
    assert_ne!(of("sessions")["remediation"], json!([]));
    let controlled = json!({"name": "the Elastic Beanstalk environment web", "undoes_changes": true});
    assert_eq!(of("trial")["managed_by"], controlled);
    assert_eq!(of("trial")["remediation"], json!([]));
    assert_eq!(of("orders")["managed_by"], Value::Null);
}

#[test]
fn a_command_says_why_it_is_not_complete() {
    let report: Value = serde_json::from_str(&rendered(Format::Json, &hostile(), None)).unwrap();
    let findings = report["accounts"][1]["findings"].as_array().unwrap();
    let steps_of = |name: &str| {
        let of =
            |finding: &&Value| finding["subject"]["name"] == name && finding["policy"] == "test-every-step";
        findings.iter().find(of).unwrap()["remediation"].clone()
    };
    let steps = steps_of("$(id)");
    assert_eq!(
        steps[0]["command"]["shell"],
        "aws rds modify-db-instance '--db-instance-identifier=$(id)' --region=eu-west-1"
    );
    assert_eq!(steps[1]["command"]["missing"], json!(["inputs.dr_region"]));
    assert_eq!(steps[1]["command"]["complete"], false);
    let refused = steps_of("line\nbreak\r\n");
    assert_eq!(refused[0]["command"]["refused"], "the name holds control characters");
    assert_eq!(refused[0]["command"]["argv"], Value::Null);
    assert_eq!(refused[0]["command"]["shell"], Value::Null);
}

#[test]
fn the_same_assessment_gives_the_same_bytes() {
    for format in Format::ALL {
        assert_eq!(rendered(format, &hostile(), Some(100)), rendered(format, &hostile(), Some(100)));
    }
}
