//! What the own state says about this program, for those who watch it from outside.

use crate::domain::event::Outcome;
use crate::ports::journal::{Generation, StateResult};
use async_trait::async_trait;
use jiff::Timestamp;

/// Figures of the own state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// Ended runs: runbook, how they ended, how many.
    pub ended: Vec<(String, Outcome, u64)>,
    /// Runs that have begun and not ended.
    pub under_way: u64,
    /// Approvals that wait for a person.
    pub approvals_waiting: u64,
    /// Posts that wait for Telegram.
    pub outbox_backlog: u64,
    /// Entries of the audit trail.
    pub audit_entries: u64,
    /// When a backup was last verified in full.
    pub verified_at: Option<Timestamp>,
    /// Bytes of `state.db` without its `-wal`.
    pub bytes: u64,
    /// Who owns the runs; nobody before the first start.
    pub reign: Option<Generation>,
}

/// The own state, looked at from outside. Nothing here touches the patient.
#[async_trait]
pub trait Vitals: Send + Sync {
    /// All figures, of one moment.
    async fn figures(&self) -> StateResult<Figures>;

    /// Writes a mark, to learn whether the state can be written. Durable when it returns.
    async fn touch(&self) -> StateResult<()>;
}
