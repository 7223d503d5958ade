//! `hadr-scan policy`: what policy authors need.

mod show;
mod test;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use hadr_scan::index::Criticality;
use hadr_scan::policy::{self, Catalogue, Docs};

use super::exit::ExitStatus;
use super::failure::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder with policies that are added to, or replace, those in the program. `new` and `docs` write below it;
    /// without it, below `policies`.
    #[arg(long, value_name = "DIR", global = true, help_heading = "Policy")]
    policies: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the policies.
    List,
    /// Shows all that there is to know about a policy, its text included.
    Show {
        /// Id of a policy, such as rds-instance-single-az.
        id: String,
    },
    /// Begins a policy and its test, which fails until they are filled in.
    New {
        /// Service and bad pattern, such as rds/instance_single_az.
        #[arg(value_name = "SERVICE/PATTERN")]
        name: String,
    },
    /// Runs the tests of all policies, or of one.
    Test {
        /// Id of a policy, such as rds-instance-single-az, or of a module, such as lib-rds.
        id: Option<String>,
    },
    /// Writes the tables of practices and policies into the README.md of their folder.
    Docs {
        /// Write nothing, and exit with 1 if the tables are stale.
        #[arg(long)]
        check: bool,
    },
}

pub(crate) fn run(args: Args) -> Result<ExitStatus, Failure> {
    let folder = args.policies.as_deref();
    match args.command {
        Command::List => list(&catalogue(folder)?),
        Command::Show { id } => show::run(&catalogue(folder)?, &id),
        Command::New { name } => new(own(folder), &name),
        Command::Test { id } => test::run(&catalogue(folder)?, id.as_deref()),
        Command::Docs { check } => docs(own(folder), check),
    }
}

fn catalogue(folder: Option<&Path>) -> Result<Catalogue, Failure> {
    Ok(match folder {
        Some(folder) => Catalogue::with_folder(folder)?,
        None => Catalogue::embedded()?,
    })
}

/// The folder whose files are edited.
fn own(folder: Option<&Path>) -> &Path {
    folder.unwrap_or(Path::new("policies"))
}

fn list(catalogue: &Catalogue) -> Result<ExitStatus, Failure> {
    let width = catalogue.ids().map(str::len).max().unwrap_or_default();
    let mut out = io::stdout().lock();
    for policy in catalogue.iter() {
        let words = Criticality::ALL.map(|criticality| {
            policy.metadata.custom.severity.of(criticality).map_or("-", |severity| severity.as_str())
        });
        let [first, ..] = words;
        let same = words.iter().all(|word| *word == first);
        let severities = if same { first.to_owned() } else { words.join("/") };
        writeln!(out, "{:<width$}  {severities:<27}  {}", policy.id, policy.metadata.title)?;
    }
    Ok(ExitStatus::Clean)
}

fn new(folder: &Path, name: &str) -> Result<ExitStatus, Failure> {
    let mut out = io::stdout().lock();
    for path in policy::scaffold(folder, name)? {
        writeln!(out, "wrote {}", path.display())?;
    }
    Ok(ExitStatus::Clean)
}

fn docs(folder: &Path, check: bool) -> Result<ExitStatus, Failure> {
    let docs = Docs::of(folder, &Catalogue::folder(folder)?)?;
    let path = docs.path.display();
    let (status, said) = match (docs.is_fresh(), check) {
        (true, _) => (ExitStatus::Clean, format!("{path} is as the policies say")),
        (false, true) => {
            (ExitStatus::Findings, format!("{path} is stale; `hadr-scan policy docs` writes it"))
        }
        (false, false) => {
            docs.write()?;
            (ExitStatus::Clean, format!("wrote {path}"))
        }
    };
    writeln!(io::stdout().lock(), "{said}")?;
    Ok(status)
}
