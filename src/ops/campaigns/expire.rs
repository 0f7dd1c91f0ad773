//! What nobody goes on with: requests that run out, and now and then what is [`clear`](super::clear)ed
//! away.

use super::{asked, close, told};
use crate::domain::approval::Verdict;
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::operator::Actor;
use crate::ops::{Ops, OpsError};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often it is looked for requests that ran out.
const LOOK: Duration = Duration::from_secs(1);
/// How often what was abandoned is cleared away.
const CLEAR: Duration = Duration::from_secs(3600);

impl Ops {
    /// Lets requests expire and clears away what was abandoned, until it is told to stop. A press that is too late is refused without it:
    /// this only makes what is known visible.
    pub async fn keep_notices(&self, cancel: CancellationToken) {
        let mut cleared = None::<Instant>;
        loop {
            if cleared.is_none_or(|at| at.elapsed() >= CLEAR) {
                cleared = Some(Instant::now());
                if let Err(error) = self.clear_notices().await {
                    tracing::warn!(%error, "abandoned notices could not be cleared away");
                }
            }
            if let Err(error) = self.expire_notices().await {
                tracing::warn!(%error, "requests of notices could not be looked at");
            }
            tokio::select! {
                () = cancel.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Lets requests expire that nobody answered in time. Tells how many.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn expire_notices(&self) -> Result<usize, OpsError> {
        let now = self.now();
        let late = |campaign: &Campaign| {
            let open = campaign
                .approval
                .as_ref()
                .filter(|_| campaign.phase == Phase::Asked);
            open.is_some_and(|approval| approval.request.is_over(now))
        };
        let mut expired = 0;
        for campaign in self.notices.book.asked().await? {
            if !late(&campaign) {
                continue;
            }
            let result = self
                .turn(campaign.id, |campaign| {
                    if !late(campaign) {
                        return Err(OpsError::NoticeMovedOn(campaign.id));
                    }
                    let request = close(campaign, Verdict::Expired { at: now });
                    campaign.phase = Phase::Dropped;
                    campaign.ended_at = Some(now);
                    let mut telling = told(campaign, &Actor::system(), "expire-notice");
                    telling
                        .posts
                        .extend(request.map(|request| asked(campaign, &request)));
                    Ok(telling)
                })
                .await;
            match result {
                Ok(_) => expired += 1,
                Err(OpsError::NoticeMovedOn(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(expired)
    }
}
