//! Asking: the list is fixed, and the request is bound to what is said, to whom and to how many.

use super::write::own;
use super::{asked, entry, shown};
use crate::domain::approval::{Approval, Policy, Request};
use crate::domain::campaign::audience::{ListSource, Listed};
use crate::domain::campaign::message::Notice;
use crate::domain::campaign::{Campaign, DELETABLE, Phase, Task};
use crate::domain::failure::FailureCode;
use crate::domain::ids::CampaignId;
use crate::domain::operator::Actor;
use crate::ops::{Ops, OpsError};
use crate::ports::PortError;
use crate::ports::campaigns::Telling;
use crate::ports::journal::{StateError, StateResult};
use crate::tasks::audience::gather;
use crate::tasks::request;
use jiff::SignedDuration;

/// People written at once: one short transaction each.
const PIECE: usize = 5_000;

/// The gate that every notice goes through.
const GATE: &str = "notice";

impl Ops {
    /// Fixes the list and asks for the approval. Nothing is sent before it is given.
    ///
    /// # Errors
    /// Not his notice; it cannot be sent as it is; nobody is on the list; the audience cannot be told.
    pub async fn ask_notice(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, OpsError> {
        let result = self.try_ask(actor, id).await;
        self.noted(actor, ("ask-notice", &id.to_string()), result)
            .await
    }

    async fn try_ask(&self, actor: &Actor, id: CampaignId) -> Result<Campaign, OpsError> {
        if !self.profile.policy.access.may_request(actor) {
            return Err(OpsError::NotAllowed);
        }
        let _alone = self.notices.asking.lock().await;
        let mut campaign = self.campaign(id).await?;
        own(&campaign, actor)?;
        if campaign.phase == Phase::Asked {
            return Err(OpsError::NoticeMovedOn(id));
        }
        self.sound(&campaign).await?;
        let listed = self.fix_list(&campaign).await?;
        if listed.count == 0 {
            return Err(OpsError::NobodyListed);
        }
        campaign.listed = Some(listed);
        campaign.phase = Phase::Asked;
        campaign.approval = Some(Approval::asked(self.request(&campaign)?));
        let telling = self.asking(&campaign, actor);
        Ok(self.notices.book.change(campaign, telling).await?)
    }

    /// Everything that keeps a campaign from going out, as far as it can be known beforehand.
    pub(super) async fn sound(&self, campaign: &Campaign) -> Result<(), OpsError> {
        if !self.notices.rules.enabled {
            return Err(OpsError::NoReiToken);
        }
        match &campaign.task {
            Task::Send { notice } => self.says(notice).await,
            Task::Correct { of, notice } => {
                self.says(notice).await?;
                let before = self.campaign(*of).await?;
                let same = before.task.notice().is_some_and(|old| fits(old, notice));
                same.then_some(()).ok_or(OpsError::KindChanged)
            }
            Task::Delete { of } => self.deletable(&self.campaign(*of).await?),
        }
    }

    async fn says(&self, notice: &Notice) -> Result<(), OpsError> {
        if let Some((language, problem)) = notice.problems().into_iter().next() {
            return Err(OpsError::NoticeProblem(language, problem));
        }
        for media in notice
            .messages
            .values()
            .filter_map(|one| one.media.as_ref())
        {
            if self.notices.shelf.path(&media.content).await?.is_none() {
                return Err(PortError::new(FailureCode::NoticeFileMissing).into());
            }
        }
        Ok(())
    }

    /// Whether Telegram still lets a bot delete what this campaign sent.
    pub(super) fn deletable(&self, of: &Campaign) -> Result<(), OpsError> {
        let last = of.ended_at.or(of.begun_at).unwrap_or(of.created_at);
        let age = self.now().duration_since(last);
        let limit = SignedDuration::try_from(DELETABLE).unwrap_or(SignedDuration::MAX);
        if age < limit {
            return Ok(());
        }
        Err(OpsError::DeleteTooLate(of.id))
    }

    /// Writes the list anew, in pieces, and proves that it is whole.
    async fn fix_list(&self, campaign: &Campaign) -> Result<Listed, OpsError> {
        let (book, id) = (&self.notices.book, campaign.id);
        book.clear_list(id).await?;
        let listed = match campaign.task.of() {
            Some(of) => Listed {
                count: book.enlist_reached(id, of).await?,
                source: ListSource::Campaign,
                as_of: self.now(),
                blocked: 0,
                spared: 0,
                unknown: 0,
            },
            None => {
                let found = gather(self.sources(), &campaign.audience, self.now()).await?;
                for piece in found.people.chunks(PIECE) {
                    book.enlist(id, piece).await?;
                }
                found.listed
            }
        };
        if book.tally(id).await?.total() != listed.count {
            return Err(StateError::Conflict.into());
        }
        Ok(listed)
    }

    fn request(&self, campaign: &Campaign) -> StateResult<Request> {
        let policy = self.notice_policy(campaign);
        let ttl = SignedDuration::try_from(policy.ttl).unwrap_or(SignedDuration::from_hours(24));
        let (asked_at, digest) = (self.now(), campaign.digest());
        let gate = GATE
            .parse()
            .map_err(|error| StateError::Unavailable(format!("{error}")))?;
        Ok(Request {
            id: request::id()?,
            gate,
            plan: digest.clone(),
            facts: digest,
            requester: campaign.requester.clone(),
            asked_at,
            expires_at: asked_at.saturating_add(ttl).unwrap_or(asked_at),
            required: policy.required,
            word: request::word()?,
            loss: None,
        })
    }

    fn asking(&self, campaign: &Campaign, actor: &Actor) -> Telling {
        let mut draft = entry(campaign, actor, "ask-notice");
        draft.outcome = "pending".to_owned();
        let mut posts = shown(campaign);
        if let Some(approval) = &campaign.approval {
            let request = &approval.request;
            draft
                .detail
                .insert("expires".to_owned(), request.expires_at.into());
            posts.push(asked(campaign, &request.id));
        }
        Telling {
            audit: vec![draft],
            posts,
        }
    }

    /// The approval rules for a campaign: to more than the limit, never the requester alone.
    #[must_use]
    pub fn notice_policy(&self, campaign: &Campaign) -> Policy {
        let mut policy = self.profile.policy.clone();
        if self.needs_another(campaign) {
            policy.allow_self = false;
            policy.required = policy.required.max(1);
        }
        policy
    }

    /// Whether another person has to approve it, whatever the other rules allow.
    #[must_use]
    pub fn needs_another(&self, campaign: &Campaign) -> bool {
        let count = campaign.listed.as_ref().map_or(0, |listed| listed.count);
        count > self.notices.rules.limit
    }
}

/// Telegram changes a text into a text and a file into a file, for everybody who has it.
fn fits(old: &Notice, new: &Notice) -> bool {
    let is_file = |notice: &Notice, tag: &str| {
        notice
            .message(tag)
            .is_some_and(|message| message.media.is_some())
    };
    let mut tags = old.messages.keys().chain(new.messages.keys());
    tags.all(|tag| is_file(old, tag) == is_file(new, tag))
}
