//! REI's job queue: RQ over Redis, without Python.
//!
//! What several clients may be at is changed by scripts, each job in one step: a cut connection, a
//! killed program or a worker in between leaves every job where it was or where it should be. Nothing
//! holds Redis for more than a few milliseconds. Job descriptions hold what users wrote and are never
//! read.

mod certificates;
mod content;
mod enqueue;
mod errors;
mod failed;
mod flush;
mod health;
mod keys;
mod options;
mod payload;
mod presence;
mod probe;
mod requeue;
mod script;
mod session;
mod standing;
mod target;
mod traceback;
mod view;
mod walk;

pub use options::{RqDeadlines, RqOptions};
pub use target::InvalidRedisUrl;
pub use traceback::error_class;

use crate::domain::failure::{Arg, FailureCode};
use crate::domain::job::JobId;
use crate::domain::queue::{
    FailedJob, FlushScope, Flushed, NewJob, QueueView, Rebuilt, RedisContent, RedisHealth, Requeued,
};
use crate::ports::backups::Work;
use crate::ports::queue::JobQueue;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use jiff::Timestamp;
use session::{Intent, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use target::Target;

/// RQ's queues in one Redis.
#[derive(Debug)]
pub struct RqQueue {
    options: RqOptions,
    target: Target,
}

impl RqQueue {
    /// Reads the address. Nothing is connected before the first call.
    ///
    /// # Errors
    /// The address names no Redis; the error does not repeat it.
    pub fn new(options: RqOptions) -> Result<Self, InvalidRedisUrl> {
        let target = Target::parse(&options.url)?;
        Ok(Self { options, target })
    }

    /// Host, port and database number, for people.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.target.server
    }

    async fn open(&self, intent: Intent) -> PortResult<Session<'_>> {
        Session::open(&self.target, &self.options.deadlines, intent).await
    }

    /// A call that asks for little.
    async fn soon<T>(
        &self,
        intent: Intent,
        call: impl Future<Output = PortResult<T>> + Send,
    ) -> PortResult<T> {
        within(self.options.deadlines.call, intent, call).await
    }

    /// A call that walks through all jobs.
    async fn in_time<T>(
        &self,
        intent: Intent,
        work: &Work,
        call: impl Future<Output = PortResult<T>> + Send,
    ) -> PortResult<T> {
        session::go_on(&work.cancel)?;
        within(self.options.deadlines.bulk, intent, call).await
    }
}

async fn within<T>(
    limit: Duration,
    intent: Intent,
    call: impl Future<Output = PortResult<T>>,
) -> PortResult<T> {
    match tokio::time::timeout(limit, call).await {
        Ok(outcome) => outcome,
        Err(_) => {
            let late = PortError::new(FailureCode::TimedOut).with("seconds", Arg::from(limit));
            Err(match intent {
                Intent::Read => late.transient(),
                Intent::Write => late.unknown(),
            })
        }
    }
}

#[async_trait]
impl JobQueue for RqQueue {
    async fn health(&self) -> PortResult<RedisHealth> {
        let intent = Intent::Read;
        let call = async { health::read(&mut self.open(intent).await?, &self.target).await };
        self.soon(intent, call).await
    }

    async fn prove_writable(&self) -> PortResult<()> {
        let intent = Intent::Write;
        let call = async { health::prove_writable(&mut self.open(intent).await?).await };
        self.soon(intent, call).await
    }

    async fn view(&self) -> PortResult<QueueView> {
        let intent = Intent::Read;
        let queues = &self.options.queues;
        let call = async { view::read(&mut self.open(intent).await?, queues).await };
        self.soon(intent, call).await
    }

    async fn content(&self, known: &BTreeSet<JobId>, work: &Work) -> PortResult<RedisContent> {
        let intent = Intent::Read;
        let call = async { content::read(&mut self.open(intent).await?, known, work).await };
        self.in_time(intent, work, call).await
    }

    async fn failed(&self, since: Option<Timestamp>, work: &Work) -> PortResult<Vec<FailedJob>> {
        let intent = Intent::Read;
        let queues = &self.options.queues;
        let call = async { failed::read(&mut self.open(intent).await?, queues, since, work).await };
        self.in_time(intent, work, call).await
    }

    async fn requeue(&self, jobs: &[FailedJob], work: &Work) -> PortResult<Requeued> {
        let intent = Intent::Write;
        let call = async { requeue::requeue(&mut self.open(intent).await?, jobs, work).await };
        self.in_time(intent, work, call).await
    }

    async fn enqueue(&self, jobs: &[NewJob], work: &Work) -> PortResult<Rebuilt> {
        let intent = Intent::Write;
        let options = &self.options;
        let call =
            async { enqueue::enqueue(&mut self.open(intent).await?, options, jobs, work).await };
        self.in_time(intent, work, call).await
    }

    async fn statuses(&self, jobs: &[JobId]) -> PortResult<BTreeMap<JobId, String>> {
        let intent = Intent::Read;
        let call = async { view::statuses(&mut self.open(intent).await?, jobs).await };
        self.soon(intent, call).await
    }

    async fn flush(&self, scope: FlushScope, mark: &str) -> PortResult<Flushed> {
        let intent = Intent::Write;
        let call =
            async { flush::flush(&mut self.open(intent).await?, &self.target, scope, mark).await };
        self.soon(intent, call).await
    }

    async fn was_flushed(&self, mark: &str) -> PortResult<bool> {
        let intent = Intent::Read;
        let call = async { flush::was_flushed(&mut self.open(intent).await?, mark).await };
        self.soon(intent, call).await
    }

    async fn resume(&self) -> PortResult<()> {
        let intent = Intent::Write;
        let call = async { view::resume(&mut self.open(intent).await?).await };
        self.soon(intent, call).await
    }
}
