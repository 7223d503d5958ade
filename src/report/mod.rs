//! Stand-in for the reports, which are written on the branch `report`; only its interface is right.

use std::io::{self, Write};
use std::path::Path;

use crate::finding::Assessment;

/// Output format.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "stand-in")]
pub enum Format {
    Table,
    Json,
    Sarif,
}

impl Format {
    /// By extension.
    pub fn from_path(path: &Path) -> Option<Self> {
        path.extension()?.to_str()?.parse().ok().filter(|format| *format != Self::Table)
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "table" => Ok(Self::Table),
            "json" => Ok(Self::Json),
            "sarif" => Ok(Self::Sarif),
            _ => Err(format!("`{text}` is not one of table, json, sarif")),
        }
    }
}

/// How to render.
#[derive(Clone, Copy, Debug, Default)]
#[expect(missing_docs, reason = "stand-in")]
pub struct Options {
    pub width: Option<usize>,
    pub color: bool,
}

/// Writes a report.
pub fn render(_: Format, assessment: &Assessment, _: &Options, out: &mut dyn Write) -> io::Result<()> {
    for finding in assessment.accounts.iter().flat_map(|account| &account.findings) {
        writeln!(out, "{} {} {}", finding.severity, finding.policy, finding.message)?;
    }
    Ok(())
}

/// Schema of the JSON report.
pub fn schema() -> schemars::Schema {
    schemars::Schema::default()
}
