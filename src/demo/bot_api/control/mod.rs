//! The side of the server that no bot sees.

mod look;
mod people;
mod setup;
mod trouble;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use thiserror::Error;

use super::{
    ids::{BotId, MessageId, PersonId, Place},
    message::{Answer, Message},
    shared::Shared,
    world::World,
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

/// Which button of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// By label: the whole of it, or the words after an emoji and before a detail.
    Label(String),
    /// By number in reading order, from 0.
    Index(usize),
}

impl From<&str> for Pick {
    fn from(label: &str) -> Self {
        Self::Label(label.to_owned())
    }
}

impl From<usize> for Pick {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Pick {
    /// Index of the button meant. A label that is not there as a whole must fit exactly one button.
    fn find(&self, message: &Message) -> Option<usize> {
        let labels: Vec<&str> = message.buttons().map(|b| b.text.as_str()).collect();
        match self {
            Self::Index(index) => (*index < labels.len()).then_some(*index),
            Self::Label(wanted) => labels.iter().position(|l| l == wanted).or_else(|| {
                let mut fitting = (0..labels.len()).filter(|n| fits(labels[*n], wanted));
                fitting.next().filter(|_| fitting.next().is_none())
            }),
        }
    }
}

fn fits(label: &str, wanted: &str) -> bool {
    let words = label.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = words.strip_prefix(wanted);
    rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// A button that was pressed; tells what the bot says to it.
#[derive(Debug, Clone)]
pub struct Press {
    query: String,
    shared: Arc<Shared>,
}

impl Press {
    /// The `callback_query.id`.
    pub fn id(&self) -> &str {
        &self.query
    }

    /// The answer, if there is one yet.
    pub fn answered(&self) -> Option<Answer> {
        self.shared.read(|world| self.answer_in(world))
    }

    /// Waits for the answer.
    ///
    /// # Errors
    /// There was none in time.
    pub async fn answer(&self, within: Duration) -> Result<Answer, ControlError> {
        let what = format!("an answer to press {}", self.query);
        look::wait(&self.shared, &what, within, |world| self.answer_in(world)).await
    }

    fn answer_in(&self, world: &World) -> Option<Answer> {
        world
            .queries()
            .rev()
            .find(|q| q.id == self.query)?
            .answer
            .clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_found_behind_its_emoji_and_before_its_detail() {
        assert!(fits("✅ Approve", "Approve"));
        assert!(fits("Approve (1 of 2)", "Approve"));
        assert!(!fits("Approved", "Approve"));
        assert!(!fits("Do not Approve", "Approve"));
        assert!(fits("✅ Одобрить · 1/2", "Одобрить"));
    }
}
