//! Whatever two people and the probes do in whatever order: no tick of a person is lost.

use super::tests::{at, checklist, person, press};
use super::*;
use crate::domain::failure::Args;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Deed {
    /// A person presses on what he saw so many deeds ago.
    Press {
        by: i64,
        line: usize,
        act: u8,
        seen: usize,
    },
    /// The probes look.
    Look(Option<bool>),
}

fn deed() -> impl Strategy<Value = Deed> {
    let pressed = (1..=2_i64, 0..3_usize, 0..3_u8, 0..3_usize).prop_map(|(by, line, act, seen)| {
        Deed::Press {
            by,
            line,
            act,
            seen,
        }
    });
    let look = proptest::option::of(any::<bool>()).prop_map(Deed::Look);
    prop_oneof![3 => pressed, 1 => look]
}

fn act(number: u8) -> Act {
    match number {
        0 => Act::Tick,
        1 => Act::Untick,
        _ => Act::NotApplicable("because".to_owned()),
    }
}

proptest! {
    #[test]
    fn no_tick_is_lost(deeds in proptest::collection::vec(deed(), 0..60)) {
        let mut list = checklist(&[None, Some(Probe::Services), Some(Probe::Ledger)]);
        let mut shown = vec![list.clone()];
        // What the last accepted word of a person on each line was.
        let mut words: [Option<(i64, Act)>; 3] = [None, None, None];
        for (nth, deed) in deeds.into_iter().enumerate() {
            let now = at(2000 + i64::try_from(nth).unwrap());
            match deed {
                Deed::Press { by, line, act: number, seen } => {
                    let then = &shown[shown.len().saturating_sub(1 + seen)];
                    let (turn, before) = (then.lines[line].turn, list.clone());
                    let pressed = press(line, turn, act(number));
                    match list.press(&person(by), &pressed, now) {
                        Ok(()) => {
                            let same = before.lines[line].state == then.lines[line].state;
                            prop_assert!(same, "he saw what he changed");
                            words[line] = Some((by, act(number)));
                        }
                        Err(_) => prop_assert_eq!(&list, &before, "refused and changed all the same"),
                    }
                }
                Deed::Look(holds) => {
                    list.look(|_| match holds {
                        Some(true) => Seen::Proved(Args::new()),
                        Some(false) => Seen::Refuted(Args::new()),
                        None => Seen::Untold,
                    }, now);
                }
            }
            for (line, word) in list.lines.iter().zip(&words) {
                let stands = match (word, &line.state) {
                    (Some((by, Act::Tick)), State::Ticked { by: Ticker::Person { actor }, .. }) => {
                        actor.id == *by
                    }
                    (Some((by, Act::NotApplicable(_))), State::NotApplicable { by: actor, .. }) => {
                        actor.id == *by
                    }
                    (Some((_, Act::Untick)), State::Open { .. }) => true,
                    (Some(_), _) => false,
                    (None, State::Ticked { by, .. }) => *by == Ticker::Probe && line.item.probe.is_some(),
                    (None, state) => matches!(state, State::Open { .. }),
                };
                prop_assert!(stands, "{line:?} after {word:?}");
            }
            let text = serde_json::to_string(&list).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Checklist>(&text).unwrap(), &list);
            shown.push(list.clone());
        }
    }
}
