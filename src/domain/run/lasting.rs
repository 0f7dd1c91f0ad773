//! How long an approval covers what was begun on it, and how often a roll back is tried.

use super::Run;
use super::tests::{
    after, ann, approved, asked, began, done, doubt, failed, folded, proposed_with,
};
use super::tests::{step, then, through};
use crate::domain::event::Event;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::plan::{Hold, MAX_CUT_OFFS, Next, next};

const FLUSH: &str = include_str!("../../../deploy/runbooks/redis-flush.toml");

#[test]
fn an_approval_is_used_once_a_file_was_moved_and_not_by_a_stop_that_failed() {
    let gate = "swap".parse().unwrap();
    let used = |run: &Run| run.has_used(&gate);
    let cut = FailureCode::CutOff;
    for (events, want) in [
        (vec![began("stop", 1), failed("stop", 1)], false),
        (vec![began("stop", 1), done("stop")], false),
    ] {
        let run = then(
            through("fetch"),
            [&[asked("a"), approved("a")][..], &events].concat(),
        );
        assert!(run.passed(&gate));
        assert_eq!(used(&run), want, "{events:?}");
    }
    assert!(!used(&after(&through("closed"))));
    for event in [doubt("quarantine", 1, cut), failed("quarantine", 1)] {
        let run = then(through("closed"), [began("quarantine", 1), event]);
        assert!(used(&run));
    }
    let run = folded(
        proposed_with(FLUSH),
        &[began("flush", 1), failed("flush", 1)],
    );
    assert!(!run.has_used(&"flush".parse().unwrap()));
    let run = folded(proposed_with(FLUSH), &[began("flush", 1), done("flush")]);
    assert!(run.has_used(&"flush".parse().unwrap()));
}

#[test]
fn a_roll_back_that_is_cut_off_again_and_again_comes_to_a_person() {
    let back = Event::RollbackAsked { by: ann() };
    let mut events = through("quarantine");
    events.push(back);
    for attempt in 1..=MAX_CUT_OFFS + 1 {
        assert_eq!(
            next(&after(&events)),
            Next::Undo {
                step: step("quarantine")
            }
        );
        events.push(Event::UndoStarted {
            step: step("quarantine"),
            attempt,
        });
        events.push(Event::UndoInDoubt {
            step: step("quarantine"),
            attempt,
            failure: Failure::new(FailureCode::CutOff),
        });
    }
    let hold = Next::Wait(Hold::UndoFailed(step("quarantine")));
    assert_eq!(next(&after(&events)), hold);
    events.push(Event::UndoRetryAsked {
        step: step("quarantine"),
        by: ann(),
    });
    assert_eq!(
        next(&after(&events)),
        Next::Undo {
            step: step("quarantine")
        }
    );
}
