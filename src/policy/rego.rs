//! Rego text, as far as something has to be told of it that regorus does not say.

/// The text without comments and with blanks for what is in quotes, so that brackets and words are those of the code.
/// Lines stay where they are.
pub(super) fn bare(source: &str) -> String {
    let mut quote = None;
    let mut bare = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        if quote == Some('"') {
            quote = None;
        }
        let mut escaped = false;
        for letter in line.chars() {
            match quote {
                _ if letter == '\n' => bare.push(letter),
                Some(end) => {
                    if letter == end && !escaped {
                        quote = None;
                    }
                    escaped = end == '"' && letter == '\\' && !escaped;
                    bare.push(' ');
                }
                None if letter == '#' => {
                    bare.push('\n');
                    break;
                }
                None if matches!(letter, '"' | '`') => {
                    quote = Some(letter);
                    bare.push(' ');
                }
                None => bare.push(letter),
            }
        }
    }
    bare
}

/// Words and single signs with where they begin.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..)?;
        let start = rest + tail.find(|letter: char| !letter.is_whitespace())?;
        let tail = text.get(start..)?;
        let first = tail.chars().next()?;
        let length = if is_word(first) {
            tail.find(|letter| !is_word(letter)).unwrap_or(tail.len())
        } else {
            first.len_utf8()
        };
        rest = start + length;
        Some((start, text.get(start..rest)?))
    })
}

/// Rules with where they begin. A rule begins with a name at the start of a line.
pub(super) fn rules(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut starts = Vec::new();
    let mut position = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') {
            starts.push(position);
        }
        position += line.len();
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([text.len()]).collect();
    starts.into_iter().zip(ends).filter_map(|(start, end)| Some((start, text.get(start..end)?)))
}
