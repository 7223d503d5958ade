//! The validator of SARIF files that GitHub's documentation names: Microsoft's Multitool, an npm package with a
//! program for Linux in it, installed once per target folder where Node is there.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::kept_files;

const VERSION: &str = "5.7.0";

const PACKAGE: &str = "node_modules/@microsoft/sarif-multitool-linux";

/// Written last, so that an installation that was interrupted is seen as not there.
const COMPLETE: &str = "complete";

/// The installed validator.
#[derive(Debug)]
pub(crate) struct Multitool {
    folder: PathBuf,
}

/// The validator; `None` where Node is not there or the program does not run.
pub(crate) fn multitool() -> Option<&'static Multitool> {
    static MULTITOOL: LazyLock<Option<Multitool>> = LazyLock::new(install);
    MULTITOOL.as_ref()
}

fn install() -> Option<Multitool> {
    let answers = |program| {
        let status =
            Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    };
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) || !answers("node") || !answers("npm") {
        return None;
    }
    let folder = kept_files().join(format!("multitool-{VERSION}"));
    let multitool = Multitool { folder };
    let lock = File::create(kept_files().join("multitool.lock")).expect("the target folder is writable");
    lock.lock().expect("the target folder supports file locks");
    if multitool.folder.join(COMPLETE).exists() {
        return Some(multitool);
    }
    if multitool.folder.exists() {
        fs::remove_dir_all(&multitool.folder).expect("a half-made installation can be removed");
    }
    fs::create_dir_all(&multitool.folder).expect("the target folder is writable");
    fs::write(multitool.folder.join("package.json"), "{}").expect("the new folder is writable");
    let output = Command::new("npm")
        .args(["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"])
        .arg(format!("@microsoft/sarif-multitool-linux@{VERSION}"))
        .current_dir(&multitool.folder)
        .output()
        .expect("npm answered before");
    assert!(
        output.status.success(),
        "npm could not install the SARIF Multitool:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    make_executable(&multitool.program());
    File::create(multitool.folder.join(COMPLETE)).expect("the new folder is writable");
    Some(multitool)
}

/// The package's script would do this, but scripts of packages are not run.
fn make_executable(program: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(program, fs::Permissions::from_mode(0o755)).expect("the program is ours");
    }
    #[cfg(not(unix))]
    let _ = program;
}

impl Multitool {
    /// The program itself: the package's wrapper passes its arguments through a shell.
    fn program(&self) -> PathBuf {
        self.folder.join(PACKAGE).join("Sarif.Multitool")
    }

    /// The JSON Schema of SARIF 2.1.0 that the package has.
    pub(crate) fn schema(&self) -> Value {
        let text =
            fs::read(self.folder.join(PACKAGE).join("sarif-2.1.0.json")).expect("the package has a schema");
        serde_json::from_slice(&text).expect("the schema is JSON")
    }

    /// What the validator has against a file under the rules of SARIF and of GitHub, with those
    /// of GitHub that are off unless asked for. It ends with 0 whatever it finds, so its log is read. Notes are
    /// left out: among them is a rule that asks the network whether links answer.
    pub(crate) fn validate(&self, sarif: &[u8]) -> Vec<String> {
        let folder = tempfile::tempdir_in(kept_files()).expect("the target folder is writable");
        let path = |name: &str| folder.path().join(name);
        let on = || json!({"RuleEnabled": "Error"});
        let config = json!({
            "GH1001.ProvideRequiredLocationProperties.Options": on(),
            "GH1002.InlineThreadFlowLocations.Options": on(),
            "GH1003.ProvideRequiredRegionProperties.Options": on(),
            "GH1005.LocationsMustBeRelativeUrisOrFilePaths.Options": on(),
            "GH1006.ProvideCheckoutPath.Options": on(),
            "GH1007.ProvideFullyFormattedMessageStrings.Options": on(),
        });
        fs::write(path("config.json"), config.to_string()).expect("the folder is ours");
        fs::write(path("report.sarif"), sarif).expect("the folder is ours");
        let output = Command::new(self.program())
            .arg("validate")
            .arg(path("report.sarif"))
            .args(["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--threads", "1"])
            .args(["--max-file-size-in-kb", "1000000", "--log", "ForceOverwrite"])
            .arg("-c")
            .arg(path("config.json"))
            .arg("-o")
            .arg(path("log.sarif"))
            .output()
            .expect("the validator runs");
        let log = fs::read(path("log.sarif")).unwrap_or_else(|error| {
            panic!("the validator wrote no log, {error}:\n{}", String::from_utf8_lossy(&output.stdout))
        });
        let log: Value = serde_json::from_slice(&log).expect("the log is SARIF");
        let invocations = log.pointer("/runs/0/invocations").and_then(Value::as_array);
        let notifications = invocations.into_iter().flatten().flat_map(|invocation| {
            let kinds = ["toolExecutionNotifications", "toolConfigurationNotifications"];
            kinds.into_iter().filter_map(|kind| invocation[kind].as_array()).flatten()
        });
        let results = log.pointer("/runs/0/results").and_then(Value::as_array);
        notifications.chain(results.into_iter().flatten()).map(Value::to_string).collect()
    }
}
