//! Who plays: the team, people who are not of it, and REI's users.

use crate::demo::bot_api::{BotApi, BotId, Group, Person, PersonId, Place, Role};
use crate::demo::error::DemoResult;
use crate::demo::patient::Guest;

/// The admin bot's token; it opens nothing outside this rehearsal.
pub(in crate::demo) const ADMIN_TOKEN: &str = "7000000001:rehearsal-admin";

/// REI's token, likewise.
pub(super) const REI_TOKEN: &str = "7000000002:rehearsal-rei";

/// The team's group.
const TEAM: i64 = -1_001_700_000_001;

/// The people and their chats.
#[derive(Debug, Clone, Copy)]
pub struct Cast {
    /// An admin; English.
    pub anna: PersonId,
    /// The second admin; Russian.
    pub boris: PersonId,
    /// In the team's group, and neither admin nor approver.
    pub member: PersonId,
    /// Nobody of the team.
    pub stranger: PersonId,
    /// Uses REI; Russian.
    pub user: PersonId,
    /// The bot under test.
    pub admin_bot: BotId,
    /// REI's own bot.
    pub rei_bot: BotId,
    /// The team's group.
    pub team: Place,
}

struct Part {
    id: u64,
    name: &'static str,
    username: &'static str,
    language: &'static str,
    title: &'static str,
}

const ANNA: Part = Part {
    id: 100_000_001,
    name: "Anna",
    username: "anna_team",
    language: "en",
    title: "admin",
};

const BORIS: Part = Part {
    id: 100_000_002,
    name: "Борис",
    username: "boris_team",
    language: "ru",
    title: "second admin",
};

const MEMBER: Part = Part {
    id: 100_000_003,
    name: "Clara",
    username: "clara_design",
    language: "en",
    title: "in the group, no admin",
};

const STRANGER: Part = Part {
    id: 100_000_004,
    name: "Sid",
    username: "sid_vicious",
    language: "en",
    title: "stranger",
};

const USER: Part = Part {
    id: 100_000_005,
    name: "Вера",
    username: "vera_paints",
    language: "ru",
    title: "REI user",
};

impl Part {
    fn person(&self) -> Person {
        Person::new(self.id, self.name)
            .username(self.username)
            .language(self.language)
            .title(self.title)
    }

    fn guest(&self) -> Guest {
        Guest {
            id: i64::try_from(self.id).unwrap_or_default(),
            username: self.username.to_owned(),
            language: self.language.to_owned(),
        }
    }
}

impl Cast {
    /// Everybody enters: the accounts, the group, and who has talked to which bot.
    pub(in crate::demo) fn enter(api: &BotApi) -> DemoResult<Self> {
        let admin_bot = api.add_bot(ADMIN_TOKEN, "rei_recovery_bot")?;
        let rei_bot = api.add_bot(REI_TOKEN, "rei_bot")?;
        let [anna, boris, member, stranger, user] =
            [ANNA, BORIS, MEMBER, STRANGER, USER].map(|part| api.add_person(part.person()));
        let (anna, boris, member, stranger, user) = (anna?, boris?, member?, stranger?, user?);
        let team = Group::new(TEAM, "REI team")
            .member(anna, Role::Owner)
            .member(boris, Role::Administrator)
            .member(member, Role::Member)
            .bot(admin_bot, Role::Administrator);
        let team = api.add_group(team)?;
        for person in [anna, boris, user] {
            api.start_chat(person, rei_bot)?;
        }
        for person in [anna, boris] {
            api.start_chat(person, admin_bot)?;
        }
        Ok(Self {
            anna,
            boris,
            member,
            stranger,
            user,
            admin_bot,
            rei_bot,
            team,
        })
    }

    /// A person's chat with the bot under test.
    #[must_use]
    pub fn private(&self, person: PersonId) -> Place {
        Place::private(self.admin_bot, person)
    }

    /// Those of them who are in REI's database.
    pub(super) fn guests() -> Vec<Guest> {
        [ANNA, BORIS, USER].iter().map(Part::guest).collect()
    }
}
