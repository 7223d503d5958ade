//! The practices that policies look after: what people do about availability and recovery, in their own terms.
//!
//! A policy is one bad pattern and has to be; nobody thinks in seventy of them. `practices.yaml` beside the policies
//! lists what people expect, in the order in which they would ask for it, and the metadata of each policy says which
//! of it the policy looks after. So the list also shows what no policy looks after yet.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use super::metadata::{Problem, from_yaml};

/// Name of the list in a folder of policies.
pub(super) const FILE: &str = "practices.yaml";

/// Practices by section, in order.
#[derive(Clone, Debug, Default)]
pub struct Practices(Vec<Section>);

/// Practices that belong together.
#[derive(Clone, Debug)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// The practices, in order.
    pub practices: Vec<Practice>,
}

/// Something that people do so that they survive a failure.
#[derive(Clone, Debug)]
pub struct Practice {
    /// Id, which metadata names.
    pub id: String,
    /// The practice, as a statement.
    pub title: String,
    /// What has to be so.
    pub asks: String,
}

/// A practice that the metadata of a policy names.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PracticeReference {
    /// Id of the practice.
    pub id: String,
    /// Line of the policy in which it stands.
    pub line: u64,
}

impl Practices {
    /// Reads a list. The same id twice is a mistake.
    pub(super) fn parse(yaml: &str) -> Result<Self, Problem> {
        let listed: Vec<ListedSection> = from_yaml(yaml)?;
        let mut seen = BTreeSet::new();
        for id in listed.iter().flat_map(|section| &section.practices).map(|practice| &practice.id) {
            let message = if !is_id(&id.value) {
                format!("`{}` is not made of lower-case words with hyphens", id.value)
            } else if !seen.insert(id.value.as_str()) {
                format!("the practice `{}` is there twice", id.value)
            } else {
                continue;
            };
            return Err(Problem { line: id.referenced.line(), message });
        }
        Ok(Self(listed.into_iter().map(Section::from).collect()))
    }

    /// The sections, in order.
    pub fn sections(&self) -> &[Section] {
        &self.0
    }

    /// A practice by its id.
    pub fn get(&self, id: &str) -> Option<&Practice> {
        self.iter().find(|practice| practice.id == id)
    }

    /// Practices, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Practice> {
        self.0.iter().flat_map(|section| &section.practices)
    }

    /// Adds the sections of another list. What that has under a known id takes the place of what is here.
    pub(super) fn extend(&mut self, other: Self) {
        for section in &mut self.0 {
            section.practices.retain(|practice| other.get(&practice.id).is_none());
        }
        self.0.extend(other.0);
        self.0.retain(|section| !section.practices.is_empty());
    }
}

/// A section as it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedSection {
    section: String,
    practices: Vec<ListedPractice>,
}

/// A practice as it stands in the file, with the line of its id.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListedPractice {
    id: Spanned<String>,
    title: String,
    asks: String,
}

impl From<ListedSection> for Section {
    fn from(listed: ListedSection) -> Self {
        let practice = |ListedPractice { id, title, asks }| Practice { id: id.value, title, asks };
        Self { title: listed.section, practices: listed.practices.into_iter().map(practice).collect() }
    }
}

/// Whether it is made of words with hyphens, as ids of policies are.
fn is_id(id: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    id.split('-').all(is_word)
}

/// Reads the practices of a policy with their lines. Whether they exist is not known here.
pub(super) fn references<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<PracticeReference>, D::Error> {
    let ids = Vec::<Spanned<String>>::deserialize(deserializer)?;
    let reference = |id: Spanned<String>| PracticeReference { id: id.value, line: id.referenced.line() };
    Ok(ids.into_iter().map(reference).collect())
}

#[cfg(test)]
mod tests {
    use super::Practices;
    use crate::policy::Catalogue;

    const LIST: &str = "\
- section: Data
  practices:
  - id: backups-kept
    title: Backups are kept
    asks: For long enough.
  - id: restores-tested
    title: Restores are tested
    asks: Often enough.
";

    #[test]
    fn a_list_keeps_its_order() {
        let practices = Practices::parse(LIST).unwrap();
        let ids: Vec<&str> = practices.iter().map(|practice| practice.id.as_str()).collect();
        assert_eq!(ids, ["backups-kept", "restores-tested"]);
        assert_eq!(practices.get("restores-tested").unwrap().title, "Restores are tested");
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        let cases = [
            ("id: restores-tested", "id: backups-kept", 6, "the practice `backups-kept` is there twice"),
            ("id: restores-tested", "id: Restores tested", 6, "`Restores tested` is not made of"),
            ("asks: Often", "ask: Often", 8, "ask"),
        ];
        for (right, wrong, line, part) in cases {
            let problem = Practices::parse(&LIST.replace(right, wrong)).unwrap_err();
            assert!(problem.message.contains(part), "{wrong}: {}", problem.message);
            assert_eq!(problem.line, line, "{wrong}: {}", problem.message);
        }
    }

    #[test]
    fn what_is_added_replaces_what_has_its_id() {
        let mut practices = Practices::parse(LIST).unwrap();
        practices.extend(
            Practices::parse(&LIST.replace("restores-tested", "drills").replace("Data", "Own")).unwrap(),
        );
        let sections: Vec<(&str, Vec<&str>)> = practices
            .sections()
            .iter()
            .map(|section| {
                let ids = section.practices.iter().map(|practice| practice.id.as_str());
                (section.title.as_str(), ids.collect())
            })
            .collect();
        assert_eq!(sections, [("Data", vec!["restores-tested"]), ("Own", vec!["backups-kept", "drills"])]);
    }

    #[test]
    fn every_practice_has_an_id_of_its_own() {
        let catalogue = Catalogue::embedded().unwrap();
        let mut ids: Vec<&str> = catalogue.practices().iter().map(|practice| practice.id.as_str()).collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all);
        assert!(ids.contains(&"databases-in-several-zones"), "{ids:?}");
    }
}
