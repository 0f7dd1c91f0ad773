//! Alerts: what was seen so far, and the incidents that came of it. Durable when a call returns.

use crate::domain::alert::{Incident, Mute, Watch};
use crate::domain::audit::AuditDraft;
use crate::domain::ids::IncidentId;
use crate::domain::post::Owed;
use crate::ports::journal::StateResult;
use async_trait::async_trait;

/// What is told of a change: an audit entry and posts, written with it or not at all.
pub type Told = (AuditDraft, Vec<Owed>);

/// A watch as it was read.
#[derive(Debug, Clone, Default)]
pub struct Watched {
    /// The watch.
    pub watch: Watch,
    /// What people want to hear nothing of for a while.
    pub mutes: Vec<Mute>,
    /// Raised by each change: a change is refused with `Conflict` when another came before it.
    pub revision: i64,
}

/// The watch and its incidents.
#[async_trait]
pub trait Alerts: Send + Sync {
    /// The watch; a new one where there is none yet, or where what was kept cannot be read any more
    /// (an older version's), which is logged.
    async fn watched(&self) -> StateResult<Watched>;

    /// Keeps it with the incidents that changed, what is told of them and what only shows them anew.
    async fn keep(
        &self,
        watched: Watched,
        changed: Vec<Incident>,
        told: Vec<Told>,
        shown: Vec<Owed>,
    ) -> StateResult<()>;

    /// An incident, also one that is over.
    async fn incident(&self, id: IncidentId) -> StateResult<Option<Incident>>;

    /// Incidents that are not over, the oldest first.
    async fn open(&self) -> StateResult<Vec<Incident>>;
}
