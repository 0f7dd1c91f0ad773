//! What needs a person: why the run waits, in what state REI is, what each button does.

use super::{Button, Card, Page, View, patient, steps};
use crate::domain::action::Action;
use crate::domain::choice::Choice;
use crate::domain::event::{Entry, Event};
use crate::domain::failure::{Arg, Failure};
use crate::domain::ids::StepId;
use crate::domain::plan::Hold;
use crate::domain::run::Run;

/// How a halt was answered.
#[derive(Clone, Copy, Debug)]
pub struct Answered<'a> {
    /// The journal's next entry.
    pub entry: &'a Entry,
}

/// The card of a halt. `run` is the run as it was when it halted.
#[must_use]
pub fn card(view: &View<'_>, run: &Run, hold: &Hold, answered: Option<Answered<'_>>) -> Card {
    let mut page = Page::titled(title(view, run, hold));
    page.lines(why(view, run, hold));
    page.gap();
    let state = patient::state(view, run);
    page.line(view.lead("hold-state", "state", &state));
    page.gap();
    if let Some(answer) = answered {
        page.line(told(view, answer.entry));
        return page.plain(view);
    }
    let choices = run.choices(hold);
    page.lines(choices.iter().map(|choice| explained(view, hold, *choice)));
    let buttons: Vec<Button> = choices
        .iter()
        .map(|choice| view.answer(run, *choice))
        .collect();
    page.with(view, buttons.chunks(2).map(<[Button]>::to_vec).collect())
}

fn title(view: &View<'_>, run: &Run, hold: &Hold) -> String {
    let number = ("run", Arg::from(run.id.to_string()));
    let named = |key: &str, step: &StepId| {
        let step = steps::title_of(view, &run.plan, step);
        view.tell(key, [number.clone(), ("step", step.into())])
    };
    match hold {
        Hold::Failed(step) => named("hold-failed", step),
        Hold::InDoubt(step) => named("hold-doubt", step),
        Hold::UndoFailed(step) => named("hold-undo-failed", step),
        Hold::Expired(_) => view.tell("hold-expired", [number]),
        Hold::Cancelled | Hold::Proposed => view.tell("hold-cancelled", [number]),
    }
}

fn why(view: &View<'_>, run: &Run, hold: &Hold) -> Vec<String> {
    match hold {
        Hold::Failed(step) => run.failure_of(step).map_or(Vec::new(), |f| mishap(view, f)),
        Hold::UndoFailed(step) => run
            .undo_failure(step)
            .map_or(Vec::new(), |f| mishap(view, f)),
        Hold::InDoubt(step) => doubt(view, run, step),
        Hold::Expired(_) | Hold::Cancelled | Hold::Proposed => Vec::new(),
    }
}

fn mishap(view: &View<'_>, failure: &Failure) -> Vec<String> {
    let mut lines = vec![view.failure(failure), view.hint(failure)];
    lines.extend(cause(view, failure));
    lines
}

fn doubt(view: &View<'_>, run: &Run, step: &StepId) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(failure) = run.failure_of(step) {
        lines.push(view.failure(failure));
        lines.extend(cause(view, failure));
    }
    let message = run
        .plan
        .step(step)
        .is_some_and(|step| matches!(step.action, Action::SendTestMessage {}));
    lines.push(view.say(if message {
        "hold-doubt-message"
    } else {
        "hold-doubt-hint"
    }));
    lines
}

fn cause(view: &View<'_>, failure: &Failure) -> Option<String> {
    let cause = failure.detail.as_deref()?;
    Some(view.tell("hold-cause", [("cause", cause.into())]))
}

fn explained(view: &View<'_>, hold: &Hold, choice: Choice) -> String {
    let key = match (choice, hold) {
        (Choice::Retry, Hold::Expired(_)) => "ask-again",
        (Choice::Retry, Hold::UndoFailed(_)) => "undo-retry",
        _ => choice.as_str(),
    };
    view.tell(
        "hold-choice",
        [
            ("choice", view.word(&format!("choice-{key}")).into()),
            ("does", view.word(&format!("choice-{key}.does")).into()),
        ],
    )
}

fn told(view: &View<'_>, entry: &Entry) -> String {
    let reason = match &entry.event {
        Event::StepSkipped { reason, .. } => reason.as_str(),
        _ => "",
    };
    let by = entry.event.by().map_or(Arg::from(""), |by| view.who(by));
    view.tell(
        "answered",
        [
            ("answer", verb(&entry.event).into()),
            ("by", by),
            ("at", view.at(entry.at)),
            ("reason", reason.into()),
        ],
    )
}

fn verb(event: &Event) -> &'static str {
    match event {
        Event::RetryAsked { .. } => "retry",
        Event::UndoRetryAsked { .. } => "retry-undo",
        Event::AskedAgain { .. } => "ask-again",
        Event::StepSkipped { .. } => "skip",
        Event::RollbackAsked { .. } => "roll-back",
        Event::Aborted { .. } => "abort",
        Event::Resumed { .. } => "resume",
        Event::StepConfirmed { .. } => "confirm-step",
        Event::StepNotDone { by: Some(_), .. } => "not-done",
        Event::CancelAsked { .. } => "cancel",
        _ => "other",
    }
}
