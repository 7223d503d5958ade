//! The example that `hadr-scan config init` writes: every key with its explanation.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::FILE_NAME;
use super::origin::member;
use crate::policy::Catalogue;

/// What does not depend on the policies. Lines of prose start with `# `, keys with `#` alone.
const TEMPLATE: &str = include_str!("example.toml");

/// What inputs may be set to, by the end of their names. `@region@` is the Region that the name is about.
const INPUTS: [(&str, &str); 5] = [
    ("region", "@region@"),
    ("role_arn", "arn:aws:iam::123456789012:role/@name@"),
    ("kms_key_arn", "arn:aws:kms:@region@:123456789012:key/mrk-1234abcd"),
    ("sns_topic_arn", "arn:aws:sns:@region@:123456789012:alarms"),
    ("backup_vault_arn", "arn:aws:backup:@region@:123456789012:backup-vault:copies"),
];

/// A commented file with every key, the inputs and parameters of the policies included.
pub fn example(catalogue: &Catalogue) -> String {
    let mut parameters = String::new();
    for policy in catalogue.iter().filter(|policy| !policy.metadata.custom.parameters.is_empty()) {
        // Writing to a string does not fail.
        let _ = writeln!(parameters, "#[{}]", member("parameters", &policy.id));
        for (name, parameter) in &policy.metadata.custom.parameters {
            for line in parameter.description.trim_end().lines() {
                let _ = writeln!(parameters, "# {line}");
            }
            if let Ok(default) = toml::Value::try_from(&parameter.default) {
                let _ = writeln!(parameters, "#{} = {default}", member("", name));
            }
        }
    }
    let mut inputs = String::new();
    for name in catalogue.inputs() {
        let value = toml::Value::String(input(name));
        let _ = writeln!(inputs, "#{} = {value}", member("", name));
    }
    TEMPLATE.replace("@parameters@\n", &parameters).replace("@inputs@\n", &inputs)
}

/// An example of an input; its own name where that does not say of what kind it is.
fn input(name: &str) -> String {
    // Alarms of health checks are in this Region only.
    let region = match name.split_once('_') {
        Some(("dr", _)) => "eu-central-1",
        Some(("health", _)) => "us-east-1",
        _ => "eu-west-1",
    };
    let known = INPUTS.iter().find(|(end, _)| name.ends_with(end));
    let value = known.map_or("@name@", |(_, value)| value);
    let name = name.strip_suffix("_arn").unwrap_or(name).replace('_', "-");
    value.replace("@region@", region).replace("@name@", &name)
}

/// Why no example was written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}")]
pub struct InitError {
    path: PathBuf,
    source: io::Error,
}

impl InitError {
    /// What to do about it.
    pub fn help(&self) -> String {
        if self.source.kind() == io::ErrorKind::AlreadyExists {
            "move the file that is there, or copy what you need from `hadr-scan config init` in another folder"
                .to_owned()
        } else {
            "go to a folder that you may write to".to_owned()
        }
    }
}

/// Writes the example to a folder. A file that is there is left as it is.
pub fn init(folder: &Path, catalogue: &Catalogue) -> Result<PathBuf, InitError> {
    let path = folder.join(FILE_NAME);
    let written = fs::File::create_new(&path)
        .and_then(|mut file| io::Write::write_all(&mut file, example(catalogue).as_bytes()));
    match written {
        Ok(()) => Ok(path),
        Err(source) => Err(InitError { path, source }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::{example, init};
    use crate::config::{Environment, Loaded, Origin};
    use crate::policy::Catalogue;

    /// A catalogue that has a policy with parameters, whatever the program has.
    fn catalogue() -> Catalogue {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("s3")).unwrap();
        let policy = "\
# METADATA
# title: Bucket is sometimes wrong
# description: As an example.
# scope: package
# custom:
#   severity: high
#   concern: backup
#   scenarios: [deletion]
#   resource_types: [AWS::S3::Bucket]
#   requires: [s3:ListBuckets]
#   parameters:
#     days: {default: {mission-critical: 35, general: 7}, description: Days.}
#     name: {default: x, description: Name.}
#   since: 0.1.0
package hadr.s3.bucket_sometimes_wrong
";
        fs::write(folder.path().join("s3/bucket_sometimes_wrong.rego"), policy).unwrap();
        Catalogue::with_folder(folder.path()).unwrap()
    }

    fn read(text: &str) -> Loaded {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("hadr-scan.toml");
        fs::write(&path, text).unwrap();
        Loaded::read(&path).unwrap()
    }

    #[test]
    fn the_example_changes_nothing_until_it_is_uncommented() {
        let catalogue = catalogue();
        let loaded = read(&example(&catalogue));
        let effective = loaded.effective(&loaded.resolve(&catalogue, &catalogue).unwrap()).unwrap();
        assert!(effective.iter().all(|value| value.origin == Origin::Default), "{effective:?}");
    }

    #[test]
    fn the_example_has_every_key() {
        let catalogue = catalogue();
        // A person who begins with the example removes the `#` before keys.
        let line = |line: &str| match line.strip_prefix('#') {
            Some(key) if !key.is_empty() && !key.starts_with(' ') => format!("{key}\n"),
            _ => format!("{line}\n"),
        };
        let loaded = read(&example(&catalogue).lines().map(line).collect::<String>());
        loaded.resolve(&catalogue, &catalogue).unwrap();
        let mut found = Vec::new();
        unset("", &serde_json::to_value(&loaded.config).unwrap(), &mut found);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn the_example_has_every_input_and_every_environment() {
        let text = example(&Catalogue::embedded().unwrap());
        for line in [
            "#backup_vault = \"backup-vault\"",
            "#dr_region = \"eu-central-1\"",
            "#dr_kms_key_arn = \"arn:aws:kms:eu-central-1:123456789012:key/mrk-1234abcd\"",
            "#replication_role_arn = \"arn:aws:iam::123456789012:role/replication-role\"",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}\n{text}");
        }
        let (_, inputs) = text.split_once("\n#[inputs]\n").unwrap();
        let names: Vec<&str> =
            inputs.lines().map_while(|line| Some(line.strip_prefix('#')?.split_once(" = ")?.0)).collect();
        assert_eq!(names, Catalogue::embedded().unwrap().inputs().into_iter().collect::<Vec<_>>());
        for environment in [
            Environment::Production,
            Environment::DisasterRecovery,
            Environment::Staging,
            Environment::NonProduction,
            Environment::Ephemeral,
        ] {
            let word = environment.as_str();
            assert!(text.contains(&format!("\n#   {word}: ")), "{word}");
        }
    }

    /// Collects the paths of what a document does not set.
    fn unset(path: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Null => found.push(path.to_owned()),
            Value::Array(items) if items.is_empty() => found.push(path.to_owned()),
            Value::Object(members) if members.is_empty() => found.push(path.to_owned()),
            Value::Array(items) => items.iter().for_each(|item| unset(path, item, found)),
            Value::Object(members) => {
                members.iter().for_each(|(key, value)| unset(&format!("{path}.{key}"), value, found));
            }
            _ => {}
        }
    }

    #[test]
    fn a_file_that_is_there_is_left_as_it_is() {
        let (folder, catalogue) = (tempfile::tempdir().unwrap(), catalogue());
        let path = init(folder.path(), &catalogue).unwrap();
        fs::write(&path, "mine").unwrap();
        let error = init(folder.path(), &catalogue).unwrap_err();
        assert!(error.help().contains("move the file"), "{}", error.help());
        assert_eq!(fs::read_to_string(path).unwrap(), "mine");
    }
}
