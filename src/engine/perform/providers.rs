//! Providers: the payment provider and the AI providers.

use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::provider::{Condition, Reading};
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use crate::tasks::payments::{self, Sides, Span};
use crate::tasks::pending::pending;
use jiff::{SignedDuration, Timestamp};
use std::future::Future;
use std::time::Duration;
use tokio::time::Instant;

/// How often a provider that is waited for is asked.
const ASK: Duration = Duration::from_secs(15);

/// Without a backup: how far back payments are compared.
const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Waits until every reading is up, or the patience is at its end.
pub(super) async fn wait<F>(
    ask: impl Fn() -> F,
    patience: Duration,
    work: &Work,
) -> PortResult<Facts>
where
    F: Future<Output = Vec<Reading>>,
{
    let deadline = Instant::now() + patience;
    loop {
        let readings = ask().await;
        let down = readings.iter().find(|reading| hinders(reading)).cloned();
        let Some(down) = down else {
            return Ok(Facts::Readings { readings });
        };
        if Instant::now() >= deadline {
            let error = PortError::new(FailureCode::ProviderDown).with("service", down.service);
            return Err(match down.said {
                Some(said) => error.because(said),
                None => error,
            });
        }
        tokio::select! {
            () = tokio::time::sleep_until((Instant::now() + ASK).min(deadline)) => {}
            () = work.cancel.cancelled() => return Err(PortError::new(FailureCode::CutOff)),
        }
    }
}

/// A status page that speaks of trouble does not hinder; a service that does not work does.
fn hinders(reading: &Reading) -> bool {
    reading.condition == Condition::Down
}

pub(super) async fn list_payments(patient: &Patient) -> PortResult<Facts> {
    let found = pending(patient.records.as_ref(), Timestamp::now()).await?;
    Ok(Facts::Pending(found))
}

/// Payments are compared from the backup on, or a week back.
pub(super) fn span(run: &Run) -> Span {
    let since = match &run.plan.backup {
        Some(chosen) => chosen.backup.time.at(),
        None => run
            .plan
            .made_at
            .saturating_sub(WINDOW)
            .unwrap_or(Timestamp::MIN),
    };
    Span {
        since,
        until: Timestamp::now(),
    }
}

fn sides(patient: &Patient) -> Sides<'_> {
    Sides {
        records: patient.records.as_ref(),
        provider: patient.payments.as_ref(),
    }
}

pub(super) async fn sync(patient: &Patient, run: &Run, work: &Work) -> PortResult<Facts> {
    let report = payments::sync(sides(patient), span(run), false, work).await?;
    Ok(Facts::Synced(report))
}
