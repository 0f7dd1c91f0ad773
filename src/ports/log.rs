//! REI's log file.

use super::PortResult;
pub use crate::domain::facts::LogPosition;
use async_trait::async_trait;

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

/// Reads REI's log. A missing file is no error: it is at its start.
#[async_trait]
pub trait PatientLog: Send + Sync {
    /// The end of the log as it is now.
    async fn end(&self) -> PortResult<LogPosition>;

    /// What came after a position; a rotated or truncated file is read from its start.
    async fn since(&self, position: &LogPosition) -> PortResult<LogNews>;
}
