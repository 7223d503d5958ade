//! The ledger: a file of JSON lines to which scans add what they see.
//!
//! Each line has the hash of its own content and that of the line before, so that a line that was changed or taken out
//! shows. Such a line does not count; the others do. That lines are missing at the end cannot be seen, as nothing
//! follows them; keeping the file in a repository shows that.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Evidence, Kept, Record, Unusable, Watch};
use crate::snapshot::{Snapshot, Timestamp};

/// A line.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    first_seen: Timestamp,
    account: String,
    /// `null` in the line of a scan that saw nothing new, which only says that it looked.
    record: Option<Record>,
    /// Hash of the line before; empty in the first.
    previous: String,
    hash: String,
}

/// Why the ledger was not written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the evidence ledger {path}")]
pub struct LedgerError {
    path: PathBuf,
    source: io::Error,
}

impl LedgerError {
    /// What to do about it.
    pub fn help(&self) -> String {
        "name a file that you may add to; what the scan saw is in its snapshot as well".to_owned()
    }
}

impl Line {
    fn of(first_seen: Timestamp, account: &str, record: Option<Record>, previous: String) -> Self {
        let mut line =
            Self { first_seen, account: account.to_owned(), record, previous, hash: String::new() };
        line.hash = line.digest();
        line
    }

    /// SHA-256 of everything but the hash, as hexadecimal digits.
    fn digest(&self) -> String {
        let content = (&self.first_seen, &self.account, &self.record, &self.previous);
        let content = serde_json::to_vec(&content).unwrap_or_default();
        Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Adds what the ledger says about any account. A ledger that is not there yet is an empty one.
pub(super) fn read(path: &Path, evidence: &mut Evidence) -> io::Result<()> {
    for (line, content) in lines(path)? {
        let place = || format!("{}:{line}", path.display());
        match content {
            Ok(content) => {
                let seen = content.first_seen;
                let watch = evidence.watches.entry(content.account);
                watch.and_modify(|watch| *watch = watch.and(seen)).or_insert(Watch::begun(seen));
                evidence.records.extend(content.record.map(|record| Kept::at(place(), record)));
            }
            Err(problem) => evidence.unusable.push(Unusable { place: place(), problem }),
        }
    }
    Ok(())
}

/// The lines with their numbers, each with what is wrong with it if something is.
fn lines(path: &Path) -> io::Result<Vec<(usize, Result<Line, String>)>> {
    // A byte that is no text spoils its line, and not the others.
    let text = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    // Hash of the line before; `None` after one that has none that could be trusted.
    let mut previous = Some(String::new());
    let mut lines = Vec::new();
    for (index, text) in text.split_inclusive('\n').enumerate() {
        let number = index + 1;
        match serde_json::from_str::<Line>(text) {
            Ok(line) if line.hash == line.digest() => {
                if previous.is_some_and(|previous| previous != line.previous) {
                    lines.push((number, Err("the line before it was taken out".to_owned())));
                }
                previous = Some(line.hash.clone());
                lines.push((number, Ok(line)));
            }
            other => {
                let problem = match other {
                    Ok(_) => "it was changed after it was written".to_owned(),
                    Err(_) if !text.ends_with('\n') => "the line ends in the middle".to_owned(),
                    Err(error) => format!("it is not a line of a ledger: {error}"),
                };
                previous = None;
                lines.push((number, Err(problem)));
            }
        }
    }
    Ok(lines)
}

/// Seconds after which a scan is entered even if it saw nothing new: a line shows that somebody still looks.
const SILENCE: i64 = 7 * 24 * 3600;

/// Adds what was seen in an account and the ledger does not have yet. The first scan is entered even if it saw nothing,
/// because what happens is seen from then on, and so is one each week.
pub fn append(path: &Path, snapshot: &Snapshot, seen: Vec<Record>) -> Result<(), LedgerError> {
    let refused = |source| LedgerError { path: path.to_owned(), source };
    let known = lines(path).map_err(refused)?;
    let known: Vec<Line> = known.into_iter().filter_map(|(_, line)| line.ok()).collect();
    let account = &snapshot.scope.account;
    let is_known = |record: &Record| {
        known.iter().filter_map(|line| line.record.as_ref()).any(|known| record.adds_nothing_to(known))
    };
    let mut new: Vec<Option<Record>> =
        seen.into_iter().filter(|record| !is_known(record)).map(Some).collect();
    let last = known.iter().rev().find(|line| line.account == *account);
    let is_due = last.is_none_or(|line| snapshot.captured_at.seconds_since(line.first_seen) >= SILENCE);
    if new.is_empty() && is_due {
        new.push(None);
    }
    let mut previous = known.last().map(|line| line.hash.clone()).unwrap_or_default();
    let mut text = String::new();
    for record in new {
        let line = Line::of(snapshot.captured_at, account, record, std::mem::take(&mut previous));
        previous.clone_from(&line.hash);
        text.push_str(&serde_json::to_string(&line).map_err(io::Error::from).map_err(refused)?);
        text.push('\n');
    }
    if text.is_empty() {
        return Ok(());
    }
    let mut file = File::options().append(true).create(true).open(path).map_err(refused)?;
    // What was cut off in the middle of a line stays a line of its own, which does not count.
    if file.metadata().map_err(refused)?.len() > 0 && !ends_with_newline(path).map_err(refused)? {
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes()).map_err(refused)
}

fn ends_with_newline(path: &Path) -> io::Result<bool> {
    Ok(fs::read(path)?.last() == Some(&b'\n'))
}

#[cfg(test)]
mod tests;
