//! Reports: one file for each format behind one trait. They see the [`Assessment`] and nothing else.
//!
//! Text from an account is hostile in all of them: the table shows control characters instead of printing them,
//! and the machine formats escape those that JSON would let through, so that `cat report.json` is harmless too.

mod control;
mod gap;
mod json;
mod sarif;
mod stream;
mod summary;
mod table;

use std::io::{self, Write};
use std::path::Path;

use crate::finding::Assessment;

pub use control::Controls;
pub use json::{CONTROLS_SCHEMA_VERSION, SCHEMA_VERSION, controls_schema, schema};

/// A format of reports.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// Text for a person at a terminal.
    Table,
    /// The program's own JSON, which has everything.
    Json,
    /// SARIF 2.1.0, in the shape that code scanning services take.
    Sarif,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Table, Self::Json, Self::Sarif];

    /// The word on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Sarif => "sarif",
        }
    }

    /// The format that the extension of a file asks for; `None` if it asks for none of them.
    pub fn from_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let formats = [
            (".sarif.json", Self::Sarif),
            (".sarif", Self::Sarif),
            (".json", Self::Json),
            (".txt", Self::Table),
        ];
        formats.into_iter().find(|(extension, _)| name.ends_with(extension)).map(|(_, format)| format)
    }
}

impl std::str::FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| format!("`{word}` is not one of table, json, sarif"))
    }
}

/// How a report for people looks. Machine formats are the same everywhere.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Options {
    /// Columns of the terminal; `None` if lines may be as long as they are.
    pub width: Option<usize>,
    /// Whether colours are understood and wanted.
    pub color: bool,
}

/// A format that an assessment can be written in.
pub trait Report {
    /// Writes the assessment. The same assessment gives the same bytes.
    fn render(&self, assessment: &Assessment, out: &mut dyn Write) -> io::Result<()>;
}

/// Writes an assessment in a format.
pub fn render(
    format: Format,
    assessment: &Assessment,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Table => table::Table::new(*options).render(assessment, out),
        Format::Json => json::Json.render(assessment, out),
        Format::Sarif => sarif::Sarif.render(assessment, out),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Format;

    #[test]
    fn the_extension_decides_the_format() {
        let cases = [
            ("out.sarif", Some(Format::Sarif)),
            ("ci/out.sarif.json", Some(Format::Sarif)),
            ("out.JSON", Some(Format::Json)),
            ("out.txt", Some(Format::Table)),
            ("out.html", None),
            ("json", None),
        ];
        for (path, format) in cases {
            assert_eq!(Format::from_path(Path::new(path)), format, "{path}");
        }
    }

    #[test]
    fn a_format_is_read_from_the_word_that_it_is_written_as() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(format));
        }
        assert_eq!("xml".parse::<Format>(), Err("`xml` is not one of table, json, sarif".to_owned()));
    }
}
