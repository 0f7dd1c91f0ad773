//! Why a run cannot start: which one holds REI, what that one waits for, and how to end it.

use super::{Button, Card, Page, View, count, patient, run as live, steps};
use crate::domain::action::Action;
use crate::domain::failure::Arg;
use crate::domain::ids::{RunId, StepId};
use crate::domain::run::Run;
use crate::telegram::intent::Intent;
use jiff::SignedDuration;

/// What is told to whoever wanted to start a run while `holder` is under way.
#[must_use]
pub fn card(view: &View<'_>, holder: &Run, wanted: RunId) -> Card {
    let mut page = Page::titled(live::heading(view, "busy-title", holder));
    let wanted = ("wanted", Arg::from(wanted.to_string()));
    page.line(view.tell("busy-rule", [wanted.clone()]));
    page.gap();
    page.lines(stands(view, holder));
    let state = patient::state(view, holder);
    page.line(view.lead("hold-state", "state", &state));
    page.gap();
    let run = ("run", Arg::from(holder.id.to_string()));
    page.line(view.tell("busy-next", [wanted]));
    if holder.touched_patient() && !holder.is_committed() {
        page.line(view.tell("busy-instead", [run.clone()]));
    }
    let abort = Button {
        label: view.words("busy-abort", [run]),
        intent: Intent::Abort { run: holder.id },
    };
    page.with(view, vec![vec![abort]])
}

/// Where it stands, and what it waits for.
fn stands(view: &View<'_>, run: &Run) -> Vec<String> {
    if let Some((step, _)) = run.running() {
        return at_work(view, run, &step);
    }
    if run.hold().is_some() {
        return vec![view.say("busy-hold")];
    }
    let mut approvals = run.approvals().iter();
    match approvals.any(|approval| approval.verdict.is_none()) {
        true => vec![view.say("busy-approval")],
        false => Vec::new(),
    }
}

fn at_work(view: &View<'_>, run: &Run, id: &StepId) -> Vec<String> {
    let Some(since) = run.timing_of(id).started else {
        return Vec::new();
    };
    let all = &run.plan.runbook.steps;
    let place = all.iter().position(|step| step.id == *id);
    let mut lines = vec![view.tell(
        "busy-step",
        [
            ("step", steps::title_of(view, &run.plan, id).into()),
            ("number", count(place.map_or(all.len(), |place| place + 1))),
            ("all", count(all.len())),
            ("since", view.at(since)),
        ],
    )];
    let action = run.plan.step(id).map(|step| &step.action);
    if let Some(Action::AwaitPayments { patience } | Action::AwaitProviders { patience }) = action {
        let patience = SignedDuration::try_from(*patience).unwrap_or(SignedDuration::MAX);
        let until = since.saturating_add(patience).unwrap_or(since);
        lines.push(view.tell("busy-until", [("until", view.at(until))]));
    }
    lines
}
