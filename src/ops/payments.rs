//! Payments: what is open, when they were last brought in line, and what a person has to look at.

use super::{Ops, OpsError, csv_record};
use crate::domain::event::Outcome;
use crate::domain::facts::Facts;
use crate::domain::money::Money;
use crate::domain::payment::{Deed, Line, PendingPayments, SyncReport};
use crate::domain::run::{Leftover, Phase, Run};
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
    /// What the last run that compared them left of them, and when.
    pub left: Option<(Timestamp, Vec<Leftover>)>,
}

/// The first line of the list of differences.
const HEADER: &[&str] = &[
    "payment",
    "provider_payment",
    "finding",
    "person",
    "amount",
    "currency",
    "credits",
    "rei_status",
    "provider_status",
    "begun",
    "captured",
];

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
        let left = runs.iter().find(|run| compared(run)).map(|run| {
            let mut left = run.leftovers();
            left.retain(|left| matches!(left, Leftover::Payments { .. }));
            (run.finished_at.unwrap_or(run.proposed_at), left)
        });
        Ok(PaymentsView {
            pending: pending.map_err(|error| error.failure),
            last_sync,
            left: left.filter(|(_, left)| !left.is_empty()),
        })
    }

    /// Every payment on which REI and the provider do not agree now, as CSV (RFC 4180) with a header;
    /// nothing where they agree. Reaches back to the backup that REI last came from, at least a week.
    ///
    /// # Errors
    /// REI's rows or the provider cannot be read.
    pub async fn payments_csv(&self, work: &Work) -> Result<Option<String>, OpsError> {
        let runs = self.state.journal.recent(RUNS).await?;
        let restored = runs.iter().find_map(restored_from);
        let now = self.now();
        let week = now.saturating_sub(WINDOW).unwrap_or(Timestamp::MIN);
        let span = Span {
            since: restored.map_or(week, |at| at.min(week)),
            until: now,
        };
        let lines = payments::compare(self.sides(), span, work).await?;
        let differ = lines.iter().filter(|line| line.deed != Deed::Nothing);
        let records: String = differ.map(record).collect();
        Ok((!records.is_empty()).then(|| csv_record(HEADER) + "\r\n" + &records))
    }

    fn sides(&self) -> Sides<'_> {
        Sides {
            records: self.patient.records.as_ref(),
            provider: self.patient.payments.as_ref(),
        }
    }

    /// What a sync would do now. Nothing is written.
    ///
    /// # Errors
    /// REI's rows or the provider cannot be read.
    pub async fn sync_preview(&self, work: &Work) -> Result<SyncReport, OpsError> {
        let now = self.now();
        let since = now.saturating_sub(WINDOW).unwrap_or(Timestamp::MIN);
        let span = Span { since, until: now };
        Ok(payments::sync(self.sides(), span, true, work).await?)
    }
}

/// Whether it looked at payments.
fn compared(run: &Run) -> bool {
    let looked = |facts: &Facts| match facts {
        Facts::Synced(_) => Some(()),
        Facts::Reconciled(found) => found.payments.as_ref().map(drop),
        _ => None,
    };
    run.find_facts(looked).is_some()
}

/// The moment of the backup that REI came from by this run.
fn restored_from(run: &Run) -> Option<Timestamp> {
    let chosen = run.plan.backup.as_ref()?;
    let whole = run.phase == Phase::Finished(Outcome::Recovered);
    whole.then(|| chosen.backup.time.at())
}

fn record(line: &Line) -> String {
    let (row, paid) = (line.local.as_ref(), line.remote.as_ref());
    let at = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    // A payment without a row still names the one that it was begun for.
    let named = paid.and_then(|paid| paid.metadata.get("payment_id"));
    let amount = row.map(|row| &row.amount).or(paid.map(|paid| &paid.amount));
    let ours = row.map(|row| row.created_at);
    let record = csv_record(&[
        row.map(|row| &row.id).or(named).map_or("", String::as_str),
        paid.map_or_else(
            || row.and_then(|row| row.provider_id.as_deref()).unwrap_or(""),
            |paid| &paid.id,
        ),
        line.deed.as_str(),
        &row.map(|row| row.user.to_string()).unwrap_or_default(),
        &amount.map(Money::digits).unwrap_or_default(),
        amount.map_or("", |amount| &amount.currency),
        &row.map(|row| row.credits.to_string()).unwrap_or_default(),
        row.map_or("", |row| row.status.as_str()),
        paid.map_or("", |paid| paid.status.as_str()),
        &at(ours.or(paid.map(|paid| paid.created_at))),
        &at(paid.and_then(|paid| paid.captured_at)),
    ]);
    record + "\r\n"
}
