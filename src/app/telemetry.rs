//! Log lines.

use crate::config::{LogFormat, LogSettings};
use std::io;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

/// Starts logging to standard error: standard output belongs to what commands print.
pub(super) fn start(log: &LogSettings) {
    // The filter was checked when the settings were read.
    let filter = EnvFilter::try_new(&log.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()));
    let started = match log.format {
        LogFormat::Json => lines.json().try_init(),
        LogFormat::Text => lines.try_init(),
    };
    // Only the first start counts; a second one in the same process (tests) changes nothing.
    drop(started);
}
