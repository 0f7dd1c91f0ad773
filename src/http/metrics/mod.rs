//! `/metrics`, in the OpenMetrics text format.
//!
//! Everything is written anew at each scrape from what is known at that moment, so no component that
//! is no longer looked at lives on. Names end in their base unit (seconds, bytes, ratio); counters in
//! `_total`. Dashboard and alert rules in `deploy/` are held against them by a test.

mod component;
mod family;
mod own;

use super::process;
use super::{HttpParts, ready};
use crate::domain::health::Round;
use crate::ports::vitals::Figures;
pub use component::{measure_name, scale};
use family::Families;
use jiff::Timestamp;
use std::sync::Arc;

/// What stands before every name but those of the process.
pub const PREFIX: &str = "rei_recovery";

/// The format's type.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that is told, of one moment.
struct Snapshot {
    now: Timestamp,
    began: Timestamp,
    version: &'static str,
    round: Option<Arc<Round>>,
    state: Option<Figures>,
    worker_age: Option<f64>,
    telegram: bool,
    process: process::Process,
}

/// The answer to a scrape. Where the state does not answer in time, the rest is told.
///
/// # Errors
/// The text cannot be written, which only a defect can cause.
pub(super) async fn text(parts: &HttpParts) -> Result<String, std::fmt::Error> {
    let round = parts.rounds.borrow().clone();
    let state = ready::figures(parts).await;
    if let Err(error) = &state {
        tracing::warn!(%error, "a scrape goes without the state");
    }
    let snapshot = Snapshot {
        now: parts.clock.now(),
        began: parts.began,
        version: parts.version,
        round,
        state: state.ok(),
        worker_age: parts.worker.age().map(|age| age.as_secs_f64()),
        telegram: ready::is_reached(parts),
        process: process::look(),
    };
    let mut families = Families::new();
    own::tell(&snapshot, &mut families);
    if let Some(round) = &snapshot.round {
        component::tell(round, snapshot.now, &mut families);
    }
    families.text()
}
