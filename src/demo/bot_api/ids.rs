//! Names of bots, people and chats.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// A bot: the number before the colon of its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct BotId(pub u64);

/// A person's Telegram id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PersonId(pub u64);

/// A message's number within its chat.
pub type MessageId = i32;

/// The account that stands in front of anonymous admins.
pub const ANONYMOUS_BOT: u64 = 1_087_968_824;

/// Where a message lives.
///
/// A private chat has the person's id as its chat id, which is the same for every bot; so here it is
/// named by both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The talk between one bot and one person.
    Private {
        /// The bot.
        bot: BotId,
        /// The person.
        person: PersonId,
    },
    /// A group or supergroup, by chat id (negative).
    Group(i64),
}

impl Place {
    /// The talk between `bot` and `person`.
    pub fn private(bot: BotId, person: PersonId) -> Self {
        Self::Private { bot, person }
    }

    /// The `chat.id` that bots see.
    pub fn chat_id(self) -> i64 {
        match self {
            Self::Private { person, .. } => i64::try_from(person.0).unwrap_or(i64::MAX),
            Self::Group(id) => id,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Private { bot, person } => write!(f, "p.{}.{}", bot.0, person.0),
            Self::Group(id) => write!(f, "g.{id}"),
        }
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(());
        match next()? {
            "p" => Ok(Self::Private {
                bot: BotId(next()?.parse().map_err(drop)?),
                person: PersonId(next()?.parse().map_err(drop)?),
            }),
            "g" => Ok(Self::Group(next()?.parse().map_err(drop)?)),
            _ => Err(()),
        }
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_being_written_down() {
        for place in [
            Place::private(BotId(7), PersonId(42)),
            Place::Group(-1_001_234),
        ] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
        assert_eq!("x.1".parse::<Place>(), Err(()));
    }
}
