//! Keeping the own copy of REI's users fresh, so that notices go out when its database is gone.

use super::Parts;
use crate::tasks::recipients;
use jiff::SignedDuration;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How old the copy may become.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// How often it is looked whether it is due, and how soon a copy that failed is tried again.
const TICK: Duration = Duration::from_secs(60);

/// Copies when it is time, until it is told to stop.
pub(super) async fn resume(parts: Parts, shutdown: CancellationToken) {
    let mut well = true;
    while !shutdown.is_cancelled() {
        match copy(&parts, &shutdown).await {
            Ok(()) => well = true,
            // Said once: while REI's database is away that is news to nobody.
            Err(error) if well => {
                tracing::warn!(%error, "REI's users cannot be copied; the older list stands");
                well = false;
            }
            Err(_) => {}
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

async fn copy(parts: &Parts, shutdown: &CancellationToken) -> Result<(), recipients::CopyError> {
    let now = parts.clock.now();
    let state = parts.recipients.copy_state().await?;
    let age = state.map(|state| now.duration_since(state.as_of));
    // A clock that was set back must not put it off for ever.
    if age.is_some_and(|age| !age.is_negative() && age < FRESH) {
        return Ok(());
    }
    // While a recovery is at work REI's database is its own alone.
    if !parts.journal.under_way().await?.is_empty() {
        return Ok(());
    }
    let records = parts.patient.records.as_ref();
    tokio::select! {
        copied = recipients::copy(records, parts.recipients.as_ref(), now) => {
            let copied = copied?;
            tracing::info!(users = copied.count, "REI's users are copied");
            Ok(())
        }
        () = shutdown.cancelled() => Ok(()),
    }
}
