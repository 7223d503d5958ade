//! `hadr-scan schema`: the contracts of the files that the program reads and writes.

use std::io::{self, Write};

use clap::ValueEnum;
use hadr_scan::{report, snapshot};

use super::exit::ExitStatus;
use super::failure::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which format.
    document: Document,
}

#[derive(Clone, Copy, ValueEnum)]
enum Document {
    /// The snapshot of an account.
    Snapshot,
    /// The report that --format json writes.
    Report,
    /// The document that `controls --format json` writes.
    Controls,
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    let schema = match args.document {
        Document::Snapshot => snapshot::schema(),
        Document::Report => report::schema(),
        Document::Controls => report::controls_schema(),
    };
    writeln!(io::stdout().lock(), "{:#}", schema.as_value())?;
    Ok(ExitStatus::Clean)
}
