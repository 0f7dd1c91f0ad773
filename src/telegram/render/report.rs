//! The report: what was done, how long it took, what is lost, where the old database lies.

use super::{Card, Page, View, between, leftover, patient, plan, run as live, steps};
use crate::domain::Timestamp;
use crate::domain::approval::{Approval, Verdict};
use crate::domain::database::Proof;
use crate::domain::event::Outcome;
use crate::domain::facts::Facts;
use crate::domain::failure::Arg;
use crate::domain::run::{Phase, Run};
use std::time::Duration;

/// The report of a run that has ended.
#[must_use]
pub fn card(view: &View<'_>, run: &Run) -> Card {
    let mut page = Page::titled(live::heading(view, "report-title", run));
    let outcome = match run.phase {
        Phase::Finished(outcome) => outcome,
        // Owed by an event that ended it; whatever came since, it is told as it stands.
        _ => Outcome::Aborted,
    };
    page.line(live::ended(view, run, outcome));
    if outcome == Outcome::Aborted {
        page.line(view.lead("hold-state", "state", &patient::state(view, run)));
    }
    page.lines(times(view, run));
    let version = Arg::Number(i64::from(run.plan.runbook.version));
    page.line(view.tell("report-version", [("version", version)]));
    page.lines(left(view, run));
    page.gap();
    page.line(view.say("report-steps"));
    page.lines(steps::lines(view, run));
    page.lines(approvals(view, run));
    page.gap();
    page.line(view.say("report-lost"));
    page.lines(lost(view, run, outcome));
    page.lines(restored(view, run));
    page.lines(quarantine(view, run));
    page.plain(view)
}

/// Before the steps: it is what the reader has to do.
fn left(view: &View<'_>, run: &Run) -> Vec<String> {
    let left = run.leftovers();
    if left.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), view.say("report-left")];
    lines.extend(left.iter().map(|left| leftover::line(view, left)));
    lines
}

fn times(view: &View<'_>, run: &Run) -> Vec<String> {
    let (Some(started), Some(ended)) = (run.started_at, run.finished_at) else {
        return Vec::new();
    };
    let elapsed = between(started, ended);
    let work = run.working_time();
    let mut lines = vec![
        view.tell(
            "report-times",
            [
                ("started", view.at(started)),
                ("ended", view.at(ended)),
                ("by", view.who(&run.requester)),
            ],
        ),
        view.tell(
            "report-took",
            [
                ("elapsed", elapsed.into()),
                ("work", work.into()),
                ("waits", elapsed.saturating_sub(work).into()),
                ("rto", view.rto.into()),
            ],
        ),
    ];
    if let Some(over) = elapsed.checked_sub(view.rto).filter(|over| !over.is_zero()) {
        lines.push(view.tell("report-over", [("over", over.into())]));
    }
    lines
}

fn approvals(view: &View<'_>, run: &Run) -> Vec<String> {
    if run.approvals().is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), view.say("report-approvals")];
    lines.extend(
        run.approvals()
            .iter()
            .map(|approval| settled(view, approval)),
    );
    lines
}

fn settled(view: &View<'_>, approval: &Approval) -> String {
    let waited = |until: Timestamp| -> Duration { between(approval.request.asked_at, until) };
    let last = approval.approved_by.last().map(|(by, _)| by);
    let (key, by, waited) = match &approval.verdict {
        Some(Verdict::Granted { at }) => ("report-approval-granted", last, waited(*at)),
        Some(Verdict::Denied { by, at }) => ("report-approval-denied", Some(by), waited(*at)),
        Some(Verdict::Expired { at }) => ("report-approval-expired", None, waited(*at)),
        Some(Verdict::Voided { at }) => ("report-approval-voided", None, waited(*at)),
        None => ("report-approval-voided", None, waited(view.now)),
    };
    if let Some(glass) = &approval.glass {
        return view.tell(
            "report-approval-glass",
            [
                ("gate", view.gate(&approval.request.gate).into()),
                ("by", view.who(&glass.by)),
                ("waited", waited.into()),
                ("reason", glass.reason.as_str().into()),
            ],
        );
    }
    view.tell(
        key,
        [
            ("gate", view.gate(&approval.request.gate).into()),
            ("by", by.map_or(Arg::from(""), |by| view.who(by))),
            ("waited", waited.into()),
        ],
    )
}

/// Only a database that stands in place loses what came after it; Redis what was in it.
fn lost(view: &View<'_>, run: &Run, outcome: Outcome) -> Vec<String> {
    let installed = run.find_facts(|facts| matches!(facts, Facts::Installed { .. }).then_some(()));
    let emptied = run.find_facts(|facts| match facts {
        Facts::Flushed(flushed) => Some(flushed.keys),
        _ => None,
    });
    match (outcome, installed, emptied) {
        (_, _, Some(keys)) => vec![emptied_redis(view, run, keys)],
        (Outcome::Recovered, ..) if run.plan.backup.is_none() => {
            vec![view.say("report-lost-nothing")]
        }
        (Outcome::Recovered, ..) | (_, Some(()), _) => plan::lost(view, run),
        _ => vec![view.say("report-lost-nothing")],
    }
}

fn emptied_redis(view: &View<'_>, run: &Run, keys: u64) -> String {
    let unknown = run.find_facts(|facts| match facts {
        Facts::RedisInspected(content) => Some(content.unknown_jobs),
        _ => None,
    });
    let count = |count: u64| Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
    match unknown {
        Some(unknown) => view.tell(
            "report-lost-redis",
            [("keys", count(keys)), ("jobs", count(unknown))],
        ),
        None => view.tell("report-lost-keys", [("keys", count(keys))]),
    }
}

fn restored(view: &View<'_>, run: &Run) -> Vec<String> {
    let staged = run.find_facts(|facts| match facts {
        Facts::Staged(staged) => Some(staged.clone()),
        _ => None,
    });
    let (Some(staged), Phase::Finished(Outcome::Recovered)) = (staged, run.phase) else {
        return Vec::new();
    };
    let hash = staged.content.short();
    let mut lines = vec![
        String::new(),
        view.tell(
            "report-content",
            [("bytes", Arg::Bytes(staged.bytes)), ("hash", hash.into())],
        ),
    ];
    if let Some(at) = staged.newest_row {
        lines.push(view.tell("report-newest", [("at", view.at(at))]));
    }
    if matches!(staged.proof, Proof::Record { .. }) {
        lines.push(view.say("report-background-check"));
    }
    lines
}

/// Size and short hash of what was fetched.
pub(super) fn staged(run: &Run) -> Option<(Arg, Arg)> {
    run.find_facts(|facts| match facts {
        Facts::Staged(staged) => {
            Some((Arg::Bytes(staged.bytes), Arg::from(staged.content.short())))
        }
        _ => None,
    })
}

fn quarantine(view: &View<'_>, run: &Run) -> Vec<String> {
    let aside = run.find_facts(|facts| match facts {
        Facts::Quarantined(aside) => Some(aside.clone()),
        _ => None,
    });
    let Some(aside) = aside else {
        return Vec::new();
    };
    if aside.files.is_empty() {
        return vec![String::new(), view.say("report-quarantine-none")];
    }
    let files: Vec<&str> = aside.files.iter().map(|file| file.name.as_str()).collect();
    let kept = [
        ("folder", aside.folder.display().to_string().into()),
        ("files", files.join(", ").into()),
    ];
    vec![String::new(), view.tell("report-quarantine", kept)]
}
