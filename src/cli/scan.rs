//! `hadr-scan`: collects an account and judges it.

use std::path::PathBuf;

use hadr_scan::finding::Source;
use hadr_scan::snapshot::{self, Located};

use super::args::{ConfigArgs, NetworkArgs, ScopeArgs};
use super::aws;
use super::collect::Ledger;
use super::exit::ExitStatus;
use super::failure::Failure;
use super::judge::{Judge, JudgeArgs};
use super::output;
use super::place;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    scope: ScopeArgs,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    judge: JudgeArgs,
    /// Keep the snapshot in this file: .json, .json.gz or .json.zst. Findings point at its lines. Without it they
    /// point at snapshots/ACCOUNT-ID.json, where the snapshot would have the same lines.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    save_snapshot: Option<PathBuf>,
    #[command(flatten)]
    network: NetworkArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    let loaded = args.config.load()?;
    let request = aws::request(&args.scope, &args.network, &loaded)?;
    let ledger = Ledger::of(&loaded)?;
    let judge = Judge::prepare(&args.judge, loaded)?;
    if let Some(path) = &args.save_snapshot {
        output::check(path)?;
    }
    let snapshot = aws::collect(&request)?;
    let path = match &args.save_snapshot {
        Some(path) => {
            snapshot::write(&snapshot, path)?;
            place::in_repository(path)
        }
        None => format!("snapshots/{}.json", snapshot.scope.account),
    };
    let located = Located::as_written(snapshot);
    let status = judge.run(&[Source { located: &located, path }])?;
    ledger.append(&located.snapshot)?;
    Ok(status)
}
