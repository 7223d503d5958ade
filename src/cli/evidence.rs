//! `hadr-scan evidence`: lists what is known about drills and restores.

use std::io::{self, Write};
use std::path::PathBuf;

use hadr_scan::index::{EvidenceRecord, Index};
use hadr_scan::text;

use super::args::ConfigArgs;
use super::evaluate;
use super::exit::ExitStatus;
use super::failure::Failure;

const DAY: i64 = 24 * 3600;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Snapshots, .json, .json.gz or .json.zst.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    config: ConfigArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    let loaded = args.config.load()?;
    let located = evaluate::read(&args.files)?;
    let snapshots: Vec<_> = located.iter().map(|located| &located.snapshot).collect();
    let index = Index::build(snapshots.clone(), &loaded.config);
    let mut out = io::stdout().lock();
    for snapshot in snapshots {
        let evidence = index.evidence(snapshot);
        writeln!(out, "Account {}, captured {}", snapshot.scope.account, snapshot.captured_at)?;
        let names = index.workloads(snapshot).map(|workload| Some(workload.name.as_str()));
        for name in names.chain([None]) {
            let records: Vec<&EvidenceRecord> =
                evidence.records.iter().filter(|record| record.workload.as_deref() == name).collect();
            if records.is_empty() && name.is_none() {
                continue;
            }
            writeln!(out, "\n{}", text::printable(name.unwrap_or("(no workload)")))?;
            if records.is_empty() {
                writeln!(out, "  nothing")?;
            }
            for record in records {
                writeln!(out, "  {}", text::printable(&line(record)))?;
            }
        }
        if !evidence.unusable.is_empty() {
            writeln!(out, "\nNot usable")?;
        }
        for unusable in &evidence.unusable {
            let line = format!("{}: {}", unusable.place, unusable.problem);
            writeln!(out, "  {}", text::printable(&line))?;
        }
    }
    Ok(ExitStatus::Clean)
}

/// What was done, when, how much it proves, what of it, and where it comes from.
fn line(record: &EvidenceRecord) -> String {
    let days = record.age / DAY;
    let steps: Vec<&str> = record.steps.iter().map(|step| step.as_str()).collect();
    let steps = if steps.is_empty() { String::new() } else { format!(" ({})", steps.join(", ")) };
    let about = record.resource.as_deref().map(|arn| format!(" of {arn}")).unwrap_or_default();
    let kind = record.kind.as_str();
    format!("{kind}{about}, {days} days ago, strength {:?}{steps}: {}", record.strength, record.source)
}
