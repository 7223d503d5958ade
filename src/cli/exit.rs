//! Exit codes. Scripts depend on them: they are part of the interface.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ExitStatus {
    /// 0: nothing at or above `--fail-on`, or no control that fails, and everything could be evaluated.
    Clean,
    /// 1: findings at or above `--fail-on`, or, for `controls`, one that fails, or, for `policy test`, failed tests.
    Findings,
    /// 2: the command line, the configuration or a file is wrong, or the program failed.
    Error,
    /// 3: nothing at or above `--fail-on`, or no control that fails, but something could not be evaluated.
    Incomplete,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Clean => 0,
            ExitStatus::Findings => 1,
            ExitStatus::Error => 2,
            ExitStatus::Incomplete => 3,
        })
    }
}
