//! The policies that there are: those in the binary, with a folder of the user's over them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::metadata::{self, Metadata, Problem, Step};
use super::practice::{self, Practices};
use crate::text;

/// Policies, tests and helper modules of the repository.
#[derive(rust_embed::Embed)]
#[folder = "policies"]
struct Embedded;

/// A policy: `policies/rds/instance_single_az.rego` is `rds-instance-single-az`.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Path with `-`, without the extension.
    pub id: String,
    /// Rego package below `data`, `hadr.rds.instance_single_az`.
    pub package: String,
    /// Path below the folder of policies, with `/`.
    pub path: String,
    /// Rego text.
    pub source: String,
    /// Parsed metadata.
    pub metadata: Metadata,
}

/// A module of the folder that is not a policy: a test, or a helper below `lib/`.
#[derive(Clone, Debug)]
pub struct Module {
    /// Path below the folder of policies.
    pub path: String,
    /// Rego text.
    pub source: String,
}

impl Module {
    /// Whether this is the test module of the policy or helper with that id.
    pub fn tests_of(&self, id: &str) -> bool {
        self.path.strip_suffix("_test.rego").is_some_and(|stem| id_of(stem) == id)
    }
}

/// All policies, by id.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    policies: BTreeMap<String, Policy>,
    libraries: Vec<Module>,
    tests: Vec<Module>,
    practices: Practices,
}

/// Why policies were not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A file or folder of the user's could not be read.
    #[error("cannot read the policies in {path}")]
    Io {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The metadata of a policy, or the list of practices, is not right.
    #[error("{file}:{line}: {message}")]
    Metadata {
        /// The file.
        file: String,
        /// Line in it.
        line: u64,
        /// What is wrong.
        message: String,
    },
    /// The package does not follow from the path.
    #[error("{file}: the package must be {expected}, as the path says")]
    Package {
        /// The policy.
        file: String,
        /// The package that the path asks for.
        expected: String,
    },
    /// Two files of one folder have the same id.
    #[error("{second}: the id {id} is taken by {first}")]
    Duplicate {
        /// The id.
        id: String,
        /// Path of the one.
        first: String,
        /// Path of the other.
        second: String,
    },
    /// The folder holds no policy.
    #[error("there is no policy in {path}")]
    Nothing {
        /// The folder.
        path: PathBuf,
    },
}

impl Problem {
    fn of_file(self, file: impl Into<String>) -> LoadError {
        LoadError::Metadata { file: file.into(), line: self.line, message: self.message }
    }
}

impl LoadError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Io { .. } => "check the path and its permissions".to_owned(),
            Self::Metadata { .. } => "`hadr-scan policy show ID` prints a policy that is right".to_owned(),
            Self::Package { .. } => "change the package or move the file".to_owned(),
            Self::Duplicate { .. } => "rename one of the two files".to_owned(),
            Self::Nothing { .. } => {
                "a policy lies at SERVICE/PATTERN.rego; `hadr-scan policy new` makes one".to_owned()
            }
        }
    }
}

/// No policy has that id.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no policy {id}")]
pub struct UnknownPolicy {
    /// The id.
    pub id: String,
    /// Ids that look like it, the nearest first.
    pub nearest: Vec<String>,
}

impl UnknownPolicy {
    /// What to do about it.
    pub fn help(&self) -> String {
        if self.nearest.is_empty() {
            "`hadr-scan policy list` lists the policies".to_owned()
        } else {
            format!("did you mean {}? `hadr-scan policy list` lists all", self.nearest.join(" or "))
        }
    }
}

/// No command of any policy takes an input of that name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("[inputs]: no policy has a command with {{{{inputs.{name}}}}}")]
pub struct UnknownInput {
    /// The name.
    pub name: String,
    /// Names that look like it, the nearest first.
    pub nearest: Vec<String>,
    /// All names that there are, sorted.
    pub known: Vec<String>,
}

impl UnknownInput {
    /// What to do about it.
    pub fn help(&self) -> String {
        let known = if self.known.is_empty() { "there are none".to_owned() } else { self.known.join(", ") };
        if self.nearest.is_empty() {
            format!("the inputs are {known}")
        } else {
            format!("did you mean {}? the inputs are {known}", self.nearest.join(" or "))
        }
    }
}

impl Catalogue {
    /// The policies in the binary.
    pub fn embedded() -> Result<Self, LoadError> {
        let files = Embedded::iter().filter(|path| belongs(path)).filter_map(|path| {
            let file = Embedded::get(&path)?;
            Some((path.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        });
        Self::of(files.collect(), &Practices::default())
    }

    /// The policies of a folder, and no others.
    pub fn folder(folder: &Path) -> Result<Self, LoadError> {
        let mut files = BTreeMap::new();
        read_folder(folder, "", &mut files).map_err(|(path, source)| LoadError::Io { path, source })?;
        let known = embedded_practices()?;
        let own = Self::of(files, &known)?;
        if own.policies.is_empty() {
            return Err(LoadError::Nothing { path: folder.to_owned() });
        }
        Ok(own)
    }

    /// The policies in the binary with those of a folder added, or put in place of those with the same id.
    pub fn with_folder(folder: &Path) -> Result<Self, LoadError> {
        let own = Self::folder(folder)?;
        let mut all = Self::embedded()?;
        all.policies.extend(own.policies);
        for (kept, added) in [(&mut all.libraries, own.libraries), (&mut all.tests, own.tests)] {
            kept.retain(|module| !added.iter().any(|other| other.path == module.path));
            kept.extend(added);
        }
        all.practices.extend(own.practices);
        Ok(all)
    }

    /// The policies in files. They may name practices of their own folder's list and those that are known anyway.
    fn of(mut files: BTreeMap<String, String>, known: &Practices) -> Result<Self, LoadError> {
        let mut catalogue = Self::default();
        if let Some(list) = files.remove(practice::FILE) {
            catalogue.practices = practices(&list)?;
        }
        let mut policies = Vec::new();
        for (path, source) in files {
            if path.ends_with("_test.rego") {
                catalogue.tests.push(Module { path, source });
            } else if path.starts_with("lib/") {
                catalogue.libraries.push(Module { path, source });
            } else {
                policies.push((path, source));
            }
        }
        // A tenth of what a small evaluation takes is reading the metadata.
        let policies: Vec<Result<Policy, LoadError>> =
            policies.into_par_iter().map(|(path, source)| Policy::of(path, source)).collect();
        for policy in policies {
            let policy = policy?;
            policy.check_practices([&catalogue.practices, known])?;
            if let Some(first) = catalogue.policies.get(&policy.id) {
                let (first, second) = (first.path.clone(), policy.path);
                return Err(LoadError::Duplicate { id: policy.id, first, second });
            }
            catalogue.policies.insert(policy.id.clone(), policy);
        }
        Ok(catalogue)
    }

    /// A policy by its id.
    pub fn get(&self, id: &str) -> Option<&Policy> {
        self.policies.get(id)
    }

    /// A policy that somebody named.
    pub fn require(&self, id: &str) -> Result<&Policy, UnknownPolicy> {
        self.get(id)
            .ok_or_else(|| UnknownPolicy { id: id.to_owned(), nearest: text::nearest(id, self.ids()) })
    }

    /// Names that commands take from `[inputs]` of the configuration.
    pub fn inputs(&self) -> BTreeSet<&str> {
        let steps = self.iter().flat_map(|policy| policy.metadata.custom.remediation.iter());
        steps.flat_map(Step::inputs).collect()
    }

    /// Refuses the first of the inputs that somebody named which there is not.
    pub fn require_inputs<'n>(
        &self,
        mut names: impl Iterator<Item = &'n String>,
    ) -> Result<(), UnknownInput> {
        let inputs = self.inputs();
        let Some(name) = names.find(|name| !inputs.contains(name.as_str())) else { return Ok(()) };
        Err(UnknownInput {
            name: name.clone(),
            nearest: text::nearest(name, inputs.iter().copied()),
            known: inputs.into_iter().map(str::to_owned).collect(),
        })
    }

    /// Policies, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.policies.values()
    }

    /// Ids, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.policies.keys().map(String::as_str)
    }

    /// Only the policies with these ids, all of which must exist.
    pub fn select(mut self, ids: &[String]) -> Result<Self, UnknownPolicy> {
        for id in ids {
            self.require(id)?;
        }
        self.policies.retain(|id, _| ids.contains(id));
        Ok(self)
    }

    /// Helper modules that policies import.
    pub fn libraries(&self) -> &[Module] {
        &self.libraries
    }

    /// The list of practices: the folder's own, or in the binary with a folder over it.
    pub fn practices(&self) -> &Practices {
        &self.practices
    }

    /// Test modules.
    pub fn tests(&self) -> &[Module] {
        &self.tests
    }
}

impl Policy {
    /// Folder of the policy, which names a service.
    pub fn service(&self) -> &str {
        self.path.split_once('/').map_or("", |(service, _)| service)
    }

    fn of(path: String, source: String) -> Result<Self, LoadError> {
        let stem = path.strip_suffix(".rego").unwrap_or(&path);
        let id = id_of(stem);
        let package = format!("hadr.{}", stem.replace('/', "."));
        let declared = source.lines().find_map(|line| line.strip_prefix("package ")).map(str::trim);
        if declared != Some(package.as_str()) {
            return Err(LoadError::Package { file: path, expected: package });
        }
        match metadata::parse(&source) {
            Ok(metadata) => Ok(Self { id, package, path, source, metadata }),
            Err(problem) => Err(problem.of_file(path)),
        }
    }

    fn check_practices(&self, lists: [&Practices; 2]) -> Result<(), LoadError> {
        let mut named = self.metadata.custom.practices.iter();
        let unknown = named.find(|practice| lists.iter().all(|list| list.get(&practice.id).is_none()));
        let Some(unknown) = unknown else { return Ok(()) };
        let ids = lists.into_iter().flat_map(Practices::iter).map(|practice| practice.id.as_str());
        let nearest = text::nearest(&unknown.id, ids);
        let hint = if nearest.is_empty() { "" } else { ", did you mean " };
        let message = format!("there is no practice `{}`{hint}{}", unknown.id, nearest.join(" or "));
        Err(Problem { line: unknown.line, message }.of_file(self.path.as_str()))
    }
}

/// The practices in the binary.
fn embedded_practices() -> Result<Practices, LoadError> {
    let file = Embedded::get(practice::FILE);
    file.map_or_else(|| Ok(Practices::default()), |file| practices(&String::from_utf8_lossy(&file.data)))
}

fn practices(list: &str) -> Result<Practices, LoadError> {
    Practices::parse(list).map_err(|problem| problem.of_file(practice::FILE))
}

/// Whether a file of the folder is read. The rest is for people.
fn belongs(path: &str) -> bool {
    path.ends_with(".rego") || path == practice::FILE
}

/// Id of the module at a path without its extension.
fn id_of(stem: &str) -> String {
    stem.replace(['/', '_'], "-")
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, String>,
) -> Result<(), (PathBuf, io::Error)> {
    let fail = |source| (folder.to_owned(), source);
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let path = entry.path();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            read_folder(&path, &format!("{name}/"), files)?;
        } else if belongs(&name) {
            files.insert(name, fs::read_to_string(&path).map_err(|source| (path.clone(), source))?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Catalogue, LoadError, Policy, embedded_practices};

    /// A folder with one policy, which looks after a practice, and with a list of practices or none.
    fn folder(practice: &str, list: Option<&str>) -> Result<Catalogue, LoadError> {
        let policy = Catalogue::embedded().unwrap().require("s3-bucket-unversioned").unwrap().clone();
        let (before, after) = policy.source.split_once("#   since:").unwrap();
        let source = before.lines().take_while(|line| !line.starts_with("#   practices:"));
        let source = source.collect::<Vec<_>>().join("\n");
        let source = format!("{source}\n#   practices: [{practice}]\n#   since:{after}");
        let mut files = BTreeMap::from([(policy.path, source)]);
        files.extend(list.map(|list| ("practices.yaml".to_owned(), list.to_owned())));
        Catalogue::of(files, &embedded_practices().unwrap())
    }

    #[test]
    fn a_policy_names_practices_that_there_are() {
        let list = "- section: Own\n  practices:\n  - {id: own-practice, title: a, asks: b}\n";
        assert!(folder("buckets-versioned", None).is_ok());
        assert!(folder("own-practice", Some(list)).is_ok());
        let error = folder("bucket-versioned", None).unwrap_err().to_string();
        let line = folder("buckets-versioned", None).unwrap().iter().next().map(|policy| {
            policy.source.lines().take_while(|line| !line.starts_with("#   practices:")).count() + 1
        });
        let start =
            format!("s3/bucket_unversioned.rego:{}: there is no practice `bucket-versioned`", line.unwrap());
        assert!(error.starts_with(&start) && error.contains("did you mean buckets-versioned"), "{error}");
    }

    #[test]
    fn a_mistake_in_the_list_of_practices_is_named_with_its_line() {
        let list = "- section: Own\n  practices:\n  - {id: own, title: a, ask: b}\n";
        let error = folder("buckets-versioned", Some(list)).unwrap_err().to_string();
        assert!(error.starts_with("practices.yaml:3: ") && error.contains("ask"), "{error}");
    }

    /// Placeholders of every command of a policy.
    fn placeholders(policy: &Policy) -> Vec<&str> {
        let steps = policy.metadata.custom.remediation.iter();
        let arguments =
            steps.flat_map(|step| step.argv.iter().chain(&step.verify).chain(step.undo.iter().flatten()));
        arguments.flat_map(|argument| argument.split("{{").skip(1)).collect()
    }

    #[test]
    fn placeholders_are_those_that_can_be_filled() {
        for policy in Catalogue::embedded().unwrap().iter() {
            for text in placeholders(policy) {
                let (placeholder, _) = text.split_once("}}").expect("a placeholder ends");
                let known = ["account", "arn", "name", "partition", "region"].contains(&placeholder);
                let named = ["choose.", "inputs.", "params."]
                    .iter()
                    .find_map(|prefix| placeholder.strip_prefix(prefix));
                let is_name = |name: &str| {
                    !name.is_empty()
                        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
                };
                assert!(known || named.is_some_and(is_name), "{}: {placeholder}", policy.path);
            }
        }
    }
}
