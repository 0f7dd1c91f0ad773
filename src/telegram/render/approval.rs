//! The request for an approval: who asks, what exactly happens, until when; then who decided.

use super::{Button, Card, Page, View, glass, jobs, plan, run as live, steps, work};
use crate::domain::approval::{Approval, Policy, Verdict};
use crate::domain::facts::Facts;
use crate::domain::run::{Phase, Run};
use crate::telegram::intent::Intent;

/// The card of one request.
#[must_use]
pub fn card(view: &View<'_>, run: &Run, approval: &Approval, policy: &Policy) -> Card {
    let open = approval.verdict.is_none() && !matches!(run.phase, Phase::Finished(_));
    let key = if open {
        "approval-title"
    } else {
        "approval-settled"
    };
    let mut page = Page::titled(live::heading(view, key, run));
    page.line(view.tell(
        "approval-who",
        [("by", view.who(&approval.request.requester))],
    ));
    page.lines(actions(view, run, approval));
    page.gap();
    page.lines(facts(view, run, approval));
    page.gap();
    page.lines(standing(view, approval, policy));
    page.with(
        view,
        if open {
            let mut rows = vec![buttons(view, approval)];
            rows.extend(alone(view, approval, policy));
            rows
        } else {
            Vec::new()
        },
    )
}

/// Everything that one approval lets happen.
fn actions(view: &View<'_>, run: &Run, approval: &Approval) -> Vec<String> {
    let gate = &approval.request.gate;
    run.plan
        .runbook
        .steps
        .iter()
        .filter(|step| step.gate.as_ref() == Some(gate))
        .map(|step| {
            view.tell(
                "approval-step",
                [
                    ("step", steps::title(view, step).into()),
                    ("does", steps::does(view, &run.plan, &step.action).into()),
                ],
            )
        })
        .collect()
}

/// What it is about, as it was when the approval was asked: REI went on writing since the plan was made.
fn facts(view: &View<'_>, run: &Run, approval: &Approval) -> Vec<String> {
    let asked = approval.request.asked_at;
    let mut lines = Vec::new();
    if let Some(chosen) = &run.plan.backup {
        lines.push(plan::described(
            view,
            asked,
            &chosen.backup,
            "approval-backup",
        ));
        lines.extend(plan::warnings(view, &run.plan));
        lines.extend(content(view, run));
    }
    if let Some(retry) = &run.plan.retry {
        lines.extend(jobs::facts(view, retry));
        return lines;
    }
    let inspected = run.find_facts(|facts| match facts {
        Facts::RedisInspected(content) => Some(work::inspected(view, content)),
        _ => None,
    });
    lines.extend(inspected);
    if !run.plan.moves_database() {
        return lines;
    }
    let database = run.plan.database.display().to_string();
    lines.push(view.tell("approval-database", [("path", database.into())]));
    if run.plan.backup.is_some() {
        let counted = approval.request.loss.as_ref().or(run.plan.loss.as_ref());
        let mut loss = plan::counted(view, counted, run.plan.longest_loss_by(asked)).into_iter();
        let first = loss.next().unwrap_or_default();
        lines.push(view.lead("approval-loss", "loss", &first));
        lines.extend(loss);
    }
    lines
}

/// What was fetched, as its hash proves.
pub(super) fn content(view: &View<'_>, run: &Run) -> Option<String> {
    let (bytes, hash) = super::report::staged(run)?;
    Some(view.tell("approval-hash", [("bytes", bytes), ("hash", hash)]))
}

fn standing(view: &View<'_>, approval: &Approval, policy: &Policy) -> Vec<String> {
    let mut lines = approvers(view, approval);
    match &approval.verdict {
        None => {
            lines.insert(0, until(view, approval));
            let key = if policy.allow_self {
                "approval-self-word"
            } else {
                "approval-self-no"
            };
            lines.push(view.say(key));
            if may_go_on_alone(view, approval, policy) {
                lines.push(view.say("glass-offered"));
            }
        }
        Some(decided) => match &approval.glass {
            Some(glass) => lines.extend(glass::verdict(view, glass)),
            None => lines.push(verdict(view, decided)),
        },
    }
    lines
}

/// Who approved so far.
pub(super) fn approvers(view: &View<'_>, approval: &Approval) -> Vec<String> {
    let given = approval.approved_by.iter();
    given
        .map(|(by, at)| view.tell("approval-by", [("by", view.who(by)), ("at", view.at(*at))]))
        .collect()
}

/// How it was decided.
pub(super) fn verdict(view: &View<'_>, verdict: &Verdict) -> String {
    let (key, at) = match verdict {
        Verdict::Granted { at } => ("approval-granted", at),
        Verdict::Denied { by, at } => {
            let values = [("by", view.who(by)), ("at", view.at(*at))];
            return view.tell("approval-denied", values);
        }
        Verdict::Expired { at } => ("approval-expired", at),
        Verdict::Voided { at } => ("approval-voided", at),
    };
    view.tell(key, [("at", view.at(*at))])
}

pub(super) fn until(view: &View<'_>, approval: &Approval) -> String {
    view.tell(
        "approval-until",
        [
            ("until", view.at(approval.request.expires_at)),
            ("given", super::count(approval.approved_by.len())),
            ("required", i64::from(approval.request.required).into()),
        ],
    )
}

fn may_go_on_alone(view: &View<'_>, approval: &Approval, policy: &Policy) -> bool {
    policy.break_glass.is_some() && approval.glass_due(view.now)
}

/// A row of its own, and only when it is due: nobody hits it by mistake.
fn alone(view: &View<'_>, approval: &Approval, policy: &Policy) -> Option<Vec<Button>> {
    may_go_on_alone(view, approval, policy).then(|| {
        let request = approval.request.id.clone();
        vec![Button {
            label: view.word("choice-break-glass"),
            intent: Intent::BreakGlass { request },
        }]
    })
}

fn buttons(view: &View<'_>, approval: &Approval) -> Vec<Button> {
    let request = approval.request.id.clone();
    vec![
        Button {
            label: view.word("choice-approve"),
            intent: Intent::Approve {
                request: request.clone(),
            },
        },
        Button {
            label: view.word("choice-deny"),
            intent: Intent::Deny { request },
        },
    ]
}
