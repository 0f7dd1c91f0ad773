//! Payments: what is open, and when they were last brought in line.

use super::{Ops, OpsError};
use crate::domain::facts::Facts;
use crate::domain::payment::{PendingPayments, SyncReport};
use crate::ports::backups::Work;
use crate::tasks::payments::{self, Sides, Span};
use crate::tasks::pending::pending;
use jiff::{SignedDuration, Timestamp};

/// How many runs are looked through for the last sync.
const RUNS: u32 = 200;

/// Without a backup: how far back payments are compared.
const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What `/payments` shows.
#[derive(Debug, Clone)]
pub struct PaymentsView {
    /// Open payments; or why they cannot be told.
    pub pending: Result<PendingPayments, crate::domain::failure::Failure>,
    /// The last sync that a run made.
    pub last_sync: Option<(Timestamp, SyncReport)>,
}

impl Ops {
    /// Open payments by age, and the last sync.
    ///
    /// # Errors
    /// The own state cannot be read. A database of REI that cannot be read is part of the answer.
    pub async fn payments(&self) -> Result<PaymentsView, OpsError> {
        let pending = pending(self.patient.records.as_ref(), self.now()).await;
        let runs = self.state.journal.recent(RUNS).await?;
        let last_sync = runs.iter().find_map(|run| {
            let report = run.find_facts(|facts| match facts {
                Facts::Synced(report) => Some(report.clone()),
                _ => None,
            })?;
            Some((run.finished_at.unwrap_or(run.proposed_at), report))
        });
        Ok(PaymentsView {
            pending: pending.map_err(|error| error.failure),
            last_sync,
        })
    }

    /// What a sync would do now. Nothing is written.
    ///
    /// # Errors
    /// REI's rows or the provider cannot be read.
    pub async fn sync_preview(&self, work: &Work) -> Result<SyncReport, OpsError> {
        let now = self.now();
        let since = now.saturating_sub(WINDOW).unwrap_or(Timestamp::MIN);
        let sides = Sides {
            records: self.patient.records.as_ref(),
            provider: self.patient.payments.as_ref(),
        };
        let span = Span { since, until: now };
        Ok(payments::sync(sides, span, true, work).await?)
    }
}
