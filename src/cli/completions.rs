//! `hadr-scan completions`: what a shell completes.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::App;
use super::exit::ExitStatus;
use super::failure::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The shell.
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    // The generator panics if it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut App::command(), "hadr-scan", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(ExitStatus::Clean)
}
