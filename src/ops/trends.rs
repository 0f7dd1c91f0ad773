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

/// A recovery that came to its end; what only puts jobs or payments in order is none.
fn recovery(run: &Run) -> Option<Point> {
    let (begun, ended) = (run.started_at?, run.finished_at?);
    let whole = run.plan.runbook.offered && run.phase == Phase::Finished(Ended::Recovered);
    whole.then(|| Point {
        at: ended,
        value: seconds(begun, ended),
        good: true,
    })
}

fn drill(chore: &Chore) -> Option<Point> {
    let (begun, ended) = (chore.begun_at?, chore.ended_at?);
    chore.outcome.as_ref().map(|outcome| Point {
        at: ended,
        value: seconds(begun, ended),
        good: outcome.is_good(),
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

fn seconds(begun: Timestamp, ended: Timestamp) -> u64 {
    u64::try_from(ended.duration_since(begun).as_secs()).unwrap_or(0)
}
