//! What rounds remember of those before them, in bounded room; gone with the process.

use super::deep::Verdicts;
use super::lock;
use crate::domain::database::Counts;
use crate::domain::failure::Failure;
use crate::domain::unit::UnitName;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Mutex;

/// Rounds that are remembered at most of anything.
const ROUNDS: usize = 240;

/// Values of the last rounds, each with its moment, oldest first.
#[derive(Debug, Default)]
pub(super) struct Trail<T>(VecDeque<(Timestamp, T)>);

impl<T> Trail<T> {
    /// Adds one, and forgets what is older than `span`.
    pub(super) fn push(&mut self, at: Timestamp, value: T, span: SignedDuration) {
        self.0.push_back((at, value));
        let old = |(then, _): &(Timestamp, T)| at.duration_since(*then) > span;
        while self.0.len() > ROUNDS || self.0.front().is_some_and(old) {
            self.0.pop_front();
        }
    }

    /// All of them.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }
}

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Restart counters of units.
    pub(super) restarts: BTreeMap<UnitName, Trail<u32>>,
    /// Rows of the database.
    pub(super) rows: Trail<Counts>,
    /// Of which file.
    pub(super) rows_of: Option<(u64, u64)>,
    /// The database's file, and when it was first seen in the place of another.
    pub(super) file: Option<((u64, u64), Option<Timestamp>)>,
    /// Jobs that waited.
    pub(super) depths: Trail<u64>,
    /// When the job at the front was put into the queue, and since when it is the one.
    pub(super) front: Option<(Timestamp, Timestamp)>,
    /// Unfinished rows without a job, and when that was looked at.
    pub(super) lost: Option<(Timestamp, u64)>,
    /// REI's SQLite, and when that was looked at.
    pub(super) sqlite: Option<(Timestamp, String)>,
    /// What the long looks into the database told.
    pub(super) verdicts: Verdicts,
    /// By how many milliseconds this clock is ahead of each server's, or why that is not known.
    pub(super) clocks: BTreeMap<String, (Timestamp, Result<i64, Failure>)>,
    /// Which file system each folder is on.
    pub(super) devices: BTreeMap<PathBuf, u64>,
}

impl Known {
    /// The database is this file now. One that is missing changes nothing: it may come back.
    pub(super) fn saw(&mut self, file: Option<(u64, u64)>, now: Timestamp) {
        let Some(file) = file else { return };
        match self.file {
            None => self.file = Some((file, None)),
            Some((seen, _)) if seen != file => self.file = Some((file, Some(now))),
            Some(_) => {}
        }
    }
}

/// Shared by all probes. Held only to look or to write down.
#[derive(Default)]
pub(super) struct Memory(Mutex<Known>);

impl Memory {
    pub(super) fn with<T>(&self, use_it: impl FnOnce(&mut Known) -> T) -> T {
        use_it(&mut lock(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_is_bounded_in_time_and_in_number() {
        let mut trail = Trail::default();
        let span = SignedDuration::from_mins(10);
        let at = |second: i64| Timestamp::from_second(second).unwrap();
        for second in 0..1000 {
            trail.push(at(second), second, span);
        }
        assert_eq!(trail.values().count(), ROUNDS);
        trail.push(at(5000), 5000, span);
        assert_eq!(trail.values().collect::<Vec<_>>(), [&5000]);
    }
}
