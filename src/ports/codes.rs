//! What people's codes have been through. Durable when a call returns.

use super::journal::StateResult;
use crate::domain::ids::RequestId;
use crate::domain::operator::Actor;
use crate::domain::second_factor::Tried;
use async_trait::async_trait;

/// A code that somebody gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// Who.
    pub actor: Actor,
    /// For which request.
    pub request: RequestId,
    /// The time step whose code it is; absent for a wrong one.
    pub step: Option<u64>,
}

/// Tries of codes.
#[async_trait]
pub trait Codes: Send + Sync {
    /// Counts a try, in one transaction with its entry in the audit trail: a wrong code, a used one, and
    /// the lock. A right one is used up before this returns, and audited by what it decides. While
    /// the person's codes are locked nothing is written.
    async fn try_code(&self, given: Try) -> StateResult<Tried>;
}
