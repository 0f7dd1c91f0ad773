//! The calendar: when something is due by a schedule in cron's five fields, and what was missed while
//! the program or the machine was off.
//!
//! Times are of the team's zone. What falls into the hour that is left out in spring is due at its end;
//! what has a fixed hour is due once in the hour that comes twice in autumn, and what has none (each
//! hour, each ten minutes) goes on through both, as Vixie cron does it.

use super::chore::Due;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Missed moments are counted up to here.
const COUNTED: u32 = 1000;
/// A clock that is or was further off than so is wrong; one that stays so for as long is right.
const AHEAD: SignedDuration = SignedDuration::from_hours(1);

/// What the calendar has events of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// `BACKUP_SCHEDULE`
    Backup,
    /// `VERIFY_SCHEDULE`
    Test,
    /// `DRILL_SCHEDULE`
    Drill,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Backup, Self::Test, Self::Drill];

    /// As the state names it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Test => "test",
            Self::Drill => "drill",
        }
    }
}

/// Why a text is no schedule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSchedule {
    /// It cannot be read.
    #[error("{0}")]
    Form(String),
    /// No day fits, such as the 30th of February.
    #[error("it never comes")]
    Never,
}

/// When something is due.
#[derive(Clone, Debug)]
pub struct Schedule {
    cron: Cron,
    zone: TimeZone,
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = self.zone.iana_name().unwrap_or("UTC");
        write!(f, "{} {zone}", self.cron)
    }
}

impl Schedule {
    /// Reads cron's five fields, or one of its names such as `@weekly`.
    ///
    /// # Errors
    /// It cannot be read, or it never comes.
    pub fn parse(text: &str, zone: TimeZone) -> Result<Self, InvalidSchedule> {
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser
            .parse(text)
            .map_err(|error| InvalidSchedule::Form(error.to_string()))?;
        let schedule = Self { cron, zone };
        // From any moment: what comes at all comes within the years that are searched.
        schedule
            .after(Timestamp::UNIX_EPOCH)
            .ok_or(InvalidSchedule::Never)?;
        Ok(schedule)
    }

    /// The first moment after this one.
    #[must_use]
    pub fn after(&self, moment: Timestamp) -> Option<Timestamp> {
        let from = moment.to_zoned(self.zone.clone());
        let next = self.cron.find_next_occurrence(&from, false).ok()?;
        Some(next.timestamp())
    }

    /// The last moment at or before this one.
    fn last(&self, moment: Timestamp) -> Option<Timestamp> {
        let from = moment.to_zoned(self.zone.clone());
        let last = self.cron.find_previous_occurrence(&from, true).ok()?;
        Some(last.timestamp())
    }

    /// Moments after `from` and before `to`, up to [`COUNTED`].
    fn between(&self, from: Timestamp, to: Timestamp) -> u32 {
        let next = |at: &Timestamp| self.after(*at);
        let moments = std::iter::successors(self.after(from), next).take_while(|at| *at < to);
        moments
            .zip(1..=COUNTED)
            .last()
            .map_or(0, |(_, count)| count)
    }
}

/// Up to when an event was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// By which schedule: nothing was missed of another one.
    pub schedule: String,
    /// Up to and with this moment.
    pub until: Timestamp,
    /// Since when the clock shows a time long before that moment: one of the two was or is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubted: Option<Timestamp>,
}

impl Kept {
    fn new(schedule: String, until: Timestamp) -> Self {
        Self {
            schedule,
            until,
            doubted: None,
        }
    }

    /// What is kept while the clock is behind: a machine that starts with a clock of long ago has the
    /// right time soon, and would do everything twice. Nothing where it has stayed so for too long: then
    /// the clock is right, and the moment was written by one that ran ahead.
    fn doubt(&self, now: Timestamp) -> Option<Self> {
        let since = self.doubted.filter(|since| *since <= now).unwrap_or(now);
        (now.duration_since(since) < AHEAD).then(|| Self {
            doubted: Some(since),
            ..self.clone()
        })
    }
}

/// What is to be written at `now`, and what is due.
#[must_use]
pub fn answer(schedule: &Schedule, kept: Option<&Kept>, now: Timestamp) -> (Kept, Option<Due>) {
    let written = schedule.to_string();
    let Some(before) = kept.filter(|kept| kept.schedule == written) else {
        return (Kept::new(written, now), None);
    };
    if before.until.duration_since(now) > AHEAD {
        let doubted = before.doubt(now);
        return (doubted.unwrap_or_else(|| Kept::new(written, now)), None);
    }
    let until = before.until;
    let due = schedule.last(now).filter(|at| *at > until);
    let kept = Kept::new(written, due.unwrap_or(until));
    let due = due.map(|at| Due {
        at,
        missed: schedule.between(until, at),
    });
    (kept, due)
}

#[cfg(test)]
mod tests;
