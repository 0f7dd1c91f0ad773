//! Emergency contacts: who is to be reached how, and who is on call this week.
//!
//! A team's file lists the roles; what admins change in the chat is kept beside it and goes before it.
//! Numbers are kept as `+` and digits, because that is how a phone offers to dial them in a message:
//! Telegram finds numbers, `@names` and addresses by itself, and takes no `tel:` links.

mod reach;

pub use reach::{Account, Email, Field, Invalid, Phone, Reach};

use super::ids::RoleId;
use super::operator::Actor;
use super::wording::Wording;
use jiff::civil::ISOWeekDate;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// On-call is mentioned at most this often: whoever sleeps is not woken faster by more messages.
pub const PAGE_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// The role that is on call where no week says otherwise.
pub const USUAL: &str = "on-call-engineer";

/// The contacts as their file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Roster {
    /// In the order in which they are shown.
    pub contacts: Vec<Contact>,
    /// Who is on call.
    #[serde(default)]
    pub on_call: OnCall,
}

/// Who is on call when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnCall {
    /// The role where no week says otherwise; [`USUAL`] where it is not given.
    #[serde(default)]
    pub usual: Option<RoleId>,
    /// By ISO week.
    #[serde(default)]
    pub weeks: BTreeMap<Week, RoleId>,
}

/// One contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Its role, unique among them.
    pub role: RoleId,
    /// What people call the role.
    pub title: Wording,
    /// How it is reached.
    #[serde(flatten)]
    pub reach: Reach,
}

/// An ISO week, written `2026-W48`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Week {
    year: i16,
    week: i8,
}

impl Week {
    /// The week of a day.
    #[must_use]
    pub fn of(date: ISOWeekDate) -> Self {
        Self {
            year: date.year(),
            week: date.week(),
        }
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-W{:02}", self.year, self.week)
    }
}

/// Why a text is no week.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no week of the calendar: write 2026-W48")]
pub struct InvalidWeek(String);

impl TryFrom<String> for Week {
    type Error = InvalidWeek;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let parts = text
            .split_once("-W")
            .filter(|(year, week)| (year.len(), week.len()) == (4, 2));
        let week = parts.and_then(|(year, week)| {
            let (year, week) = (year.parse().ok()?, week.parse().ok()?);
            // Not every year has a week 53.
            ISOWeekDate::new(year, week, jiff::civil::Weekday::Monday).ok()
        });
        week.map(Self::of).ok_or(InvalidWeek(text))
    }
}

impl From<Week> for String {
    fn from(week: Week) -> Self {
        week.to_string()
    }
}

/// What people changed of a contact; nothing where they took something away.
pub type Changes = BTreeMap<Field, Option<String>>;

/// What people changed in the chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Raised by each change.
    pub revision: u64,
    /// By role and field; goes before what the file says. A field that nobody touched is the file's.
    pub changed: BTreeMap<RoleId, Changes>,
    /// When on-call was last paged, and by whom.
    pub paged: Option<(Timestamp, Actor)>,
}

/// The contacts in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    /// In the order of the file.
    pub contacts: Vec<Contact>,
    /// Who is on call in this week.
    pub on_call: Option<RoleId>,
    /// Who is in the next, where the file names a week.
    pub next: Option<RoleId>,
    /// Roles that are not as the file has them.
    pub changed: BTreeSet<RoleId>,
}

impl Directory {
    /// From the file and what people changed, for these two weeks.
    #[must_use]
    pub fn new(roster: &Roster, book: &Book, (this, next): (Week, Week)) -> Self {
        let none = Changes::new();
        let contact = |contact: &Contact| {
            let changes = book.changed.get(&contact.role).unwrap_or(&none);
            Contact {
                reach: contact.reach.changed(changes),
                ..contact.clone()
            }
        };
        let contacts: Vec<Contact> = roster.contacts.iter().map(contact).collect();
        let both = roster.contacts.iter().zip(&contacts);
        let changed = both.filter(|(file, now)| file.reach != now.reach);
        let usual = roster.on_call.usual.clone().or_else(|| USUAL.parse().ok());
        let known = |role: &RoleId| contacts.iter().any(|contact| contact.role == *role);
        let of = |week| roster.on_call.weeks.get(&week).cloned();
        let on_call = of(this).or(usual).filter(known);
        Self {
            next: of(next),
            changed: changed.map(|(_, now)| now.role.clone()).collect(),
            on_call,
            contacts,
        }
    }

    /// One contact.
    #[must_use]
    pub fn of(&self, role: &RoleId) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.role == *role)
    }

    /// Who is on call.
    #[must_use]
    pub fn on_call(&self) -> Option<&Contact> {
        self.of(self.on_call.as_ref()?)
    }
}

#[cfg(test)]
mod tests;
