//! The bodies of answers: files with gaps, in the manner of Mustache.
//!
//! `{{name}}` is a value, `{{#name}}…{{/name}}` is there where the value is, `{{^name}}…{{/name}}` where it is not, and
//! `{{#items}}…{{/items}}` is there once for each item, whose values hide those of the answer.

/// What fills the gaps.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    texts: Vec<(&'static str, String)>,
    items: Vec<Values>,
}

impl Values {
    /// The same with one more value.
    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.texts.push((name, value.to_string()));
        self
    }

    /// The same with a value that is there or not.
    pub(super) fn flag(self, name: &'static str, is_set: bool) -> Self {
        if is_set { self.with(name, "true") } else { self }
    }

    /// The same with items.
    pub(super) fn items(self, items: impl IntoIterator<Item = Self>) -> Self {
        let mut items: Vec<Self> = items.into_iter().collect();
        // JSON has no comma behind the last one.
        if let Some(last) = items.last_mut() {
            last.texts.push(("last", "true".into()));
        }
        Self { items, ..self }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_str())
    }
}

/// Fills the gaps of a file.
pub(super) fn fill(template: &str, values: &Values) -> String {
    let mut rest = template;
    let parts = parse(&mut rest, None);
    let mut filled = String::with_capacity(template.len() * (1 + values.items.len()));
    render(&parts, &[values], &mut filled);
    filled
}

enum Part<'t> {
    Text(&'t str),
    Value(&'t str),
    Section { name: &'t str, where_set: bool, parts: Vec<Part<'t>> },
}

/// Takes the file apart until the section ends, or the file.
fn parse<'t>(rest: &mut &'t str, section: Option<&str>) -> Vec<Part<'t>> {
    let mut parts = Vec::new();
    while let Some((text, after)) = rest.split_once("{{") {
        parts.push(Part::Text(text));
        let (tag, after) = after.split_once("}}").expect("every tag of a response is closed");
        *rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(Some(name), section, "a section of a response ends where another has begun");
            return parts;
        }
        parts.push(match (tag.strip_prefix('#'), tag.strip_prefix('^')) {
            (Some(name), _) => Part::Section { name, where_set: true, parts: parse(rest, Some(name)) },
            (_, Some(name)) => Part::Section { name, where_set: false, parts: parse(rest, Some(name)) },
            _ => Part::Value(tag),
        });
    }
    assert_eq!(section, None, "a section of a response does not end");
    parts.push(Part::Text(std::mem::take(rest)));
    parts
}

/// Writes the parts with the values of the innermost scope that has them.
fn render(parts: &[Part<'_>], scopes: &[&Values], filled: &mut String) {
    let get = |name: &str| scopes.iter().rev().find_map(|values| values.get(name));
    for part in parts {
        match part {
            Part::Text(text) => filled.push_str(text),
            Part::Value(name) => match get(name) {
                Some(value) => filled.push_str(value),
                None => panic!("a response asks for {name}, which nobody gives"),
            },
            Part::Section { name: "items", parts, .. } => {
                for item in &scopes[scopes.len() - 1].items {
                    render(parts, &[scopes, &[item]].concat(), filled);
                }
            }
            Part::Section { name, where_set, parts } => {
                if get(name).is_some() == *where_set {
                    render(parts, scopes, filled);
                }
            }
        }
    }
}
