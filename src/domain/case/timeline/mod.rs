//! What happened, in order: told from the journals, the alerts, the trail and the notes. Pure.
//!
//! Steps that succeed one after another are one line, a step that fails again and again too: what a
//! reader of the document wants is what was decided and what went wrong.

mod fold;

use super::Origin;
use super::dossier::{Dossier, length};
use crate::domain::audit::AuditEntry;
use crate::domain::diagnosis::Cause;
use crate::domain::event::Outcome;
use crate::domain::failure::{Arg, Failure};
use crate::domain::ids::{GateId, RunId, StepId};
use crate::domain::operator::Actor;
use jiff::Timestamp;
use std::time::Duration;

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// When; of something that lasted, its beginning.
    pub at: Timestamp,
    /// Its end, of something that lasted.
    pub until: Option<Timestamp>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "run, step, gate and by say the same in every variant"
)]
pub enum What {
    /// The monitor saw something.
    Alert {
        cause: Cause,
        subject: Option<String>,
    },
    /// And no longer sees it.
    AlertOver {
        cause: Cause,
        subject: Option<String>,
        lasted: Duration,
    },
    /// A person opened the incident.
    Opened { by: Actor },
    /// A person or the program closed it.
    Closed { by: Actor },
    /// A recovery began.
    Started { run: RunId, by: Actor },
    /// An approval was asked for.
    Asked { run: RunId, gate: GateId },
    /// Somebody approved.
    Approved {
        run: RunId,
        gate: GateId,
        by: Actor,
        waited: Duration,
    },
    /// Somebody went on alone.
    WentAlone {
        run: RunId,
        gate: GateId,
        by: Actor,
        waited: Duration,
        reason: String,
    },
    /// Somebody denied.
    Denied {
        run: RunId,
        gate: GateId,
        by: Actor,
        waited: Duration,
    },
    /// Nobody answered in time.
    Expired { run: RunId, gate: GateId },
    /// What was shown changed, so that the approval no longer counted.
    Voided { run: RunId, gate: GateId },
    /// Steps succeeded.
    Done { run: RunId, steps: Vec<StepId> },
    /// A step failed.
    Failed {
        run: RunId,
        step: StepId,
        failure: Failure,
        times: u32,
    },
    /// Nobody knew whether a step happened.
    Doubt { run: RunId, step: StepId },
    /// A person told whether it did.
    Told {
        run: RunId,
        step: StepId,
        by: Actor,
        happened: bool,
    },
    /// A person went on without a step.
    Skipped {
        run: RunId,
        step: StepId,
        by: Actor,
        reason: String,
    },
    /// A person wanted a step tried again.
    Retried { run: RunId, step: StepId, by: Actor },
    /// A person stopped the recovery.
    Cancelled { run: RunId, by: Actor },
    /// A person let it go on.
    Resumed { run: RunId, by: Actor },
    /// A person wanted everything taken back.
    RollBack { run: RunId, by: Actor },
    /// Steps were taken back.
    Undone { run: RunId, steps: Vec<StepId> },
    /// Taking one back failed.
    UndoFailed {
        run: RunId,
        step: StepId,
        failure: Failure,
    },
    /// A recovery ended.
    Ended {
        run: RunId,
        outcome: Outcome,
        took: Duration,
    },
    /// The full check of the database that a recovery put off.
    FullCheck { passed: Option<bool> },
    /// A notice to REI's users went out.
    Noticed { count: u64 },
    /// This program was started; it may have been down.
    ProgramStarted,
    /// Somebody wrote something down: the note's place in the file.
    Note { nth: usize },
}

impl What {
    /// The person who did it, where one did.
    #[must_use]
    pub fn by(&self) -> Option<&Actor> {
        match self {
            Self::Opened { by }
            | Self::Closed { by }
            | Self::Started { by, .. }
            | Self::Approved { by, .. }
            | Self::Denied { by, .. }
            | Self::WentAlone { by, .. }
            | Self::Told { by, .. }
            | Self::Skipped { by, .. }
            | Self::Retried { by, .. }
            | Self::Cancelled { by, .. }
            | Self::Resumed { by, .. }
            | Self::RollBack { by, .. } => Some(by),
            _ => None,
        }
    }
}

/// What happened, in order.
#[must_use]
pub fn moments(dossier: &Dossier) -> Vec<Moment> {
    let mut found: Vec<Moment> = dossier.alerts.iter().flat_map(alert).collect();
    for course in &dossier.courses {
        found.extend(fold::of_run(course));
    }
    found.extend(
        dossier
            .trail
            .iter()
            .filter_map(|entry| told(dossier, entry)),
    );
    found.extend(of_file(dossier));
    // Stable: what happened at the same moment stays in the order of its source.
    found.sort_by_key(|moment| moment.at);
    found
}

fn once(at: Timestamp, what: What) -> Moment {
    Moment {
        at,
        until: None,
        what,
    }
}

fn alert(incident: &crate::domain::alert::Incident) -> Vec<Moment> {
    let (cause, subject) = (incident.candidate.cause, incident.candidate.subject.clone());
    let begun = once(
        incident.since,
        What::Alert {
            cause,
            subject: subject.clone(),
        },
    );
    let over = incident.until.map(|until| {
        let lasted = length(incident.since, until);
        once(
            until,
            What::AlertOver {
                cause,
                subject,
                lasted,
            },
        )
    });
    std::iter::once(begun).chain(over).collect()
}

fn of_file(dossier: &Dossier) -> Vec<Moment> {
    let case = &dossier.case;
    let mut found = Vec::new();
    if let Origin::Person { actor } = &case.origin {
        found.push(once(case.opened_at, What::Opened { by: actor.clone() }));
    }
    let notes = case.notes.iter().enumerate();
    found.extend(notes.map(|(nth, note)| once(note.at, What::Note { nth })));
    if let Some((by, at)) = &case.closed {
        found.push(once(*at, What::Closed { by: by.clone() }));
    }
    found
}

/// What the trail alone knows. Only as long as the incident lasted: what was done later in the day has
/// nothing to do with it.
fn told(dossier: &Dossier, entry: &AuditEntry) -> Option<Moment> {
    let number = |name: &str| match entry.detail.get(name) {
        Some(Arg::Number(number)) => u64::try_from(*number).unwrap_or(0),
        _ => 0,
    };
    let ours = |run: Option<RunId>| run.is_some_and(|run| dossier.case.runs.contains(&run));
    let what = match entry.verb.as_str() {
        // It comes long after its recovery, and is the last word on it.
        "full-check" if ours(entry.run.or_else(|| entry.subject.parse().ok())) => What::FullCheck {
            passed: match entry.outcome.as_str() {
                "ok" => Some(true),
                "failed" => Some(false),
                _ => None,
            },
        },
        _ if entry.at < dossier.case.since
            || dossier.case.until().is_some_and(|until| entry.at > until) =>
        {
            return None;
        }
        "finish-campaign" => What::Noticed {
            count: number("count"),
        },
        "start-program" => What::ProgramStarted,
        _ => return None,
    };
    Some(once(entry.at, what))
}
