//! `hadr-scan attest`: writes what no service can see to a file for the repository.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Subcommand;
use hadr_scan::config::{Date, Seconds};
use hadr_scan::evidence::{self, Attestation, DrillStep, EvidenceKind};

use super::args::ConfigArgs;
use super::exit::ExitStatus;
use super::failure::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The failure of a Region or a zone was tried.
    Drill {
        #[command(flatten)]
        common: Common,
        /// Steps that were done, with commas: primary-stopped, traffic-moved, database-promoted, application-checked,
        /// data-compared, rolled-back, or all.
        #[arg(long, value_name = "STEPS", value_parser = steps)]
        steps: Steps,
        /// Time until the service was back.
        #[arg(long, value_name = "DURATION")]
        rto: Option<Seconds>,
        /// Time of writes that were lost.
        #[arg(long, value_name = "DURATION")]
        rpo: Option<Seconds>,
    },
    /// People practised.
    Gameday {
        #[command(flatten)]
        common: Common,
    },
    /// The runbook was read again, and people know it.
    Runbook {
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Common {
    /// Workload that it was done to.
    #[arg(long, value_name = "NAME")]
    workload: String,
    /// Day, in UTC, such as 2026-10-14.
    #[arg(long, value_name = "DATE")]
    date: Date,
    /// Where the report or the runbook is. Without one, this only says so.
    #[arg(long, value_name = "URL")]
    report: Option<String>,
    /// Who took part, or knows the runbook. Repeatable.
    #[arg(long = "person", value_name = "NAME")]
    people: Vec<String>,
    /// File to write, instead of one in the folder of attestations that hadr-scan.toml names, or attestations/.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Steps of a drill. A type of its own, as clap takes a list for several values.
#[derive(Clone)]
struct Steps(Vec<DrillStep>);

fn steps(text: &str) -> Result<Steps, String> {
    if text == "all" {
        return Ok(Steps(DrillStep::ALL.to_vec()));
    }
    text.split(',').map(|word| word.trim().parse()).collect::<Result<_, _>>().map(Steps)
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    let (common, kind) = match &args.what {
        What::Drill { common, .. } => (common, EvidenceKind::Drill),
        What::Gameday { common } => (common, EvidenceKind::Gameday),
        What::Runbook { common } => (common, EvidenceKind::Runbook),
    };
    let (done, rto, rpo) = match &args.what {
        What::Drill { steps, rto, rpo, .. } => (steps.0.iter().copied().collect(), *rto, *rpo),
        What::Gameday { .. } | What::Runbook { .. } => Default::default(),
    };
    if common.date.start().unix_seconds() > jiff::Timestamp::now().as_second() {
        let problem = format_args!("{} has not come yet", common.date.0);
        return Err(Failure::usage(
            problem,
            "attest what was done, with the day on which it was done, in UTC",
        ));
    }
    let attestation = Attestation {
        kind,
        workload: common.workload.clone(),
        date: common.date,
        steps: done,
        rto,
        rpo,
        people: common.people.clone(),
        report: common.report.clone(),
    };
    let path = match &common.output {
        Some(path) => path.clone(),
        None => {
            let folder = common.config.load()?.attestations().unwrap_or_else(|| "attestations".into());
            folder.join(attestation.file_name())
        }
    };
    evidence::write(&attestation, &path)?;
    writeln!(io::stdout().lock(), "wrote {}", path.display())?;
    Ok(ExitStatus::Clean)
}
