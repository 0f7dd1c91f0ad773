//! Pausing, going on, ending.

use super::told;
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::ids::CampaignId;
use crate::domain::operator::Actor;
use crate::ops::{Ops, OpsError};

impl Ops {
    /// Holds a campaign back; who is being sent to at this moment still gets it.
    ///
    /// # Errors
    /// Not allowed; it is not going out.
    pub async fn pause_notice(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, OpsError> {
        self.steer(actor, id, ("pause-notice", Phase::Paused)).await
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// Not allowed; it is not paused.
    pub async fn resume_notice(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, OpsError> {
        self.steer(actor, id, ("resume-notice", Phase::Ready)).await
    }

    /// Ends it. Who has it keeps it; nobody else gets it.
    ///
    /// # Errors
    /// Not allowed; it is over.
    pub async fn abort_notice(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, OpsError> {
        self.steer(actor, id, ("abort-notice", Phase::Aborted))
            .await
    }

    async fn steer(
        &self,
        actor: &Actor,
        id: CampaignId,
        (verb, next): (&str, Phase),
    ) -> Result<Campaign, OpsError> {
        let result = self
            .turn(id, |campaign| {
                if !self.profile.policy.access.knows(actor) {
                    return Err(OpsError::NotAllowed);
                }
                let fits = match next {
                    Phase::Ready => campaign.phase == Phase::Paused,
                    _ => campaign.phase.may_become(next),
                };
                if !fits {
                    return Err(OpsError::NoticeMovedOn(id));
                }
                let access = &self.profile.policy.access;
                let approval = campaign.approval.as_ref();
                // A yes of somebody who has been removed since lets nothing more go out.
                if next == Phase::Ready && approval.is_some_and(|it| !it.is_carried(access)) {
                    return Err(OpsError::NoticeNotCarried(id));
                }
                campaign.phase = next;
                campaign.failure = None;
                let over = next == Phase::Aborted;
                campaign.ended_at = over.then(|| self.now());
                let mut telling = told(campaign, actor, verb);
                if over {
                    telling.posts.extend(super::look::reports(campaign));
                }
                Ok(telling)
            })
            .await;
        self.noted(actor, (verb, &id.to_string()), result).await
    }
}
