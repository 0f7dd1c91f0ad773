//! Why a drill goes no further.

use crate::adapters::enclosure::Breach;
use crate::demo::bot_api::ControlError;
use crate::demo::error::DemoError;
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::PortError;
use crate::ports::redact;

/// Why it goes no further, as a failure for people.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Halt(Failure);

impl Halt {
    /// In technical words.
    pub(super) fn told(why: impl ToString) -> Self {
        let why = redact::tokens(&why.to_string());
        Self(Failure::new(FailureCode::DrillBroken).because(why))
    }
}

impl From<Halt> for Failure {
    fn from(halt: Halt) -> Self {
        halt.0
    }
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<PortError> for Halt {
    fn from(error: PortError) -> Self {
        Self(error.failure)
    }
}

impl From<DemoError> for Halt {
    fn from(error: DemoError) -> Self {
        Self::told(error)
    }
}

impl From<ControlError> for Halt {
    fn from(error: ControlError) -> Self {
        Self::told(error)
    }
}

impl From<Breach> for Halt {
    fn from(breach: Breach) -> Self {
        Self(Failure::new(FailureCode::DrillBreach).with("what", breach.to_string()))
    }
}
