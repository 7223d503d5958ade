//! `hadr-scan permissions`: what the caller of a scan has to be allowed.

use std::io::{self, Write};

use hadr_scan::policy;

use super::args::{FolderArgs, SelectionArgs};
use super::exit::ExitStatus;
use super::failure::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    folder: FolderArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    let document = if args.selection.policy.is_empty() {
        policy::permissions_of_collector()
    } else {
        policy::permissions(&args.selection.of(&args.folder.load()?)?)
    };
    let document = serde_json::to_string_pretty(&document).map_err(io::Error::from)?;
    writeln!(io::stdout().lock(), "{document}")?;
    Ok(ExitStatus::Clean)
}
