//! The chat: who may command, what the buttons mean, how the team's group is kept informed.
//!
//! - [`serve`] runs both halves until it is told to stop: taking updates in (`polling`) and
//!   delivering what is owed (`pump`).
//! - `access` tells who it is, `schema` which handler it is for, `handlers` call one verb each.
//! - `render` makes messages from state, purely; `send` is the only caller of the Bot API.
//!
//! Nothing here decides about a recovery: that is `ops`. Nothing here can hold one up: what Telegram
//! does not take waits in the outbox.

mod access;
mod case;
mod chat;
mod commands;
mod dialogue;
mod door;
mod group;
mod handlers;
mod intent;
mod keyboard;
mod material;
mod migration;
mod notice;
mod pace;
mod paper;
mod polling;
mod pump;
pub mod render;
mod schema;
mod send;
mod wording;

pub use access::{Caller, of_message, of_user};
pub use chat::ChatSettings;
pub use group::{Account, GroupKind, GroupLook, Refusal, account, is_member, knows, look_at_group};
pub use keyboard::{Data, read as read_callback};
pub use wording::PeopleWording;

use crate::i18n::I18n;
use crate::ops::Ops;
use crate::ports::journal::Outbox;
use crate::ports::people::People;
use crate::ports::pulse::Line;
use chat::Chat;
use pace::Pace;
use pump::Pump;
use secrecy::{ExposeSecret, SecretString};
use send::Sender;
use std::sync::Arc;
use std::time::Duration;
use teloxide::Bot;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

/// What the chat is made of.
pub struct TelegramParts {
    /// The client; see [`client`].
    pub bot: Bot,
    /// The verbs.
    pub ops: Ops,
    /// Languages, dialogues, buttons.
    pub people: Arc<dyn People>,
    /// What waits to be delivered.
    pub outbox: Arc<dyn Outbox>,
    /// The texts, with the team's zone.
    pub i18n: Arc<I18n>,
    /// What is configured.
    pub settings: ChatSettings,
    /// Notified after each change of the state.
    pub changes: watch::Receiver<u64>,
    /// Where is told how the line to Telegram is.
    pub line: Arc<Line>,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be made: {0}")]
pub struct ClientError(String);

/// A client with limits on every call: five seconds to connect, seventeen in all, which is longer
/// than a request for updates stays open.
///
/// # Errors
/// TLS cannot be set up on this machine.
pub fn client(token: &SecretString, api: &Url) -> Result<Bot, ClientError> {
    let http = teloxide::net::default_reqwest_settings()
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(17))
        // It would take the token to another place.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| ClientError(error.without_url().to_string()))?;
    Ok(Bot::with_client(token.expose_secret(), http).set_api_url(api.clone()))
}

/// Runs the chat until it is told to stop. Telegram may be unreachable at the start, in between, and
/// at the end.
pub async fn serve(parts: TelegramParts, cancel: CancellationToken) {
    let bot = parts.bot.clone();
    let (chat, changes) = chat(parts);
    let pump = Pump::new(Arc::clone(&chat), changes).run(cancel.clone());
    let ops = chat.ops.clone();
    let expiry = ops.keep_notices(cancel.clone());
    tokio::join!(pump, expiry, polling::run(bot, chat, cancel));
}

/// Delivers what is owed until it is told to stop, and takes nothing in: for a console that works
/// while no `run` does.
pub async fn pump(parts: TelegramParts, cancel: CancellationToken) {
    let (chat, changes) = chat(parts);
    Pump::new(chat, changes).run(cancel).await;
}

/// Says something to the team's group past the outbox: for when the state takes no writes. Tells whether
/// it arrived.
pub async fn say_past_the_outbox(bot: &Bot, team: i64, html: &str) -> bool {
    let sender = Sender::new(bot.clone());
    let message = send::Outgoing {
        html: html.to_owned(),
        ..send::Outgoing::default()
    };
    let sent = match sender.send(team, &message).await {
        send::Sent::Migrated(team) => sender.send(team, &message).await,
        sent => sent,
    };
    matches!(sent, send::Sent::Delivered(_))
}

fn chat(parts: TelegramParts) -> (Arc<Chat>, watch::Receiver<u64>) {
    let TelegramParts {
        bot,
        ops,
        people,
        outbox,
        i18n,
        settings,
        changes,
        line,
    } = parts;
    let chat = Arc::new(Chat {
        ops,
        people,
        outbox,
        i18n,
        settings,
        sender: Sender::new(bot),
        pace: Pace::default(),
        line,
    });
    (chat, changes)
}
