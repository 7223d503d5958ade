//! The part of the table that is about one account.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use console::measure_text_width;

use super::lines::{Lines, Style, padded};
use crate::finding::{AccountAssessment, Command, Finding, RemediationStep};
use crate::policy::Severity;
use crate::report::gap::{self, Cause, Open, counted};
use crate::snapshot::Outcome;
use crate::text::printable;

/// Columns of the longest severity and of the space after it.
const SEVERITY: usize = 10;

/// Columns that a message has to have beside its subject. With fewer, it has lines of its own.
const MESSAGE: usize = 50;

/// Columns before what stands below a finding where messages have lines of their own.
const BELOW: usize = 2;

/// Writes everything about an account.
pub(super) fn account(account: &AccountAssessment, lines: &mut Lines<'_>) -> io::Result<()> {
    heading(account, lines)?;
    lines.gap()?;
    let (waived, found): (Vec<&Finding>, Vec<&Finding>) =
        account.findings.iter().partition(|finding| finding.waiver.is_some());
    findings(&found, lines)?;
    waivers(&waived, lines)?;
    gaps(account, lines)
}

fn heading(account: &AccountAssessment, lines: &mut Lines<'_>) -> io::Result<()> {
    let alias = account.alias.as_ref().map(|alias| format!(" ({alias})")).unwrap_or_default();
    let resources = counted(account.resources, "resource", "resources");
    lines.led_paragraph(
        Style::Heading,
        &printable(&format!("Account {}{alias}", account.account)),
        &format!(": {resources}, captured {}", account.captured_at),
    )?;
    lines.paragraph(Some(Style::Dim), "", &format!("Regions: {}", account.regions.join(", ")))
}

/// Columns that subjects of findings and waivers share.
struct Columns {
    policy: usize,
    region: usize,
}

impl Columns {
    fn of(findings: &[&Finding]) -> Self {
        let widest = |text: fn(&Finding) -> &str| {
            let different: BTreeSet<&str> = findings.iter().map(|finding| text(finding)).collect();
            let widths = different.into_iter().map(|text| measure_text_width(&printable(text)));
            widths.max().unwrap_or_default() + 2
        };
        Self { policy: widest(|finding| &finding.policy), region: widest(|finding| &finding.subject.region) }
    }

    fn row(&self, finding: &Finding) -> String {
        padded(&finding.policy, self.policy) + &padded(&finding.subject.region, self.region)
    }

    /// Whether the terminal is too narrow for a message in the line of its subject.
    fn are_too_wide(&self, before: usize, lines: &Lines<'_>) -> bool {
        lines.room_beside(before + self.policy + self.region).is_some_and(|room| room < MESSAGE)
    }
}

/// What a message is about, where nothing else is in the line.
fn head(finding: &Finding) -> String {
    format!("{}  {}", finding.policy, finding.subject.region)
}

fn findings(findings: &[&Finding], lines: &mut Lines<'_>) -> io::Result<()> {
    let columns = Columns::of(findings);
    let is_narrow = columns.are_too_wide(SEVERITY, lines);
    let below = if is_narrow { BELOW } else { SEVERITY };
    for severity in Severity::ALL {
        let group: Vec<&&Finding> = findings.iter().filter(|finding| finding.severity == severity).collect();
        if group.is_empty() {
            continue;
        }
        for finding in group {
            let lead = format!("{severity:SEVERITY$}");
            let message = format!("{}{}", finding.message, tier(finding));
            if is_narrow {
                lines.led_paragraph(Style::Severity(severity), &lead, &head(finding))?;
                lines.paragraph(None, &" ".repeat(BELOW), &message)?;
            } else {
                let rest = columns.row(finding) + &message;
                lines.led(Style::Severity(severity), &lead, &rest)?;
            }
            let mut steps = finding.remediation();
            let number = steps.len();
            if let Some(first) = steps.next() {
                remedy(first, number, below, lines)?;
            }
            if let Some(manager) = &finding.managed_by {
                let why =
                    if manager.undoes_changes { "it undoes other changes" } else { "other changes drift" };
                let text = format!("belongs to {}: change it there, {why}", manager.name);
                note(below, &text, lines)?;
            }
        }
        lines.gap()?;
    }
    Ok(())
}

/// The tier, which decides the severity, and where it came from. That of most is the one of everything that nobody has
/// said anything about.
fn tier(finding: &Finding) -> String {
    let tier = &finding.context.tier;
    if matches!(tier.source.as_ref(), "default" | "default, since the tags were not collected") {
        return String::new();
    }
    format!(" (tier {}, from {})", tier.value.as_str(), tier.source)
}

/// The first step. What else there is to know about it, and the other steps, are in the JSON report.
fn remedy(step: RemediationStep<'_>, steps: usize, below: usize, lines: &mut Lines<'_>) -> io::Result<()> {
    let number = if steps > 1 { format!(" 1 of {steps}") } else { String::new() };
    let label = format!("fix{number} ({})", step.risk().as_str());
    let command = step.command();
    let choose = match &command {
        Command::Complete { .. } => String::new(),
        Command::Incomplete { missing, .. } => format!(", choose {}", missing.join(", ")),
        Command::Refused { reason } => {
            return note(below, &format!("{label}: no command, {reason}"), lines);
        }
    };
    let label = format!("{label}{choose}:");
    let words: Vec<String> = command.words().unwrap_or_default();
    if !lines.command(below, &label, &words)? {
        let text = format!("{label} the command is too long for this width, see `-o report.json`");
        note(below, &text, lines)?;
    }
    Ok(())
}

/// Text below a finding. Where the message of the finding is whole, so is this.
fn note(below: usize, text: &str, lines: &mut Lines<'_>) -> io::Result<()> {
    let indent = " ".repeat(below);
    if below == BELOW {
        lines.paragraph(Some(Style::Dim), &indent, text)
    } else {
        lines.styled(Style::Dim, &format!("{indent}{text}"))
    }
}

fn waivers(findings: &[&Finding], lines: &mut Lines<'_>) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    lines.styled(Style::Heading, &format!("Waived: {}", counted(findings.len(), "finding", "findings")))?;
    let columns = Columns::of(findings);
    let is_narrow = columns.are_too_wide(BELOW, lines);
    let indent = " ".repeat(BELOW);
    for finding in findings {
        let Some(waiver) = &finding.waiver else { continue };
        let name = &finding.subject.name;
        let text = format!("{name}: until {}, {}: {}", waiver.expires, waiver.owner, waiver.reason);
        if is_narrow {
            lines.paragraph(None, &indent, &head(finding))?;
            lines.paragraph(None, &" ".repeat(2 * BELOW), &text)?;
        } else {
            lines.plain(&format!("{indent}{}{text}", columns.row(finding)))?;
        }
    }
    lines.gap()
}

/// A call that came to the same in some Regions.
#[derive(Default)]
struct FailedCall<'a> {
    regions: Vec<&'a str>,
    open: Open<'a>,
}

/// Causes with what they leave open: calls first, one line for all Regions in which the same happened.
fn gaps(account: &AccountAssessment, lines: &mut Lines<'_>) -> io::Result<()> {
    let gaps = gap::gaps(account);
    let mut calls: BTreeMap<(&str, Outcome, Option<&str>), FailedCall<'_>> = BTreeMap::new();
    let mut others: Vec<String> = Vec::new();
    for (cause, open) in &gaps {
        match cause {
            // Nothing can be in a Region that is not enabled, which is an answer.
            Cause::Call { outcome: Outcome::RegionDisabled, .. } if open.verdicts == 0 => {}
            Cause::Call { operation, outcome, code, region } => {
                let call = calls.entry((operation, *outcome, *code)).or_default();
                call.regions.push(region);
                call.open.policies.extend(&open.policies);
                call.open.verdicts += open.verdicts;
                call.open.tells_of_recoveries |= open.tells_of_recoveries;
            }
            Cause::Undecided { policy } => {
                others.push(format!("{policy} lacks a value that decides: {}", open.verdicts()));
            }
            Cause::Evaluation { policy, error } => {
                others.push(format!("{policy}: {error}: {}", open.verdicts()));
            }
        }
    }
    if calls.is_empty() && others.is_empty() {
        return Ok(());
    }
    let policies: BTreeSet<&str> = gaps.values().flat_map(|open| open.policies.iter().copied()).collect();
    let verdicts = gaps.values().map(|open| open.verdicts).sum();
    let all = Open { policies, verdicts, ..Open::default() };
    lines.paragraph(Some(Style::Heading), "", &format!("Not evaluated: {}", all.describe()))?;
    for ((operation, outcome, code), call) in calls {
        let code = code.map(|code| format!(" ({code})")).unwrap_or_default();
        let (past, regions, open) = (gap::past(outcome), call.regions.join(", "), call.open.describe());
        let named = gap::named(operation, outcome);
        lines.paragraph(None, "  ", &format!("{named} was {past} in {regions}{code}: {open}"))?;
    }
    for other in others {
        lines.paragraph(None, "  ", &other)?;
    }
    lines.gap()
}
