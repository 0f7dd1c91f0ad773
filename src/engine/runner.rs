//! Carrying out one step: deadline, panic, progress, and the word about its outcome.

use super::{Worker, look, perform as actions};
use crate::domain::action::Action;
use crate::domain::chronicle;
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::StepId;
use crate::domain::run::Run;
use crate::ports::backups::Work;
use crate::ports::journal::StateResult;
use crate::ports::{PortError, PortResult};
use futures::FutureExt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often a live message is owed anew while a step is at work.
const LIVE: Duration = Duration::from_secs(3);

/// How long work that was told to stop may take to do so. Nothing that takes longer is left between
/// two states: it is in doubt.
const GRACE: Duration = Duration::from_secs(20);

/// How an effect ended.
enum Ended {
    /// It answered.
    Answered(PortResult<Facts>),
    /// It was told to stop (by an operator or by the end of the program) and did.
    Stopped,
    /// Nobody knows.
    Unknown(Failure),
}

/// Carries out a step of the way forward.
pub(super) async fn perform(
    worker: &Worker,
    run: &Run,
    id: &StepId,
    attempt: u32,
) -> StateResult<()> {
    let Some(step) = run.plan.step(id) else {
        return Ok(());
    };
    let started = Event::StepStarted {
        step: id.clone(),
        attempt,
    };
    let run = worker.decide(run, started).await?;
    let work = Work {
        progress: worker.parts.live.begin(run.id),
        cancel: CancellationToken::new(),
    };
    let interruptible = step.action.can_be_interrupted();
    let effect = actions::perform(&worker.parts.patient, &run, &step.action, &work);
    let ended = watch_over(worker, &run, effect, (step.timeout, &work, interruptible)).await;
    worker.parts.live.end(run.id);
    let step = id.clone();
    let event = match ended {
        Ended::Answered(Ok(facts)) => Event::StepSucceeded {
            step,
            attempt,
            facts,
        },
        Ended::Answered(Err(error)) if error.unknown => Event::StepInDoubt {
            step,
            attempt,
            failure: error.failure,
        },
        Ended::Answered(Err(error)) => Event::StepFailed {
            step,
            attempt,
            failure: error.failure,
        },
        Ended::Stopped => Event::StepNotDone {
            step,
            attempt,
            by: None,
        },
        Ended::Unknown(failure) => Event::StepInDoubt {
            step,
            attempt,
            failure,
        },
    };
    worker.report_outcome(&run, event).await.map(drop)
}

/// Takes a step back.
pub(super) async fn undo(worker: &Worker, run: &Run, id: &StepId) -> StateResult<()> {
    let undo = run
        .plan
        .step(id)
        .and_then(|step| step.undo.as_ref())
        .and_then(|undo| run.plan.undo_step(undo));
    let Some(undo) = undo else { return Ok(()) };
    let attempt = run.next_undo_attempt(id);
    let run = worker
        .decide(
            run,
            Event::UndoStarted {
                step: id.clone(),
                attempt,
            },
        )
        .await?;
    let work = Work::default();
    let effect = actions::perform(&worker.parts.patient, &run, &undo.action, &work);
    let ended = watch_over(worker, &run, effect, (undo.timeout, &work, false)).await;
    let step = id.clone();
    let event = match ended {
        Ended::Answered(Ok(facts)) => Event::UndoSucceeded {
            step,
            attempt,
            facts,
        },
        Ended::Answered(Err(error)) => Event::UndoFailed {
            step,
            attempt,
            failure: error.failure,
        },
        Ended::Unknown(failure) if failure.code == FailureCode::CutOff => Event::UndoInDoubt {
            step,
            attempt,
            failure,
        },
        Ended::Unknown(failure) => Event::UndoFailed {
            step,
            attempt,
            failure,
        },
        Ended::Stopped => Event::UndoInDoubt {
            step,
            attempt,
            failure: Failure::new(FailureCode::CutOff),
        },
    };
    worker.report_outcome(&run, event).await.map(drop)
}

async fn watch_over(
    worker: &Worker,
    run: &Run,
    effect: impl Future<Output = PortResult<Facts>>,
    (limit, work, interruptible): (Duration, &Work, bool),
) -> Ended {
    let effect = AssertUnwindSafe(effect).catch_unwind();
    tokio::pin!(effect);
    let deadline = tokio::time::sleep(limit);
    tokio::pin!(deadline);
    let mut live = tokio::time::interval(LIVE);
    live.tick().await;
    loop {
        tokio::select! {
            answer = &mut effect => return answered(answer),
            () = &mut deadline => {
                work.cancel.cancel();
                let late = tokio::time::timeout(GRACE, &mut effect).await;
                return match late {
                    // Done in spite of all: that is known, and better than a doubt.
                    Ok(Ok(Ok(facts))) => Ended::Answered(Ok(facts)),
                    _ => Ended::Unknown(Failure::new(FailureCode::TimedOut).with("seconds", limit)),
                };
            }
            () = worker.shutdown.cancelled() => return wind_up(effect, work, interruptible).await,
            _ = live.tick() => {
                if interruptible && cancel_requested(worker, run).await {
                    return wind_up(effect, work, true).await;
                }
                show(worker, run).await;
            }
        }
    }
}

type Caught = Result<PortResult<Facts>, Box<dyn std::any::Any + Send>>;

fn answered(answer: Caught) -> Ended {
    match answer {
        Ok(result) => Ended::Answered(result),
        // A panic says nothing of how far the effect went.
        Err(_) => Ended::Unknown(Failure::new(FailureCode::Panicked)),
    }
}

/// Ends work early: what may be broken off is told to stop, what may not is waited for.
async fn wind_up(effect: impl Future<Output = Caught>, work: &Work, interruptible: bool) -> Ended {
    if interruptible {
        work.cancel.cancel();
    }
    match tokio::time::timeout(GRACE, effect).await {
        Ok(Ok(Err(_))) if interruptible => Ended::Stopped,
        Ok(answer) => answered(answer),
        Err(_) => Ended::Unknown(Failure::new(FailureCode::CutOff)),
    }
}

async fn cancel_requested(worker: &Worker, run: &Run) -> bool {
    worker
        .parts
        .journal
        .load(run.id)
        .await
        .is_ok_and(|run| run.cancel_requested)
}

async fn show(worker: &Worker, run: &Run) {
    if let Err(error) = worker.parts.outbox.push(chronicle::live(run)).await {
        tracing::warn!(%error, "a live message is not owed");
    }
}

/// Whether a step in doubt happened; for [`look`].
pub(super) async fn bounded_look(
    worker: &Worker,
    run: &Run,
    action: &Action,
    limit: Duration,
) -> PortResult<Option<Facts>> {
    let look = look::happened(&worker.parts.patient, run, action);
    tokio::time::timeout(limit, look).await.unwrap_or_else(|_| {
        Err(PortError::new(FailureCode::TimedOut)
            .with("seconds", limit)
            .unknown())
    })
}
