//! The side of the server that no bot sees.

mod look;
mod people;
mod press;
mod setup;
mod trouble;

use std::{io, net::SocketAddr, time::Duration};

use thiserror::Error;

use super::ids::{BotId, MessageId, PersonId, Place};

pub use self::{
    people::Parcel,
    press::{Pick, Press},
};

/// Why something a person or a test wanted could not be.
#[derive(Debug, Error)]
pub enum ControlError {
    /// The port is taken, or the address is not this machine's.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// What was wanted.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// A token is `<number>:<secret>`.
    #[error("not a bot token: a number, a colon and a secret are expected")]
    Token,
    /// The number of the token, or the person's id, is taken.
    #[error("account {0} exists already")]
    Taken(u64),
    /// Nobody has this id.
    #[error("nobody has the id {0}")]
    NoSuchPerson(u64),
    /// No bot has this id.
    #[error("no bot has the id {0}")]
    NoSuchBot(u64),
    /// No such chat.
    #[error("there is no chat {0}")]
    NoSuchChat(Place),
    /// The person is not in the chat.
    #[error("{person:?} is not in chat {place}")]
    NotInChat {
        /// Who.
        person: PersonId,
        /// Where.
        place: Place,
    },
    /// The person blocked the bot, so their app offers only *Restart*.
    #[error("{person:?} has blocked {bot:?}")]
    Blocked {
        /// Who.
        person: PersonId,
        /// Whom.
        bot: BotId,
    },
    /// No such message on the screen.
    #[error("there is no message #{message} in chat {place}")]
    NoSuchMessage {
        /// Where.
        place: Place,
        /// Which.
        message: MessageId,
    },
    /// Only one's own messages can be edited.
    #[error("message #{0} is not theirs")]
    NotTheirs(MessageId),
    /// No button of the message fits.
    #[error("message #{message} has no button {wanted:?}; it has {found:?}")]
    NoSuchButton {
        /// Which message.
        message: MessageId,
        /// What was looked for.
        wanted: Pick,
        /// The labels it has.
        found: Vec<String>,
    },
    /// The button opens an address or copies a text; no bot hears of it.
    #[error("the button {0:?} sends nothing to the bot")]
    NotForTheBot(String),
    /// Telegram takes no such message.
    #[error("Telegram refuses: {0}")]
    Refused(String),
    /// A wait was in vain.
    #[error("waited {within:?} in vain for {what}\n{seen}")]
    Waited {
        /// What for.
        what: String,
        /// How long.
        within: Duration,
        /// What there was instead.
        seen: String,
    },
}
