//! Writing a snapshot: canonical order, one line for each resource, never a partial file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::Snapshot;

/// Line of the scope in a file that [`write`] wrote.
pub(super) const SCOPE_LINE: u32 = 3;

/// Why a snapshot was not written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the snapshot {path}")]
pub struct WriteError {
    path: PathBuf,
    source: io::Error,
}

impl WriteError {
    /// What to do about it.
    pub fn help(&self) -> String {
        "name a file in a folder that exists and that you may write to".to_owned()
    }
}

/// Compression of a snapshot file, by its extension.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Compression {
    None,
    Gzip,
    Zstd,
}

impl Compression {
    pub(super) fn of(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("gz") => Self::Gzip,
            Some("zst") => Self::Zstd,
            _ => Self::None,
        }
    }
}

/// Writes a snapshot, compressed if the extension is `.gz` or `.zst`. The file appears whole or not at all, and
/// only its owner can read it.
pub fn write(snapshot: &Snapshot, path: &Path) -> Result<(), WriteError> {
    try_write(snapshot, path).map_err(|source| WriteError { path: path.to_owned(), source })
}

fn try_write(snapshot: &Snapshot, path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // The temporary file is made with mode 0600 and in the same folder, so that the rename is atomic.
    let temporary = tempfile::NamedTempFile::new_in(folder)?;
    let file = BufWriter::new(temporary.as_file());
    match Compression::of(path) {
        Compression::None => finish(write_lines(snapshot, file)?)?,
        Compression::Gzip => {
            let encoder = flate2::write::GzEncoder::new(file, flate2::Compression::default());
            finish(write_lines(snapshot, encoder)?.finish()?)?;
        }
        Compression::Zstd => {
            let encoder = zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL)?;
            finish(write_lines(snapshot, encoder)?.finish()?)?;
        }
    }
    temporary.persist(path)?;
    Ok(())
}

fn finish(file: BufWriter<&File>) -> io::Result<()> {
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// Line of the first resource: the header has three lines, coverage and resources open and close on lines of
/// their own.
pub(super) fn first_resource_line(snapshot: &Snapshot) -> u32 {
    let calls = u32::try_from(snapshot.coverage.len()).unwrap_or(u32::MAX);
    SCOPE_LINE.saturating_add(calls).saturating_add(4)
}

fn write_lines<W: Write>(snapshot: &Snapshot, mut out: W) -> io::Result<W> {
    let captured_at = serde_json::to_string(&snapshot.captured_at)?;
    writeln!(out, r#"{{"schema_version":{},"captured_at":{captured_at},"#, snapshot.schema_version)?;
    writeln!(out, r#""collector":{},"#, serde_json::to_string(&snapshot.collector)?)?;
    writeln!(out, r#""scope":{},"#, serde_json::to_string(&snapshot.scope)?)?;
    writeln!(out, r#""coverage":["#)?;
    write_items(&snapshot.coverage, &mut out)?;
    writeln!(out, r#"],"#)?;
    writeln!(out, r#""resources":["#)?;
    write_items(&snapshot.resources, &mut out)?;
    writeln!(out, "]}}")?;
    Ok(out)
}

fn write_items<T: serde::Serialize>(items: &[T], out: &mut impl Write) -> io::Result<()> {
    for (index, item) in items.iter().enumerate() {
        serde_json::to_writer(&mut *out, item)?;
        writeln!(out, "{}", if index + 1 < items.len() { "," } else { "" })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::write;
    use crate::snapshot::{Located, Snapshot, read};

    fn fixture() -> Located {
        read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/accounts/single_region/snapshot.json")))
            .unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_however_it_is_compressed() {
        let Located { snapshot, resource_lines, .. } = fixture();
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.json", "a.json.gz", "a.json.zst"] {
            let path = folder.path().join(name);
            write(&snapshot, &path).unwrap();
            let again = read(&path).unwrap();
            assert_eq!(again.snapshot, snapshot, "{name}");
            assert_eq!(again.resource_lines, resource_lines, "{name}");
        }
    }

    /// Reports of a scan point at lines of a file that may never be written.
    #[test]
    fn lines_are_known_without_writing() {
        let read: Located = fixture();
        let made = Located::as_written(read.snapshot.clone());
        assert_eq!(made.resource_lines, read.resource_lines);
        assert_eq!(made.scope_line, read.scope_line);
        assert_eq!(read.resource_lines.len(), read.snapshot.resources.len());
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&fixture().snapshot, &path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error_and_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let snapshot: Snapshot = fixture().snapshot;
        let error = write(&snapshot, &folder.path().join("nowhere/a.json")).unwrap_err();
        assert!(error.to_string().starts_with("cannot write the snapshot "), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
