use super::*;
use crate::domain::failure::Args;
use std::collections::BTreeMap;

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(super) fn person(id: i64) -> Actor {
    Actor::telegram(id, format!("P{id}"))
}

pub(super) fn checklist(probes: &[Option<Probe>]) -> Checklist {
    let item = |(nth, probe): (usize, &Option<Probe>)| Item {
        id: format!("line-{nth}").parse().unwrap(),
        text: Wording::One(format!("Line {nth}")),
        probe: *probe,
    };
    let template = Template {
        lines: probes.iter().enumerate().map(item).collect(),
    };
    let opening = Opening {
        about: About::Hand,
        by: person(1),
        at: at(1000),
        began: at(500),
        since: at(900),
    };
    Checklist::open(&template, opening)
}

pub(super) fn press(line: usize, turn: u32, act: Act) -> Press {
    let line = format!("line-{line}").parse().unwrap();
    Press { line, turn, act }
}

fn sees(holds: Option<bool>) -> impl Fn(Probe) -> Seen {
    move |_| match holds {
        Some(true) => Seen::Proved(Args::new()),
        Some(false) => Seen::Refuted(Args::new()),
        None => Seen::Untold,
    }
}

#[test]
fn of_two_presses_on_one_line_the_second_learns_that_it_moved_on() {
    let mut list = checklist(&[None, None]);
    list.press(&person(1), &press(0, 0, Act::Tick), at(1001))
        .unwrap();
    let late = press(0, 0, Act::NotApplicable("no users".into()));
    assert_eq!(
        list.press(&person(2), &late, at(1001)),
        Err(Refusal::MovedOn)
    );
    // Another line is nobody's business but its own.
    list.press(&person(2), &press(1, 0, Act::Tick), at(1002))
        .unwrap();
    let by = |line: usize| match &list.lines[line].state {
        State::Ticked {
            by: Ticker::Person { actor },
            ..
        } => actor.id,
        other => panic!("{other:?}"),
    };
    assert_eq!((by(0), by(1)), (1, 2));
}

#[test]
fn a_probe_takes_back_what_it_ticked_and_nothing_else() {
    let mut list = checklist(&[Some(Probe::Services), Some(Probe::Ledger)]);
    list.press(&person(1), &press(1, 0, Act::Tick), at(1001))
        .unwrap();
    let moved = list.look(sees(Some(true)), at(1002)).unwrap();
    assert_eq!(moved.len(), 1);
    assert_eq!(list.left(), 0);
    assert_eq!(list.look(sees(Some(true)), at(1003)), None, "no news");
    assert_eq!(list.look(sees(None), at(1004)), None, "nobody could tell");
    let moved = list.look(sees(Some(false)), at(1005)).unwrap();
    assert_eq!((moved.len(), moved[0].ticked), (1, false));
    let fell = State::Open {
        fell: Some(at(1005)),
    };
    assert_eq!(list.lines[0].state, fell);
    assert!(list.lines[1].is_settled(), "a person's tick stays");
    assert!(
        !list.lines[1].sight.as_ref().unwrap().holds,
        "and is shown beside"
    );
}

#[test]
fn what_a_person_opened_again_only_people_settle() {
    let mut list = checklist(&[Some(Probe::Services)]);
    list.look(sees(Some(true)), at(1001));
    list.press(&person(1), &press(0, 1, Act::Untick), at(1002))
        .unwrap();
    assert_eq!(list.look(sees(Some(true)), at(1003)), None);
    assert_eq!(list.left(), 1);
    list.press(&person(1), &press(0, 2, Act::Tick), at(1004))
        .unwrap();
    list.look(sees(Some(false)), at(1005));
    assert_eq!(list.left(), 0);
}

#[test]
fn closing_needs_every_line_and_ends_it() {
    let mut list = checklist(&[None, Some(Probe::Services)]);
    list.press(&person(1), &press(0, 0, Act::Tick), at(1001))
        .unwrap();
    assert_eq!(list.close(&person(1), at(1002)), Err(Refusal::Left(1)));
    let none = Act::NotApplicable("no server left".into());
    list.press(&person(2), &press(1, 0, none), at(1003))
        .unwrap();
    list.close(&person(1), at(1004)).unwrap();
    assert_eq!(list.close(&person(1), at(1005)), Err(Refusal::Closed));
    let late = press(0, 1, Act::Untick);
    assert_eq!(
        list.press(&person(2), &late, at(1006)),
        Err(Refusal::Closed)
    );
    assert_eq!(list.look(sees(Some(false)), at(1007)), None);
    assert!(!list.remind(at(9_999_999)));
}

#[test]
fn people_are_reminded_after_an_hour_and_then_every_four() {
    let mut list = checklist(&[None]);
    let hours = |from: i64, to: i64, list: &mut Checklist| -> Vec<i64> {
        let minutes = (from * 60..to * 60).step_by(1);
        minutes
            .filter(|m| list.remind(at(1000 + m * 60)))
            .map(|m| m / 60)
            .collect()
    };
    assert_eq!(hours(0, 10, &mut list), [1, 5, 9]);
    // The program was off: one reminder makes up for all.
    assert_eq!(hours(40, 42, &mut list), [40]);
}

#[test]
fn there_is_one_for_each_run_and_drill_and_many_by_hand() {
    let run = About::Run { run: RunId(7) };
    let drill = About::Drill { chore: ChoreId(7) };
    let keys: BTreeMap<_, _> = [(run.key(), 0), (drill.key(), 1)].into();
    assert_eq!(keys.len(), 2);
    assert_eq!(About::Hand.key(), None);
}

#[test]
fn the_evidence_is_the_present_one_since_the_first_moment() {
    let mut list = checklist(&[Some(Probe::Services)]);
    let down = |unit: &'static str, age: i64| {
        move |_: Probe| {
            let units = ("units".to_owned(), unit.into());
            Seen::Refuted(Args::from([units, ("age".to_owned(), age.into())]))
        }
    };
    list.look(down("rei_bot", 1), at(1001)).unwrap();
    // A figure that is another one with every look is no news.
    assert_eq!(list.look(down("rei_bot", 2), at(1002)), None);
    let moved = list.look(down("rei_workers", 3), at(1003));
    assert_eq!(moved, Some(Vec::new()), "news, and no line moved");
    let sight = list.lines[0].sight.as_ref().unwrap();
    assert_eq!(sight.args["units"], "rei_workers".into());
    assert_eq!(sight.at, at(1001));
}
