//! Action items: what is to be done, by whom, until when.

use crate::domain::operator::Actor;
use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan, Zoned};
use serde::{Deserialize, Serialize};

/// When people are reminded, by the clock on their wall.
const MORNING: Time = Time::constant(10, 0, 0, 0);

/// Longest wording, in characters.
pub const WHAT: usize = 300;

/// Longest name of an owner, in characters.
pub const OWNER: usize = 60;

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Counted from 1 within its incident.
    pub number: u32,
    /// What.
    pub what: String,
    /// Who.
    pub owner: Option<Owner>,
    /// Until when.
    pub due: Option<Date>,
    /// Who said that it is done, and when.
    pub done: Option<(Actor, Timestamp)>,
    /// The last day people were reminded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reminded: Option<Date>,
}

/// Who is to do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// Somebody whom the chat knows.
    Person(Actor),
    /// Somebody by name.
    Named(String),
}

impl Owner {
    /// As people read it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person(actor) => &actor.name,
            Self::Named(name) => name,
        }
    }
}

impl Item {
    /// Whether people are to be reminded now: on its day and each day after it, in the morning or,
    /// where nobody could, as soon as somebody can.
    #[must_use]
    pub fn is_due(&self, now: &Zoned) -> bool {
        let today = now.date();
        self.done.is_none()
            && self.due.is_some_and(|due| due <= today)
            && now.time() >= MORNING
            && self.reminded.is_none_or(|last| last < today)
    }

    /// Whether its day is over.
    #[must_use]
    pub fn is_late(&self, today: Date) -> bool {
        self.done.is_none() && self.due.is_some_and(|due| due < today)
    }
}

/// Reads a day: `2026-12-01`, `1.12.2026`, `1.12.`, `3d`, `2w`.
#[must_use]
pub fn day(text: &str, today: Date) -> Option<Date> {
    let text = text.trim().to_lowercase();
    if let Ok(date) = text.parse::<Date>() {
        return Some(date);
    }
    if let Some(days) = text.strip_suffix(['d', 'д']) {
        return ahead(days, today, 1);
    }
    if let Some(weeks) = text.strip_suffix(['w', 'н']) {
        return ahead(weeks, today, 7);
    }
    let mut parts = text.trim_end_matches('.').split('.');
    let day: i8 = parts.next()?.trim().parse().ok()?;
    let month: i8 = parts.next()?.trim().parse().ok()?;
    let year = parts.next().map(|year| year.trim().parse::<i16>());
    match (year, parts.next()) {
        (Some(year), None) => Date::new(year.ok()?, month, day).ok(),
        // Without a year the next such day is meant.
        (None, None) => [today.year(), today.year() + 1]
            .into_iter()
            .filter_map(|year| Date::new(year, month, day).ok())
            .find(|date| *date >= today),
        _ => None,
    }
}

fn ahead(count: &str, today: Date, times: i32) -> Option<Date> {
    let count: u16 = count.trim().parse().ok()?;
    let days = i32::from(count).checked_mul(times)?;
    today.checked_add(days.days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_day_is_read_as_people_write_it() {
        let today = date(2026, 11, 23);
        for (text, expected) in [
            ("2026-12-01", Some(date(2026, 12, 1))),
            ("1.12.2026", Some(date(2026, 12, 1))),
            ("1.12", Some(date(2026, 12, 1))),
            ("1.2.", Some(date(2027, 2, 1))),
            ("29.2", None),
            ("3d", Some(date(2026, 11, 26))),
            ("2w", Some(date(2026, 12, 7))),
            ("2 н", Some(date(2026, 12, 7))),
            ("soon", None),
            ("1.2.3.4", None),
            ("99999w", None),
        ] {
            assert_eq!(day(text, today), expected, "{text}");
        }
    }

    #[test]
    fn it_is_reminded_on_its_day_and_daily_until_it_is_done() {
        let mut item = Item {
            number: 1,
            what: "Add disk".into(),
            owner: None,
            due: Some(date(2026, 3, 28)),
            done: None,
            reminded: None,
        };
        let at = |text: &str| -> Zoned { format!("{text}[Europe/Berlin]").parse().unwrap() };
        assert!(!item.is_due(&at("2026-03-27T23:00")));
        assert!(!item.is_due(&at("2026-03-28T09:59")));
        assert!(item.is_due(&at("2026-03-28T10:00")));
        item.reminded = Some(date(2026, 3, 28));
        assert!(!item.is_due(&at("2026-03-28T23:00")));
        // The night of the change to summer time, and a machine that was off for days.
        assert!(item.is_due(&at("2026-03-29T10:00")));
        assert!(item.is_due(&at("2026-04-05T11:30")));
        item.done = Some((Actor::system(), Timestamp::UNIX_EPOCH));
        assert!(!item.is_due(&at("2026-04-05T11:30")));
    }
}
