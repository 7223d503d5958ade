//! The modules that Rego text names, directly or through others.
//!
//! Each that regorus is given costs time, and a policy needs two or three of them.

use std::sync::OnceLock;

use super::catalogue::{Catalogue, Module, Policy};
use super::rego::{self, words};

/// A policy, helper or test, and what is told of its text without parsing it, each found out at most once.
pub(super) struct Code<'c> {
    pub(super) path: &'c str,
    pub(super) text: &'c str,
    pub(super) package: &'c str,
    bare: OnceLock<String>,
    references: OnceLock<Vec<String>>,
}

impl<'c> Code<'c> {
    pub(super) fn of_policy(policy: &'c Policy) -> Self {
        Self::new(&policy.path, &policy.source, &policy.package)
    }

    pub(super) fn of_module(module: &'c Module) -> Self {
        let mut lines = module.source.lines();
        let package = lines.find_map(|line| line.strip_prefix("package ")).unwrap_or_default().trim();
        Self::new(&module.path, &module.source, package)
    }

    fn new(path: &'c str, text: &'c str, package: &'c str) -> Self {
        Self { path, text, package, bare: OnceLock::new(), references: OnceLock::new() }
    }

    /// The text without comments and without what is in quotes, see [`rego::bare`].
    pub(super) fn bare(&self) -> &str {
        self.bare.get_or_init(|| rego::bare(self.text))
    }

    /// Libraries of which it imports a rule: a list, as functions are called by the name of their library.
    pub(super) fn list_libraries(&self) -> impl Iterator<Item = &str> {
        self.references().iter().filter_map(|name| {
            let (library, _) = name.strip_prefix("hadr.lib.")?.split_once('.')?;
            Some(library)
        })
    }

    fn references(&self) -> &[String] {
        self.references.get_or_init(|| references(self.bare()))
    }
}

/// The policies and helper modules of a catalogue.
pub(super) struct Modules<'c>(Vec<Code<'c>>);

impl<'c> Modules<'c> {
    pub(super) fn of(catalogue: &'c Catalogue) -> Self {
        let libraries = catalogue.libraries().iter().map(Code::of_module);
        Self(catalogue.iter().map(Code::of_policy).chain(libraries).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Code<'c>> {
        self.0.iter()
    }

    /// The roots, and every module that they name, in the order in which they are met.
    pub(super) fn reached<'m>(&'m self, roots: Vec<&'m Code<'c>>) -> Vec<&'m Code<'c>> {
        let is_root = |code: &&Code<'_>| roots.iter().any(|root| root.path == code.path);
        let mut others: Vec<&Code<'_>> = self.iter().filter(|code| !is_root(code)).collect();
        let mut reached = roots;
        let mut next = 0;
        while let Some(code) = reached.get(next) {
            for name in code.references() {
                reached.extend(others.extract_if(.., |code| overlaps(code.package, name)));
            }
            next += 1;
        }
        reached
    }
}

/// What bare text names below `data`, as far as it is written with dots: `data.hadr.lib["rds"]` is `hadr.lib`.
fn references(bare: &str) -> Vec<String> {
    let mut words = words(bare).map(|(_, word)| word).peekable();
    let mut references = Vec::new();
    let mut before = "";
    while let Some(word) = words.next() {
        if word == "data" && before != "." {
            let mut path = Vec::new();
            while words.next_if_eq(&".").is_some() {
                path.extend(words.next());
            }
            references.push(path.join("."));
        }
        before = word;
    }
    references
}

/// Whether a name is that of a package, of something in it, or of something that holds it.
fn overlaps(package: &str, name: &str) -> bool {
    package.split('.').zip(name.split('.')).all(|(one, other)| other.is_empty() || one == other)
}

#[cfg(test)]
mod tests {
    use super::{Code, Modules, overlaps, references};
    use crate::policy::Catalogue;
    use crate::policy::catalogue::Module;

    #[test]
    fn names_below_data_are_found_and_prose_is_not() {
        let text = "import data.hadr.lib.rds.sources\nx := data.parameters[id]\ny := z.data.hadr\n";
        assert_eq!(references(text), ["hadr.lib.rds.sources", "parameters"]);
    }

    /// What is computed could be anything, so that nothing may be left out.
    #[test]
    fn a_name_that_is_not_written_out_reaches_all_that_it_could_mean() {
        assert_eq!(references("x := data.hadr.lib[name]"), ["hadr.lib"]);
        assert!(overlaps("hadr.lib.rds", "hadr.lib"));
        assert!(overlaps("hadr.lib.rds", "hadr.lib.rds.sources"));
        assert!(overlaps("hadr.lib.rds", ""));
        assert!(!overlaps("hadr.lib.rds", "hadr.lib.s3"));
        assert!(!overlaps("hadr.lib.rds", "parameters"));
    }

    #[test]
    fn a_list_is_imported_by_its_name_and_a_function_by_that_of_its_library() {
        let module = Module {
            path: "x/y.rego".to_owned(),
            source: "package hadr.x.y\n\nimport data.hadr.lib.rds\nimport data.hadr.lib.backup.holders\n"
                .to_owned(),
        };
        let code = Code::of_module(&module);
        assert_eq!(code.list_libraries().collect::<Vec<_>>(), ["backup"]);
    }

    #[test]
    fn a_module_is_reached_through_another() {
        let catalogue = Catalogue::embedded().unwrap();
        let policy = catalogue.get("ec2-instance-alone").unwrap();
        let root = Code::of_policy(policy);
        let modules = Modules::of(&catalogue);
        let paths: Vec<&str> = modules.reached(vec![&root]).iter().map(|code| code.path).collect();
        assert_eq!(paths[..2], ["ec2/instance_alone.rego", "lib/ec2.rego"]);
        assert!(paths.contains(&"lib/route53.rego"), "{paths:?}");
        assert!(!paths.iter().any(|path| path.contains("test")), "{paths:?}");
    }
}
