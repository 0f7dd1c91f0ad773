//! Campaigns going out: one at a time, in the order of their turns, each from wherever it stands.
//!
//! The book alone says where that is. A row is *sending* before its message leaves and has its end
//! after; what a crash leaves on its way is in doubt, and nobody is sent to twice because of it.

mod flight;
mod lookout;
mod parcel;
mod patience;
mod phases;
mod speed;
mod weather;

use crate::domain::campaign::{Campaign, Phase};
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::bot::Courier;
use crate::ports::campaigns::{Campaigns, Rates};
use crate::ports::clock::Clock;
use crate::ports::journal::{Outbox, StateError, StateResult};
use flight::Flight;
use jiff::Timestamp;
use std::cmp::Reverse;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How often it looks without being woken: for what the console of another process wrote.
const TICK: Duration = Duration::from_millis(500);
/// How long another one that sends may take to end: as long as a flight, and a little to write.
const LANDING: Duration = Duration::from_secs(25);

/// What a sender is made of.
#[derive(Clone)]
pub struct SenderParts {
    /// The book.
    pub campaigns: Arc<dyn Campaigns>,
    /// Live messages and reports.
    pub outbox: Arc<dyn Outbox>,
    /// REI's token; absent where it is not set.
    pub courier: Option<Arc<dyn Courier>>,
    /// How fast they go out, for whoever shows it.
    pub rates: Arc<Rates>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// Sends what is ready. Clones are the same sender: only one of them sends at a time.
#[derive(Clone)]
pub struct Sender {
    parts: SenderParts,
    driving: Arc<Mutex<()>>,
}

/// How a flight ended.
#[derive(Debug, Clone, PartialEq)]
enum Ended {
    /// Nobody is left whose turn it is.
    Through,
    /// Somebody paused or aborted it.
    Taken,
    /// An urgent one is ready.
    Overtaken,
    /// The program is told to stop: it goes on by itself with the next start.
    Stopped,
    /// It cannot go on.
    Failed(Failure),
}

impl Sender {
    /// A sender over these parts; nothing is sent yet.
    #[must_use]
    pub fn new(parts: SenderParts) -> Self {
        Self {
            parts,
            driving: Arc::default(),
        }
    }

    /// Sends whatever is ready, until it is told to stop; then what is on its way may still arrive.
    /// `changes` wakes it.
    pub async fn run(&self, mut changes: watch::Receiver<u64>, stop: CancellationToken) {
        loop {
            // Marked before looking: a change during the look wakes it again.
            changes.mark_unchanged();
            if self.drive(&stop).await {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => break,
                Ok(()) = changes.changed() => {}
                () = tokio::time::sleep(TICK) => {}
            }
        }
        // Whoever stood in is told to stop as well: what he has on its way arrives before the end.
        if timeout(LANDING, self.driving.lock()).await.is_err() {
            tracing::warn!("notices are still on their way; the next start calls them doubtful");
        }
    }

    /// The same for a step that waits for its campaign and cannot know whether anybody else sends.
    pub(super) async fn stand_in(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if !self.drive(&stop).await {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(TICK) => {}
                }
            }
        }
    }

    /// Whether anything can be sent at all.
    pub(super) fn can_send(&self) -> bool {
        self.parts.courier.is_some()
    }

    /// The book.
    pub(super) fn book(&self) -> &dyn Campaigns {
        self.parts.campaigns.as_ref()
    }

    /// What the clock says.
    pub(super) fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Takes the next campaign as far as it goes; tells whether there may be more to do.
    async fn drive(&self, stop: &CancellationToken) -> bool {
        let _driving = tokio::select! {
            biased;
            () = stop.cancelled() => return false,
            driving = self.driving.lock() => driving,
        };
        match self.turn(stop).await {
            Ok(more) => more && !stop.is_cancelled(),
            // Somebody decided something meanwhile: it is read anew.
            Err(StateError::Conflict) => true,
            Err(error) => {
                tracing::error!(%error, "notices cannot go on");
                false
            }
        }
    }

    async fn turn(&self, stop: &CancellationToken) -> StateResult<bool> {
        let parts = &self.parts;
        // Nobody else sends now: whoever is on his way was left there by a process that died.
        for id in parts.campaigns.under_way().await? {
            let doubts = parts.campaigns.settle_doubts(id).await?;
            tracing::warn!(campaign = %id, doubts, "notices were cut off on their way");
            phases::show(parts, id).await?;
        }
        let waiting = parts.campaigns.waiting().await?;
        let Some(next) = next(&waiting) else {
            return Ok(false);
        };
        let Some(courier) = &parts.courier else {
            let failure = Failure::new(FailureCode::BotTokenMissing);
            phases::halt(parts, next.id, failure).await?;
            return Ok(true);
        };
        let others = waiting.iter().filter(|it| it.id != next.id);
        for other in others.filter(|it| it.phase == Phase::Sending) {
            phases::postpone(parts, other.id).await?;
        }
        let campaign = phases::begin(parts, next.id).await?;
        let id = campaign.id;
        let ended = Flight::new(parts, courier, campaign).fly(stop).await;
        parts.rates.set(id, None);
        tracing::info!(campaign = %id, ?ended, "notices stop going out");
        phases::end(parts, id, ended).await?;
        Ok(true)
    }
}

/// Whose turn it is: urgent ones first, and among equals the one that has begun.
fn next(waiting: &[Campaign]) -> Option<&Campaign> {
    let open = waiting
        .iter()
        .filter(|it| matches!(it.phase, Phase::Ready | Phase::Sending));
    open.min_by_key(|it| (Reverse(it.urgent), it.phase != Phase::Sending))
}
