//! From `chat_id` and `message_id` to chats and messages, with every reason why not.

use super::{
    super::{
        error::ApiError,
        ids::{BotId, MessageId, PersonId, Place},
        message::{Message, Sender},
        model::{Account, Role},
        params::Params,
        world::World,
    },
    Ctx,
};

/// Where a call points, before anything is known about the place; for the limits.
pub(in super::super) fn addressed(bot: BotId, params: &Params) -> Option<Place> {
    let id = params.int("chat_id")?;
    Some(match u64::try_from(id) {
        Ok(person) => Place::private(bot, PersonId(person)),
        Err(_) => Place::Group(id),
    })
}

impl Ctx<'_> {
    /// The chat of this call, as far as the bot may know it.
    pub(super) fn place(&self) -> Result<Place, ApiError> {
        if self.params.text("chat_id").is_none_or(|id| id.is_empty()) {
            return Err(ApiError::bad_request("chat_id is empty"));
        }
        let not_found = || ApiError::bad_request("chat not found");
        let place = addressed(self.bot, self.params).ok_or_else(not_found)?;
        match place {
            Place::Private { person, .. } if self.world.bots.contains_key(&BotId(person.0)) => {
                Err(ApiError::forbidden("bot can't send messages to bots"))
            }
            Place::Private { person, .. } => self
                .world
                .person(person)
                .map(|_| place)
                .ok_or_else(not_found),
            Place::Group(id) => check_group(self.world, self.bot, id).map(|()| place),
        }
    }

    /// The same, when the bot wants to write there.
    pub(super) fn writable(&self) -> Result<Place, ApiError> {
        let place = self.place()?;
        if let Place::Private { bot, person } = place {
            let known = self.world.acquaintance(bot, person);
            if self.world.person(person).is_some_and(|p| p.deactivated) {
                return Err(ApiError::forbidden("user is deactivated"));
            }
            if known.blocked {
                return Err(ApiError::forbidden("bot was blocked by the user"));
            }
            if !known.started {
                return Err(ApiError::forbidden(
                    "bot can't initiate conversation with a user",
                ));
            }
        }
        Ok(place)
    }

    pub(super) fn message_id(&self) -> Result<MessageId, ApiError> {
        self.params
            .int("message_id")
            .and_then(|id| MessageId::try_from(id).ok())
            .filter(|id| *id > 0)
            .ok_or_else(|| ApiError::bad_request("message identifier is not specified"))
    }

    /// A message on people's screens.
    pub(super) fn visible(&self, place: Place, id: MessageId) -> Option<&Message> {
        self.world.message(place, id).filter(|m| !m.deleted)
    }

    /// A message of this bot's own, to change it.
    pub(super) fn own(&self, place: Place) -> Result<&Message, ApiError> {
        let id = self.message_id()?;
        let message = self
            .visible(place, id)
            .ok_or_else(|| ApiError::bad_request("message to edit not found"))?;
        if message.sender != Sender::Bot(self.bot) || message.service.is_some() {
            return Err(ApiError::bad_request("message can't be edited"));
        }
        Ok(message)
    }

    /// The message that the new one answers: `reply_parameters`, or the older `reply_to_message_id`.
    pub(super) fn reply_to(&self, place: Place) -> Result<Option<MessageId>, ApiError> {
        let parameters: serde_json::Value = self
            .params
            .object("reply_parameters")
            .map_err(|_| ApiError::bad_request("can't parse reply parameters JSON object"))?
            .unwrap_or_default();
        let wanted = parameters["message_id"]
            .as_i64()
            .or_else(|| self.params.int("reply_to_message_id"));
        let Some(id) = wanted.and_then(|id| MessageId::try_from(id).ok()) else {
            return Ok(None);
        };
        if self.visible(place, id).is_some() {
            return Ok(Some(id));
        }
        let lenient = parameters["allow_sending_without_reply"] == true
            || self.params.flag("allow_sending_without_reply");
        if lenient {
            Ok(None)
        } else {
            Err(ApiError::bad_request("message to be replied not found"))
        }
    }

    /// The account that `user_id` names.
    pub(super) fn account(&self) -> Result<Account, ApiError> {
        let id = self
            .params
            .int("user_id")
            .and_then(|id| u64::try_from(id).ok())
            .ok_or_else(|| ApiError::bad_request("invalid user_id specified"))?;
        if self.world.bots.contains_key(&BotId(id)) {
            Ok(Account::Bot(BotId(id)))
        } else if self.world.people.contains_key(&PersonId(id)) {
            Ok(Account::Person(PersonId(id)))
        } else {
            Err(ApiError::bad_request("user not found"))
        }
    }
}

fn check_group(world: &World, bot: BotId, id: i64) -> Result<(), ApiError> {
    let Some(group) = world.group(id) else {
        return Err(ApiError::bad_request("chat not found"));
    };
    if let Some(to) = group.migrated_to {
        return Err(ApiError::migrated(to));
    }
    match group.role(Account::Bot(bot)) {
        Role::Kicked => Err(ApiError::forbidden(format!(
            "bot was kicked from the {} chat",
            group.kind()
        ))),
        Role::Left => Err(ApiError::forbidden(format!(
            "bot is not a member of the {} chat",
            group.kind()
        ))),
        _ => Ok(()),
    }
}
