//! The command line: one file for each subcommand, each of which parses, calls the library and reports.

mod args;
mod attest;
mod aws;
mod collect;
mod completions;
mod config;
mod controls;
mod evaluate;
mod evidence;
mod exit;
mod failure;
mod judge;
mod output;
mod permissions;
mod place;
mod policy;
mod scan;
mod schema;
mod verbose;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::ExitStatus;
use failure::Failure;

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing at or above --fail-on, and everything could be evaluated
  1  findings at or above --fail-on; for `controls`, a control that fails; for `policy test`,
     failed tests; for `policy docs --check`, stale tables
  2  the command line, the configuration or a file is wrong, or the program failed
  3  nothing at or above --fail-on, but something could not be evaluated (0 with --allow-incomplete)";

const CONTROLS_EXIT_CODES: &str = "\
Exit codes:
  0  no control fails, and all of them could be evaluated
  1  a control fails
  2  the command line, the configuration or a file is wrong, or the program failed
  3  no control fails, but one could not be evaluated (0 with --allow-incomplete)";

/// Scans AWS accounts for high-availability and disaster-recovery anti-patterns.
///
/// Without a subcommand it scans an account: it collects its configuration, which only reads, evaluates the policies
/// and reports findings with commands that mend them.
#[derive(Parser)]
#[command(name = "hadr-scan", version, after_help = EXIT_CODES, args_conflicts_with_subcommands = true)]
struct App {
    /// Says on stderr what is done; twice says more.
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    verbose: u8,
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    scan: scan::Args,
}

#[derive(Subcommand)]
enum Command {
    /// Collects an account and evaluates the policies on it; the same as no subcommand.
    #[command(after_help = EXIT_CODES)]
    Scan(scan::Args),
    /// Collects an account into a snapshot and evaluates nothing.
    Collect(collect::Args),
    /// Evaluates the policies on snapshots, without credentials or network.
    #[command(after_help = EXIT_CODES)]
    Evaluate(evaluate::Args),
    /// Judges snapshots by the controls of NIST SP 800-53, ISO 22301, DORA, SOC 2 and AWS's own frameworks.
    ///
    /// A control fails if something violates one of its policies and no waiver accepts that. It is inconclusive if none
    /// is violated but of something it cannot be told; waived if all that violates them is accepted; pass if something
    /// satisfies them and none of this applies; not applicable if nothing is subject to them. A pass says what these
    /// policies look at, not that the framework is met.
    #[command(after_help = CONTROLS_EXIT_CODES)]
    Controls(controls::Args),
    /// Attests that recovery was practised, in a file for the repository.
    Attest(attest::Args),
    /// Lists the evidence of drills and restores, by workload.
    Evidence(evidence::Args),
    /// Lists, shows, tests and makes policies.
    Policy(policy::Args),
    /// Prints the least IAM policy that a scan needs.
    Permissions(permissions::Args),
    /// Prints the JSON Schema of a file format.
    Schema(schema::Args),
    /// Writes an example of the configuration, or shows what is in effect.
    Config(config::Args),
    /// Prints a completion script for a shell.
    Completions(completions::Args),
}

/// Runs the program.
pub(crate) fn main() -> ExitCode {
    let app = match App::try_parse() {
        Ok(app) => app,
        Err(error) => return clap_exit(&error),
    };
    verbose::start(app.verbose);
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
        None => scan::run(&app.scan),
        Some(Command::Scan(args)) => scan::run(&args),
        Some(Command::Collect(args)) => collect::run(&args),
        Some(Command::Evaluate(args)) => evaluate::run(&args),
        Some(Command::Controls(args)) => controls::run(&args),
        Some(Command::Attest(args)) => attest::run(&args),
        Some(Command::Evidence(args)) => evidence::run(&args),
        Some(Command::Policy(args)) => policy::run(args),
        Some(Command::Permissions(args)) => permissions::run(&args),
        Some(Command::Schema(args)) => schema::run(&args),
        Some(Command::Config(args)) => config::run(&args),
        Some(Command::Completions(args)) => completions::run(&args),
    }
}

/// Help and version are not errors; a wrong command line has the same code as any other mistake of the user's.
fn clap_exit(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitStatus::Error.into() } else { ExitStatus::Clean.into() }
}
