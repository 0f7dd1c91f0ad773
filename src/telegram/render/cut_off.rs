//! A step whose outcome was unknown, and what follows.

use super::{Card, Page, View, patient, steps};
use crate::domain::event::{Entry, Event};
use crate::domain::failure::FailureCode;
use crate::domain::ids::StepId;
use crate::domain::run::Run;
use crate::domain::runbook::Replay;

/// The notice. `run` is the run as it was then; `entry` the journal's entry that says so.
#[must_use]
pub fn card(view: &View<'_>, run: &Run, entry: &Entry) -> Card {
    let (step, attempt, code, undo) = match &entry.event {
        Event::StepInDoubt {
            step,
            attempt,
            failure,
        } => (step, *attempt, failure.code, false),
        Event::UndoInDoubt {
            step,
            attempt,
            failure,
        } => (step, *attempt, failure.code, true),
        _ => return Card::default(),
    };
    let key = if undo {
        "cut-off-undo-title"
    } else {
        "cut-off-title"
    };
    let mut page = Page::titled(view.tell(
        key,
        [
            ("run", run.id.to_string().into()),
            ("step", steps::title_of(view, &run.plan, step).into()),
            ("attempt", i64::from(attempt).into()),
        ],
    ));
    page.line(view.tell("cut-off-cause", [("cause", code.as_str().into())]));
    page.line(view.say(if undo {
        "cut-off-again"
    } else {
        follows(run, step, code)
    }));
    let state = patient::state(view, run);
    page.line(view.lead("hold-state", "state", &state));
    page.plain(view)
}

fn follows(run: &Run, step: &StepId, code: FailureCode) -> &'static str {
    let asks = run.hold().is_some();
    match run.plan.step(step).map(|step| step.replay) {
        Some(Replay::Ask) => "cut-off-ask",
        _ if asks => "cut-off-decide",
        Some(Replay::Verify) => "cut-off-verify",
        Some(Replay::Again) if code == FailureCode::CutOff => "cut-off-again",
        _ => "cut-off-decide",
    }
}
