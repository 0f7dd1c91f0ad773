//! REI's log file.

use super::PortResult;
pub use crate::domain::facts::LogPosition;
use async_trait::async_trait;
use jiff::Timestamp;
use std::time::Duration;

/// What was new in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogNews {
    /// Where to read on.
    pub position: LogPosition,
    /// New lines.
    pub lines: u64,
    /// New lines that tell of a database error, at most the first 20, cut to 300 characters.
    pub database_errors: Vec<String>,
}

/// What the last minutes of the log hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogRate {
    /// Lines of level ERROR or CRITICAL; absent where the lines do not say when they were written.
    pub errors: Option<u64>,
    /// The newest of them, redacted, cut to 200 characters.
    pub last_error: Option<String>,
    /// Of the lines in this time, those that tell of a database error.
    pub database_errors: u64,
    /// The newest of them, redacted, cut to 200 characters.
    pub last_database_error: Option<String>,
    /// When the file was written last; absent where there is none.
    pub written: Option<Timestamp>,
}

/// Reads REI's log. A missing file is no error: it is at its start.
#[async_trait]
pub trait PatientLog: Send + Sync {
    /// The end of the log as it is now.
    async fn end(&self) -> PortResult<LogPosition>;

    /// What came after a position; a rotated or truncated file is read from its start.
    async fn since(&self, position: &LogPosition) -> PortResult<LogNews>;

    /// What its last `span` holds, as far as it stands in the last half MiB of the file. The clock of
    /// the log is found by holding its last line against the file's time, whatever zone it is in.
    /// Ends only when the file system answers: the caller bounds his wait.
    async fn rate(&self, span: Duration) -> PortResult<LogRate>;
}
