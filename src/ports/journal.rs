//! The own state: journal, audit trail, outbox. Durable when a call returns.

use crate::domain::approval::Approval;
use crate::domain::audit::{AuditDraft, AuditEntry, ChainBreak};
use crate::domain::event::{Entry, Event};
use crate::domain::ids::{RequestId, RunId};
use crate::domain::operator::Actor;
use crate::domain::plan::Plan;
use crate::domain::post::{Owed, Recipient};
use crate::domain::run::Run;
use async_trait::async_trait;
use jiff::Timestamp;
use std::path::PathBuf;
use std::time::Duration;

/// What can go wrong with the own state.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The run moved on since it was read: read it again and decide anew.
    #[error("the run moved on meanwhile")]
    Conflict,
    /// Another worker owns the runs now; this one must not write another word.
    #[error("the lease was taken over by another process")]
    LeaseLost,
    /// Another run is on the patient.
    #[error("{0} is on the patient")]
    Busy(RunId),
    /// No such run.
    #[error("there is no run {0}")]
    NoSuchRun(RunId),
    /// The run's frozen plan cannot be trusted.
    #[error("the frozen plan of {0} does not match its hash")]
    PlanChanged(RunId),
    /// The database itself.
    #[error("the state cannot be read or written: {0}")]
    Unavailable(String),
    /// The database is damaged: nothing in it is to be relied upon.
    #[error("the state is damaged: {0}")]
    Damaged(String),
    /// There is no state of one's own, for this reason, and nothing may be begun without one.
    #[error("there is no state of its own: {0}")]
    StandIn(String),
}

/// What the state returns.
pub type StateResult<T> = Result<T, StateError>;

/// Number of the worker's reign: raised by each one that takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation(pub i64);

/// Whom an append trusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// An operator's or the worker's decision: nothing may have happened since this position.
    At(u64),
    /// The worker's report of an outcome: it stands whatever was asked meanwhile, as long as the
    /// worker still owns the runs.
    Reign(Generation),
    /// Both.
    Both(u64, Generation),
}

/// Runs and their journals.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Writes a proposed run with its first event, audit entry and posts.
    async fn propose(&self, plan: Plan, requester: Actor, chat: Option<i64>) -> StateResult<Run>;

    /// A run, folded.
    async fn load(&self, run: RunId) -> StateResult<Run>;

    /// Appends an event with its audit entry and posts, in one transaction, if the guard holds.
    /// `Started` is refused with `Busy` while another run is on the patient. Gives the run after it.
    async fn append(&self, run: RunId, event: Event, guard: Guard) -> StateResult<Run>;

    /// Ends a run that can no longer be folded. Nothing is done to the patient.
    async fn abandon(&self, run: RunId, by: Actor) -> StateResult<()>;

    /// The event at a position of a run's journal.
    async fn entry(&self, run: RunId, position: u64) -> StateResult<Option<Entry>>;

    /// A run's whole journal, in order.
    async fn entries(&self, run: RunId) -> StateResult<Vec<Entry>>;

    /// Runs that have begun and not ended, oldest first.
    async fn under_way(&self) -> StateResult<Vec<RunId>>;

    /// The newest runs, newest first. A run that cannot be folded is left out.
    async fn recent(&self, limit: u32) -> StateResult<Vec<Run>>;

    /// Which run an approval request belongs to, with the approval.
    async fn find_request(&self, request: &RequestId) -> StateResult<Option<(RunId, Approval)>>;

    /// How long finished runs of this runbook took from start to end without waits for approval.
    async fn durations(&self, runbook: &str) -> StateResult<Vec<Duration>>;

    /// Becomes the one worker; every earlier reign ends.
    async fn take_lease(&self, holder: &str) -> StateResult<Generation>;

    /// Why this is no state of one's own but stands in for it: what is known from before is missing,
    /// nothing is kept, and nothing can be begun.
    fn stand_in(&self) -> Option<String> {
        None
    }
}

/// The audit trail.
#[async_trait]
pub trait AuditTrail: Send + Sync {
    /// Appends an entry (and what it owes to the group) by itself.
    async fn write(&self, draft: AuditDraft, posts: Vec<Owed>) -> StateResult<AuditEntry>;

    /// Entries from `from` on, in order, at most `limit`.
    async fn read(&self, from: u64, limit: u32) -> StateResult<Vec<AuditEntry>>;

    /// The newest `limit` entries, in order.
    async fn tail(&self, limit: u32) -> StateResult<Vec<AuditEntry>>;

    /// Checks the whole trail: how many entries, or where it breaks.
    async fn verify(&self) -> StateResult<Result<u64, ChainBreak>>;
}

/// A full check that a recovery by record still owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwedCheck {
    /// The recovery that put the database in place.
    pub run: RunId,
    /// The database.
    pub database: PathBuf,
    /// Tries so far that told nothing.
    pub tries: u32,
    /// When it is tried again; absent before the first try.
    pub not_before: Option<Timestamp>,
}

/// The full checks that recoveries by record put off until REI runs again.
///
/// A check is owed from the very change that ends its recovery, and no longer once its result is
/// written or another recovery has put another database in place.
#[async_trait]
pub trait FullChecks: Send + Sync {
    /// The one that is owed, if any: there is one database.
    async fn owed(&self) -> StateResult<Option<OwedCheck>>;

    /// A try told nothing; the next one follows at this moment. `told` goes to the audit trail and
    /// the outbox with it. Nothing happens when the check is owed no more.
    async fn put_off(
        &self,
        run: RunId,
        until: Timestamp,
        told: Option<(AuditDraft, Vec<Owed>)>,
    ) -> StateResult<()>;

    /// Its end is known: owed no more, with what is told of it. Nothing happens when it was owed no
    /// more before.
    async fn settle(&self, run: RunId, told: (AuditDraft, Vec<Owed>)) -> StateResult<()>;
}

/// A post that waits to be delivered.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingPost {
    /// Its number; posts of one chat are delivered in this order.
    pub id: i64,
    /// What and to whom.
    pub owed: Owed,
    /// When it was owed.
    pub created_at: Timestamp,
    /// Deliveries tried so far.
    pub attempts: u32,
    /// Raised each time the same slot is owed again before it was delivered.
    pub revision: i64,
    /// The message its slot has in the chat already.
    pub message: Option<i32>,
    /// A delivery was begun whose end is not known: it may stand in the chat already.
    pub in_doubt: bool,
}

/// The outbox.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Adds posts that belong to no other change.
    async fn push(&self, posts: Vec<Owed>) -> StateResult<()>;

    /// Waiting posts in order, at most `limit` for each recipient.
    async fn pending(&self, limit: u32) -> StateResult<Vec<PendingPost>>;

    /// A delivery begins: written before the message goes out, so that a crash leaves a doubt.
    async fn begun(&self, ids: &[i64]) -> StateResult<()>;

    /// Delivered, as this message. A post that was owed anew meanwhile stays waiting.
    async fn delivered(&self, posts: &[PendingPost], message: Option<i32>) -> StateResult<()>;

    /// Not delivered; tried again later. `surely`: it does certainly not stand in the chat.
    async fn postponed(&self, ids: &[i64], surely: bool) -> StateResult<()>;

    /// Will never be delivered, and why.
    async fn given_up(&self, ids: &[i64], reason: &str) -> StateResult<()>;

    /// The messages of these recipients' slots stand in a chat that is no longer theirs: what is owed
    /// next is sent anew. An old number could be another message in the new chat.
    async fn forget(&self, recipients: &[Recipient]) -> StateResult<()>;

    /// Clears away at most `limit` posts that no longer wait and were owed before this moment. Says
    /// how many went.
    async fn prune(&self, before: Timestamp, limit: u32) -> StateResult<u32>;

    /// How many wait.
    async fn backlog(&self) -> StateResult<u64>;

    /// When a post was last delivered, as far as delivered ones are kept (a week).
    async fn last_delivery(&self) -> StateResult<Option<Timestamp>>;
}
