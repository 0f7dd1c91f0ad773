use super::*;
use crate::domain::failure::FailureCode;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn leg(step: &str, state: LegState, took: u64) -> Leg {
    Leg {
        step: step.parse().unwrap(),
        title: format!("step-{step}"),
        state,
        took,
        waited: 0,
        destructive: step == "stop",
    }
}

fn recovered() -> Seen {
    Seen {
        wish: Wish {
            runbook: "database-corruption".parse().unwrap(),
            bad_backup: false,
        },
        backup: Some(BackupTime::of(at(-600))),
        newest_row: Some(at(-9_000)),
        begun_at: Some(at(-6)),
        prepared: 5_000,
        broken_at: Some(at(0)),
        recovery: Some(Recovery {
            outcome: Some(Outcome::Recovered),
            started: at(1),
            ended: at(101),
            version: 2,
            legs: vec![
                leg("fetch", LegState::Done, 60_000),
                leg("stop", LegState::Done, 10_000),
            ],
            stopped: None,
            stood_in: Vec::new(),
        }),
        looks: Function::ALL.map(|it| looked(it, Verdict::Pass)).into(),
        verified_at: Some(at(121)),
        hindrance: None,
    }
}

fn refused() -> Seen {
    let mut seen = recovered();
    seen.wish.bad_backup = true;
    let failure = Failure::new(FailureCode::BackupDamaged);
    let recovery = seen.recovery.as_mut().unwrap();
    recovery.outcome = None;
    recovery.stopped = Some(("fetch".parse().unwrap(), failure));
    recovery.legs = vec![
        leg("fetch", LegState::Failed, 60_000),
        leg("stop", LegState::NotReached, 0),
    ];
    seen.looks.clear();
    seen
}

fn look(verdict: Verdict) -> Look {
    looked(Function::Ledger, verdict)
}

fn looked(function: Function, verdict: Verdict) -> Look {
    Look {
        function,
        verdict,
        saw: "drill-saw-ledger".to_owned(),
        args: Args::new(),
        failure: None,
    }
}

fn judged(seen: Seen) -> Drilled {
    let promise = Promise {
        rto: 3_600_000,
        rpo: 3_600_000,
    };
    Drilled::judged(seen, promise, None)
}

#[test]
fn what_was_recovered_within_the_promise_passes() {
    let drilled = judged(recovered());
    assert_eq!(drilled.verdict, Verdict::Pass);
    assert_eq!(drilled.rto(), Some(Duration::from_secs(120)));
    // Of the backup, whatever users did, and before the drill's own preparation.
    assert_eq!(drilled.rpo(), Some(Duration::from_secs(594)));
}

#[test]
fn waits_do_not_count() {
    let mut seen = recovered();
    seen.recovery.as_mut().unwrap().legs[1].waited = 100_000;
    let drilled = judged(seen);
    assert_eq!(drilled.rto(), Some(Duration::from_secs(20)));
    assert_eq!(drilled.waited(), Duration::from_secs(100));
}

#[test]
fn a_broken_promise_is_red() {
    for promise in [(119_000, 3_600_000), (3_600_000, 293_000)] {
        let (rto, rpo) = promise;
        let drilled = Drilled::judged(recovered(), Promise { rto, rpo }, None);
        assert_eq!(drilled.verdict, Verdict::Fail, "{promise:?}");
        assert_eq!(drilled.lessons().len(), 2);
    }
}

#[test]
fn a_backup_is_given_the_leeway_of_the_weekly_test() {
    let rpo = 594_000 - 300_000;
    let promise = Promise {
        rto: 3_600_000,
        rpo,
    };
    let drilled = Drilled::judged(recovered(), promise, None);
    assert_eq!(drilled.verdict, Verdict::Pass);
    let over = |it: &Lesson| matches!(it, Lesson::OverRpo { .. });
    assert!(!drilled.lessons().iter().any(over));
}

#[test]
fn a_bad_backup_is_red_unless_it_was_bad_on_purpose() {
    let mut seen = refused();
    let drilled = judged(seen.clone());
    assert_eq!(drilled.verdict, Verdict::Pass);
    assert!(drilled.was_refused());
    seen.wish.bad_backup = false;
    assert_eq!(judged(seen).verdict, Verdict::Fail);
}

#[test]
fn a_bad_backup_must_be_refused_for_what_is_in_it_and_before_anything_is_touched() {
    let mut taken = recovered();
    taken.wish.bad_backup = true;
    assert_eq!(judged(taken).verdict, Verdict::Fail);
    let mut late = refused();
    late.recovery.as_mut().unwrap().legs[1].state = LegState::Done;
    assert_eq!(judged(late).verdict, Verdict::Fail);
    let mut other = refused();
    let failure = Failure::new(FailureCode::DiskFull);
    other.recovery.as_mut().unwrap().stopped = Some(("fetch".parse().unwrap(), failure));
    assert_eq!(judged(other).verdict, Verdict::Fail);
}

#[test]
fn what_nobody_could_look_at_proves_nothing() {
    let mut seen = recovered();
    seen.looks.push(look(Verdict::Inconclusive));
    assert_eq!(judged(seen.clone()).verdict, Verdict::Inconclusive);
    seen.looks.push(look(Verdict::Fail));
    assert_eq!(judged(seen.clone()).verdict, Verdict::Fail);
    seen.looks.clear();
    assert_eq!(judged(seen.clone()).verdict, Verdict::Inconclusive);
    seen.recovery = None;
    seen.hindrance = Some(Failure::new(FailureCode::DrillUnequipped));
    assert_eq!(judged(seen.clone()).verdict, Verdict::Inconclusive);
    seen.hindrance = Some(Failure::new(FailureCode::BackupEmpty));
    assert_eq!(judged(seen).verdict, Verdict::Fail);
}

#[test]
fn what_was_not_looked_at_at_all_proves_nothing_either() {
    for function in Function::ALL {
        let mut seen = recovered();
        seen.looks.retain(|look| look.function != function);
        assert_eq!(judged(seen).verdict, Verdict::Inconclusive, "{function:?}");
    }
    // An outage of a provider touches no payment.
    let mut seen = recovered();
    seen.wish.runbook = "ai-outage".parse().unwrap();
    seen.looks
        .retain(|look| look.function != Function::Payments);
    assert_eq!(judged(seen).verdict, Verdict::Pass);
}

#[test]
fn it_is_kept_and_read_back() {
    let drilled = judged(refused());
    let text = serde_json::to_string(&drilled).unwrap();
    assert_eq!(serde_json::from_str::<Drilled>(&text).unwrap(), drilled);
    let outcome = crate::domain::chore::Outcome::Drilled(Box::new(drilled));
    let text = serde_json::to_string(&outcome).unwrap();
    let read: crate::domain::chore::Outcome = serde_json::from_str(&text).unwrap();
    assert_eq!(read, outcome);
}
