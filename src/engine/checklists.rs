//! The keeper of checklists: opens one after each recovery and drill that ended, lets the probes look again with
//! each round, and reminds people of what is still open.

use crate::domain::checklist::{Checklist, Opening, Template};
use crate::domain::health::Round;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::campaigns::Telling;
use crate::ports::checklists::{Checklists, Due};
use crate::ports::clock::Clock;
use crate::ports::journal::{StateError, StateResult};
use crate::tasks::checklists::{self, Sources};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// How often it looks without being woken: for reminders.
const TICK: Duration = Duration::from_secs(15);
/// Where nobody else makes rounds, an open checklist is worth one this often.
const ALONE: Duration = Duration::from_secs(5 * 60);

/// What the keeper is made of.
#[derive(Clone)]
pub struct KeeperParts {
    /// Checklists.
    pub book: Arc<dyn Checklists>,
    /// What the probes look through.
    pub sources: Sources,
    /// The lines of a new one.
    pub template: Arc<Template>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
}

/// Keeps checklists until it is told to stop. `changes` is notified after each change of the state.
pub async fn keep_checklists(
    parts: KeeperParts,
    mut changes: watch::Receiver<u64>,
    stop: CancellationToken,
) {
    let mut rounds = parts.sources.observer.subscribe();
    let mut seen = None;
    loop {
        // Marked before looking: a change during the look wakes it again.
        changes.mark_unchanged();
        rounds.mark_unchanged();
        let round = parts.sources.observer.last();
        let work = keep(&parts, round, &mut seen);
        let kept = tokio::select! {
            () = stop.cancelled() => return,
            kept = work => kept,
        };
        if let Err(error) = kept {
            tracing::warn!(%error, "checklists could not be looked after");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _ = changes.changed() => {}
            _ = rounds.changed() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

/// Once; `seen` is the round that was looked at last.
async fn keep(
    parts: &KeeperParts,
    round: Option<Arc<Round>>,
    seen: &mut Option<Arc<Round>>,
) -> StateResult<()> {
    for due in parts.book.due().await? {
        open_after(parts, due).await?;
    }
    let open = parts.book.open().await?;
    if open.is_empty() {
        return Ok(());
    }
    let round = match round.filter(|round| is_fresh(parts, round)) {
        Some(round) => round,
        None => parts.sources.observer.round().await,
    };
    let news = seen.as_ref().is_none_or(|seen| seen.at != round.at);
    for list in open {
        if news {
            look(parts, &list, &round).await?;
        }
        remind(parts, list).await?;
    }
    *seen = Some(round);
    Ok(())
}

fn is_fresh(parts: &KeeperParts, round: &Round) -> bool {
    let age = parts.clock.now().duration_since(round.at);
    Duration::try_from(age).is_ok_and(|age| age < ALONE)
}

/// What can no longer be read gets none, and must not keep the others from theirs.
async fn open_after(parts: &KeeperParts, due: Due) -> StateResult<()> {
    let Some(opening) = opening(parts, due).await? else {
        return parts.book.excuse(due).await;
    };
    let book = parts.book.as_ref();
    let opened = checklists::open(book, &parts.sources, &parts.template, opening).await?;
    tracing::info!(?due, checklist = %opened.id, "a checklist is opened");
    Ok(())
}

async fn opening(parts: &KeeperParts, due: Due) -> StateResult<Option<Opening>> {
    let (sources, now) = (&parts.sources, parts.clock.now());
    match due {
        Due::Run(id) => match sources.journal.load(id).await {
            Ok(run) => Ok(Some(checklists::after_run(&run, now))),
            Err(StateError::PlanChanged(_) | StateError::NoSuchRun(_)) => Ok(None),
            Err(error) => Err(error),
        },
        Due::Drill(id) => {
            let chore = sources.chores.chore(id).await?;
            Ok(chore.map(|chore| checklists::after_drill(&chore, now)))
        }
    }
}

async fn look(parts: &KeeperParts, list: &Checklist, round: &Round) -> StateResult<()> {
    let known = parts.sources.gather(list).await?;
    let mut list = list.clone();
    let since = list.since;
    if list
        .look(known.see(round, since), parts.clock.now())
        .is_none()
    {
        return Ok(());
    }
    let telling = checklists::moved(&list);
    settled(parts.book.change(list, telling).await)
}

async fn remind(parts: &KeeperParts, list: Checklist) -> StateResult<()> {
    let now = parts.clock.now();
    if list.remind_at > now {
        return Ok(());
    }
    // The look may have changed it, or a person.
    let Some(mut list) = parts.book.checklist(list.id).await? else {
        return Ok(());
    };
    if !list.remind(now) {
        return Ok(());
    }
    let post = Post::ChecklistReminder { checklist: list.id };
    let telling = Telling {
        audit: Vec::new(),
        posts: vec![Owed {
            to: Recipient::Team,
            post,
        }],
    };
    settled(parts.book.change(list, telling).await)
}

/// A person was quicker: that change wakes the keeper again.
fn settled(changed: StateResult<Checklist>) -> StateResult<()> {
    match changed {
        Ok(_) | Err(StateError::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}
