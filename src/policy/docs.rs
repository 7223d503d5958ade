//! The catalogue of policies in the folder's `README.md`, written from their metadata.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::catalogue::{Catalogue, Policy};
use super::metadata::Scenario;
use crate::index::Criticality;

const START: &str = "<!-- catalogue -->\n";
const END: &str = "<!-- /catalogue -->";

/// Why the catalogue was not written or compared.
#[derive(Debug, thiserror::Error)]
pub enum DocsError {
    /// The operating system did not give or take the file.
    #[error("cannot read or write {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It does not say where the catalogue goes.
    #[error("{path} has no lines `<!-- catalogue -->` and `<!-- /catalogue -->` in this order")]
    Markers {
        /// The file.
        path: PathBuf,
    },
}

impl DocsError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Io { .. } => {
                "run it beside the folder `policies`, or name another folder with --policies; the README.md there \
                 is yours to begin"
                    .to_owned()
            }
            Self::Markers { .. } => "add the two lines where the catalogue should be".to_owned(),
        }
    }
}

/// The `README.md` of a folder of policies as it is and as it should be.
pub struct Docs {
    /// The file.
    pub path: PathBuf,
    current: String,
    wanted: String,
}

impl Docs {
    /// Reads the file and makes the catalogue.
    pub fn of(folder: &Path, catalogue: &Catalogue) -> Result<Self, DocsError> {
        let path = folder.join("README.md");
        let current =
            fs::read_to_string(&path).map_err(|source| DocsError::Io { path: path.clone(), source })?;
        match replaced(&current, &page(catalogue)) {
            Some(wanted) => Ok(Self { path, current, wanted }),
            None => Err(DocsError::Markers { path }),
        }
    }

    /// Whether the file is as it should be.
    pub fn is_fresh(&self) -> bool {
        self.current == self.wanted
    }

    /// Makes it so.
    pub fn write(&self) -> Result<(), DocsError> {
        fs::write(&self.path, &self.wanted)
            .map_err(|source| DocsError::Io { path: self.path.clone(), source })
    }
}

fn replaced(text: &str, page: &str) -> Option<String> {
    let (before, rest) = text.split_once(START)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{START}{page}{END}{after}"))
}

/// The policies by service, and their parameters.
fn page(catalogue: &Catalogue) -> String {
    let mut page = String::new();
    let mut service = "";
    for policy in catalogue.iter() {
        if policy.service() != service {
            service = policy.service();
            // Writing to a string does not fail.
            let _ = write!(
                page,
                "\n### {service}\n\n| Policy | Finds | Severity | Hurts in |\n|---|---|---|---|\n"
            );
        }
        let _ = writeln!(
            page,
            "| [{}]({}) | {} | {} | {} |",
            policy.id,
            policy.path,
            cell(&policy.metadata.title),
            severities(policy),
            scenarios(&policy.metadata.custom.scenarios),
        );
    }
    let with_parameters = || catalogue.iter().filter(|policy| !policy.metadata.custom.parameters.is_empty());
    if with_parameters().next().is_some() {
        page.push_str("\n### Parameters\n\n| Policy | Parameter | Default | Decides |\n|---|---|---|---|\n");
    }
    for policy in with_parameters() {
        for (name, parameter) in &policy.metadata.custom.parameters {
            let default = cell(&parameter.default.to_string());
            let description = cell(&parameter.description);
            let _ = writeln!(page, "| {} | `{name}` | `{default}` | {description} |", policy.id);
        }
    }
    page.push('\n');
    page
}

/// One word where all are the same, else one for each criticality, the highest first.
fn severities(policy: &Policy) -> String {
    let words = Criticality::ALL.map(|criticality| {
        policy.metadata.custom.severity.of(criticality).map_or("none", |severity| severity.as_str())
    });
    match words {
        [first, ..] if words.iter().all(|word| *word == first) => first.to_owned(),
        _ => words.join(" / "),
    }
}

fn scenarios(scenarios: &[Scenario]) -> String {
    scenarios.iter().map(|scenario| scenario.as_str()).collect::<Vec<_>>().join(", ")
}

/// Text as one cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Docs, page, replaced};
    use crate::policy::Catalogue;

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let text = "# Policies\n<!-- catalogue -->\nold\n<!-- /catalogue -->\nend\n";
        let expected = "# Policies\n<!-- catalogue -->\nnew\n<!-- /catalogue -->\nend\n";
        assert_eq!(replaced(text, "new\n").as_deref(), Some(expected));
        assert_eq!(replaced("# Policies\n", "new\n"), None);
        assert_eq!(replaced("<!-- /catalogue --><!-- catalogue -->\n", "new\n"), None);
    }

    #[test]
    fn a_policy_is_one_line_with_its_severities() {
        let page = page(&Catalogue::embedded().unwrap());
        let expected = "| [rds-instance-single-az](rds/instance_single_az.rego) | DB instance has no standby in \
                        another Availability Zone | critical / high / medium / none | instance, zone |";
        assert!(page.lines().any(|line| line == expected), "{page}");
    }

    /// `hadr-scan policy docs` writes it.
    #[test]
    fn the_catalogue_of_the_repository_is_fresh() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        let docs = Docs::of(&folder, &Catalogue::folder(&folder).unwrap()).unwrap();
        assert!(docs.is_fresh(), "run `cargo run -- policy docs`");
    }
}
