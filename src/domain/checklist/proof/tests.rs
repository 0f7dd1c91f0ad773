use super::*;
use crate::domain::failure::Failure;
use crate::domain::health::{Sign, SignCode};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// At second 1000, of a recovery that ended at 900.
fn seen(probe: Probe, findings: Vec<Finding>) -> Seen {
    with(probe, findings, |_| {})
}

fn with(probe: Probe, findings: Vec<Finding>, more: impl FnOnce(&mut Context<'_>)) -> Seen {
    let round = Round {
        at: at(1000),
        took: Duration::ZERO,
        findings,
    };
    let mut context = Context {
        round: &round,
        since: at(900),
        verified: None,
        scraped: None,
        sent: None,
        report: None,
    };
    more(&mut context);
    judge(probe, &context)
}

fn unit(name: &str) -> Finding {
    Finding::up(Part::Unit).of(name)
}

fn holds(seen: &Seen) -> Option<bool> {
    match seen {
        Seen::Proved(_) => Some(true),
        Seen::Refuted(_) => Some(false),
        Seen::Untold => None,
    }
}

#[test]
fn all_units_run_or_the_others_are_named() {
    let bot = || unit("rei_bot");
    let down = Sign::new(SignCode::UnitDown);
    let stopped = unit("rei_bot_workers").with(Condition::Down, down);
    match seen(Probe::Services, vec![bot(), stopped]) {
        Seen::Refuted(args) => assert_eq!(args["units"], "rei_bot_workers".into()),
        other => panic!("{other:?}"),
    }
    let away = Failure::new(FailureCode::UnitNotFound);
    let elsewhere = Finding::unknown(Part::Unit, away).of("redis");
    let all = seen(Probe::Services, vec![bot(), elsewhere]);
    assert_eq!(holds(&all), Some(true), "Redis is another machine's");
    let late = Failure::new(FailureCode::TimedOut);
    let silent = Finding::unknown(Part::Unit, late).of("redis");
    assert_eq!(holds(&seen(Probe::Services, vec![bot(), silent])), None);
    assert_eq!(holds(&seen(Probe::Services, Vec::new())), None);
}

#[test]
fn a_check_from_before_the_recovery_proves_nothing() {
    let checked = |seconds| {
        vec![Finding::up(Part::Database).measured(Measure::CheckedSeconds, Some(seconds))]
    };
    assert_eq!(holds(&seen(Probe::Database, checked(99))), Some(true));
    assert_eq!(holds(&seen(Probe::Database, checked(101))), None);
    let sound = |context: &mut Context<'_>| context.verified = Some(Verified::Sound(at(800)));
    assert_eq!(
        holds(&with(Probe::Database, checked(101), sound)),
        Some(true)
    );
    let bad = |context: &mut Context<'_>| context.verified = Some(Verified::Damaged);
    assert_eq!(holds(&with(Probe::Database, checked(1), bad)), Some(false));
}

#[test]
fn only_a_payment_proves_that_payments_work() {
    let paid =
        |seconds| vec![Finding::up(Part::Payments).measured(Measure::AgeSeconds, Some(seconds))];
    assert_eq!(holds(&seen(Probe::Payments, paid(50))), Some(true));
    assert_eq!(holds(&seen(Probe::Payments, paid(500))), None);
    let down = Finding::up(Part::Yookassa).with(Condition::Down, Sign::new(SignCode::ServiceDown));
    let both = [paid(50), vec![down]].concat();
    assert_eq!(holds(&seen(Probe::Payments, both)), Some(false));
}

#[test]
fn ledger_queue_team_and_metrics() {
    let ledger = |count, looked| {
        let found = Finding::up(Part::Ledger).measured(Measure::Imbalances, Some(count));
        vec![found.measured(Measure::LookedSeconds, looked)]
    };
    assert_eq!(holds(&seen(Probe::Ledger, ledger(0, None))), Some(true));
    assert_eq!(holds(&seen(Probe::Ledger, ledger(0, Some(200)))), None);
    assert_eq!(holds(&seen(Probe::Ledger, ledger(3, None))), Some(false));
    let queue = |workers| vec![Finding::up(Part::Queue).measured(Measure::Workers, Some(workers))];
    assert_eq!(holds(&seen(Probe::Queue, queue(1))), Some(true));
    assert_eq!(holds(&seen(Probe::Queue, queue(0))), None);
    let itself = |backlog, age| {
        let found = Finding::up(Part::Itself).measured(Measure::Backlog, Some(backlog));
        vec![found.measured(Measure::AgeSeconds, Some(age))]
    };
    assert_eq!(holds(&seen(Probe::Team, itself(0, 5))), Some(true));
    assert_eq!(holds(&seen(Probe::Team, itself(0, 500))), None);
    assert_eq!(
        holds(&seen(Probe::Team, itself(2, 5))),
        None,
        "it is on its way"
    );
    let scraped = |seconds| {
        move |context: &mut Context<'_>| context.scraped = Some(Duration::from_secs(seconds))
    };
    assert_eq!(
        holds(&with(Probe::Monitoring, Vec::new(), scraped(30))),
        Some(true)
    );
    assert_eq!(
        holds(&with(Probe::Monitoring, Vec::new(), scraped(3600))),
        Some(false)
    );
    assert_eq!(holds(&seen(Probe::Monitoring, Vec::new())), None);
}

#[test]
fn a_drill_proves_by_what_it_saw_on_its_copy() {
    let look = |function, verdict| Look {
        function,
        verdict,
        saw: "drill-saw-units".to_owned(),
        args: Args::new(),
        failure: None,
    };
    let looks = [
        look(Function::Units, Verdict::Pass),
        look(Function::Database, Verdict::Pass),
        look(Function::Rows, Verdict::Fail),
        look(Function::Ledger, Verdict::Inconclusive),
    ];
    let seen = |probe| holds(&rehearsed(probe, &looks));
    assert_eq!(seen(Probe::Services), Some(true));
    assert_eq!(seen(Probe::Database), Some(false), "rows are missing");
    for probe in [Probe::Ledger, Probe::Queue, Probe::Users, Probe::Team] {
        assert_eq!(seen(probe), None, "{}", probe.as_str());
    }
}
