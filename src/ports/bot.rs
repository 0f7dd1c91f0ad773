//! REI Bot's side of Telegram. Sending only: reading its updates would break REI itself.

use super::PortResult;
use crate::domain::campaign::delivery::Gone;
use crate::domain::campaign::message::{Message, Notice};
use async_trait::async_trait;
use std::time::Duration;

/// A bot's webhook, as `getWebhookInfo` tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Webhook {
    /// Whether there is one.
    pub is_set: bool,
    /// Updates that wait.
    pub pending: u64,
    /// What went wrong when Telegram last tried, if it did within the last hour.
    pub last_error: Option<String>,
}

/// REI's own token.
#[async_trait]
pub trait ReiBot: Send + Sync {
    /// The user name behind the token. Repeatable.
    async fn username(&self) -> PortResult<String>;

    /// How its webhook does. Reading only.
    async fn webhook(&self) -> PortResult<Webhook>;

    /// Sends a text to a person who once started REI Bot. Not repeatable: an answer that was lost is
    /// an error with `unknown` set; where Telegram asks to come later, `transient` is set and the
    /// argument `retry_after` says when.
    async fn send(&self, person: i64, text: &str) -> PortResult<()>;
}

/// One thing to do in one person's chat, under REI's token.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel<'a> {
    /// The chat: a person's id, or its new one.
    pub chat: i64,
    /// What is done.
    pub errand: Errand<'a>,
    /// Beyond the free rate, for Telegram Stars (Bot API, `allow_paid_broadcast`).
    pub paid: bool,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Errand<'a> {
    /// A new message.
    Send(&'a Message),
    /// Another content for a message of REI's own.
    Correct(i32, &'a Message),
    /// A message of REI's own taken away.
    Delete(i32),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    /// Surely done: the message's number, and the chat's new id where it moved on the way.
    Done {
        /// The message.
        message: i32,
        /// Where the chat is now.
        moved: Option<i64>,
    },
    /// Surely not done: Telegram asks every use of this token to come back later. The pace has been
    /// slowed down already.
    Later(Duration),
    /// Surely not done, for good: nobody is there.
    Gone(Gone),
    /// Surely not done, for good; Telegram's words, without secrets.
    Refused(String),
    /// Surely not done: no connection came about. Telegram as a whole is likely out of reach.
    NotSent(String),
    /// It left, and the answer is not known.
    Unknown(String),
    /// Telegram does not take the token: nothing can be sent at all.
    TokenRefused,
}

/// The right to call Telegram once under REI's token. Dropped unused, it is lost, not saved up.
#[derive(Debug)]
#[must_use]
pub struct Turn(());

impl Turn {
    /// For the pace alone, which gives them out.
    pub fn given() -> Self {
        Self(())
    }
}

/// How fast REI's token is used at the moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaceNow {
    /// Calls a second that are allowed now; lower after Telegram asked to wait.
    pub per_second: f64,
    /// Telegram asked everybody to wait for so long yet.
    pub stalled: Option<Duration>,
}

/// Sends under REI's token, at one pace for every use of it.
#[async_trait]
pub trait Courier: Send + Sync {
    /// Waits for the next turn; evenly spaced, never in bursts. Cancel safe: who stops waiting takes
    /// nobody's turn. `paid` turns follow the paid rate.
    async fn turn(&self, media: bool, paid: bool) -> Turn;

    /// Does it, at most once, within a bounded time. A file goes up once and by its id afterwards.
    async fn deliver(&self, turn: Turn, parcel: Parcel<'_>) -> Delivered;

    /// The pace of this moment.
    fn pace(&self) -> PaceNow;
}

/// What REI Bot says in this program's name, in the reader's language.
#[async_trait]
pub trait Wording: Send + Sync {
    /// The text for this person.
    async fn test_message(&self, person: i64) -> String;

    /// A notice by its locale key, in every language.
    fn notice(&self, key: &str) -> Notice;
}
