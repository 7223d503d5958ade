//! Flags that several subcommands share.

use std::env;
use std::path::PathBuf;

use clap::Args;
use hadr_scan::config::{self, Loaded, Seconds};
use hadr_scan::policy::Catalogue;

use super::failure::Failure;

/// What to look at, and as whom.
#[derive(Args)]
#[command(next_help_heading = "Scope")]
pub(crate) struct ScopeArgs {
    /// Account to scan: a key of [accounts] in hadr-scan.toml, else an AWS profile. Without it, the default
    /// credentials are used.
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// Region to scan, instead of those of the account in hadr-scan.toml or all that are enabled. Repeatable.
    #[arg(long = "region", value_name = "REGION")]
    pub(crate) regions: Vec<String>,
}

/// How to reach AWS.
#[derive(Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArgs {
    /// Address that all calls go to instead of AWS.
    #[arg(long, value_name = "URL", value_parser = address)]
    pub(crate) endpoint_url: Option<String>,
    /// Time that collecting may take. What has not ended by then could not be evaluated.
    #[arg(long, value_name = "DURATION", default_value = "30m", value_parser = duration)]
    pub(crate) deadline: Seconds,
    /// Time that one attempt at a call may take.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub(crate) call_timeout: Seconds,
}

/// Takes what the SDK can send requests to.
fn address(text: &str) -> Result<String, String> {
    let host = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    match host {
        Some(host) if !host.is_empty() && !host.starts_with(['/', ':']) => Ok(text.to_owned()),
        _ => Err("it is not an address such as http://127.0.0.1:5000".to_owned()),
    }
}

/// Reads a duration of at least a second; none at all would fail every call.
fn duration(text: &str) -> Result<Seconds, String> {
    match text.parse()? {
        Seconds(0) => Err(format!("`{text}` is no time at all")),
        duration => Ok(duration),
    }
}

/// Which configuration to take.
#[derive(Args)]
pub(crate) struct ConfigArgs {
    /// Configuration, instead of the nearest hadr-scan.toml in the working directory or above it.
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) config: Option<PathBuf>,
    /// Ledger of evidence of drills, instead of that in hadr-scan.toml. A scan adds what it sees to it.
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) evidence: Option<PathBuf>,
}

impl ConfigArgs {
    /// The file that was named or found, or the defaults.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let working_directory = env::current_dir()?;
        let found = self.config.clone().or_else(|| {
            let found = config::find(&working_directory)?;
            // The shorter path reads better in messages.
            Some(found.strip_prefix(&working_directory).map(PathBuf::from).unwrap_or(found))
        });
        let loaded = match found {
            Some(path) => {
                tracing::debug!(path = %path.display(), "reading the configuration");
                Loaded::read(&path)?
            }
            None => Loaded::default(),
        };
        Ok(match &self.evidence {
            Some(ledger) => loaded.with_ledger(ledger)?,
            None => loaded,
        })
    }
}

/// Which policies there are.
#[derive(Args)]
pub(crate) struct FolderArgs {
    /// Folder with policies that are added to, or replace, those in the program.
    #[arg(long, value_name = "DIR", help_heading = "Policy")]
    pub(crate) policies: Option<PathBuf>,
}

impl FolderArgs {
    /// All policies that there are.
    pub(crate) fn load(&self) -> Result<Catalogue, Failure> {
        Ok(match &self.policies {
            Some(folder) => Catalogue::with_folder(folder)?,
            None => Catalogue::embedded()?,
        })
    }
}

/// Which of the policies to take.
#[derive(Args)]
pub(crate) struct SelectionArgs {
    /// Policy to take, instead of all. Repeatable; `hadr-scan policy list` lists the ids.
    #[arg(long = "policy", value_name = "ID", help_heading = "Policy")]
    pub(crate) policy: Vec<String>,
}

impl SelectionArgs {
    /// The policies that were named, or all.
    pub(crate) fn of(&self, known: &Catalogue) -> Result<Catalogue, Failure> {
        let all = known.clone();
        Ok(if self.policy.is_empty() { all } else { all.select(&self.policy)? })
    }
}
