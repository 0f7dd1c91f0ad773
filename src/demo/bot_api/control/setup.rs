//! Accounts and groups.

use super::{
    super::{
        BotApi,
        ids::{BotId, PersonId, Place},
        message::{Sender, Service},
        model::{Account, Bot, Group, Person, Role},
        updates::{self, UpdateQueue},
        world::{BotAccount, Draft, World},
    },
    ControlError,
};

/// Update ids start apart from each other, so that mixing up two bots' offsets shows.
const FIRST_UPDATE: u32 = 100_000_000;

impl BotApi {
    /// Makes a bot; its id is the number before the colon of its token.
    ///
    /// # Errors
    /// The token has not that form, or its number is taken.
    pub fn add_bot(&self, token: &str, username: &str) -> Result<BotId, ControlError> {
        let (id, secret) = token.split_once(':').ok_or(ControlError::Token)?;
        let id = BotId(id.parse().map_err(|_| ControlError::Token)?);
        if secret.is_empty() || secret.contains(['/', ' ']) {
            return Err(ControlError::Token);
        }
        self.shared.change(|world| {
            free(world, id.0)?;
            let nth = u32::try_from(world.bots.len()).unwrap_or_default();
            let bot = Bot {
                id,
                username: username.to_owned(),
                reads_all: false,
                commands: Vec::new(),
                token: token.to_owned(),
            };
            let updates = UpdateQueue::new(FIRST_UPDATE * (nth + 1));
            world.bots.insert(id, BotAccount { bot, updates });
            Ok(id)
        })
    }

    /// Makes a person.
    ///
    /// # Errors
    /// The id is taken.
    pub fn add_person(&self, person: Person) -> Result<PersonId, ControlError> {
        let id = person.id;
        self.shared.change(|world| {
            free(world, id.0)?;
            world.people.insert(id, person);
            Ok(id)
        })
    }

    /// Makes many people at once who all have started a bot. The chat page does not show them.
    ///
    /// # Errors
    /// An id is taken, or there is no such bot.
    pub fn add_crowd(
        &self,
        bot: BotId,
        people: impl IntoIterator<Item = Person>,
    ) -> Result<(), ControlError> {
        self.shared.change(|world| {
            exists(world, Account::Bot(bot))?;
            for mut person in people {
                free(world, person.id.0)?;
                person.crowd = true;
                let known = world.known.entry((bot, person.id)).or_default();
                known.started = true;
                world.people.insert(person.id, person);
            }
            Ok(())
        })
    }

    /// Makes a group with everybody who is in it. Its bots hear that they were added.
    ///
    /// # Errors
    /// A member does not exist.
    pub fn add_group(&self, group: Group) -> Result<Place, ControlError> {
        let place = Place::Group(group.id);
        self.shared.change(|world| {
            for who in group.members.keys() {
                exists(world, *who)?;
            }
            let owner = group
                .members
                .iter()
                .find(|(_, role)| role.is_admin())
                .map(|(who, _)| *who);
            let bots: Vec<_> = group
                .bots()
                .into_iter()
                .map(|id| (id, group.role(Account::Bot(id))))
                .collect();
            world.groups.insert(group.id, group);
            for (bot, role) in bots {
                let by = owner.unwrap_or(Account::Bot(bot));
                updates::standing(world, bot, place, by, (Role::Left, role));
            }
            Ok(place)
        })
    }

    /// Changes what somebody may do in a group: adds, promotes, throws out.
    ///
    /// # Errors
    /// There is no such group or account.
    pub fn set_role(
        &self,
        place: Place,
        who: Account,
        role: Role,
        by: PersonId,
    ) -> Result<(), ControlError> {
        self.shared.change(|world| {
            exists(world, who)?;
            let old = group_mut(world, place)?
                .members
                .insert(who, role)
                .unwrap_or(Role::Left);
            if let Account::Bot(bot) = who
                && old != role
            {
                updates::standing(world, bot, place, Account::Person(by), (old, role));
            }
            Ok(())
        })
    }

    /// Lets a bot read everything in groups (privacy mode off), or not.
    ///
    /// # Errors
    /// There is no such bot.
    pub fn set_reads_all(&self, bot: BotId, reads_all: bool) -> Result<(), ControlError> {
        self.shared.change(|world| {
            let account = world
                .bots
                .get_mut(&bot)
                .ok_or(ControlError::NoSuchBot(bot.0))?;
            account.bot.reads_all = reads_all;
            Ok(())
        })
    }

    /// Makes a supergroup of a group. Whoever uses the old id from now on is told the new one.
    ///
    /// # Errors
    /// There is no such group.
    pub fn migrate(&self, place: Place, new_id: i64) -> Result<Place, ControlError> {
        self.shared.change(|world| {
            let old = group_mut(world, place)?;
            let mut new = Group {
                id: new_id,
                supergroup: true,
                ..old.clone()
            };
            new.migrated_to = None;
            let old_id = old.id;
            let by = old.members.iter().find_map(|(who, role)| match who {
                Account::Person(id) if role.is_admin() => Some(Sender::Person(*id)),
                _ => None,
            });
            let by = by.unwrap_or(Sender::Anonymous(PersonId(0)));
            let to = Place::Group(new_id);
            world.groups.insert(new_id, new);
            announce(world, place, by, Service::MigratedTo { chat: new_id });
            announce(world, to, by, Service::MigratedFrom { chat: old_id });
            group_mut(world, place)?.migrated_to = Some(new_id);
            Ok(to)
        })
    }
}

fn announce(world: &mut World, place: Place, by: Sender, service: Service) {
    let id = world.post(place, Draft::service(by, service));
    updates::message(world, place, id, "message");
}

fn group_mut(world: &mut World, place: Place) -> Result<&mut Group, ControlError> {
    match place {
        Place::Group(id) => world.groups.get_mut(&id),
        Place::Private { .. } => None,
    }
    .ok_or(ControlError::NoSuchChat(place))
}

fn free(world: &World, id: u64) -> Result<(), ControlError> {
    let taken = world.bots.contains_key(&BotId(id)) || world.people.contains_key(&PersonId(id));
    if taken {
        Err(ControlError::Taken(id))
    } else {
        Ok(())
    }
}

fn exists(world: &World, who: Account) -> Result<(), ControlError> {
    match who {
        Account::Bot(id) if world.bots.contains_key(&id) => Ok(()),
        Account::Bot(id) => Err(ControlError::NoSuchBot(id.0)),
        Account::Person(id) if world.people.contains_key(&id) => Ok(()),
        Account::Person(id) => Err(ControlError::NoSuchPerson(id.0)),
    }
}
