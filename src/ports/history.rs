//! The memory of what rounds of probes found.

use crate::domain::health::history::{Resolution, Span};
use crate::domain::health::{Measure, Part, Round};
use crate::ports::journal::StateResult;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// The measures that the picture of the last day shows.
pub const DAY: &[(Part, Measure)] = &[
    (Part::Queue, Measure::Depth),
    (Part::Jobs, Measure::Succeeded),
    (Part::Jobs, Measure::Failed),
];

/// What rounds found, kept within bounds: each round for 36 hours, five minutes for 8 days, hours for
/// 90 days.
///
/// Rounds may come in any order: a clock that was put back adds to what is known of that time, and
/// one that jumped ahead for a moment makes nothing be forgotten.
#[async_trait]
pub trait History: Send + Sync {
    /// Keeps a round, and clears away a little of what is too old. Durable when it returns. Keeping
    /// the same round twice counts its values twice in means, and changes nothing else.
    async fn record(&self, round: &Round) -> StateResult<()>;

    /// What is known of a stretch of time, with these measures of all subjects. Empty where nothing
    /// is known.
    async fn span(
        &self,
        from: Timestamp,
        until: Timestamp,
        resolution: Resolution,
        wanted: &[(Part, Measure)],
    ) -> StateResult<Span>;

    /// The last 24 hours as the picture shows them.
    async fn last_day(&self, now: Timestamp) -> StateResult<Span> {
        let from = now - SignedDuration::from_hours(24);
        self.span(from, now, Resolution::Round, DAY).await
    }
}
