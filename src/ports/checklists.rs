//! Checklists in `state.db`. Durable when a call returns.

use super::campaigns::Telling;
use super::journal::StateResult;
use crate::domain::checklist::{About, Checklist, Report};
use crate::domain::ids::{ChecklistId, ChoreId, RunId};
use async_trait::async_trait;
use jiff::Timestamp;

/// What needs a checklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// A recovery.
    Run(RunId),
    /// A drill.
    Drill(ChoreId),
}

/// What is told of a new checklist, once it has its number.
pub type Tell = fn(&Checklist) -> Telling;

/// Checklists.
#[async_trait]
pub trait Checklists: Send + Sync {
    /// Writes a new one; its number and revision are given here, and `telling` gets to know them. About
    /// one run or drill there is one: where it exists already that one is given, and nothing is told.
    /// Whatever was due for it is due no more.
    async fn create(&self, checklist: Checklist, telling: Tell) -> StateResult<Checklist>;

    /// One.
    async fn checklist(&self, id: ChecklistId) -> StateResult<Option<Checklist>>;

    /// Writes one that was read as `checklist.revision`; `Conflict` when it has changed since.
    async fn change(&self, checklist: Checklist, telling: Telling) -> StateResult<Checklist>;

    /// Those that are not closed, the newest first.
    async fn open(&self) -> StateResult<Vec<Checklist>>;

    /// Recoveries and drills that ended and have none yet, the oldest first, recoveries before drills.
    /// Each is among them from the very change that ends it.
    async fn due(&self) -> StateResult<Vec<Due>>;

    /// This one needs none: it cannot be read any more.
    async fn excuse(&self, due: Due) -> StateResult<()>;
}

/// Where it is known whether an incident's report is complete.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The complete report of what a checklist is about; by hand, of whatever happened since `began`.
    async fn complete(&self, about: &About, began: Timestamp) -> StateResult<Option<Report>>;
}
