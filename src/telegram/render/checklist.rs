//! A checklist: one message, edited as it is ticked, in the runbook's own order.

use super::{Button, Card, Page, View, between, count};
use crate::domain::checklist::{
    About, Checklist, DRILLED, Line, Phase, Probe, Sight, State, Ticker,
};
use crate::domain::failure::Arg;
use crate::domain::run::Run;
use crate::telegram::intent::Intent;
use crate::telegram::paper::{Deed, ListAct};

/// Buttons that open a line again, in a row.
const ROW: usize = 3;

/// A checklist, with the run it is about where that can be read. `live`: the outbox edits this message
/// itself when anything changes.
#[must_use]
pub fn card(view: &View<'_>, list: &Checklist, run: Option<&Run>, live: bool) -> Card {
    let mut page = Page::titled(title(view, list, run));
    page.line(view.tell(
        "checklist-progress",
        [
            ("at", view.at(list.opened_at)),
            ("by", view.who(&list.opened_by)),
            ("settled", count(list.lines.len() - list.left())),
            ("lines", count(list.lines.len())),
        ],
    ));
    page.gap();
    page.lines(numbered(list).map(|(number, it)| line(view, number, it)));
    if let Phase::Closed { by, at } = &list.phase {
        page.gap();
        let closed = [("by", view.who(by)), ("at", view.at(*at))];
        page.line(view.tell("checklist-closed", closed));
        return page.plain(view);
    }
    page.with(view, buttons(view, list, live))
}

/// It is still open: a message of its own, because nobody reads an edit.
#[must_use]
pub fn reminder(view: &View<'_>, list: &Checklist) -> Card {
    let length = between(list.opened_at, view.now);
    let mut page = Page::titled(view.tell(
        "checklist-reminder",
        [
            ("checklist", list.id.to_string().into()),
            ("length", length.into()),
            ("left", count(list.left())),
        ],
    ));
    let open = numbered(list).filter(|(_, line)| !line.is_settled());
    page.lines(open.map(|(number, it)| line(view, number, it)));
    let show = Intent::Checklist {
        checklist: list.id,
        live: false,
        act: ListAct::Show,
    };
    let button = Button {
        label: view.word("checklist-show"),
        intent: show,
    };
    page.with(view, vec![vec![button]])
}

/// What a line says, without markup.
#[must_use]
pub fn words(view: &View<'_>, line: &Line) -> String {
    view.wording(&line.item.text)
}

fn numbered(list: &Checklist) -> impl Iterator<Item = (usize, &Line)> {
    (1..).zip(&list.lines)
}

fn title(view: &View<'_>, list: &Checklist, run: Option<&Run>) -> String {
    let (about, name) = match &list.about {
        About::Run { run } => ("run", run.to_string()),
        About::Drill { chore } => ("drill", chore.to_string()),
        About::Hand => ("hand", String::new()),
    };
    let scenario = run.map_or(Arg::from("none"), |run| view.title(run));
    view.tell(
        "checklist-title",
        [
            ("checklist", list.id.to_string().into()),
            ("about", about.into()),
            ("name", name.into()),
            ("scenario", scenario),
        ],
    )
}

fn line(view: &View<'_>, number: usize, line: &Line) -> String {
    let state = match &line.state {
        State::Ticked { .. } => "ticked",
        State::NotApplicable { .. } => "waived",
        State::Open { fell: Some(_) } => "fell",
        State::Open { fell: None } => "open",
    };
    let told = view.tell(
        "checklist-line",
        [
            ("state", state.into()),
            ("number", count(number)),
            ("text", words(view, line).into()),
        ],
    );
    match detail(view, line) {
        Some(detail) => format!("{told} {detail}"),
        None => told,
    }
}

/// Who settled it and when, or what speaks against it.
fn detail(view: &View<'_>, line: &Line) -> Option<String> {
    let evidence = line.item.probe.zip(line.sight.as_ref());
    let told = evidence.map(|(probe, sight)| (evident(view, probe, sight), sight));
    let against = told.as_ref().filter(|(_, sight)| !sight.holds);
    Some(match &line.state {
        State::Ticked {
            by: Ticker::Person { actor },
            at,
        } => {
            let pair = [("by", view.who(actor)), ("at", view.at(*at))];
            let by = view.tell("checklist-by", pair);
            match against {
                Some((words, _)) => format!("{by} {}", otherwise(view, words)),
                None => by,
            }
        }
        State::Ticked {
            by: Ticker::Probe,
            at,
        } => {
            let words = told.map(|(words, _)| words).unwrap_or_default();
            let pair = [("evidence", words.into()), ("at", view.at(*at))];
            view.tell("checklist-proved", pair)
        }
        State::NotApplicable { by, at, reason } => view.tell(
            "checklist-waived",
            [
                ("reason", reason.as_str().into()),
                ("by", view.who(by)),
                ("at", view.at(*at)),
            ],
        ),
        State::Open { fell } => {
            let (words, sight) = told?;
            let key = match (fell, sight.holds) {
                (_, true) => "checklist-seen",
                (Some(_), false) => "checklist-fell",
                (None, false) => "checklist-not-yet",
            };
            let pair = [("evidence", words.into()), ("at", view.at(sight.at))];
            view.tell(key, pair)
        }
    })
}

fn otherwise(view: &View<'_>, words: &str) -> String {
    view.tell("checklist-otherwise", [("evidence", words.into())])
}

/// What the probe saw, in words without markup.
fn evident(view: &View<'_>, probe: Probe, sight: &Sight) -> String {
    let word = probe.as_str();
    let key = match (sight.args.contains_key(DRILLED), sight.holds) {
        (true, true) => "proved-drill".to_owned(),
        (true, false) => "refuted-drill".to_owned(),
        (false, true) => format!("proved-{word}"),
        (false, false) => format!("refuted-{word}"),
    };
    let mut args = sight.args.clone();
    for value in args.values_mut() {
        if let Arg::Time(at) = value {
            *value = view.at(*at);
        }
    }
    view.i18n.plain(view.locale, &key, &args)
}

fn buttons(view: &View<'_>, list: &Checklist, live: bool) -> Vec<Vec<Button>> {
    let button = |label: String, act: ListAct| Button {
        label,
        intent: Intent::Checklist {
            checklist: list.id,
            live,
            act,
        },
    };
    let deed = |key: &str, (number, line): (usize, &Line), deed: Deed| {
        let act = ListAct::Line {
            line: line.item.id.clone(),
            turn: line.turn,
            deed,
        };
        button(view.words(key, [("number", count(number))]), act)
    };
    let open = numbered(list).filter(|(_, line)| !line.is_settled());
    let mut rows: Vec<Vec<Button>> = open
        .map(|it| {
            vec![
                deed("checklist-tick", it, Deed::Tick),
                deed("checklist-waive", it, Deed::Waive),
            ]
        })
        .collect();
    let settled = numbered(list).filter(|(_, line)| line.is_settled());
    let again: Vec<Button> = settled
        .map(|it| deed("checklist-untick", it, Deed::Untick))
        .collect();
    rows.extend(again.chunks(ROW).map(<[Button]>::to_vec));
    let mut last = vec![button(view.word("checklist-refresh"), ListAct::Refresh)];
    if list.left() == 0 {
        last.push(button(view.word("checklist-close"), ListAct::Close));
    }
    rows.push(last);
    rows
}
