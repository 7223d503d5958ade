//! `hadr-scan policy`: what policy authors need.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Subcommand;
use hadr_scan::config::Config;
use hadr_scan::policy::{self, Catalogue, Parameters};

use super::exit::ExitStatus;
use super::failure::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with policies that are added to, or replace, those in the program.
    #[arg(long, value_name = "DIR", global = true)]
    policies: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the tests of all policies, or of one.
    Test {
        /// Id of a policy, such as rds-instance-single-az, or of a module, such as lib-rds.
        id: Option<String>,
    },
}

pub(crate) fn run(args: Args) -> Result<ExitStatus, Failure> {
    let catalogue = match &args.policies {
        Some(folder) => Catalogue::with_folder(folder)?,
        None => Catalogue::embedded()?,
    };
    match args.command {
        Command::Test { id } => test(&catalogue, id.as_deref()),
    }
}

fn test(catalogue: &Catalogue, id: Option<&str>) -> Result<ExitStatus, Failure> {
    let parameters = Parameters::resolve(catalogue, catalogue, &Config::default())?;
    let modules: Vec<_> =
        catalogue.tests().iter().filter(|module| id.is_none_or(|id| module.tests_of(id))).collect();
    if modules.is_empty() {
        let id = id.unwrap_or("any policy");
        return Err(Failure::usage(
            format_args!("there is no test of {id}"),
            "`hadr-scan policy list` lists the policies; the test of SERVICE/PATTERN.rego is SERVICE/PATTERN_test.rego",
        ));
    }
    let mut out = io::stdout().lock();
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for module in modules {
        for result in policy::test(catalogue, &parameters, module)? {
            match result.failure {
                None => passed += 1,
                Some(failure) => {
                    failed += 1;
                    writeln!(out, "FAILED {}: {}\n  {failure}", result.path, result.name)?;
                }
            }
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    Ok(if failed == 0 { ExitStatus::Clean } else { ExitStatus::Findings })
}
