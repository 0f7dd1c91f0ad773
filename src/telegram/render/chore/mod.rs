//! A chore's messages: one while it goes on, and one about what came of it.

pub mod drill;
mod taking;
mod testing;

use super::{Button, Card, Page, View, backups, between, count};
use crate::domain::chore::{Chore, Outcome, Phase};
use crate::domain::failure::Arg;
use crate::telegram::intent::Intent;

/// The chore as it stands. `transfer`: bytes that are moved, and how many are expected (0: not known).
#[must_use]
pub fn card(view: &View<'_>, chore: &Chore, transfer: Option<(u64, u64)>) -> Card {
    let mut page = Page::titled(title(view, chore));
    page.lines(asked(view, chore));
    page.lines(times(view, chore));
    if let (Phase::Running, Some((done, total))) = (chore.phase, transfer) {
        let bytes = [("done", Arg::Bytes(done)), ("total", Arg::Bytes(total))];
        page.line(view.tell("chore-transfer", bytes));
    }
    page.lines(why(view, chore));
    if chore.phase.is_over() {
        return page.plain(view);
    }
    let cancel = Button {
        label: view.word("choice-cancel"),
        intent: Intent::CancelChore { chore: chore.id },
    };
    page.with(view, vec![vec![cancel]])
}

/// What came of it.
#[must_use]
pub fn report(view: &View<'_>, chore: &Chore) -> Card {
    let mut page = Page::titled(title(view, chore));
    page.lines(asked(view, chore));
    page.lines(times(view, chore));
    page.lines(why(view, chore));
    if chore.phase == Phase::Cancelled {
        page.line(view.say("chore-done-before"));
    }
    page.lines(what_came_of_it(view, chore));
    page.plain(view)
}

fn what_came_of_it(view: &View<'_>, chore: &Chore) -> Vec<String> {
    match &chore.outcome {
        Some(Outcome::Taken(taken)) => taking::taken(view, taken),
        Some(Outcome::Pruned(pruned)) => taking::pruned(view, pruned),
        Some(Outcome::Tested(tested)) => testing::lines(view, tested),
        _ => Vec::new(),
    }
}

fn title(view: &View<'_>, chore: &Chore) -> String {
    let good = if chore.is_good() { "yes" } else { "no" };
    view.tell(
        "chore-title",
        [
            ("kind", chore.task.kind().as_str().into()),
            ("phase", chore.phase.as_str().into()),
            ("good", good.into()),
            ("id", chore.id.to_string().into()),
        ],
    )
}

/// Who asked, or which moment of the calendar it answers, and what was missed of it.
fn asked(view: &View<'_>, chore: &Chore) -> Vec<String> {
    let Some(due) = chore.due else {
        return vec![view.tell("chore-by", [("by", view.who(&chore.by))])];
    };
    let mut lines = vec![view.tell("chore-due", [("due", view.at(due.at))])];
    if let Some(late) = chore.lateness() {
        let late = std::time::Duration::try_from(late).unwrap_or_default();
        let missed = Arg::Number(i64::from(due.missed));
        lines.push(view.tell("chore-late", [("late", late.into()), ("missed", missed)]));
    }
    lines
}

fn times(view: &View<'_>, chore: &Chore) -> Vec<String> {
    match (chore.begun_at, chore.ended_at) {
        (Some(begun), Some(ended)) => {
            let took = between(begun, ended);
            vec![view.tell(
                "chore-took",
                [("begun", view.at(begun)), ("took", took.into())],
            )]
        }
        (Some(begun), None) if chore.phase == Phase::Running => {
            let took = view.since(begun);
            vec![view.tell(
                "chore-runs",
                [("begun", view.at(begun)), ("took", took.into())],
            )]
        }
        _ => Vec::new(),
    }
}

fn why(view: &View<'_>, chore: &Chore) -> Vec<String> {
    chore.failure.iter().map(|it| view.failure(it)).collect()
}
