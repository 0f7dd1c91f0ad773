//! Redis and the queue in it.

use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::job::{JobId, JobRow};
use crate::domain::queue::{FlushScope, NewJob, QueueView};
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

/// How often something that is waited for is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// REI writes the row and then puts the job into the queue; rows have whole seconds.
const YOUNG: SignedDuration = SignedDuration::from_secs(5);

/// A worker of whom nothing was heard for this long is none (RQ's own heartbeat comes at most this
/// much later: 420 s is its default time to live).
const HEARTBEAT: Duration = Duration::from_secs(420 + 60);

/// A finding, not a failure: what follows mends it.
pub(super) async fn check(patient: &Patient) -> PortResult<Facts> {
    Ok(match patient.queue.health().await {
        Ok(health) => Facts::RedisChecked {
            health: Some(health),
            failure: None,
        },
        Err(error) => Facts::RedisChecked {
            health: None,
            failure: Some(error.failure),
        },
    })
}

pub(super) async fn ping(patient: &Patient, patience: Duration, work: &Work) -> PortResult<Facts> {
    let deadline = Instant::now() + patience;
    loop {
        let answer = async {
            let health = patient.queue.health().await?;
            patient.queue.prove_writable().await?;
            Ok(Facts::RedisAnswers(health))
        };
        match answer.await {
            Ok(facts) => return Ok(facts),
            Err(error) if Instant::now() >= deadline || !may_pass(&error) => return Err(error),
            Err(_) => pause(work).await?,
        }
    }
}

/// What a restart or a moment may mend; a wrong password stays wrong.
fn may_pass(error: &PortError) -> bool {
    !matches!(
        error.code(),
        FailureCode::RedisPassword | FailureCode::RedisTls | FailureCode::RedisNotAServer
    )
}

async fn pause(work: &Work) -> PortResult<()> {
    tokio::select! {
        () = tokio::time::sleep(LOOK) => Ok(()),
        () = work.cancel.cancelled() => Err(PortError::new(FailureCode::CutOff)),
    }
}

pub(super) async fn inspect(patient: &Patient, work: &Work) -> PortResult<Facts> {
    // The rows may be out of reach while Redis is mended; then every job counts as one that is lost.
    let known = match patient.records.unfinished_jobs().await {
        Ok(rows) => rows.into_iter().map(|row| row.id).collect(),
        Err(error) => {
            tracing::warn!(%error, "jobs in Redis cannot be compared with the rows");
            BTreeSet::new()
        }
    };
    let content = patient.queue.content(&known, work).await?;
    Ok(Facts::RedisInspected(content))
}

/// A mark of this run in the emptied database tells later that it happened.
pub(in crate::engine) fn mark(run: &Run) -> String {
    format!("{}-{}", run.id, run.proposed_at.as_millisecond())
}

pub(super) async fn flush(patient: &Patient, run: &Run, scope: FlushScope) -> PortResult<Facts> {
    let flushed = patient.queue.flush(scope, &mark(run)).await?;
    Ok(Facts::Flushed(flushed))
}

pub(super) async fn rebuild(patient: &Patient, queue: &str, work: &Work) -> PortResult<Facts> {
    patient.queue.resume().await?;
    let (old, young) = by_age(patient).await?;
    let mut rebuilt = patient.queue.enqueue(&jobs(old, queue), work).await?;
    if !young.is_empty() {
        // REI had its time to put them there itself; those it did not are looked for again.
        settle(work).await?;
        let young: BTreeSet<JobId> = young.into_iter().collect();
        let (old, new) = by_age(patient).await?;
        let still = old.into_iter().chain(new).filter(|id| young.contains(id));
        let late = patient
            .queue
            .enqueue(&jobs(still.collect(), queue), work)
            .await?;
        rebuilt.added += late.added;
        rebuilt.present += late.present;
    }
    Ok(Facts::Rebuilt(rebuilt))
}

/// Unfinished rows, oldest first: those that REI has long put into the queue, and those that it may be
/// about to. A job that both of us put there would run twice.
async fn by_age(patient: &Patient) -> PortResult<(Vec<JobId>, Vec<JobId>)> {
    let settled = Timestamp::now()
        .saturating_sub(YOUNG)
        .unwrap_or(Timestamp::MIN);
    let rows = patient.records.unfinished_jobs().await?;
    let (old, young): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.created_at < settled);
    let ids = |rows: Vec<JobRow>| rows.into_iter().map(|row| row.id).collect();
    Ok((ids(old), ids(young)))
}

fn jobs(ids: Vec<JobId>, queue: &str) -> Vec<NewJob> {
    let job = |id| NewJob {
        id,
        queue: queue.to_owned(),
    };
    ids.into_iter().map(job).collect()
}

async fn settle(work: &Work) -> PortResult<()> {
    let wait = Duration::try_from(YOUNG).unwrap_or_default();
    tokio::select! {
        () = tokio::time::sleep(wait) => Ok(()),
        () = work.cancel.cancelled() => Err(PortError::new(FailureCode::CutOff)),
    }
}

/// The queue moves when a job is taken while we look, or when none waits and a worker lives.
pub(super) async fn verify(patient: &Patient, period: Duration, work: &Work) -> PortResult<Facts> {
    let begun = Instant::now();
    let mut first: Option<Waiting> = None;
    loop {
        let view = patient.queue.view().await?;
        let workers = alive(&view, Timestamp::now());
        let now = Waiting::of(&view);
        let before = first.get_or_insert_with(|| now.clone());
        let taken = now.taken_since(before);
        if workers > 0 && (now.jobs == 0 || taken > 0) {
            return Ok(Facts::QueueMoves {
                workers,
                waiting: now.jobs,
                taken,
            });
        }
        if begun.elapsed() >= period {
            return Err(stuck(&view, workers, &now, period));
        }
        pause(work).await?;
    }
}

fn stuck(view: &QueueView, workers: u64, now: &Waiting, period: Duration) -> PortError {
    if workers == 0 {
        let names: Vec<&str> = view
            .queues
            .iter()
            .map(|queue| queue.name.as_str())
            .collect();
        return PortError::new(FailureCode::NoWorkers).with("queues", names.join(", "));
    }
    PortError::new(FailureCode::QueueStuck)
        .with("waiting", i64::try_from(now.jobs).unwrap_or(i64::MAX))
        .with("period", period)
}

/// What a look at the queue tells of its movement.
#[derive(Clone, Debug)]
struct Waiting {
    jobs: u64,
    failed: u64,
    running: BTreeSet<JobId>,
}

impl Waiting {
    fn of(view: &QueueView) -> Self {
        Self {
            jobs: view.queues.iter().map(|queue| queue.waiting).sum(),
            failed: view.queues.iter().map(|queue| queue.failed).sum(),
            running: view
                .workers
                .iter()
                .filter_map(|worker| worker.job.clone())
                .collect(),
        }
    }

    /// Users order new jobs meanwhile, so a queue that grows may move all the same: a job that runs
    /// now and did not at first was taken.
    fn taken_since(&self, first: &Self) -> u64 {
        let gone = first.jobs.saturating_sub(self.jobs);
        let new = self.running.difference(&first.running).count() as u64;
        gone.max(new).max(self.failed.saturating_sub(first.failed))
    }
}

fn alive(view: &QueueView, now: Timestamp) -> u64 {
    let lives = |at: Timestamp| {
        Duration::try_from(now.duration_since(at)).map_or(true, |age| age < HEARTBEAT)
    };
    let living = view
        .workers
        .iter()
        .filter(|worker| worker.heartbeat.is_some_and(lives));
    living.count() as u64
}
