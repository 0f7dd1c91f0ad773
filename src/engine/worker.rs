//! The worker: woken by a change or by its tick, it takes every run as far as it goes.

use super::{Parts, background, chores, copying, gate, look, runner};
use crate::domain::event::Event;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::RunId;
use crate::domain::plan::{self, Next};
use crate::domain::post::{Owed, Post, Recipient};
use crate::domain::run::Run;
use crate::ports::journal::{Generation, Guard, StateError, StateResult};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How often it looks without being woken: for approvals that expire, and for what the console of
/// another process wrote.
const TICK: Duration = Duration::from_millis(500);

/// How often an outcome is tried to be written, once a tick: ten minutes, in which somebody who was told
/// that the disk is full makes room.
const OUTCOME_TRIES: u32 = 1200;

/// Why the worker ended.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// Another process took the runs over; this one must not write another word.
    #[error("another process took the runs over")]
    Replaced,
    /// The state could not be used at the start.
    #[error("the own state cannot be used: {0}")]
    State(String),
}

/// The one worker of a `STATE_DIR`.
pub struct Worker {
    pub(super) parts: Parts,
    pub(super) generation: Generation,
    pub(super) shutdown: CancellationToken,
    reported: BTreeSet<RunId>,
}

impl Worker {
    /// Becomes the owner of the runs, and makes a doubt of whatever was cut off.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn take_over(
        parts: Parts,
        holder: &str,
        shutdown: CancellationToken,
    ) -> Result<Self, WorkerError> {
        let state = |error: StateError| WorkerError::State(error.to_string());
        let generation = parts.journal.take_lease(holder).await.map_err(state)?;
        let worker = Self {
            parts,
            generation,
            shutdown,
            reported: BTreeSet::new(),
        };
        for id in worker.parts.journal.under_way().await.map_err(state)? {
            // One run that cannot be read must not keep the others from going on.
            if let Err(error) = worker.mark_cut_off(id).await {
                tracing::error!(run = %id, %error, "a run could not be taken up again");
            }
        }
        Ok(worker)
    }

    async fn mark_cut_off(&self, id: RunId) -> StateResult<()> {
        let run = self.parts.journal.load(id).await?;
        let failure = Failure::new(FailureCode::CutOff);
        let event = match (run.running(), run.undoing()) {
            (Some((step, attempt)), _) => Event::StepInDoubt {
                step,
                attempt,
                failure,
            },
            (None, Some((step, attempt))) => Event::UndoInDoubt {
                step,
                attempt,
                failure,
            },
            (None, None) => return Ok(()),
        };
        self.parts
            .journal
            .append(id, event, Guard::Reign(self.generation))
            .await
            .map(drop)
    }

    /// Works until it is told to stop.
    ///
    /// # Errors
    /// Another process took the runs over.
    pub async fn run(mut self, changes: watch::Receiver<u64>) -> Result<(), WorkerError> {
        // Ends with this worker: whatever is left of it when the set is dropped is aborted.
        let mut beside = JoinSet::new();
        let (parts, shutdown) = (&self.parts, &self.shutdown);
        beside.spawn(background::resume(parts.clone(), shutdown.clone()));
        beside.spawn(copying::resume(parts.clone(), shutdown.clone()));
        // Who no longer owns the runs sends nothing either, and begins no chore.
        let halt = shutdown.child_token();
        let _halted = halt.clone().drop_guard();
        let mut at_chores = JoinSet::new();
        at_chores.spawn(chores::resume(parts.clone(), halt.clone()));
        let sender = parts.patient.sender.clone();
        let mut sending = JoinSet::new();
        let woken = changes.clone();
        sending.spawn(async move { sender.run(woken, halt).await });
        let ended = self.sweep_until_stopped(changes).await;
        if ended.is_ok() {
            // What is on its way arrives, and is written down.
            sending.join_all().await;
            at_chores.join_all().await;
        } else {
            sending.detach_all();
        }
        ended
    }

    async fn sweep_until_stopped(
        &mut self,
        mut changes: watch::Receiver<u64>,
    ) -> Result<(), WorkerError> {
        loop {
            // Marked before looking: a change during the look wakes it again.
            changes.mark_unchanged();
            self.sweep().await?;
            tokio::select! {
                () = self.shutdown.cancelled() => break,
                _ = changes.changed() => {}
                () = tokio::time::sleep(TICK) => {}
            }
        }
        Ok(())
    }

    /// Works until this run waits for a person or has ended.
    ///
    /// # Errors
    /// The state cannot be used, or another process took the runs over.
    pub async fn advance_until_wait(&mut self, id: RunId) -> Result<Run, WorkerError> {
        self.advance(id).await.map_err(|error| match error {
            StateError::LeaseLost => WorkerError::Replaced,
            other => WorkerError::State(other.to_string()),
        })
    }

    async fn sweep(&mut self) -> Result<(), WorkerError> {
        let ids = match self.parts.journal.under_way().await {
            Ok(ids) => ids,
            Err(error) => {
                tracing::error!(%error, "the journal cannot be read");
                return Ok(());
            }
        };
        for id in ids {
            match self.advance(id).await {
                Ok(_) => {
                    self.reported.remove(&id);
                }
                Err(StateError::LeaseLost) => return Err(WorkerError::Replaced),
                Err(error) => self.report(id, &error).await,
            }
        }
        Ok(())
    }

    /// Says once, not each half second, that a run is stuck.
    async fn report(&mut self, id: RunId, error: &StateError) {
        if !self.reported.insert(id) {
            return;
        }
        tracing::error!(run = %id, %error, "a run is stuck");
        if matches!(error, StateError::PlanChanged(_)) {
            // Only a person can end it, and learns of it by its message.
            let owed = Owed {
                to: Recipient::Team,
                post: Post::Run { run: id },
            };
            if let Err(error) = self.parts.outbox.push(vec![owed]).await {
                tracing::error!(run = %id, %error, "the group cannot be told");
            }
        }
    }

    async fn advance(&self, id: RunId) -> StateResult<Run> {
        loop {
            let run = self.parts.journal.load(id).await?;
            if self.shutdown.is_cancelled() {
                return Ok(run);
            }
            if run.running().is_some() || run.undoing().is_some() {
                // This worker has nothing in hand between two turns: the outcome could not be written.
                self.mark_cut_off(id).await?;
                continue;
            }
            match self.turn(&run).await {
                Ok(true) | Err(StateError::Conflict) => {}
                Ok(false) => return Ok(run),
                Err(error) => return Err(error),
            }
        }
    }

    /// One decision and what follows from it; tells whether there is more to do.
    async fn turn(&self, run: &Run) -> StateResult<bool> {
        match plan::next(run) {
            Next::Wait(_) | Next::Done => return Ok(false),
            Next::AwaitApproval(gate) => return gate::expire(self, run, &gate).await,
            Next::Ask(gate) => gate::ask(self, run, &gate).await?,
            Next::Pass { step } => self
                .decide(run, Event::StepPassed { step })
                .await
                .map(drop)?,
            Next::Look { step, attempt } => look::settle(self, run, &step, attempt).await?,
            Next::Undo { step } => runner::undo(self, run, &step).await?,
            Next::Finish(outcome) => self
                .decide(run, Event::Finished { outcome })
                .await
                .map(drop)?,
            Next::Perform { step, attempt } => {
                if gate::still_valid(self, run, &step).await? {
                    runner::perform(self, run, &step, attempt).await?;
                }
            }
        }
        Ok(true)
    }

    /// Writes a decision: only if nothing happened since the run was read.
    pub(super) async fn decide(&self, run: &Run, event: Event) -> StateResult<Run> {
        let guard = Guard::Both(run.position, self.generation);
        self.parts.journal.append(run.id, event, guard).await
    }

    /// Writes an outcome: it happened, whatever was asked meanwhile. A state that is full or busy for
    /// a moment must not turn what is known into a doubt.
    pub(super) async fn report_outcome(&self, run: &Run, event: Event) -> StateResult<Run> {
        let mut tries = 0;
        loop {
            let guard = Guard::Reign(self.generation);
            match self
                .parts
                .journal
                .append(run.id, event.clone(), guard)
                .await
            {
                Err(StateError::Unavailable(why))
                    if tries < OUTCOME_TRIES && !self.shutdown.is_cancelled() =>
                {
                    if tries == 0 {
                        tracing::error!(run = %run.id, why, "an outcome could not be written");
                    }
                    tries += 1;
                    tokio::time::sleep(TICK).await;
                    if let Some(written) = self.written_after_all(run).await {
                        return Ok(written);
                    }
                }
                written => return written,
            }
        }
    }

    /// The run, if the outcome of what it was at stands there in spite of the error: a second one would
    /// tell everybody twice, and count a failure twice.
    async fn written_after_all(&self, run: &Run) -> Option<Run> {
        let now = self.parts.journal.load(run.id).await.ok()?;
        let over = now.running().is_none() && now.undoing().is_none();
        over.then_some(now)
    }
}
