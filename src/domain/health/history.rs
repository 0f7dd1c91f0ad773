//! The history of rounds: how each component was, and what was measured, over hours and months.

use super::{Condition, Measure, Part};
use jiff::{SignedDuration, Timestamp};

/// How finely the past is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// Each round.
    Round,
    /// Five minutes.
    FiveMinutes,
    /// One hour.
    Hour,
}

impl Resolution {
    /// Every resolution, the finest first.
    pub const ALL: [Self; 3] = [Self::Round, Self::FiveMinutes, Self::Hour];

    /// Seconds between two values. Rounds that follow each other faster share one value, so that a
    /// short interval cannot fill the disk.
    #[must_use]
    pub fn seconds(self) -> i64 {
        match self {
            Self::Round => 15,
            Self::FiveMinutes => 300,
            Self::Hour => 3600,
        }
    }

    /// How far back it reaches.
    #[must_use]
    pub fn kept(self) -> SignedDuration {
        SignedDuration::from_hours(match self {
            Self::Round => 36,
            Self::FiveMinutes => 8 * 24,
            Self::Hour => 90 * 24,
        })
    }

    /// The beginning of the value that a second (of the Unix epoch) belongs to.
    #[must_use]
    pub fn slot(self, second: i64) -> i64 {
        second.div_euclid(self.seconds()) * self.seconds()
    }

    /// The finest one that still reaches back to a moment.
    #[must_use]
    pub fn reaching(from: Timestamp, now: Timestamp) -> Self {
        let age = now.duration_since(from);
        Self::ALL
            .into_iter()
            .find(|resolution| age <= resolution.kept())
            .unwrap_or(Self::Hour)
    }
}

/// A stretch of the past.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// How fine it is.
    pub resolution: Resolution,
    /// How each component was, in the order of [`Part::ALL`] and of the subjects' names.
    pub tracks: Vec<Track>,
    /// What was asked for of the measures, in the same order.
    pub lines: Vec<Line>,
}

/// How one component was. Where no piece stands nobody looked.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// What was looked at.
    pub part: Part,
    /// Which one, where there are several.
    pub subject: Option<String>,
    /// In order, without overlap; neighbours differ or do not touch.
    pub pieces: Vec<Piece>,
}

/// One condition for a while. Of a five minutes or an hour it is the worst that was seen in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// How it was.
    pub condition: Condition,
}

/// A measure over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What was looked at.
    pub part: Part,
    /// Which one, where there are several.
    pub subject: Option<String>,
    /// What was measured.
    pub measure: Measure,
    /// In order.
    pub points: Vec<Point>,
}

/// A measure at a moment; of a single round all three values are the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The moment, or the beginning of the five minutes or the hour.
    pub at: Timestamp,
    /// The smallest value.
    pub low: i64,
    /// The mean of all values.
    pub mean: f64,
    /// The largest value.
    pub high: i64,
}

/// A stretch of time, in seconds of the Unix epoch.
pub type Stretch = (i64, i64);

/// When somebody looked: rounds that follow each other as usual belong together, a longer gap parts
/// them. `rounds` in order.
#[must_use]
pub fn watched(rounds: &[i64]) -> Vec<Stretch> {
    let mut gaps: Vec<i64> = rounds.windows(2).map(|two| two[1] - two[0]).collect();
    gaps.sort_unstable();
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(60);
    // One round that was late or lost is no gap.
    let longest = usual * 3;
    let mut stretches: Vec<Stretch> = Vec::new();
    for &at in rounds {
        match stretches.last_mut() {
            Some(last) if at - last.1 <= longest - usual => last.1 = at + usual,
            _ => stretches.push((at, at + usual)),
        }
    }
    stretches
}

/// The pieces of a component: each change holds until the next one, as far as somebody looked.
/// `changes` in order; nothing as condition: it was no longer looked at.
#[must_use]
pub fn pieces(
    changes: &[(i64, Option<Condition>)],
    watched: &[Stretch],
    window: Stretch,
) -> Vec<Piece> {
    let mut found = Vec::new();
    for &(from, until) in watched {
        let (from, until) = (from.max(window.0), until.min(window.1));
        for (at, &(begin, condition)) in changes.iter().enumerate() {
            let end = changes.get(at + 1).map_or(i64::MAX, |next| next.0);
            let (begin, end) = (begin.max(from), end.min(until));
            if let Some(condition) = condition.filter(|_| begin < end) {
                add(&mut found, (begin, end), condition);
            }
        }
    }
    found
}

/// Adds a piece at the end; it continues the last one where it touches it and says the same.
pub fn add(pieces: &mut Vec<Piece>, (from, until): Stretch, condition: Condition) {
    let (Ok(from), Ok(until)) = (Timestamp::from_second(from), Timestamp::from_second(until))
    else {
        return;
    };
    match pieces.last_mut() {
        Some(last) if last.until == from && last.condition == condition => last.until = until,
        _ => pieces.push(Piece {
            from,
            until,
            condition,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Condition::{Down, Up};

    fn seconds(pieces: &[Piece]) -> Vec<(i64, i64, Condition)> {
        let second = |at: Timestamp| at.as_second();
        pieces
            .iter()
            .map(|piece| (second(piece.from), second(piece.until), piece.condition))
            .collect()
    }

    #[test]
    fn rounds_belong_together_until_a_gap() {
        assert_eq!(watched(&[]), []);
        assert_eq!(watched(&[60]), [(60, 120)]);
        assert_eq!(watched(&[0, 60, 120, 190, 240]), [(0, 300)]);
        assert_eq!(
            watched(&[0, 60, 120, 900, 960]),
            [(0, 180), (900, 1020)],
            "the program was off"
        );
    }

    #[test]
    fn a_change_holds_until_the_next_where_somebody_looked() {
        let changes = [
            (0, Some(Up)),
            (100, Some(Down)),
            (160, Some(Up)),
            (500, None),
        ];
        let found = pieces(&changes, &[(0, 300), (400, 900)], (50, 800));
        assert_eq!(
            seconds(&found),
            [
                (50, 100, Up),
                (100, 160, Down),
                (160, 300, Up),
                (400, 500, Up)
            ]
        );
    }

    #[test]
    fn touching_pieces_of_one_condition_are_one() {
        let found = pieces(&[(0, Some(Up)), (60, Some(Up))], &[(0, 120)], (0, 120));
        assert_eq!(seconds(&found), [(0, 120, Up)]);
    }

    #[test]
    fn the_finest_resolution_that_reaches_back_is_chosen() {
        let now = Timestamp::from_second(1_000_000_000).unwrap();
        let ago = |hours| now - SignedDuration::from_hours(hours);
        assert_eq!(Resolution::reaching(ago(24), now), Resolution::Round);
        assert_eq!(
            Resolution::reaching(ago(24 * 7), now),
            Resolution::FiveMinutes
        );
        assert_eq!(Resolution::reaching(ago(24 * 60), now), Resolution::Hour);
    }
}
