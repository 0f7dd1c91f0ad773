//! What comes next, for every way a run can go.

use super::{Phase, Run};
use crate::domain::approval::Request;
use crate::domain::choice::Choice;
use crate::domain::database::FileIdentity;
use crate::domain::event::{Entry, Event, Outcome};
use crate::domain::facts::Facts;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{RunId, StepId};
use crate::domain::operator::Actor;
use crate::domain::plan::{Hold, MAX_CUT_OFFS, Next, Plan, next};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

const RUNBOOK: &str = include_str!("../../../deploy/runbooks/database-corruption.toml");

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

pub(super) fn ann() -> Actor {
    Actor::telegram(1, "Ann")
}

pub(super) fn step(id: &str) -> StepId {
    id.parse().unwrap()
}

fn proposed() -> Run {
    proposed_with(RUNBOOK)
}

pub(super) fn proposed_with(runbook: &str) -> Run {
    let plan = Plan {
        runbook: toml::from_str(runbook).unwrap(),
        home: "/rei".into(),
        database: "/rei/bot.db".into(),
        identity: FileIdentity {
            path: "/rei/bot.db".into(),
            inode: Some((1, 2)),
        },
        backup: None,
        loss: None,
        retry: None,
        quarantine: "/rei/q".into(),
        staging: "/rei/.s".into(),
        made_at: at(0),
        expected: Duration::from_secs(900),
        measured: 0,
    };
    let hash = plan.hash();
    Run::new(RunId(1), Arc::new(plan), hash, ann(), None)
}

pub(super) fn after(events: &[Event]) -> Run {
    folded(proposed(), events)
}

pub(super) fn folded(run: Run, events: &[Event]) -> Run {
    let entry = |(index, event): (usize, &Event)| Entry {
        position: index as u64 + 1,
        at: at(index as i64),
        event: event.clone(),
    };
    let journal: Vec<Entry> = events.iter().enumerate().map(entry).collect();
    run.fold(&journal)
}

fn started() -> Vec<Event> {
    vec![Event::Proposed { by: ann() }, Event::Started { by: ann() }]
}

pub(super) fn began(id: &str, attempt: u32) -> Event {
    Event::StepStarted {
        step: step(id),
        attempt,
    }
}

pub(super) fn done(id: &str) -> Event {
    Event::StepSucceeded {
        step: step(id),
        attempt: 1,
        facts: Facts::MessageSent,
    }
}

pub(super) fn failed(id: &str, attempt: u32) -> Event {
    Event::StepFailed {
        step: step(id),
        attempt,
        failure: Failure::new(FailureCode::FileError),
    }
}

pub(super) fn doubt(id: &str, attempt: u32, code: FailureCode) -> Event {
    Event::StepInDoubt {
        step: step(id),
        attempt,
        failure: Failure::new(code),
    }
}

pub(super) fn asked(id: &str) -> Event {
    let request = Request {
        id: id.parse().unwrap(),
        gate: "swap".parse().unwrap(),
        plan: "p".into(),
        facts: "f".into(),
        requester: ann(),
        asked_at: at(0),
        expires_at: at(600),
        required: 1,
        word: "bodigo".into(),
        loss: None,
    };
    Event::ApprovalAsked { request }
}

pub(super) fn approved(id: &str) -> Event {
    Event::Approved {
        request: id.parse().unwrap(),
        by: Actor::telegram(2, "Bob"),
        complete: true,
    }
}

/// Up to and including these steps, all as they should be.
pub(super) fn through(last: &str) -> Vec<Event> {
    let mut events = started();
    for each in proposed()
        .plan
        .runbook
        .steps
        .iter()
        .map(|step| step.id.as_str())
    {
        if each == "stop" {
            events.extend([asked("a"), approved("a")]);
        }
        events.extend([began(each, 1), done(each)]);
        if each == last {
            return events;
        }
    }
    events
}

pub(super) fn then(mut events: Vec<Event>, more: impl IntoIterator<Item = Event>) -> Run {
    events.extend(more);
    after(&events)
}

pub(super) fn perform(id: &str, attempt: u32) -> Next {
    Next::Perform {
        step: step(id),
        attempt,
    }
}

#[test]
fn nothing_begins_before_the_start() {
    assert_eq!(next(&after(&started()[..1])), Next::Wait(Hold::Proposed));
    assert_eq!(next(&after(&started())), perform("fetch", 1));
}

#[test]
fn the_first_step_behind_a_gate_asks_once_and_waits() {
    let gate = "swap".parse().unwrap();
    assert_eq!(next(&then(through("fetch"), [])), Next::Ask(gate));
    let gate = "swap".parse().unwrap();
    assert_eq!(
        next(&then(through("fetch"), [asked("a")])),
        Next::AwaitApproval(gate)
    );
    assert_eq!(
        next(&then(through("fetch"), [asked("a"), approved("a")])),
        perform("stop", 1)
    );
}

#[test]
fn steps_of_one_gate_share_its_approval() {
    assert_eq!(next(&then(through("closed"), [])), perform("quarantine", 1));
}

#[test]
fn the_approval_of_another_request_opens_nothing() {
    let run = then(through("fetch"), [asked("a"), approved("b")]);
    assert!(matches!(next(&run), Next::AwaitApproval(_)));
}

#[test]
fn a_denial_takes_back_what_was_fetched_and_ends() {
    let denied = Event::Denied {
        request: "a".parse().unwrap(),
        by: ann(),
    };
    let run = then(through("fetch"), [asked("a"), denied]);
    assert_eq!(
        next(&run),
        Next::Undo {
            step: step("fetch")
        }
    );
    let undone = Event::UndoSucceeded {
        step: step("fetch"),
        attempt: 1,
        facts: Facts::Discarded,
    };
    let denied = Event::Denied {
        request: "a".parse().unwrap(),
        by: ann(),
    };
    let run = then(through("fetch"), [asked("a"), denied, undone]);
    assert_eq!(next(&run), Next::Finish(Outcome::Denied));
}

#[test]
fn an_expired_request_waits_and_can_be_asked_again() {
    let expired = || Event::ApprovalExpired {
        request: "a".parse().unwrap(),
    };
    let run = then(through("fetch"), [asked("a"), expired()]);
    let hold = Hold::Expired("swap".parse().unwrap());
    assert_eq!(next(&run), Next::Wait(hold.clone()));
    assert_eq!(
        run.choices(&hold),
        [Choice::Retry, Choice::RollBack, Choice::Abort]
    );
    let again = Event::AskedAgain {
        gate: "swap".parse().unwrap(),
        by: ann(),
    };
    let run = then(through("fetch"), [asked("a"), expired(), again]);
    assert!(matches!(next(&run), Next::Ask(_)));
}

#[test]
fn a_void_request_is_asked_again_by_itself() {
    let void = Event::ApprovalVoided {
        request: "a".parse().unwrap(),
    };
    let run = then(through("fetch"), [asked("a"), approved("a"), void]);
    assert!(matches!(next(&run), Next::Ask(_)));
}

#[test]
fn a_cut_off_is_repeated_looked_at_or_asked_by_its_rule() {
    let cut = FailureCode::CutOff;
    let again = then(started(), [began("fetch", 1), doubt("fetch", 1, cut)]);
    assert_eq!(next(&again), perform("fetch", 2));
    let look = then(
        through("closed"),
        [began("quarantine", 1), doubt("quarantine", 1, cut)],
    );
    assert_eq!(
        next(&look),
        Next::Look {
            step: step("quarantine"),
            attempt: 1
        }
    );
    let ask = then(
        through("answers"),
        [began("test-message", 1), doubt("test-message", 1, cut)],
    );
    assert_eq!(next(&ask), Next::Wait(Hold::InDoubt(step("test-message"))));
}

#[test]
fn a_timeout_of_a_repeatable_step_goes_to_a_person() {
    let run = then(
        started(),
        [began("fetch", 1), doubt("fetch", 1, FailureCode::TimedOut)],
    );
    assert_eq!(next(&run), Next::Wait(Hold::Failed(step("fetch"))));
}

#[test]
fn a_step_that_kills_the_program_each_time_is_not_begun_for_ever() {
    let mut events = started();
    for attempt in 1..=MAX_CUT_OFFS + 1 {
        events.extend([
            began("fetch", attempt),
            doubt("fetch", attempt, FailureCode::CutOff),
        ]);
    }
    assert_eq!(
        next(&after(&events)),
        Next::Wait(Hold::InDoubt(step("fetch")))
    );
}

#[test]
fn a_failure_waits_and_a_retry_counts_on() {
    let run = then(started(), [began("fetch", 1), failed("fetch", 1)]);
    let hold = Hold::Failed(step("fetch"));
    assert_eq!(next(&run), Next::Wait(hold.clone()));
    assert_eq!(
        run.choices(&hold),
        [Choice::Retry, Choice::RollBack, Choice::Abort]
    );
    let retry = Event::RetryAsked {
        step: step("fetch"),
        by: ann(),
    };
    let run = then(started(), [began("fetch", 1), failed("fetch", 1), retry]);
    assert_eq!(next(&run), perform("fetch", 2));
}

#[test]
fn automatic_retries_are_bounded_and_a_person_grants_new_ones() {
    let fails = |attempts: u32| {
        let each = |n| [began("answers", n), failed("answers", n)];
        then(through("watch"), (1..=attempts).flat_map(each))
    };
    assert_eq!(next(&fails(1)), perform("answers", 2));
    assert_eq!(next(&fails(2)), perform("answers", 3));
    assert_eq!(next(&fails(3)), Next::Wait(Hold::Failed(step("answers"))));
}

#[test]
fn what_later_steps_build_on_cannot_be_skipped() {
    for id in ["fetch", "closed", "quarantine", "install"] {
        let run = after(&started());
        assert!(
            !run.choices(&Hold::Failed(step(id))).contains(&Choice::Skip),
            "{id}"
        );
    }
    assert!(
        after(&started())
            .choices(&Hold::Failed(step("watch")))
            .contains(&Choice::Skip)
    );
}

#[test]
fn rolling_back_goes_in_reverse_and_leaves_nothing_out() {
    let asked_back = Event::RollbackAsked { by: ann() };
    let mut events = through("quarantine");
    events.extend([began("install", 1), failed("install", 1), asked_back]);
    let mut order = Vec::new();
    loop {
        match next(&after(&events)) {
            Next::Undo { step } => {
                order.push(step.to_string());
                events.push(Event::UndoStarted {
                    step: step.clone(),
                    attempt: 1,
                });
                events.push(Event::UndoSucceeded {
                    step,
                    attempt: 1,
                    facts: Facts::Discarded,
                });
            }
            other => {
                assert_eq!(other, Next::Finish(Outcome::RolledBack));
                break;
            }
        }
    }
    assert_eq!(order, ["quarantine", "stop", "fetch"]);
}

#[test]
fn after_the_units_were_started_there_is_no_way_back() {
    let run = then(through("verify"), [began("start", 1), failed("start", 1)]);
    let hold = Hold::Failed(step("start"));
    assert_eq!(
        run.choices(&hold),
        [Choice::Retry, Choice::Skip, Choice::Abort]
    );
}

#[test]
fn a_cancel_before_anything_was_touched_ends_by_itself() {
    let cancel = Event::CancelAsked { by: ann() };
    let run = then(through("fetch"), [asked("a"), cancel]);
    assert_eq!(run.phase, Phase::RollingBack(Outcome::Cancelled));
    assert!(
        run.approvals()
            .iter()
            .all(|approval| approval.verdict.is_some())
    );
}

#[test]
fn a_cancel_in_the_middle_waits_for_a_person() {
    let cancel = || Event::CancelAsked { by: ann() };
    let run = then(
        through("stop"),
        [began("closed", 1), cancel(), done("closed")],
    );
    assert_eq!(next(&run), Next::Wait(Hold::Cancelled));
    let resumed = Event::Resumed { by: ann() };
    let run = then(through("stop"), [cancel(), resumed]);
    assert_eq!(next(&run), perform("closed", 1));
}

#[test]
fn an_undo_that_was_cut_off_is_begun_again() {
    let events = [
        Event::RollbackAsked { by: ann() },
        Event::UndoStarted {
            step: step("stop"),
            attempt: 1,
        },
        Event::UndoInDoubt {
            step: step("stop"),
            attempt: 1,
            failure: Failure::new(FailureCode::CutOff),
        },
    ];
    let run = then(through("stop"), events);
    assert_eq!(next(&run), Next::Undo { step: step("stop") });
    assert_eq!(run.next_undo_attempt(&step("stop")), 2);
}

#[test]
fn a_changed_plan_has_another_hash() {
    let run = proposed();
    let mut plan = (*run.plan).clone();
    plan.database = "/other/bot.db".into();
    assert_ne!(plan.hash(), run.plan_hash);
}

#[test]
fn a_plan_keeps_its_hash_through_the_state() {
    let run = proposed();
    let text = serde_json::to_string(&*run.plan).unwrap();
    assert_eq!(
        serde_json::from_str::<Plan>(&text).unwrap().hash(),
        run.plan_hash
    );
}
