//! `hadr-scan collect`: makes a snapshot.

use std::path::PathBuf;

use hadr_scan::snapshot;

use super::args::{ConfigArgs, NetworkArgs, ScopeArgs};
use super::aws;
use super::exit::ExitStatus;
use super::failure::Failure;
use super::output;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    config: ConfigArgs,
    /// File to write the snapshot to: .json, .json.gz or .json.zst. Only its owner can read it.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: PathBuf,
    #[command(flatten)]
    network: NetworkArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    let request = aws::request(&args.scope, &args.network, &args.config.load()?)?;
    output::check(&args.output)?;
    let snapshot = aws::collect(&request)?;
    snapshot::write(&snapshot, &args.output)?;
    Ok(ExitStatus::Clean)
}
