//! The course of a run, folded from its journal to what matters.

use super::{Moment, What, once};
use crate::domain::case::dossier::{Course, length};
use crate::domain::event::{Event, Outcome};
use crate::domain::failure::Failure;
use crate::domain::ids::{GateId, RequestId, StepId};
use jiff::Timestamp;
use std::time::Duration;

/// What happened in a run.
pub(super) fn of_run(course: &Course) -> Vec<Moment> {
    let mut fold = Fold {
        course,
        found: Vec::new(),
        begun: None,
    };
    for entry in &course.journal {
        fold.take(entry.at, &entry.event);
    }
    fold.found
}

struct Fold<'a> {
    course: &'a Course,
    found: Vec<Moment>,
    /// When the step at work began.
    begun: Option<Timestamp>,
}

impl Fold<'_> {
    fn take(&mut self, at: Timestamp, event: &Event) {
        let run = self.course.run.id;
        match event {
            Event::StepStarted { .. } | Event::UndoStarted { .. } => self.begun = Some(at),
            Event::StepSucceeded { step, .. } => self.done(at, step),
            Event::UndoSucceeded { step, .. } => self.undone(at, step),
            Event::StepFailed { step, failure, .. } => self.failed(at, step, failure),
            Event::UndoFailed { step, failure, .. } => {
                let (step, failure) = (step.clone(), failure.clone());
                self.push(at, What::UndoFailed { run, step, failure });
            }
            Event::StepInDoubt { step, .. } | Event::UndoInDoubt { step, .. } => {
                let step = step.clone();
                self.push(at, What::Doubt { run, step });
            }
            Event::Finished { outcome } => self.ended(at, *outcome),
            Event::Aborted { .. } => self.ended(at, Outcome::Aborted),
            other => {
                if let Some(what) = self.decided(at, other) {
                    self.push(at, what);
                }
            }
        }
    }

    fn push(&mut self, at: Timestamp, what: What) {
        self.found.push(once(at, what));
    }

    /// What people decided, and what became of requests.
    fn decided(&self, at: Timestamp, event: &Event) -> Option<What> {
        let run = self.course.run.id;
        let of_all = match event {
            Event::Started { .. } => |run, by| What::Started { run, by },
            Event::CancelAsked { .. } => |run, by| What::Cancelled { run, by },
            Event::Resumed { .. } => |run, by| What::Resumed { run, by },
            Event::RollbackAsked { .. } => |run, by| What::RollBack { run, by },
            _ => return self.at_gate(at, event).or_else(|| self.at_step(event)),
        };
        event.by().map(|by| of_all(run, by.clone()))
    }

    fn at_gate(&self, at: Timestamp, event: &Event) -> Option<What> {
        let run = self.course.run.id;
        let (gate, waited) = match event {
            Event::ApprovalAsked { request } => {
                let gate = request.gate.clone();
                return Some(What::Asked { run, gate });
            }
            Event::Approved { request, .. }
            | Event::Denied { request, .. }
            | Event::ApprovalExpired { request }
            | Event::GlassBroken { request, .. }
            | Event::ApprovalVoided { request } => self.request(at, request)?,
            _ => return None,
        };
        Some(match event {
            Event::Approved { by, .. } => What::Approved {
                run,
                gate,
                by: by.clone(),
                waited,
            },
            Event::Denied { by, .. } => What::Denied {
                run,
                gate,
                by: by.clone(),
                waited,
            },
            Event::GlassBroken { by, reason, .. } => What::WentAlone {
                run,
                gate,
                by: by.clone(),
                waited,
                reason: reason.clone(),
            },
            Event::ApprovalExpired { .. } => What::Expired { run, gate },
            _ => What::Voided { run, gate },
        })
    }

    fn at_step(&self, event: &Event) -> Option<What> {
        let run = self.course.run.id;
        let by = event.by()?.clone();
        let told = |step: &StepId, by, happened| What::Told {
            run,
            step: step.clone(),
            by,
            happened,
        };
        Some(match event {
            Event::StepNotDone { step, .. } => told(step, by, false),
            Event::StepConfirmed { step, .. } => told(step, by, true),
            Event::StepSkipped { step, reason, .. } => What::Skipped {
                run,
                step: step.clone(),
                by,
                reason: reason.clone(),
            },
            Event::RetryAsked { step, .. } | Event::UndoRetryAsked { step, .. } => What::Retried {
                run,
                step: step.clone(),
                by,
            },
            _ => return None,
        })
    }

    /// The gate of a request, and how long it waited until then.
    fn request(&self, at: Timestamp, id: &RequestId) -> Option<(GateId, Duration)> {
        let request = &self.course.run.request(id)?.request;
        Some((request.gate.clone(), length(request.asked_at, at)))
    }

    /// A success joins the successes right before it.
    fn done(&mut self, at: Timestamp, step: &StepId) {
        let begun = self.begun.take().unwrap_or(at);
        if let Some(Moment {
            until,
            what: What::Done { steps, .. },
            ..
        }) = self.found.last_mut()
        {
            steps.push(step.clone());
            *until = Some(at);
            return;
        }
        let (run, steps) = (self.course.run.id, vec![step.clone()]);
        self.found.push(Moment {
            at: begun,
            until: Some(at),
            what: What::Done { run, steps },
        });
    }

    fn undone(&mut self, at: Timestamp, step: &StepId) {
        let begun = self.begun.take().unwrap_or(at);
        if let Some(Moment {
            until,
            what: What::Undone { steps, .. },
            ..
        }) = self.found.last_mut()
        {
            steps.push(step.clone());
            *until = Some(at);
            return;
        }
        let (run, steps) = (self.course.run.id, vec![step.clone()]);
        self.found.push(Moment {
            at: begun,
            until: Some(at),
            what: What::Undone { run, steps },
        });
    }

    /// The same failure once more is counted.
    fn failed(&mut self, at: Timestamp, failed: &StepId, why: &Failure) {
        if let Some(Moment {
            until,
            what:
                What::Failed {
                    step,
                    failure,
                    times,
                    ..
                },
            ..
        }) = self.found.last_mut()
            && *step == *failed
            && failure.code == why.code
        {
            *times += 1;
            *until = Some(at);
            return;
        }
        let (run, step) = (self.course.run.id, failed.clone());
        self.push(
            at,
            What::Failed {
                run,
                step,
                failure: why.clone(),
                times: 1,
            },
        );
    }

    /// An abort ends it, and the worker may write that once more.
    fn ended(&mut self, at: Timestamp, outcome: Outcome) {
        if matches!(
            self.found.last(),
            Some(Moment {
                what: What::Ended { .. },
                ..
            })
        ) {
            return;
        }
        let begun = self.course.run.started_at.unwrap_or(at);
        let (run, took) = (self.course.run.id, length(begun, at));
        self.push(at, What::Ended { run, outcome, took });
    }
}
