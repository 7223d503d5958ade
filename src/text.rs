//! Text from an account on its way to people: names, tags and descriptions are hostile in every output.

use std::borrow::Cow;

/// Characters that are not control characters but change how the text around them is shown: marks and
/// overrides of writing direction, zero-width characters and the byte-order mark.
pub fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The text with every control or invisible character replaced by its escape, such as `\u{1b}`. What is printed
/// for people goes through here, once.
pub fn printable(text: &str) -> Cow<'_, str> {
    let hostile = |letter: char| letter.is_control() || is_invisible(letter);
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain || !text.contains(hostile) {
        return Cow::Borrowed(text);
    }
    let mut printable = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if hostile(letter) {
            printable.extend(letter.escape_unicode());
        } else {
            printable.push(letter);
        }
    }
    Cow::Owned(printable)
}

/// The known names that somebody may have meant, at most three, the nearest first.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut near: Vec<(f64, &str)> = known
        .map(|candidate| {
            let part = candidate.contains(name) || name.contains(candidate);
            let likeness = strsim::normalized_damerau_levenshtein(name, candidate);
            (if part { likeness.max(0.75) } else { likeness }, candidate)
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .collect();
    near.sort_by(|left, right| right.0.total_cmp(&left.0).then_with(|| left.1.cmp(right.1)));
    near.into_iter().take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::{nearest, printable};

    #[test]
    fn near_names_come_before_others() {
        let known = ["rds-instance-single-az", "rds-cluster-single-az", "s3-bucket-unversioned"];
        let nearest = |name| nearest(name, known.into_iter());
        assert_eq!(
            nearest("rds-instance-single-as").first().map(String::as_str),
            Some("rds-instance-single-az")
        );
        assert_eq!(nearest("unversioned"), ["s3-bucket-unversioned"]);
        assert_eq!(nearest("x"), Vec::<String>::new());
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(printable("a\u{1b}[31mb\n\u{202e}c\u{9b}d"), "a\\u{1b}[31mb\\u{a}\\u{202e}c\\u{9b}d");
    }

    #[test]
    fn other_text_is_left_as_it_is() {
        assert_eq!(printable("データベース-1 $(id)"), "データベース-1 $(id)");
    }
}
