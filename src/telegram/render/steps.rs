//! Steps in words.

use super::{View, args, between, outcome};
use crate::domain::action::{Action, Audience};
use crate::domain::facts::Facts;
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::StepId;
use crate::domain::plan::Plan;
use crate::domain::queue::FlushScope;
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
    let mut values = args([
        ("units", units.join(", ").into()),
        ("period", period(action).into()),
        ("home", plan.home.display().to_string().into()),
        ("database", plan.database.display().to_string().into()),
        ("quarantine", plan.quarantine.display().to_string().into()),
    ]);
    values.extend(particulars(view, action));
    let key = format!("step-{}.does", action.kind());
    view.i18n.plain(view.locale, &key, &values)
}

fn period(action: &Action) -> Duration {
    match action {
        Action::WatchUnits { period, .. }
        | Action::VerifyQueue { period }
        | Action::WatchJobs { period, .. } => *period,
        Action::PingRedis { patience }
        | Action::AwaitPayments { patience }
        | Action::AwaitProviders { patience } => *patience,
        _ => Duration::ZERO,
    }
}

/// What only one kind of action has.
fn particulars(view: &View<'_>, action: &Action) -> Args {
    match action {
        Action::FlushRedis { scope } => {
            let scope = match scope {
                FlushScope::Database => "database",
                FlushScope::Server => "server",
            };
            args([("scope", scope.into())])
        }
        Action::RetryJobs { last, .. } => {
            args([("last", last.map_or(Arg::from("all"), Arg::from))])
        }
        Action::WatchJobs { threshold, .. } => args([("threshold", i64::from(*threshold).into())]),
        Action::SetSwitch { switch, on, .. } => args([
            ("key", switch.key().into()),
            ("file", switch.file().into()),
            ("value", switch.word(*on).into()),
        ]),
        Action::NotifyUsers { audience, notice } => {
            let audience = match audience {
                Audience::OpenPayments => "open-payments",
                Audience::SettledPayments => "settled-payments",
                Audience::TroubledJobs => "troubled-jobs",
            };
            args([
                ("audience", audience.into()),
                ("notice", view.word(notice).into()),
            ])
        }
        Action::RunProgram { command } => args([("command", command.join(" ").into())]),
        _ => Args::new(),
    }
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
        StepState::NotDue => view.tell("line-not-due", [name]),
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
    match outcome::of(view, facts) {
        Some(outcome) => format!("{line} ({outcome})"),
        None => line,
    }
}
