//! The command line: one file for each subcommand, each of which parses, calls the library and reports.

mod exit;
mod failure;
mod policy;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::ExitStatus;
use failure::Failure;

/// Scans AWS accounts for high-availability and disaster-recovery anti-patterns.
#[derive(Parser)]
#[command(version)]
struct App {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists, shows, tests and makes policies.
    Policy(policy::Args),
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let app = match App::try_parse() {
        Ok(app) => app,
        Err(error) => return clap_exit(&error),
    };
    match run(app) {
        Ok(status) => status.into(),
        Err(failure) if failure.is_closed_pipe() => ExitStatus::Clean.into(),
        Err(failure) => {
            // Nothing is left to do if even this cannot be written.
            let _ = writeln!(io::stderr(), "{failure}");
            ExitStatus::Error.into()
        }
    }
}

fn run(app: App) -> Result<ExitStatus, Failure> {
    match app.command {
        Command::Policy(args) => policy::run(args),
    }
}

/// Help and version are not errors; a wrong command line has the same code as any other mistake of the user's.
fn clap_exit(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitStatus::Error.into() } else { ExitStatus::Clean.into() }
}
