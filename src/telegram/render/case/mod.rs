//! Messages of an incident.

mod ask;
#[cfg(test)]
mod tests;

pub use ask::{answers, due, items, note, owner, page_of, question, reminder, task};

use super::{Button, Card, Page, View, count};
use crate::document::{self, Words};
use crate::domain::alert::Incident;
use crate::domain::case::{Case, Dossier};
use crate::domain::failure::Arg;
use crate::domain::ids::CaseId;
use crate::domain::run::{Phase, Run};
use crate::telegram::case::CaseAct;
use crate::telegram::intent::Intent;

/// Alerts and runs told of each; more belongs into the document.
const SHOWN: usize = 6;

fn words<'a>(view: &View<'a>) -> Words<'a> {
    Words {
        i18n: view.i18n,
        locale: view.locale,
    }
}

fn button(view: &View<'_>, key: &str, case: CaseId, act: CaseAct) -> Button {
    Button {
        label: view.word(key),
        intent: Intent::Case { case, act },
    }
}

fn named(view: &View<'_>, key: &str, dossier: &Dossier) -> String {
    let title = document::title(&words(view), dossier);
    view.tell(
        key,
        [
            ("incident", dossier.case.id.to_string().into()),
            ("title", title.into()),
        ],
    )
}

/// The incident as it stands.
#[must_use]
pub fn card(view: &View<'_>, dossier: &Dossier) -> Card {
    let case = &dossier.case;
    let mut page = Page::titled(named(view, "incident-title", dossier));
    page.line(state(view, case));
    let alerts = dossier.alerts.iter().take(SHOWN);
    page.lines(alerts.map(|alert| alerted(view, alert)));
    let runs = dossier.courses.iter().take(SHOWN);
    page.lines(runs.map(|course| ran(view, &course.run)));
    page.lines(dossier.unreadable().map(|run| {
        let run = run.to_string().into();
        view.tell("incident-run-unreadable", [("run", run)])
    }));
    page.gap();
    page.line(view.tell(
        "incident-counts",
        [
            ("notes", count(case.notes.len())),
            ("items", count(case.items.len())),
            ("open", count(case.to_do().count())),
        ],
    ));
    page.line(written(view, case));
    page.with(view, buttons(view, case))
}

fn buttons(view: &View<'_>, case: &Case) -> Vec<Vec<Button>> {
    let on = |key, act| button(view, key, case.id, act);
    let mut rows = vec![
        vec![
            on("incident-fill", CaseAct::Fill),
            on("incident-note", CaseAct::Note),
        ],
        vec![
            on("incident-timeline", CaseAct::Timeline),
            on("incident-items", CaseAct::Items),
        ],
        files(view, case.id),
    ];
    if case.is_open() {
        rows.push(vec![on("incident-close", CaseAct::Close { sure: false })]);
    }
    rows
}

fn files(view: &View<'_>, case: CaseId) -> Vec<Button> {
    vec![
        button(view, "incident-markdown", case, CaseAct::Markdown),
        button(view, "incident-html", case, CaseAct::Html),
    ]
}

fn state(view: &View<'_>, case: &Case) -> String {
    let since = view.at(case.since);
    match (&case.closed, case.until()) {
        (Some((by, at)), _) => view.tell(
            "incident-closed-by",
            [("by", view.who(by)), ("at", view.at(*at))],
        ),
        (None, Some(until)) => view.tell(
            "incident-over",
            [
                ("since", since),
                ("until", view.at(until)),
                ("length", super::between(case.since, until).into()),
                (
                    "complete",
                    if case.is_complete() { "yes" } else { "no" }.into(),
                ),
            ],
        ),
        (None, None) => view.tell(
            "incident-open",
            [("since", since), ("length", view.since(case.since).into())],
        ),
    }
}

fn alerted(view: &View<'_>, alert: &Incident) -> String {
    let cause = super::health::cause(view, &alert.candidate);
    let state = if alert.is_open() { "open" } else { "over" };
    view.tell(
        "incident-alert",
        [("cause", cause.into()), ("state", state.into())],
    )
}

fn ran(view: &View<'_>, run: &Run) -> String {
    let state = match run.phase {
        Phase::Finished(outcome) => view.word(&format!("outcome-{}.short", outcome.as_str())),
        Phase::RollingBack(_) => view.word("phase-rolling-back"),
        Phase::Active | Phase::Proposed => view.word("phase-active"),
    };
    view.tell(
        "incident-run",
        [
            ("run", run.id.to_string().into()),
            ("title", view.title(run)),
            ("state", state.into()),
        ],
    )
}

/// What is written of the document, and what is not.
fn written(view: &View<'_>, case: &Case) -> String {
    let missing: Vec<String> = case
        .missing()
        .map(|question| view.word(&format!("incident-heading-{}", question.as_str())))
        .collect();
    if missing.is_empty() {
        view.say("incident-complete")
    } else {
        view.tell("incident-missing", [("missing", missing.join(", ").into())])
    }
}

/// It is over: what the program knows stands in the document, the rest is the people's.
#[must_use]
pub fn draft(view: &View<'_>, dossier: &Dossier) -> Card {
    let case = &dossier.case;
    let mut page = Page::titled(named(view, "incident-draft", dossier));
    page.line(written(view, case));
    page.line(view.say("incident-draft-hint"));
    let fill = button(view, "incident-fill", case.id, CaseAct::Fill);
    let show = button(view, "incident-show", case.id, CaseAct::Show);
    page.with(view, vec![vec![fill, show], files(view, case.id)])
}

/// What happened. The beginning is left out where it does not fit: what is new is asked for.
#[must_use]
pub fn timeline(view: &View<'_>, dossier: &Dossier) -> Card {
    let mut page = Page::titled(named(view, "incident-timeline-title", dossier));
    let mut lines: Vec<String> = document::lines(&words(view), dossier)
        .into_iter()
        .map(|line| {
            let at = view.brief(line.at);
            view.tell(
                "incident-timeline-line",
                [("at", at.into()), ("text", line.text.into())],
            )
        })
        .collect();
    let mut room = super::LIMIT - 400;
    let fits = lines.iter().rev().take_while(|line| {
        let left = room.checked_sub(super::page::units(line) + 1);
        room = left.unwrap_or(0);
        left.is_some()
    });
    let fits = fits.count();
    let left_out = lines.len() - fits;
    if left_out > 0 {
        lines.drain(..left_out);
        page.line(view.tell("incident-timeline-more", [("count", count(left_out))]));
    }
    page.lines(lines);
    let back = button(view, "incident-back", dossier.case.id, CaseAct::Card);
    page.with(view, vec![vec![back]])
}

/// The latest incidents.
#[must_use]
pub fn list(view: &View<'_>, cases: &[Dossier]) -> Card {
    if cases.is_empty() {
        return none(view);
    }
    let mut page = Page::titled(view.say("incident-list"));
    page.lines(cases.iter().map(|dossier| {
        let case = &dossier.case;
        let state = match (case.is_open(), case.until()) {
            (false, _) => "closed",
            (true, Some(_)) => "over",
            (true, None) => "open",
        };
        view.tell(
            "incident-list-line",
            [
                ("incident", case.id.to_string().into()),
                ("at", Arg::from(view.i18n.minute(view.locale, case.since))),
                ("title", document::title(&words(view), dossier).into()),
                ("state", state.into()),
            ],
        )
    }));
    let buttons: Vec<Button> = cases
        .iter()
        .map(|dossier| Button {
            label: dossier.case.id.to_string(),
            intent: Intent::Case {
                case: dossier.case.id,
                act: CaseAct::Show,
            },
        })
        .collect();
    page.with(view, buttons.chunks(4).map(<[Button]>::to_vec).collect())
}

/// No incident is open.
#[must_use]
pub fn none(view: &View<'_>) -> Card {
    let open = Button {
        label: view.word("incident-open-one"),
        intent: Intent::OpenCase,
    };
    Page::titled(view.say("incident-none")).with(view, vec![vec![open]])
}

/// Whether to close it although something is left.
#[must_use]
pub fn close(view: &View<'_>, dossier: &Dossier) -> Card {
    let case = &dossier.case;
    let mut page = Page::titled(named(view, "incident-close-ask", dossier));
    if !(case.open_alerts.is_empty() && case.open_runs.is_empty()) {
        page.line(view.say("incident-close-goes-on"));
    }
    page.line(written(view, case));
    page.line(view.say("incident-close-hint"));
    let close = button(
        view,
        "incident-close",
        case.id,
        CaseAct::Close { sure: true },
    );
    let back = button(view, "incident-back", case.id, CaseAct::Card);
    page.with(view, vec![vec![close, back]])
}
