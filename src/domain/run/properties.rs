//! What holds for every journal, also one that nobody in his right mind would write.

use super::StepState;
use super::tests::{after, ann, approved, asked, began, done, doubt, failed, step};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::failure::FailureCode;
use crate::domain::plan::{Next, next};
use proptest::prelude::*;

fn any_event() -> impl Strategy<Value = Event> {
    let ids = [
        "fetch",
        "stop",
        "closed",
        "quarantine",
        "install",
        "start",
        "test-message",
        "other",
    ];
    let id = prop::sample::select(ids.to_vec());
    (0..14u8, id, 0..4u32).prop_map(|(kind, id, attempt)| match kind {
        0 => Event::Started { by: ann() },
        1 => began(id, attempt),
        2 => done(id),
        3 => failed(id, attempt),
        4 => doubt(id, attempt, FailureCode::CutOff),
        5 => Event::StepNotDone {
            step: step(id),
            attempt,
            by: None,
        },
        6 => Event::RetryAsked {
            step: step(id),
            by: ann(),
        },
        7 => asked("a"),
        8 => approved("a"),
        9 => Event::CancelAsked { by: ann() },
        10 => Event::RollbackAsked { by: ann() },
        11 => Event::UndoStarted {
            step: step(id),
            attempt,
        },
        12 => Event::UndoSucceeded {
            step: step(id),
            attempt,
            facts: Facts::Discarded,
        },
        _ => Event::Aborted { by: ann() },
    })
}

proptest! {
    /// A journal written by nobody in his right mind is folded all the same, and something comes next.
    #[test]
    fn any_journal_can_be_folded(events in prop::collection::vec(any_event(), 0..40)) {
        let run = after(&events);
        prop_assert_eq!(run.position, events.len() as u64);
        let decision = next(&run);
        if let Next::Perform { step, .. } = &decision {
            let settled = matches!(run.state_of(step), StepState::Succeeded { .. } | StepState::Skipped { .. });
            prop_assert!(!settled, "a settled step is done again: {step}");
        }
    }

    /// No destructive step is ever next without an approval that was granted for its gate.
    #[test]
    fn nothing_destructive_without_approval(events in prop::collection::vec(any_event(), 0..40)) {
        let run = after(&events);
        if let Next::Perform { step, .. } = next(&run) {
            let planned = run.plan.step(&step).unwrap();
            if planned.action.is_destructive() {
                prop_assert!(run.is_open(planned.gate.as_ref().unwrap()));
            }
        }
    }
}
