//! What ends a run early: an error with its causes and what to do about it.

use std::fmt;
use std::io;

use hadr_scan::policy;
use hadr_scan::snapshot;

/// An error with a line that says what to do next.
pub(crate) struct Failure {
    error: anyhow::Error,
    help: Option<String>,
}

impl Failure {
    /// A mistake of the user's that no stage of the library knows.
    pub(crate) fn usage(message: impl fmt::Display, help: impl Into<String>) -> Self {
        Self { error: anyhow::anyhow!("{message}"), help: Some(help.into()) }
    }

    /// Whether the reader of our output has gone away, which is not an error of ours.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        self.error
            .chain()
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .any(|error| error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}", self.error)?;
        for cause in self.error.chain().skip(1) {
            write!(formatter, "\n  caused by: {cause}")?;
        }
        match &self.help {
            Some(help) => write!(formatter, "\nhelp: {help}"),
            None => Ok(()),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self { error: error.into(), help: None }
    }
}

/// The errors of the library's stages, each of which says what to do about it.
macro_rules! stages {
    ($($error:ty),+ $(,)?) => {
        $(
            impl From<$error> for Failure {
                fn from(error: $error) -> Self {
                    Self { help: Some(error.help()), error: error.into() }
                }
            }
        )+
    };
}

stages! {
    policy::CompileError,
    policy::LoadError,
    policy::ParameterError,
    snapshot::ReadError,
    snapshot::WriteError,
}
