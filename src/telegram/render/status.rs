//! `/status`.

use super::{Button, Card, Page, View, backups, runs};
use crate::domain::failure::Arg;
use crate::domain::unit::UnitStatus;
use crate::ops::{BackupHealth, Status, UnitReading};
use crate::ports::glance::Glance;
use crate::telegram::intent::Intent;
use std::time::Duration;

/// What is known of REI now.
#[must_use]
pub fn card(view: &View<'_>, status: &Status, rpo: Duration) -> Card {
    let mut page = Page::titled(view.tell("status-title", [("at", Arg::Time(status.at))]));
    page.gap();
    page.line(view.say("status-units"));
    page.lines(status.units.iter().map(|unit| self::unit(view, unit)));
    page.gap();
    page.line(view.say("status-database"));
    page.lines(database(view, status));
    page.gap();
    page.line(view.say("status-backups"));
    page.lines(newest(view, &status.backups, rpo));
    page.gap();
    page.line(view.say("status-run"));
    page.line(current(view, status));
    if status.backlog > 0 {
        let waiting = Arg::Number(i64::try_from(status.backlog).unwrap_or(i64::MAX));
        page.line(view.tell("status-backlog", [("count", waiting)]));
    }
    let refresh = Button {
        label: view.word("status-refresh"),
        intent: Intent::Refresh,
    };
    page.with(view, vec![vec![refresh]])
}

fn unit(view: &View<'_>, reading: &UnitReading) -> String {
    let name = ("unit", Arg::from(reading.unit.as_str()));
    match &reading.status {
        Err(failure) => {
            let head = view.tell("status-unit-unknown", [name, ("why", "".into())]);
            format!("{head}{}", view.failure(failure))
        }
        Ok(UnitStatus {
            state,
            since,
            restarts,
            ..
        }) => {
            let word = view.words("unit-state", [("state", state.as_str().into())]);
            let state = ("state", Arg::from(word));
            match (since, restarts) {
                (Some(since), Some(restarts)) if *restarts > 0 => view.tell(
                    "status-unit-restarts",
                    [
                        name,
                        state,
                        ("since", view.at(*since)),
                        ("restarts", i64::from(*restarts).into()),
                    ],
                ),
                (Some(since), _) => view.tell(
                    "status-unit-since",
                    [name, state, ("since", view.at(*since))],
                ),
                _ => view.tell("status-unit", [name, state]),
            }
        }
    }
}

fn database(view: &View<'_>, status: &Status) -> Vec<String> {
    let glance = match &status.database {
        Ok(glance) => glance,
        Err(failure) => {
            return vec![view.lead("status-database-unknown", "why", &view.failure(failure))];
        }
    };
    let mut lines = vec![size(view, glance)];
    if let Some(wal) = glance.wal.filter(|wal| *wal > 0) {
        lines.push(view.tell("status-database-wal", [("wal", Arg::Bytes(wal))]));
    }
    if glance.size.is_some() {
        lines.push(match &glance.readable {
            Ok(()) => view.say("status-database-readable"),
            Err(failure) => view.lead("status-database-unreadable", "why", &view.failure(failure)),
        });
    }
    lines.push(view.tell("status-free", [("free", Arg::Bytes(glance.free))]));
    lines
}

fn size(view: &View<'_>, glance: &Glance) -> String {
    match (glance.size, glance.last_write) {
        (None, _) => view.say("status-database-missing"),
        (Some(size), Some(at)) => view.tell(
            "status-database-size",
            [("size", Arg::Bytes(size)), ("ago", view.since(at).into())],
        ),
        (Some(size), None) => view.tell("status-database-size-only", [("size", Arg::Bytes(size))]),
    }
}

fn newest(view: &View<'_>, health: &BackupHealth, rpo: Duration) -> Vec<String> {
    let mut lines = Vec::new();
    let rpo = ("rpo", Arg::from(rpo));
    match health.catalogue.latest(view.now) {
        None => lines.push(view.say("status-no-backup")),
        Some(listed) => {
            let backup = &listed.backup;
            let verified = if listed.record.is_some() { "yes" } else { "no" };
            lines.push(view.tell(
                "status-backup",
                [
                    ("time", Arg::Time(backup.time.at())),
                    ("age", view.since(backup.time.at()).into()),
                    ("size", Arg::Bytes(backup.size)),
                    ("place", view.place(&backup.place)),
                    ("verified", verified.into()),
                ],
            ));
        }
    }
    lines.push(match health.within_rpo {
        Some(true) => view.tell("status-rpo-within", [rpo]),
        Some(false) => view.tell("status-rpo-missed", [rpo]),
        None => view.tell("status-rpo-unknown", [rpo]),
    });
    lines.extend(backups::silent(view, &health.catalogue));
    lines
}

fn current(view: &View<'_>, status: &Status) -> String {
    match &status.run {
        None => view.say("status-run-none"),
        Some(run) => view.tell(
            "status-run-current",
            [
                ("run", run.id.to_string().into()),
                ("title", view.title(run)),
                ("phase", runs::phase(view, run).into()),
            ],
        ),
    }
}
