//! What a message or a press does. A handler calls one verb and shows its answer; it performs
//! nothing.

mod answers;
mod cases;
mod checklist;
mod chores;
mod code;
mod commands;
mod contacts;
mod drill;
mod glass;
mod notices;
mod payments;
mod presses;
mod refusals;
mod texts;
mod trends;

pub use commands::command;
pub use notices::material;
pub use presses::press;
pub use refusals::{anonymous, stranger};
pub use texts::text;

use super::chat::Chat;
use super::dialogue::{Dialogue, Heard};
use super::keyboard;
use super::render::{Card, View, menu};
use crate::domain::operator::Actor;
use crate::i18n::Locale;
use crate::ops::OpsError;
use crate::ports::journal::{StateError, StateResult};
use teloxide::types::Message;

/// A message of a person, as handlers need it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who.
    pub actor: Actor,
    /// Where.
    pub chat: i64,
    /// Which message.
    pub message: i32,
    /// Whether nobody else reads it.
    pub private: bool,
    /// The message of this bot that it answers, if it answers one.
    pub answers: Option<i32>,
}

impl Asked {
    /// From a message of this person.
    #[must_use]
    pub fn new(message: &Message, actor: Actor, me: u64) -> Self {
        let replied = message.reply_to_message();
        let of_us = |replied: &Message| replied.from.as_ref().is_some_and(|from| from.id.0 == me);
        Self {
            actor,
            chat: message.chat.id.0,
            message: message.id.0,
            private: message.chat.is_private(),
            answers: replied.filter(|it| of_us(it)).map(|it| it.id.0),
        }
    }
}

/// Whether somebody else wrote it: it was forwarded, or another bot made it.
pub(super) fn is_of_others(message: &Message) -> bool {
    message.forward_origin().is_some() || message.via_bot.is_some()
}

/// What a handler gives: only the own state can fail it, everything else is told to the person.
pub type Handled = StateResult<()>;

/// Why a verb did nothing, in plain words for a message or a pop-up.
pub(super) fn explain(view: &View<'_>, error: &OpsError) -> String {
    if let OpsError::State(cause) = error {
        tracing::error!(cause, "the own state failed a handler");
    }
    view.i18n.plain(view.locale, &error.key(), &error.args())
}

/// The same as a message.
pub(super) fn refusal(view: &View<'_>, error: &OpsError) -> Card {
    menu::text(
        view,
        view.i18n.html(view.locale, &error.key(), &error.args()),
    )
}

/// Answers a message; in a group so that everybody sees which one.
pub(super) async fn reply(chat: &Chat, asked: &Asked, card: &Card) -> Handled {
    let mut message = keyboard::outgoing(chat.people.as_ref(), asked.chat, card).await?;
    message.reply_to = (!asked.private).then_some(asked.message);
    chat.post(asked.chat, &message).await.map(drop)
}

/// The same, where what was written could not be taken and the question stays open: whoever answers
/// this message answers the question.
pub(super) async fn ask_again(
    chat: &Chat,
    asked: &Asked,
    (dialogue, card): (&Dialogue, &Card),
) -> Handled {
    let mut message = keyboard::outgoing(chat.people.as_ref(), asked.chat, card).await?;
    message.reply_to = (!asked.private).then_some(asked.message);
    let sent = chat.post(asked.chat, &message).await?;
    chat.asks((asked.chat, &asked.actor), dialogue, sent).await
}

/// Says why something that was typed belongs to no question.
pub(super) async fn not_heard(chat: &Chat, asked: &Asked, heard: &Heard) -> Handled {
    let view = chat.view(locale(chat, asked).await?);
    let key = match heard {
        Heard::Late => "dialogue-late",
        _ => "dialogue-elsewhere",
    };
    reply(chat, asked, &menu::text(&view, view.say(key))).await
}

/// The language of an answer in this chat.
pub(super) async fn locale(chat: &Chat, asked: &Asked) -> StateResult<Locale> {
    chat.language_in(asked.chat).await
}

/// What went wrong with the own state, out of a verb's error.
pub(super) fn state(error: OpsError) -> StateError {
    StateError::Unavailable(error.to_string())
}
