//! The steps of a recovery with their times, waits apart.

use crate::domain::event::{Entry, Event};
use crate::domain::facts::Facts;
use crate::domain::ids::{GateId, StepId};
use crate::domain::run::{Run, StepState};
use crate::domain::runbook::Step;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a step stood in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LegState {
    /// Done.
    Done,
    /// What came before made it needless.
    NotDue,
    /// There was nothing a drill could do: no token of REI's, nobody in the chat.
    NotTried,
    /// It failed, or nobody knows.
    Failed,
    /// The recovery ended before it.
    NotReached,
}

impl LegState {
    /// The word in locale keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotDue => "not-due",
            Self::NotTried => "not-tried",
            Self::Failed => "failed",
            Self::NotReached => "not-reached",
        }
    }
}

/// A step of the recovery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Which.
    pub step: StepId,
    /// Locale key of its title.
    pub title: String,
    /// Where it stood in the end.
    pub state: LegState,
    /// Milliseconds at work.
    pub took: u64,
    /// Milliseconds in which it waited for an approval, or for a provider to come back.
    pub waited: u64,
    /// Whether it touches REI.
    pub destructive: bool,
}

/// The steps of a run, in their order.
#[must_use]
pub fn legs(run: &Run, journal: &[Entry]) -> Vec<Leg> {
    let mut waits = gates(journal);
    let steps = run.plan.runbook.steps.iter();
    steps.map(|step| leg(run, step, &mut waits)).collect()
}

/// The wait for a gate is told of the first step behind it.
fn leg(run: &Run, step: &Step, waits: &mut BTreeMap<GateId, u64>) -> Leg {
    let timing = run.timing_of(&step.id);
    let at_work = match (timing.started, timing.ended) {
        (Some(started), Some(ended)) => millis(started, ended),
        _ => 0,
    };
    let gate = step.gate.as_ref().and_then(|gate| waits.remove(gate));
    let (took, abroad) = if super::awaits(&step.action) {
        (0, at_work)
    } else {
        (at_work, 0)
    };
    Leg {
        step: step.id.clone(),
        title: step
            .title
            .clone()
            .unwrap_or_else(|| format!("step-{}", step.action.kind())),
        state: state(run.state_of(&step.id)),
        took,
        waited: abroad + gate.unwrap_or(0),
        destructive: step.action.is_destructive(),
    }
}

fn state(state: &StepState) -> LegState {
    match state {
        StepState::Pending { .. } | StepState::Running { .. } => LegState::NotReached,
        StepState::Succeeded {
            facts: Facts::NotApplicable { .. },
        } => LegState::NotTried,
        StepState::Succeeded { .. } => LegState::Done,
        StepState::NotDue => LegState::NotDue,
        StepState::InDoubt { .. }
        | StepState::Failed { .. }
        | StepState::Skipped { .. }
        | StepState::Undone => LegState::Failed,
    }
}

/// How long each gate was waited for.
fn gates(journal: &[Entry]) -> BTreeMap<GateId, u64> {
    let mut asked = BTreeMap::new();
    let mut waits: BTreeMap<GateId, u64> = BTreeMap::new();
    for entry in journal {
        match &entry.event {
            Event::ApprovalAsked { request } => {
                asked.insert(request.id.clone(), (request.gate.clone(), entry.at));
            }
            Event::Approved {
                request,
                complete: true,
                ..
            }
            | Event::GlassBroken { request, .. } => {
                if let Some((gate, since)) = asked.remove(request) {
                    *waits.entry(gate).or_default() += millis(since, entry.at);
                }
            }
            _ => {}
        }
    }
    waits
}

fn millis(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_millis()).unwrap_or(0)
}
