//! The Python tools of the tests: a virtual environment under the target folder, made from the pinned
//! `tests/requirements.txt` and kept until that file changes.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::kept_files;

const REQUIREMENTS: &str = include_str!("../../requirements.txt");

/// Written last, so that an installation that was interrupted is seen as not there.
const COMPLETE: &str = "complete";

/// The installed virtual environment.
#[derive(Debug)]
pub(crate) struct Tools {
    bin: PathBuf,
}

impl Tools {
    /// The interpreter of the environment.
    pub(crate) fn python(&self) -> PathBuf {
        self.program("python")
    }

    /// The AWS CLI.
    pub(crate) fn aws(&self) -> PathBuf {
        self.program("aws")
    }

    /// Any other program that the requirements install.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}

/// The tools, installed by the first call in this target folder.
pub(crate) fn tools() -> &'static Tools {
    static TOOLS: LazyLock<Tools> = LazyLock::new(install);
    &TOOLS
}

fn install() -> Tools {
    let hash = Sha256::digest(REQUIREMENTS);
    let key: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let folder = kept_files().join(format!("tools-{key}"));
    let tools = Tools { bin: folder.join("bin") };

    // The lock is held by one of the test processes that run side by side; it goes with the process that
    // holds it, however that ends.
    let lock = File::create(kept_files().join("tools.lock")).expect("the target folder is writable");
    lock.lock().expect("the target folder supports file locks");
    if is_complete(&folder, &tools) {
        return tools;
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("a half-made environment can be removed");
    }
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    run(&python, &["-m".as_ref(), "venv".as_ref(), folder.as_os_str()]);
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).expect("the new environment is writable");
    let pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "-r"];
    let arguments: Vec<&OsStr> =
        pip.iter().map(|argument| OsStr::new(*argument)).chain([requirements.as_os_str()]).collect();
    run(tools.python().as_os_str(), &arguments);
    File::create(folder.join(COMPLETE)).expect("the new environment is writable");
    tools
}

/// An environment whose base interpreter was removed has a dangling `python`, and is made anew.
fn is_complete(folder: &Path, tools: &Tools) -> bool {
    folder.join(COMPLETE).exists() && tools.python().exists()
}

fn run(program: &OsStr, arguments: &[&OsStr]) {
    let command = || {
        let words: Vec<_> = [program].iter().chain(arguments).map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    };
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| {
        panic!("the test tools need Python 3: `{}` did not start: {error}", command())
    });
    assert!(
        output.status.success(),
        "the test tools could not be installed: `{}` ended with {}:\n{}{}",
        command(),
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}
