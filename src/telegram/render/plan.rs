//! The plan: what will be done, from which backup, what is lost, how long it takes.

use super::{Button, Card, Page, View, args, between, jobs, steps};
use crate::domain::action::Action;
use crate::domain::approval::Policy;
use crate::domain::backup::Backup;
use crate::domain::case::Lost;
use crate::domain::catalogue::is_future;
use crate::domain::choice::Choice;
use crate::domain::database::{Counts, Loss};
use crate::domain::failure::Arg;
use crate::domain::plan::{ChosenBackup, Plan};
use crate::domain::run::Run;
use jiff::Timestamp;
use std::time::Duration;

/// A proposed run with the buttons to begin or withdraw it.
#[must_use]
pub fn proposed(view: &View<'_>, run: &Run, policy: &Policy) -> Card {
    let mut page = Page::titled(view.tell(
        "plan-title",
        [
            ("run", run.id.to_string().into()),
            ("title", view.title(run)),
        ],
    ));
    page.line(view.say("plan-untouched"));
    page.lines(backup(view, &run.plan));
    if let Some(retry) = &run.plan.retry {
        page.gap();
        page.lines(jobs::facts(view, retry));
    }
    page.gap();
    page.line(view.say("plan-loss"));
    page.lines(loss(view, &run.plan));
    page.gap();
    page.line(view.say("plan-steps"));
    page.lines(numbered(view, &run.plan));
    page.gap();
    page.line(duration(view, &run.plan));
    if run.plan.gates().next().is_some() {
        page.line(approvers(view, policy));
        page.line(view.say("plan-start"));
    }
    page.with(view, vec![begin(view, run)])
}

fn begin(view: &View<'_>, run: &Run) -> Vec<Button> {
    [Choice::Start, Choice::Cancel]
        .map(|choice| view.answer(run, choice))
        .into()
}

fn backup(view: &View<'_>, plan: &Plan) -> Vec<String> {
    let Some(chosen) = &plan.backup else {
        return Vec::new();
    };
    let ChosenBackup { backup, record, .. } = chosen;
    let proof = match record {
        Some(record) => view.tell(
            "plan-proof-record",
            [("verified", view.at(record.verified_at))],
        ),
        None => view.say("plan-proof-full"),
    };
    let mut lines = vec![
        String::new(),
        view.say("plan-backup"),
        described(view, plan.made_at, backup, "plan-backup-line"),
    ];
    lines.extend(warnings(view, plan));
    lines.push(proof);
    lines
}

/// What speaks against the backup that somebody chose all the same.
pub(super) fn warnings(view: &View<'_>, plan: &Plan) -> Vec<String> {
    let Some(ChosenBackup { backup, failed, .. }) = &plan.backup else {
        return Vec::new();
    };
    let failed = failed.as_ref().map(|failed| {
        let why = view.words("backup-flaw", [("code", failed.code.as_str().into())]);
        let at = view.at(failed.at);
        view.tell("plan-backup-failed", [("at", at), ("why", why.into())])
    });
    let future = is_future(backup.time, plan.made_at).then(|| view.say("plan-backup-future"));
    failed.into_iter().chain(future).collect()
}

/// A backup's time, age at this moment, size and place, in the words of this key.
pub(super) fn described(view: &View<'_>, at: Timestamp, backup: &Backup, key: &str) -> String {
    view.tell(
        key,
        [
            ("time", Arg::Time(backup.time.at())),
            ("age", between(backup.time.at(), at).into()),
            ("size", Arg::Bytes(backup.size)),
            ("place", view.place(&backup.place)),
        ],
    )
}

/// What a restore loses, as far as it can be told.
pub(super) fn loss(view: &View<'_>, plan: &Plan) -> Vec<String> {
    if plan.backup.is_none() {
        let steps = &plan.runbook.steps;
        let empties = steps
            .iter()
            .any(|step| matches!(step.action, Action::FlushRedis { .. }));
        return vec![view.say(if empties { "loss-redis" } else { "loss-none" })];
    }
    counted(view, plan.loss.as_ref(), plan.longest_loss())
}

/// What a restore loses as it was counted, and the longest time whose writes it may lose.
pub(super) fn counted(
    view: &View<'_>,
    loss: Option<&Loss>,
    longest: Option<Duration>,
) -> Vec<String> {
    let Some(Loss { span, rows }) = loss else {
        return vec![view.say("loss-not-known")];
    };
    let time = match span {
        Some(span) => view.tell("loss-span", [("span", (*span).into())]),
        None => {
            let most = longest.unwrap_or_default();
            view.tell("loss-span-unknown", [("span", most.into())])
        }
    };
    vec![time, rows_told(view, rows.as_ref())]
}

/// What a restore lost, once it is over: the plan could not know what REI wrote until it was stopped.
pub(super) fn lost(view: &View<'_>, run: &Run) -> Vec<String> {
    let Some(Lost::AfterBackup { span, most, rows }) = Lost::by(run) else {
        return loss(view, &run.plan);
    };
    let mut told = vec![match span {
        Some(span) => view.tell("loss-span", [("span", span.into())]),
        None => view.tell("loss-span-most", [("span", most.into())]),
    }];
    told.push(rows_told(view, rows.as_ref()));
    if span.is_none() && rows.is_some() {
        told.push(view.say("loss-rows-before"));
    }
    told
}

fn rows_told(view: &View<'_>, rows: Option<&Counts>) -> String {
    let Some(rows) = rows else {
        return view.say("loss-rows-unknown");
    };
    let new: Vec<String> = rows
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(table, count)| {
            let count = Arg::Number(i64::try_from(*count).unwrap_or(i64::MAX));
            view.words(
                "loss-row",
                [("table", table.as_str().into()), ("count", count)],
            )
        })
        .collect();
    if new.is_empty() {
        view.say("loss-no-rows")
    } else {
        view.tell("loss-rows", [("rows", new.join(", ").into())])
    }
}

fn numbered(view: &View<'_>, plan: &Plan) -> Vec<String> {
    let mut open = Vec::new();
    let mut lines = Vec::new();
    for (index, step) in plan.runbook.steps.iter().enumerate() {
        // Steps of one gate share one approval: only the first of them waits.
        let waits = step.gate.as_ref().is_some_and(|gate| !open.contains(&gate));
        open.extend(step.gate.as_ref());
        let key = if waits { "plan-step-gate" } else { "plan-step" };
        let name = steps::title(view, step);
        lines.push(view.tell(
            key,
            [("number", super::count(index + 1)), ("step", name.into())],
        ));
    }
    lines
}

fn duration(view: &View<'_>, plan: &Plan) -> String {
    let key = if plan.measured > 0 {
        "plan-expected"
    } else {
        "plan-estimate"
    };
    let values = args([
        ("expected", plan.expected.into()),
        ("measured", i64::from(plan.measured).into()),
    ]);
    view.i18n.html(view.locale, key, &values)
}

fn approvers(view: &View<'_>, policy: &Policy) -> String {
    let own = if policy.allow_self { "yes" } else { "no" };
    view.tell(
        "plan-approval",
        [
            ("required", i64::from(policy.required).into()),
            ("self", own.into()),
        ],
    )
}
