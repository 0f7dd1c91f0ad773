//! `/healthz`, `/readyz` and `/metrics` for those who watch this program from outside.
//!
//! What is told comes from the last round of probes and from `state.db`: a scrape never touches the
//! patient. Nothing here can change anything, and nothing slow or hostile at the other end can hold up
//! more than its own connection.

pub mod metrics;
mod process;
mod ready;
mod serve;

pub use ready::{is_able, is_alive};
pub use serve::{Limits, serve};

use crate::domain::health::Round;
use crate::ports::clock::Clock;
use crate::ports::journal::Generation;
use crate::ports::pulse::{Line, Pulse};
use crate::ports::vitals::Vitals;
use jiff::Timestamp;
use std::sync::Arc;
use tokio::sync::watch;

/// What is looked at.
pub struct HttpParts {
    /// The own state.
    pub vitals: Arc<dyn Vitals>,
    /// The last round of probes; none before the first, or where nobody makes any.
    pub rounds: watch::Receiver<Option<Arc<Round>>>,
    /// The reign of this process's worker.
    pub reign: Generation,
    /// Beats as long as the worker works.
    pub worker: Arc<Pulse>,
    /// The line on which updates come from Telegram.
    pub telegram: Arc<Line>,
    /// Beats each time somebody reads the metrics.
    pub scraped: Arc<Pulse>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// When this process began.
    pub began: Timestamp,
    /// This program's version.
    pub version: &'static str,
}
