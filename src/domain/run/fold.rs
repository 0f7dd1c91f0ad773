//! The fold: from the journal's events to a run's state.
//!
//! It is total: an event that does not fit the state changes nothing. Whoever writes an event has
//! checked before that it fits; whoever reads the journal after a crash must never fail on it.

use super::{Phase, Run, StepState, UndoState};
use crate::domain::approval::{Approval, Verdict};
use crate::domain::break_glass::BrokenGlass;
use crate::domain::event::{Entry, Event, Outcome};
use crate::domain::facts::Facts;
use crate::domain::ids::StepId;
use crate::domain::plan::MAX_CUT_OFFS;
use jiff::Timestamp;

impl Run {
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
            Event::RollbackAsked { .. } => {
                self.phase = Phase::RollingBack(Outcome::RolledBack);
                self.close_requests(at);
            }
            event @ (Event::ApprovalAsked { .. }
            | Event::Approved { .. }
            | Event::Denied { .. }
            | Event::ApprovalExpired { .. }
            | Event::ApprovalVoided { .. }
            | Event::GlassOffered { .. }
            | Event::GlassBroken { .. }
            | Event::AskedAgain { .. }) => self.apply_approval(event, at),
            event @ (Event::UndoStarted { .. }
            | Event::UndoSucceeded { .. }
            | Event::UndoInDoubt { .. }
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
        | Event::GlassOffered { request, .. }
        | Event::GlassBroken { request, .. }
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
                self.deny();
            }
            Event::ApprovalExpired { .. } => approval.verdict = Some(Verdict::Expired { at }),
            Event::GlassOffered { from, .. } => approval.glass_from = Some(*from),
            Event::GlassBroken { by, reason, .. } => {
                let (by, reason) = (by.clone(), reason.clone());
                approval.glass = Some(BrokenGlass { by, at, reason });
                approval.verdict = Some(Verdict::Granted { at });
            }
            _ => approval.verdict = Some(Verdict::Voided { at }),
        }
    }

    /// Before anything was touched a denial ends the run; behind an earlier gate stopping half-way is
    /// a decision of its own.
    fn deny(&mut self) {
        if self.phase != Phase::Active {
            return;
        }
        if self.touched_patient() {
            self.cancel_requested = true;
        } else {
            self.phase = Phase::RollingBack(Outcome::Denied);
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
        self.note_unseen(event, &step);
        self.steps.insert(step, state);
    }

    /// A look that failed leaves the doubt as it was.
    fn note_unseen(&mut self, event: &Event, step: &StepId) {
        let in_doubt = matches!(self.state_of(step), StepState::InDoubt { .. });
        match event {
            Event::StepFailed { .. } if in_doubt => drop(self.unseen.insert(step.clone())),
            Event::StepFailed { .. } | Event::RetryAsked { .. } => {}
            _ => drop(self.unseen.remove(step)),
        }
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
            Event::StepPassed { step } => (step.clone(), StepState::NotDue),
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
                let reason = "reason-confirmed-by-person".to_owned();
                (
                    step.clone(),
                    StepState::Succeeded {
                        facts: Facts::NotApplicable { reason },
                    },
                )
            }
            Event::RetryAsked { step, .. } => (step.clone(), self.again(step)),
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

    /// What was not seen is looked at again: whether it happened is no better known than before.
    fn again(&self, step: &StepId) -> StepState {
        match self.state_of(step) {
            StepState::Failed { attempt, failure } if self.is_unseen(step) => StepState::InDoubt {
                attempt: *attempt,
                failure: failure.clone(),
            },
            _ => self.pending_again(step),
        }
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
        let before = |step| self.undo.get(step).map_or(0, |state| state.cut_offs);
        let (step, state) = match event {
            Event::UndoStarted { step, attempt } => (
                step,
                UndoState {
                    attempt: *attempt,
                    running: true,
                    failure: None,
                    cut_offs: before(step),
                },
            ),
            Event::UndoInDoubt {
                step,
                attempt,
                failure,
            } => {
                // One that ends the program each time would be begun for ever.
                let cut_offs = before(step) + 1;
                let failure = (cut_offs > MAX_CUT_OFFS).then(|| failure.clone());
                (
                    step,
                    UndoState {
                        attempt: *attempt,
                        running: false,
                        failure,
                        cut_offs,
                    },
                )
            }
            Event::UndoFailed {
                step,
                attempt,
                failure,
            } => {
                let failure = Some(failure.clone());
                (
                    step,
                    UndoState {
                        attempt: *attempt,
                        running: false,
                        failure,
                        cut_offs: 0,
                    },
                )
            }
            Event::UndoRetryAsked { step, .. } => {
                let attempt = self.next_undo_attempt(step) - 1;
                (
                    step,
                    UndoState {
                        attempt,
                        running: false,
                        failure: None,
                        cut_offs: 0,
                    },
                )
            }
            Event::UndoSucceeded { step, .. } => {
                self.undo.remove(step);
                self.steps.insert(step.clone(), StepState::Undone);
                return;
            }
            _ => return,
        };
        self.undo.insert(step.clone(), state);
    }
}
