//! Notices: a row for each person, so that nobody is left out and nobody gets it twice.

use super::journal::StateResult;
use super::records::Addressee;
use crate::domain::facts::Noticed;
use crate::domain::ids::{RunId, StepId};
use async_trait::async_trait;

/// Which notice: a step of a run sends one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeId {
    /// The run.
    pub run: RunId,
    /// Its step.
    pub step: StepId,
}

/// What became of one notice to one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Surely delivered.
    Sent,
    /// He blocked REI, or is gone.
    Blocked,
    /// Telegram refused it for another reason.
    Failed,
    /// The answer was lost: he may have it.
    Ambiguous,
    /// Surely not delivered: it is his turn again.
    Pending,
}

/// The book of notices, in `state.db`. Durable when a call returns.
#[async_trait]
pub trait NoticeBook: Send + Sync {
    /// Fixes who gets it. A notice that has its list already keeps it.
    async fn list(&self, notice: &NoticeId, people: &[Addressee]) -> StateResult<()>;

    /// Whether it has its list.
    async fn is_listed(&self, notice: &NoticeId) -> StateResult<bool>;

    /// Makes a doubt of those whose sending was begun and never told of: after a crash.
    async fn settle_doubts(&self, notice: &NoticeId) -> StateResult<()>;

    /// Whose turn it is, in a fixed order, at most `limit`.
    async fn due(&self, notice: &NoticeId, limit: u32) -> StateResult<Vec<Addressee>>;

    /// Written before it goes out.
    async fn begin(&self, notice: &NoticeId, person: i64) -> StateResult<()>;

    /// Written after.
    async fn ended(&self, notice: &NoticeId, person: i64, how: Delivery) -> StateResult<()>;

    /// How it went so far.
    async fn tally(&self, notice: &NoticeId) -> StateResult<Noticed>;
}
