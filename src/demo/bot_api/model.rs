//! People, bots and groups, as the server keeps them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    ids::{BotId, PersonId},
    panel::Words,
};

/// A person with a Telegram account.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    /// Telegram id.
    pub id: PersonId,
    /// First name.
    pub name: String,
    /// Without the `@`.
    pub username: Option<String>,
    /// The language their app is in.
    pub language: Option<String>,
    /// What the chat page calls them (`admin`, `stranger`, …).
    pub title: Option<Words>,
    /// The account was deleted.
    pub deactivated: bool,
    /// One of many, whom nobody plays on the chat page.
    pub crowd: bool,
}

impl Person {
    /// A person with an id and a first name.
    pub fn new(id: u64, name: impl Into<String>) -> Self {
        Self {
            id: PersonId(id),
            name: name.into(),
            username: None,
            language: None,
            title: None,
            deactivated: false,
            crowd: false,
        }
    }

    /// Gives them a username.
    #[must_use]
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = Some(username.into());
        self
    }

    /// Sets the language their app is in.
    #[must_use]
    pub fn language(mut self, code: impl Into<String>) -> Self {
        self.language = Some(code.into());
        self
    }

    /// Says who they are in the rehearsal; only the page shows it.
    #[must_use]
    pub fn title(mut self, title: impl Into<Words>) -> Self {
        self.title = Some(title.into());
        self
    }
}

/// A bot account.
#[derive(Debug, Clone)]
pub struct Bot {
    /// The number before the colon of its token.
    pub id: BotId,
    /// Without the `@`.
    pub username: String,
    /// Reads all group messages although it is no administrator (privacy mode off).
    pub reads_all: bool,
    /// What `setMyCommands` left here.
    pub commands: Vec<CommandSet>,
    pub(super) token: String,
}

/// The commands of one scope and language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommandSet {
    /// The scope as it was given, `{"type":"default"}` when none was.
    pub scope: serde_json::Value,
    /// Two letters, or empty for everybody else.
    pub language_code: String,
    /// In the order given.
    pub commands: Vec<Command>,
}

/// A command that the app suggests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct Command {
    /// Without the slash.
    pub command: String,
    /// What the app shows beside it.
    pub description: String,
}

/// What somebody may do in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Made the group.
    Owner,
    /// Administrator under their own name.
    Administrator,
    /// Administrator who writes as the group.
    Anonymous,
    /// Ordinary member.
    Member,
    /// Went, or never was there.
    Left,
    /// Was thrown out.
    Kicked,
}

impl Role {
    /// Whether they are in the group.
    pub fn is_in(self) -> bool {
        !matches!(self, Self::Left | Self::Kicked)
    }

    /// Whether they have an administrator's rights.
    pub fn is_admin(self) -> bool {
        matches!(self, Self::Owner | Self::Administrator | Self::Anonymous)
    }
}

/// Who is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A bot.
    Bot(BotId),
    /// A person.
    Person(PersonId),
}

impl Account {
    /// The `user.id` that bots see.
    pub fn user_id(self) -> u64 {
        match self {
            Self::Bot(BotId(id)) | Self::Person(PersonId(id)) => id,
        }
    }
}

/// A group or supergroup.
#[derive(Debug, Clone)]
pub struct Group {
    /// Negative; a supergroup's begins with -100.
    pub id: i64,
    /// What the app shows.
    pub title: String,
    /// Supergroups keep a message counter of their own and word some refusals otherwise.
    pub supergroup: bool,
    /// Everybody who is or was in it.
    pub members: BTreeMap<Account, Role>,
    /// Where it lives on after it became a supergroup.
    pub migrated_to: Option<i64>,
}

impl Group {
    /// A group; an id that begins with -100 makes it a supergroup, as at Telegram.
    pub fn new(id: i64, title: impl Into<String>) -> Self {
        Self {
            id,
            title: title.into(),
            supergroup: id < -1_000_000_000_000,
            members: BTreeMap::new(),
            migrated_to: None,
        }
    }

    /// Puts a person into it.
    #[must_use]
    pub fn member(mut self, person: PersonId, role: Role) -> Self {
        self.members.insert(Account::Person(person), role);
        self
    }

    /// Puts a bot into it.
    #[must_use]
    pub fn bot(mut self, bot: BotId, role: Role) -> Self {
        self.members.insert(Account::Bot(bot), role);
        self
    }

    /// What `who` may do here.
    pub fn role(&self, who: Account) -> Role {
        self.members.get(&who).copied().unwrap_or(Role::Left)
    }

    /// `group` or `supergroup`.
    pub fn kind(&self) -> &'static str {
        if self.supergroup {
            "supergroup"
        } else {
            "group"
        }
    }

    /// The bots that are in it.
    pub(super) fn bots(&self) -> BTreeSet<BotId> {
        let present = self.members.iter().filter(|(_, role)| role.is_in());
        present
            .filter_map(|(who, _)| {
                if let Account::Bot(id) = who {
                    Some(*id)
                } else {
                    None
                }
            })
            .collect()
    }
}

/// How a person stands to a bot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Acquaintance {
    /// The person wrote to the bot, so the bot may write to them.
    pub started: bool,
    /// The person blocked the bot.
    pub blocked: bool,
}
