//! Steps in words.

use super::{View, args, between};
use crate::domain::action::Action;
use crate::domain::database::Proof;
use crate::domain::facts::Facts;
use crate::domain::failure::Arg;
use crate::domain::ids::StepId;
use crate::domain::plan::Plan;
use crate::domain::run::{Run, StepState};
use crate::domain::runbook::Step;
use std::time::Duration;

/// A step's title.
pub(super) fn title(view: &View<'_>, step: &Step) -> String {
    match &step.title {
        Some(key) => view.word(key),
        None => view.word(&format!("step-{}", step.action.kind())),
    }
}

/// The title of a step of this plan; one that the plan does not know keeps its id.
pub(super) fn title_of(view: &View<'_>, plan: &Plan, id: &StepId) -> String {
    plan.step(id)
        .map_or_else(|| id.to_string(), |step| title(view, step))
}

/// What exactly a step does, with the names it does it to.
pub(super) fn does(view: &View<'_>, plan: &Plan, action: &Action) -> String {
    let units: Vec<&str> = action.units().iter().map(|unit| unit.as_str()).collect();
    let period = match action {
        Action::WatchUnits { period, .. } => *period,
        _ => Duration::ZERO,
    };
    let values = args([
        ("units", units.join(", ").into()),
        ("period", period.into()),
        ("database", plan.database.display().to_string().into()),
        ("quarantine", plan.quarantine.display().to_string().into()),
    ]);
    let key = format!("step-{}.does", action.kind());
    view.i18n.plain(view.locale, &key, &values)
}

/// One line a step: where it stands.
pub(super) fn lines(view: &View<'_>, run: &Run) -> Vec<String> {
    run.plan
        .runbook
        .steps
        .iter()
        .map(|step| line(view, run, step))
        .collect()
}

fn line(view: &View<'_>, run: &Run, step: &Step) -> String {
    let name = ("step", Arg::from(title(view, step)));
    match run.state_of(&step.id) {
        StepState::Pending { .. } => view.tell("line-pending", [name]),
        StepState::Running { since, .. } => {
            view.tell("line-running", [name, ("took", view.since(*since).into())])
        }
        StepState::InDoubt { .. } => view.tell("line-unknown", [name]),
        StepState::Failed { .. } => view.tell("line-failed", [name]),
        StepState::Undone => view.tell("line-undone", [name]),
        StepState::Skipped { reason, by } => view.tell(
            "line-skipped",
            [
                name,
                ("by", view.who(by)),
                ("reason", reason.as_str().into()),
            ],
        ),
        StepState::Succeeded { facts } => done(view, run, step, facts),
    }
}

fn done(view: &View<'_>, run: &Run, step: &Step, facts: &Facts) -> String {
    let name = ("step", Arg::from(title(view, step)));
    let timing = run.timing_of(&step.id);
    let line = match (timing.started, timing.ended) {
        (Some(started), Some(ended)) => {
            let took = between(started, ended);
            view.tell("line-done", [name, ("took", took.into())])
        }
        _ => view.tell("line-done-plain", [name]),
    };
    match outcome(view, facts) {
        Some(outcome) => format!("{line} ({outcome})"),
        None => line,
    }
}

/// What came out of a step, in a few words.
fn outcome(view: &View<'_>, facts: &Facts) -> Option<String> {
    let number = |number: u64| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let millis = |millis: u64| Arg::from(Duration::from_millis(millis));
    Some(match facts {
        Facts::Staged(staged) => {
            let (proof, verified, took) = match &staged.proof {
                Proof::Record { verified_at } => ("record", view.at(*verified_at), millis(0)),
                Proof::Full { millis: took } => ("full", Arg::from(""), millis(*took)),
            };
            view.tell(
                "facts-staged",
                [
                    ("bytes", Arg::Bytes(staged.bytes)),
                    ("proof", proof.into()),
                    ("verified", verified),
                    ("took", took),
                ],
            )
        }
        Facts::Closed { processes } => {
            view.tell("facts-closed", [("processes", number(*processes))])
        }
        Facts::Quarantined(aside) => view.tell(
            "facts-quarantined",
            [("files", super::count(aside.files.len()))],
        ),
        Facts::Returned { files } => view.tell("facts-returned", [("files", number(*files))]),
        Facts::Installed { bytes } => view.tell("facts-installed", [("bytes", Arg::Bytes(*bytes))]),
        Facts::Verified(report) => view.tell("facts-verified", [("took", millis(report.millis))]),
        Facts::Watched { log_lines, .. } => {
            view.tell("facts-watched", [("lines", number(*log_lines))])
        }
        Facts::BotAnswered { username } => view.tell(
            "facts-bot-answered",
            [("username", username.as_str().into())],
        ),
        Facts::NotApplicable { reason } => view.tell(
            "facts-not-applicable",
            [("reason", view.word(reason).into())],
        ),
        Facts::Discarded | Facts::Units { .. } | Facts::MessageSent => return None,
    })
}
