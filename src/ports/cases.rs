//! The book of incidents: a file for each. Durable when a call returns.

use super::campaigns::Telling;
use super::journal::StateResult;
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, RunId};
use async_trait::async_trait;

/// Makes what is told of an incident, once its number is known.
pub type Tell = Box<dyn FnOnce(&Case) -> Telling + Send>;

/// What following one stretch of the trail came to.
#[derive(Debug, Clone)]
pub struct Step {
    /// The trail was followed up to this entry before …
    pub from: u64,
    /// … and is followed up to this one with it.
    pub upto: u64,
    /// The incident that changed, if one did. Without a number it is a new one.
    pub case: Option<Case>,
}

/// Files of incidents.
#[async_trait]
pub trait Cases: Send + Sync {
    /// Writes a new one; its number and revision are given by the book.
    async fn create(&self, case: Case, tell: Tell) -> StateResult<Case>;

    /// Writes one that was read as `case.revision`; `Conflict` when it has changed since.
    async fn change(&self, case: Case, telling: Telling) -> StateResult<Case>;

    /// One.
    async fn case(&self, id: CaseId) -> StateResult<Option<Case>>;

    /// The newest, newest first.
    async fn recent(&self, limit: u32) -> StateResult<Vec<Case>>;

    /// Those that are not closed, oldest first.
    async fn open(&self) -> StateResult<Vec<Case>>;

    /// Those with something left to do, closed or not.
    async fn to_do(&self) -> StateResult<Vec<Case>>;

    /// The one that a run belongs to.
    async fn of_run(&self, run: RunId) -> StateResult<Option<Case>>;

    /// Up to which entry the trail was followed.
    async fn followed(&self) -> StateResult<u64>;

    /// Takes one step along the trail: the place in it and the incident are written together or not at
    /// all, so that nothing is taken in twice. `Conflict` when somebody else took it, or changed the
    /// incident; then it is read anew.
    async fn follow(&self, step: Step, tell: Tell) -> StateResult<()>;
}
