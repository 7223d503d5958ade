//! SARIF 2.1.0 in the shape that code scanning services take: one run for each account, and in it the findings
//! that nobody waived.
//!
//! GitHub makes an open alert of every result, whatever its kind, suppressions or baseline say, and closes an
//! alert whose result is gone. So waived findings, passes and open verdicts are not results; what could not be
//! evaluated is in the notifications, and the exit code tells a job not to upload.

mod location;
mod message;
mod notification;
mod result;
mod rule;
mod taxonomy;

use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use serde_sarif::sarif::{Invocation, Tool, ToolComponent};

use self::location::Places;
use self::rule::Rules;
use super::stream::Once;
use super::{Report, stream};
use crate::finding::{AccountAssessment, Assessment, Finding};
use crate::policy::Severity;

/// GitHub requires this address and the crate's constant is another one.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The SARIF report.
pub(super) struct Sarif;

impl Report for Sarif {
    fn render(&self, assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
        stream::write_json(&Log(assessment), out)
    }
}

/// The log. The crate's type sorts its fields and holds every result at once; this one writes `$schema` and
/// `version` first, as readers that look at the head of a file expect, and each result when it is its turn.
struct Log<'a>(&'a Assessment);

impl Serialize for Log<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rules = Rules::of(&self.0.policies);
        let mut log = serializer.serialize_map(Some(3))?;
        log.serialize_entry("$schema", SCHEMA)?;
        log.serialize_entry("version", "2.1.0")?;
        let runs = self.0.accounts.iter().map(|account| Run { account, rules: &rules });
        log.serialize_entry("runs", &Once::new(runs))?;
        log.end()
    }
}

/// The run of one account, with the tool before the results.
struct Run<'a> {
    account: &'a AccountAssessment,
    rules: &'a Rules<'a>,
}

impl Serialize for Run<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { account, rules } = *self;
        let places = Places::of(account);
        let invocation = Invocation::builder()
            // An account that denies some calls is a scan that did its work: GitHub may refuse the whole file
            // for anything else.
            .execution_successful(true)
            .tool_execution_notifications(notification::notifications(account, rules))
            .build();
        let mut run = serializer.serialize_map(None)?;
        run.serialize_entry("tool", &Tool::builder().driver(driver(rules)).build())?;
        // What comes before the last slash is the category by which GitHub keeps accounts apart.
        run.serialize_entry("automationDetails", &json!({"id": format!("hadr-scan/{}/", account.account)}))?;
        run.serialize_entry("originalUriBaseIds", &location::uri_bases())?;
        run.serialize_entry("columnKind", "unicodeCodePoints")?;
        run.serialize_entry("properties", &properties(account))?;
        run.serialize_entry("invocations", &[invocation])?;
        run.serialize_entry("taxonomies", &rules.taxonomies().components())?;
        run.serialize_entry("artifacts", &[places.artifact()])?;
        run.serialize_entry("logicalLocations", &Once::new(places.logical_locations()))?;
        let results = reported(account).map(|finding| result::result(finding, account, rules, &places));
        run.serialize_entry("results", &Once::new(results))?;
        run.end()
    }
}

/// The findings that are results.
fn reported(account: &AccountAssessment) -> impl Iterator<Item = &Finding> {
    account.findings.iter().filter(|finding| finding.waiver.is_none())
}

fn driver(rules: &Rules<'_>) -> ToolComponent {
    let mut driver = ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules.descriptors())
        .notifications(notification::descriptors())
        .supported_taxonomies(rules.taxonomies().references())
        .build();
    let page = env!("CARGO_PKG_REPOSITORY");
    driver.information_uri = (!page.is_empty()).then(|| page.to_owned());
    driver
}

fn properties(account: &AccountAssessment) -> Value {
    json!({"hadr": {
        "partition": account.partition,
        "alias": account.alias,
        "regions": account.regions,
        "capturedAt": account.captured_at.to_string(),
    }})
}

/// SARIF has three levels for five severities.
const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}
