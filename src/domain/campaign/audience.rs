//! Who gets a notice: a rule that people can read, and the list that came of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudienceRule {
    /// Whom.
    pub who: Who,
    /// Only those with this language, as its main tag: `ru`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Not those who got any notice within so many hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare_hours: Option<u32>,
}

/// Whom a notice is for. Those who blocked REI never are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Who {
    /// Everybody.
    Everyone,
    /// Who used REI within so many days.
    Active {
        /// Days.
        days: u32,
    },
    /// Who has an open payment begun within so many hours.
    OpenPayments {
        /// Hours.
        hours: u32,
    },
    /// Whose job is unfinished or failed within so many hours.
    TroubledJobs {
        /// Hours.
        hours: u32,
        /// Only of this provider.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider: Option<String>,
    },
    /// The ids of a file on the shelf, one a line.
    Listed {
        /// SHA-256 of the file's content, hexadecimal.
        content: String,
        /// Ids in it, each counted once.
        count: u64,
    },
    /// Those whom a step of a recovery found concerned.
    Concerned,
    /// Those who have another campaign's message: for its correction or deletion.
    Reached,
}

impl Who {
    /// Its word: in the state and in locale keys (`audience-<word>`).
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Active { .. } => "active",
            Self::OpenPayments { .. } => "open-payments",
            Self::TroubledJobs { .. } => "troubled-jobs",
            Self::Listed { .. } => "listed",
            Self::Concerned => "concerned",
            Self::Reached => "reached",
        }
    }

    /// Every word; the guard over the locales walks this list.
    pub const WORDS: &[&'static str] = &[
        "everyone",
        "active",
        "open-payments",
        "troubled-jobs",
        "listed",
        "concerned",
        "reached",
    ];

    /// Whether only REI's own database can tell; the copy of recipients cannot.
    #[must_use]
    pub fn needs_database(&self) -> bool {
        matches!(self, Self::OpenPayments { .. } | Self::TroubledJobs { .. })
    }
}

impl Default for AudienceRule {
    fn default() -> Self {
        Self {
            who: Who::Everyone,
            language: None,
            spare_hours: None,
        }
    }
}

/// Where a list of people came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListSource {
    /// REI's database, read at that moment.
    Database,
    /// This program's own copy, as of that moment.
    OwnCopy,
    /// The rows of another campaign.
    Campaign,
}

impl ListSource {
    /// Its word: in locale keys (`list-source-<word>`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::OwnCopy => "own-copy",
            Self::Campaign => "campaign",
        }
    }
}

/// The list that came of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// People on it.
    pub count: u64,
    /// Where it came from.
    pub source: ListSource,
    /// How old it is.
    pub as_of: Timestamp,
    /// Left out because they blocked REI.
    pub blocked: u64,
    /// Left out because they got a notice lately.
    pub spared: u64,
    /// Ids of a file that REI does not know.
    pub unknown: u64,
}

/// A person of REI's, as a list needs him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Telegram user id.
    pub id: i64,
    /// IETF tag, as REI keeps it.
    pub language: String,
    /// Blocked REI.
    pub blocked: bool,
    /// When he last used REI; of one who never did since it is kept, when he came.
    pub seen_at: Option<Timestamp>,
}

impl AudienceRule {
    /// Whether this person is meant, as far as his own row tells. Blocked ones are the caller's to
    /// count.
    #[must_use]
    pub fn takes(&self, user: &User, now: Timestamp) -> bool {
        let main = |tag: &str| {
            let tag = tag.to_lowercase();
            tag.split(['-', '_']).next().unwrap_or_default().to_owned()
        };
        let language = self.language.as_deref();
        let speaks = language.is_none_or(|wanted| main(wanted) == main(&user.language));
        let active = match self.who {
            Who::Active { days } => user.seen_at.is_some_and(|at| {
                let age = now.duration_since(at).as_secs();
                age <= i64::from(days) * 86_400
            }),
            _ => true,
        };
        speaks && active
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(language: &str, seen_at: i64) -> User {
        User {
            id: 1,
            language: language.into(),
            blocked: false,
            seen_at: Some(Timestamp::from_second(seen_at).unwrap()),
        }
    }

    #[test]
    fn a_rule_takes_whom_it_names() {
        let now = Timestamp::from_second(10 * 86_400).unwrap();
        let rule = AudienceRule {
            who: Who::Active { days: 3 },
            language: Some("ru".into()),
            spare_hours: None,
        };
        assert!(rule.takes(&user("ru-RU", 7 * 86_400), now));
        assert!(!rule.takes(&user("ru", 7 * 86_400 - 1), now));
        assert!(!rule.takes(&user("en", 9 * 86_400), now));
        assert!(AudienceRule::default().takes(&user("xx", 0), now));
    }
}
