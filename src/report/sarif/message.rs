//! Texts of SARIF. In a message, braces are placeholders, brackets are links, and GitHub renders the rest as
//! Markdown, so a name from an account has to be taken for nothing but text.

use serde_sarif::sarif::{Message, MultiformatMessageString};

/// Characters that GitHub takes of a description.
const LONGEST_DESCRIPTION: usize = 1024;

/// A message of one or more sentences.
pub(super) fn message(text: &str) -> Message {
    Message::builder().text(sentence(text)).build()
}

/// A text that stands for itself in a message. Control characters are replaced rather than shown as escapes,
/// because the escapes would need braces and backslashes, which mean something here.
fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        match letter {
            '{' => literal.push_str("{{"),
            '}' => literal.push_str("}}"),
            '[' => literal.push_str("\\["),
            ']' => literal.push_str("\\]"),
            '\\' => literal.push_str("\\\\"),
            '`' => literal.push('\''),
            _ if letter.is_control() || crate::text::is_invisible(letter) => literal.push('\u{fffd}'),
            _ => literal.push(letter),
        }
    }
    literal
}

/// The text with a period at its end.
fn sentence(text: &str) -> String {
    let mut sentence = literal(text);
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

/// A text of the documentation, plain and in Markdown. It never takes arguments and its source is a policy, so
/// its braces stay single: viewers show it as it is.
pub(super) fn documentation(
    text: impl Into<String>,
    markdown: impl Into<String>,
) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text.into()).markdown(markdown.into()).build()
}

/// A short plain text of the documentation that ends with a period.
pub(super) fn description(text: &str) -> MultiformatMessageString {
    let mut text = shortened(&plain(text));
    if !text.ends_with(['.', '!', '?', '…']) {
        text.push('.');
    }
    MultiformatMessageString::builder().text(text).build()
}

/// Markdown of a description as plain text: a line for each paragraph, and names in single quotes.
pub(super) fn plain(markdown: &str) -> String {
    let paragraphs = markdown.trim().split("\n\n").map(|paragraph| {
        let words: Vec<&str> = paragraph.split_whitespace().collect();
        words.join(" ").replace('`', "'")
    });
    paragraphs.filter(|paragraph| !paragraph.is_empty()).collect::<Vec<_>>().join("\n")
}

/// At most as many characters as GitHub takes, cut after a sentence if there is one.
fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST_DESCRIPTION {
        return text.to_owned();
    }
    let kept: String = text.chars().take(LONGEST_DESCRIPTION - 1).collect();
    match kept.rfind(". ") {
        Some(end) => kept.get(..=end).unwrap_or_default().to_owned(),
        None => kept + "…",
    }
}

#[cfg(test)]
mod tests {
    use super::{description, literal, plain, sentence};

    #[test]
    fn a_name_cannot_make_a_link_a_placeholder_or_code() {
        assert_eq!(
            literal("[x](javascript:1) {0} `id` \\[y](2)"),
            r"\[x\](javascript:1) {{0}} 'id' \\\[y\](2)"
        );
        assert_eq!(literal("a\u{1b}[31m\nb\u{202e}"), "a\u{fffd}\\[31m\u{fffd}b\u{fffd}");
    }

    #[test]
    fn a_message_ends_with_one_period() {
        assert_eq!(sentence("orders has no standby"), "orders has no standby.");
        assert_eq!(sentence("Done."), "Done.");
    }

    #[test]
    fn a_long_description_is_cut_after_a_sentence() {
        let long = format!("First. {} Last", "Nth one. ".repeat(200));
        let text = description(&long).text;
        assert!(text.chars().count() <= 1024 && text.ends_with("one."), "{text}");
        let endless = description(&"é".repeat(2000)).text;
        assert_eq!(endless.chars().count(), 1024);
    }

    #[test]
    fn paragraphs_of_markdown_are_lines() {
        assert_eq!(plain("It uses\n`x`.\n\nAnd\n  more.\n"), "It uses 'x'.\nAnd more.");
    }
}
