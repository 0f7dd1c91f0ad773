//! Chores, one at a time, in the order they were asked for.
//!
//! *Running* is written before the work begins and its end after. A recovery at work comes first: it ends
//! what is under way, which is done again later, and lets nothing begin.

use super::Parts;
use super::recovering::keep_off;
use super::telling::{begun, called_off, live, over};
use crate::domain::chore::{Chore, Outcome, Phase, TRIES};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::ChoreId;
use crate::ports::backups::Work;
use crate::ports::campaigns::Telling;
use crate::ports::chores::{AtWork, Chores, Hand};
use crate::ports::journal::{StateError, StateResult};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How often it is looked for work, and whether what is under way may go on.
const TICK: Duration = Duration::from_secs(1);
/// How often its message is edited meanwhile.
const SHOWN: Duration = Duration::from_secs(5);
/// Longest time for one chore: the largest database and the slowest line, and some.
const LONGEST: Duration = Duration::from_hours(12);
/// How long somebody may take to end who was told to.
const ENDING: Duration = Duration::from_secs(60);
/// How often a change is tried again that another one came before.
const CHANGES: u32 = 5;

/// What chores stand on.
#[derive(Clone)]
pub struct ChoreParts {
    /// Their book.
    pub book: Arc<dyn Chores>,
    /// Who does them.
    pub hands: Arc<[Arc<dyn Hand>]>,
    /// How far the one is that is under way.
    pub at_work: Arc<AtWork>,
}

/// Why somebody was told to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// The program ends.
    Stopped,
    /// A recovery begins.
    Yielded,
    /// Somebody called it off.
    Called,
    /// It takes too long.
    Late,
}

/// Does what is asked for, until it is told to stop.
pub(super) async fn resume(parts: Parts, shutdown: CancellationToken) {
    if let Err(error) = take_up(&parts).await {
        tracing::error!(%error, "chores that were cut off cannot be taken up");
    }
    while !shutdown.is_cancelled() {
        match next(&parts).await {
            Ok(Some(chore)) => {
                if let Err(error) = perform(&parts, chore, &shutdown).await {
                    tracing::error!(%error, "a chore could not be written down");
                }
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "chores cannot be read"),
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = sleep(TICK) => {}
        }
    }
}

/// What a crash left: cleared away, and begun anew where that is right.
async fn take_up(parts: &Parts) -> StateResult<()> {
    for chore in parts.chores.book.open().await? {
        if chore.phase == Phase::Running {
            tidy(parts, &chore).await;
            cut_off(parts, chore.id, FailureCode::CutOff).await?;
        }
    }
    for hand in parts.chores.hands.iter() {
        if let Err(error) = hand.sweep().await {
            tracing::warn!(%error, "what chores left cannot be cleared away");
        }
    }
    Ok(())
}

async fn tidy(parts: &Parts, chore: &Chore) {
    if let Some(hand) = hand(parts, chore)
        && let Err(error) = hand.tidy(chore).await
    {
        tracing::warn!(%error, chore = %chore.id, "what a chore left cannot be cleared away");
    }
}

fn hand(parts: &Parts, chore: &Chore) -> Option<Arc<dyn Hand>> {
    let mut hands = parts.chores.hands.iter();
    hands.find(|hand| hand.takes(&chore.task)).cloned()
}

async fn next(parts: &Parts) -> StateResult<Option<Chore>> {
    let open = parts.chores.book.open().await?;
    let next = open.into_iter().find(|chore| chore.phase == Phase::Asked);
    if next.is_some() && keep_off(parts.journal.as_ref()).await? {
        return Ok(None);
    }
    Ok(next)
}

async fn perform(parts: &Parts, chore: Chore, shutdown: &CancellationToken) -> StateResult<()> {
    let Some(chore) = begin(parts, chore.id).await? else {
        return Ok(());
    };
    let Some(hand) = hand(parts, &chore) else {
        let failure = Failure::new(FailureCode::ChoreUnknown);
        return end(parts, chore.id, Err(failure)).await;
    };
    let work = Work {
        progress: parts.chores.at_work.begin(chore.id),
        cancel: CancellationToken::new(),
    };
    let (todo, doing) = (chore.clone(), work.clone());
    let mut task = tokio::spawn(async move { hand.perform(&todo, &doing).await });
    let told = watch(parts, &chore, &mut task, shutdown).await;
    let ended = match told {
        Ok(result) => Ended::Whole(result),
        Err(told) => {
            work.cancel.cancel();
            let last = timeout(ENDING, &mut task).await;
            if last.is_err() {
                task.abort();
            }
            tidy(parts, &chore).await;
            Ended::after(told, last.ok().and_then(Result::ok))
        }
    };
    parts.chores.at_work.end();
    match ended {
        Ended::Whole(result) => end(parts, chore.id, result).await,
        Ended::Early(code) => cut_off(parts, chore.id, code).await,
        Ended::Called => show(parts, chore.id).await,
        Ended::DoneBefore(outcome) => done_before(parts, chore.id, outcome).await,
    }
}

/// How a chore came to its end.
#[derive(Debug, PartialEq)]
enum Ended {
    /// With a result that counts.
    Whole(Result<Outcome, Failure>),
    /// In the middle, for this reason.
    Early(FailureCode),
    /// In the middle, as somebody wanted: its phase is that person's word.
    Called,
    /// Somebody called it off, and this was done by then.
    DoneBefore(Outcome),
}

impl Ended {
    /// What one that was told to end comes to. What it did is not undone by the word that came too late:
    /// an outcome is never dropped.
    fn after(told: Told, last: Option<Result<Outcome, Failure>>) -> Self {
        match (told, last) {
            (Told::Called, Some(Ok(outcome))) => Self::DoneBefore(outcome),
            (Told::Called, _) => Self::Called,
            (_, Some(Ok(outcome))) => Self::Whole(Ok(outcome)),
            (Told::Late, _) => Self::Whole(Err(Failure::new(FailureCode::TimedOut))),
            (Told::Stopped, _) => Self::Early(FailureCode::CutOff),
            (Told::Yielded, _) => Self::Early(FailureCode::GaveWay),
        }
    }
}

type Task = JoinHandle<Result<Outcome, Failure>>;

/// Until it ends by itself, or has to.
async fn watch(
    parts: &Parts,
    chore: &Chore,
    task: &mut Task,
    shutdown: &CancellationToken,
) -> Result<Result<Outcome, Failure>, Told> {
    let begun = Instant::now();
    let mut shown = begun;
    loop {
        tokio::select! {
            ended = &mut *task => {
                let panicked = |_| Err(Failure::new(FailureCode::Panicked));
                return Ok(ended.unwrap_or_else(panicked));
            }
            () = shutdown.cancelled() => return Err(Told::Stopped),
            () = sleep(TICK) => {}
        }
        if begun.elapsed() > LONGEST {
            return Err(Told::Late);
        }
        if let Some(told) = interrupted(parts, chore.id).await {
            return Err(told);
        }
        if shown.elapsed() > SHOWN && chore.is_followed() {
            shown = Instant::now();
            if let Err(error) = show(parts, chore.id).await {
                tracing::warn!(%error, "a chore's message cannot be owed");
            }
        }
    }
}

/// A state that cannot be read just now interrupts nothing.
async fn interrupted(parts: &Parts, id: ChoreId) -> Option<Told> {
    let chore = parts.chores.book.chore(id).await.ok()??;
    if chore.phase != Phase::Running {
        return Some(Told::Called);
    }
    let busy = keep_off(parts.journal.as_ref()).await.ok()?;
    busy.then_some(Told::Yielded)
}

/// Nothing where somebody called it off meanwhile.
async fn begin(parts: &Parts, id: ChoreId) -> StateResult<Option<Chore>> {
    change(parts, id, Phase::Asked, |chore| {
        chore.phase = Phase::Running;
        chore.tries += 1;
        chore.begun_at = Some(parts.clock.now());
        Telling {
            audit: vec![begun(chore)],
            posts: live(chore),
        }
    })
    .await
}

async fn end(parts: &Parts, id: ChoreId, result: Result<Outcome, Failure>) -> StateResult<()> {
    change(parts, id, Phase::Running, |chore| {
        chore.ended_at = Some(parts.clock.now());
        match &result {
            Ok(outcome) => {
                chore.phase = Phase::Done;
                chore.outcome = Some(outcome.clone());
            }
            Err(failure) => {
                chore.phase = Phase::Failed;
                chore.failure = Some(failure.clone());
            }
        }
        over(chore)
    })
    .await
    .map(drop)
}

/// It stays called off; what had been done by then is written down and told.
async fn done_before(parts: &Parts, id: ChoreId, outcome: Outcome) -> StateResult<()> {
    change(parts, id, Phase::Cancelled, |chore| {
        chore.outcome = Some(outcome.clone());
        called_off(chore)
    })
    .await
    .map(drop)
}

/// It goes back among those that wait, or ends here.
async fn cut_off(parts: &Parts, id: ChoreId, code: FailureCode) -> StateResult<()> {
    change(parts, id, Phase::Running, |chore| {
        if chore.task.is_taken_up() && chore.tries < TRIES {
            chore.phase = Phase::Asked;
            return Telling {
                audit: Vec::new(),
                posts: live(chore),
            };
        }
        chore.phase = Phase::CutOff;
        chore.failure = Some(Failure::new(code));
        chore.ended_at = Some(parts.clock.now());
        over(chore)
    })
    .await
    .map(drop)
}

async fn show(parts: &Parts, id: ChoreId) -> StateResult<()> {
    let Some(chore) = parts.chores.book.chore(id).await? else {
        return Ok(());
    };
    parts.outbox.push(live(&chore)).await
}

/// Changes a chore that stands on this phase; gives nothing where it does not.
async fn change(
    parts: &Parts,
    id: ChoreId,
    from: Phase,
    edit: impl Fn(&mut Chore) -> Telling,
) -> StateResult<Option<Chore>> {
    for _ in 0..CHANGES {
        let found = parts.chores.book.chore(id).await?;
        let Some(mut chore) = found.filter(|chore| chore.phase == from) else {
            return Ok(None);
        };
        let telling = edit(&mut chore);
        match parts.chores.book.change(chore, telling).await {
            Err(StateError::Conflict) => {}
            other => return other.map(Some),
        }
    }
    Err(StateError::Conflict)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::backup::Place;
    use crate::domain::chore::taking::Pruned;
    use crate::domain::retention::Spent;

    fn removed() -> Outcome {
        let spent = Spent {
            time: "20261101_000000".parse().unwrap(),
            place: Place::Folder,
            size: 7,
        };
        Outcome::Pruned(Pruned {
            removed: vec![spent],
            ..Pruned::default()
        })
    }

    #[test]
    fn what_was_done_is_kept_whoever_ended_it() {
        for told in [Told::Stopped, Told::Yielded, Told::Late] {
            let ended = Ended::after(told, Some(Ok(removed())));
            assert_eq!(ended, Ended::Whole(Ok(removed())), "{told:?}");
        }
        let called = Ended::after(Told::Called, Some(Ok(removed())));
        assert_eq!(called, Ended::DoneBefore(removed()));
        let failure = || Some(Err(Failure::new(FailureCode::CutOff)));
        assert_eq!(Ended::after(Told::Called, failure()), Ended::Called);
        let gave_way = Ended::Early(FailureCode::GaveWay);
        assert_eq!(Ended::after(Told::Yielded, failure()), gave_way);
        assert_eq!(Ended::after(Told::Yielded, None), gave_way);
        let cut_off = Ended::Early(FailureCode::CutOff);
        assert_eq!(Ended::after(Told::Stopped, None), cut_off);
    }
}
