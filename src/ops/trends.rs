//! The last year in figures.

use super::{Ops, OpsError};
use crate::domain::chore::testing::{Tested, Verdict};
use crate::domain::chore::{Chore, Kind, Outcome, Task};
use crate::domain::event::Outcome as Ended;
use crate::domain::run::{Phase, Run};
use crate::domain::trend::{Point, Trends};
use jiff::{SignedDuration, Timestamp};

/// A leap year.
const YEAR: SignedDuration = SignedDuration::from_hours(366 * 24);
/// More recoveries than any year has.
const RUNS: u32 = 1000;

impl Ops {
    /// Recoveries, drills and tests of backups of the last year, the oldest first.
    ///
    /// # Errors
    /// The own state cannot be read.
    pub async fn trends(&self) -> Result<Trends, OpsError> {
        let until = self.now();
        let from = until.checked_sub(YEAR).unwrap_or(Timestamp::UNIX_EPOCH);
        let tests = self.state.chores.ended_since(Kind::TestBackups, from);
        let drills = self.state.chores.ended_since(Kind::Drill, from);
        let runs = self.state.journal.recent(RUNS);
        let (tests, drills, runs) = tokio::try_join!(tests, drills, runs)?;
        let recent = |point: &Point| point.at >= from;
        let mut recoveries: Vec<Point> = runs.iter().filter_map(recovery).filter(recent).collect();
        recoveries.reverse();
        let tested: Vec<_> = tests.iter().filter_map(tested).collect();
        let of = |value: fn(&Tested) -> Option<u64>| -> Vec<Point> {
            let points = tested
                .iter()
                .filter_map(|(at, test)| point(*at, test, value));
            points.collect()
        };
        Ok(Trends {
            from,
            until,
            rto: self.profile.rto,
            rpo: self.profile.rpo,
            recoveries,
            drills: drills.iter().filter_map(drill).collect(),
            ages: of(age),
            checks: of(slowest),
            sizes: of(size),
        })
    }
}

/// A recovery that came to its end, without the waits for people; what only puts jobs or payments in order
/// is none.
fn recovery(run: &Run) -> Option<Point> {
    let ended = run.started_at.and(run.finished_at)?;
    let whole = run.plan.runbook.offered && run.phase == Phase::Finished(Ended::Recovered);
    whole.then(|| Point {
        at: ended,
        value: run.working_time().as_secs(),
        good: true,
    })
}

/// A drill that recovered, measured as its debrief measures it. One with a backup that is bad on purpose
/// must not recover, and tells nothing of how long that takes.
fn drill(chore: &Chore) -> Option<Point> {
    let Some(Outcome::Drilled(drilled)) = &chore.outcome else {
        return None;
    };
    let rto = drilled.rto().filter(|_| !drilled.seen.wish.bad_backup)?;
    Some(Point {
        at: chore.ended_at?,
        value: rto.as_secs(),
        good: drilled.verdict != Verdict::Fail,
    })
}

/// Tests of what is newest: an older backup that was asked for by name tells nothing of the promises.
fn tested(chore: &Chore) -> Option<(Timestamp, &Tested)> {
    match (&chore.task, &chore.outcome) {
        (Task::TestBackups { backup: None }, Some(Outcome::Tested(tested))) => {
            Some((chore.ended_at?, tested))
        }
        _ => None,
    }
}

fn point(at: Timestamp, test: &Tested, value: fn(&Tested) -> Option<u64>) -> Option<Point> {
    Some(Point {
        at,
        value: value(test)?,
        good: test.verdict() != Verdict::Fail,
    })
}

fn age(test: &Tested) -> Option<u64> {
    let there = test.places.iter().filter(|place| place.backup.is_some());
    there.map(|place| place.age).min()
}

fn slowest(test: &Tested) -> Option<u64> {
    let whole = test.places.iter().filter(|place| place.content.is_some());
    whole.map(|place| place.took.all().as_secs()).max()
}

fn size(test: &Tested) -> Option<u64> {
    let there = test.places.iter().filter(|place| place.backup.is_some());
    let newest = there.max_by_key(|place| place.backup)?;
    Some(newest.size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chore::drill::{Drilled, Promise, Recovery, Seen, Wish};
    use crate::domain::operator::Actor;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    /// It fetched for ten minutes before anything failed, and recovered in two, or not at all.
    fn held(outcome: Option<Ended>, bad_backup: bool) -> Chore {
        let recovery = Recovery {
            outcome,
            started: at(600),
            ended: at(720),
            version: 1,
            legs: Vec::new(),
            stopped: None,
            stood_in: Vec::new(),
        };
        let wish = Wish {
            runbook: "database-corruption".parse().unwrap(),
            bad_backup,
        };
        let seen = Seen {
            wish: wish.clone(),
            backup: None,
            newest_row: None,
            begun_at: Some(at(0)),
            prepared: 0,
            broken_at: Some(at(600)),
            recovery: Some(recovery),
            looks: Vec::new(),
            verified_at: None,
            hindrance: None,
        };
        let promise = Promise { rto: 1, rpo: 1 };
        let drilled = Drilled::judged(seen, promise, None);
        let mut chore = Chore::asked(Task::Drill { wish }, Actor::system(), None, at(0));
        chore.begun_at = Some(at(0));
        chore.ended_at = Some(at(900));
        chore.outcome = Some(Outcome::Drilled(Box::new(drilled)));
        chore
    }

    #[test]
    fn a_drill_counts_with_the_time_of_its_recovery_or_not_at_all() {
        let point = drill(&held(Some(Ended::Recovered), false)).unwrap();
        assert_eq!((point.at, point.value), (at(900), 120));
        assert_eq!(drill(&held(None, false)), None);
        assert_eq!(drill(&held(Some(Ended::Recovered), true)), None);
    }
}
