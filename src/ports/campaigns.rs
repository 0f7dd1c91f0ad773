//! The book of campaigns in `state.db`: a row for each campaign and one for each person, so that
//! nobody is left out and nobody who is known to have it gets it twice. Durable when a call returns.

use super::journal::StateResult;
use crate::domain::audit::AuditDraft;
use crate::domain::campaign::Campaign;
use crate::domain::campaign::delivery::{Outcome, Standing, Tally};
use crate::domain::ids::{CampaignId, RequestId, RunId, StepId};
use crate::domain::post::Owed;
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A person on a campaign's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enlisted {
    /// Telegram user id; also the id of his chat, unless it moved.
    pub person: i64,
    /// His language, as REI keeps it.
    pub language: String,
}

/// Somebody whose turn it is; his row stands on `sending` already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Who.
    pub person: i64,
    /// Where: his own id, or his chat's new one.
    pub chat: i64,
    /// His language.
    pub language: String,
    /// Of a correction or deletion: the message that he has.
    pub message: Option<i32>,
}

/// One person's row, for the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Who.
    pub person: i64,
    /// His language.
    pub language: String,
    /// Where he stands.
    pub standing: Standing,
    /// Why, in a word of [`crate::domain::campaign::delivery::Gone`] or in Telegram's words.
    pub reason: Option<String>,
    /// The message he has.
    pub message: Option<i32>,
    /// When his row last changed.
    pub at: Option<Timestamp>,
}

/// What is written down and told together with a change.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Telling {
    /// For the audit trail.
    pub audit: Vec<AuditDraft>,
    /// For the outbox.
    pub posts: Vec<Owed>,
}

/// Campaigns and their people.
#[async_trait]
pub trait Campaigns: Send + Sync {
    /// Writes a new campaign; its number and revision are given by the book.
    async fn create(&self, campaign: Campaign, telling: Telling) -> StateResult<Campaign>;

    /// One campaign.
    async fn campaign(&self, id: CampaignId) -> StateResult<Option<Campaign>>;

    /// Writes a campaign that was read as `campaign.revision`; `Conflict` when it has changed since.
    async fn change(&self, campaign: Campaign, telling: Telling) -> StateResult<Campaign>;

    /// The newest, newest first.
    async fn recent(&self, limit: u32) -> StateResult<Vec<Campaign>>;

    /// Those that are `ready`, `sending` or `paused`: urgent ones first, then as they were approved.
    async fn waiting(&self) -> StateResult<Vec<Campaign>>;

    /// Those that wait for an approval.
    async fn asked(&self) -> StateResult<Vec<Campaign>>;

    /// The campaign of a request for approval.
    async fn of_request(&self, request: &RequestId) -> StateResult<Option<Campaign>>;

    /// The campaign of a run's step.
    async fn of_step(&self, run: RunId, step: &StepId) -> StateResult<Option<Campaign>>;

    /// Adds people to a list; who stands on it already is passed over. Large lists come in pieces.
    async fn enlist(&self, id: CampaignId, people: &[Enlisted]) -> StateResult<()>;

    /// Puts everybody who has the message of campaign `of` on the list, with that message.
    async fn enlist_reached(&self, id: CampaignId, of: CampaignId) -> StateResult<u64>;

    /// Empties a list; `Conflict` where anything was sent.
    async fn clear_list(&self, id: CampaignId) -> StateResult<()>;

    /// Which of these people got any notice at or after `since`.
    async fn noticed_since(&self, people: &[i64], since: Timestamp) -> StateResult<Vec<i64>>;

    /// Writes down how these ended, then marks the next `limit` as being sent and gives them: in the
    /// order of their ids, and behind them who was put off, the longest ago first. One transaction, so
    /// that a fast campaign costs few of them. Nobody is given
    /// whose row is not pending, and nobody at all unless the campaign is `sending` at that moment.
    /// Repeatable: an end is written where the row is on its way, and nowhere else. Wakes nobody.
    async fn settle_and_claim(
        &self,
        id: CampaignId,
        ended: &[(i64, Outcome)],
        limit: u32,
    ) -> StateResult<Vec<Claimed>>;

    /// Campaigns, in any phase, with somebody on his way.
    async fn under_way(&self) -> StateResult<Vec<CampaignId>>;

    /// After a crash: whoever was on his way is in doubt. Tells how many.
    async fn settle_doubts(&self, id: CampaignId) -> StateResult<u64>;

    /// Makes those in doubt pending again, because a person said so. Tells how many.
    async fn take_up_doubts(&self, id: CampaignId) -> StateResult<u64>;

    /// Where its people stand.
    async fn tally(&self, id: CampaignId) -> StateResult<Tally>;

    /// Rows after this person, in order, at most `limit`; of one state, or all.
    async fn rows(
        &self,
        id: CampaignId,
        after: Option<i64>,
        standing: Option<Standing>,
        limit: u32,
    ) -> StateResult<Vec<Row>>;
}

/// How fast campaigns are going out at this moment, for people: known only to the process that sends.
#[derive(Debug, Default)]
pub struct Rates(Mutex<BTreeMap<CampaignId, f64>>);

impl Rates {
    /// Messages a second over the last seconds; with nothing, it is not going out.
    pub fn set(&self, id: CampaignId, rate: Option<f64>) {
        let mut rates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match rate {
            Some(rate) => drop(rates.insert(id, rate)),
            None => drop(rates.remove(&id)),
        }
    }

    /// Messages a second, while it is going out here.
    #[must_use]
    pub fn of(&self, id: CampaignId) -> Option<f64> {
        let rates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rates.get(&id).copied()
    }
}
