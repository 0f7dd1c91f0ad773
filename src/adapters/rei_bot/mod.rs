//! REI's own bot: looking whether its token works, and sending under it. Never reading its updates:
//! that would take them from REI.
//!
//! Not through teloxide, which the admin bot uses: it drops an error's number, so that a refusal and a
//! breakdown could be told apart by their words only, it waits ten seconds before it passes an answer
//! 5xx on, and it knows neither `allow_paid_broadcast` nor a wait that holds for everybody.
//!
//! - [`http`](self) makes one call and says how it ended; `answer` reads Telegram's words.
//! - `requests` turns a message into a call; `uploads` keeps what a file is called afterwards.
//! - `pace` gives out the turns; every use of the token takes one.
//! - `delivery` is the courier, `questions` the rest.

mod answer;
mod delivery;
mod http;
mod pace;
mod questions;
mod requests;
mod uploads;

use crate::ports::bot::Turn;
use crate::ports::shelf::Shelf;
use answer::Answer;
use http::{Api, Call};
use pace::Pace;
use pace::schedule::Class;
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use uploads::Uploads;

/// Calls a second where nobody says how many: what Telegram allows, less what REI needs itself.
const RATE: u32 = 25;
/// Longest wait for another turn within one errand, and for the only turn of a test message. When
/// Telegram asks for more, the errand is put off.
const TURN: Duration = Duration::from_secs(30);

/// Why REI's bot cannot be spoken to at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBotApi {
    /// The address of the Bot API.
    #[error("`{0}` is not the address of a Bot API server")]
    Address(String),
    /// The token has no number.
    #[error("the token of REI's bot does not begin with the bot's number and a colon")]
    Token,
    /// The machine's TLS or name resolution.
    #[error("no HTTP client can be made: {0}")]
    Client(String),
}

/// REI's bot over the Bot API.
pub struct TelegramReiBot {
    api: Api,
    pace: Pace,
    /// Without it only texts go.
    uploads: Option<Uploads>,
}

/// Without the token.
impl fmt::Debug for TelegramReiBot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelegramReiBot")
            .field("api", &self.api)
            .field("pace", &self.pace.now())
            .finish_non_exhaustive()
    }
}

impl TelegramReiBot {
    /// `api_url` is the server's address without the token. Nothing is sent yet.
    ///
    /// # Errors
    /// The address or the token is none, or the HTTP client cannot be set up.
    pub fn new(token: &SecretString, api_url: &str) -> Result<Self, InvalidBotApi> {
        Ok(Self {
            api: Api::new(token, api_url)?,
            pace: Pace::new(RATE, false),
            uploads: None,
        })
    }

    /// At this many calls a second; beyond the free ones only `paid`, up to a thousand.
    #[must_use]
    pub fn with_rate(self, rate: u32, paid: bool) -> Self {
        Self {
            pace: Pace::new(rate, paid),
            ..self
        }
    }

    /// Takes the files of messages from this shelf.
    #[must_use]
    pub fn with_shelf(self, shelf: Arc<dyn Shelf>) -> Self {
        let uploads = Uploads::new(self.api.bot(), shelf);
        Self {
            uploads: Some(uploads),
            ..self
        }
    }

    /// One call that uses the token, within its turn. Nothing leaves while Telegram asked for silence:
    /// the turn may have been given out before it did.
    async fn spend(&self, turn: Turn, class: Class, call: Call) -> Answer {
        // One turn, one call.
        let Turn { .. } = turn;
        if let Some(left) = self.pace.stalled() {
            return Answer::Later(left);
        }
        let left = self.pace.leaves(class);
        let answer = self.api.call(call).await;
        self.pace.answered(class, left);
        if let Answer::Later(wait) = answer {
            self.pace.told_to_wait(class, wait, left);
            tracing::info!(?wait, ?class, "Telegram asks to wait");
        }
        answer
    }

    /// A turn within a bounded time; else how long it will take at least.
    async fn turn_within(&self, class: Class) -> Result<Turn, Duration> {
        if let Some(left) = self.pace.stalled().filter(|left| *left > TURN) {
            return Err(left);
        }
        let turn = tokio::time::timeout(TURN, self.pace.turn(class)).await;
        turn.map_err(|_| self.pace.stalled().unwrap_or(TURN))
    }
}
