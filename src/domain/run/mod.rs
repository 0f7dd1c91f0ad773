//! A run: where it stands, as the fold of its journal tells.

#[cfg(test)]
mod conditions;
mod fold;
#[cfg(test)]
mod lasting;
mod leftover;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod unseen;

pub use leftover::Leftover;

use super::action::Action;
use super::approval::{Approval, Verdict};
use super::event::Outcome;
use super::facts::Facts;
use super::failure::Failure;
use super::ids::{GateId, RequestId, RunId, StepId};
use super::operator::Actor;
use super::plan::{Hold, Next, Plan};
use super::runbook::{Condition, Step};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Where a run stands as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Shown, not started.
    Proposed,
    /// Goes forward.
    Active,
    /// Goes back; how it will have ended then.
    RollingBack(Outcome),
    /// Over.
    Finished(Outcome),
}

/// Where a step stands.
#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    /// Not begun; so many attempts were made before that surely did not happen.
    Pending {
        /// Attempts so far.
        attempt: u32,
    },
    /// Begun; the outcome is not written.
    Running {
        /// Counted from 1.
        attempt: u32,
        /// When it began.
        since: Timestamp,
    },
    /// Begun; nobody knows whether it happened.
    InDoubt {
        /// The attempt in doubt.
        attempt: u32,
        /// Why it is in doubt.
        failure: Failure,
    },
    /// It happened.
    Succeeded {
        /// What came out of it.
        facts: Facts,
    },
    /// It did not happen.
    Failed {
        /// The last attempt.
        attempt: u32,
        /// Why.
        failure: Failure,
    },
    /// A person went on without it.
    Skipped {
        /// Why.
        reason: String,
        /// Who.
        by: Actor,
    },
    /// It was taken back.
    Undone,
    /// What an earlier step found made it needless.
    NotDue,
}

impl StepState {
    /// Whether taking back has to look at it.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        // An attempt that was told not to have happened may have gone half-way all the same, and so
        // may one that a person then skipped. Every undo can be made without need.
        !matches!(
            self,
            Self::Pending { attempt: 0 } | Self::Undone | Self::NotDue
        )
    }
}

/// When a step was at work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// First start.
    pub started: Option<Timestamp>,
    /// Last outcome.
    pub ended: Option<Timestamp>,
}

/// A run, folded from its journal.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// What it does, frozen.
    pub plan: Arc<Plan>,
    /// The hash the plan had when it was frozen.
    pub plan_hash: String,
    /// Who asked for it.
    pub requester: Actor,
    /// Where its messages go besides the team's group, if it was asked for elsewhere.
    pub chat: Option<i64>,
    /// Position of the last event.
    pub position: u64,
    /// As a whole.
    pub phase: Phase,
    /// Somebody wants it to stop at the next safe point.
    pub cancel_requested: bool,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    steps: BTreeMap<StepId, StepState>,
    timings: BTreeMap<StepId, Timing>,
    cut_offs: BTreeMap<StepId, u32>,
    failures: BTreeMap<StepId, u32>,
    /// Steps in doubt of which a look told nothing.
    unseen: BTreeSet<StepId>,
    undo: BTreeMap<StepId, UndoState>,
    approvals: Vec<Approval>,
    /// Gates whose request was answered and then made void by hand: asked anew.
    reopened: Vec<RequestId>,
}

#[derive(Clone, Debug, PartialEq)]
struct UndoState {
    attempt: u32,
    running: bool,
    failure: Option<Failure>,
    /// How often it had no outcome since a person last asked for it.
    cut_offs: u32,
}

static NEVER_BEGUN: StepState = StepState::Pending { attempt: 0 };

impl Run {
    /// A run without events.
    #[must_use]
    pub fn new(
        id: RunId,
        plan: Arc<Plan>,
        plan_hash: String,
        requester: Actor,
        chat: Option<i64>,
    ) -> Self {
        let proposed_at = plan.made_at;
        Self {
            id,
            plan,
            plan_hash,
            requester,
            chat,
            position: 0,
            phase: Phase::Proposed,
            cancel_requested: false,
            proposed_at,
            started_at: None,
            finished_at: None,
            steps: BTreeMap::new(),
            timings: BTreeMap::new(),
            cut_offs: BTreeMap::new(),
            failures: BTreeMap::new(),
            unseen: BTreeSet::new(),
            undo: BTreeMap::new(),
            approvals: Vec::new(),
            reopened: Vec::new(),
        }
    }

    /// Where a step stands.
    #[must_use]
    pub fn state_of(&self, step: &StepId) -> &StepState {
        self.steps.get(step).unwrap_or(&NEVER_BEGUN)
    }

    /// When a step was at work.
    #[must_use]
    pub fn timing_of(&self, step: &StepId) -> Timing {
        self.timings.get(step).cloned().unwrap_or_default()
    }

    /// How often a step's outcome was unknown since a person last asked for another try.
    #[must_use]
    pub fn cut_offs(&self, step: &StepId) -> u32 {
        self.cut_offs.get(step).copied().unwrap_or(0)
    }

    /// How often a step failed since a person last asked for another try.
    #[must_use]
    pub fn failures(&self, step: &StepId) -> u32 {
        self.failures.get(step).copied().unwrap_or(0)
    }

    /// Whether a step is called failed because a look could not tell if it happened: it is looked at
    /// before it is done again.
    #[must_use]
    pub fn is_unseen(&self, step: &StepId) -> bool {
        self.unseen.contains(step)
    }

    /// Why taking a step back failed, if it did.
    #[must_use]
    pub fn undo_failure(&self, step: &StepId) -> Option<&Failure> {
        self.undo.get(step).and_then(|state| state.failure.as_ref())
    }

    /// The step whose taking back has no outcome yet, if any.
    #[must_use]
    pub fn undoing(&self) -> Option<(StepId, u32)> {
        let running = |(step, state): (&StepId, &UndoState)| {
            state.running.then(|| (step.clone(), state.attempt))
        };
        self.undo.iter().find_map(running)
    }

    /// Why a step is not done, if it failed or nobody knows.
    #[must_use]
    pub fn failure_of(&self, step: &StepId) -> Option<&Failure> {
        match self.state_of(step) {
            StepState::Failed { failure, .. } | StepState::InDoubt { failure, .. } => Some(failure),
            _ => self.undo_failure(step),
        }
    }

    /// The number of the next attempt to take a step back.
    #[must_use]
    pub fn next_undo_attempt(&self, step: &StepId) -> u32 {
        self.undo.get(step).map_or(1, |state| state.attempt + 1)
    }

    /// The newest request for a gate, unless somebody asked to have it asked anew.
    #[must_use]
    pub fn approval(&self, gate: &GateId) -> Option<&Approval> {
        let newest = self
            .approvals
            .iter()
            .rev()
            .find(|a| a.request.gate == *gate)?;
        (!self.reopened.contains(&newest.request.id)).then_some(newest)
    }

    /// A request by its id.
    #[must_use]
    pub fn request(&self, id: &RequestId) -> Option<&Approval> {
        self.approvals.iter().find(|a| a.request.id == *id)
    }

    /// All requests, in the order they were asked.
    #[must_use]
    pub fn approvals(&self) -> &[Approval] {
        &self.approvals
    }

    /// Whether a gate's approval is granted.
    #[must_use]
    pub fn is_open(&self, gate: &GateId) -> bool {
        self.approval(gate)
            .is_some_and(|a| matches!(a.verdict, Some(Verdict::Granted { .. })))
    }

    /// Whether something behind this gate was done, or may have been, that has to be gone on with: from
    /// then on the facts change by our own hand, and nobody is served by asking again. Units that were
    /// stopped are no such thing.
    #[must_use]
    pub fn has_used(&self, gate: &GateId) -> bool {
        let steps = self.plan.runbook.steps.iter();
        let mut behind = steps.filter(|step| step.gate.as_ref() == Some(gate));
        behind.any(|step| match (&step.action, self.state_of(&step.id)) {
            (Action::StopUnits { .. } | Action::ProveDatabaseClosed {}, _) => false,
            // One that was cut off may have moved a file.
            (Action::QuarantineDatabase {} | Action::InstallDatabase {}, _) => {
                self.timing_of(&step.id).started.is_some()
            }
            (_, state) => matches!(
                state,
                StepState::Succeeded { .. } | StepState::InDoubt { .. } | StepState::Running { .. }
            ),
        })
    }

    /// Whether a step behind this gate was begun.
    #[must_use]
    pub fn passed(&self, gate: &GateId) -> bool {
        self.plan.runbook.steps.iter().any(|step| {
            step.gate.as_ref() == Some(gate) && self.timing_of(&step.id).started.is_some()
        })
    }

    /// Whether anything behind any gate was begun.
    #[must_use]
    pub fn touched_patient(&self) -> bool {
        self.plan.gates().any(|gate| self.passed(gate))
    }

    /// Whether a step was begun after which there is no way back.
    #[must_use]
    pub fn is_committed(&self) -> bool {
        self.plan
            .runbook
            .steps
            .iter()
            .any(|step| step.commits && self.timing_of(&step.id).started.is_some())
    }

    /// The facts of the first step that left such.
    pub fn find_facts<T>(&self, pick: impl Fn(&Facts) -> Option<T>) -> Option<T> {
        self.plan
            .runbook
            .steps
            .iter()
            .find_map(|step| match self.state_of(&step.id) {
                StepState::Succeeded { facts } => pick(facts),
                _ => None,
            })
    }

    /// Whether a step has to be done, as far as earlier steps tell. Where the one that could tell was
    /// skipped, it is for a person at the gate to say.
    #[must_use]
    pub fn is_due(&self, step: &Step) -> bool {
        match step.only_if {
            None => true,
            Some(Condition::RedisDamaged) => self
                .find_facts(|facts| match facts {
                    Facts::RedisInspected(content) => Some(content.damaged > 0),
                    _ => None,
                })
                .unwrap_or(true),
        }
    }

    /// Time spent in steps, without the waits for people between them.
    #[must_use]
    pub fn working_time(&self) -> Duration {
        self.timings
            .values()
            .filter_map(|timing| {
                Duration::try_from(timing.ended?.duration_since(timing.started?)).ok()
            })
            .sum()
    }

    /// The step whose outcome is not written, if any.
    #[must_use]
    pub fn running(&self) -> Option<(StepId, u32)> {
        self.plan
            .runbook
            .steps
            .iter()
            .find_map(|step| match self.state_of(&step.id) {
                StepState::Running { attempt, .. } => Some((step.id.clone(), *attempt)),
                _ => None,
            })
    }

    /// Whether it has begun and not ended: only one such run may be on the patient.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        matches!(self.phase, Phase::Active | Phase::RollingBack(_))
    }

    /// The halt it is in, if it waits for a person.
    #[must_use]
    pub fn hold(&self) -> Option<Hold> {
        match super::plan::next(self) {
            Next::Wait(hold) => Some(hold),
            _ => None,
        }
    }
}
