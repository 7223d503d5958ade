//! `-v`: what the program does, on stderr.

use std::io;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts to write events of this program; those of its libraries may hold what is nobody's business.
pub(crate) fn start(times: u8) {
    let level = match times {
        0 => return,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    };
    let format = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(console::colors_enabled_stderr())
        .with_target(false)
        .without_time();
    // There is one subscriber in the process, so that this cannot fail.
    let _ = tracing_subscriber::registry()
        .with(Targets::new().with_target("hadr_scan", level))
        .with(format)
        .try_init();
}
