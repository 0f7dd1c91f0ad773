//! Ports: what the engine and the operators' verbs need from the world, one small trait per
//! capability. Each contract says whether a call may be repeated, whether its effect is durable
//! when it returns, and what a missing thing means.

pub mod alerts;
pub mod backups;
pub mod bot;
pub mod campaigns;
pub mod cases;
pub mod checklists;
pub mod chores;
pub mod clock;
pub mod codes;
pub mod contacts;
pub mod database;
pub mod drill;
pub mod glance;
pub mod history;
pub mod host;
pub mod install;
pub mod journal;
pub mod log;
pub mod own_copies;
pub mod payments;
pub mod peers;
pub mod people;
pub mod providers;
pub mod pulse;
pub mod queue;
pub mod recipients;
pub mod records;
pub mod redact;
pub mod scratch;
pub mod shelf;
pub mod taking;
pub mod units;
pub mod vitals;

use crate::domain::failure::{Arg, Failure, FailureCode};

/// An error of a port.
///
/// The adapter knows whether it is worth trying again and whether the effect may have happened;
/// what to do about it is the engine's business.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{failure}")]
pub struct PortError {
    /// What people will read.
    pub failure: Failure,
    /// Whether the same call may succeed a moment later.
    pub transient: bool,
    /// Whether the effect may have happened all the same (an answer that was lost, a timeout).
    pub unknown: bool,
}

/// What a port returns.
pub type PortResult<T> = Result<T, PortError>;

impl PortError {
    /// An error that stays, and whose effect surely did not happen.
    #[must_use]
    pub fn new(code: FailureCode) -> Self {
        Self {
            failure: Failure::new(code),
            transient: false,
            unknown: false,
        }
    }

    /// Adds an argument of the message.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Arg>) -> Self {
        self.failure = self.failure.with(name, value);
        self
    }

    /// Adds the technical cause; the caller has redacted it.
    #[must_use]
    pub fn because(mut self, detail: impl ToString) -> Self {
        self.failure = self.failure.because(detail);
        self
    }

    /// The same call may succeed later.
    #[must_use]
    pub fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    /// The effect may have happened.
    #[must_use]
    pub fn unknown(mut self) -> Self {
        self.unknown = true;
        self
    }

    /// The error's code.
    #[must_use]
    pub fn code(&self) -> FailureCode {
        self.failure.code
    }
}

impl From<PortError> for Failure {
    fn from(error: PortError) -> Self {
        error.failure
    }
}
