//! A year of promises: how long recoveries took, how old backups were, how long it takes to prove one,
//! how large they are.

use jiff::Timestamp;
use std::time::Duration;

/// One measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// When.
    pub at: Timestamp,
    /// Seconds or bytes.
    pub value: u64,
    /// Whether what was measured ended well.
    pub good: bool,
}

/// What was measured in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trends {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// Longest recovery that is allowed.
    pub rto: Duration,
    /// Greatest age of the newest backup that is allowed.
    pub rpo: Duration,
    /// Seconds that recoveries took.
    pub recoveries: Vec<Point>,
    /// Seconds that drills took.
    pub drills: Vec<Point>,
    /// Seconds since the newest backup was taken, when backups were tested.
    pub ages: Vec<Point>,
    /// Seconds that restoring and checking took, of the slowest place.
    pub checks: Vec<Point>,
    /// Compressed bytes of the newest backup.
    pub sizes: Vec<Point>,
}

impl Trends {
    /// Whether nothing was measured yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let all = [
            &self.recoveries,
            &self.drills,
            &self.ages,
            &self.checks,
            &self.sizes,
        ];
        all.iter().all(|points| points.is_empty())
    }
}
