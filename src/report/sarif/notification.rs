//! Notifications: what could not be evaluated. They are warnings, since one at level `error` would say that the
//! whole run failed.

use serde_json::{Value, json};
use serde_sarif::sarif::{Notification, PropertyBag, ReportingDescriptor, ReportingDescriptorReference};

use super::message;
use super::rule::Rules;
use crate::finding::AccountAssessment;
use crate::report::gap::{self, Cause, Open};
use crate::snapshot::Outcome;

/// Ids of notifications with what they say. The place in the list is the index.
const DESCRIPTORS: [(&str, &str, &str); 8] = [
    (
        "hadr-call-denied",
        "A call was denied",
        "Allow the action to the role that scans; `hadr-scan permissions` prints what it needs. A service control \
         policy or a policy of the resource may deny it as well.",
    ),
    (
        "hadr-call-throttled",
        "A call was throttled until its retries ran out",
        "Scan again when less runs in the account.",
    ),
    ("hadr-call-failed", "A call failed", "Scan again; if it fails each time, the error code says why."),
    (
        "hadr-region-disabled",
        "A Region is not enabled",
        "Nothing can be in a Region that is not enabled. Leave it out of the Regions to scan.",
    ),
    (
        "hadr-call-unsupported",
        "A service does not answer like the API",
        "The service may not exist in the Region, or something between has answered in its place.",
    ),
    (
        "hadr-call-skipped",
        "A call was not made",
        "A call that it depends on had failed, the deadline had passed, or an older version took the snapshot.",
    ),
    (
        "hadr-value-unknown",
        "A value that decides was not collected",
        "The policy says in its description what it needs; newer versions may collect it.",
    ),
    (
        "hadr-policy-failed",
        "A policy could not be evaluated",
        "The policy has a mistake: `hadr-scan policy test` tries it.",
    ),
];

/// What notifications refer to.
pub(super) fn descriptors() -> Vec<ReportingDescriptor> {
    let descriptor = |(id, title, help): &(&str, &str, &str)| {
        ReportingDescriptor::builder()
            .id(*id)
            .short_description(message::description(title))
            .full_description(message::description(title))
            .help(message::documentation(message::plain(help), *help))
            .build()
    };
    DESCRIPTORS.iter().map(descriptor).collect()
}

/// Notifications of an account, in a fixed order.
pub(super) fn notifications(account: &AccountAssessment, rules: &Rules<'_>) -> Vec<Notification> {
    let gaps = gap::gaps(account);
    gaps.iter().map(|(cause, open)| notification(cause, open, rules)).collect()
}

fn notification(cause: &Cause<'_>, open: &Open<'_>, rules: &Rules<'_>) -> Notification {
    let (id, level, text) = match cause {
        Cause::Call { operation, outcome, code, region } => {
            let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
            let named = gap::named(operation, *outcome);
            let text =
                format!("'{named}' was {} in '{region}'{code}: {}", gap::past(*outcome), open.describe());
            // A disabled Region holds nothing, so nothing is left open.
            let level = if *outcome == Outcome::RegionDisabled { "note" } else { "warning" };
            (of_outcome(*outcome), level, text)
        }
        Cause::Undecided { policy } => {
            let text = format!("'{policy}' lacks a value that decides: {}", open.verdicts());
            ("hadr-value-unknown", "warning", text)
        }
        Cause::Evaluation { policy, error } => {
            let text = format!("'{policy}' could not be evaluated, {error}: {}", open.verdicts());
            ("hadr-policy-failed", "warning", text)
        }
    };
    let index = DESCRIPTORS.iter().zip(0_i64..).find(|(descriptor, _)| descriptor.0 == id);
    let mut descriptor = ReportingDescriptorReference::builder().id(id).build();
    descriptor.index = index.map(|(_, index)| index);
    let mut notification = Notification::builder()
        .descriptor(descriptor)
        .level(level)
        .message(message::message(&text))
        .properties(properties(open))
        .build();
    // A notification can name one rule; when there are more, the properties have them all.
    if let Some(policy) = open.policies.first().filter(|_| open.policies.len() == 1) {
        notification.associated_rule = rules.reference(policy);
    }
    notification
}

fn properties(open: &Open<'_>) -> PropertyBag {
    let hadr = json!({"policies": open.policies, "verdicts": open.verdicts});
    let properties =
        [("hadr".to_owned(), hadr)].into_iter().collect::<std::collections::BTreeMap<_, Value>>();
    PropertyBag::builder().additional_properties(properties).build()
}

const fn of_outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Denied => "hadr-call-denied",
        Outcome::Throttled => "hadr-call-throttled",
        Outcome::Collected | Outcome::Failed => "hadr-call-failed",
        Outcome::RegionDisabled => "hadr-region-disabled",
        Outcome::Unsupported => "hadr-call-unsupported",
        Outcome::Skipped => "hadr-call-skipped",
    }
}
