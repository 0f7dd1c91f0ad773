//! Lengths of time, the time zone, schedules.

use super::reads;
use crate::domain::period;
use crate::domain::schedule::{InvalidSchedule, Schedule};
use jiff::tz::TimeZone;
use std::time::Duration;

/// A length of time, longer than nothing. A day has 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period(pub Duration);

impl Period {
    fn parse(text: &str) -> Result<Self, &'static str> {
        period::parse(text).map(Self)
    }
}

reads!(Period, "a length of time such as 90s, 10m, 1h, 7d");

/// How often; nothing for never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval(pub Option<Duration>);

impl Interval {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if text == "0" || text == "0s" {
            return Ok(Self(None));
        }
        Period::parse(text).map(|period| Self(Some(period.0)))
    }
}

reads!(
    Interval,
    "a length of time such as 90s, 10m, 1h, 7d, or 0 for never"
);

/// How long nobody decides before one person may go on alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    /// Shorter than this, people who are a phone call away would be passed over.
    const LEAST: Duration = Duration::from_mins(5);

    fn parse(text: &str) -> Result<Self, &'static str> {
        let Period(wait) = Period::parse(text)?;
        if wait < Self::LEAST {
            return Err("it is shorter than 5m: the others must have a chance to answer");
        }
        Ok(Self(wait))
    }
}

reads!(Wait, "a length of time of at least 5m, such as 30m or 2h");

/// A time zone of the IANA database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(pub TimeZone);

impl Zone {
    fn parse(text: &str) -> Result<Self, &'static str> {
        TimeZone::get(text)
            .map(Self)
            .map_err(|_| "there is no such time zone")
    }
}

reads!(
    Zone,
    "an IANA time zone such as UTC, Europe/Moscow, Asia/Almaty"
);

/// A schedule in cron's five fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cron(pub String);

impl Cron {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match Schedule::parse(text, TimeZone::UTC) {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(InvalidSchedule::Form(_)) => Err("it is no schedule of cron's five fields"),
            Err(InvalidSchedule::Never) => Err("no day fits, so it never comes"),
        }
    }
}

reads!(
    Cron,
    "cron's five fields: minute hour day month weekday, such as 0 2 * * SUN"
);
