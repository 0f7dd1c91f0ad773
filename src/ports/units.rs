//! The units' manager.

use super::PortResult;
use crate::domain::unit::{UnitName, UnitStatus};
use async_trait::async_trait;
use jiff::Timestamp;

/// systemd, or commands that stand in for it.
///
/// Success is the *observed* state: `start` returns only after the unit was seen active (and, where
/// a manager reports a start before the process survived its first moments, was looked at again),
/// `stop` only after it was seen inactive or failed. Both may be repeated at will. An unknown unit
/// is `unit-not-found`, never success. Every call ends by itself within its own deadline; a job that
/// was begun and not seen to end is an error with `unknown` set.
#[async_trait]
pub trait Units: Send + Sync {
    /// What the unit is now.
    async fn status(&self, unit: &UnitName) -> PortResult<UnitStatus>;

    /// Starts the unit; one that runs already is left alone.
    async fn start(&self, unit: &UnitName) -> PortResult<UnitStatus>;

    /// Stops the unit; one that is down already is left alone.
    async fn stop(&self, unit: &UnitName) -> PortResult<UnitStatus>;

    /// Its newest log lines since a moment, oldest first, at most `limit`; empty where the manager
    /// keeps none.
    async fn recent_lines(
        &self,
        unit: &UnitName,
        since: Timestamp,
        limit: usize,
    ) -> PortResult<Vec<String>>;
}
