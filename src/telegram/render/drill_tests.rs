//! Drills, as they read: the choice, the plan, how far one is, and the debrief.

use super::chore::drill;
use super::sample::{ann, at};
use super::tests::{shown, snapshot};
use crate::domain::backup::BackupTime;
use crate::domain::chore::drill::{
    Drilled, Function, Leg, LegState, Look, Now, Promise, Recovery, Scenario, Seen, Wish,
};
use crate::domain::chore::testing::Verdict;
use crate::domain::chore::{Chore, Outcome, Phase, Task};
use crate::domain::event::Outcome as RunOutcome;
use crate::domain::failure::{Arg, Args, Failure, FailureCode};
use crate::domain::ids::ChoreId;
use crate::ops::{DrillPlan, LastDrill, Runbooks};
use std::time::Duration;

const RUNBOOK: &str = "database-corruption";

fn wish(bad_backup: bool) -> Wish {
    Wish {
        runbook: RUNBOOK.parse().unwrap(),
        bad_backup,
    }
}

fn runbooks() -> Runbooks {
    Runbooks::load(None, &|_| true).unwrap()
}

fn leg(step: &str, state: LegState, took: u64, waited: u64) -> Leg {
    Leg {
        step: step.parse().unwrap(),
        title: format!("step-{step}"),
        state,
        took,
        waited,
        destructive: false,
    }
}

fn look(function: Function, verdict: Verdict, saw: &str, args: &[(&str, i64)]) -> Look {
    let args = args.iter();
    let args: Args = args
        .map(|(name, value)| ((*name).to_owned(), Arg::Number(*value)))
        .collect();
    Look {
        function,
        verdict,
        saw: saw.to_owned(),
        args,
        failure: None,
    }
}

fn seen(bad_backup: bool) -> Seen {
    let looks = vec![
        look(
            Function::Units,
            Verdict::Pass,
            "drill-saw-units",
            &[("up", 3), ("of", 3)],
        ),
        look(
            Function::Rows,
            Verdict::Pass,
            "drill-saw-rows",
            &[("rows", 41_210), ("saved", 41_200)],
        ),
        look(
            Function::Ledger,
            Verdict::Fail,
            "drill-saw-ledger",
            &[("count", 2)],
        ),
    ];
    Seen {
        wish: wish(bad_backup),
        backup: Some(BackupTime::of(at("00:15:00"))),
        newest_row: Some(at("00:14:20")),
        begun_at: Some(at("00:58:00")),
        prepared: 21_000,
        broken_at: Some(at("00:58:30")),
        recovery: Some(Recovery {
            outcome: Some(RunOutcome::Recovered),
            started: at("00:58:31"),
            ended: at("01:02:00"),
            version: 2,
            legs: vec![
                leg("fetch-backup", LegState::Done, 95_000, 0),
                leg("stop-units", LegState::Done, 3_000, 400),
                leg("flush-redis", LegState::NotDue, 0, 0),
                leg("send-test-message", LegState::NotTried, 10, 0),
            ],
            stopped: None,
            stood_in: vec!["pip3".to_owned()],
        }),
        looks,
        verified_at: Some(at("01:02:20")),
        hindrance: None,
    }
}

fn refused() -> Seen {
    let mut seen = seen(true);
    let failure = Failure::new(FailureCode::BackupDamaged).with("backup", "20261123_001500");
    let recovery = seen.recovery.as_mut().unwrap();
    recovery.outcome = None;
    recovery.legs = vec![
        leg("fetch-backup", LegState::Failed, 4_000, 0),
        leg("stop-units", LegState::NotReached, 0, 0),
    ];
    recovery.stopped = Some(("fetch-backup".parse().unwrap(), failure));
    recovery.stood_in.clear();
    seen.looks.clear();
    seen.verified_at = None;
    seen
}

fn judged(seen: Seen) -> Drilled {
    let hour = 3_600_000;
    let promise = Promise {
        rto: hour,
        rpo: hour / 2,
    };
    let next = "2027-01-01T07:00:00Z".parse().unwrap();
    Drilled::judged(seen, promise, Some(next))
}

fn chore(phase: Phase, drilled: Option<Drilled>) -> Chore {
    let wish = drilled
        .as_ref()
        .map_or(wish(false), |it| it.seen.wish.clone());
    let mut chore = Chore::asked(Task::Drill { wish }, ann(), None, at("00:57:00"));
    chore.id = ChoreId(7);
    chore.phase = phase;
    chore.begun_at = Some(at("00:58:00"));
    chore.ended_at = phase.is_over().then(|| at("01:02:21"));
    chore.outcome = drilled.map(|it| Outcome::Drilled(Box::new(it)));
    chore
}

#[test]
fn the_choice_and_the_plan() {
    let all = runbooks();
    let two: Vec<_> = all.offered().take(2).collect();
    snapshot!(
        "drill_choice",
        shown("01:00:00", |view| drill::choice(view, &two))
    );
    let plan = DrillPlan {
        wish: wish(false),
        runbook: all.get(&wish(false).runbook).unwrap().clone(),
        scenario: Scenario::DatabaseCorruption,
        backup: None,
        last: Some(LastDrill {
            drilled: judged(seen(false)),
            at: at("00:30:00"),
            took: Duration::from_secs(260),
        }),
    };
    snapshot!(
        "drill_plan",
        shown("01:00:00", |view| drill::plan(view, &plan))
    );
}

#[test]
fn how_far_it_is() {
    let chore = chore(Phase::Running, None);
    let now = Now::Recovering {
        title: "step-watch-units".to_owned(),
        number: 8,
        of: 11,
    };
    snapshot!(
        "drill_recovering",
        shown("01:00:00", |view| drill::card(view, &chore, Some(&now)))
    );
    let now = Now::Preparing;
    snapshot!(
        "drill_preparing",
        shown("00:58:05", |view| drill::card(view, &chore, Some(&now)))
    );
}

#[test]
fn the_debrief() {
    let failed = chore(Phase::Done, Some(judged(seen(false))));
    snapshot!(
        "drill_failed",
        shown("01:03:00", |view| drill::report(view, &failed))
    );
    let refused = chore(Phase::Done, Some(judged(refused())));
    snapshot!(
        "drill_refused",
        shown("01:03:00", |view| drill::report(view, &refused))
    );
}
