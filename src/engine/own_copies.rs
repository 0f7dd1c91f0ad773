//! The hourly copy of the own state beside REI's backups.
//!
//! It is a reader of the state and holds up nobody who writes. How long ago the last one was is told by
//! a clock that does not jump; after a start, by the names in the places.

use crate::domain::audit::AuditDraft;
use crate::domain::failure::{Args, Failure};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::clock::Clock;
use crate::ports::journal::{AuditTrail, StateResult};
use crate::ports::own_copies::{OwnCopies, OwnState};
use crate::tasks::own_copies::{Copies, Put, make};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How old the newest copy may become.
const FRESH: Duration = Duration::from_hours(1);
/// How soon a place that did not take one is tried again.
const AGAIN: Duration = Duration::from_mins(10);
/// The least time between two of them.
const REST: Duration = Duration::from_mins(5);
/// So many failures in a row are told: less is a restart of something.
const TOLD_AFTER: u32 = 3;
/// How often it is looked whether one is due.
const TICK: Duration = Duration::from_secs(30);
/// A start has enough to do.
const AFTER_START: Duration = Duration::from_mins(2);

/// What the copies are made with.
#[derive(Clone)]
pub struct OwnCopyParts {
    /// The state.
    pub state: Arc<dyn OwnState>,
    /// Where copies go.
    pub places: Vec<Arc<dyn OwnCopies>>,
    /// The trail.
    pub trail: Arc<dyn AuditTrail>,
    /// The clock, for the copies' names.
    pub clock: Arc<dyn Clock>,
}

/// What is known from one look to the next.
#[derive(Debug, Default)]
pub struct OwnCopyMemory {
    /// When each place is due, by its name.
    due: BTreeMap<String, Instant>,
    /// Failures in a row of each place, by its name; of making one, under no name.
    failures: BTreeMap<String, u32>,
}

/// Makes copies until it is told to stop.
pub async fn keep_own_copies(parts: OwnCopyParts, stop: CancellationToken) {
    let mut memory = OwnCopyMemory::default();
    let mut wait = AFTER_START;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
        wait = TICK;
        tokio::select! {
            () = stop.cancelled() => return,
            () = look_at_own_copies(&parts, &mut memory, Instant::now()) => {}
        }
    }
}

/// One look: makes a copy for the places that are due by now.
pub async fn look_at_own_copies(parts: &OwnCopyParts, memory: &mut OwnCopyMemory, now: Instant) {
    if memory.due.is_empty() {
        memory.due = first(parts, now).await;
    }
    let is_due = |place: &&Arc<dyn OwnCopies>| {
        let due = memory.due.get(&place.describe());
        due.is_none_or(|due| *due <= now)
    };
    let places: Vec<_> = parts.places.iter().filter(is_due).cloned().collect();
    if places.is_empty() {
        return;
    }
    let begun = Instant::now();
    let ends = match make(parts.state.as_ref(), &places, parts.clock.now()).await {
        Ok(put) => {
            let made = std::iter::once((String::new(), None));
            let end = |put: Put| (put.name, put.result.err());
            made.chain(put.into_iter().map(end)).collect()
        }
        Err(error) => vec![(String::new(), Some(error))],
    };
    let of_all = ends
        .iter()
        .any(|(name, error)| name.is_empty() && error.is_some());
    for place in &places {
        let name = place.describe();
        let failed = of_all
            || ends
                .iter()
                .any(|(it, error)| *it == name && error.is_some());
        let wait = if failed { AGAIN } else { FRESH };
        // One that took its time is not asked again as soon as it was given up.
        let rested = now + begun.elapsed() + REST;
        memory.due.insert(name, (now + wait).max(rested));
    }
    for (name, error) in ends {
        let failure = error.map(Failure::from);
        if let Err(error) = tell(parts, memory, (name, failure)).await {
            tracing::error!(%error, "what became of a copy of the own state cannot be told");
        }
    }
}

/// When each place is due for the first time: what an earlier life of the program put there counts.
async fn first(parts: &OwnCopyParts, now: Instant) -> BTreeMap<String, Instant> {
    let copies = Copies::of(&parts.places).await;
    let clock = parts.clock.now();
    let due = |place: &Arc<dyn OwnCopies>| {
        let newest = copies.choose(None, Some(&place.place()), clock);
        let wait = newest.map_or(Duration::ZERO, |newest| {
            // One from a moment ahead of this clock is as good as new.
            let age = Duration::try_from(clock.duration_since(newest.time.at()));
            FRESH.saturating_sub(age.unwrap_or_default())
        });
        (place.describe(), now + wait)
    };
    parts.places.iter().map(due).collect()
}

/// The third failure in a row is told, and then that it works again; nothing in between.
async fn tell(
    parts: &OwnCopyParts,
    memory: &mut OwnCopyMemory,
    (name, failure): (String, Option<Failure>),
) -> StateResult<()> {
    let before = memory.failures.get(&name).copied().unwrap_or_default();
    let place = name.clone();
    match &failure {
        Some(failure) => {
            tracing::warn!(place, cause = %failure, "the own state was not copied");
            memory.failures.insert(name, before.saturating_add(1));
        }
        None => drop(memory.failures.remove(&name)),
    }
    let (key, outcome) = match (&failure, place.is_empty()) {
        (Some(_), _) if before + 1 != TOLD_AFTER => return Ok(()),
        (None, _) if before < TOLD_AFTER => return Ok(()),
        (Some(_), true) => ("own-copy-none", "failed"),
        (Some(_), false) => ("own-copy-failed", "failed"),
        (None, true) => ("own-copy-made", "ok"),
        (None, false) => ("own-copy-works", "ok"),
    };
    let mut args = Args::from([("place".to_owned(), place.as_str().into())]);
    if let Some(failure) = failure {
        args.insert("cause".to_owned(), failure.to_string().into());
    }
    let draft = AuditDraft {
        actor: Actor::system(),
        verb: "copy-state".to_owned(),
        subject: place,
        run: None,
        outcome: outcome.to_owned(),
        detail: args.clone(),
        announce: false,
    };
    let post = Post::Text {
        key: key.to_owned(),
        args,
    };
    let to = Recipient::Team;
    parts
        .trail
        .write(draft, vec![Owed { to, post }])
        .await
        .map(drop)
}
