//! What `scan`, `evaluate` and `controls` share: policies and outputs are made ready before anything is collected, so that a
//! mistake costs no scan; snapshots are judged and reported after.

use std::io::{self, Write};
use std::path::PathBuf;

use hadr_scan::config::Loaded;
use hadr_scan::finding::{self, Accounts, Assessment, Source};
use hadr_scan::policy::{Catalogue, Engine, Severity};
use hadr_scan::text;

use super::args::{FolderArgs, SelectionArgs};
use super::exit::ExitStatus;
use super::failure::Failure;
use super::output::{OutputArgs, Outputs};

/// Flags that decide what is evaluated and how the result is reported.
#[derive(clap::Args)]
pub(crate) struct JudgeArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    folder: FolderArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Least severity whose findings make the exit code 1: critical, high, medium, low, info, or none for never.
    #[arg(long, value_name = "SEVERITY", default_value = "high", value_parser = threshold, help_heading = "Output")]
    fail_on: Threshold,
    /// Exit with 0 instead of 3 where something could not be evaluated.
    #[arg(long, help_heading = "Output")]
    allow_incomplete: bool,
}

/// Least severity that fails a run; nothing does if there is none.
#[derive(Clone, Copy)]
struct Threshold(Option<Severity>);

fn threshold(text: &str) -> Result<Threshold, String> {
    match text {
        "none" => Ok(Threshold(None)),
        _ => text.parse().map(|severity| Threshold(Some(severity))).map_err(|()| {
            let words = Severity::ALL.map(Severity::as_str).join(", ");
            format!("it is not one of {words}, none")
        }),
    }
}

/// Policies that are ready to judge.
pub(crate) struct Policies {
    loaded: Loaded,
    catalogue: Catalogue,
    engine: Engine,
}

impl Policies {
    /// Loads and compiles the policies.
    pub(crate) fn prepare(
        selection: &SelectionArgs,
        folder: &FolderArgs,
        loaded: Loaded,
    ) -> Result<Self, Failure> {
        let known = folder.load()?;
        let catalogue = selection.of(&known)?;
        let parameters = loaded.resolve(&catalogue, &known)?;
        let engine = Engine::compile(&catalogue, &parameters)?;
        tracing::debug!(policies = catalogue.iter().count(), "compiled the policies");
        Ok(Self { loaded, catalogue, engine })
    }

    /// Judges the snapshots together.
    pub(crate) fn assess(&self, sources: &[Source<'_>]) -> Assessment {
        let accounts = Accounts::of(sources, &self.loaded.config);
        let assessment = finding::assess(&accounts, &self.catalogue, &self.engine);
        // Nobody needs them any more, and freeing them takes longer than ending with them.
        std::mem::forget(accounts);
        assessment
    }

    /// Says on stderr which waivers match nothing: they are misspelt, or what they were about is gone.
    pub(crate) fn note_idle_waivers(&self, assessment: &Assessment) {
        for (index, waiver) in assessment.idle_waivers(&self.loaded.config) {
            let place = self.loaded.place_of_waiver(index);
            let (policy, resource) = (&waiver.policy, waiver.resource.as_str());
            let note = format!("{place}: the waiver of {policy} for {resource} matches nothing");
            // The reports are written; that nobody reads this is no error.
            let _ = writeln!(io::stderr(), "{}", text::printable(&note));
        }
    }
}

/// Everything that judging and reporting need but the snapshots.
pub(crate) struct Judge {
    policies: Policies,
    outputs: Outputs,
    threshold: Threshold,
    allow_incomplete: bool,
}

impl Judge {
    /// Loads the policies and opens the outputs.
    pub(crate) fn prepare(args: &JudgeArgs, loaded: Loaded) -> Result<Self, Failure> {
        Ok(Self {
            policies: Policies::prepare(&args.selection, &args.folder, loaded)?,
            outputs: Outputs::open(&args.output)?,
            threshold: args.fail_on,
            allow_incomplete: args.allow_incomplete,
        })
    }

    /// Refuses to write a report over a snapshot.
    pub(crate) fn spare(&self, snapshots: &[PathBuf]) -> Result<(), Failure> {
        self.outputs.spare(snapshots)
    }

    /// Judges the snapshots together and writes the reports.
    pub(crate) fn run(self, sources: &[Source<'_>]) -> Result<ExitStatus, Failure> {
        let assessment = self.policies.assess(sources);
        let status = self.status(&assessment);
        let silent = !self.outputs.include_stdout();
        let written = self.outputs.write(&assessment)?;
        if silent {
            note(&assessment, &written)?;
        }
        self.policies.note_idle_waivers(&assessment);
        Ok(status)
    }

    fn status(&self, assessment: &Assessment) -> ExitStatus {
        match (assessment.worst(), self.threshold) {
            (Some(worst), Threshold(Some(threshold))) if worst >= threshold => ExitStatus::Findings,
            _ if assessment.is_complete() || self.allow_incomplete => ExitStatus::Clean,
            _ => ExitStatus::Incomplete,
        }
    }
}

/// Says on stderr what the files hold, since nothing else tells a person why the exit code is what it is.
fn note(assessment: &Assessment, written: &[String]) -> io::Result<()> {
    let findings = Severity::ALL.map(|severity| (severity, assessment.open_findings(severity).count()));
    let findings = findings.iter().filter(|(_, count)| *count > 0);
    let mut parts: Vec<String> = findings.map(|(severity, count)| format!("{count} {severity}")).collect();
    if parts.is_empty() {
        parts.push("no findings".to_owned());
    }
    let inconclusive: usize = assessment.accounts.iter().map(|account| account.inconclusive.len()).sum();
    if inconclusive > 0 {
        parts.push(format!("{inconclusive} inconclusive"));
    }
    writeln!(io::stderr(), "{}; written to {}", parts.join(", "), written.join(", "))
}
