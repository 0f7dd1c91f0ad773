//! The cards of `/retry_failed` and `/payments`.

use super::{Button, Card, Page, View, leftover, work};
use crate::domain::failure::Arg;
use crate::domain::plan::RetryPreview;
use crate::ops::{PAYMENTS_SYNC, PaymentsView};
use crate::telegram::intent::Intent;
use std::collections::BTreeMap;
use std::time::Duration;

/// Classes of errors that get a button of their own.
const CLASSES: usize = 5;

/// Windows that are offered, in seconds; nothing for all.
const WINDOWS: [Option<u64>; 3] = [Some(3600), Some(24 * 3600), None];

/// Failed jobs that can be put back, with the buttons that let it.
#[must_use]
pub fn retry(view: &View<'_>, preview: &RetryPreview, last: Option<Duration>) -> Card {
    let mut page = Page::titled(view.tell("retry-title", [("last", window(last))]));
    page.lines(facts(view, preview));
    let last = last.map(|last| last.as_secs());
    let mut rows = Vec::new();
    if preview.jobs > 0 {
        rows.push(vec![choice(
            view,
            ("retry-all", ""),
            preview.jobs,
            (last, None, None),
        )]);
        rows.extend(choices(view, preview, last));
    }
    rows.push(windows(view, last));
    page.with(view, rows)
}

fn window(last: Option<Duration>) -> Arg {
    last.map_or(Arg::from("all"), Arg::from)
}

/// What the preview says, line by line; also in the plan.
pub(super) fn facts(view: &View<'_>, preview: &RetryPreview) -> Vec<String> {
    if preview.jobs == 0 {
        let mut lines = vec![view.say("retry-none")];
        lines.extend(left(view, preview));
        return lines;
    }
    let values = [
        ("jobs", number(preview.jobs)),
        ("cost", preview.cost.into()),
    ];
    let mut lines = vec![view.tell("retry-jobs", values)];
    lines.push(view.tell("retry-providers", [("names", named(&preview.providers))]));
    if !preview.queues.is_empty() {
        lines.push(view.tell("retry-queues", [("names", named(&preview.queues))]));
    }
    if preview.anew > 0 {
        lines.push(view.tell("retry-anew", [("jobs", number(preview.anew))]));
    }
    let errors: BTreeMap<String, u64> = preview.errors.iter().cloned().collect();
    lines.push(view.tell("retry-errors", [("names", named(&errors))]));
    if let Some(oldest) = preview.oldest {
        lines.push(view.tell("retry-oldest", [("at", view.at(oldest))]));
    }
    if preview.unproved > 0 {
        lines.push(view.tell("retry-unproved", [("jobs", number(preview.unproved))]));
    }
    lines.extend(left(view, preview));
    lines
}

fn left(view: &View<'_>, preview: &RetryPreview) -> Vec<String> {
    [
        ("retry-stopped", preview.stopped),
        ("retry-expired", preview.expired),
        ("retry-abandoned", preview.abandoned),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(key, count)| view.tell(key, [("jobs", number(count))]))
    .collect()
}

fn named(counts: &BTreeMap<String, u64>) -> Arg {
    let parts = counts.iter().map(|(name, count)| {
        let name = if name.is_empty() { "–" } else { name };
        format!("{name} {count}")
    });
    parts.collect::<Vec<_>>().join(", ").into()
}

type Which<'a> = (Option<u64>, Option<&'a str>, Option<&'a str>);

/// A provider or a class alone; where there is but one, it is all of them.
fn choices(view: &View<'_>, preview: &RetryPreview, last: Option<u64>) -> Vec<Vec<Button>> {
    let mut buttons = Vec::new();
    if preview.providers.len() > 1 {
        buttons.extend(preview.providers.iter().map(|(name, count)| {
            let which = (last, Some(name.as_str()), None);
            choice(view, ("retry-one", name), *count, which)
        }));
    }
    if preview.errors.len() > 1 {
        let classes = preview.errors.iter().filter(|(class, _)| !class.is_empty());
        buttons.extend(classes.take(CLASSES).map(|(class, count)| {
            let which = (last, None, Some(class.as_str()));
            choice(view, ("retry-one", class), *count, which)
        }));
    }
    buttons.into_iter().map(|button| vec![button]).collect()
}

fn choice(
    view: &View<'_>,
    (key, name): (&str, &str),
    count: u64,
    (last, provider, error): Which<'_>,
) -> Button {
    Button {
        label: view.words(key, [("name", name.into()), ("jobs", number(count))]),
        intent: Intent::Retry {
            last,
            provider: provider.map(str::to_owned),
            error: error.map(str::to_owned),
        },
    }
}

fn windows(view: &View<'_>, shown: Option<u64>) -> Vec<Button> {
    let others = WINDOWS.into_iter().filter(|window| *window != shown);
    others
        .map(|last| Button {
            label: view.words(
                "retry-window",
                [("last", window(last.map(Duration::from_secs)))],
            ),
            intent: Intent::RetryList { last },
        })
        .collect()
}

fn number(number: u64) -> Arg {
    Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Open payments, the last sync, and the button for the next.
#[must_use]
pub fn payments(view: &View<'_>, found: &PaymentsView) -> Card {
    let mut page = Page::titled(view.say("payments-title"));
    match &found.pending {
        Ok(pending) => {
            page.line(work::pending(view, pending));
            if let Some(oldest) = pending.oldest {
                page.line(view.tell("payments-oldest", [("at", view.at(oldest))]));
            }
        }
        Err(failure) => {
            page.line(view.failure(failure));
            page.line(view.hint(failure));
        }
    }
    page.gap();
    match &found.last_sync {
        Some((at, report)) => {
            page.line(view.tell("payments-synced", [("at", view.at(*at))]));
            page.line(work::synced(view, report));
        }
        None => page.line(view.say("payments-never-synced")),
    }
    if let Some((at, left)) = &found.left {
        page.gap();
        page.line(view.tell("payments-left", [("at", view.at(*at))]));
        page.lines(left.iter().map(|left| leftover::line(view, left)));
    }
    let file = Button {
        label: view.word("payments-file-button"),
        intent: Intent::PaymentsFile,
    };
    let Ok(runbook) = PAYMENTS_SYNC.parse() else {
        return page.with(view, vec![vec![file]]);
    };
    let sync = Button {
        label: view.word("payments-sync-button"),
        intent: Intent::Scenario { runbook, page: 0 },
    };
    page.with(view, vec![vec![sync, file]])
}
