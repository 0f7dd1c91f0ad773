//! What is asked about an incident, and what is to be done after it.

use super::{button, named, words};
use crate::domain::case::{Answer, Case, Dossier, Item, Owner, Question};
use crate::domain::failure::Arg;
use crate::domain::ids::CaseId;
use crate::domain::operator::ActorKind;
use crate::telegram::case::CaseAct;
use crate::telegram::intent::Intent;
use crate::telegram::render::page::units;
use crate::telegram::render::{Button, Card, Page, View};

/// People offered as owners.
const PEOPLE: usize = 6;

/// Action items on one page: more with long words would not fit into a message.
const ITEMS: usize = 8;

/// Longest answer shown, in UTF-16 units: four of them fit into a message with everything else. In full
/// they stand in the document.
const ANSWER: usize = 700;

/// Suspected causes told with the question for the root cause.
const SUSPECTS: usize = 3;

/// Where it is asked: in a group only a reply to the question is read.
fn how(view: &View<'_>, private: bool) -> Option<String> {
    (!private).then(|| view.say("incident-ask-reply"))
}

fn leave(view: &View<'_>, case: CaseId) -> Button {
    button(view, "incident-leave", case, CaseAct::Leave)
}

/// A question, with what is known and what was answered before.
#[must_use]
pub fn question(view: &View<'_>, dossier: &Dossier, question: Question, private: bool) -> Card {
    let case = &dossier.case;
    let name = question.as_str();
    let heading = view.word(&format!("incident-heading-{name}"));
    let mut page = Page::titled(view.tell(
        "incident-ask",
        [
            ("incident", case.id.to_string().into()),
            ("question", heading.into()),
        ],
    ));
    // First: whatever is cut off a long message, this is not.
    page.lines(how(view, private));
    page.line(view.say(&format!("incident-ask-{name}")));
    if question == Question::RootCause {
        let suspects = dossier.suspected().into_iter().take(SUSPECTS);
        let suspects: Vec<String> = suspects
            .map(|one| words(view).cause(one.cause.as_str(), one.subject.as_deref()))
            .collect();
        if !suspects.is_empty() {
            let suspects = Arg::from(suspects.join("; "));
            page.line(view.tell("incident-ask-suspected", [("causes", suspects)]));
        }
    }
    if let Some(answer) = case.answers.get(&question) {
        page.line(answered(view, answer));
    }
    page.line(view.say("incident-ask-list"));
    let skip = CaseAct::Skip {
        question: Some(question),
    };
    let skip = button(view, "incident-skip", case.id, skip);
    page.with(view, vec![vec![skip, leave(view, case.id)]])
}

fn answered(view: &View<'_>, answer: &Answer) -> String {
    view.tell(
        "incident-ask-before",
        [
            ("by", view.who(&answer.by)),
            ("text", shortened(&answer.text).into()),
        ],
    )
}

/// The beginning of what somebody wrote, where all of it is too long.
fn shortened(text: &str) -> String {
    if units(text) <= ANSWER {
        return text.to_owned();
    }
    let mut room = ANSWER;
    let fits = text.chars().take_while(|character| {
        let left = room.checked_sub(character.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    });
    let mut short: String = fits.collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// What has to be done?
#[must_use]
pub fn task(view: &View<'_>, case: &Case, private: bool) -> Card {
    let incident = Arg::from(case.id.to_string());
    let key = if case.items.is_empty() {
        "incident-ask-item"
    } else {
        "incident-ask-item-more"
    };
    let mut page = Page::titled(view.tell(key, [("incident", incident)]));
    page.lines(how(view, private));
    let enough = button(
        view,
        "incident-enough",
        case.id,
        CaseAct::Skip { question: None },
    );
    page.with(view, vec![vec![enough]])
}

/// Who does it?
#[must_use]
pub fn owner(view: &View<'_>, dossier: &Dossier, what: &str, private: bool) -> Card {
    let case = dossier.case.id;
    let mut page = Page::titled(view.tell("incident-ask-owner", [("what", what.into())]));
    page.lines(how(view, private));
    let people = dossier.people().into_iter().take(PEOPLE);
    let people: Vec<Button> = people
        .map(|person| Button {
            label: person.name.clone(),
            intent: Intent::Case {
                case,
                act: CaseAct::Owner {
                    person: Some(person),
                },
            },
        })
        .collect();
    let mut rows: Vec<Vec<Button>> = people.chunks(3).map(<[Button]>::to_vec).collect();
    let nobody = CaseAct::Owner { person: None };
    rows.push(vec![button(view, "incident-nobody", case, nobody)]);
    page.with(view, rows)
}

/// Until when?
#[must_use]
pub fn due(view: &View<'_>, case: CaseId, what: &str, private: bool) -> Card {
    let mut page = Page::titled(view.tell("incident-ask-due", [("what", what.into())]));
    page.lines(how(view, private));
    let days = [1_u16, 7, 14, 30].map(|days| Button {
        label: view.words("incident-in-days", [("days", i64::from(days).into())]),
        intent: Intent::Case {
            case,
            act: CaseAct::Due { days: Some(days) },
        },
    });
    let never = button(view, "incident-no-day", case, CaseAct::Due { days: None });
    page.with(view, vec![days.into(), vec![never]])
}

/// A note?
#[must_use]
pub fn note(view: &View<'_>, case: CaseId, private: bool) -> Card {
    let incident = Arg::from(case.to_string());
    let mut page = Page::titled(view.tell("incident-ask-note", [("incident", incident)]));
    page.lines(how(view, private));
    page.with(view, vec![vec![leave(view, case)]])
}

/// What was answered, each with a button to write it anew.
#[must_use]
pub fn answers(view: &View<'_>, dossier: &Dossier) -> Card {
    let case = &dossier.case;
    let mut page = Page::titled(named(view, "incident-answers", dossier));
    for question in Question::ALL {
        let heading = view.word(&format!("incident-heading-{}", question.as_str()));
        page.gap();
        page.line(view.tell("incident-answer-heading", [("heading", heading.into())]));
        page.line(match case.answers.get(&question) {
            Some(answer) => answered(view, answer),
            None => view.say("incident-answer-none"),
        });
    }
    let asks = Question::ALL.map(|question| {
        let name = view.word(&format!("incident-heading-{}", question.as_str()));
        let has = case.answers.contains_key(&question);
        Button {
            label: view.words(
                "incident-answer-button",
                [
                    ("question", name.into()),
                    ("state", if has { "there" } else { "open" }.into()),
                ],
            ),
            intent: Intent::Case {
                case: case.id,
                act: CaseAct::Ask { question },
            },
        }
    });
    let mut rows: Vec<Vec<Button>> = asks.chunks(2).map(<[Button]>::to_vec).collect();
    rows.push(vec![
        button(view, "incident-items", case.id, CaseAct::Items),
        button(view, "incident-back", case.id, CaseAct::Card),
    ]);
    page.with(view, rows)
}

/// The page of the action items on which this one stands, from 0.
#[must_use]
pub fn page_of(case: &Case, item: u32) -> u16 {
    let mut items = case.items.iter();
    let nth = items.position(|it| it.number == item).unwrap_or(0);
    u16::try_from(nth / ITEMS).unwrap_or(0)
}

/// A page of what is to be done, with a button each.
#[must_use]
pub fn items(view: &View<'_>, dossier: &Dossier, nth: u16) -> Card {
    let case = &dossier.case;
    let mut page = Page::titled(named(view, "incident-items-title", dossier));
    if case.items.is_empty() {
        page.line(view.say("incident-items-none"));
    }
    let pages: Vec<&[Item]> = case.items.chunks(ITEMS).collect();
    let last = pages.len().saturating_sub(1);
    // Items are never taken away, but a button may be older than this program.
    let nth = usize::from(nth).min(last);
    let here = pages.get(nth).copied().unwrap_or_default();
    page.lines(here.iter().map(|item| line(view, item)));
    let done = here.iter().map(|item| Button {
        label: view.words(
            "incident-item-button",
            [
                ("number", i64::from(item.number).into()),
                (
                    "state",
                    if item.done.is_some() { "done" } else { "open" }.into(),
                ),
            ],
        ),
        intent: Intent::Case {
            case: case.id,
            act: CaseAct::Done {
                item: item.number,
                done: item.done.is_none(),
            },
        },
    });
    let done: Vec<Button> = done.collect();
    let mut rows: Vec<Vec<Button>> = done.chunks(3).map(<[Button]>::to_vec).collect();
    let turn = |key, to: usize| {
        let page = u16::try_from(to).unwrap_or(0);
        button(view, key, case.id, CaseAct::Page { page })
    };
    let before = nth
        .checked_sub(1)
        .map(|to| turn("incident-items-before", to));
    let after = (nth < last).then(|| turn("incident-items-after", nth + 1));
    let turns: Vec<Button> = before.into_iter().chain(after).collect();
    rows.extend((!turns.is_empty()).then_some(turns));
    rows.push(vec![
        button(view, "incident-new-item", case.id, CaseAct::NewItem),
        button(view, "incident-back", case.id, CaseAct::Card),
    ]);
    page.with(view, rows)
}

fn line(view: &View<'_>, item: &Item) -> String {
    let today = view.now.to_zoned(view.i18n.zone().clone()).date();
    let state = match &item.done {
        Some(_) => "done",
        None if item.is_late(today) => "late",
        None => "open",
    };
    view.tell(
        "incident-item",
        [
            ("number", i64::from(item.number).into()),
            ("what", item.what.as_str().into()),
            ("owned", yes(item.owner.is_some())),
            ("owner", item.owner.as_ref().map_or("", Owner::name).into()),
            ("dated", yes(item.due.is_some())),
            (
                "due",
                item.due
                    .map(|due| words(view).day(due))
                    .unwrap_or_default()
                    .into(),
            ),
            ("state", state.into()),
            (
                "by",
                item.done
                    .as_ref()
                    .map_or(Arg::from(""), |(by, _)| view.who(by)),
            ),
        ],
    )
}

fn yes(there: bool) -> Arg {
    if there { "yes" } else { "no" }.into()
}

/// An item is due: names whoever is to do it, so that Telegram calls him.
#[must_use]
pub fn reminder(view: &View<'_>, dossier: &Dossier, item: &Item) -> Card {
    let mut page = Page::titled(named(view, "incident-reminder", dossier));
    page.line(line(view, item));
    if let (Some(Owner::Person(person)), None) = (&item.owner, &item.done)
        && person.kind == ActorKind::Telegram
    {
        page.line(view.tell(
            "incident-reminder-who",
            [
                ("id", person.id.to_string().into()),
                ("name", person.name.as_str().into()),
            ],
        ));
    }
    let key = if item.done.is_some() {
        "incident-undone"
    } else {
        "incident-done"
    };
    let finish = CaseAct::Finish {
        item: item.number,
        done: item.done.is_none(),
    };
    let case = dossier.case.id;
    let done = button(view, key, case, finish);
    let show = button(view, "incident-show", case, CaseAct::Show);
    page.with(view, vec![vec![done, show]])
}
