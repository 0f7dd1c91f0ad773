//! The end of a flight: everybody claimed gets his end in the book.

use super::{AGAIN, BATCH, Flight};
use crate::domain::campaign::delivery::Outcome;
use crate::engine::campaigns::Ended;
use std::time::Duration;
use tokio::time::{Instant, interval, sleep_until, timeout};

/// How often what is known at the end is tried to be written.
const TRIES: u32 = 20;
/// How long what is on its way may still take.
const GRACE: Duration = Duration::from_secs(20);

impl Flight<'_> {
    /// Nobody sets out any more; who is on his way arrives, and every end is written.
    pub(super) async fn land(mut self, why: Ended) -> Ended {
        let deadline = Instant::now() + GRACE;
        self.asking = None;
        if let Some(writing) = self.writing.take() {
            let written = writing.await;
            if written.claimed.is_err() {
                self.ended.extend(written.ended);
            }
            self.stock.extend(written.claimed.unwrap_or_default());
        }
        self.give_back();
        let mut tick = interval(BATCH);
        while !self.flying.is_empty() {
            tokio::select! {
                Some(landed) = self.flying.join_next() => self.landed(landed.ok()),
                _ = tick.tick() => self.settle(1).await,
                () = sleep_until(deadline) => break,
            }
        }
        self.flying.shutdown().await;
        let lost = std::mem::take(&mut self.aloft);
        let lost = lost.into_iter().map(|person| (person, Outcome::Ambiguous));
        self.ended.extend(lost);
        self.settle(TRIES).await;
        self.why.take().unwrap_or(why)
    }

    /// Writes what is known. What cannot be written stays on *sending* and is in doubt hereafter.
    async fn settle(&mut self, tries: u32) {
        let id = self.campaign.id;
        for _ in 0..tries {
            if self.ended.is_empty() {
                return;
            }
            let written = self.parts.campaigns.settle_and_claim(id, &self.ended, 0);
            match timeout(GRACE, written).await {
                Ok(Ok(_)) => self.ended.clear(),
                Ok(Err(error)) => {
                    tracing::error!(%error, "ends of notices cannot be written");
                    tokio::time::sleep(AGAIN).await;
                }
                Err(_) => tracing::error!("the book of notices does not answer"),
            }
        }
    }
}
