//! How the machine formats reach the file: in one pass, with an element of a large list on each line, and
//! without any character that a terminal would obey.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};

/// Depth down to which elements begin on a line of their own. In both formats a finding is an element of a list
/// of an element of a list of the root, so that tools which work by line can take findings apart.
const LINES_TO_DEPTH: usize = 4;

/// Writes a value as JSON and ends the last line.
pub(super) fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless::default());
    value.serialize(&mut serializer)?;
    writeln!(out)
}

/// A list whose elements are made while they are written and dropped after. It can be written once.
pub(super) struct Once<I>(RefCell<Option<I>>);

impl<I> Once<I> {
    /// The elements.
    pub(super) fn new(items: I) -> Self {
        Self(RefCell::new(Some(items)))
    }
}

impl<I: Iterator<Item: Serialize>> Serialize for Once<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.borrow_mut().take().into_iter().flatten())
    }
}

/// JSON lets DEL, the C1 controls and the overrides of writing direction through as they are; this escapes them.
#[derive(Default)]
struct Harmless {
    depth: usize,
    has_value: bool,
}

impl Harmless {
    fn open(&mut self) {
        self.depth += 1;
        self.has_value = false;
    }

    fn close<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let breaks = self.has_value && self.depth <= LINES_TO_DEPTH;
        self.depth -= 1;
        self.has_value = true;
        if breaks { writer.write_all(b"\n") } else { Ok(()) }
    }

    fn separate<W: ?Sized + Write>(&self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth <= LINES_TO_DEPTH { writer.write_all(b"\n") } else { Ok(()) }
    }
}

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let hostile = |letter: char| letter.is_control() || crate::text::is_invisible(letter);
        let mut rest = fragment;
        while let Some((at, letter)) = rest.char_indices().find(|(_, letter)| hostile(*letter)) {
            let (before, after) = rest.split_at(at);
            CompactFormatter.write_string_fragment(writer, before)?;
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = after.get(letter.len_utf8()..).unwrap_or_default();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open();
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer)?;
        writer.write_all(b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open();
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer)?;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.separate(writer, first)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Once, write_json};

    fn written(value: &Value) -> String {
        let mut out = Vec::new();
        write_json(value, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_read_back() {
        let value = json!({"a\u{9b}": "b\u{7f}c\u{202e}d\u{1b}e\u{feff}データ\"\\"});
        let text = written(&value);
        assert!(text.contains(r#""a\u009b":"b\u007fc\u202ed\u001be\ufeffデータ\"\\""#), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn findings_are_on_lines_of_their_own() {
        let value = json!({"accounts": [{"empty": [], "findings": [{"id": [1, 2]}, {"id": {}}]}]});
        let lines = [
            "{",
            r#""accounts":["#,
            "{",
            r#""empty":[],"#,
            r#""findings":["#,
            r#"{"id":[1,2]},"#,
            r#"{"id":{}}"#,
            "]",
            "}",
            "]",
            "}\n",
        ];
        assert_eq!(written(&value), lines.join("\n"));
    }

    #[test]
    fn a_list_is_made_while_it_is_written() {
        let mut out = Vec::new();
        write_json(&Once::new((0..3).map(|number| number * 2)), &mut out).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), json!([0, 2, 4]));
    }
}
