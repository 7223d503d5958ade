//! The tables in the `README.md` of a folder of policies: the practices with the policies that look after them, and
//! the catalogue. Both are written from metadata.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::catalogue::{Catalogue, Policy};
use super::metadata::Scenario;
use super::practice::Practice;
use crate::index::Criticality;

/// What stands around the tables of one kind.
const CATALOGUE: &str = "catalogue";
const PRACTICES: &str = "practices";

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
    /// It does not say where the tables of a kind go.
    #[error("{path} has no lines `<!-- {name} -->` and `<!-- /{name} -->` in this order")]
    Markers {
        /// The file.
        path: PathBuf,
        /// `catalogue` or `practices`.
        name: &'static str,
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
            Self::Markers { .. } => "add the two lines where the tables should be".to_owned(),
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
    /// Reads the file and makes the tables. A folder without practices of its own has no table of them.
    pub fn of(folder: &Path, catalogue: &Catalogue) -> Result<Self, DocsError> {
        let path = folder.join("README.md");
        let current =
            fs::read_to_string(&path).map_err(|source| DocsError::Io { path: path.clone(), source })?;
        let mut wanted = current.clone();
        let mut pages = vec![(CATALOGUE, page(catalogue))];
        if catalogue.practices().iter().next().is_some() {
            pages.push((PRACTICES, practices(catalogue)));
        }
        for (name, page) in pages {
            match replaced(&wanted, name, &page) {
                Some(text) => wanted = text,
                None => return Err(DocsError::Markers { path, name }),
            }
        }
        Ok(Self { path, current, wanted })
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

/// The text with a page in place of what is between the markers of that name.
fn replaced(text: &str, name: &str, page: &str) -> Option<String> {
    let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = text.split_once(&start)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{start}{page}{end}{after}"))
}

/// The practices by section, each with its policies.
fn practices(catalogue: &Catalogue) -> String {
    let mut page = String::new();
    for section in catalogue.practices().sections() {
        let title = cell(&section.title);
        let _ = write!(page, "\n### {title}\n\n| Practice | Id | Policies |\n|---|---|---|\n");
        for Practice { id, title, asks } in &section.practices {
            let of_it =
                |policy: &&Policy| policy.metadata.custom.practices.iter().any(|practice| practice.id == *id);
            let policies: Vec<String> = catalogue.iter().filter(of_it).map(link).collect();
            let policies = if policies.is_empty() { "none yet".to_owned() } else { policies.join(", ") };
            let (title, asks) = (cell(title), cell(asks));
            let _ = writeln!(page, "| **{title}.** {asks} | `{id}` | {policies} |");
        }
    }
    page.push('\n');
    page
}

fn link(policy: &Policy) -> String {
    format!("[{}]({})", policy.id, policy.path)
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
            "| {} | {} | {} | {} |",
            link(policy),
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

    use super::{Docs, page, practices, replaced};
    use crate::policy::Catalogue;

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let text = "# Policies\n<!-- catalogue -->\nold\n<!-- /catalogue -->\nend\n";
        let expected = "# Policies\n<!-- catalogue -->\nnew\n<!-- /catalogue -->\nend\n";
        assert_eq!(replaced(text, "catalogue", "new\n").as_deref(), Some(expected));
        assert_eq!(replaced(text, "practices", "new\n"), None);
        assert_eq!(replaced("<!-- /catalogue --><!-- catalogue -->\n", "catalogue", "new\n"), None);
    }

    #[test]
    fn a_practice_is_one_line_with_its_policies() {
        let page = practices(&Catalogue::embedded().unwrap());
        let line = |id: &str| page.lines().find(|line| line.contains(&format!("| `{id}` |"))).unwrap();
        let right = line("health-check-per-primary-record");
        let link = "[route53-primary-without-health-check](route53/primary_without_health_check.rego)";
        assert!(right.starts_with("| **") && right.ends_with(&format!("| {link} |")), "{right}");
        assert!(line("strategy-cost-known").ends_with("| none yet |"), "{page}");
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
