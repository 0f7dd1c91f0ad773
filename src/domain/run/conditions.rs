//! Steps that an earlier finding makes needless.

use super::StepState;
use super::tests::{ann, folded, proposed_with, step};
use crate::domain::event::Event;
use crate::domain::facts::Facts;
use crate::domain::plan::{Next, next};
use crate::domain::queue::RedisContent;

/// Redis was restarted, answers, and was looked through.
fn inspected(damaged: u64) -> Vec<Event> {
    let found = RedisContent {
        damaged,
        ..RedisContent::default()
    };
    let done = |id: &str, facts| Event::StepSucceeded {
        step: step(id),
        attempt: 1,
        facts,
    };
    let nothing = || Facts::Discarded;
    vec![
        Event::Proposed { by: ann() },
        Event::Started { by: ann() },
        done("check", nothing()),
        done("restart", nothing()),
        done("ping", nothing()),
        done("inspect", Facts::RedisInspected(found)),
    ]
}

#[test]
fn what_an_earlier_step_makes_needless_is_passed_over_without_an_approval() {
    const REDIS: &str = include_str!("../../../deploy/runbooks/redis-failure.toml");
    let mut events = inspected(0);
    for id in ["flush", "restart-empty", "ping-empty"] {
        let run = folded(proposed_with(REDIS), &events);
        assert_eq!(next(&run), Next::Pass { step: step(id) });
        events.push(Event::StepPassed { step: step(id) });
    }
    let run = folded(proposed_with(REDIS), &events);
    assert_eq!(*run.state_of(&step("flush")), StepState::NotDue);
    assert!(!run.state_of(&step("flush")).may_have_happened());
    // The workers' restart shares the gate of the first restart, which was approved.
    assert!(matches!(next(&run), Next::Ask(gate) if gate.as_str() == "restart"));
    let damaged = folded(proposed_with(REDIS), &inspected(3));
    assert!(matches!(next(&damaged), Next::Ask(gate) if gate.as_str() == "flush"));
}

#[test]
fn where_nobody_could_look_a_person_at_the_gate_decides() {
    const REDIS: &str = include_str!("../../../deploy/runbooks/redis-failure.toml");
    let mut events = inspected(0);
    events.pop();
    events.push(Event::StepSkipped {
        step: step("inspect"),
        reason: "it takes too long".to_owned(),
        by: ann(),
    });
    let run = folded(proposed_with(REDIS), &events);
    assert!(matches!(next(&run), Next::Ask(gate) if gate.as_str() == "flush"));
}
