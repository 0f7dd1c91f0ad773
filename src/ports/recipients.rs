//! This program's own copy of REI's users, for the time when REI's database is gone.

use super::journal::StateResult;
use crate::domain::campaign::audience::User;
use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

/// How the copy stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyState {
    /// When REI's database was last read to its end.
    pub as_of: Timestamp,
    /// People in it.
    pub count: u64,
}

/// Who is not met in REI's database for so long leaves the copy. Not at once: a database that was
/// restored from an old backup, or begun anew, does not know everybody who started REI.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The copy, in `state.db`. Durable when a call returns.
#[async_trait]
pub trait Recipients: Send + Sync {
    /// Writes down a piece of a reading that began at `met`; repeatable.
    async fn copy(&self, users: &[User], met: Timestamp) -> StateResult<()>;

    /// The reading that began at `met` is whole: the copy is as of then. A reading that was cut off
    /// never gets here, and the copy keeps the time of the one before it.
    async fn end_copy(&self, met: Timestamp) -> StateResult<CopyState>;

    /// How old it is and how many it holds; nothing before the first whole reading.
    async fn copy_state(&self) -> StateResult<Option<CopyState>>;

    /// People after this id, in order, at most `limit`.
    async fn copied(&self, after: Option<i64>, limit: u32) -> StateResult<Vec<User>>;
}
