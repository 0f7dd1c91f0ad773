//! A look that failed tells nothing: the step stays what it was, in doubt.

use super::Run;
use super::tests::{ann, began, doubt, failed, folded, proposed_with, step, then, through};
use crate::domain::event::Event;
use crate::domain::failure::FailureCode;
use crate::domain::plan::{Hold, Next, next};

fn look() -> Next {
    Next::Look {
        step: step("install"),
        attempt: 1,
    }
}

fn retry() -> Event {
    Event::RetryAsked {
        step: step("install"),
        by: ann(),
    }
}

/// The step's answer was lost, and then the look's.
fn unseen() -> Vec<Event> {
    let mut events = through("quarantine");
    events.extend([
        began("install", 1),
        doubt("install", 1, FailureCode::FileError),
        failed("install", 1),
    ]);
    events
}

#[test]
fn a_person_who_tries_again_has_it_looked_at_again() {
    let run = then(unseen(), []);
    assert_eq!(next(&run), Next::Wait(Hold::Failed(step("install"))));
    assert_eq!(next(&then(unseen(), [retry()])), look());
    let twice = then(unseen(), [retry(), failed("install", 1), retry()]);
    assert_eq!(next(&twice), look());
}

#[test]
fn once_it_is_seen_that_it_did_not_happen_it_is_done_again() {
    let not_done = Event::StepNotDone {
        step: step("install"),
        attempt: 1,
        by: None,
    };
    let again = [
        retry(),
        not_done,
        began("install", 2),
        failed("install", 2),
        retry(),
    ];
    let run = then(unseen(), again);
    let (step, attempt) = (step("install"), 3);
    assert_eq!(next(&run), Next::Perform { step, attempt });
}

#[test]
fn a_step_that_is_tried_again_by_itself_is_looked_at_as_well() {
    let runbook = include_str!("../../../deploy/runbooks/database-corruption.toml");
    let own = "id = \"install\"";
    let retried = runbook.replacen(own, &format!("{own}\non-failure = {{ retry = 2 }}"), 1);
    let run: Run = folded(proposed_with(&retried), &unseen());
    assert_eq!(next(&run), look());
}
