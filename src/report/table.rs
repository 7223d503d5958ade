//! The table: for a person at a terminal, who wants to know what is worst, how it is mended and what was not
//! looked at.

mod control;
mod lines;
mod section;

use std::io::{self, Write};

use super::summary::{Status, Summary};
use super::{Options, Report};
use crate::finding::Assessment;
use crate::policy::Severity;
pub(super) use control::controls;
use lines::{Lines, Style};

/// The table.
pub(super) struct Table {
    options: Options,
}

impl Table {
    pub(super) const fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Report for Table {
    fn render(&self, assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
        let mut lines = Lines::new(self.options, out);
        for account in &assessment.accounts {
            section::account(account, &mut lines)?;
        }
        totals(assessment, &mut lines)
    }
}

fn totals(assessment: &Assessment, lines: &mut Lines<'_>) -> io::Result<()> {
    let summary = Summary::of_all(assessment);
    let found: usize = summary.findings.values().sum();
    if found == 0 && summary.inconclusive == 0 {
        let judged =
            summary.policies.iter().any(|(status, number)| *status < Status::NotApplicable && *number > 0);
        let text = match (judged, summary.waived) {
            (false, _) => "No findings: nothing here is of a kind that the policies are about.",
            (true, 0) => "No findings: everything that the policies are about was evaluated.",
            (true, _) => "No findings but waived ones: everything that the policies are about was evaluated.",
        };
        lines.paragraph(Some(Style::Heading), "", text)?;
    }
    let by_severity = Severity::ALL.map(|severity| format!("{} {severity}", summary.findings(severity)));
    let waived = summary.waived;
    lines.paragraph(None, "", &format!("Findings: {}; {waived} waived", by_severity.join(", ")))?;
    let statuses = [
        (Status::Violated, "violated"),
        (Status::Inconclusive, "inconclusive"),
        (Status::Waived, "waived"),
        (Status::Passed, "passed"),
        (Status::NotApplicable, "not applicable"),
    ];
    let by_status = statuses.map(|(status, word)| format!("{} {word}", summary.policies(status)));
    lines.paragraph(None, "", &format!("Policies: {}", by_status.join(", ")))?;
    if found > 0 {
        let hint = "`-o report.json` has every step with its effect, undo and check; \
                    `hadr-scan policy show ID` explains a policy.";
        lines.paragraph(Some(Style::Dim), "", hint)?;
    }
    Ok(())
}
