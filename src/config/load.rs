//! Finding and reading the file, and the mistakes that only the policies show.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::origin::{self, Effective, Lines, Origin};
use super::{Account, AwsFiles, Config, UnknownAccount};
use crate::evidence::{self, Evidence};
use crate::policy::{Catalogue, ParameterError, Parameters, UnknownInput, UnknownPolicy};

/// Name of the file.
pub const FILE_NAME: &str = "hadr-scan.toml";

/// Why the configuration was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The operating system did not give the file.
    #[error("cannot read the configuration {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not TOML, has a key that there is none of, or a value of another kind.
    #[error("{place}: {message}")]
    Content {
        /// `file:line`.
        place: String,
        /// What is wrong.
        message: String,
    },
    /// Evidence that it names was not read.
    #[error(transparent)]
    Evidence(#[from] evidence::ReadError),
    /// A waiver names a policy that does not exist.
    #[error("{place}: {unknown}")]
    Waiver {
        /// `file:line`.
        place: String,
        /// The id.
        unknown: UnknownPolicy,
    },
    /// No policy has a command that takes an input of that name.
    #[error("{place}: {unknown}")]
    Input {
        /// `file:line`.
        place: String,
        /// The name.
        unknown: UnknownInput,
    },
    /// A parameter does not fit its policy.
    #[error("{place}: {problem}")]
    Parameter {
        /// `file:line`.
        place: String,
        /// What is wrong.
        problem: ParameterError,
    },
}

impl LoadError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Io { .. } => {
                format!("check the path; `hadr-scan config init` writes an example of {FILE_NAME}")
            }
            Self::Content { .. } => "`hadr-scan config init` writes an example that has every key".to_owned(),
            Self::Evidence(error) => error.help(),
            Self::Waiver { unknown, .. } => unknown.help(),
            Self::Input { unknown, .. } => unknown.help(),
            Self::Parameter { problem, .. } => problem.help(),
        }
    }
}

/// The configuration with where it came from.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The values in effect.
    pub config: Config,
    /// The file; `None` if there is none.
    pub path: Option<PathBuf>,
    lines: Lines,
}

/// Finds the file in a folder or the nearest one above it.
pub fn find(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file())
}

impl Loaded {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let text =
            fs::read_to_string(path).map_err(|source| LoadError::Io { path: path.to_owned(), source })?;
        let mut loaded = Self::parse(path, &text)?;
        loaded.read_evidence()?;
        Ok(loaded)
    }

    /// Takes another ledger than the one in the file.
    pub fn with_ledger(mut self, ledger: &Path) -> Result<Self, LoadError> {
        self.config.evidence.ledger = Some(std::path::absolute(ledger).unwrap_or_else(|_| ledger.to_owned()));
        self.read_evidence()?;
        Ok(self)
    }

    /// The file that scans add what they see to.
    pub fn ledger(&self) -> Option<PathBuf> {
        Some(self.beside(self.config.evidence.ledger.as_deref()?))
    }

    /// The folder that attestations are kept in.
    pub fn attestations(&self) -> Option<PathBuf> {
        Some(self.beside(self.config.evidence.attestations.as_deref()?))
    }

    /// A path that the configuration names, seen from the working directory.
    fn beside(&self, path: &Path) -> PathBuf {
        self.path
            .as_deref()
            .and_then(Path::parent)
            .map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }

    fn read_evidence(&mut self) -> Result<(), LoadError> {
        let mut evidence = Evidence::default();
        if let Some(folder) = self.attestations() {
            evidence.add_attestations(&folder)?;
        }
        if let Some(ledger) = self.ledger() {
            evidence.add_ledger(&ledger)?;
        }
        self.config.records = evidence;
        Ok(())
    }

    fn parse(path: &Path, text: &str) -> Result<Self, LoadError> {
        let config = toml::from_str(text).map_err(|error| {
            let line = error.span().map_or(1, |span| origin::line_at(text, span.start));
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            LoadError::Content { place: place(path, line), message }
        })?;
        Ok(Self { config, path: Some(path.to_owned()), lines: Lines::of(text) })
    }

    /// Resolves the parameters of a selection of policies, and checks the rest of what the configuration says
    /// about policies. `known` holds all policies that there are, so that a selection of some does not make the
    /// configuration of the others wrong.
    pub fn resolve(&self, catalogue: &Catalogue, known: &Catalogue) -> Result<Parameters, LoadError> {
        for (index, waiver) in self.config.waivers.iter().enumerate() {
            known.require(&waiver.policy).map_err(|unknown| LoadError::Waiver {
                place: self.place(&format!("waivers[{index}].policy")),
                unknown,
            })?;
        }
        known.require_inputs(self.config.inputs.keys()).map_err(|unknown| LoadError::Input {
            place: self.place(&origin::member("inputs", &unknown.name)),
            unknown,
        })?;
        Parameters::resolve(catalogue, known, &self.config).map_err(|problem| {
            let path = problem
                .path()
                .into_iter()
                .fold("parameters".to_owned(), |path, key| origin::member(&path, key));
            LoadError::Parameter { place: self.place(&path), problem }
        })
    }

    /// `file:line` of the resources of a waiver, by its place among the waivers.
    pub fn place_of_waiver(&self, index: usize) -> String {
        self.place(&format!("waivers[{index}].resource"))
    }

    /// The account with that name: a key of `[accounts]`, else a profile of the AWS configuration files.
    pub fn account(&self, name: &str, files: &AwsFiles) -> Result<Account, UnknownAccount> {
        if let Some(account) = self.config.accounts.get(name) {
            return Ok(account.clone());
        }
        let profiles = files.profiles();
        if profiles.contains(name) {
            return Ok(Account { profile: Some(name.to_owned()), ..Account::default() });
        }
        Err(UnknownAccount {
            name: name.to_owned(),
            accounts: self.config.accounts.keys().cloned().collect(),
            profiles: profiles.into_iter().collect(),
        })
    }

    /// Every value in effect and where it came from, the parameters of the policies included.
    pub fn effective(&self, parameters: &Parameters) -> Result<Vec<Effective>, serde_json::Error> {
        let mut document = serde_json::to_value(&self.config)?;
        document["parameters"] = serde_json::to_value(parameters)?;
        let mut leaves = Vec::new();
        origin::leaves(String::new(), document, &mut leaves);
        // A policy without parameters is no value.
        leaves.retain(|(path, value)| !(path.starts_with("parameters.") && value.is_object()));
        let origin = |path: &str| match (self.lines.deciding(path), &self.path) {
            (Some(line), Some(file)) => Origin::File(place(file, line)),
            _ => Origin::Default,
        };
        let effective = leaves.into_iter().map(|(path, value)| {
            let origin = origin(&path);
            Effective { path, value, origin }
        });
        Ok(effective.collect())
    }

    fn place(&self, path: &str) -> String {
        let file = self.path.as_deref().unwrap_or(Path::new(FILE_NAME));
        place(file, self.lines.get(path).unwrap_or(1))
    }
}

fn place(path: &Path, line: usize) -> String {
    format!("{}:{line}", path.display())
}

#[cfg(test)]
mod tests;
