//! The tags of a resource.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize, Serializer};

/// Tags in the order of their keys, each key once. Most resources have a few, for which a map would take four times the
/// room, in every resource of an account.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(from = "BTreeMap<String, String>")]
pub struct Tags(Box<[(String, String)]>);

impl Tags {
    /// Value of the tag with a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl From<BTreeMap<String, String>> for Tags {
    fn from(tags: BTreeMap<String, String>) -> Self {
        Self(tags.into_iter().collect())
    }
}

impl FromIterator<(String, String)> for Tags {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(tags: I) -> Self {
        tags.into_iter().collect::<BTreeMap<_, _>>().into()
    }
}

impl Serialize for Tags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl JsonSchema for Tags {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Tags".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, String>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::Tags;

    #[test]
    fn tags_are_read_and_written_as_a_map_in_the_order_of_their_keys() {
        let tags: Tags = serde_json::from_str(r#"{"env": "prod", "Name": "orders", "env": "dev"}"#).unwrap();
        assert_eq!(
            (tags.get("env"), tags.get("Name"), tags.get("name")),
            (Some("dev"), Some("orders"), None)
        );
        assert_eq!(serde_json::to_string(&tags).unwrap(), r#"{"Name":"orders","env":"dev"}"#);
        let same = [("env", "prod"), ("Name", "orders"), ("env", "dev")];
        assert_eq!(
            same.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect::<Tags>(),
            tags
        );
    }
}
