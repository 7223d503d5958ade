//! Reading a snapshot. A file that is not one is refused with the line and path of what is wrong.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashSet};
use serde::Deserialize;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::resource::without_position;
use super::write::Compression;
use super::{Call, Collector, Located, Resource, SCHEMA_VERSION, Scope, Snapshot, Timestamp};

/// Why a file was not read as a snapshot.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the snapshot {path}")]
pub struct ReadError {
    path: PathBuf,
    source: Problem,
}

#[derive(Debug, thiserror::Error)]
enum Problem {
    /// The operating system did not give the file, or it is not compressed as its name says.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A folder was named.
    #[error("it is a folder")]
    Folder,
    /// The file has no content.
    #[error("it is empty")]
    Empty,
    /// The file ends in the middle.
    #[error("line {line}: it is truncated")]
    Truncated { line: usize },
    /// The file is not JSON.
    #[error("line {line}: it is not JSON: {message}")]
    NotJson { line: usize, message: String },
    /// A later version of the program wrote the file.
    #[error("its schema version is {version}, and this program reads versions up to {SCHEMA_VERSION}")]
    Newer { version: u64 },
    /// The file is JSON, but not as the schema says.
    #[error("line {line}: {message}")]
    Mismatch { line: usize, message: String },
}

impl ReadError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self.source {
            Problem::Io(ref error) if error.kind() == io::ErrorKind::NotFound => {
                "check the path; `hadr-scan collect --account NAME -o FILE` makes a snapshot".to_owned()
            }
            Problem::Io(_) => {
                "check the permissions of the file and that .gz or .zst in its name is true".to_owned()
            }
            Problem::Folder => "name the file inside it".to_owned(),
            Problem::Empty | Problem::Truncated { .. } => {
                "the program that wrote it or copied it did not finish; make it again".to_owned()
            }
            Problem::NotJson { .. } => "name a snapshot that `hadr-scan collect` wrote".to_owned(),
            Problem::Newer { .. } => "use the version of hadr-scan that wrote it, or a later one".to_owned(),
            Problem::Mismatch { .. } => {
                "`hadr-scan schema snapshot` prints the schema that it must match".to_owned()
            }
        }
    }
}

/// The document before its resources are read. They are kept as text, so that each has a place in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    schema_version: u32,
    captured_at: Timestamp,
    collector: Collector,
    #[serde(borrow)]
    scope: &'a RawValue,
    coverage: Vec<Call>,
    #[serde(borrow)]
    resources: Vec<&'a RawValue>,
}

/// Only the version, which decides whether the rest can be understood at all.
#[derive(Deserialize)]
struct Version {
    schema_version: Option<u64>,
}

/// Reads a snapshot, decompressing it if the extension is `.gz` or `.zst`.
pub fn read(path: &Path) -> Result<Located, ReadError> {
    let fail = |source| ReadError { path: path.to_owned(), source };
    let text = read_text(path).map_err(fail)?;
    parse(&text).map_err(fail)
}

fn read_text(path: &Path) -> Result<String, Problem> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(Problem::Folder);
    }
    let mut text = String::new();
    match Compression::of(path) {
        Compression::None => {
            text.reserve_exact(usize::try_from(metadata.len()).unwrap_or(0));
            file.read_to_string(&mut text)?
        }
        Compression::Gzip => flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text)?,
        Compression::Zstd => zstd::Decoder::new(file)?.read_to_string(&mut text)?,
    };
    Ok(text)
}

fn parse(text: &str) -> Result<Located, Problem> {
    if text.trim_ascii().is_empty() {
        return Err(Problem::Empty);
    }
    let envelope: Envelope<'_> = serde_json::from_str(text).map_err(|error| explain(text, &error))?;
    if envelope.schema_version > SCHEMA_VERSION {
        return Err(Problem::Newer { version: envelope.schema_version.into() });
    }
    let mut lines = Lines::new(text);
    let scope_line = lines.of(envelope.scope.get());
    let scope: Scope = serde_json::from_str(envelope.scope.get())
        .map_err(|error| mismatch(scope_line, format!("scope: {}", without_position(&error))))?;
    let resource_lines: Vec<u32> = envelope.resources.iter().map(|raw| lines.of(raw.get())).collect();
    let parsed: Vec<_> = envelope.resources.par_iter().map(|raw| Resource::parse(raw.get())).collect();
    let mut resources = Vec::with_capacity(parsed.len());
    for (index, (resource, line)) in parsed.into_iter().zip(&resource_lines).enumerate() {
        let wrong = |error| mismatch(*line, format!("resources[{index}].{}", without_position(&error)));
        resources.push(resource.map_err(wrong)?);
    }
    refuse_duplicates(&resources, &resource_lines)?;
    let snapshot = Snapshot {
        schema_version: envelope.schema_version,
        captured_at: envelope.captured_at,
        collector: envelope.collector,
        scope,
        coverage: envelope.coverage,
        resources,
    };
    Ok(Located { snapshot, resource_lines, scope_line })
}

fn refuse_duplicates(resources: &[Resource], lines: &[u32]) -> Result<(), Problem> {
    let mut seen = FxHashSet::with_capacity_and_hasher(resources.len(), FxBuildHasher);
    for (resource, line) in resources.iter().zip(lines) {
        if !seen.insert(resource.arn.as_str()) {
            return Err(mismatch(*line, format!("the resource {} is there twice", resource.arn)));
        }
    }
    Ok(())
}

fn mismatch(line: u32, message: String) -> Problem {
    Problem::Mismatch { line: usize::try_from(line).unwrap_or(usize::MAX), message }
}

/// Says why the document as a whole was not read.
fn explain(text: &str, error: &serde_json::Error) -> Problem {
    match error.classify() {
        Category::Eof => Problem::Truncated { line: error.line() },
        Category::Syntax | Category::Io => {
            Problem::NotJson { line: error.line(), message: without_position(error) }
        }
        Category::Data => match serde_json::from_str::<Version>(text) {
            // Fields that a later version added are not the reader's mistake to explain.
            Ok(Version { schema_version: Some(version) }) if version > SCHEMA_VERSION.into() => {
                Problem::Newer { version }
            }
            _ => {
                let mut deserializer = serde_json::Deserializer::from_str(text);
                let located = serde_path_to_error::deserialize::<_, Envelope<'_>>(&mut deserializer).err();
                let path = located.map(|error| error.path().to_string()).filter(|path| path != ".");
                let message = without_position(error);
                Problem::Mismatch {
                    line: error.line(),
                    message: path.map_or_else(|| message.clone(), |path| format!("{path}: {message}")),
                }
            }
        },
    }
}

/// Counts lines up to parts of a text that are asked for in order.
struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, offset: 0, line: 1 }
    }

    /// Line of `part`, which must be a slice of the text.
    fn of(&mut self, part: &str) -> u32 {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        if offset < self.offset {
            (self.offset, self.line) = (0, 1);
        }
        let between = self.text.as_bytes().get(self.offset..offset).unwrap_or_default();
        let newlines = between.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(newlines).unwrap_or(u32::MAX));
        self.offset = offset;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    const HEADER: &str = r#"{"schema_version":1,"captured_at":"2026-11-22T03:00:00Z",
"collector":{"name":"hadr-scan","version":"0.1.0"},
"scope":{"partition":"aws","account":"123456789012","alias":null,"regions":["eu-west-1"]},
"coverage":[],
"resources":["#;

    fn message(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_value_is_named_by_line_and_path() {
        let resource = r#"{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::b","name":"b","region":"eu-west-1","zones":[],"tags":{},"attributes":{"versioning":{"status":"on","mfa_delete":null}}}"#;
        let text = message(&format!("{HEADER}\n{resource}\n]}}"));
        assert!(
            text.starts_with("line 6: resources[0].attributes.versioning.status: unknown variant `on`"),
            "{text}"
        );
    }

    #[test]
    fn an_unknown_type_is_named() {
        let resource = r#"{"type":"AWS::EC2::Moon","arn":"a","name":"b","region":"r","zones":[],"tags":null,"attributes":{}}"#;
        let text = message(&format!("{HEADER}\n{resource}\n]}}"));
        assert!(text.starts_with("line 6: resources[0].type: unknown variant `AWS::EC2::Moon`"), "{text}");
    }

    #[test]
    fn a_truncated_file_is_told_from_one_that_is_not_json() {
        assert_eq!(message(HEADER), "line 5: it is truncated");
        assert!(message("<html>").starts_with("line 1: it is not JSON"));
        assert_eq!(message(" \n"), "it is empty");
    }

    #[test]
    fn a_newer_schema_is_refused_even_if_nothing_else_of_it_is_known() {
        assert_eq!(
            message(r#"{"schema_version":7,"planet":"mars"}"#),
            "its schema version is 7, and this program reads versions up to 1"
        );
    }

    #[test]
    fn a_resource_that_is_there_twice_is_refused() {
        let bucket = r#"{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::b","name":"b","region":"eu-west-1","zones":[],"tags":{},"attributes":{}}"#;
        assert_eq!(
            message(&format!("{HEADER}\n{bucket},\n{bucket}\n]}}")),
            "line 7: the resource arn:aws:s3:::b is there twice"
        );
    }

    #[test]
    fn lines_are_those_of_the_file_however_it_is_laid_out() {
        let bucket = |name: &str| {
            format!(
                r#"{{"type":"AWS::S3::Bucket","arn":"arn:aws:s3:::{name}","name":"{name}","region":"eu-west-1","zones":[],"tags":{{}},"attributes":{{}}}}"#
            )
        };
        let located = parse(&format!("{HEADER}\n\n{},\n\n{}\n]}}", bucket("a"), bucket("b"))).unwrap();
        assert_eq!(located.resource_lines, [7, 9]);
        assert_eq!(located.scope_line, 3);
    }
}
