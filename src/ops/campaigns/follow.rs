//! What can follow a campaign that is over: its correction, its deletion, those in doubt once more,
//! and what REI should know of those who cannot be reached.

use super::{entry, number, told};
use crate::domain::campaign::audience::{AudienceRule, Who};
use crate::domain::campaign::delivery::Standing;
use crate::domain::campaign::{Campaign, Origin, Phase, Task};
use crate::domain::ids::CampaignId;
use crate::domain::operator::Actor;
use crate::ops::{Ops, OpsError};

/// Rows read at once.
const PAGE: u32 = 1_000;

impl Ops {
    /// Begins the correction of a campaign's messages: a campaign of its own, to be approved like any.
    ///
    /// # Errors
    /// Not allowed; nobody has such a message; notices are off.
    pub async fn correct_notice(
        &self,
        actor: &Actor,
        of: CampaignId,
        origin: Origin,
    ) -> Result<Campaign, OpsError> {
        let before = self.after(actor, of).await?;
        let notice = before.task.notice().cloned().ok_or(OpsError::NotOffered)?;
        let of = reached(&before);
        self.begin(actor, origin, Task::Correct { of, notice }, RULE)
            .await
    }

    /// Begins the deletion of a campaign's messages.
    ///
    /// # Errors
    /// Not allowed; too late, for Telegram; nobody has such a message; notices are off.
    pub async fn delete_notice(
        &self,
        actor: &Actor,
        of: CampaignId,
        origin: Origin,
    ) -> Result<Campaign, OpsError> {
        let before = self.after(actor, of).await?;
        let sent = self.campaign(reached(&before)).await?;
        if let Err(late) = self.deletable(&sent) {
            let subject = of.to_string();
            return self
                .noted(actor, ("begin-notice", &subject), Err(late))
                .await;
        }
        self.begin(actor, origin, Task::Delete { of: sent.id }, RULE)
            .await
    }

    /// The campaign that is to be followed, where it is over and somebody has its message.
    async fn after(&self, actor: &Actor, of: CampaignId) -> Result<Campaign, OpsError> {
        self.allow_request(actor, "begin-notice", &of.to_string())
            .await?;
        let before = self.campaign(of).await?;
        if !matches!(before.phase, Phase::Done | Phase::Aborted)
            || matches!(before.task, Task::Delete { .. })
        {
            return Err(OpsError::NotOffered);
        }
        match self.notices.book.tally(of).await?.sent {
            0 => Err(OpsError::NobodyListed),
            _ => Ok(before),
        }
    }

    /// Sends once more to those of whom nobody knows whether they have it. Some may get it twice: the
    /// person who says so has been told.
    ///
    /// # Errors
    /// Not allowed; it is not finished; nobody is in doubt.
    pub async fn repeat_notice(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, OpsError> {
        let result = self.try_repeat(actor, id).await;
        self.noted(actor, ("repeat-notice", &id.to_string()), result)
            .await
    }

    async fn try_repeat(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, OpsError> {
        if !self.profile.policy.access.may_request(actor) {
            return Err(OpsError::NotAllowed);
        }
        // An aborted one would go on to everybody whom it was kept from.
        if self.campaign(id).await?.phase != Phase::Done {
            return Err(OpsError::NoticeMovedOn(id));
        }
        let book = &self.notices.book;
        let taken = book.take_up_doubts(id).await?;
        // Taken up before, and cut off before the campaign was: those wait still.
        if taken == 0 && book.tally(id).await?.pending == 0 {
            return Err(OpsError::NobodyListed);
        }
        self.turn(id, |campaign| {
            if campaign.phase != Phase::Done {
                return Err(OpsError::NoticeMovedOn(id));
            }
            campaign.phase = Phase::Ready;
            campaign.ended_at = None;
            Ok(told(campaign, actor, "repeat-notice"))
        })
        .await
    }

    /// Writes into REI's database who cannot be reached any more. Tells how many rows that changed.
    ///
    /// # Errors
    /// Not allowed; a recovery is replacing REI's database; it cannot be written.
    pub async fn mark_unreachable(&self, actor: &Actor, id: CampaignId) -> Result<u64, OpsError> {
        let result = self.try_mark(actor, id).await;
        let changed = self
            .noted(actor, ("mark-blocked", &id.to_string()), result)
            .await?;
        let mut draft = entry(&self.campaign(id).await?, actor, "mark-blocked");
        draft.detail.insert("count".to_owned(), number(changed));
        self.state.audit.write(draft, Vec::new()).await?;
        Ok(changed)
    }

    async fn try_mark(&self, actor: &Actor, id: CampaignId) -> Result<u64, OpsError> {
        if !self.profile.policy.access.may_request(actor) {
            return Err(OpsError::NotAllowed);
        }
        // What is written now into a database that is being replaced would be lost, or disturb its proof.
        if let Some(run) = self.current().await?
            && run.plan.moves_database()
        {
            return Err(OpsError::Busy(run.id));
        }
        let (mut after, mut changed) = (None, 0);
        loop {
            let blocked = Some(Standing::Blocked);
            let rows = self.notices.book.rows(id, after, blocked, PAGE).await?;
            let Some(last) = rows.last() else {
                return Ok(changed);
            };
            after = Some(last.person);
            let people: Vec<i64> = rows.iter().map(|row| row.person).collect();
            changed += self.patient.records.mark_blocked(&people).await?;
        }
    }
}

/// For those who have the message.
const RULE: AudienceRule = AudienceRule {
    who: Who::Reached,
    language: None,
    spare_hours: None,
};

/// Whose rows hold the messages: a correction's own people have those of the campaign it corrected,
/// and no others.
fn reached(campaign: &Campaign) -> CampaignId {
    campaign.task.of().unwrap_or(campaign.id)
}
