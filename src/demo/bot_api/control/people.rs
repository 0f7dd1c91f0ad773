//! What a person does in their app.

use bytes::Bytes;

use super::{
    super::{
        BotApi, detect,
        files::StoredFile,
        ids::{BotId, MessageId, PersonId, Place},
        message::{Body, Media, MediaKind, Sender},
        methods::{change, uploaded},
        model::{Account, Role},
        params::Upload,
        text::{MAX_CAPTION, MAX_TEXT, RichText},
        updates,
        world::{Draft, World},
    },
    ControlError,
};

/// A picture or a file on its way out of somebody's phone.
#[derive(Debug, Clone)]
pub struct Parcel {
    kind: MediaKind,
    upload: Upload,
    caption: RichText,
    album: Option<String>,
    reply_to: Option<MessageId>,
}

impl Parcel {
    /// A picture.
    pub fn photo(bytes: impl Into<Bytes>) -> Self {
        Self::new(MediaKind::Photo, None, bytes.into())
    }

    /// A film with its name.
    pub fn video(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(MediaKind::Video, Some(name.into()), bytes.into())
    }

    /// A file with its name.
    pub fn document(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self::new(MediaKind::Document, Some(name.into()), bytes.into())
    }

    /// One of several that were sent together: each is a message of its own, and all bear this id.
    #[must_use]
    pub fn album(mut self, id: impl Into<String>) -> Self {
        self.album = Some(id.into());
        self
    }

    /// It answers this message.
    #[must_use]
    pub fn answering(mut self, message: Option<MessageId>) -> Self {
        self.reply_to = message;
        self
    }

    /// Writes something below it.
    #[must_use]
    pub fn caption(mut self, caption: impl Into<String>) -> Self {
        self.caption = RichText::plain(caption);
        self
    }

    /// The same, formatted.
    #[must_use]
    pub fn rich_caption(mut self, mut caption: RichText) -> Self {
        caption.normalise();
        self.caption = caption;
        self
    }

    fn new(kind: MediaKind, name: Option<String>, bytes: Bytes) -> Self {
        let upload = Upload {
            name,
            mime: None,
            bytes,
        };
        Self {
            kind,
            upload,
            caption: RichText::default(),
            album: None,
            reply_to: None,
        }
    }
}

impl BotApi {
    /// Opens a bot and taps *Start*, which also lifts a block.
    ///
    /// # Errors
    /// There is no such person or bot.
    pub fn start_chat(&self, person: PersonId, bot: BotId) -> Result<MessageId, ControlError> {
        self.set_blocked(person, bot, false)?;
        self.send_text(person, Place::private(bot, person), "/start")
    }

    /// Writes a message.
    ///
    /// # Errors
    /// They are not in the chat, have blocked the bot, or the text is empty or too long.
    pub fn send_text(
        &self,
        person: PersonId,
        place: Place,
        text: &str,
    ) -> Result<MessageId, ControlError> {
        self.send(person, place, typed(text, MAX_TEXT)?, None)
    }

    /// Writes a formatted message, as the app's menu makes one.
    ///
    /// # Errors
    /// As with [`BotApi::send_text`].
    pub fn send_rich(
        &self,
        person: PersonId,
        place: Place,
        mut rich: RichText,
    ) -> Result<MessageId, ControlError> {
        rich.normalise();
        self.send(person, place, ready(rich, MAX_TEXT)?, None)
    }

    /// Writes an answer to a message.
    ///
    /// # Errors
    /// As with [`BotApi::send_text`], or the message is gone.
    pub fn reply(
        &self,
        person: PersonId,
        place: Place,
        to: MessageId,
        text: &str,
    ) -> Result<MessageId, ControlError> {
        self.send(person, place, typed(text, MAX_TEXT)?, Some(to))
    }

    /// Sends a picture or a file.
    ///
    /// # Errors
    /// As with [`BotApi::send_text`], or Telegram does not take the file.
    pub fn send_file(
        &self,
        person: PersonId,
        place: Place,
        parcel: Parcel,
    ) -> Result<MessageId, ControlError> {
        let Parcel {
            kind,
            upload,
            caption,
            album,
            reply_to,
        } = parcel;
        let media = uploaded(kind, &upload).map_err(|e| ControlError::Refused(e.description))?;
        let text = if caption.text.is_empty() {
            RichText::default()
        } else {
            ready(caption, MAX_CAPTION)?
        };
        let stored = StoredFile {
            bytes: upload.bytes,
            mime: media.mime.clone(),
            name: upload.name,
        };
        self.shared.change(|world| {
            may_see(world, person, place)?;
            let media = Some(Media {
                file: world.store(stored),
                album,
                ..media
            });
            send(
                world,
                person,
                place,
                Body {
                    text,
                    media,
                    keyboard: None,
                },
                reply_to,
            )
        })
    }

    /// Changes the text of their own message.
    ///
    /// # Errors
    /// It is not theirs, or gone, or the text is empty or too long.
    pub fn edit_text(
        &self,
        person: PersonId,
        place: Place,
        id: MessageId,
        text: &str,
    ) -> Result<(), ControlError> {
        let text = typed(text, MAX_TEXT)?;
        self.shared.change(|world| {
            let (now, revision) = (world.clock.unix(), world.revision);
            let message = world
                .message_mut(place, id)
                .filter(|m| !m.deleted)
                .ok_or(ControlError::NoSuchMessage { place, message: id })?;
            if message.author() != Some(person) {
                return Err(ControlError::NotTheirs(id));
            }
            let body = Body {
                text,
                ..message.body.clone()
            };
            change(message, body, now, revision);
            updates::message(world, place, id, "edited_message");
            Ok(())
        })
    }

    /// Blocks a bot, or lifts the block. The bot hears of it.
    ///
    /// # Errors
    /// There is no such person or bot.
    pub fn set_blocked(
        &self,
        person: PersonId,
        bot: BotId,
        blocked: bool,
    ) -> Result<(), ControlError> {
        self.shared.change(|world| {
            let place = Place::private(bot, person);
            check(world, person, place)?;
            let known = world.known.entry((bot, person)).or_default();
            if known.blocked != blocked {
                known.blocked = blocked;
                let (in_, out) = (Role::Member, Role::Kicked);
                let roles = if blocked { (in_, out) } else { (out, in_) };
                updates::standing(world, bot, place, Account::Person(person), roles);
            }
            Ok(())
        })
    }

    /// Deletes a person's account.
    ///
    /// # Errors
    /// There is no such person.
    pub fn deactivate(&self, person: PersonId) -> Result<(), ControlError> {
        self.shared.change(|world| {
            let account = world
                .people
                .get_mut(&person)
                .ok_or(ControlError::NoSuchPerson(person.0))?;
            account.deactivated = true;
            Ok(())
        })
    }

    fn send(
        &self,
        person: PersonId,
        place: Place,
        text: RichText,
        reply_to: Option<MessageId>,
    ) -> Result<MessageId, ControlError> {
        let body = Body {
            text,
            media: None,
            keyboard: None,
        };
        self.shared.change(|world| {
            may_see(world, person, place)?;
            send(world, person, place, body, reply_to)
        })
    }
}

/// A text as the app sends it: trimmed, with commands and addresses found.
fn typed(text: &str, max: usize) -> Result<RichText, ControlError> {
    ready(RichText::plain(text), max)
}

fn ready(rich: RichText, max: usize) -> Result<RichText, ControlError> {
    let mut rich = rich.trimmed();
    if rich.text.is_empty() {
        return Err(ControlError::Refused("the text is empty".into()));
    }
    if rich.units() > max {
        return Err(ControlError::Refused("the text is too long".into()));
    }
    detect::add_found(&mut rich);
    Ok(rich)
}

fn send(
    world: &mut World,
    person: PersonId,
    place: Place,
    body: Body,
    reply_to: Option<MessageId>,
) -> Result<MessageId, ControlError> {
    if let Some(message) = reply_to
        && world.message(place, message).is_none_or(|m| m.deleted)
    {
        return Err(ControlError::NoSuchMessage { place, message });
    }
    let sender = match place {
        Place::Private { bot, .. } => {
            if world.acquaintance(bot, person).blocked {
                return Err(ControlError::Blocked { person, bot });
            }
            world.known.entry((bot, person)).or_default().started = true;
            Sender::Person(person)
        }
        Place::Group(id) => match world.group(id).map(|g| g.role(Account::Person(person))) {
            Some(Role::Anonymous) => Sender::Anonymous(person),
            _ => Sender::Person(person),
        },
    };
    let id = world.post(
        place,
        Draft {
            reply_to,
            ..Draft::new(sender, body)
        },
    );
    updates::message(world, place, id, "message");
    Ok(id)
}

pub(super) fn may_see(world: &World, person: PersonId, place: Place) -> Result<(), ControlError> {
    check(world, person, place)?;
    let gone = matches!(place, Place::Group(id) if world.group(id).is_some_and(|g| g.migrated_to.is_some()));
    if world.is_in(place, Account::Person(person)) && !gone {
        Ok(())
    } else {
        Err(ControlError::NotInChat { person, place })
    }
}

fn check(world: &World, person: PersonId, place: Place) -> Result<(), ControlError> {
    if world.person(person).is_none() {
        return Err(ControlError::NoSuchPerson(person.0));
    }
    match place {
        Place::Private { bot, .. } if world.bot(bot).is_none() => {
            Err(ControlError::NoSuchBot(bot.0))
        }
        Place::Group(id) if world.group(id).is_none() => Err(ControlError::NoSuchChat(place)),
        _ => Ok(()),
    }
}
