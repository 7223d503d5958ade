//! The table: for a person at a terminal, who wants to know what is worst, how it is mended and what was not
//! looked at.

mod lines;
mod section;

use std::io::{self, Write};

use super::summary::{Status, Summary};
use super::{Options, Report};
use crate::finding::Assessment;
use crate::policy::Severity;
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
        let passed = summary.policies(Status::Passed) + summary.policies(Status::Waived);
        let text = match passed {
            0 => "No findings: nothing here is of a kind that the policies are about.",
            _ => "No findings: everything that the policies are about was evaluated.",
        };
        lines.styled(Style::Heading, text)?;
    }
    let by_severity = Severity::ALL.map(|severity| format!("{} {severity}", summary.findings(severity)));
    lines.plain(&format!("Findings: {}; {} waived", by_severity.join(", "), summary.waived))?;
    lines.plain(&format!(
        "Policies: {} violated, {} inconclusive, {} waived, {} passed, {} not applicable",
        summary.policies(Status::Violated),
        summary.policies(Status::Inconclusive),
        summary.policies(Status::Waived),
        summary.policies(Status::Passed),
        summary.policies(Status::NotApplicable),
    ))?;
    if found > 0 {
        lines.styled(
            Style::Dim,
            "`-o report.json` has every step with its effect, undo and check; `hadr-scan policy show ID` explains a policy.",
        )?;
    }
    Ok(())
}
