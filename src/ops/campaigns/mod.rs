//! Notices to REI's users: writing, choosing for whom, previewing, asking, deciding, steering.
//!
//! Nothing here sends to the many: that is the sender's, which follows the book. What a verb decides
//! is written with its audit entry and its posts in one transaction, against the revision it was
//! decided on.

mod address;
mod ask;
mod clear;
mod decide;
mod expire;
mod follow;
mod look;
mod preview;
mod steer;
mod write;

pub use look::CSV_HEADER;
pub use preview::Previewed;
pub use write::{Part, tag as language_tag};

use super::{Ops, OpsError};
use crate::domain::approval::Verdict;
use crate::domain::audit::AuditDraft;
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::{CampaignId, RequestId};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::bot::Courier;
use crate::ports::campaigns::{Campaigns, Rates, Telling};
use crate::ports::journal::StateError;
use crate::ports::recipients::Recipients;
use crate::ports::shelf::Shelf;
use crate::tasks::audience::Sources;
use std::sync::Arc;
use tokio::sync::Mutex;

/// How often a change is decided anew when somebody else's came between.
const TURNS: usize = 8;

/// What the verbs about notices stand on.
#[derive(Clone)]
pub struct Notices {
    /// Campaigns and their people.
    pub book: Arc<dyn Campaigns>,
    /// The own copy of REI's users.
    pub recipients: Arc<dyn Recipients>,
    /// Files that go with notices.
    pub shelf: Arc<dyn Shelf>,
    /// Sends previews under REI's token; absent without `REI_BOT_TOKEN`.
    pub courier: Option<Arc<dyn Courier>>,
    /// How fast campaigns are going out in this process.
    pub rates: Arc<Rates>,
    /// What is configured.
    pub rules: NoticeRules,
    /// One list is fixed at a time: two that were asked for at once must not mix.
    pub asking: Arc<Mutex<()>>,
}

/// What is configured of notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeRules {
    /// `NOTICE_RATE`: messages a second.
    pub rate: u32,
    /// `NOTICE_PAID`.
    pub paid: bool,
    /// `NOTICE_LIMIT`: a notice to more people always needs another person.
    pub limit: u64,
    /// Whether there is a `REI_BOT_TOKEN` to send under.
    pub enabled: bool,
}

impl Ops {
    /// One campaign.
    ///
    /// # Errors
    /// There is none of this number.
    pub async fn campaign(&self, id: CampaignId) -> Result<Campaign, OpsError> {
        let found = self.notices.book.campaign(id).await?;
        found.ok_or(OpsError::UnknownCampaign(id))
    }

    /// What is configured of notices.
    #[must_use]
    pub fn notice_rules(&self) -> NoticeRules {
        self.notices.rules
    }

    pub(super) fn sources(&self) -> Sources<'_> {
        Sources {
            records: self.patient.records.as_ref(),
            recipients: self.notices.recipients.as_ref(),
            campaigns: self.notices.book.as_ref(),
            shelf: self.notices.shelf.as_ref(),
        }
    }

    /// Reads, decides, writes; decides anew where somebody else was quicker.
    async fn turn(
        &self,
        id: CampaignId,
        decide: impl Fn(&mut Campaign) -> Result<Telling, OpsError>,
    ) -> Result<Campaign, OpsError> {
        for _ in 0..TURNS {
            let mut campaign = self.campaign(id).await?;
            let telling = decide(&mut campaign)?;
            match self.notices.book.change(campaign, telling).await {
                Err(StateError::Conflict) => {}
                other => return Ok(other?),
            }
        }
        Err(StateError::Conflict.into())
    }

    /// Writes down what somebody was refused, and passes it on.
    async fn noted<T>(
        &self,
        actor: &Actor,
        (verb, subject): (&str, &str),
        result: Result<T, OpsError>,
    ) -> Result<T, OpsError> {
        if let Err(error) = &result {
            self.note_refusal(actor, verb, subject, error).await?;
        }
        result
    }
}

/// The audit entry of a change.
fn entry(campaign: &Campaign, actor: &Actor, verb: &str) -> AuditDraft {
    let mut detail = Args::from([("task".to_owned(), campaign.task.as_str().into())]);
    if let Some(listed) = &campaign.listed {
        detail.insert("count".to_owned(), number(listed.count));
    }
    if verb == "ask-notice" {
        detail.insert("digest".to_owned(), campaign.digest().into());
    }
    AuditDraft {
        actor: actor.clone(),
        verb: verb.to_owned(),
        subject: campaign.id.to_string(),
        run: None,
        outcome: "ok".to_owned(),
        detail,
        // What nobody else ever saw concerns nobody else.
        announce: !matches!(verb, "write-notice" | "preview-notice" | "clear-notice"),
    }
}

/// What is told of a change: its entry, and the campaign's message wherever it is watched.
fn told(campaign: &Campaign, actor: &Actor, verb: &str) -> Telling {
    Telling {
        audit: vec![entry(campaign, actor, verb)],
        posts: shown(campaign),
    }
}

fn shown(campaign: &Campaign) -> Vec<Owed> {
    let post = Post::Campaign {
        campaign: campaign.id,
    };
    let to = campaign.watchers().into_iter();
    to.map(|to| Owed {
        to,
        post: post.clone(),
    })
    .collect()
}

/// The group's message of a request, in its new state.
fn asked(campaign: &Campaign, request: &RequestId) -> Owed {
    Owed {
        to: Recipient::Team,
        post: Post::CampaignAsk {
            campaign: campaign.id,
            request: request.clone(),
        },
    }
}

/// Ends what waits for an approval with this verdict; tells which request it was.
fn close(campaign: &mut Campaign, verdict: Verdict) -> Option<RequestId> {
    let approval = campaign.approval.as_mut()?;
    if campaign.phase != Phase::Asked || approval.verdict.is_some() {
        return None;
    }
    approval.verdict = Some(verdict);
    Some(approval.request.id.clone())
}

fn number(count: u64) -> Arg {
    Arg::Number(i64::try_from(count).unwrap_or(i64::MAX))
}
