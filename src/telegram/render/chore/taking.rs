//! Backups that were taken, and those that went.

use super::{View, backups, count};
use crate::domain::chore::taking::{Pruned, Stored, Taken};
use crate::domain::failure::Arg;
use std::time::Duration;

pub(super) fn taken(view: &View<'_>, taken: &Taken) -> Vec<String> {
    let mut lines = vec![view.tell(
        "taken-what",
        [
            ("time", Arg::Time(taken.time.at())),
            ("bytes", Arg::Bytes(taken.bytes)),
            ("size", Arg::Bytes(taken.size)),
        ],
    )];
    lines.extend(taken.places.iter().map(|it| stored(view, it)));
    if !taken.missing.is_empty() {
        let missing = taken.missing.join(", ");
        lines.push(view.tell("taken-missing", [("missing", missing.into())]));
    }
    lines.push(view.tell("taken-rows", [("rows", rows(view, taken).into())]));
    lines.push(match taken.held_millis {
        Some(millis) => view.tell("taken-held", [("millis", number(millis))]),
        None => view.say("taken-undisturbed"),
    });
    let seconds = |millis| Arg::from(Duration::from_millis(millis));
    lines.push(view.tell(
        "taken-took",
        [
            ("copy", seconds(taken.took.copy)),
            ("check", seconds(taken.took.check)),
            ("store", seconds(taken.took.store)),
            ("back", seconds(taken.took.read_back)),
        ],
    ));
    if let Some(gone) = &taken.pruned {
        lines.extend(pruned(view, gone));
    }
    lines
}

/// A place, with what is wrong there.
fn stored(view: &View<'_>, stored: &Stored) -> String {
    let state = match (&stored.failure, stored.there) {
        (None, _) => "proved",
        (Some(_), true) => "unproved",
        (Some(_), false) => "missing",
    };
    let name = stored.name.as_str();
    let line = view.tell(
        "taken-place",
        [("place", name.into()), ("state", state.into())],
    );
    match &stored.failure {
        Some(failure) => format!("{line} {}", view.failure(failure)),
        None => line,
    }
}

fn rows(view: &View<'_>, taken: &Taken) -> String {
    let one = |(table, rows): (&String, &u64)| {
        let pair = [("table", table.as_str().into()), ("rows", number(*rows))];
        view.words("taken-table", pair)
    };
    taken.counts.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub(super) fn pruned(view: &View<'_>, pruned: &Pruned) -> Vec<String> {
    let mut lines = vec![view.tell("pruned-count", [("count", count(pruned.removed.len()))])];
    lines.extend(
        pruned
            .removed
            .iter()
            .map(|it| backups::spent_line(view, it)),
    );
    for (spent, failure) in &pruned.kept {
        let line = backups::spent_line(view, spent);
        lines.push(format!("{line}. {}", view.failure(failure)));
    }
    for (place, failure) in &pruned.silent {
        let head = view.tell("spendable-silent", [("place", view.place(place))]);
        lines.push(format!("{head} {}", view.failure(failure)));
    }
    lines
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}
