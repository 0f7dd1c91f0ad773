//! What happens around a campaign while it goes out: somebody pauses it, an urgent one becomes ready,
//! people want to see how far it is.

use super::{Ended, SenderParts, phases};
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::CampaignId;
use crate::ports::journal::{StateError, StateResult};
use std::time::Duration;
use tokio::time::Instant;

/// How often it is looked whether it may go on.
const LOOK: Duration = Duration::from_millis(300);
/// How often its live message is owed anew.
const SHOW: Duration = Duration::from_secs(5);

/// When to look, and what to say.
#[derive(Debug)]
pub(super) struct Lookout {
    id: CampaignId,
    urgent: bool,
    looked: Instant,
    shown: Instant,
}

/// One look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    id: CampaignId,
    urgent: bool,
    show: bool,
    trouble: bool,
}

impl Lookout {
    pub(super) fn new(id: CampaignId, urgent: bool, now: Instant) -> Self {
        Self {
            id,
            urgent,
            looked: now,
            shown: now,
        }
    }

    /// The look that is due, if one is.
    pub(super) fn due(&mut self, trouble: bool, now: Instant) -> Option<Look> {
        if now < self.looked + LOOK {
            return None;
        }
        self.looked = now;
        let show = now >= self.shown + SHOW;
        if show {
            self.shown = now;
        }
        let (id, urgent) = (self.id, self.urgent);
        Some(Look {
            id,
            urgent,
            show,
            trouble,
        })
    }
}

impl Look {
    /// Why it must not go on, if so.
    pub(super) async fn take(self, parts: SenderParts) -> StateResult<Option<Ended>> {
        let waiting = parts.campaigns.waiting().await?;
        let own = waiting.iter().find(|it| it.id == self.id);
        let Some(own) = own.filter(|it| it.phase == Phase::Sending) else {
            return Ok(Some(Ended::Taken));
        };
        let overtakes = |it: &Campaign| it.urgent && it.phase == Phase::Ready;
        if !self.urgent && waiting.iter().any(overtakes) {
            return Ok(Some(Ended::Overtaken));
        }
        if own.failure.is_some() != self.trouble {
            let failure = self
                .trouble
                .then(|| Failure::new(FailureCode::BotUnreachable));
            match phases::trouble(&parts, self.id, failure).await {
                // Told with a later look.
                Err(StateError::Conflict) | Ok(()) => {}
                Err(error) => return Err(error),
            }
        } else if self.show {
            phases::show(&parts, self.id).await?;
        }
        Ok(None)
    }
}
