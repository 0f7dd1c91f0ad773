//! For whom: the rule, and how many it means at this moment.

use super::write::own;
use super::{shown, told};
use crate::domain::campaign::audience::{AudienceRule, ListSource, Listed, Who};
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::ids::CampaignId;
use crate::domain::operator::Actor;
use crate::ops::{Ops, OpsError};
use crate::ports::campaigns::Telling;
use crate::tasks::audience::{gather, ids};

/// Largest file with ids that is read, in bytes: some hundred thousand of them.
pub const IDS: usize = 8 * 1024 * 1024;

impl Ops {
    /// Chooses for whom it is.
    ///
    /// # Errors
    /// As of [`Ops::write_notice`]; a correction is for those who have the message.
    pub async fn set_audience(
        &self,
        actor: &Actor,
        id: CampaignId,
        audience: AudienceRule,
    ) -> Result<Campaign, OpsError> {
        self.edit(actor, id, |campaign| {
            if campaign.task.of().is_some() {
                return Err(OpsError::NotOffered);
            }
            campaign.audience = audience.clone();
            campaign.listed = None;
            Ok(())
        })
        .await
    }

    /// Keeps a file of ids and gives the audience it names, with the lines that held none.
    ///
    /// # Errors
    /// It is too large or names nobody.
    pub async fn keep_ids(&self, bytes: Vec<u8>) -> Result<(Who, u64), OpsError> {
        if bytes.len() > IDS {
            return Err(OpsError::NoIds);
        }
        let (found, strange) = ids(&String::from_utf8_lossy(&bytes));
        if found.is_empty() {
            return Err(OpsError::NoIds);
        }
        let count = found.len() as u64;
        let content = self.notices.shelf.keep(bytes).await?;
        Ok((Who::Listed { content, count }, strange))
    }

    /// Counts a draft's people as of now, and keeps what came of it for the card.
    ///
    /// # Errors
    /// The audience cannot be told; it is no draft of his.
    pub async fn count_notice(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, OpsError> {
        let campaign = self.campaign(id).await?;
        own(&campaign, actor)?;
        let listed = self.reach(&campaign).await?;
        self.turn(id, |now| {
            own(now, actor)?;
            if now.phase != Phase::Draft || now.audience != campaign.audience {
                // What was counted is no longer what is asked for.
                return Ok(Telling::default());
            }
            now.listed = Some(listed.clone());
            // A look at the list, nothing that was done: only the card changes.
            Ok(Telling {
                audit: Vec::new(),
                posts: shown(now),
            })
        })
        .await
    }

    /// Counts the people of a rule. Nothing is written.
    ///
    /// # Errors
    /// The audience cannot be told.
    pub async fn count_audience(&self, rule: &AudienceRule) -> Result<Listed, OpsError> {
        Ok(gather(self.sources(), rule, self.now()).await?.listed)
    }

    /// Whom a campaign would reach now.
    async fn reach(&self, campaign: &Campaign) -> Result<Listed, OpsError> {
        match campaign.task.of() {
            None => self.count_audience(&campaign.audience).await,
            Some(of) => Ok(Listed {
                count: self.notices.book.tally(of).await?.sent,
                source: ListSource::Campaign,
                as_of: self.now(),
                blocked: 0,
                spared: 0,
                unknown: 0,
            }),
        }
    }

    /// Gives a draft up, or withdraws what waits for an approval.
    ///
    /// # Errors
    /// Not his notice, or it is past that.
    pub async fn withdraw_notice(
        &self,
        actor: &Actor,
        id: CampaignId,
    ) -> Result<Campaign, OpsError> {
        let result = self
            .turn(id, |campaign| {
                own(campaign, actor)?;
                let verdict = crate::domain::approval::Verdict::Denied {
                    by: actor.clone(),
                    at: self.now(),
                };
                let request = super::close(campaign, verdict);
                campaign.phase = Phase::Dropped;
                campaign.ended_at = Some(self.now());
                let mut telling = told(campaign, actor, "withdraw-notice");
                telling
                    .posts
                    .extend(request.map(|request| super::asked(campaign, &request)));
                Ok(telling)
            })
            .await;
        self.noted(actor, ("withdraw-notice", &id.to_string()), result)
            .await
    }
}
