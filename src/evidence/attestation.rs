//! Files in which people attest what they did. One file is one attestation, in TOML, meant for the repository that the
//! configuration is in, so that its history says who wrote it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{DrillStep, Evidence, EvidenceKind, Kept, Record, Strength, Unusable};
use crate::config::{Date, Seconds};

/// What people attest.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// `drill`, `gameday` or `runbook`; restores are seen by the services.
    pub kind: EvidenceKind,
    /// Workload.
    pub workload: String,
    /// Day, in UTC.
    pub date: Date,
    /// Steps of the drill that were done.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub steps: BTreeSet<DrillStep>,
    /// Time until the service was back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rto: Option<Seconds>,
    /// Time of writes that were lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpo: Option<Seconds>,
    /// Those who took part, or who know the runbook.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Where the report is. Without one, somebody says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// Why an attestation was not written.
#[derive(Debug, thiserror::Error)]
pub enum AttestationError {
    /// The operating system refused.
    #[error("cannot write the attestation {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It cannot be written as TOML.
    #[error("cannot write the attestation as TOML")]
    Format(#[from] toml::ser::Error),
}

impl AttestationError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists => {
                "an attestation is not written over; change the file that is there, or give --output"
                    .to_owned()
            }
            _ => "name a folder that you may write to".to_owned(),
        }
    }
}

impl Attestation {
    /// Name of its file: day, workload and kind.
    pub fn file_name(&self) -> String {
        let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
        let workload: String = self.workload.chars().map(plain).collect();
        format!("{}-{workload}-{}.toml", self.date.0, self.kind.as_str())
    }

    fn has_report(&self) -> bool {
        self.report.as_deref().is_some_and(|report| !report.trim().is_empty())
    }

    fn record(self, source: String) -> Record {
        let has_report = self.has_report();
        Record {
            kind: self.kind,
            workload: Some(self.workload),
            resource: None,
            at: self.date.start(),
            strength: if has_report { Strength::C } else { Strength::D },
            steps: self.steps,
            rto: self.rto.map(|seconds| seconds.0),
            rpo: self.rpo.map(|seconds| seconds.0),
            acknowledged_by: self.people,
            source,
        }
    }
}

/// Writes an attestation. A file that is there is left as it is.
pub fn write(attestation: &Attestation, path: &Path) -> Result<(), AttestationError> {
    let text = toml::to_string(attestation)?;
    let refused = |source| AttestationError::Io { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(refused)?;
    }
    let mut file = fs::File::create_new(path).map_err(refused)?;
    io::Write::write_all(&mut file, text.as_bytes()).map_err(refused)
}

/// Adds the attestations of a folder, by name. What is wrong with one says where, and the others count. A folder that is
/// not there yet has none: the first attestation makes it.
pub(super) fn read(folder: &Path, evidence: &mut Evidence) -> io::Result<()> {
    evidence.is_attested = true;
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort_unstable();
    for file in files {
        let name = file.display().to_string();
        let mut refuse = |line: usize, problem: String| {
            evidence.unusable.push(Unusable { place: format!("{name}:{line}"), problem });
        };
        let text = match fs::read(&file).map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Ok(Err(error)) => {
                let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                refuse(line, "it is not UTF-8 text".to_owned());
                continue;
            }
            Err(error) => {
                refuse(1, format!("it cannot be read: {error}"));
                continue;
            }
        };
        let attestation = toml::from_str::<Attestation>(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let message = error.message().lines().collect::<Vec<_>>().join(", ");
            (1 + before.matches('\n').count(), message)
        });
        match attestation {
            Ok(attestation) if matches!(attestation.kind, EvidenceKind::Restore | EvidenceKind::Failover) => {
                let kind = attestation.kind.as_str();
                refuse(1, format!("{kind}s are seen by the services and are not attested"));
            }
            Ok(attestation) => {
                if !attestation.has_report() {
                    refuse(1, "it names no report, so that nobody can check what it says".to_owned());
                }
                let place = |key: &str| {
                    let line = text.lines().position(|line| line.trim_start().starts_with(key));
                    format!("{name}:{}", line.map_or(1, |index| index + 1))
                };
                let (date_place, workload_place) = (place("date"), place("workload"));
                let record = attestation.record(name);
                evidence.records.push(Kept { record, date_place, workload_place });
            }
            Err((line, problem)) => refuse(line, problem),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Attestation, write};
    use crate::evidence::{DrillStep, Evidence, EvidenceKind, Strength};

    fn drill() -> Attestation {
        Attestation {
            kind: EvidenceKind::Drill,
            workload: "web/shop".to_owned(),
            date: "2026-10-14".parse().unwrap(),
            steps: [DrillStep::TrafficMoved, DrillStep::PrimaryStopped].into(),
            rto: Some("42m".parse().unwrap()),
            rpo: None,
            people: vec!["ada".to_owned()],
            report: Some("https://wiki.example.com/drill".to_owned()),
        }
    }

    fn read(folder: &std::path::Path) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.add_attestations(folder).unwrap();
        evidence
    }

    #[test]
    fn what_is_written_is_read_back_and_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(drill().file_name());
        assert!(path.ends_with("2026-10-14-web-shop-drill.toml"));
        write(&drill(), &path).unwrap();
        assert_eq!(
            write(&drill(), &path).unwrap_err().help().split(';').next(),
            Some("an attestation is not written over")
        );
        let evidence = read(folder.path());
        let [kept] = evidence.records.as_slice() else { panic!("{evidence:?}") };
        let record = &kept.record;
        assert!(evidence.is_attested);
        assert_eq!((record.workload.as_deref(), record.strength), (Some("web/shop"), Strength::C));
        assert_eq!((record.rto, record.at.to_string().as_str()), (Some(2520), "2026-10-14T00:00:00Z"));
        assert!(record.steps.iter().eq(&[DrillStep::PrimaryStopped, DrillStep::TrafficMoved]));
    }

    #[test]
    fn without_a_report_somebody_only_says_so() {
        let folder = tempfile::tempdir().unwrap();
        write(&Attestation { report: Some(" ".to_owned()), ..drill() }, &folder.path().join("a.toml"))
            .unwrap();
        let evidence = read(folder.path());
        assert_eq!(evidence.records[0].record.strength, Strength::D);
        let [unusable] = evidence.unusable.as_slice() else { panic!("{evidence:?}") };
        assert!(unusable.place.ends_with("a.toml:1"), "{unusable:?}");
        assert_eq!(unusable.problem, "it names no report, so that nobody can check what it says");
    }

    #[test]
    fn a_file_that_is_no_text_is_named_and_the_others_count() {
        let folder = tempfile::tempdir().unwrap();
        write(&drill(), &folder.path().join("right.toml")).unwrap();
        fs::write(folder.path().join("wrong.toml"), b"kind = \"drill\"\nworkload = \"\xff\"\n").unwrap();
        let evidence = read(folder.path());
        assert_eq!(evidence.records.len(), 1);
        let [unusable] = evidence.unusable.as_slice() else { panic!("{evidence:?}") };
        assert!(unusable.place.ends_with("wrong.toml:2"), "{unusable:?}");
    }

    #[test]
    fn a_mistake_has_its_line_and_the_other_files_count() {
        let folder = tempfile::tempdir().unwrap();
        write(&drill(), &folder.path().join("right.toml")).unwrap();
        let wrong = "kind = \"drill\"\nworkload = \"shop\"\ndate = \"2026-10-14\"\nsteps = [\"coffee\"]\n";
        fs::write(folder.path().join("wrong.toml"), wrong).unwrap();
        let evidence = read(folder.path());
        assert_eq!(evidence.records.len(), 1);
        let [unusable] = evidence.unusable.as_slice() else { panic!("{evidence:?}") };
        assert!(unusable.place.ends_with("wrong.toml:4"), "{unusable:?}");
        assert!(unusable.problem.contains("coffee"), "{unusable:?}");
    }
}
