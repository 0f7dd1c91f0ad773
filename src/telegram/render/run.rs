//! The live message of a run.

use super::{Button, Card, Page, View, between, plan, steps};
use crate::domain::approval::Policy;
use crate::domain::choice::Choice;
use crate::domain::event::Outcome;
use crate::domain::failure::Arg;
use crate::domain::ids::{GateId, RunId};
use crate::domain::plan::{Next, next};
use crate::domain::run::{Phase, Run, StepState};
use crate::telegram::intent::Intent;
use std::time::Duration;

/// How far the transfer of the step at work is, in compressed bytes or in items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Taken in.
    pub done: u64,
    /// Expected in all; 0 when that is not known.
    pub total: u64,
}

/// Cells of the bar.
const CELLS: usize = 10;

/// A remaining time told earlier than this would jump about.
const SETTLED: Duration = Duration::from_secs(2);

/// The run as it stands.
#[must_use]
pub fn live(view: &View<'_>, run: &Run, policy: &Policy, transfer: Option<Transfer>) -> Card {
    match run.phase {
        Phase::Proposed => plan::proposed(view, run, policy),
        Phase::Active | Phase::RollingBack(_) => under_way(view, run, transfer),
        Phase::Finished(outcome) => finished(view, run, outcome),
    }
}

/// A run whose plan cannot be trusted any more: while it is `open` it can only be given up.
#[must_use]
pub fn unreadable(view: &View<'_>, run: RunId, open: bool) -> Card {
    let number = [("run", Arg::from(run.to_string()))];
    if !open {
        return Page::titled(view.tell("run-given-up", number)).plain(view);
    }
    let page = Page::titled(view.tell("run-unreadable", number));
    let abort = Button {
        label: view.word("choice-abort"),
        intent: Intent::Answer {
            run,
            position: 0,
            choice: Choice::Abort,
        },
    };
    page.with(view, vec![vec![abort]])
}

/// The first line of every message of a run.
pub(super) fn heading(view: &View<'_>, key: &str, run: &Run) -> String {
    view.tell(
        key,
        [
            ("run", run.id.to_string().into()),
            ("title", view.title(run)),
        ],
    )
}

fn under_way(view: &View<'_>, run: &Run, transfer: Option<Transfer>) -> Card {
    let mut page = Page::titled(heading(view, "run-title", run));
    page.line(bar(view, run));
    page.lines(now(view, run, transfer));
    page.line(elapsed(view, run));
    page.gap();
    page.lines(steps::lines(view, run));
    page.gap();
    page.lines(origin(view, run));
    if run.phase == Phase::Active && !run.cancel_requested {
        page.line(view.say("run-cancel-hint"));
    }
    page.plain(view)
}

fn finished(view: &View<'_>, run: &Run, outcome: Outcome) -> Card {
    let mut page = Page::titled(heading(view, "run-title", run));
    page.line(ended(view, run, outcome));
    if run.started_at.is_some() {
        page.line(took(view, run));
        page.gap();
        page.lines(steps::lines(view, run));
    }
    page.gap();
    page.lines(origin(view, run));
    page.plain(view)
}

/// How it ended, in one or two sentences.
pub(super) fn ended(view: &View<'_>, run: &Run, outcome: Outcome) -> String {
    let backup = run.plan.backup.as_ref();
    let time = backup.map_or(Arg::from(""), |chosen| Arg::Time(chosen.backup.time.at()));
    let key = match (outcome, backup) {
        (Outcome::Recovered, None) => "outcome-done".to_owned(),
        _ => format!("outcome-{}", outcome.as_str()),
    };
    view.tell(&key, [("backup", time)])
}

fn took(view: &View<'_>, run: &Run) -> String {
    let took = run_time(view, run);
    let (key, over) = match took.checked_sub(view.rto) {
        Some(over) if !over.is_zero() => ("run-took-over", over),
        _ => ("run-took", Duration::ZERO),
    };
    view.tell(
        key,
        [
            ("elapsed", took.into()),
            ("over", over.into()),
            ("rto", view.rto.into()),
        ],
    )
}

/// From the start to the end, or to now.
pub(super) fn run_time(view: &View<'_>, run: &Run) -> Duration {
    let end = run.finished_at.unwrap_or(view.now);
    run.started_at
        .map_or(Duration::ZERO, |from| between(from, end))
}

fn elapsed(view: &View<'_>, run: &Run) -> String {
    let elapsed = run_time(view, run);
    let (key, over) = match elapsed.checked_sub(view.rto) {
        Some(over) if !over.is_zero() => ("run-over", over),
        _ => ("run-elapsed", Duration::ZERO),
    };
    view.tell(
        key,
        [
            ("elapsed", elapsed.into()),
            ("over", over.into()),
            ("rto", view.rto.into()),
        ],
    )
}

fn origin(view: &View<'_>, run: &Run) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(chosen) = &run.plan.backup {
        lines.push(plan::described(
            view,
            run.plan.made_at,
            &chosen.backup,
            "run-backup",
        ));
    }
    let asked = [
        ("by", view.who(&run.requester)),
        ("at", view.at(run.proposed_at)),
    ];
    lines.push(view.tell("run-requester", asked));
    lines
}

fn bar(view: &View<'_>, run: &Run) -> String {
    let all = run.plan.runbook.steps.len();
    let states = run
        .plan
        .runbook
        .steps
        .iter()
        .map(|step| run.state_of(&step.id));
    let done = states
        .filter(|state| {
            matches!(
                state,
                StepState::Succeeded { .. } | StepState::Skipped { .. } | StepState::NotDue
            )
        })
        .count();
    let full = (done * CELLS).checked_div(all).unwrap_or(CELLS).min(CELLS);
    let bar = format!("{}{}", "▓".repeat(full), "░".repeat(CELLS - full));
    view.tell(
        "run-progress",
        [
            ("bar", bar.into()),
            ("step", super::count((done + 1).min(all))),
            ("steps", super::count(all)),
        ],
    )
}

/// What it is doing, or what it waits for.
fn now(view: &View<'_>, run: &Run, transfer: Option<Transfer>) -> Vec<String> {
    let mut lines = Vec::new();
    if matches!(run.phase, Phase::RollingBack(_)) {
        lines.push(view.say("run-undoing"));
    } else if run.cancel_requested && run.hold().is_none() {
        lines.push(view.say("run-cancelling"));
    }
    if let Some((id, attempt)) = run.running() {
        let name = ("step", Arg::from(steps::title_of(view, &run.plan, &id)));
        lines.push(if attempt > 1 {
            view.tell(
                "run-now-again",
                [name, ("attempt", i64::from(attempt).into())],
            )
        } else {
            view.tell("run-now", [name])
        });
        lines.extend(transfer.map(|transfer| amount(view, run, transfer)));
        return lines;
    }
    match next(run) {
        Next::AwaitApproval(gate) => lines.extend(awaits(view, run, &gate)),
        Next::Wait(_) => lines.push(view.say("run-waits-person")),
        Next::Perform { step, .. } | Next::Look { step, .. } => {
            let name = steps::title_of(view, &run.plan, &step);
            lines.push(view.tell("run-next", [("step", name.into())]));
        }
        _ => {}
    }
    lines
}

fn awaits(view: &View<'_>, run: &Run, gate: &GateId) -> Option<String> {
    let approval = run.approval(gate)?;
    Some(view.tell(
        "run-waits-approval",
        [
            ("given", super::count(approval.approved_by.len())),
            ("required", i64::from(approval.request.required).into()),
            ("until", view.at(approval.request.expires_at)),
        ],
    ))
}

fn amount(view: &View<'_>, run: &Run, transfer: Transfer) -> String {
    let Transfer { done, total } = transfer;
    let unit = |amount: u64| match run.running().and_then(|(id, _)| run.plan.step(&id)) {
        Some(step) if !step.action.moves_bytes() => {
            Arg::Number(i64::try_from(amount).unwrap_or(i64::MAX))
        }
        _ => Arg::Bytes(amount),
    };
    let taken = ("done", unit(done));
    if total == 0 {
        return view.tell("run-bytes-open", [taken]);
    }
    let all = ("total", unit(total));
    match remaining(view, run, transfer) {
        Some(left) => view.tell("run-bytes-left", [taken, all, ("left", left.into())]),
        None => view.tell("run-bytes", [taken, all]),
    }
}

fn remaining(view: &View<'_>, run: &Run, transfer: Transfer) -> Option<Duration> {
    let (step, _) = run.running()?;
    let StepState::Running { since, .. } = run.state_of(&step) else {
        return None;
    };
    let spent = view.since(*since);
    let left = transfer.total.checked_sub(transfer.done)?;
    if spent < SETTLED || transfer.done == 0 || left == 0 {
        return None;
    }
    let millis = spent.as_millis() * u128::from(left) / u128::from(transfer.done);
    let left = Duration::from_millis(u64::try_from(millis).ok()?);
    // "About 0 s" helps nobody.
    (left >= Duration::from_secs(1)).then_some(left)
}
