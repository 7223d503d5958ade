//! Which line of the file a value came from.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

/// Lines of the values in a file, by path such as `tiers.general.rto` or `waivers[0].policy`.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines(BTreeMap<String, usize>);

/// Where an effective value came from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// The program.
    Default,
    /// A place in the file, `file:line`.
    File(String),
}

/// A value that is in effect.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    /// Path such as `tiers.general.rto`.
    pub path: String,
    /// The value; a list of values is one.
    pub value: Value,
    /// Where it came from.
    pub origin: Origin,
}

impl Lines {
    /// Finds the values of a text that has been read as TOML before.
    pub(super) fn of(text: &str) -> Self {
        let mut lines = Self::default();
        if let Ok(table) = DeTable::parse(text) {
            lines.enter_table("", table.get_ref(), text);
        }
        lines
    }

    fn enter_table(&mut self, path: &str, table: &DeTable<'_>, text: &str) {
        for (key, value) in table {
            let path = member(path, key.get_ref());
            self.0.insert(path.clone(), line_at(text, key.span().start));
            self.enter(&path, value.get_ref(), text);
        }
    }

    fn enter(&mut self, path: &str, value: &DeValue<'_>, text: &str) {
        match value {
            DeValue::Table(table) => self.enter_table(path, table, text),
            DeValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    self.0.insert(path.clone(), line_at(text, item.span().start));
                    self.enter(&path, item.get_ref(), text);
                }
            }
            _ => {}
        }
    }

    /// Line of a value.
    pub(super) fn get(&self, path: &str) -> Option<usize> {
        self.0.get(path).copied()
    }

    /// Line of the value that decided another one: itself, or one value that stands for all below it. A table
    /// that stands above it decided nothing.
    pub(super) fn deciding(&self, path: &str) -> Option<usize> {
        self.get(path).or_else(|| {
            let parent = path.rfind('.').and_then(|at| path.get(..at))?;
            let below = format!("{parent}.");
            let is_table =
                self.0.range(below.clone()..).next().is_some_and(|(key, _)| key.starts_with(&below));
            if is_table { None } else { self.get(parent) }
        })
    }
}

/// Path of a member. A key that TOML would have to quote is quoted.
pub(super) fn member(path: &str, key: &str) -> String {
    let bare = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let key =
        if !key.is_empty() && key.chars().all(bare) { key.to_owned() } else { Value::from(key).to_string() };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// Line of a position in a text, counted from 1.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}

/// Takes a document apart into its values. What is not set is left out.
pub(super) fn leaves(path: String, value: Value, found: &mut Vec<(String, Value)>) {
    let is_table = |item: &Value| item.is_object();
    match value {
        Value::Null => {}
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members {
                leaves(member(&path, &key), value, found);
            }
        }
        Value::Array(items) if items.iter().any(is_table) => {
            for (index, item) in items.into_iter().enumerate() {
                leaves(format!("{path}[{index}]"), item, found);
            }
        }
        value => found.push((path, value)),
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn every_way_to_write_a_table_has_lines() {
        let lines = Lines::of(
            "[tiers.general]\nrto = \"1h\"\n\n[parameters]\na-b = { limit = 1 }\nc.d = 2\n\n[[waivers]]\npolicy = \"x\"\n",
        );
        for (path, line) in [
            ("tiers.general.rto", 2),
            ("parameters.a-b.limit", 5),
            ("parameters.c.d", 6),
            ("waivers[0].policy", 9),
        ] {
            assert_eq!(lines.get(path), Some(line), "{path}");
        }
    }

    #[test]
    fn one_value_decides_for_every_criticality_but_a_table_decides_only_what_it_names() {
        let lines = Lines::of("[parameters.p]\none = 1\nsome = { general = 1 }\n");
        assert_eq!(lines.deciding("parameters.p.one.general"), Some(2));
        assert_eq!(lines.deciding("parameters.p.some.general"), Some(3));
        assert_eq!(lines.deciding("parameters.p.some.non-production"), None);
    }
}
