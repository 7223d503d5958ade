//! The modules that Rego text names, directly or through others.
//!
//! Each that regorus is given costs time, and a policy needs two or three of them.

use super::catalogue::Catalogue;
use super::rego::{self, words};

/// A module: its path and its Rego text.
pub(super) type Source<'c> = (&'c str, &'c str);

/// The roots, and every policy and helper module that they name, in the order in which they are met.
pub(super) fn reached<'c>(
    catalogue: &'c Catalogue,
    roots: impl IntoIterator<Item = Source<'c>>,
) -> Vec<Source<'c>> {
    let policies = catalogue.iter().map(|policy| (policy.path.as_str(), policy.source.as_str()));
    let libraries = catalogue.libraries().iter().map(|module| (module.path.as_str(), module.source.as_str()));
    let mut others: Vec<(&str, Source<'_>)> =
        libraries.chain(policies).map(|source| (package(source.1), source)).collect();
    let mut reached: Vec<Source<'_>> = roots.into_iter().collect();
    others.retain(|(_, other)| !reached.contains(other));
    let mut next = 0;
    while let Some((_, text)) = reached.get(next) {
        let text = rego::bare(text);
        for name in references(&text) {
            let named = others.extract_if(.., |(package, _)| overlaps(package, &name));
            reached.extend(named.map(|(_, source)| source));
        }
        next += 1;
    }
    reached
}

fn package(source: &str) -> &str {
    source.lines().find_map(|line| line.strip_prefix("package ")).unwrap_or_default().trim()
}

/// What a text names below `data`, as far as it is written with dots: `data.hadr.lib["rds"]` is `hadr.lib`.
fn references(text: &str) -> impl Iterator<Item = String> {
    let mut words = words(text).map(|(_, word)| word).peekable();
    let mut before = "";
    std::iter::from_fn(move || {
        while let Some(word) = words.next() {
            let is_root = word == "data" && before != ".";
            before = word;
            if is_root {
                let mut path = Vec::new();
                while words.next_if_eq(&".").is_some() {
                    path.extend(words.next());
                }
                return Some(path.join("."));
            }
        }
        None
    })
}

/// Whether a name is that of a package, of something in it, or of something that holds it.
fn overlaps(package: &str, name: &str) -> bool {
    package.split('.').zip(name.split('.')).all(|(one, other)| other.is_empty() || one == other)
}

#[cfg(test)]
mod tests {
    use super::{overlaps, references};
    use crate::policy::{Catalogue, reach::reached};

    #[test]
    fn names_below_data_are_found_and_prose_is_not() {
        let text = "import data.hadr.lib.rds.sources\nx := data.parameters[id]\ny := z.data.hadr\n";
        assert_eq!(references(text).collect::<Vec<_>>(), ["hadr.lib.rds.sources", "parameters"]);
    }

    /// What is computed could be anything, so that nothing may be left out.
    #[test]
    fn a_name_that_is_not_written_out_reaches_all_that_it_could_mean() {
        assert_eq!(references("x := data.hadr.lib[name]").collect::<Vec<_>>(), ["hadr.lib"]);
        assert!(overlaps("hadr.lib.rds", "hadr.lib"));
        assert!(overlaps("hadr.lib.rds", "hadr.lib.rds.sources"));
        assert!(overlaps("hadr.lib.rds", ""));
        assert!(!overlaps("hadr.lib.rds", "hadr.lib.s3"));
        assert!(!overlaps("hadr.lib.rds", "parameters"));
    }

    #[test]
    fn a_module_is_reached_through_another() {
        let catalogue = Catalogue::embedded().unwrap();
        let policy = catalogue.get("ec2-instance-alone").unwrap();
        let paths: Vec<&str> = reached(&catalogue, [(policy.path.as_str(), policy.source.as_str())])
            .iter()
            .map(|(path, _)| *path)
            .collect();
        assert_eq!(paths[..2], ["ec2/instance_alone.rego", "lib/ec2.rego"]);
        assert!(paths.contains(&"lib/route53.rego"), "{paths:?}");
        assert!(!paths.iter().any(|path| path.contains("test")), "{paths:?}");
    }
}
