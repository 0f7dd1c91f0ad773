//! Choices: what a person can answer when a run waits for him.

use super::event::Event;
use super::operator::Actor;
use super::plan::Hold;
use super::run::{Phase, Run};
use serde::{Deserialize, Serialize};

impl Run {
    /// What a person can do about a halt.
    #[must_use]
    pub fn choices(&self, hold: &Hold) -> Vec<Choice> {
        let mut choices = match hold {
            Hold::Proposed => return vec![Choice::Start, Choice::Cancel],
            Hold::Failed(step) => {
                let skippable = self
                    .plan
                    .step(step)
                    .is_some_and(|s| s.action.can_be_skipped());
                if skippable {
                    vec![Choice::Retry, Choice::Skip]
                } else {
                    vec![Choice::Retry]
                }
            }
            Hold::InDoubt(_) => vec![Choice::Happened, Choice::NotHappened],
            Hold::Expired(_) | Hold::UndoFailed(_) => vec![Choice::Retry],
            Hold::Cancelled => vec![Choice::Resume],
        };
        if !self.is_committed() && self.phase == Phase::Active {
            choices.push(Choice::RollBack);
        }
        choices.push(Choice::Abort);
        choices
    }
}

/// What a person can answer to a halt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Let the run begin.
    Start,
    /// Withdraw it.
    Cancel,
    /// Try again.
    Retry,
    /// Go on without this step.
    Skip,
    /// Take back what was done.
    RollBack,
    /// Leave everything as it is.
    Abort,
    /// Go on after a cancel.
    Resume,
    /// The step in doubt happened.
    Happened,
    /// It did not; do it again.
    NotHappened,
}

impl Choice {
    /// The part of the locale key `choice-<name>`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Cancel => "cancel",
            Self::Retry => "retry",
            Self::Skip => "skip",
            Self::RollBack => "roll-back",
            Self::Abort => "abort",
            Self::Resume => "resume",
            Self::Happened => "happened",
            Self::NotHappened => "not-happened",
        }
    }

    /// The event that writes this answer down; a skip carries its reason elsewhere.
    #[must_use]
    pub fn event(self, hold: &Hold, attempt: u32, by: Actor) -> Option<Event> {
        Some(match (self, hold) {
            (Self::Start, Hold::Proposed) => Event::Started { by },
            (Self::Cancel, Hold::Proposed) => Event::CancelAsked { by },
            (Self::Retry, Hold::Failed(step)) => Event::RetryAsked {
                step: step.clone(),
                by,
            },
            (Self::Retry, Hold::UndoFailed(step)) => Event::UndoRetryAsked {
                step: step.clone(),
                by,
            },
            (Self::Retry, Hold::Expired(gate)) => Event::AskedAgain {
                gate: gate.clone(),
                by,
            },
            (Self::Resume, Hold::Cancelled) => Event::Resumed { by },
            (Self::RollBack, _) => Event::RollbackAsked { by },
            (Self::Abort, _) => Event::Aborted { by },
            (Self::Happened, Hold::InDoubt(step)) => Event::StepConfirmed {
                step: step.clone(),
                attempt,
                by,
            },
            (Self::NotHappened, Hold::InDoubt(step)) => Event::StepNotDone {
                step: step.clone(),
                attempt,
                by: Some(by),
            },
            _ => return None,
        })
    }
}
