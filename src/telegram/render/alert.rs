//! An incident's message: one, edited as long as it lasts.

use super::{Button, Card, Page, View, between, health, status};
use crate::domain::alert::Incident;
use crate::domain::failure::Arg;
use crate::domain::ids::IncidentId;
use crate::ops::Runbooks;
use crate::telegram::intent::Intent;

/// Evidence told: more belongs into `/status`.
const EVIDENCE: usize = 5;

/// The incident as it stands.
#[must_use]
pub fn card(view: &View<'_>, incident: &Incident, runbooks: &Runbooks) -> Card {
    let muted = incident.muted_until.filter(|until| *until > view.now);
    let state = match (incident.until, muted) {
        (Some(_), _) => "over",
        (None, Some(_)) => "muted",
        (None, None) => "open",
    };
    let cause = health::cause(view, &incident.candidate);
    let mut page = Page::titled(view.tell(
        "alert-title",
        [("state", state.into()), ("cause", cause.into())],
    ));
    page.line(when(view, incident));
    page.lines(health::evidence(
        view,
        &incident.candidate.evidence,
        EVIDENCE,
    ));
    if incident.returns > 0 {
        let times = Arg::Number(i64::from(incident.returns));
        page.line(view.tell("alert-flapped", [("times", times)]));
    }
    if let (Some(until), None) = (muted, incident.until) {
        page.line(view.tell("alert-muted", [("until", view.at(until))]));
    }
    if !incident.is_open() {
        return page.plain(view);
    }
    page.with(view, buttons(view, incident, runbooks))
}

/// It is still there: a message of its own, because nobody reads an edit.
#[must_use]
pub fn reminder(view: &View<'_>, incident: &Incident, runbooks: &Runbooks) -> Card {
    let cause = health::cause(view, &incident.candidate);
    let length = between(incident.since, view.now);
    let mut page = Page::titled(view.tell(
        "alert-reminder",
        [("length", length.into()), ("cause", cause.into())],
    ));
    page.lines(health::evidence(
        view,
        &incident.candidate.evidence,
        EVIDENCE,
    ));
    page.with(view, buttons(view, incident, runbooks))
}

fn when(view: &View<'_>, incident: &Incident) -> String {
    match incident.until {
        Some(until) => view.tell(
            "alert-over",
            [
                ("since", view.at(incident.since)),
                ("until", view.at(until)),
                ("length", between(incident.since, until).into()),
            ],
        ),
        None => view.tell(
            "alert-since",
            [
                ("since", view.at(incident.since)),
                (
                    "certainty",
                    health::certainty(view, incident.candidate.certainty).into(),
                ),
            ],
        ),
    }
}

fn buttons(view: &View<'_>, incident: &Incident, runbooks: &Runbooks) -> Vec<Vec<Button>> {
    let answered = std::slice::from_ref(&incident.candidate);
    let mut rows = status::recovers(view, answered, runbooks);
    let id = IncidentId(incident.number);
    let (label, intent) = if incident.muted_until.is_some_and(|until| until > view.now) {
        ("alert-unmute", Intent::Unmute { incident: id })
    } else {
        ("alert-mute", Intent::Mute { incident: id })
    };
    rows.push(vec![
        Button {
            label: view.word(label),
            intent,
        },
        Button {
            label: view.word("alert-status"),
            intent: Intent::Status,
        },
    ]);
    rows
}
