//! What ends a run early: an error with its causes and what to do about it.

use std::fmt;
use std::io;

use hadr_scan::config;
use hadr_scan::evidence;
use hadr_scan::policy;
use hadr_scan::snapshot;
use hadr_scan::text;

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

    /// Something that the operating system refused.
    pub(crate) fn io(message: impl fmt::Display, error: io::Error, help: impl Into<String>) -> Self {
        let error = anyhow::Error::new(error).context(message.to_string());
        Self { error, help: Some(help.into()) }
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
        // File names, keys and answers of servers end up in messages.
        let on_one_line = |message: String| message.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        write!(formatter, "error: {}", text::printable(&on_one_line(self.error.to_string())))?;
        for cause in self.error.chain().skip(1) {
            write!(formatter, "\n  caused by: {}", text::printable(&on_one_line(cause.to_string())))?;
        }
        match &self.help {
            Some(help) => write!(formatter, "\nhelp: {}", text::printable(help)),
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
    config::InitError,
    config::LoadError,
    config::UnknownAccount,
    evidence::AttestationError,
    evidence::LedgerError,
    policy::CompileError,
    policy::LoadError,
    policy::DocsError,
    policy::ParameterError,
    policy::ScaffoldError,
    policy::UnknownPolicy,
    snapshot::ReadError,
    snapshot::WriteError,
}

#[cfg(feature = "aws")]
stages! {
    hadr_scan::collect::Error,
}
