//! The table.

use console::measure_text_width;
use hadr_scan::report::{Format, Options, render};
use serde_json::json;

use super::account::{assert_harmless, assessment, hostile, rendered, small, snapshot, waivers};

#[test]
fn a_terminal_gets_nothing_to_obey() {
    assert_harmless(&rendered(Format::Table, &hostile(), None));
    assert_harmless(&rendered(Format::Table, &hostile(), Some(120)));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [1, 20, 40, 80, 120, 200] {
        for line in rendered(Format::Table, &hostile(), Some(width)).lines() {
            assert!(measure_text_width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn colours_change_nothing_else() {
    let mut out = Vec::new();
    let options = Options { width: Some(80), color: true };
    render(Format::Table, &hostile(), &options, &mut out).unwrap();
    let coloured = String::from_utf8(out).unwrap();
    assert!(coloured.contains("\u{1b}[1;31mcritical"), "{coloured}");
    assert_eq!(console::strip_ansi_codes(&coloured), rendered(Format::Table, &hostile(), Some(80)));
}

#[test]
fn a_small_account_on_a_terminal() {
    let assessment = assessment(vec![snapshot("123456789012", small())], json!({"waivers": waivers()}));
    insta::assert_snapshot!(rendered(Format::Table, &assessment, Some(100)));
}

/// The message is what a person acts on.
#[test]
fn a_narrow_terminal_gets_whole_messages_on_lines_of_their_own() {
    let assessment = assessment(vec![snapshot("123456789012", small())], json!({"waivers": waivers()}));
    for width in [40, 80] {
        let text = rendered(Format::Table, &assessment, Some(width));
        assert!(
            text.contains("\nmedium    test-no-resource  eu-west-1\n  arn:aws:account::123456789012"),
            "{text}"
        );
        assert!(!text.contains('…'), "{width}: {text}");
        // Where lines end is not part of the message, and long words end with a line.
        let joined = |text: &str| text.split_whitespace().collect::<String>();
        let all = joined(&text);
        for finding in &assessment.accounts[0].findings {
            let shown = match &finding.waiver {
                Some(waiver) => hadr_scan::text::printable(&waiver.reason).into_owned(),
                None => hadr_scan::text::printable(&finding.message).into_owned(),
            };
            assert!(all.contains(&joined(&shown)), "{width}: {shown}\n{text}");
        }
    }
}

#[test]
fn an_account_without_findings_says_so() {
    let mut standby = super::account::instance("orders", "eu-west-1");
    standby["attributes"]["multi_az"] = json!(true);
    let mut snapshot = snapshot("123456789012", vec![standby]);
    snapshot.scope.regions.retain(|region| region == "eu-west-1");
    snapshot.coverage.retain(|call| call.region == "eu-west-1");
    let mut assessment = assessment(vec![snapshot], json!({}));
    assessment.policies.retain(|policy| policy.id == "rds-instance-single-az");
    assessment.accounts[0].findings.retain(|finding| finding.policy == "rds-instance-single-az");
    insta::assert_snapshot!(rendered(Format::Table, &assessment, Some(80)), @"
    Account 123456789012 (prod): 1 resource, captured 2026-11-22T03:00:00Z
    Regions: eu-west-1

    No findings: everything that the policies are about was evaluated.
    Findings: 0 critical, 0 high, 0 medium, 0 low, 0 info; 0 waived
    Policies: 0 violated, 0 inconclusive, 0 waived, 1 passed, 0 not applicable
    ");
}
