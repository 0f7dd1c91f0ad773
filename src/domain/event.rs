//! The journal's events: what happened in a run.

use super::approval::Request;
use super::facts::Facts;
use super::failure::Failure;
use super::ids::{GateId, RequestId, StepId};
use super::operator::Actor;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Something that happened in a run. What is written here can never be taken back or reworded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
#[allow(
    missing_docs,
    reason = "step, attempt, by and request say the same in every variant"
)]
pub enum Event {
    /// The plan was frozen and shown.
    Proposed { by: Actor },
    /// The requester let it begin.
    Started { by: Actor },
    /// A gate was reached.
    ApprovalAsked { request: Request },
    /// Somebody approved; `complete` when nobody else is needed.
    Approved {
        request: RequestId,
        by: Actor,
        complete: bool,
    },
    /// Somebody denied.
    Denied { request: RequestId, by: Actor },
    /// Nobody answered in time.
    ApprovalExpired { request: RequestId },
    /// Nobody decided for long: from this time on one person may go on alone.
    GlassOffered { request: RequestId, from: Timestamp },
    /// Somebody went on alone, in place of the quorum.
    GlassBroken {
        request: RequestId,
        by: Actor,
        reason: String,
    },
    /// The facts it was bound to changed.
    ApprovalVoided { request: RequestId },
    /// An expired gate shall be asked again.
    AskedAgain { gate: GateId, by: Actor },
    /// What an earlier step found makes it needless.
    StepPassed { step: StepId },
    /// Written before the effect.
    StepStarted { step: StepId, attempt: u32 },
    /// Written after the effect.
    StepSucceeded {
        step: StepId,
        attempt: u32,
        facts: Facts,
    },
    /// It surely did not do what it should.
    StepFailed {
        step: StepId,
        attempt: u32,
        failure: Failure,
    },
    /// Nobody knows whether it did: cut off, timed out.
    StepInDoubt {
        step: StepId,
        attempt: u32,
        failure: Failure,
    },
    /// A look, or a person, told that it did not happen.
    StepNotDone {
        step: StepId,
        attempt: u32,
        by: Option<Actor>,
    },
    /// A person told that it happened.
    StepConfirmed {
        step: StepId,
        attempt: u32,
        by: Actor,
    },
    /// A person wants it tried again.
    RetryAsked { step: StepId, by: Actor },
    /// A person goes on without it.
    StepSkipped {
        step: StepId,
        reason: String,
        by: Actor,
    },
    /// Stop at the next safe point.
    CancelAsked { by: Actor },
    /// Go on after all.
    Resumed { by: Actor },
    /// Take back what was done.
    RollbackAsked { by: Actor },
    /// Written before a step is taken back.
    UndoStarted { step: StepId, attempt: u32 },
    /// The step is taken back.
    UndoSucceeded {
        step: StepId,
        attempt: u32,
        facts: Facts,
    },
    /// Nobody knows whether it was taken back: cut off, timed out.
    UndoInDoubt {
        step: StepId,
        attempt: u32,
        failure: Failure,
    },
    /// Taking it back failed.
    UndoFailed {
        step: StepId,
        attempt: u32,
        failure: Failure,
    },
    /// A person wants taking it back tried again.
    UndoRetryAsked { step: StepId, by: Actor },
    /// Leave everything as it is.
    Aborted { by: Actor },
    /// It has ended.
    Finished { outcome: Outcome },
}

/// An event with its place in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Position in the run's journal, from 1 without gaps.
    pub position: u64,
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every step succeeded or was skipped by a person.
    Recovered,
    /// Everything that was done is taken back.
    RolledBack,
    /// A person left it as it was in the middle.
    Aborted,
    /// The approval was denied; nothing destructive was done.
    Denied,
    /// Withdrawn before anything destructive was done.
    Cancelled,
}

impl Outcome {
    /// The part of locale keys and the word in `--json`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::RolledBack => "rolled-back",
            Self::Aborted => "aborted",
            Self::Denied => "denied",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Event {
    /// The person who caused it, where one did.
    #[must_use]
    pub fn by(&self) -> Option<&Actor> {
        match self {
            Self::Proposed { by }
            | Self::Started { by }
            | Self::Approved { by, .. }
            | Self::Denied { by, .. }
            | Self::GlassBroken { by, .. }
            | Self::AskedAgain { by, .. }
            | Self::StepConfirmed { by, .. }
            | Self::RetryAsked { by, .. }
            | Self::StepSkipped { by, .. }
            | Self::CancelAsked { by }
            | Self::Resumed { by }
            | Self::RollbackAsked { by }
            | Self::UndoRetryAsked { by, .. }
            | Self::Aborted { by } => Some(by),
            Self::StepNotDone { by, .. } => by.as_ref(),
            _ => None,
        }
    }
}
