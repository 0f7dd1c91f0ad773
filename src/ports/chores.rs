//! Chores in `state.db`, and whoever does them. What is written is durable when a call returns.

use super::PortResult;
use super::backups::{Progress, Work};
use super::campaigns::Telling;
use super::journal::StateResult;
use crate::domain::chore::drill::Now;
use crate::domain::chore::{Chore, Kind, Outcome, Task};
use crate::domain::failure::Failure;
use crate::domain::ids::ChoreId;
use crate::domain::schedule::{Event, Kept};
use async_trait::async_trait;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Chores, and what the calendar has answered.
#[async_trait]
pub trait Chores: Send + Sync {
    /// Writes a new one; number and revision are given here. `Conflict` where one of this kind stands
    /// for this moment of the calendar already.
    async fn ask(&self, chore: Chore, telling: Telling) -> StateResult<Chore>;

    /// One chore.
    async fn chore(&self, id: ChoreId) -> StateResult<Option<Chore>>;

    /// Writes one that was read as `chore.revision`; `Conflict` when it has changed since.
    async fn change(&self, chore: Chore, telling: Telling) -> StateResult<Chore>;

    /// Those that are not over, the oldest first.
    async fn open(&self) -> StateResult<Vec<Chore>>;

    /// The newest of a kind, newest first.
    async fn recent(&self, kind: Kind, limit: u32) -> StateResult<Vec<Chore>>;

    /// Those of a kind that ended at or after `since`, the oldest first.
    async fn ended_since(&self, kind: Kind, since: Timestamp) -> StateResult<Vec<Chore>>;

    /// Up to when the calendar has answered these events.
    async fn kept(&self, event: Event) -> StateResult<Option<Kept>>;

    /// Forgets it: the event has no schedule any more. Repeatable.
    async fn forget(&self, event: Event) -> StateResult<()>;

    /// Writes that down together with the chore it leads to and what is told of it. A chore that stands
    /// for the same moment already is left as it is, and nothing is told. One of the calendar that is to
    /// do the same and waits still takes this moment over: see [`Chore::fold`].
    async fn keep(
        &self,
        event: Event,
        kept: Kept,
        chore: Option<Chore>,
        telling: Telling,
    ) -> StateResult<()>;
}

/// How far the chore is that is being done. Shared between the engine and whoever shows it; never stored.
#[derive(Debug, Default)]
pub struct AtWork {
    chore: Mutex<Option<(ChoreId, Arc<Progress>)>>,
    drill: Mutex<Option<(ChoreId, Now)>>,
}

impl AtWork {
    /// This one begins.
    pub fn begin(&self, chore: ChoreId) -> Arc<Progress> {
        let progress = Arc::new(Progress::default());
        *self.lock() = Some((chore, Arc::clone(&progress)));
        progress
    }

    /// It has ended.
    pub fn end(&self) {
        *self.lock() = None;
    }

    /// How far this one is, if it is at work here.
    #[must_use]
    pub fn of(&self, chore: ChoreId) -> Option<Arc<Progress>> {
        let at_work = self.lock();
        let (_, progress) = at_work.as_ref().filter(|(id, _)| *id == chore)?;
        Some(Arc::clone(progress))
    }

    /// How far a drill is.
    pub fn tell(&self, drill: ChoreId, now: Now) {
        *whole(&self.drill) = Some((drill, now));
    }

    /// No drill goes on any more.
    pub fn hush(&self) {
        *whole(&self.drill) = None;
    }

    /// How far this drill is, if it is held here.
    #[must_use]
    pub fn now(&self, drill: ChoreId) -> Option<Now> {
        let now = whole(&self.drill);
        let (_, now) = now.as_ref().filter(|(id, _)| *id == drill)?;
        Some(now.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Option<(ChoreId, Arc<Progress>)>> {
        whole(&self.chore)
    }
}

/// A panic while holding it leaves it whole.
fn whole<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Somebody who does chores of some kind.
#[async_trait]
pub trait Hand: Send + Sync {
    /// Whether this is his work.
    fn takes(&self, task: &Task) -> bool;

    /// Does it. Looks at `work.cancel` between two steps, and then ends soon with a failure and clears
    /// away what it made. Bad news is an outcome; a failure means that it could not be done.
    async fn perform(&self, chore: &Chore, work: &Work) -> Result<Outcome, Failure>;

    /// Clears away what a crash left of it. Repeatable.
    async fn tidy(&self, chore: &Chore) -> PortResult<()>;

    /// Clears away what no chore owns, while none is under way: what could not be cleared when its chore
    /// ended, or is of a state that was put back. Repeatable.
    async fn sweep(&self) -> PortResult<()>;
}
