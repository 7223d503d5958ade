//! The controls of frameworks for a person, who wants to know which fail and because of which policies.

use std::io::{self, Write};

use super::lines::{Lines, Style, padded};
use crate::finding::{Assessment, Counts};
use crate::policy::Severity;
use crate::report::Options;
use crate::report::control::{ControlResult, Controls, FrameworkResult};
use crate::report::summary::Status;
use crate::text::printable;

/// Columns of the longest result and of the space after it.
const RESULT: usize = 14;

/// Results with their words, the worst first. Controls to which nothing is subject are listed in one line.
const RESULTS: [(Status, &str); 5] = [
    (Status::Violated, "fail"),
    (Status::Inconclusive, "inconclusive"),
    (Status::Waived, "waived"),
    (Status::Passed, "pass"),
    (Status::NotApplicable, "not applicable"),
];

/// What became of a policy, in the words of the other reports.
const VERDICTS: [(Status, &str); 5] = [
    (Status::Violated, "violated"),
    (Status::Inconclusive, "inconclusive"),
    (Status::Waived, "waived"),
    (Status::Passed, "passed"),
    (Status::NotApplicable, "not applicable"),
];

/// Writes the controls.
pub(in crate::report) fn controls(
    controls: &Controls<'_>,
    options: Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut lines = Lines::new(options, out);
    accounts(controls.assessment, &mut lines)?;
    for framework in &controls.frameworks {
        section(framework, &mut lines)?;
    }
    if controls.frameworks.is_empty() {
        lines.plain("No policy that was evaluated is mapped to a control.")?;
        return Ok(());
    }
    let hint = "A control has the result of the worst of its policies; those that no policy looks at are not here. \
                Counts are of subjects, once for each policy.";
    lines.paragraph(Some(Style::Dim), "", hint)
}

fn accounts(assessment: &Assessment, lines: &mut Lines<'_>) -> io::Result<()> {
    for account in &assessment.accounts {
        let alias = account.alias.as_ref().map(|alias| format!(" ({alias})")).unwrap_or_default();
        let name = printable(&format!("Account {}{alias}", account.account)).into_owned();
        lines.led(Style::Heading, &name, &format!(": captured {}", account.captured_at))?;
    }
    lines.gap()
}

fn section(result: &FrameworkResult<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    let framework = result.framework;
    let numbers = joined(RESULTS.map(|(status, word)| (result.number(status), word)));
    let heading = format!("{}, {}: {numbers}", framework.title(), framework.edition());
    lines.paragraph(Some(Style::Heading), "", &heading)?;
    let columns = result.controls.iter().map(|control| control.id.len()).max().unwrap_or_default() + 2;
    for (status, word) in RESULTS.into_iter().filter(|(status, _)| *status != Status::NotApplicable) {
        for control in result.controls.iter().filter(|control| control.status() == status) {
            let lead = padded(word, RESULT);
            let rest = padded(control.id, columns) + &described(control.counts());
            match style(status) {
                Some(style) => lines.led(style, &lead, &rest)?,
                None => lines.plain(&format!("{lead}{rest}"))?,
            }
            policies(control, lines)?;
        }
    }
    let not_applicable = result.controls.iter().filter(|control| control.status() == Status::NotApplicable);
    let ids: Vec<&str> = not_applicable.map(|control| control.id).collect();
    if !ids.is_empty() {
        lines.paragraph(Some(Style::Dim), "", &format!("not applicable: {}", ids.join(", ")))?;
    }
    lines.gap()
}

const fn style(status: Status) -> Option<Style> {
    match status {
        Status::Violated => Some(Style::Severity(Severity::High)),
        Status::Inconclusive => Some(Style::Severity(Severity::Medium)),
        Status::Waived | Status::Passed | Status::NotApplicable => None,
    }
}

fn described(counts: Counts) -> String {
    let Counts { satisfied, violated, waived, inconclusive } = counts;
    joined([
        (violated, "violated"),
        (inconclusive, "inconclusive"),
        (waived, "waived"),
        (satisfied, "satisfied"),
    ])
}

/// Numbers with their words, without what there is none of.
fn joined<const N: usize>(numbers: [(usize, &str); N]) -> String {
    let some = numbers.into_iter().filter(|(number, _)| *number > 0);
    some.map(|(number, word)| format!("{number} {word}")).collect::<Vec<_>>().join(", ")
}

/// The policies of a control by what became of them: a line for each, the worst first.
fn policies(control: &ControlResult<'_>, lines: &mut Lines<'_>) -> io::Result<()> {
    let indent = " ".repeat(RESULT);
    for (status, word) in VERDICTS {
        let of_status = control.policies.iter().filter(|(_, counts)| Status::of(*counts) == status);
        let ids: Vec<&str> = of_status.map(|(policy, _)| policy.id.as_str()).collect();
        if !ids.is_empty() {
            lines.paragraph(Some(Style::Dim), &indent, &format!("{word}: {}", ids.join(", ")))?;
        }
    }
    Ok(())
}
