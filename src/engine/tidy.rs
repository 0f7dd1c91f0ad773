//! Clearing away what nobody needs any more.

use super::Parts;
use crate::ports::journal::StateResult;
use std::time::Duration;
use tokio::time::Instant;

/// Delivered messages are kept this long, for whoever asks what the group was sent.
const KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(7 * 24);

/// Rows cleared away at once: the state is never locked for long.
const BATCH: u32 = 500;

const EVERY: Duration = Duration::from_secs(3600);

/// When it is done next.
#[derive(Debug, Default)]
pub(super) struct Tidy {
    next: Option<Instant>,
}

impl Tidy {
    /// Does a part of it, when it is time.
    pub(super) async fn tick(&mut self, parts: &Parts) -> StateResult<()> {
        let now = Instant::now();
        if self.next.is_some_and(|next| now < next) {
            return Ok(());
        }
        self.next = Some(now + EVERY);
        let Ok(before) = parts.clock.now().checked_sub(KEPT) else {
            return Ok(());
        };
        if parts.outbox.prune(before, BATCH).await? == BATCH {
            // There is more: it goes on with the next tick.
            self.next = None;
        }
        Ok(())
    }
}
