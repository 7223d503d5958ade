//! `hadr-scan evaluate`: judges stored snapshots.

use std::io::{self, Write};
use std::path::PathBuf;

use hadr_scan::config::Config;
use hadr_scan::finding::Source;
use hadr_scan::index::Index;
use hadr_scan::snapshot::{self, Located};

use super::args::ConfigArgs;
use super::exit::ExitStatus;
use super::failure::Failure;
use super::judge::{Judge, JudgeArgs};
use super::place;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Snapshots, .json, .json.gz or .json.zst. Several accounts are evaluated together: relations cross them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the input of the policies as JSON, one document for each account, and evaluate nothing.
    #[arg(long, help_heading = "Output")]
    print_input: bool,
    #[command(flatten)]
    config: ConfigArgs,
    #[command(flatten)]
    judge: JudgeArgs,
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    let loaded = args.config.load()?;
    if args.print_input {
        print_input(&read(&args.files)?, &loaded.config)?;
        return Ok(ExitStatus::Clean);
    }
    // Reading a large snapshot and compiling the policies leave a core idle most of the time.
    let (judge, snapshots) = rayon::join(|| Judge::prepare(&args.judge, loaded), || read(&args.files));
    let judge = judge?;
    judge.spare(&args.files)?;
    let snapshots = snapshots?;
    let status = judge.run(&sources(&snapshots, &args.files));
    // Freeing a million values takes longer than ending with them.
    std::mem::forget(snapshots);
    status
}

/// The snapshots with the paths that findings point at.
pub(super) fn sources<'a>(snapshots: &'a [Located], files: &[PathBuf]) -> Vec<Source<'a>> {
    let source =
        |(located, path): (&'a Located, &PathBuf)| Source { located, path: place::in_repository(path) };
    snapshots.iter().zip(files).map(source).collect()
}

/// Reads the snapshots, each of another account: a resource can be in the input once.
pub(super) fn read(files: &[PathBuf]) -> Result<Vec<Located>, Failure> {
    let mut snapshots: Vec<Located> = Vec::with_capacity(files.len());
    for path in files {
        let located = snapshot::read(path)?;
        tracing::debug!(path = %path.display(), "read the snapshot");
        let scope = &located.snapshot.scope;
        let same = snapshots.iter().zip(files).find(|(other, _)| {
            let other = &other.snapshot.scope;
            (&other.partition, &other.account) == (&scope.partition, &scope.account)
        });
        if let Some((_, first)) = same {
            let account = &scope.account;
            let (first, second) = (first.display(), path.display());
            return Err(Failure::usage(
                format_args!("{first} and {second} are both snapshots of account {account}"),
                "name one snapshot of each account; compare two of one account with two runs",
            ));
        }
        snapshots.push(located);
    }
    Ok(snapshots)
}

fn print_input(snapshots: &[Located], config: &Config) -> Result<(), Failure> {
    let snapshots: Vec<_> = snapshots.iter().map(|located| &located.snapshot).collect();
    let index = Index::build(snapshots.clone(), config);
    let mut out = io::BufWriter::new(io::stdout().lock());
    for snapshot in snapshots {
        serde_json::to_writer(&mut out, &index.input(snapshot)).map_err(io::Error::from)?;
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}
