//! REI's job queue.

use super::PortResult;
use super::backups::Work;
use crate::domain::job::JobId;
use crate::domain::queue::{
    FailedJob, FlushScope, Flushed, NewJob, QueueView, Rebuilt, RedisContent, RedisHealth, Requeued,
};
use async_trait::async_trait;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// RQ over Redis.
///
/// Nothing is connected before the first call, and a connection that broke is made anew by the next
/// one. Every call has its own deadline; each single command holds Redis for at most about 10 ms.
/// A server that refuses is named for what it is: `redis-unreachable`, `redis-loading`,
/// `redis-password`, `redis-tls`, `redis-read-only` (replica, full disk, failed save),
/// `redis-out-of-memory`, `redis-not-a-server` (a sentinel, or something else on that port).
#[async_trait]
pub trait JobQueue: Send + Sync {
    /// `PING` and `INFO`. `redis-loading` while it reads its data back.
    async fn health(&self) -> PortResult<RedisHealth>;

    /// Proves that it takes a write, by a key of our own that is removed at once. Repeatable.
    async fn prove_writable(&self) -> PortResult<()>;

    /// Queues, registries, workers.
    async fn view(&self) -> PortResult<QueueView>;

    /// Everything that is there, and whether it is sound; `known` are the ids of unfinished rows.
    async fn content(&self, known: &BTreeSet<JobId>, work: &Work) -> PortResult<RedisContent>;

    /// Entries of all failed registries, newest first; those that ended before `since` are left out,
    /// those whose end is not known are not.
    async fn failed(&self, since: Option<Timestamp>, work: &Work) -> PortResult<Vec<FailedJob>>;

    /// Puts failed jobs back, each by one atomic step that keeps it from expiring. May be repeated
    /// and cut off anywhere: a job is either failed as before or queued once. Progress in jobs.
    async fn requeue(&self, jobs: &[FailedJob], work: &Work) -> PortResult<Requeued>;

    /// Makes jobs that Redis does not know, in the order given, each once: a job that waits, is on
    /// its way, runs or is scheduled is left alone, and so is one that ended within the last seconds:
    /// its row was read before. An older finished or failed leftover under that id is replaced. May be repeated and cut off anywhere. Progress in jobs.
    async fn enqueue(&self, jobs: &[NewJob], work: &Work) -> PortResult<Rebuilt>;

    /// RQ's word for each of these jobs; those that Redis does not know are left out.
    async fn statuses(&self, jobs: &[JobId]) -> PortResult<BTreeMap<JobId, String>>;

    /// Empties REI's database number or the whole server, and leaves `mark` in its place, all at
    /// once.
    async fn flush(&self, scope: FlushScope, mark: &str) -> PortResult<Flushed>;

    /// Whether the flush with this mark happened, as far as Redis still knows.
    async fn was_flushed(&self, mark: &str) -> PortResult<bool>;

    /// Takes `rq:suspended` away, so that workers take jobs again. Repeatable.
    async fn resume(&self) -> PortResult<()>;
}
