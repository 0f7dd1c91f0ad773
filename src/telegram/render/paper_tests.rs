//! Checklists and contacts as they are shown.

use super::sample::{Story, ann, at, bob};
use super::tests::{shown, snapshot};
use super::watch_tests::{incident, redis_down};
use super::{checklist, contacts};
use crate::domain::checklist::{
    About, Act, Checklist, Item, Opening, Press, Probe, Seen, Template,
};
use crate::domain::contacts::{Book, Directory, Field, Roster, Week};
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::{ChecklistId, RunId};
use crate::domain::wording::Wording;
use crate::ops::Present;

const BUILT_IN: &str = include_str!("../../../deploy/runbooks/checklist.toml");
const CONTACTS: &str = include_str!("../../../deploy/runbooks/contacts.toml");

fn list() -> Checklist {
    let mut template: Template = toml::from_str(BUILT_IN).unwrap();
    template.lines.push(Item {
        id: "boss".parse().unwrap(),
        text: Wording::One("Call <the> boss".into()),
        probe: None,
    });
    let opening = Opening {
        about: About::Run { run: RunId(7) },
        by: crate::domain::operator::Actor::system(),
        at: at("01:05:00"),
        began: at("01:00:00"),
        since: at("01:04:58"),
    };
    let mut list = Checklist::open(&template, opening);
    list.id = ChecklistId(3);
    list
}

fn args<const N: usize>(pairs: [(&str, Arg); N]) -> Args {
    super::args(pairs)
}

/// What the first look saw.
fn first(probe: Probe) -> Seen {
    match probe {
        Probe::Services => Seen::Proved(args([("units", "rei_bot, rei_bot_workers".into())])),
        Probe::Database => Seen::Proved(args([("at", at("01:04:40").into())])),
        Probe::Ledger => Seen::Refuted(args([("count", 2.into())])),
        Probe::Queue => Seen::Proved(args([("workers", 1.into()), ("depth", 4.into())])),
        Probe::Webhook => Seen::Proved(args([("pending", 0.into())])),
        Probe::Monitoring => Seen::Proved(args([("age", Arg::Seconds(20))])),
        Probe::Team => Seen::Proved(args([("at", at("01:04:59").into())])),
        Probe::Users => Seen::Proved(args([("notice", "N-4".into()), ("count", 1200.into())])),
        Probe::Payments | Probe::Report => Seen::Untold,
    }
}

fn press(list: &mut Checklist, line: &str, act: Act, when: &str) {
    let line: crate::domain::ids::LineId = line.parse().unwrap();
    let turn = list.line(&line).unwrap().turn;
    let by = if act == Act::Tick { ann() } else { bob() };
    list.press(&by, &Press { line, turn, act }, at(when))
        .unwrap();
}

/// Ticked, waived, fallen, opened by hand, contradicted: each once.
fn at_work() -> Checklist {
    let mut list = list();
    list.look(first, at("01:05:01"));
    press(&mut list, "ledger", Act::Tick, "01:06:00");
    press(&mut list, "webhook", Act::Untick, "01:06:30");
    let none = Act::NotApplicable("nobody <pays> at night".into());
    press(&mut list, "payments", none, "01:07:00");
    let fallen = |probe| match probe {
        Probe::Services => Seen::Refuted(args([("units", "rei_bot_workers".into())])),
        _ => Seen::Untold,
    };
    list.look(fallen, at("01:08:00"));
    list
}

#[test]
fn a_checklist_at_work_and_closed() {
    let run = Story::recovered().run;
    let list = at_work();
    let card = shown("01:10:00", |view| {
        checklist::card(view, &list, Some(&run), true)
    });
    snapshot!("checklist_open", card);
    snapshot!(
        "checklist_reminder",
        shown("02:05:00", |view| checklist::reminder(view, &list))
    );
    let mut closed = list;
    for line in ["services", "webhook", "report", "boss"] {
        press(&mut closed, line, Act::Tick, "02:10:00");
    }
    closed.close(&bob(), at("02:11:00")).unwrap();
    let card = shown("02:12:00", |view| {
        checklist::card(view, &closed, Some(&run), true)
    });
    assert!(!card.contains("[Tick"), "{card}");
    snapshot!("checklist_closed", card);
}

fn directory() -> Directory {
    let mut roster: Roster = toml::from_str(CONTACTS).unwrap();
    let week = |text: &str| Week::try_from(text.to_owned()).unwrap();
    let next = week("2026-W49");
    let admin = "system-admin".parse().unwrap();
    roster.on_call.weeks.insert(next, admin);
    let mut book = Book::default();
    for (role, typed) in [
        (
            "system-admin",
            [("Anna <ops>"), "+79123456789", "123456789"],
        ),
        ("on-call-engineer", ["Boris", "+79123456780", "@boris_ops"]),
    ] {
        let changes = book.changed.entry(role.parse().unwrap()).or_default();
        let fields = [Field::Name, Field::Phone, Field::Telegram];
        for (field, typed) in fields.into_iter().zip(typed) {
            changes.insert(field, Some(typed.to_owned()));
        }
    }
    Directory::new(&roster, &book, (week("2026-W48"), next))
}

#[test]
fn contacts_as_a_phone_makes_them_tappable() {
    let all = directory();
    let card = shown("01:00:00", |view| contacts::list(view, &all));
    assert!(!card.contains("tel:"), "Telegram takes no such links");
    snapshot!("contacts", card);
    let role = all.on_call().unwrap();
    let card = shown("01:00:00", |view| contacts::role(view, &all, role));
    snapshot!("contact_role", card);
    let card = shown("01:00:00", |view| {
        contacts::page(view, role, &ann(), &Present::default())
    });
    snapshot!("contacts_page", card);
    let now = Present {
        run: Some(Story::started().run),
        alerts: vec![incident(&[redis_down(), redis_down(), redis_down()])],
        more: 2,
        ..Present::default()
    };
    let card = shown("01:00:00", |view| contacts::page(view, role, &ann(), &now));
    snapshot!("contacts_page_at_work", card);
}
