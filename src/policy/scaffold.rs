//! `hadr-scan policy new`: a policy and its test, to be filled in.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::snapshot::Kind;
use crate::snapshot::operation::OPERATIONS;

const POLICY: &str = include_str!("scaffold/policy.rego.txt");
const TEST: &str = include_str!("scaffold/test.rego.txt");

/// Why no policy was begun.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// The name is not `SERVICE/PATTERN`.
    #[error("`{name}` is not SERVICE/PATTERN in small letters, digits and `_`")]
    Name {
        /// What was given.
        name: String,
    },
    /// A file is there already, or could not be written.
    #[error("cannot write {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl ScaffoldError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::Name { .. } => {
                "name the bad pattern, such as rds/instance_single_az or s3/bucket_unversioned".to_owned()
            }
            Self::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists => {
                "choose another name, or edit the policy that is there".to_owned()
            }
            Self::Io { .. } => "name a folder that you may write to with --policies".to_owned(),
        }
    }
}

/// Writes the stubs of a policy, `rds/instance_single_az`, below a folder and gives their paths. Nothing that is
/// there is overwritten.
pub fn scaffold(folder: &Path, name: &str) -> Result<[PathBuf; 2], ScaffoldError> {
    let (service, pattern) = parts(name).ok_or_else(|| ScaffoldError::Name { name: name.to_owned() })?;
    let (subject, requires) = subject(service);
    let fill = |template: &str| {
        template
            .replace("@service@", service)
            .replace("@pattern@", pattern)
            .replace("@subject@", subject)
            .replace("@requires@", &requires)
            .replace("@version@", env!("CARGO_PKG_VERSION"))
    };
    let folder = folder.join(service);
    let files = [
        (folder.join(format!("{pattern}.rego")), fill(POLICY)),
        (folder.join(format!("{pattern}_test.rego")), fill(TEST)),
    ];
    let failed = |path: &Path, source| ScaffoldError::Io { path: path.to_owned(), source };
    fs::create_dir_all(&folder).map_err(|source| failed(&folder, source))?;
    if let Some((there, _)) = files.iter().find(|(path, _)| path.exists()) {
        return Err(failed(there, io::ErrorKind::AlreadyExists.into()));
    }
    for (path, text) in &files {
        fs::File::create_new(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|source| failed(path, source))?;
    }
    Ok(files.map(|(path, _)| path))
}

fn parts(name: &str) -> Option<(&str, &str)> {
    let word = |word: &str| {
        word.starts_with(|letter: char| letter.is_ascii_lowercase())
            && word.chars().all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '_'))
    };
    let (service, pattern) = name.split_once('/')?;
    // `lib/` holds helpers, and a name that ends with `_test` is a test of another policy.
    (word(service) && word(pattern) && service != "lib" && !pattern.ends_with("_test"))
        .then_some((service, pattern))
}

/// A type of the service and the call that lists it. What the collector has no type of begins with the account.
fn subject(service: &str) -> (&'static str, String) {
    let kind = Kind::ALL
        .iter()
        .map(|kind| kind.as_str())
        .find(|kind| kind.split("::").nth(1).is_some_and(|owner| owner.eq_ignore_ascii_case(service)));
    let Some(kind) = kind else { return ("AWS::Account", String::new()) };
    let listing = OPERATIONS.iter().find(|operation| operation.lists.contains(&kind));
    (kind, listing.map(|operation| operation.id()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::scaffold;
    use crate::config::Config;
    use crate::policy::{self, Catalogue, Engine, Parameters};

    #[test]
    fn a_new_policy_loads_and_fails_its_tests_and_cannot_judge() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["s3/bucket_new", "rds/cluster_new", "lambda/function_new"] {
            scaffold(folder.path(), name).unwrap();
        }
        let catalogue = Catalogue::with_folder(folder.path()).unwrap();
        let parameters = Parameters::resolve(&catalogue, &catalogue, &Config::default()).unwrap();
        let error = Engine::compile(&catalogue, &parameters).err().unwrap().to_string();
        assert!(error.contains("no resource has an attribute `fill_in`"), "{error}");
        let tests: Vec<_> = catalogue.tests().iter().filter(|module| module.path.contains("_new_")).collect();
        assert_eq!(tests.len(), 3);
        for module in tests {
            let results = policy::test(&catalogue, &parameters, module).unwrap();
            assert_eq!(results.len(), 4, "{results:?}");
            assert!(results.iter().all(|result| result.failure.is_some()), "{results:?}");
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let [policy, test] = scaffold(folder.path(), "s3/bucket_new").unwrap();
        std::fs::remove_file(&policy).unwrap();
        std::fs::write(&test, "mine").unwrap();
        let error = scaffold(folder.path(), "s3/bucket_new").unwrap_err();
        assert_eq!(error.to_string(), format!("cannot write {}", test.display()));
        assert!(!policy.exists());
    }

    #[test]
    fn a_name_that_no_policy_can_have_is_refused() {
        for name in ["s3", "S3/bucket", "s3/bucket-new", "../x", "s3/a/b", "lib/x", "s3/bucket_test", "s3/"] {
            let error = scaffold(std::path::Path::new("/nowhere"), name).unwrap_err();
            assert!(error.to_string().starts_with(&format!("`{name}` is not SERVICE/PATTERN")), "{error}");
        }
    }
}
