//! The attributes that policies read, checked against those that snapshots hold.
//!
//! In Rego a misspelt attribute is undefined: the policy fires nowhere, and everything looks as if it passed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::snapshot;

/// Names of all attributes, those inside others included.
static KNOWN: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let schema = snapshot::schema();
    let definitions = schema.get("$defs").and_then(Value::as_object).into_iter().flat_map(|all| all.values());
    let properties = definitions.filter_map(|definition| definition.get("properties")?.as_object());
    properties.flat_map(|properties| properties.keys().cloned()).collect()
});

/// The first attribute in bare Rego text that no resource has, with its line.
pub(super) fn unknown(bare: &str) -> Option<(usize, &str)> {
    let lines = bare.lines().enumerate();
    lines
        .flat_map(|(index, line)| read_in(line).map(move |name| (index + 1, name)))
        .find(|(_, name)| !KNOWN.contains(*name))
}

/// Names after `attributes.` in a line.
fn read_in(line: &str) -> impl Iterator<Item = &str> {
    line.split(".attributes.").skip(1).filter_map(|rest| {
        let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        rest.get(..end.unwrap_or(rest.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn a_misspelt_attribute_is_found() {
        let source = "package a\n\nx if instance.attributes.multi_azz == false";
        assert_eq!(unknown(source), Some((3, "multi_azz")));
    }

    #[test]
    fn attributes_of_every_type_are_known() {
        let source = "instance.attributes.multi_az; bucket.attributes.versioning.status; a.attributes[name]";
        assert_eq!(unknown(source), None);
    }
}
