//! `hadr-scan collect`: makes a snapshot.

use std::path::PathBuf;

use hadr_scan::config::{Config, Loaded};
use hadr_scan::evidence;
use hadr_scan::index::Index;
use hadr_scan::snapshot::{self, Snapshot};

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
    let loaded = args.config.load()?;
    let request = aws::request(&args.scope, &args.network, &loaded)?;
    output::check(&args.output)?;
    let ledger = Ledger::of(&loaded)?;
    let snapshot = aws::collect(&request)?;
    snapshot::write(&snapshot, &args.output)?;
    ledger.append(&snapshot)?;
    Ok(ExitStatus::Clean)
}

/// The ledger of evidence that the configuration names, if it names one.
pub(super) struct Ledger(Option<(PathBuf, Config)>);

impl Ledger {
    /// Checks that it can be written to, so that a mistake costs no scan.
    pub(super) fn of(loaded: &Loaded) -> Result<Self, Failure> {
        let ledger = loaded.ledger().map(|path| (path, loaded.config.clone()));
        if let Some((path, _)) = &ledger {
            output::check(path)?;
        }
        Ok(Self(ledger))
    }

    /// Adds what the services of the account remember, before they forget it.
    pub(super) fn append(&self, snapshot: &Snapshot) -> Result<(), Failure> {
        if let Self(Some((path, config))) = self {
            let seen = Index::build(vec![snapshot], config).seen(snapshot);
            evidence::append(path, snapshot, seen)?;
        }
        Ok(())
    }
}
