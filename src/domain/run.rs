//! A run: the journal's events, and the fold that makes a state of them.
//!
//! The fold is total: an event that does not fit the state changes nothing. Whoever writes an event
//! has checked before that it fits; whoever reads the journal after a crash must never fail on it.

use super::approval::{Approval, Request, Verdict};
use super::facts::Facts;
use super::failure::Failure;
use super::ids::{GateId, RequestId, RunId, StepId};
use super::operator::Actor;
use super::plan::{Hold, Next, Plan};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// The facts it was bound to changed.
    ApprovalVoided { request: RequestId },
    /// An expired gate shall be asked again.
    AskedAgain { gate: GateId, by: Actor },
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
}

impl StepState {
    /// Whether taking back has to look at it.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        matches!(
            self,
            Self::Running { .. }
                | Self::InDoubt { .. }
                | Self::Succeeded { .. }
                | Self::Failed { .. }
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
    undo: BTreeMap<StepId, UndoState>,
    approvals: Vec<Approval>,
    /// Gates whose request was answered and then made void by hand: asked anew.
    reopened: Vec<RequestId>,
}

#[derive(Clone, Debug, PartialEq)]
struct UndoState {
    attempt: u32,
    failure: Option<Failure>,
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
            undo: BTreeMap::new(),
            approvals: Vec::new(),
            reopened: Vec::new(),
        }
    }

    /// Folds a journal.
    #[must_use]
    pub fn fold(mut self, journal: &[Entry]) -> Self {
        for entry in journal {
            self.apply(entry);
        }
        self
    }

    /// Takes one event in.
    pub fn apply(&mut self, entry: &Entry) {
        self.position = entry.position;
        let at = entry.at;
        match &entry.event {
            Event::Proposed { .. } => self.proposed_at = at,
            Event::Started { .. } => self.start(at),
            Event::Finished { outcome } => self.finish(*outcome, at),
            Event::Aborted { .. } => self.finish(Outcome::Aborted, at),
            Event::CancelAsked { .. } if self.phase == Phase::Proposed => {
                self.finish(Outcome::Cancelled, at);
            }
            Event::CancelAsked { .. } => self.cancel_requested = true,
            Event::Resumed { .. } => self.cancel_requested = false,
            Event::RollbackAsked { .. } => self.phase = Phase::RollingBack(Outcome::RolledBack),
            event @ (Event::ApprovalAsked { .. }
            | Event::Approved { .. }
            | Event::Denied { .. }
            | Event::ApprovalExpired { .. }
            | Event::ApprovalVoided { .. }
            | Event::AskedAgain { .. }) => self.apply_approval(event, at),
            event @ (Event::UndoStarted { .. }
            | Event::UndoSucceeded { .. }
            | Event::UndoFailed { .. }
            | Event::UndoRetryAsked { .. }) => self.apply_undo(event),
            event => self.apply_step(event, at),
        }
        self.settle_cancel(at);
    }

    fn start(&mut self, at: Timestamp) {
        self.phase = Phase::Active;
        self.started_at = Some(at);
    }

    fn finish(&mut self, outcome: Outcome, at: Timestamp) {
        self.phase = Phase::Finished(outcome);
        self.finished_at = Some(at);
        self.close_requests(at);
    }

    /// A cancelled run that has touched nothing yet goes back by itself; one that has waits for a
    /// person, because stopping half-way is a decision.
    fn settle_cancel(&mut self, at: Timestamp) {
        let idle = !self
            .steps
            .values()
            .any(|state| matches!(state, StepState::Running { .. }));
        if self.cancel_requested && idle && self.phase == Phase::Active && !self.touched_patient() {
            self.phase = Phase::RollingBack(Outcome::Cancelled);
            self.close_requests(at);
        }
    }

    fn close_requests(&mut self, at: Timestamp) {
        for approval in self.approvals.iter_mut().filter(|a| a.verdict.is_none()) {
            approval.verdict = Some(Verdict::Voided { at });
        }
    }

    fn apply_approval(&mut self, event: &Event, at: Timestamp) {
        if let Event::ApprovalAsked { request } = event {
            self.approvals.push(Approval::asked(request.clone()));
            return;
        }
        if let Event::AskedAgain { gate, .. } = event {
            let id = self
                .approval(gate)
                .map(|approval| approval.request.id.clone());
            self.reopened.extend(id);
            return;
        }
        let (Event::Approved { request, .. }
        | Event::Denied { request, .. }
        | Event::ApprovalExpired { request }
        | Event::ApprovalVoided { request }) = event
        else {
            return;
        };
        let Some(approval) = self.approvals.iter_mut().find(|a| a.request.id == *request) else {
            return;
        };
        match event {
            Event::Approved { by, complete, .. } => {
                approval.approved_by.push((by.clone(), at));
                if *complete {
                    approval.verdict = Some(Verdict::Granted { at });
                }
            }
            Event::Denied { by, .. } => {
                approval.verdict = Some(Verdict::Denied { by: by.clone(), at });
                self.phase = Phase::RollingBack(Outcome::Denied);
            }
            Event::ApprovalExpired { .. } => approval.verdict = Some(Verdict::Expired { at }),
            _ => approval.verdict = Some(Verdict::Voided { at }),
        }
    }

    fn apply_step(&mut self, event: &Event, at: Timestamp) {
        let Some((step, state)) = self.step_after(event, at) else {
            return;
        };
        let timing = self.timings.entry(step.clone()).or_default();
        match state {
            StepState::Running { .. } => {
                timing.started.get_or_insert(at);
            }
            _ => timing.ended = Some(at),
        }
        self.count(event, &step);
        self.steps.insert(step, state);
    }

    fn count(&mut self, event: &Event, step: &StepId) {
        match event {
            Event::StepInDoubt { .. } => *self.cut_offs.entry(step.clone()).or_default() += 1,
            Event::StepFailed { .. } => *self.failures.entry(step.clone()).or_default() += 1,
            Event::RetryAsked { .. } | Event::StepNotDone { by: Some(_), .. } => {
                self.cut_offs.remove(step);
                self.failures.remove(step);
            }
            _ => {}
        }
    }

    fn step_after(&self, event: &Event, at: Timestamp) -> Option<(StepId, StepState)> {
        Some(match event {
            Event::StepStarted { step, attempt } => (
                step.clone(),
                StepState::Running {
                    attempt: *attempt,
                    since: at,
                },
            ),
            Event::StepSucceeded { step, facts, .. } => (
                step.clone(),
                StepState::Succeeded {
                    facts: facts.clone(),
                },
            ),
            Event::StepFailed {
                step,
                attempt,
                failure,
            } => (
                step.clone(),
                StepState::Failed {
                    attempt: *attempt,
                    failure: failure.clone(),
                },
            ),
            Event::StepInDoubt {
                step,
                attempt,
                failure,
            } => (
                step.clone(),
                StepState::InDoubt {
                    attempt: *attempt,
                    failure: failure.clone(),
                },
            ),
            Event::StepNotDone { step, attempt, .. } => {
                (step.clone(), StepState::Pending { attempt: *attempt })
            }
            Event::StepConfirmed { step, .. } => {
                let reason = "confirmed-by-person".to_owned();
                (
                    step.clone(),
                    StepState::Succeeded {
                        facts: Facts::NotApplicable { reason },
                    },
                )
            }
            Event::RetryAsked { step, .. } => (step.clone(), self.pending_again(step)),
            Event::StepSkipped { step, reason, by } => (
                step.clone(),
                StepState::Skipped {
                    reason: reason.clone(),
                    by: by.clone(),
                },
            ),
            _ => return None,
        })
    }

    fn pending_again(&self, step: &StepId) -> StepState {
        let attempt = match self.state_of(step) {
            StepState::Failed { attempt, .. }
            | StepState::InDoubt { attempt, .. }
            | StepState::Running { attempt, .. }
            | StepState::Pending { attempt } => *attempt,
            _ => 0,
        };
        StepState::Pending { attempt }
    }

    fn apply_undo(&mut self, event: &Event) {
        match event {
            Event::UndoStarted { step, attempt } => {
                self.undo.insert(
                    step.clone(),
                    UndoState {
                        attempt: *attempt,
                        failure: None,
                    },
                );
            }
            Event::UndoSucceeded { step, .. } => {
                self.undo.remove(step);
                self.steps.insert(step.clone(), StepState::Undone);
            }
            Event::UndoFailed {
                step,
                attempt,
                failure,
            } => {
                let failure = Some(failure.clone());
                self.undo.insert(
                    step.clone(),
                    UndoState {
                        attempt: *attempt,
                        failure,
                    },
                );
            }
            Event::UndoRetryAsked { step, .. } => {
                if let Some(state) = self.undo.get_mut(step) {
                    state.failure = None;
                }
            }
            _ => {}
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

    /// Why taking a step back failed, if it did.
    #[must_use]
    pub fn undo_failure(&self, step: &StepId) -> Option<&Failure> {
        self.undo.get(step).and_then(|state| state.failure.as_ref())
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

    /// Whether a step behind this gate was begun: from then on its facts change by our own hand.
    #[must_use]
    pub fn passed(&self, gate: &GateId) -> bool {
        self.plan.runbook.steps.iter().any(|step| {
            step.gate.as_ref() == Some(gate)
                && !matches!(self.state_of(&step.id), StepState::Pending { attempt: 0 })
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
        self.plan.runbook.steps.iter().any(|step| {
            step.commits && !matches!(self.state_of(&step.id), StepState::Pending { attempt: 0 })
        })
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

    /// The halt it is in, if it waits for a person.
    #[must_use]
    pub fn hold(&self) -> Option<Hold> {
        match super::plan::next(self) {
            Next::Wait(hold) => Some(hold),
            _ => None,
        }
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
