//! `hadr-scan controls`: what stored snapshots say about the controls of frameworks.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use hadr_scan::policy::Framework;
use hadr_scan::report::Controls;

use super::args::{ConfigArgs, FolderArgs, SelectionArgs};
use super::evaluate;
use super::exit::ExitStatus;
use super::failure::Failure;
use super::judge;
use super::output;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Snapshots, .json, .json.gz or .json.zst. Several accounts are judged together and give one result.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Framework to report, instead of all. Repeatable: aws-well-architected, aws-config, aws-security-hub,
    /// nist-800-53, iso-22301, dora or soc2.
    #[arg(long = "framework", value_name = "NAME", help_heading = "Output")]
    frameworks: Vec<Framework>,
    /// Format of the output.
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,
    /// Exit with 0 instead of 3 where something could not be evaluated.
    #[arg(long, help_heading = "Output")]
    allow_incomplete: bool,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    folder: FolderArgs,
}

/// The formats that controls are written in. SARIF has them as taxonomies of its rules.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Text for a person.
    Table,
    /// For programs; `hadr-scan schema controls` prints the schema.
    Json,
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    let policies = judge::Policies::prepare(&args.selection, &args.folder, args.config.load()?)?;
    let snapshots = evaluate::read(&args.files)?;
    let assessment = policies.assess(&evaluate::sources(&snapshots, &args.files));
    let controls = Controls::of(&assessment, &args.frameworks);
    let mut out = io::BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Table => controls.write_table(&output::of_stdout(), &mut out)?,
        Format::Json => controls.write_json(&mut out)?,
    }
    out.flush()?;
    policies.note_idle_waivers(&assessment);
    Ok(if controls.any_fails() {
        ExitStatus::Findings
    } else if controls.is_complete() || args.allow_incomplete {
        ExitStatus::Clean
    } else {
        ExitStatus::Incomplete
    })
}
