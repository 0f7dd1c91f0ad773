//! Lists of backups: to look at, and to choose from.

use super::{Button, Card, Page, View, count};
use crate::domain::catalogue::{Blemish, Catalogue, ListedBackup};
use crate::domain::chore::Task;
use crate::domain::failure::Arg;
use crate::domain::manifest::Manifest;
use crate::domain::retention::Spent;
use crate::domain::runbook::Runbook;
use crate::ops::{Holdings, Spendable};
use crate::telegram::intent::Intent;

/// Backups shown at once: more do not fit on a phone.
pub const PAGE: usize = 8;

/// So many that may go fit into a message, whatever their places are called: nobody agrees to what he
/// was not shown.
const SPENT: usize = 25;

/// `/backups`.
#[must_use]
pub fn list(view: &View<'_>, holdings: &Holdings, page: usize) -> Card {
    let mut text = Page::titled(view.say("backups-title"));
    let catalogue = &holdings.catalogue;
    let all: Vec<&ListedBackup> = catalogue.backups.iter().collect();
    let shown = window(&all, page);
    for (line, (_, listed)) in lines(view, &shown).into_iter().zip(&shown) {
        text.line(line);
        text.lines(holdings.manifest(listed).map(|it| own(view, it)));
    }
    text.lines(remarks(view, catalogue, all.len(), page));
    let mut keyboard = turn(view, all.len(), page, |page| Intent::Backups { page });
    keyboard.push(tests(view));
    keyboard.push(vec![button(view, "backups-take", Task::TakeBackup)]);
    keyboard.push(vec![Button {
        label: view.word("backups-spendable"),
        intent: Intent::Spendable,
    }]);
    text.with(view, keyboard)
}

fn button(view: &View<'_>, key: &str, ask: Task) -> Button {
    Button {
        label: view.word(key),
        intent: Intent::Chore { ask },
    }
}

/// What only its manifest tells of a backup.
fn own(view: &View<'_>, manifest: &Manifest) -> String {
    let rows = manifest.counts.values().sum::<u64>();
    view.tell(
        "backups-own",
        [
            ("bytes", Arg::Bytes(manifest.bytes)),
            ("rows", Arg::Number(rows.try_into().unwrap_or(i64::MAX))),
        ],
    )
}

/// What would be removed now, the oldest; one more press does it, of exactly those that are listed.
#[must_use]
pub fn spendable(view: &View<'_>, found: &Spendable) -> Card {
    let keep = [("keep", found.retention.into())];
    let mut text = Page::titled(view.tell("spendable-title", keep));
    let shown: Vec<Spent> = found.spent.iter().take(SPENT).cloned().collect();
    text.lines(shown.iter().map(|it| spent_line(view, it)));
    if shown.len() < found.spent.len() {
        let both = [
            ("shown", count(shown.len())),
            ("count", count(found.spent.len())),
        ];
        text.line(view.tell("spendable-more", both));
    }
    for (place, failure) in &found.silent {
        let head = view.tell("spendable-silent", [("place", view.place(place))]);
        text.line(format!("{head} {}", view.failure(failure)));
    }
    text.line(view.say("spendable-rule"));
    if found.spent.is_empty() {
        text.line(view.say("spendable-none"));
        return text.plain(view);
    }
    let remove = Button {
        label: view.words("spendable-remove", [("count", count(shown.len()))]),
        intent: Intent::Chore {
            ask: Task::Prune { shown },
        },
    };
    text.with(view, vec![vec![remove]])
}

/// A backup that may go, or has gone.
pub(super) fn spent_line(view: &View<'_>, spent: &Spent) -> String {
    view.tell(
        "spendable-line",
        [
            ("time", Arg::Time(spent.time.at())),
            ("age", view.since(spent.time.at()).into()),
            ("size", Arg::Bytes(spent.size)),
            ("place", view.place(&spent.place)),
        ],
    )
}

/// A test of the newest ones, and how all were over a year.
fn tests(view: &View<'_>) -> Vec<Button> {
    let trends = Button {
        label: view.word("backup-test-trends"),
        intent: Intent::Trends,
    };
    let test = Task::TestBackups { backup: None };
    vec![button(view, "backup-test-now", test), trends]
}

/// The backups a scenario can start from, the latest good one first.
#[must_use]
pub fn choice(view: &View<'_>, runbook: &Runbook, catalogue: &Catalogue, page: usize) -> Card {
    let title = view.word(&runbook.title);
    let mut text = Page::titled(view.tell("recover-backup", [("title", title.into())]));
    let all = distinct(catalogue);
    if all.is_empty() {
        text.line(view.say("recover-no-backups"));
    }
    let shown = window(&all, page);
    text.lines(lines(view, &shown));
    text.lines(remarks(view, catalogue, all.len(), page));
    let latest = catalogue.latest(view.now);
    let first = latest.filter(|_| page == 0);
    let others = shown.iter().map(|(_, listed)| *listed).filter(|listed| {
        let is_latest = latest.is_some_and(|it| it.backup.time == listed.backup.time);
        listed.backup.size > 0 && !is_latest
    });
    let first = first.map(|listed| vec![pick(view, runbook, listed, true)]);
    let others = others.map(|listed| vec![pick(view, runbook, listed, false)]);
    let mut keyboard: Vec<Vec<Button>> = first.into_iter().chain(others).collect();
    keyboard.extend(turn(view, all.len(), page, |page| Intent::Scenario {
        runbook: runbook.id.clone(),
        page,
    }));
    text.with(view, keyboard)
}

fn pick(view: &View<'_>, runbook: &Runbook, listed: &ListedBackup, newest: bool) -> Button {
    let at = listed.backup.time.at();
    let key = match listed.blemish(view.now) {
        _ if newest => "backup-latest",
        Some(Blemish::Failed) => "backup-button-failed",
        Some(Blemish::Future) => "backup-button-future",
        _ => "backup-button",
    };
    Button {
        label: view.words(
            key,
            [
                ("when", view.i18n.minute(view.locale, at).into()),
                ("age", view.since(at).into()),
            ],
        ),
        intent: Intent::Pick {
            runbook: runbook.id.clone(),
            backup: listed.backup.time,
        },
    }
}

/// One entry a moment: of two places that hold the same backup the better known one, which the
/// catalogue's order puts first.
fn distinct(catalogue: &Catalogue) -> Vec<&ListedBackup> {
    let mut all: Vec<&ListedBackup> = catalogue.backups.iter().collect();
    all.dedup_by_key(|listed| listed.backup.time);
    all
}

fn window<'a>(all: &[&'a ListedBackup], page: usize) -> Vec<(usize, &'a ListedBackup)> {
    all.iter()
        .copied()
        .enumerate()
        .skip(page * PAGE)
        .take(PAGE)
        .collect()
}

fn lines(view: &View<'_>, shown: &[(usize, &ListedBackup)]) -> Vec<String> {
    shown
        .iter()
        .map(|(index, listed)| {
            let backup = &listed.backup;
            let verified = match (listed.blemish(view.now), &listed.record) {
                (Some(blemish), _) => blemish.as_str(),
                (None, Some(_)) => "yes",
                (None, None) => "no",
            };
            view.tell(
                "backup-line",
                [
                    ("number", count(index + 1)),
                    ("time", Arg::Time(backup.time.at())),
                    ("age", view.since(backup.time.at()).into()),
                    ("size", Arg::Bytes(backup.size)),
                    ("place", view.place(&backup.place)),
                    ("verified", verified.into()),
                    ("why", flaw(view, listed).into()),
                ],
            )
        })
        .collect()
}

/// Why its verification failed, in a few words; nothing where none did.
fn flaw(view: &View<'_>, listed: &ListedBackup) -> String {
    listed.failed.as_ref().map_or(String::new(), |failed| {
        view.words("backup-flaw", [("code", failed.code.as_str().into())])
    })
}

/// What part of the list is shown, and which places did not answer.
fn remarks(view: &View<'_>, catalogue: &Catalogue, all: usize, page: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if catalogue.backups.is_empty() {
        lines.push(view.say("backups-none"));
    }
    if all > PAGE {
        lines.push(view.tell(
            "backups-page",
            [
                ("from", count(page * PAGE + 1)),
                ("to", count(((page + 1) * PAGE).min(all))),
                ("count", count(all)),
            ],
        ));
    }
    lines.extend(silent(view, catalogue));
    lines
}

/// Places that gave no list. The list may be incomplete, and says so.
pub(super) fn silent(view: &View<'_>, catalogue: &Catalogue) -> Vec<String> {
    catalogue
        .unreadable
        .iter()
        .map(|(place, failure)| {
            let head = view.tell(
                "status-place-silent",
                [("place", view.place(place)), ("why", "".into())],
            );
            format!("{head}{}", view.failure(failure))
        })
        .collect()
}

fn turn(
    view: &View<'_>,
    all: usize,
    page: usize,
    intent: impl Fn(usize) -> Intent,
) -> Vec<Vec<Button>> {
    let mut row = Vec::new();
    if page > 0 {
        row.push(Button {
            label: view.word("backups-newer"),
            intent: intent(page - 1),
        });
    }
    if all > (page + 1) * PAGE {
        row.push(Button {
            label: view.word("backups-older"),
            intent: intent(page + 1),
        });
    }
    if row.is_empty() {
        Vec::new()
    } else {
        vec![row]
    }
}
