//! Runs the program on an account, with nothing of the user's own AWS setup.

use std::path::{Path, PathBuf};
use std::process::Command;

use hadr_scan::snapshot::{self, Snapshot};
use tempfile::TempDir;

use super::account::Account;

/// The program, in a folder of its own.
pub(crate) struct Program {
    account: Account,
    folder: TempDir,
}

/// What a run left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Program {
    /// The program with the account's credentials and endpoint in its environment.
    pub(crate) fn on(account: &Account) -> Self {
        Self {
            account: account.clone(),
            folder: tempfile::tempdir().expect("the machine has a temporary folder"),
        }
    }

    /// A path in the folder of the program.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_hadr-scan"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(self.account.env())
            .output()
            .expect("the program starts");
        Run {
            code: output.status.code().expect("the program is not killed"),
            stdout: String::from_utf8(output.stdout).expect("the program writes UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("the program writes UTF-8"),
        }
    }

    /// Collects the account in these Regions, or in all if there are none.
    pub(crate) fn collect(&self, regions: &[&str]) -> Snapshot {
        let file = self.path("snapshot.json");
        let mut arguments = vec!["collect", "-o", "snapshot.json"];
        for region in regions {
            arguments.extend(["--region", region]);
        }
        let run = self.run(&arguments);
        assert_eq!(run.code, 0, "{}", run.stderr);
        read(&file)
    }
}

/// A snapshot that has to be valid.
pub(crate) fn read(file: &Path) -> Snapshot {
    match snapshot::read(file) {
        Ok(located) => located.snapshot,
        Err(error) => panic!("{error}: {}", std::error::Error::source(&error).expect("it has a cause")),
    }
}
